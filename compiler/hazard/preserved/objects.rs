//! What of objects on clusters, and of the values of charts, preserves less than before. In come all of a cluster before and after, out go reports.

use super::{PreservedFlaw, PreservedStep, flaws, lines, told};
use crate::diagnostic::Diagnostics;
use crate::hazard::PlatformChange;
use crate::hazard::cluster::{ClusterObjectKey, all};
use crate::model::EntityId;
use crate::object::Manifest;
use crate::span::Span;
use crate::value::{Data, Value};
use serde_json::Value as Json;
use std::collections::BTreeMap;

pub(in crate::hazard) fn report(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    let matters = |manifest: &Manifest| !lines(&subject(manifest)).is_empty();
    let before: BTreeMap<ClusterObjectKey<'_>, (EntityId, &Manifest)> =
        all(change.before.model, change.before.objects, &matters).map(|(key, id, manifest)| (key, (id, manifest))).collect();
    for (key, id, manifest) in all(change.now.model, change.now.objects, &matters).filter(|(_, id, _)| change.is_chosen(*id)) {
        let Some((was, old)) = before.get(&key).filter(|(_, old)| !old.value.same_data(&manifest.value)) else { continue };
        for flaw in flaws(&[&subject(manifest)], &json(&old.value), &json(&manifest.value)) {
            let at = place(change, (&old.value, *was), (&manifest.value, id), &flaw);
            diagnostics.push(told(&manifest.object.words(), &flaw, at).about(change.now.model.entity(id).subject()));
        }
    }
    let charts = |objects: &'_ crate::object::Objects| -> BTreeMap<EntityId, Value> {
        let all = objects.renderings.iter().filter(|rendering| rendering.waits.is_empty());
        all.filter_map(|rendering| Some((rendering.entity, rendering.chart.as_ref()?.values.clone()?))).collect()
    };
    let (old_values, now_values) = (charts(change.before.objects), charts(change.now.objects));
    for (entity, old, new) in change.renderings() {
        let (Some(chart), Some(former)) = (&new.chart, &old.chart) else { continue };
        let subject = format!("chart:{}", chart.chart);
        if former.chart != chart.chart || lines(&subject).is_empty() {
            continue;
        }
        let empty = Value::map(Vec::new(), chart.said.origin);
        let was = old_values.get(&old.entity).unwrap_or(&empty);
        let is = now_values.get(&new.entity).unwrap_or(&empty);
        for flaw in flaws(&[&subject], &json(was), &json(is)) {
            let at = place(change, (was, old.entity), (is, new.entity), &flaw);
            let words = format!("{} `{}`, a value of its chart,", entity.kind.words(), entity.name);
            diagnostics.push(told(&words, &flaw, at).about(entity.subject()));
        }
    }
}

/// How the list calls an object.
pub(super) fn subject(manifest: &Manifest) -> String {
    format!("{}/{}", manifest.object.group(), manifest.object.kind)
}

/// Where it is decided that a part is what it is.
fn place(change: &PlatformChange<'_>, (was, old): (&Value, EntityId), (is, new): (&Value, EntityId), flaw: &PreservedFlaw) -> Span {
    let (mut before, mut now) = (Some(was), Some(is));
    for step in &flaw.path {
        before = before.and_then(|value| step_into(value, step));
        now = now.and_then(|value| step_into(value, step));
    }
    change.decided_by_user((before, now), (old, change.now.model.entity(new)))
}

fn step_into<'v>(value: &'v Value, step: &PreservedStep) -> Option<&'v Value> {
    match step {
        PreservedStep::Key(key) => value.get(key),
        PreservedStep::Position(at) => value.as_list()?.get(*at),
    }
}

/// A value as JSON; what is known only later is the beginning of a reference, which is not judged.
pub(super) fn json(value: &Value) -> Json {
    match &value.data {
        Data::Null | Data::Broken => Json::Null,
        Data::Template(_) | Data::Pending(_) | Data::Late(_) => "${".into(),
        Data::Bool(bool) => (*bool).into(),
        Data::Int(int) => (*int).into(),
        Data::Float(float) => (*float).into(),
        Data::String(text) => Json::String(text.to_string()),
        Data::List(list) => list.items().iter().map(json).collect(),
        Data::Map(map) => map.entries().iter().map(|entry| (entry.key.to_string(), json(&entry.value))).collect(),
    }
}
