//! Values of another type, and values beyond what markers allow.

use super::*;

#[test]
fn wrong_types() {
    check(
        "size: {min: '2', max: 3}",
        expect![[r#"
            wrong-type: `size.min` must be an integer, found the string "2"
              ^ a.yaml:2:13 `'2'` remove the quotes
              - std/nodePool/eks.yaml:4:10 `integer | default=1 minimum=0 aliases=[m` declared as `integer`
              path: apps.clusters.gc0.nodePools.a.size.min
              edit: `'2'` to `2`
        "#]],
    );
    check(
        "size: {max: 3.0}",
        expect![[r#"
            wrong-type: `size.max` must be an integer, found the number 3
              ^ a.yaml:2:13 `3.0` write 3
              - std/nodePool/eks.yaml:5:10 `integer | required=true minimum=1 maximu` declared as `integer`
              path: apps.clusters.gc0.nodePools.a.size.max
              edit: `3.0` to `3`
        "#]],
    );
    check(
        "version: 1.33",
        expect![[r#"
            wrong-type: `version` must be a string, found the number 1.33
              ^ a.yaml:2:10 `1.33` put it in quotes
              - std/nodePool/eks.yaml:6:12 `string | pattern="^1[.][0-9]+$" examples` declared as `string`
              path: apps.clusters.gc0.nodePools.a.version
              edit: `1.33` to `"1.33"`
        "#]],
    );
    check(
        "zones: a",
        expect![[r#"
            wrong-type: `zones` must be a list, found the string "a"
              ^ a.yaml:2:8 `a` put it in brackets
              - std/nodePool/eks.yaml:11:10 `'[]string'` declared as `[]string`
              path: apps.clusters.gc0.nodePools.a.zones
              edit: `a` to `[a]`
        "#]],
    );
    check(
        "disk: {encrypted: 'yes'}",
        expect![[r#"
            wrong-type: `disk.encrypted` must be true or false, found the string "yes"
              ^ a.yaml:2:19 `'yes'` write true
              - std/nodePool/eks.yaml:13:16 `boolean` declared as `boolean`
              path: apps.clusters.gc0.nodePools.a.disk.encrypted
              edit: `'yes'` to `true`
        "#]],
    );
    check(
        "disk: 3",
        expect![[r#"
            wrong-type: `disk` must be a map, found the integer 3
              ^ a.yaml:2:7 `3` expected a map
              - std/nodePool/eks.yaml:12:3 `disk` declared as `map`
              path: apps.clusters.gc0.nodePools.a.disk
        "#]],
    );
    check(
        "zones: [a, {b: c}]",
        expect![[r#"
            wrong-type: `zones[1]` must be a string, found a map
              ^ a.yaml:2:12 `{b: c}` expected a string
              - std/nodePool/eks.yaml:11:11 `[]string` declared as `string`
              path: apps.clusters.gc0.nodePools.a.zones[1]
        "#]],
    );
    check(
        "labels: {a.b/c: 1}",
        expect![[r#"
            wrong-type: `labels["a.b/c"]` must be a string, found the integer 1
              ^ a.yaml:2:17 `1` put it in quotes
              - std/nodePool/eks.yaml:10:11 `map[string]string` declared as `string`
              path: apps.clusters.gc0.nodePools.a.labels["a.b/c"]
              edit: `1` to `"1"`
        "#]],
    );
    check_toml(
        "size.max = '3'",
        expect![[r#"
            wrong-type: `size.max` must be an integer, found the string "3"
              ^ a.toml:2:12 `'3'` remove the quotes
              - std/nodePool/eks.yaml:5:10 `integer | required=true minimum=1 maximu` declared as `integer`
              path: apps.clusters.gc0.nodePools.a.size.max
              edit: `'3'` to `3`
        "#]],
    );
}

#[test]
fn missing_fields() {
    check(
        "size: {}",
        expect![[r#"
        missing-field: `size` needs the field `max`
          ^ a.yaml:2:1 `size` `max` is not set
          - std/nodePool/eks.yaml:5:29 `true` required by class `nodePool/eks`
          path: apps.clusters.gc0.nodePools.a.size.max
          hint: add `max: 1`
    "#]],
    );
    expect![[r#"
        missing-field: node pool needs the field `instanceTypes`
          ^ a.yaml:1:1 `z` `instanceTypes` is not set, here or in what it inherits
          - std/nodePool/eks.yaml:2:39 `true` required by class `nodePool/eks`
          path: apps.clusters.gc0.nodePools.a.instanceTypes
          note: `instanceTypes`: Types of machines.
          hint: add `instanceTypes: ["…"]`
    "#]]
    .assert_eq(&judged(POOL, "a.yaml", "zones: []\n", Mode::Complete));
    expect![[r#"
        missing-field: node pool needs the field `instanceTypes`
          ^ a.toml:1:1 `z` `instanceTypes` is not set, here or in what it inherits
          - std/nodePool/eks.yaml:2:39 `true` required by class `nodePool/eks`
          path: apps.clusters.gc0.nodePools.a.instanceTypes
          note: `instanceTypes`: Types of machines.
          hint: add `instanceTypes: ["…"]`
    "#]]
    .assert_eq(&judged(POOL, "a.toml", "zones = []\n", Mode::Complete));
    // One mistake, one report.
    expect![[r#"
        unknown-field: node pool has no field `instanceType`
          ^ a.yaml:1:1 `instanceType` not a field of class `nodePool/eks`
          path: apps.clusters.gc0.nodePools.a.instanceType
          hint: did you mean `instanceTypes`? (`[]string`, at least 1 item, no item twice)
          edit: `instanceType` to `instanceTypes`
    "#]]
    .assert_eq(&judged(POOL, "a.yaml", "instanceType: [a]\n", Mode::Complete));
}

#[test]
fn values_not_allowed() {
    check(
        "capacity: Spot",
        expect![[r#"
        value-not-allowed: `capacity` cannot be "Spot"
          ^ a.yaml:2:11 `Spot` did you mean `spot`?
          - std/nodePool/eks.yaml:7:45 `[on-demand, spot]` the values allowed
          path: apps.clusters.gc0.nodePools.a.capacity
          edit: `Spot` to `spot`
    "#]],
    );
    check(
        "capacity: cheap",
        expect![[r#"
        value-not-allowed: `capacity` cannot be "cheap"
          ^ a.yaml:2:11 `cheap` not one of the values allowed
          - std/nodePool/eks.yaml:7:45 `[on-demand, spot]` the values allowed
          path: apps.clusters.gc0.nodePools.a.capacity
          hint: use one of `on-demand`, `spot`
    "#]],
    );
}

#[test]
fn out_of_range() {
    check(
        "size: {min: -1, max: 2000}",
        expect![[r#"
            out-of-range: `size.min` must be at least 0, found -1
              ^ a.yaml:2:13 `-1` too little
              - std/nodePool/eks.yaml:4:38 `0` because of this `minimum`
              path: apps.clusters.gc0.nodePools.a.size.min
            out-of-range: `size.max` must be at most 1000, found 2000
              ^ a.yaml:2:22 `2000` too much
              - std/nodePool/eks.yaml:5:52 `1000` because of this `maximum`
              path: apps.clusters.gc0.nodePools.a.size.max
        "#]],
    );
    expect![[r#"
        out-of-range: `instanceTypes` must have at least 1 item, has 0
          ^ a.yaml:1:16 `[]` 0 items
          - std/nodePool/eks.yaml:2:53 `1` because of this `minItems`
          path: apps.clusters.gc0.nodePools.a.instanceTypes
    "#]]
    .assert_eq(&judged(POOL, "a.yaml", "instanceTypes: []\n", Mode::Complete));
    check(
        "password: abc",
        expect![[r#"
            out-of-range: `password` must have at least 8 characters, has 3
              ^ a.yaml:2:11 `abc` 3 characters
              - std/nodePool/eks.yaml:16:44 `8` because of this `minLength`
              path: apps.clusters.gc0.nodePools.a.password
        "#]],
    );
}

#[test]
fn patterns_and_formats() {
    check(
        "version: '2.0'",
        expect![[r#"
            pattern-mismatch: `version` cannot be "2.0"
              ^ a.yaml:2:10 `'2.0'` must match `^1[.][0-9]+$`
              - std/nodePool/eks.yaml:6:29 `"^1[.][0-9]+$"` because of this `pattern`
              path: apps.clusters.gc0.nodePools.a.version
              hint: write for example "1.33"
        "#]],
    );
    check(
        "memory: 2GB",
        expect![[r#"
            bad-format: `memory` must be a quantity, found the string "2GB"
              ^ a.yaml:2:9 `2GB` `GB` is not a unit of quantities; units are m, k, M, G, T, P and Ki, Mi, Gi, Ti, Pi
              - std/nodePool/eks.yaml:8:11 `quantity` declared as `quantity`
              path: apps.clusters.gc0.nodePools.a.memory
              hint: write `2G`
              edit: `2GB` to `2G`
        "#]],
    );
}

#[test]
fn duplicates() {
    expect![[r#"
        duplicate-item: `instanceTypes` has "a" twice
          ^ a.yaml:1:23 `a` again here
          - a.yaml:1:17 `a` first here
          - std/nodePool/eks.yaml:2:67 `true` because of this `uniqueItems`
          path: apps.clusters.gc0.nodePools.a.instanceTypes
          hint: remove one of the two
    "#]]
    .assert_eq(&judged(POOL, "a.yaml", "instanceTypes: [a, b, a]\n", Mode::Complete));
    check(
        "ports: [{name: a, port: 1}, {name: a, port: 2}, {port: 3}]",
        expect![[r#"
            duplicate-item: `ports` has two items whose `name` is "a"
              ^ a.yaml:2:36 `a` again here
              - a.yaml:2:16 `a` first here
              - std/nodePool/eks.yaml:15:29 `map` because of this `listType`
              path: apps.clusters.gc0.nodePools.a.ports
              hint: remove one of the two
            missing-field: `ports[2]` needs the field `name`
              ^ a.yaml:2:50 `port` `name` is not set
              - std/nodePool/eks.yaml:15:44 `name` items are told apart by this key
              path: apps.clusters.gc0.nodePools.a.ports[2].name
        "#]],
    );
}

#[test]
fn nulls() {
    check(
        "zones:",
        expect![[r#"
            null-not-allowed: `zones` cannot be null
              ^ a.yaml:2:1 `zones` nothing follows, which is null
              - std/nodePool/eks.yaml:11:10 `'[]string'` declared as `[]string`
              path: apps.clusters.gc0.nodePools.a.zones
              hint: to remove an inherited value write `zones-:`, otherwise write a list
        "#]],
    );
    check(
        "zones: [null]",
        expect![[r#"
            null-not-allowed: `zones[0]` cannot be null
              ^ a.yaml:2:9 `null` null
              - std/nodePool/eks.yaml:11:11 `[]string` declared as `string`
              path: apps.clusters.gc0.nodePools.a.zones[0]
              hint: write a string, or take it out
        "#]],
    );
    check(
        "zones: ~",
        expect![[r#"
            null-not-allowed: `zones` cannot be null
              ^ a.yaml:2:8 `~` null
              - std/nodePool/eks.yaml:11:10 `'[]string'` declared as `[]string`
              path: apps.clusters.gc0.nodePools.a.zones
              hint: to remove an inherited value write `zones-:`, otherwise write a list
        "#]],
    );
}

#[test]
fn deprecated() {
    check(
        "spot: true",
        expect![[r#"
        warning deprecated-field: the field `spot` is deprecated
          ^ a.yaml:2:1 `spot` set `capacity` to spot
          path: apps.clusters.gc0.nodePools.a.spot
    "#]],
    );
}

#[test]
fn values_allowed_are_looked_up_by_what_they_are() {
    let mut sources = Sources::default();
    let class = "schema:\n  text: { $type: string, $enum: [a, b] }\n  number: { $type: number, $enum: [1, 2.5] }\n  size: { $type: quantity, $enum: [1Gi] }\n";
    let type_ = compiled(&mut sources, "class.yaml", class);
    let checked = Checked {
        kind: "service",
        class: "service/a",
        subject: Some(&about("apps")),
        defined: None,
        beside: &[],
        sources: &sources.clone(),
    };
    for (value, fits) in
        [("text: b", true), ("text: ab", false), ("number: 1.0", true), ("number: 2", false), ("size: 1024Mi", true), ("size: 2Gi", false)]
    {
        let mut diagnostics = Diagnostics::default();
        check_value(&type_, &read(&mut sources, "a.yaml", &format!("{value}\n")), &checked, Mode::Complete, &mut diagnostics);
        assert_eq!(diagnostics.is_empty(), fits, "{value}");
    }
}
