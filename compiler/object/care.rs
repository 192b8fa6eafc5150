//! Objects that whoever installs them must treat with care: namespaces and claims of what keeps data, and namespaces that it is in, stay when nothing wants them any
//! more, and jobs, of which nothing can be changed, are made anew. In come finished renderings, out go the same with annotations that say so; what an object says
//! itself stays.

use super::{ObjectName, Rendering, namespace};
use crate::model::{EntityId, EnvironmentId, Model};
use crate::origin::{LayerId, Origin};
use crate::syncing::{self, Annotation, Care};
use crate::table::{Holding, object_holds};
use crate::value::{Data, Entry, Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where a namespace is: its environment and cluster.
type NamespacePlace = (EnvironmentId, Option<EntityId>);

/// Annotates the objects of all renderings.
pub(super) fn take(model: &Model, renderings: &mut [Rendering]) {
    let place = |rendering: &Rendering| -> NamespacePlace {
        let entity = model.entity(rendering.entity);
        (entity.environment, entity.cluster)
    };
    let keeping = renderings.iter().filter(|rendering| rendering.keeps_data);
    let held: BTreeSet<(NamespacePlace, Arc<str>)> = keeping
        .flat_map(|rendering| data_namespaces(rendering, model).into_iter().map(|namespace| (place(rendering), namespace)))
        .collect();
    for rendering in renderings {
        let at = place(rendering);
        let delivery = model.environment(at.0).delivery();
        for manifest in &mut rendering.manifests {
            let is_held = || manifest.object.is_namespace() && held.contains(&(at, Arc::clone(&manifest.object.name)));
            if let Some(care) = need(&manifest.object, &manifest.value, rendering.keeps_data || is_held()) {
                manifest.value = annotated(&manifest.value, syncing::annotations(care, delivery));
            }
        }
    }
}

/// Namespaces in which something that keeps data has what may hold it, whoever makes them.
#[must_use]
pub(crate) fn data_namespaces(rendering: &Rendering, model: &Model) -> BTreeSet<Arc<str>> {
    let default = || namespace(rendering, model, |_| None);
    let is_elsewhere = rendering.told.as_ref().is_some_and(|told| told.get("source").is_some());
    let holders = rendering.manifests.iter().map(|manifest| &manifest.object).filter(|object| !object.is_namespace() && may_hold(object));
    let of_objects = holders.filter(|object| !object.is_cluster_wide()).map(|object| object.namespace.clone().unwrap_or_else(default));
    let of_chart = rendering.chart.iter().map(|chart| Arc::clone(&chart.namespace));
    of_objects.chain(of_chart).chain(is_elsewhere.then(default)).collect()
}

/// Whether an object may hold what Git has not.
#[must_use]
pub(crate) fn may_hold(object: &ObjectName) -> bool {
    object_holds(object.group(), &object.kind) != Holding::No
}

/// Whether an object of a thing says how it is to be treated when nothing wants it any more: that it stays, or that it goes.
#[must_use]
pub(crate) fn says_of_itself(object: &Value, model: &Model, id: EntityId) -> bool {
    let said = object.at(&["metadata", "annotations"]);
    let delivery = model.environment(model.entity(id).environment).delivery();
    said.is_some_and(|own| syncing::annotations(Care::Stays, delivery).iter().any(|annotation| says(own, annotation)))
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
            let text = annotation.beside(own.get(annotation.key).and_then(Value::as_str).unwrap_or_default());
            with(&own, annotation.key, |before| Value::string(text, before.origin))
        })
    };
    with(object, "metadata", |metadata| with(metadata, "annotations", add))
}

/// Whether annotations say themselves what one of these would.
fn says(own: &Value, annotation: &Annotation) -> bool {
    let Some(said) = own.get(annotation.key) else { return false };
    said.as_str().is_none_or(|said| annotation.is_said(said))
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
