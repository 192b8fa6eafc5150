//! What is printed reads back as what it was, with a reader that is not ours and with the one that is.

use super::*;
use crate::diagnostic::Diagnostics;
use crate::document::{self, Node, NodeData};
use crate::source::{Grammar, Source};
use crate::span::FileId;
use expect_test::{Expect, expect};
use proptest::prelude::*;

const HOSTILE: &[&str] = &[
    "",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "a\n",
    "a\n\n",
    "a\n\n\n",
    "a\nb",
    "a\n b",
    " a\nb",
    "a \nb",
    "a\n ",
    "a\n  \nb",
    "a\tb\nc",
    "\na",
    "a\r\nb",
    "a\rb",
    "~",
    "null",
    "Null",
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "n",
    "Y",
    "true",
    "False",
    "=",
    "<<",
    "0",
    "-1",
    "+1",
    "0777",
    "08",
    "0o17",
    "0x1F",
    "0b1",
    "1_000",
    "1e3",
    "1234e5",
    "7e0",
    ".5",
    "-.5",
    "1.",
    ".inf",
    ".nan",
    "12:30",
    "22:22",
    "12:30:45",
    "190:20:30.15",
    "2020-01-01",
    "2020-01-01T00:00:00Z",
    "1.10",
    "9007199254740993",
    "99999999999999999999",
    "a: b",
    "a:b",
    "a:",
    ":a",
    "a::b",
    "a #b",
    "#a",
    "a#b",
    "- a",
    "-",
    "--",
    "---",
    "...",
    "--- a",
    "? a",
    "?",
    "!a",
    "&a",
    "*a",
    "%a",
    "@a",
    "`a`",
    "|",
    ">",
    "|-",
    "'",
    "''",
    "\"",
    "a'b",
    "a\"b",
    "'a'",
    "\"a\"",
    "\\",
    "\\n",
    "a\\",
    "[a]",
    "{a}",
    "[",
    "]",
    "{",
    "}",
    ",",
    "a, b",
    "é",
    "日本語",
    "😀",
    "\u{85}",
    "a\u{85}b\nc",
    "\u{2028}",
    "a\u{2029}b",
    "\u{feff}a",
    "\u{a0}",
    "a\u{a0}",
    "\u{1b}[0m",
    "\u{1}",
    "\u{9f}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{10ffff}",
    "${a}",
    "a ${b} c",
    "$${a}",
    "{{ a }}",
    "key: |\n  x\n",
    "# a\nb\n",
    "a\n# b",
    "a\n---\nb\n",
    "x\n\ty\n",
    "/a/b:c",
    "a:1",
    "_",
    "/",
    "A.b-c/d_e",
    "tRue",
    "nope",
    "yesno",
    "a\n\n b\n",
    "a\n\n\n  b\n\n\n",
];

fn plain(tree: &Tree) -> serde_yaml::Value {
    use serde_yaml::Value;
    match &tree.form {
        Form::Null => Value::Null,
        Form::Bool(bool) => Value::Bool(*bool),
        Form::Int(int) => Value::Number((*int).into()),
        Form::Float(float) => Value::Number((*float).into()),
        Form::Text(text) => Value::String(text.to_string()),
        Form::List(items) => Value::Sequence(items.iter().map(plain).collect()),
        Form::Map(entries) => Value::Mapping(entries.iter().map(|(key, value)| (Value::String(key.to_string()), plain(value))).collect()),
    }
}

fn from_node(node: &Node) -> Tree {
    match &node.data {
        NodeData::Null | NodeData::Broken => Tree::null(),
        NodeData::Bool(bool) => Tree::bool(*bool),
        NodeData::Int(int) => Tree::int(*int),
        NodeData::Float(float) => Tree::float(*float),
        NodeData::String(scalar) => Tree::text(Arc::clone(&scalar.text)),
        NodeData::List(items) => Tree::list(items.iter().map(from_node)),
        NodeData::Map(pairs) => Tree::map(pairs.iter().map(|pair| (Arc::clone(&pair.key.text), from_node(&pair.value)))),
    }
}

/// Control characters pass our printers, but not our reader.
fn readable(text: &str) -> bool {
    !text.chars().any(|char| char.is_control() && !matches!(char, '\n' | '\r' | '\t' | '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}'))
}

fn all_readable(tree: &Tree) -> bool {
    match &tree.form {
        Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) => true,
        Form::Text(text) => readable(text),
        Form::List(items) => items.iter().all(all_readable),
        Form::Map(entries) => entries.iter().all(|(key, value)| readable(key) && all_readable(value)),
    }
}

