use super::super::tests::{platform, shown};
use super::super::{Fault, evaluate, parse};
use super::*;
use crate::source::Sources;
use crate::span::{FileId, TextMap};
use crate::unit::Notation;
use expect_test::{Expect, expect};

/// The types of the platform that the tests of evaluation use.
fn scope() -> TypeScope {
    let record = |fields: Vec<(&str, Ty)>| Ty::record(fields.into_iter().map(|(name, type_)| (name.into(), type_)).collect());
    let this = record(vec![
        ("region", Ty::String),
        ("zones", Ty::list(Ty::String)),
        ("network", record(vec![("cidr", Ty::String)])),
        ("replicas", Ty::Int),
        ("empty", Ty::Dyn),
    ]);
    let services = record(vec![("cert-manager", Ty::map(Ty::String))]);
    let names = [("self", this), ("services", services), ("late", Ty::late(Ty::Dyn)), ("name", Ty::String)];
    TypeScope { names: names.into_iter().map(|(name, type_)| (name.into(), type_)).collect(), owners: Vec::new(), absent: Vec::new() }
}

fn run(text: &str) -> (Ty, Vec<Diagnostic>) {
    let map = TextMap::verbatim(FileId(0), 0, text.len());
    let mut diagnostics = Diagnostics::default();
    let type_ = super::check(&parse(text, &map).unwrap(), &scope(), &mut diagnostics);
    (type_, diagnostics.sorted(&Sources::default()))
}

fn check(text: &str, expected: Expect) {
    let (type_, found) = run(text);
    let lines: Vec<String> = found.iter().map(|diagnostic| shown(text, diagnostic)).collect();
    let found = if lines.is_empty() { format!("{type_:?}") } else { lines.join("\n") };
    expected.assert_eq(&found);
}

#[test]
fn types() {
    check("self.zones.map(zone, size(zone))", expect!["List(Int)"]);
    check("self.zones[0].split('-').first()", expect!["Optional(String)"]);
    check("has(self.x) ? self.network : {}", expect!["Dyn"]);
    check("self.replicas > 2 ? 'a' : self.region", expect!["String"]);
    check("late.endpoint[0].x", expect!["Late(Dyn)"]);
    check("[late.id].map(x, {'a': x})", expect!["List(Map(Late(Dyn)))"]);
    check("self.?network.?cidr.orValue('x') + 'y'", expect!["String"]);
    check("services.map(name, services[name].x)", expect!["List(Dyn)"]);
    check("services.transformMap(name, service, service.x.size())", expect!["Map(Int)"]);
    check("cel.bind(x, 1, x + 2)", expect!["Int"]);
    check("self.empty.x.y + 1", expect!["Int"]);
    check("[1, 'a'].map(x, x + 1)", expect!["List(Int)"]);
    check("['b', 'a'].sort()[0].upperAscii()", expect!["String"]);
}

