//! What both readers make of texts, as a dump; what they say about broken ones.

use super::*;
use crate::diagnostic::Diagnostic;
use expect_test::{Expect, expect};
use std::fmt::Write as _;

pub(super) fn read(text: &str, grammar: Grammar) -> (Sources, Option<Document>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let path = if grammar == Grammar::Toml { "a.toml" } else { "a.yaml" };
    let source = Source { path: path.into(), text: text.into(), grammar, library: false };
    let file = sources.add(source.clone());
    let mut diagnostics = Diagnostics::default();
    let document = parse_one(file, &source, &mut diagnostics);
    let diagnostics = diagnostics.sorted(&sources);
    (sources, document, diagnostics)
}

pub(super) fn dump(node: &Node, out: &mut String, depth: usize) {
    match &node.data {
        NodeData::Null => out.push_str("null\n"),
        NodeData::Bool(bool) => writeln!(out, "{bool}").unwrap(),
        NodeData::Int(int) => writeln!(out, "{int}").unwrap(),
        NodeData::Float(float) => writeln!(out, "{float:?}").unwrap(),
        NodeData::String(scalar) => writeln!(out, "{:?}", scalar.text).unwrap(),
        NodeData::List(items) => {
            out.push_str("list\n");
            for item in items {
                write!(out, "{:1$}- ", "", depth * 2).unwrap();
                dump(item, out, depth + 1);
            }
        }
        NodeData::Map(pairs) => {
            out.push_str("map\n");
            for pair in pairs {
                write!(out, "{:1$}{2}: ", "", depth * 2, pair.key.text).unwrap();
                dump(&pair.value, out, depth + 1);
            }
        }
    }
}

fn say(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let primary = diagnostic.primary.as_ref().unwrap();
        writeln!(out, "{}: {}", diagnostic.code.word(), diagnostic.message).unwrap();
        for label in std::iter::once(primary).chain(&diagnostic.labels) {
            let place = sources.position(label.span);
            writeln!(out, "  {}:{} `{}` {}", place.line, place.column, sources.text(label.span).escape_debug(), label.text).unwrap();
        }
        if let Some(hint) = &diagnostic.hint {
            writeln!(out, "  hint: {hint}").unwrap();
        }
        if let Some(replacement) = &diagnostic.replacement {
            writeln!(out, "  replace `{}` by `{}`", sources.text(replacement.span), replacement.text).unwrap();
        }
    }
    out
}

fn tree(text: &str, grammar: Grammar, expected: Expect) {
    let (sources, document, diagnostics) = read(text, grammar);
    let mut out = say(&sources, &diagnostics);
    dump(&document.unwrap().root, &mut out, 0);
    expected.assert_eq(&out);
}

fn yaml(text: &str, expected: Expect) {
    tree(text, Grammar::Yaml, expected);
}

fn toml(text: &str, expected: Expect) {
    tree(text, Grammar::Toml, expected);
}

/// Messages for many broken texts, divided by lines of `===`.
fn broken(texts: &str, grammar: Grammar, expected: Expect) {
    let mut out = String::new();
    for text in texts.split("===\n") {
        let text = text.replace("<TAB>", "\t").replace("<CR>", "\r");
        let (sources, document, diagnostics) = read(&text, grammar);
        out.push_str(&say(&sources, &diagnostics));
        writeln!(out, "{}", if document.is_some() { "(document)" } else { "(none)" }).unwrap();
    }
    expected.assert_eq(&out);
}

#[test]
fn yaml_gives_the_tree() {
    yaml(
        "# comment\r\nplatform:\r\n  name: acme # why\r\n  zones: [a, 'b', \"c\"]\r\n  n: ~\r\n  empty:\r\nq: {x: 1, y: 2.5, n: true}\r\ntext: |\r\n  a\r\n   b\r\nlist:\r\n- 1\r\n-\r\n- - x\r\n  - {}\r\n\"${k}\": >-\r\n  one\r\n  two\r\n",
        expect![[]],
    );
}

#[test]
fn empty_sources_are_empty_maps() {
    for text in ["", "# only a comment", "---\n", "--- # x\n...\n", "\n\n"] {
        yaml(text, expect!["map\n"]);
    }
    toml("", expect!["map\n"]);
    toml("# x\n", expect!["map\n"]);
}

