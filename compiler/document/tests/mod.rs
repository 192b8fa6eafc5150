//! What both readers make of texts, as a dump; what they say about broken ones.

mod mistakes;
mod refused;
mod trees;

use super::*;
use crate::diagnostic::Diagnostic;
use expect_test::{Expect, expect};
use std::fmt::Write as _;

pub(crate) fn read(text: &str, grammar: Grammar) -> (Sources, Option<Document>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let path = if grammar == Grammar::Toml { "a.toml" } else { "a.yaml" };
    let source = Source { path: path.into(), text: text.into(), grammar, library: false };
    let file = sources.add(source.clone());
    let mut diagnostics = Diagnostics::default();
    let document = parse_one(file, &source, &mut diagnostics);
    let diagnostics = diagnostics.sorted(&sources);
    (sources, document, diagnostics)
}

pub(crate) fn dump(node: &Node, out: &mut String, depth: usize) {
    match &node.data {
        NodeData::Null => out.push_str("null\n"),
        NodeData::Broken => out.push_str("broken\n"),
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
        let lost = |document: Document| document.lost.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let rest = match document.map(lost) {
            Some(lost) if lost.is_empty() => "(document)".to_owned(),
            Some(lost) => format!("(without {lost})"),
            None => "(none)".to_owned(),
        };
        writeln!(out, "{rest}").unwrap();
    }
    expected.assert_eq(&out);
}
