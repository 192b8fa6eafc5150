//! Suggestions to call a key as another one beside it is called already: in come what was said and the documents, out go hints that do not lead to a
//! key that is written twice.

use super::{Document, Node, NodeData, Pair};
use crate::diagnostic::{Diagnostics, Label};
use crate::source::Sources;
use crate::span::{FileId, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Says of a key that is taken for a misspelt one which stands beside it that one of both is too many.
pub(crate) fn beside(diagnostics: &mut Diagnostics, documents: &[Arc<Document>], sources: &Sources) {
    let edits = diagnostics.iter().filter_map(|diagnostic| diagnostic.replacement.as_ref());
    let edits: BTreeMap<Span, String> = edits.map(|edit| (edit.span, edit.text.trim_matches(['"', '\'']).to_owned())).collect();
    let files: BTreeSet<FileId> = edits.keys().map(|span| span.file).collect();
    // All maps are looked at once, however many edits there are.
    let mut others: BTreeMap<Span, Span> = BTreeMap::new();
    let mut nodes: Vec<&Node> = documents.iter().filter(|document| files.contains(&document.file)).map(|document| &document.root).collect();
    while let Some(node) = nodes.pop() {
        match &node.data {
            NodeData::Map(pairs) => {
                twice(pairs, &edits, &mut others);
                nodes.extend(pairs.iter().map(|pair| &pair.value));
            }
            NodeData::List(items) => nodes.extend(items),
            NodeData::Null | NodeData::Bool(_) | NodeData::Int(_) | NodeData::Float(_) | NodeData::String(_) | NodeData::Broken => {}
        }
    }
    if others.is_empty() {
        return;
    }
    diagnostics.edit(|diagnostic| {
        let Some((written, other)) = diagnostic.replacement.as_ref().and_then(|edit| others.get_key_value(&edit.span)) else { return };
        let meant = sources.text(*other);
        diagnostic.hint = Some(format!("remove `{}`, or write its value to `{meant}`", sources.text(*written)));
        diagnostic.replacement = None;
        if diagnostic.labels.iter().all(|label| label.span != *other) {
            diagnostic.labels.push(Label { span: *other, text: format!("`{meant}` is set here") });
        }
    });
}

/// The keys of a map that edits would make another one of the same map, each with that.
fn twice(pairs: &[Pair], edits: &BTreeMap<Span, String>, others: &mut BTreeMap<Span, Span>) {
    let edited: Vec<(Span, &str)> =
        pairs.iter().filter_map(|pair| edits.get_key_value(&pair.key_span)).map(|(span, text)| (*span, text.as_str())).collect();
    if edited.is_empty() {
        return;
    }
    let keys: BTreeMap<&str, Span> = pairs.iter().map(|pair| (&*pair.key.text, pair.key_span)).collect();
    let known = edited.into_iter().filter_map(|(span, text)| Some((span, *keys.get(text)?)));
    others.extend(known.filter(|(span, other)| span != other));
}