#[test]
fn toml_gives_the_same_tree() {
    let toml_text = "[platform]\nname = 'acme'\nzones = ['z', \"a\"]\n[platform.terraform.backend]\ns3.bucket = \"b\"\n[[list]]\nz = 1\na = 2.5\n[[list]]\non = true\nwhen = 2020-01-01\n";
    let yaml_text = "platform:\n  name: acme\n  zones: [z, a]\n  terraform: {backend: {s3: {bucket: b}}}\nlist:\n- {z: 1, a: 2.5}\n- on: true\n  when: 2020-01-01\n";
    let trees: Vec<String> = [(toml_text, Grammar::Toml), (yaml_text, Grammar::Yaml)]
        .into_iter()
        .map(|(text, grammar)| {
            let (_, document, diagnostics) = read(text, grammar);
            assert_eq!(diagnostics, []);
            let mut out = String::new();
            dump(&document.unwrap().root, &mut out, 0);
            out
        })
        .collect();
    assert_eq!(trees[0], trees[1]);
}

#[test]
fn aliases_are_copies() {
    yaml("a: &a {x: &x [1, 2]}\nb: *a\nc: [*x, *a]\n&k k: *k\n", expect![[]]);
}

#[test]
fn yaml_says_what_it_refuses() {
    broken(
        "a: 1\nb: 2\na: 3\nc: {x: 1, x: 2}\n===\n<<: {a: 1}\nb: 1\n===\na: 1\n---\nb: 2\n===\na: !foo 1\nb: !!str 12\nc: !!int x\nd: ! 5\n===\n1: a\ntrue: b\n~: c\n: d\n[a]: e\n0777: f\non: g\n1_000: h\n===\na: 0777\nb: yes\nc: 1_000\nd: 12:30:45\ne: 1e3\nf: -.5\ng: NO\nh: 0b11\ni: 089\n===\na: 99999999999999999999\nb: .inf\nc: 1.0e+999\n===\n- a\n===\na:b\n===\na: \"x\\0y\"\nb: \"\\e\"\n===\na: *x\nb: &foo 1\nc: *fooo\nd: *.example.com\n===\na: &a [1, *a]\n===\na: x\u{7f}\nb: \0\n===\na: {{ .Values.x }}\n",
        Grammar::Yaml,
        expect![[]],
    );
}

#[test]
fn yaml_explains_syntax() {
    broken(
        "a: ${x ? \"y\" : \"z\"}\n===\na: [${b}]\n===\na: {b: ${c}, d: 1}\n===\na:\n<TAB>b: 1\n===\na: [1, 2\nb: 3\n===\na: {x: 1\n===\na: \"foo\nb: 3\n===\na: \"foo\n===\na: @foo\n===\na: %x\n===\na: 1\n  b: 2\n===\na:\n    b: 1\n  c: 2\n===\na: 1\nb\nc: 2\n===\n%YAML 1.2\n---\na: 1\n===\na: - b\n===\na: ]\n===\na: {b: 1]\n===\na: \"\\q\"\n===\na: 'it's'\n===\na: b: c\n===\na: b\n- c\n===\na: [1,,2]\n===\na: |x\n  b\n===\na: [1, 2]]\n===\n- a\nb: 1\n===\na: 1\nb:2\nc: 3\n===\na: *\n===\na: [a b: c: d]\n===\na: >\n    \n  x\n",
        Grammar::Yaml,
        expect![[]],
    );
}

#[test]
fn toml_explains_syntax() {
    broken(
        "a = 1\nb = 2\na = 3\nc = {x = 1, x = 2}\n===\n[a.x]\n[b.x]\n[a.x]\n===\na = foo\nb = ${x}\nc = yes\n===\na: 1\nb: 2\n===\na = [1, 2\nb = 3\n===\na = {x = 1\n===\na = 0777\nb = \"\\q\"\nc =\n===\na b = 1\n===\na = inf\nb = 99999999999999999999\n===\n[a\nb = 1\n===\na = \"x\n===\na.b = 1\na.b.c = 2\n===\na = \"\\u0000\"\n",
        Grammar::Toml,
        expect![[]],
    );
}
