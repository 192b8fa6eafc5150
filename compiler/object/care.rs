//! Objects that whoever installs them must treat with care: namespaces and claims of what keeps data stay when nothing wants them any more, and jobs, of which
//! nothing can be changed, are made anew. In come finished renderings, out go the same with annotations that say so; what an object says itself stays.

use super::{ObjectName, Rendering};
use crate::model::Model;
use crate::origin::{LayerId, Origin};
use crate::syncing::{self, Annotation, Care};
use crate::value::{Data, Entry, Map, Value};
use std::sync::Arc;

/// Annotates the objects of all renderings.
pub(super) fn take(model: &Model, renderings: &mut [Rendering]) {
    for rendering in renderings {
        let environment = model.environment(model.entity(rendering.entity).environment);
        let delivery = environment.value.get("delivery").and_then(Value::as_str).unwrap_or_default();
        for manifest in &mut rendering.manifests {
            if let Some(care) = need(&manifest.object, &manifest.value, rendering.keeps_data) {
                manifest.value = annotated(&manifest.value, syncing::annotations(care, delivery));
            }
        }
    }
}

fn need(object: &ObjectName, value: &Value, keeps_data: bool) -> Option<Care> {
    let is_hook = || syncing::HOOKS.iter().any(|hook| value.at(&["metadata", "annotations", hook]).is_some());
    match (object.group(), &*object.kind) {
        ("", "Namespace" | "PersistentVolumeClaim") if keeps_data => Some(Care::Stays),
        ("batch", "Job") if !is_hook() => Some(Care::Anew),
        (_, _) => None,
    }
}

/// The object with these annotations beside its own, unless its own say how it is to be treated.
fn annotated(object: &Value, annotations: &[Annotation]) -> Value {
    let add = |own: &Value| {
        if annotations.iter().any(|annotation| says(own, annotation)) {
            return own.clone();
        }
        annotations.iter().fold(own.clone(), |own, annotation| {
            let said = own.get(annotation.key).and_then(Value::as_str).filter(|said| !said.trim().is_empty());
            let text: Arc<str> = said.map_or(annotation.text.into(), |said| format!("{said},{}", annotation.text).into());
            with(&own, annotation.key, |before| Value::string(Arc::clone(&text), before.origin))
        })
    };
    with(object, "metadata", |metadata| with(metadata, "annotations", add))
}

/// Whether annotations say themselves what one of these would.
fn says(own: &Value, annotation: &Annotation) -> bool {
    let Some(said) = own.get(annotation.key) else { return false };
    said.as_str().is_none_or(|said| {
        let mut words = said.split(',').map(|part| part.split_once('=').map_or(part, |(word, _)| word).trim());
        annotation.unless.is_empty() || words.any(|word| annotation.unless.contains(&word))
    })
}

/// A map with one entry changed, or added behind the others: then it comes from nobody's line but the map's own.
fn with(map: &Value, key: &str, change: impl FnOnce(&Value) -> Value) -> Value {
    // What waits for facts is not known yet.
    let Some(mut entries) = map.as_map().map(|map| map.entries().to_vec()) else { return map.clone() };
    match entries.iter_mut().find(|entry| &*entry.key == key) {
        Some(entry) => entry.value = change(&entry.value),
        None => {
            let origin = Origin { span: map.origin.span, layer: LayerId::COMPUTED };
            entries.push(Entry::plain(key, map.origin.span, change(&Value::map(Vec::new(), origin))));
        }
    }
    Value { data: Data::Map(Arc::new(Map::new(entries))), ..map.clone() }
}
