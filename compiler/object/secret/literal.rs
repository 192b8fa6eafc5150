//! Kubernetes Secrets whose data is written out, wherever they stand: as objects, inside of other objects and lists of them, in Helm values,
//! and in texts that are YAML or JSON themselves.

use super::argocd;
use crate::diagnostic::Diagnostics;
use crate::document::{self, Node, NodeData};
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
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Template(_) | Data::Late(_) | Data::Broken => {}
    }
}

/// The data of a Secret that is there to be read: a value in `data` or `stringData` that is not empty, and known now.
fn data(value: &Value) -> Option<&Value> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    if text("kind") != Some("Secret") || text("apiVersion").is_some_and(|version| version != "v1") {
        return None;
    }
    ["data", "stringData"].into_iter().filter_map(|key| value.get(key)).find(|data| is_written(data))
}

fn is_written(data: &Value) -> bool {
    match &data.data {
        Data::Null | Data::Late(_) | Data::Broken => false,
        Data::String(text) => !text.is_empty(),
        Data::Map(map) => map.entries().iter().any(|entry| is_written(&entry.value)),
        Data::List(list) => list.items().iter().any(is_written),
        Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Template(_) => true,
    }
}

/// The name of a Secret with data in a text that is YAML or JSON. One that is neither, because Helm fills it in first, is taken for one if
/// it looks like it: a false alarm can be cured, a password in a repository cannot.
fn in_text(text: &str, depth: usize) -> Option<Arc<str>> {
    let is_likely = text.contains("Secret") && text.contains("kind") && (text.contains("data") || text.contains("stringData"));
    if depth == 0 || !is_likely {
        return None;
    }
    let documents = text.split("\n---").map(|document| document.trim_start_matches("---"));
    documents.filter(|document| document.contains("Secret")).find_map(|document| {
        let (root, is_whole) = parsed(document);
        let found = root.and_then(|root| in_node(&root, depth));
        found.or_else(|| (!is_whole && looks_like_one(document)).then(|| "without a name".into()))
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
            let is_secret = text("kind") == Some("Secret") && text("apiVersion").is_none_or(|version| version == "v1");
            if is_secret && ["data", "stringData"].into_iter().filter_map(|key| node.get(key)).any(is_filled) {
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
        NodeData::String(scalar) => !scalar.text.is_empty(),
        NodeData::Map(pairs) => pairs.iter().any(|pair| is_filled(&pair.value)),
        NodeData::List(items) => items.iter().any(is_filled),
        NodeData::Bool(_) | NodeData::Int(_) | NodeData::Float(_) => true,
    }
}

fn looks_like_one(text: &str) -> bool {
    let field = |line: &str, key: &str| -> Option<String> {
        let line = line.trim_start().trim_start_matches("- ").trim_start();
        let rest = line.trim_start_matches(['"', '\'']).strip_prefix(key)?.trim_start_matches(['"', '\'']);
        rest.trim_start().strip_prefix(':').map(|value| value.trim().trim_matches(['"', '\'', ',']).to_owned())
    };
    let kind = text.lines().any(|line| field(line, "kind").is_some_and(|kind| kind == "Secret"));
    let empty = |value: &str| matches!(value, "{}" | "null" | "~");
    kind && text.lines().any(|line| ["data", "stringData"].iter().any(|key| field(line, key).is_some_and(|value| !empty(&value))))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert_eq!(in_text(text, DEPTH).is_some(), expected, "{text}");
        }
    }
}
