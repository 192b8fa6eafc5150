//! Kubernetes Secrets whose data is written out, wherever they stand: as objects, inside of other objects and lists of them, in Helm values,
//! and in texts that are YAML or JSON themselves.

use super::{argocd, likeness};
use crate::diagnostic::Diagnostics;
use crate::document::{self, Node, NodeData};
use crate::expression::{Late, LatePiece};
use crate::source::{Grammar, Source};
use crate::span::{FileId, Span};
use crate::value::{Data, Value};
use std::sync::Arc;

/// A Secret with data in it.
pub(super) struct Found {
    /// Its name, as far as it has one.
    pub(super) name: Arc<str>,
    /// Where the data, or the text that holds it, was written.
    pub(super) span: Span,
}

/// Texts in texts are read this deep.
const DEPTH: usize = 4;

/// Stands for what Terraform finds out.
const LATE: &str = "platc-late-value";

/// All Secrets with data inside a value.
pub(super) fn secrets(value: &Value) -> Vec<Found> {
    let mut found = Vec::new();
    visit(value, &mut found);
    found
}

fn visit(value: &Value, found: &mut Vec<Found>) {
    match &value.data {
        Data::Map(map) => {
            if let Some(data) = data(value).filter(|_| !argocd::is_harmless(value)) {
                let name = value.at(&["metadata", "name"]).and_then(Value::as_str).unwrap_or("without a name");
                found.push(Found { name: name.into(), span: data.origin.span });
                return;
            }
            map.entries().iter().for_each(|entry| visit(&entry.value, found));
        }
        Data::List(list) => list.items().iter().for_each(|item| visit(item, found)),
        Data::String(text) => {
            if let Some(name) = in_text(text, DEPTH) {
                found.push(Found { name, span: value.origin.span });
            }
        }
        Data::Late(late) => {
            if let Some(name) = in_text(&with_placeholders(late), DEPTH) {
                found.push(Found { name, span: value.origin.span });
            }
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Template(_) | Data::Broken => {}
    }
}

/// A late value as text, with a word for what only Terraform knows.
fn with_placeholders(late: &Late) -> String {
    let pieces = late.pieces.iter().map(|piece| match piece {
        LatePiece::Text(text) => text,
        LatePiece::Raw(_) | LatePiece::Reference(_) => LATE,
    });
    pieces.collect()
}

/// Whether a part of a late value is known now. What only separates late parts tells nothing.
pub(super) fn is_partly_written(late: &Late) -> bool {
    is_telling(&with_placeholders(late))
}

fn is_telling(text: &str) -> bool {
    text.replace(LATE, "").contains(char::is_alphanumeric)
}

/// The data of a Secret that is there to be read: a value in `data` or `stringData` that is not empty, and known now.
fn data(value: &Value) -> Option<&Value> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    // Most maps have no kind at all, so that is asked first.
    let kind = text("kind").filter(|kind| matches!(*kind, "Secret" | "SecretList"))?;
    if text("apiVersion").is_some_and(|version| version != "v1") {
        return None;
    }
    // The items of a list need no kind of their own.
    if kind == "Secret" { fields(value) } else { value.get("items")?.as_list()?.iter().find_map(fields) }
}

fn fields(secret: &Value) -> Option<&Value> {
    ["data", "stringData"].into_iter().filter_map(|key| secret.get(key)).find(|data| is_written(data))
}

fn is_written(data: &Value) -> bool {
    match &data.data {
        Data::Null | Data::Broken => false,
        Data::Late(late) => is_partly_written(late),
        Data::String(text) => !text.is_empty(),
        Data::Map(map) => map.entries().iter().any(|entry| is_written(&entry.value)),
        Data::List(list) => list.items().iter().any(is_written),
        Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Template(_) => true,
    }
}

/// The name of a Secret with data in a text that is YAML or JSON. One that is neither, because Helm fills it in first, is taken for one if
/// it looks like it: a false alarm can be cured, a password in a repository cannot.
fn in_text(text: &str, depth: usize) -> Option<Arc<str>> {
    // What is shorter than these words, or holds neither one of them nor an escape, is nothing to look into. Every text comes here.
    if text.len() < "Secretkinddata".len() || !(text.contains('\\') || text.contains("Secret")) {
        return None;
    }
    let plain = likeness::without_escapes(text);
    let is_likely = |text: &str| text.contains("Secret") && text.contains("kind") && (text.contains("data") || text.contains("stringData"));
    if depth == 0 || !is_likely(&plain) {
        return None;
    }
    let documents = text.split("\n---").map(|document| document.trim_start_matches("---"));
    documents.filter(|document| is_likely(&likeness::without_escapes(document))).find_map(|document| {
        let (root, is_whole) = parsed(document);
        let found = root.and_then(|root| in_node(&root, depth));
        // Keys that are merged in are not followed.
        let is_sure = is_whole && !document.contains("<<");
        found.or_else(|| (!is_sure && likeness::is_like_a_secret(document)).then(|| "without a name".into()))
    })
}

/// What can be made of a text, and whether that is all of it.
fn parsed(text: &str) -> (Option<Node>, bool) {
    // In a list below a key, because a document is a map and a text may be a list.
    let indented: String = text.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    let source = Source { path: "".into(), text: format!("x:\n{indented}").into(), grammar: Grammar::Yaml, library: false };
    let mut said = Diagnostics::default();
    let root = document::parse_one(FileId(0), &source, &mut said).map(|document| document.root);
    (root, !said.has_errors())
}

