//! Values in layers, secrets, and values that come later.

use super::*;
use crate::expression::{Late, Ty};

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
fn late_values_stand_in_any_field_that_takes_their_type() {
    let mut sources = Sources::default();
    let type_ = compiled(
        &mut sources,
        "std/nodePool/eks.yaml",
        "schema:\n  a: string\n  e: \"[]integer\"\n  b: object\n  c: any\n  d: {$type: string, $nullable: true}\n",
    );
    let user = read(&mut sources, "a.yaml", "a: 1\nb: {x: 2}\nc: 3\nd: 4\ne: 5\n");
    let late = |value: &Value| Value::new(Data::Late(Arc::new(Late::of(Vec::new()).typed(Ty::list(Ty::String)))), value.origin);
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
        wrong-type: `a` is a string, but Terraform makes a list of this
          ^ a.yaml:1:4 `1` will be a list
          - std/nodePool/eks.yaml:2:6 `string` declared as `string`
          path: apps.a
          hint: select a part of it, or change it with the functions that work over late values
        wrong-type: `d` is a string, but Terraform makes a list of this
          ^ a.yaml:4:4 `4` will be a list
          - std/nodePool/eks.yaml:6:6 `{$type: string, $nullable: true}` declared as `string`
          path: apps.d
          hint: select a part of it, or change it with the functions that work over late values
    "#]]
    .assert_eq(&shown(&diagnostics, &sources));
}
