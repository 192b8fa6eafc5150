use super::super::random::Random;
use super::super::replay::apply;
use super::*;
use crate::print;
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn parse(text: &str) -> Tree {
    fn convert(value: serde_json::Value) -> Tree {
        match value {
            serde_json::Value::Null => Tree::null(),
            serde_json::Value::Bool(bool) => Tree::bool(bool),
            serde_json::Value::Number(number) => number.as_i64().map_or_else(|| Tree::float(number.as_f64().unwrap()), Tree::int),
            serde_json::Value::String(text) => Tree::text(text),
            serde_json::Value::Array(items) => Tree::list(items.into_iter().map(convert)),
            serde_json::Value::Object(entries) => Tree::map(entries.into_iter().map(|(key, value)| (key, convert(value)))),
        }
    }
    convert(serde_yaml::from_str(text).unwrap())
}

fn check(from: &str, to: &str, expect: Expect) {
    let (from, to) = (parse(from), parse(to));
    let operations = synthesise(&from, &to);
    assert!(same(&apply(&from, &operations).unwrap(), &to), "{operations:?}");
    let lines: Vec<String> = operations
        .iter()
        .map(|operation| match &operation.action {
            Action::Add(value) => format!("add {} {}\n", operation.path, line(value)),
            Action::Remove => format!("remove {}\n", operation.path),
            Action::Replace(value) => format!("replace {} {}\n", operation.path, line(value)),
            Action::Test(value) => format!("test {} {}\n", operation.path, line(value)),
        })
        .collect();
    expect.assert_eq(&lines.concat());
}

fn line(tree: &Tree) -> String {
    let value: serde_json::Value = serde_yaml::from_str(&print::yaml(tree)).unwrap();
    value.to_string()
}

#[test]
fn equal_trees_need_nothing() {
    check("{a: 1, b: [x]}", "{b: [x], a: 1}", expect![""]);
}

