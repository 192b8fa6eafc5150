//! Kubernetes objects and charts: what every backend relies on is checked here.

use super::template::Expander;
use super::{Chart, Manifest, ObjectName, Rendering, errors};
use crate::diagnostic::Diagnostics;
use crate::model::{EntityId, Model};
use crate::secret::holds_login;
use crate::value::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The objects of an entity, those that are whole.
pub(super) fn manifests(expander: &mut Expander<'_, '_>) -> Vec<Manifest> {
    let Some(value) = expander.early("manifests", "a Kubernetes object") else { return Vec::new() };
    let entries = value.as_map().map(Map::entries).unwrap_or_default();
    let mut manifests = Vec::with_capacity(entries.len());
    for entry in entries {
        match ObjectName::of(&entry.value) {
            Ok(object) => manifests.push(Manifest { name: Arc::clone(&entry.key), object, value: entry.value.clone() }),
            // It waits.
            Err(missing) if names_wait(&entry.value, missing) => {}
            Err(missing) => expander.report(errors::incomplete_object(&entry.key, &missing.join("."), entry.span)),
        }
    }
    manifests
}

/// Whether what names an object or a chart is late, so that it is not known what it is called.
fn names_wait(value: &Value, path: &[&str]) -> bool {
    value.at(path).is_some_and(Value::is_late)
}

/// The chart of an entity, if it is whole.
pub(super) fn chart(expander: &mut Expander<'_, '_>) -> Option<Chart> {
    let value = expander.early("helm", "a Helm value")?;
    let known = ["repository", "chart", "version", "releaseName", "namespace", "values"];
    for entry in value.as_map().map(Map::entries).unwrap_or_default() {
        if !known.contains(&&*entry.key) {
            expander.report(errors::unknown_part("helm", &entry.key, entry.span, &known));
        }
    }
    let text = |key: &str| value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(Arc::<str>::from);
    if let Some(missing) = ["repository", "chart", "version"].into_iter().find(|key| text(key).is_none()) {
        if names_wait(&value, &[missing]) {
            return None;
        }
        let span = value.get(missing).map_or(expander.class_span(), |value| value.origin.span);
        expander.report(errors::incomplete_chart(missing, span));
        return None;
    }
    let address = value.get("repository").filter(|address| address.as_str().is_some_and(holds_login));
    if let Some(address) = address {
        expander.world.doubt(address);
        expander.report(errors::repository_with_login(address.origin.span));
    }
    let entity = expander.world.entity(expander.id);
    let field = entity.value.get("namespace").and_then(Value::as_str).map(Arc::<str>::from);
    Some(Chart {
        repository: text("repository")?,
        chart: text("chart")?,
        version: text("version")?,
        release: text("releaseName").unwrap_or_else(|| expander.world.model.outside(entity)),
        namespace: text("namespace").or(field).unwrap_or_else(|| expander.world.model.outside(entity)),
        values: value.get("values").filter(|values| values.as_map().is_some_and(|map| !map.entries().is_empty())).cloned(),
        span: expander.written("helm").map_or(value.origin.span, |section| section.origin.span),
        said: value,
    })
}

/// Reports objects that two entities (or one entity twice) would put on the same cluster.
pub(super) fn check_collisions(model: &Model, renderings: &[Rendering], diagnostics: &mut Diagnostics) {
    type Collisions<'a> = BTreeMap<(EntityId, EntityId), Vec<(String, &'a Manifest, &'a Manifest)>>;
    type Seen<'a> = BTreeMap<EntityId, BTreeMap<(&'a str, &'a str, &'a str, &'a str), (EntityId, &'a Manifest)>>;
    let mut seen: Seen<'_> = BTreeMap::new();
    let mut collisions: Collisions<'_> = BTreeMap::new();
    for rendering in renderings {
        let Some(cluster) = model.entity(rendering.entity).cluster else { continue };
        for manifest in &rendering.manifests {
            let key = manifest.object.key();
            let seen = seen.entry(cluster).or_default();
            if let Some((other, first)) = seen.get(&key) {
                collisions.entry((*other, rendering.entity)).or_default().push((manifest.object.words(), first, manifest));
            } else {
                seen.insert(key, (rendering.entity, manifest));
            }
        }
    }
    // Two entities that make a namespace of one name make all that is in it twice: one cause, one report.
    for ((one, other), objects) in &collisions {
        if let Some(((what, first, second), more)) = objects.split_first() {
            let more: Vec<&str> = more.iter().map(|(what, _, _)| what.as_str()).collect();
            let spans = (first.value.origin.span, second.value.origin.span);
            diagnostics.push(errors::objects_collide(what, &more, (model.entity(*one), model.entity(*other)), spans));
        }
    }
}
