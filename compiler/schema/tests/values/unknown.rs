//! Fields that a schema does not have.

use super::*;

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
          hint: `zones` is a field of the node pool itself, not of `disk`
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
