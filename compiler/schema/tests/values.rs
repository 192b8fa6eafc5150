//! What is said about values that do not fit.

use super::{Mode, compiled, judged, read, shown};
use crate::diagnostic::Diagnostics;
use crate::origin::Origin;
use crate::schema::{Subject, check as check_value};
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
  spot: boolean | deprecated=\"write `capacity: spot`\"
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
    check("Zone: [a]", expect![[""]]);
    check("dsik: {}", expect![[""]]);
    check_toml("memroy = '1Gi'", expect![[""]]);
}

#[test]
fn unknown_field_by_foreign_name() {
    check("machine_type: t3", expect![[""]]);
    check("size: {max: 3, minSize: 1}", expect![[""]]);
}

#[test]
fn unknown_field_elsewhere() {
    check("maxNodes: 6", expect![[""]]);
    check("encrypted: true", expect![[""]]);
    check("disk: {zones: [a]}", expect![[""]]);
}

#[test]
fn unknown_field_with_nothing_like_it() {
    check("foo: 1", expect![[""]]);
    check("disk: {foo: 1}", expect![[""]]);
}

#[test]
fn unknown_field_whose_likeness_is_set() {
    check("zones: [a]\nzone: [b]", expect![[""]]);
}

#[test]
fn wrong_types() {
    check("size: {min: '2', max: 3}", expect![[""]]);
    check("size: {max: 3.0}", expect![[""]]);
    check("version: 1.33", expect![[""]]);
    check("zones: a", expect![[""]]);
    check("disk: {encrypted: yes}", expect![[""]]);
    check("disk: 3", expect![[""]]);
    check("zones: [a, {b: c}]", expect![[""]]);
    check("labels: {a.b/c: 1}", expect![[""]]);
    check_toml("size.max = '3'", expect![[""]]);
}

#[test]
fn missing_fields() {
    check("size: {}", expect![[""]]);
    expect![[""]].assert_eq(&judged(POOL, "a.yaml", "zones: []\n", Mode::Complete));
    expect![[""]].assert_eq(&judged(POOL, "a.toml", "zones = []\n", Mode::Complete));
    // One mistake, one report.
    expect![[""]].assert_eq(&judged(POOL, "a.yaml", "instanceType: [a]\n", Mode::Complete));
}

#[test]
fn values_not_allowed() {
    check("capacity: Spot", expect![[""]]);
    check("capacity: cheap", expect![[""]]);
}

#[test]
fn out_of_range() {
    check("size: {min: -1, max: 2000}", expect![[""]]);
    expect![[""]].assert_eq(&judged(POOL, "a.yaml", "instanceTypes: []\n", Mode::Complete));
    check("password: abc", expect![[""]]);
}

#[test]
fn patterns_and_formats() {
    check("version: '2.0'", expect![[""]]);
    check("memory: 2GB", expect![[""]]);
}

#[test]
fn duplicates() {
    expect![[""]].assert_eq(&judged(POOL, "a.yaml", "instanceTypes: [a, b, a]\n", Mode::Complete));
    check("ports: [{name: a, port: 1}, {name: a, port: 2}, {port: 3}]", expect![[""]]);
}

#[test]
fn nulls() {
    check("zones:", expect![[""]]);
    check("zones: [null]", expect![[""]]);
    check("zones: ~", expect![[""]]);
}

#[test]
fn deprecated() {
    check("spot: true", expect![[""]]);
}

#[test]
fn layers_are_partial_and_carry_operators() {
    check_layer(
        "instanceTypes+: [a]\nzones-:\nlabels-: [a]\nsize=: {min: 1}\nversion!: '1.33'\nports-: [{name: a}]\nports+: [{name: a, port: 1}]\n",
        expect![[""]],
    );
    check_layer("instanceTypes+: [1]\nsize: {mix: 1}\nzonez-: [a]\nversion!: '2'\n", expect![[""]]);
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
    let middle = Value { overridden: Some(Arc::new(oldest)), ..read(&mut sources, "clusters/a.yaml", "min: -1\n") };
    let library = Value { overridden: Some(Arc::new(middle)), ..read(&mut sources, "std/x.yaml", "min: 0\n") };
    let whole = Value::map(vec![crate::value::Entry::plain("min", library.origin.span, library.clone())], library.origin);
    let mut diagnostics = Diagnostics::default();
    let subject = Subject { kind: "node pool", class: "nodePool/eks", path: "apps", defined: library.origin.span, sources: &sources };
    check_value(&type_, &whole, &subject, Mode::Complete, &mut diagnostics);
    expect![[r#"
        out-of-range: `min` must be at least 1, found 0
          ^ clusters/a.yaml:1:6 `-1` too little
          - std/nodePool/eks.yaml:2:26 `1` because of this limit
          - platform.yaml:1:6 `3` 1: set here
          path: apps.min
    "#]].assert_eq(&shown(&diagnostics, &sources));
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
    let subject = Subject { kind: "node pool", class: "nodePool/eks", path: "apps", defined: user.origin.span, sources: &sources };
    check_value(&type_, &whole, &subject, Mode::Complete, &mut diagnostics);
    expect![[r#"
        late-value-misplaced: `a` must be known when platc runs
          ^ a.yaml:1:4 `1` known only after Terraform has run
          - std/nodePool/eks.yaml:2:6 `string` declared as string
          path: apps.a
          hint: write the value itself; only Terraform templates of classes can read what Terraform finds out
        late-value-misplaced: `d` must be known when platc runs
          ^ a.yaml:4:4 `4` known only after Terraform has run
          - std/nodePool/eks.yaml:5:6 `{$type: string, $nullable: true}` declared as string
          path: apps.d
          hint: write the value itself; only Terraform templates of classes can read what Terraform finds out
    "#]].assert_eq(&shown(&diagnostics, &sources));
}