fn in_node(node: &Node, depth: usize) -> Option<Arc<str>> {
    match &node.data {
        NodeData::Map(pairs) => {
            let text = |key: &str| node.get(key).and_then(Node::as_text);
            let is_core = text("apiVersion").is_none_or(|version| version == "v1");
            let has_data = |secret: &Node| ["data", "stringData"].into_iter().filter_map(|key| secret.get(key)).any(is_filled);
            let is_secret = match (text("kind"), node.get("items").map(|items| &items.data)) {
                (Some("Secret"), _) => has_data(node),
                (Some("SecretList"), Some(NodeData::List(items))) => items.iter().any(has_data),
                _ => false,
            };
            if is_core && is_secret {
                let name = node.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::as_text);
                return Some(name.unwrap_or("without a name").into());
            }
            pairs.iter().find_map(|pair| in_node(&pair.value, depth))
        }
        NodeData::List(items) => items.iter().find_map(|item| in_node(item, depth)),
        NodeData::String(scalar) => in_text(&scalar.text, depth - 1),
        NodeData::Null | NodeData::Bool(_) | NodeData::Int(_) | NodeData::Float(_) => None,
    }
}

fn is_filled(node: &Node) -> bool {
    match &node.data {
        NodeData::Null => false,
        NodeData::String(scalar) if scalar.text.contains(LATE) => is_telling(&scalar.text),
        NodeData::String(scalar) => !scalar.text.is_empty(),
        NodeData::Map(pairs) => pairs.iter().any(|pair| is_filled(&pair.value)),
        NodeData::List(items) => items.iter().any(is_filled),
        NodeData::Bool(_) | NodeData::Int(_) | NodeData::Float(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::LateReference;
    use crate::origin::{LayerId, Origin};

    #[test]
    fn a_late_part_hides_no_written_one() {
        let reference = LateReference { stack: "".into(), address: "a.b.c".into(), output: None, span: Span::new(FileId(0), 0, 0) };
        let late = |text: &str| Late { pieces: vec![LatePiece::Text(text.into()), LatePiece::Reference(reference.clone())] };
        assert!(is_partly_written(&late("hunter2")));
        assert!(!is_partly_written(&late(":")));
        assert!(!is_partly_written(&Late::reference(reference.clone())));
        let origin = Origin { span: Span::new(FileId(0), 0, 0), layer: LayerId::COMPUTED };
        let found = |text: &str| secrets(&Value { data: Data::Late(Arc::new(late(text))), ..Value::broken(origin) }).len();
        assert_eq!(found("kind: Secret\nstringData:\n  a: hunter2\n  b: "), 1);
        assert_eq!(found("kind: Secret\nstringData:\n  b: "), 0);
    }

    #[test]
    fn secrets_are_found_in_texts() {
        for (text, expected) in [
            ("kind: Secret\napiVersion: v1\nstringData: { a: b }\n", true),
            ("{\"kind\": \"Secret\", \"apiVersion\": \"v1\", \"data\": {\"a\": \"Yg==\"}}", true),
            ("- kind: ConfigMap\n  data: {a: b}\n- kind: Secret\n  apiVersion: v1\n  data: {a: Yg==}\n", true),
            ("kind: ConfigMap\n---\napiVersion: v1\nkind: Secret\ndata:\n  a: Yg==\n", true),
            ("kind: Secret\napiVersion: v1\nstringData:\n  a: {{ .Values.a }}\n", true),
            ("kind: ConfigMap\ndata:\n  inner: |\n    kind: Secret\n    stringData: {a: b}\n", true),
            ("kind: Secret\napiVersion: v1\ndata: {}\n", false),
            ("kind: Secret\napiVersion: v1\ndata: { a: null }\n", false),
            ("kind: SealedSecret\nspec: { encryptedData: { a: b }, template: { data: { c: d } } }\n", false),
            ("kind: Secret\napiVersion: example.com/v1\ndata: { a: b }\n", false),
            ("this kind of data is no Secret", false),
            ("kind: SecretList\napiVersion: v1\nitems: [{ data: { a: Yg== } }]\n", true),
            ("{\"kind\": \"\\u0053ecret\", \"data\": {\"a\": \"Yg==\"}}", true),
            ("{\"kind\": \"ConfigMap\"}\n{\"kind\": \"Secret\", \"data\": {\"a\": \"Yg==\"}}", true),
            ("{{ if x }}\n{\"kind\": \"Secret\", \"data\": {\"a\": \"Yg==\"}}\n{{ end }}\n", true),
            ("kind: Secret # mine\nstringData:\n  a: {{ .x }}\n", true),
            ("a: &a { kind: Secret }\nb:\n  <<: *a\n  data: { a: Yg== }\n", true),
            ("kind: Secret\nstringData: { a: platc-late-value }\n", false),
            ("kind: Secret\nstringData: { a: hunter2, b: platc-late-value }\n", true),
            ("kind: Secret\nstringData: { a: hunter2platc-late-value }\n", true),
            ("To refer to one, write\nkind: Secret\nand the data: it holds\n", false),
            ("data: { a: b }\nignoreDifferences:\n  - kind: Secret\n    x: {{ y }}\n", false),
        ] {
            assert_eq!(in_text(text, DEPTH).is_some(), expected, "{text}");
        }
    }
}
