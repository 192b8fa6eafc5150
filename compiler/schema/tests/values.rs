//! What is said about values that do not fit.

use super::about;
use super::{Mode, compiled, judged, read, shown};
use crate::diagnostic::Diagnostics;
use crate::origin::Origin;
use crate::schema::{Checked, check as check_value};
use crate::source::Sources;
use crate::value::{Data, Value};
use expect_test::{Expect, expect};
use std::sync::Arc;

const POOL: &str = "\
schema:
  instanceTypes: '[]string | required=true minItems=1 uniqueItems=true aliases=[machineType] description=\"Types of machines.\"'
  size:
    min: integer | default=1 minimum=0 aliases=[min_size]
    max: integer | required=true minimum=1 maximum=1000
  version: string | pattern=\"^1[.][0-9]+$\" examples=[\"1.33\"]
  capacity: string | default=on-demand enum=[on-demand, spot]
  memory: quantity
  spot: boolean | deprecated=\"set `capacity` to spot\"
  labels: map[string]string
  zones: '[]string'
  disk:
    encrypted: boolean
    type: string
  ports: '[]port | listType=map listMapKey=name'
  password: string | secret=true minLength=8
types:
  port: { name: string, port: integer }
";

fn check(value: &str, expected: Expect) {
    expected.assert_eq(&judged(POOL, "a.yaml", &format!("instanceTypes: [a]\n{value}\n"), Mode::Complete));
}

fn check_layer(value: &str, expected: Expect) {
    expected.assert_eq(&judged(POOL, "a.yaml", value, Mode::Layer));
}

fn check_toml(value: &str, expected: Expect) {
    expected.assert_eq(&judged(POOL, "a.toml", &format!("instanceTypes = ['a']\n{value}\n"), Mode::Complete));
}

