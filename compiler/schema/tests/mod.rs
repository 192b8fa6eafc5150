//! Tests of the whole room: a schema and values as users write them, and everything that is said about them.

mod defaults;
mod editors;
mod laws;
mod syntax;
mod tightening;
mod types;
mod unions;
mod values;

use super::{Checked, Mode, Type, check, compile};
use crate::diagnostic::{Diagnostics, Severity};
use crate::document::{Node, NodeData, parse_one};
use crate::origin::{LayerId, Origin};
use crate::source::{Grammar, Source, Sources};
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Data, Entry, Operator, Value};
use std::fmt::Write as _;
use std::sync::Arc;

/// Reads a text as the definitions room does, without templates but for whole scalars.
fn read(sources: &mut Sources, path: &str, text: &str) -> Value {
    let grammar = if path.ends_with(".toml") { Grammar::Toml } else { Grammar::Yaml };
    let source = Source { path: path.into(), text: text.into(), grammar, library: path.starts_with("std/") };
    let file = sources.add(source.clone());
    let mut diagnostics = Diagnostics::default();
    let document = parse_one(file, &source, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{:?}", diagnostics.sorted(sources));
    value(&document.unwrap().root, LayerId(file.0 + 1))
}

fn value(node: &Node, layer: LayerId) -> Value {
    let origin = Origin { span: node.span, layer };
    let data = match &node.data {
        NodeData::Null => Data::Null,
        NodeData::Broken => Data::Broken,
        NodeData::Bool(bool) => Data::Bool(*bool),
        NodeData::Int(int) => Data::Int(*int),
        NodeData::Float(float) => Data::Float(*float),
        NodeData::String(scalar) => Data::String(Arc::clone(&scalar.text)),
        NodeData::List(items) => return Value::list(items.iter().map(|item| value(item, layer)).collect(), origin),
        NodeData::Map(pairs) => {
            let entries = pairs.iter().map(|pair| {
                let text = &*pair.key.text;
                let (key, operator) = match text.char_indices().last() {
                    Some((at, '+')) => (&text[..at], Operator::Append),
                    Some((at, '-')) => (&text[..at], Operator::Remove),
                    Some((at, '=')) => (&text[..at], Operator::Replace),
                    Some((at, '!')) => (&text[..at], Operator::Lock),
                    _ => (text, Operator::Merge),
                };
                Entry { operator, ..Entry::plain(key, pair.key_span, value(&pair.value, layer)) }
            });
            return Value::map(entries.collect(), origin);
        }
    };
    Value::new(data, origin)
}

/// A schema that must be fine; `types` may stand beside `schema`.
fn compiled(sources: &mut Sources, path: &str, text: &str) -> Arc<Type> {
    let mut diagnostics = Diagnostics::default();
    let class = read(sources, path, text);
    let type_ = compile(class.get("schema").unwrap(), class.get("types"), sources, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{}", shown(&diagnostics, sources));
    type_
}

/// What is said about a schema.
fn faults(text: &str) -> String {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let class = read(&mut sources, "class.yaml", text);
    compile(class.get("schema").unwrap(), class.get("types"), &sources, &mut diagnostics);
    shown(&diagnostics, &sources)
}

/// What is said about a value of a schema, both in the same form as files have them.
fn judged(class: &str, path: &str, text: &str, mode: Mode) -> String {
    let mut sources = Sources::default();
    let type_ = compiled(&mut sources, "std/nodePool/eks.yaml", class);
    let value = read(&mut sources, path, text);
    let defined = Span { end: value.origin.span.start + 1, ..value.origin.span };
    let mut diagnostics = Diagnostics::default();
    let checked = Checked {
        kind: "node pool",
        class: "nodePool/eks",
        subject: Some(&about("apps.clusters.gc0.nodePools.a")),
        defined: Some(defined),
        beside: &[],
        sources: &sources,
    };
    check(&type_, &value, &checked, mode, &mut diagnostics);
    shown(&diagnostics, &sources)
}

/// A subject that prints as this path.
fn about(path: &str) -> Subject {
    Subject::definition(path.parse().unwrap())
}

fn shown(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.sorted(sources) {
        let word = if diagnostic.severity == Severity::Warning { "warning " } else { "" };
        writeln!(out, "{word}{}: {}", diagnostic.code.word(), diagnostic.message).unwrap();
        for (sign, label) in diagnostic.primary.iter().map(|label| ("^", label)).chain(diagnostic.labels.iter().map(|label| ("-", label))) {
            let text = sources.text(label.span).replace('\n', "⏎");
            let short: String = text.chars().take(40).collect();
            writeln!(out, "  {sign} {} `{short}` {}", sources.place(label.span), label.text).unwrap();
        }
        for path in diagnostic.subject.iter() {
            writeln!(out, "  path: {path}").unwrap();
        }
        for note in &diagnostic.notes {
            writeln!(out, "  note: {note}").unwrap();
        }
        for hint in diagnostic.hint.iter() {
            writeln!(out, "  hint: {hint}").unwrap();
        }
        for edit in diagnostic.replacement.iter() {
            writeln!(out, "  edit: `{}` to `{}`", sources.text(edit.span), edit.text).unwrap();
        }
    }
    out
}
