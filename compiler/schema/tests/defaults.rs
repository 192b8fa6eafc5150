//! Values that schemas supply.

use super::about;
use super::{compiled, read};
use crate::diagnostic::Diagnostics;
use crate::origin::LayerId;
use crate::schema::notation::written;
use crate::schema::{Checked, Mode, check as check_value, compile};
use crate::source::Sources;
use crate::value::{Data, Value};
use expect_test::{Expect, expect};

fn check(class: &str, expected: Expect) {
    let mut sources = Sources::default();
    let type_ = compiled(&mut sources, "class.yaml", class);
    let defaults = type_.defaults(LayerId(7));
    if let Some(defaults) = &defaults {
        all_of_layer(defaults);
    }
    expected.assert_eq(&defaults.as_ref().map_or_else(|| "none".to_owned(), written));
}

fn all_of_layer(value: &Value) {
    assert_eq!(value.origin.layer, LayerId(7));
    match &value.data {
        Data::List(list) => list.items().iter().for_each(all_of_layer),
        Data::Map(map) => map.entries().iter().for_each(|entry| all_of_layer(&entry.value)),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => {}
    }
}

fn check_complete(class: &str, value: &str, expected: Expect) {
    let mut sources = Sources::default();
    let type_ = compiled(&mut sources, "class.yaml", class);
    let value = read(&mut sources, "a.yaml", value);
    expected.assert_eq(&written(&type_.complete(&value, LayerId(7))));
}

#[test]
fn fields_and_nested_records() {
    check(
        "schema:\n  a: integer | default=1\n  b: { c: string | default=x, d: string }\n  e: string\n",
        expect![[r#"{a: 1, b: {c: "x"}}"#]],
    );
    check("schema:\n  a: integer\n", expect!["none"]);
    check("schema: {}\n", expect!["none"]);
}

#[test]
fn items_of_defaults_are_complete() {
    check(
        "types:\n  t: { a: integer | default=1, b: integer }\nschema:\n  m: { $type: 'map[string]t', $default: { x: {}, y: { a: 2 } } }\n",
        expect!["{m: {x: {a: 1}, y: {a: 2}}}"],
    );
    check(
        "schema:\n  r: { $default: { l: [{}] }, l: [{ a: integer | default=1 }], n: integer | default=2 }\n",
        expect!["{r: {l: [{a: 1}], n: 2}}"],
    );
}

#[test]
fn a_record_with_a_required_field_is_absent_unless_set() {
    check("schema:\n  b: { c: string | default=x, d: string | required=true }\n", expect!["none"]);
    check("schema:\n  b: { c: string | default=x, d: string | required=true default=v }\n", expect![[r#"{b: {c: "x", d: "v"}}"#]]);
}

#[test]
fn a_records_own_default_lies_over_those_of_its_fields() {
    check("schema:\n  b: { $default: { d: z }, c: string | default=x, d: string | default=v }\n", expect![[r#"{b: {d: "z", c: "x"}}"#]]);
}

#[test]
fn named_types_give_their_defaults_and_recursion_ends() {
    check(
        "types:\n  t: { a: integer | default=1, t: t }\n  num: integer | default=3\nschema:\n  t: t\n  a: num\n  m: num | default=4\n",
        expect!["{t: {a: 1}, a: 3, m: 4}"],
    );
}

#[test]
fn items_and_values_are_completed() {
    let class =
        "types:\n  taint: { key: string, effect: string | default=NoSchedule }\nschema:\n  taints: '[]taint'\n  pools: map[string]taint\n";
    check_complete(
        class,
        "taints: [{key: a}, {key: b, effect: x}]\npools: {p: {}}\n",
        expect![[r#"{taints: [{key: "a", effect: "NoSchedule"}, {key: "b", ef..."#]],
    );
    check_complete(class, "taints: 3\n", expect!["{taints: 3}"]);
}

#[test]
fn what_a_layer_of_defaults_could_not_know_is_completed_what_was_removed_is_not() {
    let class = "schema:\n  known: { a: integer | default=1, b: integer | default=2 }\n  late: { c: integer | required=true, d: integer | default=4 }\n";
    check_complete(class, "known: {b: 2}\nlate: {c: 3}\n", expect!["{known: {b: 2}, late: {c: 3, d: 4}}"]);
}

#[test]
fn a_faulty_default_is_reported_where_it_is_declared_only() {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let class = read(&mut sources, "class.yaml", "schema:\n  a: integer | default=0 minimum=1\n  b: { c: '[]string | default=[1]' }\n");
    let type_ = compile(class.get("schema").unwrap(), None, &sources, &mut diagnostics);
    assert_eq!(diagnostics.len(), 2);
    let checked =
        Checked { kind: "service", class: "service/a", subject: Some(&about("apps")), defined: None, beside: &[], sources: &sources };
    check_value(&type_, &type_.defaults(LayerId(7)).unwrap(), &checked, Mode::Complete, &mut diagnostics);
    assert_eq!(diagnostics.len(), 2);
}