#[test]
fn unknown_field_by_spelling() {
    check(
        "Zone: [a]",
        expect![[r#"
            unknown-field: node pool has no field `Zone`
              ^ a.yaml:2:1 `Zone` not a field of class `nodePool/eks`
              path: apps.clusters.gc0.nodePools.a.Zone
              hint: did you mean `zones`? (`[]string`)
              edit: `Zone` to `zones`
        "#]],
    );
    check(
        "dsik: {}",
        expect![[r#"
            unknown-field: node pool has no field `dsik`
              ^ a.yaml:2:1 `dsik` not a field of class `nodePool/eks`
              path: apps.clusters.gc0.nodePools.a.dsik
              hint: did you mean `disk`? (`map`)
              edit: `dsik` to `disk`
        "#]],
    );
    check_toml(
        "memroy = '1Gi'",
        expect![[r#"
            unknown-field: node pool has no field `memroy`
              ^ a.toml:2:1 `memroy` not a field of class `nodePool/eks`
              path: apps.clusters.gc0.nodePools.a.memroy
              hint: did you mean `memory`? (`quantity`)
              edit: `memroy` to `memory`
        "#]],
    );
}

#[test]
fn unknown_field_by_foreign_name() {
    check(
        "machine_type: t3",
        expect![[r#"
        unknown-field: node pool has no field `machine_type`
          ^ a.yaml:2:1 `machine_type` not a field of class `nodePool/eks`
          - a.yaml:1:1 `instanceTypes` `instanceTypes` is set here
          path: apps.clusters.gc0.nodePools.a.machine_type
          hint: remove `machine_type`, or write its value to `instanceTypes`
    "#]],
    );
    check(
        "size: {max: 3, minSize: 1}",
        expect![[r#"
            unknown-field: `size` has no field `minSize`
              ^ a.yaml:2:16 `minSize` not a field of `size` in class `nodePool/eks`
              path: apps.clusters.gc0.nodePools.a.size.minSize
              hint: did you mean `min`? (`integer`, at least 0)
              edit: `minSize` to `min`
        "#]],
    );
}

#[test]
fn unknown_field_elsewhere() {
    check(
        "maxNodes: 6",
        expect![[r#"
        unknown-field: node pool has no field `maxNodes`
          ^ a.yaml:2:1 `maxNodes` not a field of class `nodePool/eks`
          path: apps.clusters.gc0.nodePools.a.maxNodes
          hint: did you mean `size.max`?
    "#]],
    );
    check(
        "encrypted: true",
        expect![[r#"
        unknown-field: node pool has no field `encrypted`
          ^ a.yaml:2:1 `encrypted` not a field of class `nodePool/eks`
          path: apps.clusters.gc0.nodePools.a.encrypted
          hint: did you mean `disk.encrypted`?
    "#]],
    );
    check(
        "disk: {zones: [a]}",
        expect![[r#"
        unknown-field: `disk` has no field `zones`
          ^ a.yaml:2:8 `zones` not a field of `disk` in class `nodePool/eks`
          path: apps.clusters.gc0.nodePools.a.disk.zones
          hint: did you mean `zones`?
    "#]],
    );
}

#[test]
fn unknown_field_with_nothing_like_it() {
    check(
        "foo: 1",
        expect![[r#"
        unknown-field: node pool has no field `foo`
          ^ a.yaml:2:1 `foo` not a field of class `nodePool/eks`
          path: apps.clusters.gc0.nodePools.a.foo
          hint: its fields are `spot`, `zones`, `ports`, `memory`, `version`, `password`, `instanceTypes`, `size` and 3 more
    "#]],
    );
    check(
        "disk: {foo: 1}",
        expect![[r#"
        unknown-field: `disk` has no field `foo`
          ^ a.yaml:2:8 `foo` not a field of `disk` in class `nodePool/eks`
          path: apps.clusters.gc0.nodePools.a.disk.foo
          hint: its fields are `encrypted`, `type`
    "#]],
    );
}

#[test]
fn unknown_field_whose_likeness_is_set() {
    check(
        "zones: [a]\nzone: [b]",
        expect![[r#"
        unknown-field: node pool has no field `zone`
          ^ a.yaml:3:1 `zone` not a field of class `nodePool/eks`
          - a.yaml:2:1 `zones` `zones` is set here
          path: apps.clusters.gc0.nodePools.a.zone
          hint: remove `zone`, or write its value to `zones`
    "#]],
    );
}

#[test]
fn unknown_field_over_a_default_or_a_weaker_layer() {
    let mut sources = Sources::default();
    let type_ = compiled(&mut sources, "std/nodePool/eks.yaml", "schema:\n  version: string | default=\"1\"\n");
    let weaker = type_.defaults(crate::origin::LayerId(9)).unwrap();
    let user = read(&mut sources, "a.yaml", "verson: '2'\n");
    let both = weaker.as_map().unwrap().entries().iter().chain(user.as_map().unwrap().entries()).cloned();
    let whole = Value::map(both.collect(), user.origin);
    let mut diagnostics = Diagnostics::default();
    let checked =
        Checked { kind: "node pool", class: "nodePool/eks", subject: Some(&about("apps")), defined: None, beside: &[], sources: &sources };
    check_value(&type_, &whole, &checked, Mode::Complete, &mut diagnostics);
    expect![[r#"
        unknown-field: node pool has no field `verson`
          ^ a.yaml:1:1 `verson` not a field of class `nodePool/eks`
          path: apps.verson
          hint: did you mean `version`? (`string`)
          edit: `verson` to `version`
    "#]]
    .assert_eq(&shown(&diagnostics, &sources));
}

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
          hint: add `instanceTypes = ["…"]`
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
fn layers_are_partial_and_carry_operators() {
    check_layer(
        "instanceTypes+: [a]\nzones-:\nlabels-: [a]\nsize=: {min: 1}\nversion!: '1.33'\nports-: [{name: a}]\nports+: [{name: a, port: 1}]\n",
        expect![[""]],
    );
    check_layer(
        "instanceTypes+: [1]\nsize: {mix: 1}\nzonez-: [a]\nversion!: '2'\n",
        expect![[r#"
            wrong-type: `instanceTypes[0]` must be a string, found the integer 1
              ^ a.yaml:1:18 `1` put it in quotes
              - std/nodePool/eks.yaml:2:19 `[]string` declared as `string`
              edit: `1` to `"1"`
            unknown-field: `size` has no field `mix`
              ^ a.yaml:2:8 `mix` not a field of `size` in class `nodePool/eks`
              hint: its fields are `min`, `max`
            unknown-field: node pool has no field `zonez`
              ^ a.yaml:3:1 `zonez-` not a field of class `nodePool/eks`
              hint: did you mean `zones`? (`[]string`)
              edit: `zonez-` to `zones-`
            pattern-mismatch: `version` cannot be "2"
              ^ a.yaml:4:11 `'2'` must match `^1[.][0-9]+$`
              - std/nodePool/eks.yaml:6:29 `"^1[.][0-9]+$"` because of this `pattern`
              hint: write for example "1.33"
        "#]],
    );
}

#[test]
fn secrets_are_not_shown() {
    for value in ["password: hunter", "password: [hunter2]"] {
        let said = judged(POOL, "a.yaml", &format!("instanceTypes: [a]\n{value}\n"), Mode::Complete);
        assert!(!said.lines().next().unwrap().contains("hunter"), "{said}");
    }
}

#[test]
fn the_users_place_is_blamed_and_all_layers_are_shown() {
    let mut sources = Sources::default();
    let type_ = compiled(&mut sources, "std/nodePool/eks.yaml", "schema:\n  min: integer | minimum=1\n");
    let read = |sources: &mut Sources, path: &str, text: &str| read(sources, path, text).get("min").unwrap().clone();
    let oldest = read(&mut sources, "platform.yaml", "min: 3\n");
    let middle = read(&mut sources, "clusters/a.yaml", "min: -1\n").over(Some(oldest));
    let library = read(&mut sources, "std/x.yaml", "min: 0\n").over(Some(middle));
    let whole = Value::map(vec![crate::value::Entry::plain("min", library.origin.span, library.clone())], library.origin);
    let mut diagnostics = Diagnostics::default();
    let checked = Checked {
        kind: "node pool",
        class: "nodePool/eks",
        subject: Some(&about("apps")),
        defined: Some(library.origin.span),
        beside: &[],
        sources: &sources,
    };
    check_value(&type_, &whole, &checked, Mode::Complete, &mut diagnostics);
    expect![[r#"
        out-of-range: `min` must be at least 1, found 0
          ^ clusters/a.yaml:1:6 `-1` too little
          - std/nodePool/eks.yaml:2:26 `1` because of this `minimum`
          - std/x.yaml:1:6 `0` the value comes from here
          - platform.yaml:1:6 `3` 1: set here
          path: apps.min
    "#]]
    .assert_eq(&shown(&diagnostics, &sources));
}

#[test]
fn late_values_are_for_terraform() {
    let mut sources = Sources::default();
    let type_ = compiled(
        &mut sources,
        "std/nodePool/eks.yaml",
        "schema:\n  a: string\n  b: object\n  c: any\n  d: {$type: string, $nullable: true}\n",
    );
    let user = read(&mut sources, "a.yaml", "a: 1\nb: {x: 2}\nc: 3\nd: 4\n");
    let late = |value: &Value| Value::new(Data::Late(Arc::new(crate::expression::Late { pieces: Vec::new() })), value.origin);
    let entries = user.as_map().unwrap().entries().iter().map(|entry| {
        let inner = entry.value.as_map().map(|map| {
            let entries = map.entries().iter().map(|entry| crate::value::Entry { value: late(&entry.value), ..entry.clone() });
            Value::map(entries.collect(), entry.value.origin)
        });
        crate::value::Entry { value: inner.unwrap_or_else(|| late(&entry.value)), ..entry.clone() }
    });
    let whole = Value::map(entries.collect(), Origin { ..user.origin });
    let mut diagnostics = Diagnostics::default();
    let checked = Checked {
        kind: "node pool",
        class: "nodePool/eks",
        subject: Some(&about("apps")),
        defined: Some(user.origin.span),
        beside: &[],
        sources: &sources,
    };
    check_value(&type_, &whole, &checked, Mode::Complete, &mut diagnostics);
    expect![[r#"
        late-value-misplaced: `a` must be known when platc runs
          ^ a.yaml:1:4 `1` known only after Terraform has run
          - std/nodePool/eks.yaml:2:6 `string` declared as `string`
          path: apps.a
          hint: write the value itself; only Terraform templates of classes can read what Terraform finds out
        late-value-misplaced: `d` must be known when platc runs
          ^ a.yaml:4:4 `4` known only after Terraform has run
          - std/nodePool/eks.yaml:5:6 `{$type: string, $nullable: true}` declared as `string`
          path: apps.d
          hint: write the value itself; only Terraform templates of classes can read what Terraform finds out
    "#]]
    .assert_eq(&shown(&diagnostics, &sources));
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
