//! Suggestions to call a key as another one beside it is called already: in come what was said and the documents, out go hints that do not lead to a
//! key that is written twice.

use super::{Document, Node, NodeData, Pair};
use crate::diagnostic::{Diagnostics, Label, Replacement};
use crate::source::Sources;
use crate::span::Span;
use std::sync::Arc;

/// Says of a key that is taken for a misspelt one which stands beside it that one of both is too many.
pub(crate) fn beside(diagnostics: &mut Diagnostics, documents: &[Arc<Document>], sources: &Sources) {
    diagnostics.edit(|diagnostic| {
        let Some(edit) = &diagnostic.replacement else { return };
        let Some(document) = documents.iter().find(|document| document.file == edit.span.file) else { return };
        let Some((written, other)) = twice(&document.root, edit) else { return };
        let (written, meant) = (sources.text(written.key_span), sources.text(other.key_span));
        diagnostic.hint = Some(format!("remove `{written}`, or write its value to `{meant}`"));
        diagnostic.replacement = None;
        if diagnostic.labels.iter().all(|label| label.span != other.key_span) {
            diagnostic.labels.push(Label { span: other.key_span, text: format!("`{meant}` is set here") });
        }
    });
}

/// The pair whose key an edit changes, and the one beside it that has the new key.
fn twice<'d>(node: &'d Node, edit: &Replacement) -> Option<(&'d Pair, &'d Pair)> {
    let holds = |outer: Span| outer.start <= edit.span.start && edit.span.end <= outer.end;
    let meant = edit.text.trim_matches(['"', '\'']);
    let mut node = node;
    loop {
        let pairs = match &node.data {
            NodeData::Map(pairs) => pairs,
            NodeData::List(items) => {
                node = items.iter().find(|item| holds(item.span))?;
                continue;
            }
            NodeData::Null | NodeData::Bool(_) | NodeData::Int(_) | NodeData::Float(_) | NodeData::String(_) | NodeData::Broken => {
                return None;
            }
        };
        if let Some(pair) = pairs.iter().find(|pair| pair.key_span == edit.span) {
            return Some((pair, pairs.iter().find(|other| other.key_span != pair.key_span && *other.key.text == *meant)?));
        }
        node = pairs.iter().map(|pair| &pair.value).find(|value| holds(value.span))?;
    }
}
