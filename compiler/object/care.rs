//! Objects that whoever installs them must treat with care: namespaces and claims of what keeps data stay when nothing wants them any more, and jobs, of which
//! nothing can be changed, are made anew. In come finished renderings, out go the same with annotations that say so; what an object says itself stays.

use super::{ObjectName, Rendering};
use crate::model::Model;
use crate::origin::{LayerId, Origin};
use crate::syncing::OBJECT_OPTIONS;
use crate::value::{Data, Entry, Map, Value};
use std::sync::Arc;

/// An annotation: its key, its value, and for options of a sync the words of which one is enough to leave them alone.
struct Annotation {
    key: &'static str,
    text: &'static str,
    unless: &'static [&'static str],
}

const STAYS: [Annotation; 2] = [
    Annotation { key: OBJECT_OPTIONS, text: "Prune=false,Delete=false", unless: &["Prune", "Delete"] },
    Annotation { key: "argocd.argoproj.io/compare-options", text: "IgnoreExtraneous", unless: &["IgnoreExtraneous"] },
];
const STAYS_IN_FLUX: [Annotation; 1] = [Annotation { key: "kustomize.toolkit.fluxcd.io/prune", text: "disabled", unless: &[] }];
const ANEW: [Annotation; 1] = [Annotation { key: OBJECT_OPTIONS, text: "Replace=true,Force=true", unless: &["Replace", "Force"] }];
const ANEW_IN_FLUX: [Annotation; 1] = [Annotation { key: "kustomize.toolkit.fluxcd.io/force", text: "enabled", unless: &[] }];

/// Hooks are made anew by themselves.
const HOOKS: [&str; 2] = ["argocd.argoproj.io/hook", "helm.sh/hook"];

/// Annotates the objects of all renderings.
pub(super) fn take(model: &Model, renderings: &mut [Rendering]) {
    for rendering in renderings {
        let environment = model.environment(model.entity(rendering.entity).environment);
        let flux = environment.value.get("delivery").and_then(Value::as_str) == Some("flux");
        for manifest in &mut rendering.manifests {
            let annotations: &[Annotation] = match need(&manifest.object, &manifest.value, rendering.keeps_data) {
                None => continue,
                Some(Care::Stays) if flux => &STAYS_IN_FLUX,
                Some(Care::Stays) => &STAYS,
                Some(Care::Anew) if flux => &ANEW_IN_FLUX,
                Some(Care::Anew) => &ANEW,
            };
            manifest.value = annotated(&manifest.value, annotations);
        }
    }
}

enum Care {
    /// It stays where it is.
    Stays,
    /// It is made anew where it changes.
    Anew,
}

fn need(object: &ObjectName, value: &Value, keeps_data: bool) -> Option<Care> {
    let is_hook = || HOOKS.iter().any(|hook| value.at(&["metadata", "annotations", hook]).is_some());
    match (object.group(), &*object.kind) {
        ("", "Namespace" | "PersistentVolumeClaim") if keeps_data => Some(Care::Stays),
        ("batch", "Job") if !is_hook() => Some(Care::Anew),
        (_, _) => None,
    }
}

/// The object with these annotations, beside its own.
fn annotated(object: &Value, annotations: &[Annotation]) -> Value {
    with(object, "metadata", |metadata| {
        with(metadata, "annotations", |own| annotations.iter().fold(own.clone(), |own, annotation| annotation.onto(&own)))
    })
}

impl Annotation {
    fn onto(&self, own: &Value) -> Value {
        let said = own.get(self.key).and_then(Value::as_str).filter(|said| !said.trim().is_empty());
        let is_said = said.is_some_and(|said| {
            let mut words = said.split(',').map(|part| part.split_once('=').map_or(part, |(word, _)| word).trim());
            self.unless.is_empty() || words.any(|word| self.unless.contains(&word))
        });
        if is_said || own.get(self.key).is_some_and(|value| value.as_str().is_none()) {
            return own.clone();
        }
        let text: Arc<str> = said.map_or(self.text.into(), |said| format!("{said},{}", self.text).into());
        with(own, self.key, |before| Value::string(Arc::clone(&text), before.origin))
    }
}

/// A map with one entry changed, or added behind the others: then it comes from nobody's line but the map's own.
fn with(map: &Value, key: &str, change: impl FnOnce(&Value) -> Value) -> Value {
    let mut entries = map.as_map().map(Map::entries).unwrap_or_default().to_vec();
    match entries.iter_mut().find(|entry| &*entry.key == key) {
        Some(entry) => entry.value = change(&entry.value),
        None => {
            let origin = Origin { span: map.origin.span, layer: LayerId::COMPUTED };
            entries.push(Entry::plain(key, map.origin.span, change(&Value::map(Vec::new(), origin))));
        }
    }
    Value { data: Data::Map(Arc::new(Map::new(entries))), ..map.clone() }
}
