//! Texts that are YAML or JSON themselves, so that a Secret may stand in them. In comes a text, out goes the name of the first Secret with
//! data. What is neither yet, because Helm fills it in first, is judged by its lines.

use super::{likeness, literal};
use crate::diagnostic::Diagnostics;
use crate::document;
use crate::origin::LayerId;
use crate::source::{Grammar, Source};
use crate::span::FileId;
use crate::value::Value;
use std::sync::Arc;

/// The name of a Secret with data in a text. One that only looks like it counts: a false alarm can be cured, a password in a repository
/// cannot.
pub(super) fn secret(text: &str, depth: usize) -> Option<Arc<str>> {
    // Every text comes here, and most are shorter than what is looked for, or hold neither its word nor an escape.
    let may_be = text.len() >= "Secretkinddata".len() && (text.contains('\\') || text.contains("ecret"));
    if depth == 0 || !may_be || !is_likely(&likeness::without_escapes(text)) {
        return None;
    }
    let documents = text.split("\n---").map(|document| document.trim_start_matches("---"));
    documents.filter(|document| is_likely(&likeness::without_escapes(document))).find_map(|document| {
        let (root, is_whole) = parsed(document);
        let found = root.and_then(|root| literal::first(&root, depth - 1));
        // Keys that are merged in are not followed.
        let is_sure = is_whole && !document.contains("<<");
        found.or_else(|| (!is_sure && likeness::is_like_a_secret(document)).then(|| "without a name".into()))
    })
}

/// The value that a text is as a whole, if it is one.
pub(super) fn read(text: &str) -> Option<Value> {
    parsed(text).0.and_then(|root| root.get(ROOT).cloned())
}

fn is_likely(text: &str) -> bool {
    let is_object = text.contains("Secret") && text.contains("kind") && (text.contains("data") || text.contains("stringData"));
    is_object || text.contains("secretGenerator")
}

/// The key that a text is put below: a document is a map, and a text may be a list.
const ROOT: &str = "x";

/// What can be made of a text, and whether that is all of it.
fn parsed(text: &str) -> (Option<Value>, bool) {
    let indented: String = text.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    let source = Source { path: "".into(), text: format!("{ROOT}:\n{indented}").into(), grammar: Grammar::Yaml, library: false };
    let mut said = Diagnostics::default();
    let root = document::parse_one(FileId(0), &source, &mut said).map(|document| document.root.verbatim(LayerId::COMPUTED));
    (root, !said.has_errors())
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
            assert_eq!(secret(text, 4).is_some(), expected, "{text}");
        }
    }
}