fn reads_back(tree: &Tree) {
    let printed = yaml(tree);
    assert!(printed.ends_with('\n'));
    let read: serde_yaml::Value = serde_yaml::from_str(&printed).unwrap_or_else(|error| panic!("{error}\n{printed}"));
    assert_eq!(read, plain(tree), "{printed}");
    let as_json: serde_json::Value = serde_json::from_str(&json(tree)).unwrap();
    assert_eq!(as_json, serde_json::to_value(plain(tree)).unwrap());
    if matches!(&tree.form, Form::Map(entries) if !entries.is_empty()) && all_readable(tree) {
        let source = Source { path: "a.yaml".into(), text: printed.as_str().into(), grammar: Grammar::Yaml, library: false };
        let mut diagnostics = Diagnostics::default();
        let document = document::parse_one(FileId(0), &source, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{diagnostics:?}\n{printed}");
        assert_eq!(&from_node(&document.unwrap().root), tree, "{printed}");
    }
}

#[test]
fn hostile_texts_read_back() {
    for text in HOSTILE {
        let leaf = Tree::text(*text);
        reads_back(&leaf);
        reads_back(&Tree::map([
            ("a", leaf.clone()),
            ("b", Tree::list([leaf.clone(), Tree::list([leaf.clone()]), Tree::map([("c", leaf.clone())])])),
        ]));
        reads_back(&Tree::map([(*text, leaf.clone()), ("last", Tree::null())]));
        reads_back(&Tree::list([Tree::map([(*text, Tree::map([(*text, leaf)]))])]));
    }
}

#[test]
fn long_keys_read_back() {
    for length in [999, 1001, 1024, 5000] {
        let key = "k".repeat(length);
        let inner = Tree::map([(key.as_str(), Tree::list([Tree::int(1)])), ("é", Tree::map([("x", Tree::null())]))]);
        reads_back(&Tree::map([(key.as_str(), inner.clone()), ("list", Tree::list([inner.clone()]))]));
        reads_back(&Tree::map([("é".repeat(length), inner)]));
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(HOSTILE).prop_map(str::to_owned),
        "[a-zA-Z0-9_./:-]{0,12}",
        "[ \\t\\n\\r#:'\"\\\\\\[\\]{},&*!|>%@`?~=$a-c0-9-]{0,16}",
        "\\PC{0,12}",
        proptest::collection::vec(any::<char>(), 0..8).prop_map(|chars| chars.into_iter().collect()),
    ]
}

fn any_tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        Just(Tree::null()),
        any::<bool>().prop_map(Tree::bool),
        any::<i64>().prop_map(Tree::int),
        // serde_json reads longer ones without their last bit.
        any::<i32>().prop_map(|int| Tree::float(f64::from(int) / 64.0)),
        any_text().prop_map(Tree::text),
        any_text().prop_map(Tree::text),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Tree::list),
            proptest::collection::btree_map(any_text(), inner, 0..5).prop_map(Tree::map),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_texts_read_back(key in any_text(), text in any_text()) {
        reads_back(&Tree::map([(key.as_str(), Tree::text(text.as_str()))]));
    }

    #[test]
    fn random_floats_read_back(float in any::<f64>().prop_filter("finite", |float| float.is_finite())) {
        let printed = yaml(&Tree::float(float));
        prop_assert_eq!(printed.trim().parse::<f64>().unwrap().to_bits(), float.to_bits());
        prop_assert!(printed.contains('.') && !printed.contains('e'));
    }

    #[test]
    fn random_trees_read_back(tree in any_tree()) {
        reads_back(&tree);
    }
}

fn check(tree: &Tree, expected: Expect) {
    expected.assert_eq(&format!("{}===\n{}", yaml(tree), json(tree)));
}

#[test]
fn prints_as_kubectl_does() {
    let container = Tree::map([
        ("image", Tree::text("nginx:1.27")),
        ("args", Tree::list([Tree::text("--port=80"), Tree::text("-v"), Tree::list([Tree::int(1), Tree::list([])])])),
        ("script", Tree::text("set -e\necho \"hi\"\n")),
        ("resources", Tree::map::<&str>([])),
    ]);
    check(
        &Tree::map([
            ("apiVersion", Tree::text("v1")),
            ("1.10", Tree::text("1.10")),
            ("on", Tree::text("22:22")),
            ("replicas", Tree::int(-3)),
            ("ratio", Tree::float(1e21)),
            ("half", Tree::float(0.5)),
            ("nothing", Tree::null()),
            ("containers", Tree::list([container, Tree::map([("name", Tree::text("b"))])])),
            ("keep", Tree::text("a\n\nb\n\n")),
        ]),
        expect![[r#"
            apiVersion: v1
            "1.10": "1.10"
            "on": "22:22"
            replicas: -3
            ratio: 1000000000000000000000.0
            half: 0.5
            nothing: null
            containers:
            - image: nginx:1.27
              args:
              - "--port=80"
              - "-v"
              - - 1
                - []
              script: |
                set -e
                echo "hi"
              resources: {}
            - name: b
            keep: |+
              a

              b

            ===
            {
              "apiVersion": "v1",
              "1.10": "1.10",
              "on": "22:22",
              "replicas": -3,
              "ratio": 1000000000000000000000.0,
              "half": 0.5,
              "nothing": null,
              "containers": [
                {
                  "image": "nginx:1.27",
                  "args": [
                    "--port=80",
                    "-v",
                    [
                      1,
                      []
                    ]
                  ],
                  "script": "set -e\necho \"hi\"\n",
                  "resources": {}
                },
                {
                  "name": "b"
                }
              ],
              "keep": "a\n\nb\n\n"
            }
        "#]],
    );
}

#[test]
fn numbers_are_decimal() {
    let numbers = [0.0, -0.0, 1.0, -1.5, 1e-7, 1e300, 0.1, 9_007_199_254_740_993.0];
    let printed: Vec<String> = numbers.iter().map(|float| yaml(&Tree::float(*float))).collect();
    assert!(printed.iter().all(|line| line.contains('.') && !line.contains('e')), "{printed:?}");
    assert_eq!(yaml(&Tree::int(i64::MIN)), "-9223372036854775808\n");
    assert_eq!(yaml(&Tree::int(0)), "0\n");
}

#[test]
fn names_what_cannot_pass() {
    let tree = Tree::map([("a", Tree::list([Tree::null(), Tree::map([("b", Tree::text("x\u{7f}"))])]))]);
    let found = unprintable(&tree).unwrap();
    assert_eq!((found.path.join("."), found.character, found.key), ("a.1.b".to_owned(), '\u{7f}', false));
    let found = unprintable(&Tree::map([("a\u{85}", Tree::null())])).unwrap();
    assert_eq!((found.character, found.key), ('\u{85}', true));
    assert_eq!(unprintable(&Tree::map([("a", Tree::text("\u{85}\u{1b}"))])), None);
}
