//! Files that lie among definitions and hold none, because something else is meant to read them. In comes a document, out goes one report in place of
//! one for each of its keys.

use super::errors;
use super::index::TOP;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, NodeData, Pair};
use crate::source::Sources;

/// The keys of objects of Kubernetes that stand beside `metadata`.
const BESIDE_METADATA: [&str; 11] =
    ["apiVersion", "kind", "spec", "data", "stringData", "binaryData", "type", "rules", "subjects", "roleRef", "immutable"];

/// What is wrong with a document as a whole, if something else is meant to read it.
pub(super) fn document(document: &Document, sources: &Sources) -> Option<Diagnostic> {
    let NodeData::Map(pairs) = &document.root.data else { return None };
    let named = |name: &str| pairs.iter().find(|pair| &*pair.key.text == name);
    let text = |name: &str| named(name).filter(|pair| pair.value.as_text().is_some());
    let (version, kind) = (text("apiVersion"), text("kind"));
    if let (Some(version), Some(kind)) = (version, kind) {
        return Some(errors::kubernetes_object(version, kind));
    }
    let first = pairs.first()?;
    if sources.is_library(document.root.span) || pairs.iter().any(|pair| TOP.contains(&&*pair.key.text)) {
        return None;
    }
    let names_itself = named("metadata").is_some_and(|pair| is_map_with(pair, "name") || is_map_with(pair, "generateName"));
    let beside = |pair: &&Pair| BESIDE_METADATA.contains(&&*pair.key.text);
    if (names_itself && pairs.iter().any(|pair| beside(&pair))) || (version.or(kind).is_some() && pairs.len() > 1) {
        let missing: Vec<&str> = ["apiVersion", "kind"].into_iter().filter(|key| text(key).is_none()).collect();
        return Some(errors::part_of_kubernetes(first, &missing));
    }
    let (near, strange): (Vec<&Pair>, Vec<&Pair>) = pairs.iter().partition(|pair| errors::meant_kind(&pair.key.text, &TOP).is_some());
    (strange.len() > 1 && strange.len() > near.len()).then(|| errors::no_definitions(&strange, &TOP))
}

fn is_map_with(pair: &Pair, key: &str) -> bool {
    matches!(&pair.value.data, NodeData::Map(pairs) if pairs.iter().any(|inner| &*inner.key.text == key))
}