#[test]
fn maps_change_by_key() {
    check(
        "{spec: {replicas: 3, paused: true, image: web, strategy: {type: Recreate}}}",
        "{spec: {replicas: 1, image: web, strategy: {type: Recreate}, revisionHistoryLimit: 2}}",
        expect![[r#"
            remove /spec/paused
            replace /spec/replicas 1
            add /spec/revisionHistoryLimit 2
        "#]],
    );
}

#[test]
fn a_missing_parent_is_added_whole() {
    check(
        "{metadata: {name: a}}",
        "{metadata: {name: a, labels: {a/b: x, c~d: y}}}",
        expect![[r#"
        add /metadata/labels {"a/b":"x","c~d":"y"}
    "#]],
    );
}

#[test]
fn pointers_are_escaped() {
    check(
        "{a: {b/c: 1, d~e: 1, '': 1, f: 1, g: 1}}",
        "{a: {b/c: 2, d~e: 2, '': 1, f: 1, g: 1}}",
        expect![[r#"
        replace /a/b~1c 2
        replace /a/d~0e 2
    "#]],
    );
}

#[test]
fn containers_keep_their_place_by_name() {
    check(
        "{containers: [{name: a, image: a:1, args: [x]}, {name: b, image: b:1, args: [x]}]}",
        "{containers: [{name: a, image: a:1, args: [x]}, {name: b, image: b:2, args: [x]}, {name: c, image: c:1}]}",
        expect![[r#"
            test /containers/1/name "b"
            replace /containers/1/image "b:2"
            add /containers/- {"image":"c:1","name":"c"}
        "#]],
    );
}

#[test]
fn removals_and_inserts_count_from_where_the_list_is() {
    check(
        "{env: [{name: a, value: '1'}, {name: b, value: '1'}, {name: c, value: '1'}, {name: d, value: '1'}, {name: e, value: '1'}]}",
        "{env: [{name: b, value: '1'}, {name: x, value: '1'}, {name: c, value: '1'}, {name: d, value: '2'}, {name: e, value: '1'}]}",
        expect![[r#"
            test /env/0/name "a"
            remove /env/0
            test /env/1/name "c"
            add /env/1 {"name":"x","value":"1"}
            test /env/3/name "d"
            replace /env/3/value "2"
        "#]],
    );
}

#[test]
fn ports_are_told_apart_by_number_and_protocol() {
    check(
        "{ports: [{containerPort: 53, protocol: UDP, hostPort: 1}, {containerPort: 53, protocol: TCP, hostPort: 2}, {containerPort: 80}]}",
        "{ports: [{containerPort: 53, protocol: UDP, hostPort: 1}, {containerPort: 53, protocol: TCP, hostPort: 3}, {containerPort: 80}]}",
        expect![[r#"
            test /ports/1/containerPort 53
            test /ports/1/protocol "TCP"
            replace /ports/1/hostPort 3
        "#]],
    );
}

#[test]
fn plain_items_are_aligned() {
    check(
        "{args: [--a, --b=1, --c, --d, --e, --f]}",
        "{args: [--a, --b=2, --c, --x, --d, --e, --f]}",
        expect![[r#"
        test /args/1 "--b=1"
        replace /args/1 "--b=2"
        test /args/3 "--d"
        add /args/3 "--x"
    "#]],
    );
}

#[test]
fn a_list_that_changed_all_over_is_replaced() {
    check(
        "{args: [a, b, c]}",
        "{args: [d, e, c]}",
        expect![[r#"
        replace /args ["d","e","c"]
    "#]],
    );
}

#[test]
fn types_may_change() {
    check(
        "{a: {b: 1}, c: [1], d: null, e: x, f: {}}",
        "{a: [1], c: {}, d: {}, e: null, f: {g: null}}",
        expect![[r#"
        replace /a [1]
        replace /c {}
        replace /d {}
        replace /e null
        add /f/g null
    "#]],
    );
}

#[test]
fn metadata_is_never_replaced() {
    check(
        "{metadata: {a: 1, b: 1, c: 1}}",
        "{metadata: {x: 1}}",
        expect![[r#"
        remove /metadata/a
        remove /metadata/b
        remove /metadata/c
        add /metadata/x 1
    "#]],
    );
}

#[test]
fn items_without_a_key_are_guarded_by_their_first_scalar() {
    check(
        "{ingress: [{from: [{pod: {app: a}}], x: 1, y: 1}, {from: [{pod: {app: b}}], x: 1, y: 1}]}",
        "{ingress: [{from: [{pod: {app: a}}], x: 1, y: 1}, {from: [{pod: {app: b}}], x: 2, y: 1}]}",
        expect![[r#"
            test /ingress/1/from/0/pod/app "b"
            replace /ingress/1/x 2
        "#]],
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]
    #[test]
    fn a_patch_leads_to_its_target(seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let from = random.body();
        let to = if random.below(4) == 0 { random.body() } else { random.changed(&from, 4) };
        prop_assume!(matches!(to.form, Form::Map(_)));
        let operations = synthesise(&from, &to);
        let result = apply(&from, &operations);
        prop_assert!(result.as_ref().is_some_and(|result| same(result, &to)), "{from:?}\n{to:?}\n{operations:?}\n{result:?}");
        prop_assert_eq!(operations.is_empty(), same(&from, &to));
    }
}

#[test]
fn sizes_are_those_of_print() {
    let texts = [
        "a: 1",
        "{a: 1, b: {c: [], d: {}, e: [1, 2]}}",
        "{a: [{b: 1, c: 2}, {b: [[1, 2], []]}, {}]}",
        "{a: \"one\\ntwo\\n\", b: \"one\\n\\ntwo\", c: [\"a\\nb\"]}",
    ];
    for text in texts {
        let tree = parse(text);
        assert_eq!(size(&tree, usize::MAX) - 1, print::yaml(&tree).lines().count(), "{}", print::yaml(&tree));
    }
}