#[test]
fn all_mistakes_at_once() {
    check(
        "slef.region + self.regoin + self.replicas.trimm()",
        expect![[r#"
        unknown-name: there is no `slef` here
          "slef" unknown name
          = did you mean `self`?
          -> self
        unknown-field: `self` has no field `regoin`
          "regoin" unknown field
          = did you mean `region`?
          -> region
        unknown-function: there is no function `trimm`
          "trimm" unknown function
          = did you mean `trim`?
          -> trim"#]],
    );
    check(
        "services.cert-manager.x + self.y",
        expect![[r#"
        unknown-field: `services` has no field `cert`
          "cert" unknown field
          = a dash is a minus; write `services["cert-manager"].x`
          -> services["cert-manager"].x"#]],
    );
    check(
        "self.zones.all(zone, zone + 1 == 2 && zone.size() == 'a'.foo())",
        expect![[r#"
        wrong-operands: `+` does not go with a string and an integer
          "+" 
          "zone" a string
          "1" an integer
          = convert with `string(…)`, or write text around the `${…}`
        unknown-function: there is no function `foo`
          "foo" unknown function
          = the functions are listed in the reference of expressions"#]],
    );
    check(
        "[self.a, {'b': self.b, self.replicas: 1, 1.5: 2}]",
        expect![[r#"
        unknown-field: `self` has no field `a`
          "a" unknown field
          = it has `region`, `zones`, `network`, `replicas`, `empty`
        unknown-field: `self` has no field `b`
          "b" unknown field
          = it has `region`, `zones`, `network`, `replicas`, `empty`
        wrong-operands: a number cannot be the key of a map
          "1.5" a number
          = keys are strings, integers or booleans"#]],
    );
}

#[test]
fn silent_in_doubt() {
    for text in [
        "self.empty + 1",
        "self.?missing.x.y.orValue(1)",
        "has(self.missing)",
        "[1, 'a'][0] + 1",
        "(self.replicas > 1 ? 1 : 'a') + 1",
        "{'a': 1, 'b': 'x'}.b.size()",
        "self[name]",
        "json.encode(self).size() > 1 && yaml.encode([late]) == ''",
        "self.empty.map(x, x.y + 1)",
        "self.empty.exists(k, v, k == v)",
        "1 == 'a'",
        "type(self) == map",
        "optional.of(self).region.orValue('x').size()",
        "self.zones.sortBy(zone, size(zone)).slice(0, 1)[0].trim()",
        "[1, 2].map(x, x % 2 == 0 ? x : -x).sum() > 1.5",
        "dyn(1) + 'a'",
        "merge(self, {'x': 1}).x + 1",
        "if(true, self.empty, 1) + 1",
    ] {
        let (_, found) = run(text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn says_what_evaluation_says() {
    for text in [
        "slef.region",
        "self.regoin",
        "self[\"regoin\"]",
        "services.cert-manager",
        "services.cert-manager.namespace",
        "my-name",
        "self.region.trimm()",
        "math.lest(1, 2)",
        "trim(self.region)",
        "self.zones.first",
        "self.region + self.replicas",
        "1 + 1u + 2",
        "self.replicas && true",
        "!self.region",
        "self.replicas ? 1 : 2",
        "self.region.substring('a')",
        "self.region.substring()",
        "size(1)",
        "self.replicas.trim()",
        "-self.region",
        "'a' in 'abc'",
        "self.replicas.name",
        "self.zones['a']",
        "self.region[0]",
        "{1.5: 2}",
        "{'a': 1, 'a': 2}",
        "[?1]",
        "self.replicas.map(x, x)",
        "self.zones.all(zone, zone)",
        "self.zones.transformMapEntry(i, zone, zone)",
        "self.replicas.optMap(x, x)",
        "self.?region.optFlatMap(x, x)",
        "self.region < self.replicas",
        "self.zones < self.zones",
        "late.id.substring(1)",
        "late.id.trim().size()",
        "string(late.id).trim() < 'a'",
        "late.id.trim() + 1",
        "late.id.trim() ? 1 : 2",
        "late.id.trim() && true",
        "!late.id.trim()",
        "-late.id.trim()",
        "late.id.split(',').sortBy(x, x)",
        "late.id.split(',').transformMap(i, x, x)",
        "[1][late.id.trim()]",
        "late.?x",
        "has(late.x)",
    ] {
        let map = TextMap::verbatim(FileId(0), 0, text.len());
        let Err(Fault::Diagnostic(evaluated)) = evaluate(&parse(text, &map).unwrap(), &platform()) else {
            panic!("{text} does not fail");
        };
        let (_, checked) = run(text);
        let keys = |diagnostic: &Diagnostic| {
            (diagnostic.code, diagnostic.message.clone(), diagnostic.primary.as_ref().map(|label| label.span), diagnostic.hint.clone())
        };
        assert_eq!(checked.iter().map(keys).collect::<Vec<_>>(), vec![keys(&evaluated)], "{text}");
    }
}

#[test]
fn templates() {
    let check = |text: &str, target: Target, expected: Expect| {
        let map = TextMap::verbatim(FileId(0), 0, text.len());
        let mut diagnostics = Diagnostics::default();
        let type_ = Template::parse(text, &map).unwrap().unwrap().check(&scope(), target, &mut diagnostics);
        let lines: Vec<String> = diagnostics.sorted(&Sources::default()).iter().map(|found| shown(text, found)).collect();
        expected.assert_eq(&format!("{type_:?}\n{}", lines.join("\n")));
    };
    check(
        "${self.zones}",
        Target::Plain,
        expect![[r#"
        List(String)
    "#]],
    );
    check(
        "a ${self.zones} ${self.replicas} ${late.x} ${self.x}",
        Target::Plain,
        expect![[r#"
        Late(String)
        not-text: a list cannot be part of a text
          "self.zones" a list
          = join its items with `.join(", ")`, encode it with `json.encode(…)`, or let the expression be the whole value
        unknown-field: `self` has no field `x`
          "x" unknown field
          = it has `region`, `zones`, `network`, `replicas`, `empty`"#]],
    );
    check(
        "a ${late.x}",
        Target::Terraform,
        expect![[r#"
        Late(String)
    "#]],
    );
    check(
        "a $${x} ${name}",
        Target::Terraform,
        expect![[r#"
        Late(String)
    "#]],
    );
}

/// What is known before anything is evaluated of values in notations, and what is refused then.
#[test]
fn notations() {
    let typed = |text: &str| {
        let map = TextMap::verbatim(FileId(0), 0, text.len());
        let notations = [Notation::Quantity, Notation::Duration, Notation::Semver, Notation::Cidr];
        let mut names: Vec<(Arc<str>, Ty)> = notations.map(|notation| (notation.word().into(), Ty::In(notation))).into();
        names.push(("versions".into(), Ty::list(Ty::In(Notation::Semver))));
        let mut diagnostics = Diagnostics::default();
        let type_ =
            super::check(&parse(text, &map).unwrap(), &TypeScope { names, owners: Vec::new(), absent: Vec::new() }, &mut diagnostics);
        let found: Vec<String> = diagnostics.sorted(&Sources::default()).iter().map(|found| shown(text, found)).collect();
        if found.is_empty() { format!("{type_:?}") } else { found.join("\n") }
    };
    for (text, type_) in [
        ("quantity <= '16Gi' && quantity < 2 && 0.5 == quantity && quantity != null", "Bool"),
        ("duration + duration('30s')", "In(Duration)"),
        ("true ? semver : semver", "In(Semver)"),
        ("true ? semver : '1.0.0'", "Dyn"),
        ("versions.map(v, v.minor())", "List(Int)"),
        ("versions.filter(v, v > '1.0.0')", "List(In(Semver))"),
        ("versions.max()", "In(Semver)"),
        ("'1.0.0' in versions && semver in ['1.0.0'] && semver in {semver: 1}", "Bool"),
        ("{semver: 1}[semver]", "Int"),
        ("optional.of(cidr).orValue(cidr)", "In(Cidr)"),
        ("sha256(semver) + dns.label(semver, 20) + string(quantity)", "String"),
        ("cidr.subnet(cidr, 8, 1)", "String"),
    ] {
        assert_eq!(typed(text), type_, "{text}");
    }
    for (text, message) in [
        ("semver >= '1.33'", "bad-argument: `\"1.33\"` is compared with a version, and is none: a version has three numbers"),
        ("'latest' == semver", "bad-argument: `\"latest\"` is compared with a version"),
        ("'latest' in versions", "bad-argument: `\"latest\"` is compared with a version"),
        ("quantity in ['1Gi', 'x']", "bad-argument: `\"x\"` is compared with a quantity"),
        ("quantity == duration", "wrong-operands: `==` compares a quantity with a duration"),
        ("quantity in versions", "wrong-operands: `in` compares a quantity with a version"),
        ("duration < 5", "wrong-operands: `<` does not go with a duration and an integer"),
        ("cidr < cidr", "wrong-operands: `<` does not go with a CIDR block and a CIDR block"),
        ("duration - '30s'", "wrong-operands: `-` does not go with a duration and a string"),
        ("semver.split('.')", "wrong-operands: a version has no `split`"),
        ("size(semver)", "wrong-operands: `size` does not take a version"),
        ("int(quantity)", "wrong-operands: `int` does not take a quantity"),
    ] {
        let found = typed(text);
        assert!(found.starts_with(message), "{text}: {found}");
    }
}
