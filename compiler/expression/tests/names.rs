//! Names and fields: those that are unknown, those that may be missing, and those that are read.

use super::*;

#[test]
fn unknown_names() {
    check(
        "slef.region",
        expect![[r#"
        unknown-name: there is no `slef` here
          "slef" unknown name
          = did you mean `self`?
          -> self"#]],
    );
    check(
        "self.regoin",
        expect![[r#"
        unknown-field: `self` has no field `regoin`
          "regoin" unknown field
          = did you mean `region`?
          -> region"#]],
    );
    check(
        "self.network.size.x",
        expect![[r#"
        unknown-field: `self.network` has no field `size`
          "size" unknown field
          = it has `cidr`"#]],
    );
    check(
        "[1].map(zone, zones)",
        expect![[r#"
        unknown-name: there is no `zones` here
          "zones" unknown name
          = did you mean `zone`?
          -> zone"#]],
    );
    check(
        "services.cert-manager",
        expect![[r#"
        unknown-field: `services` has no field `cert`
          "cert" unknown field
          = a dash is a minus; write `services["cert-manager"]`
          -> services["cert-manager"]"#]],
    );
    check(
        "services.cert-manager.namespace",
        expect![[r#"
        unknown-field: `services` has no field `cert`
          "cert" unknown field
          = a dash is a minus; write `services["cert-manager"].namespace`
          -> services["cert-manager"].namespace"#]],
    );
    check("services[\"cert-manager\"].namespace + services.`cert-manager`.namespace", expect!["certscerts"]);
    check(
        "my-name",
        expect![[r#"
        unknown-name: there is no `my` here
          "my" unknown name
          = a dash is a minus; names in expressions have none"#]],
    );
    check(
        "services - manager",
        expect![[r#"
        unknown-name: there is no `manager` here
          "manager" unknown name
          = names in scope are `self`, `services`, `late`, `name`; text stands in quotes"#]],
    );
    check(
        "self.region.trimm()",
        expect![[r#"
        unknown-function: there is no function `trimm`
          "trimm" unknown function
          = did you mean `trim`?
          -> trim"#]],
    );
    check(
        "math.lest(1, 2)",
        expect![[r#"
        unknown-function: there is no function `math.lest`
          "math.lest" unknown function
          = did you mean `math.least`?
          -> math.least"#]],
    );
    check(
        "trim(self.region)",
        expect![[r#"
        wrong-arguments: `trim` is not called like this
          "trim" called in another way
          = write `string.trim()`"#]],
    );
    check(
        "{'b': 1}.a",
        expect![[r#"
        no-such-key: this map has no key `a`
          "a" not in the map
          note: `.?key.orValue(other)` gives another value where the key is missing, and `has(map.key)` tells whether it is there
          = it has `b`"#]],
    );
    check(
        "self.zones[2]",
        expect![[r#"
        no-such-key: `self.zones` has no item 2
          "2" the list has 2 items, counted from 0
          = `[?index].orValue(other)` gives another value where the item is missing"#]],
    );
    check(
        "self.zones.first",
        expect![[r#"
        wrong-operands: a list has no fields, so there is no `first`
          "first" no such field
          "self.zones" a list: `[…] (2 items)`
          = it is a function: write `.first()`"#]],
    );
    check("broken.x || true", expect!["true"]);
    check("broken.x", expect!["reported"]);
}

#[test]
fn fields_that_may_be_missing() {
    check("[has(self.region), has(self.x), has(self.network.x), has(services[\"cert-manager\"])]", expect!["[true, false, false, true]"]);
    check("self.?network.?size.orValue(4)", expect!["4"]);
    check("self.?x.y.z.orValue(4)", expect!["4"]);
    check("self.zones[?1]", expect![[r#"optional "eu-west-1b""#]]);
    check(
        "self.region.?x",
        expect![[r#"
        wrong-operands: a string has no fields, so there is no `x`
          "x" no such field
          "self.region" a string: `"eu-west-1"`"#]],
    );
    check(
        "optional.none().value()",
        expect![[r#"
        no-such-key: this optional value is none
          "optional.none().value()" `value()` needs a value
          = `.orValue(other)` gives another value instead"#]],
    );
    check("['region' in self, 'x' in self, 'eu-west-1a' in self.zones, size(self)]", expect!["[true, false, true, 5]"]);
}

#[test]
fn references() {
    let check = |text: &str, expected: Expect| {
        let map = TextMap::verbatim(FileId(0), 0, text.len());
        let expr = parse(text, &map).unwrap();
        let lines: Vec<String> = expr
            .references()
            .iter()
            .map(|reference| {
                let steps = crate::path::Path::from(reference.steps.clone());
                format!("{steps} {:?}", &text[reference.span.start as usize..reference.span.end as usize])
            })
            .collect();
        expected.assert_eq(&lines.join("\n"));
    };
    check(
        "services[\"cert-manager\"].values.a + clusters.gc0.name",
        expect![[r#"
            services.cert-manager.values.a "services[\"cert-manager\"].values.a"
            clusters.gc0.name "clusters.gc0.name""#]],
    );
    check(
        "self.zones.map(zone, zone + other.x[index.zone].y)",
        expect![[r#"
            self.zones "self.zones"
            other.x "other.x"
            index.zone "index.zone""#]],
    );
    check(
        "cel.bind(x, a.b, x.c + d) ? has(e.f) : [g[0].h, {i: j.?k}]",
        expect![[r#"
            a.b "a.b"
            d "d"
            e.f "e.f"
            g[0].h "g[0].h"
            i "i"
            j.k "j.?k""#]],
    );
    check(
        "x.exists(x, x == .x) && cidr.subnet(self.cidr, 1, n)",
        expect![[r#"
            x "x"
            x ".x"
            self.cidr "self.cidr"
            n "n""#]],
    );
    let map = TextMap::verbatim(FileId(0), 0, 100);
    assert_eq!(parse("a.b[0][\"c\"]", &map).unwrap().path().unwrap().len(), 4);
    assert_eq!(parse("a.b[i]", &map).unwrap().path(), None);
}
