//! Kubernetes objects and charts: what every backend relies on is checked here.

use super::part::is_fixed;
use super::template::Expander;
use super::{Chart, HandedObject, Manifest, ObjectName, Rendering, container, errors, metadata, namespace, owner, validation};
use crate::definition::{CHART_FIELDS, CHART_REQUIRED, incomplete_chart, unknown_part};
use crate::diagnostic::Diagnostics;
use crate::model::{EntityId, Model};
use crate::secret::holds_login;
use crate::span::Span;
use crate::value::{Data, Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a template makes, in words.
const WHAT: &str = "a Kubernetes object";

/// The objects of an entity, those that are whole.
pub(super) fn manifests(expander: &mut Expander<'_, '_>, said: Option<&Value>) -> Vec<Manifest> {
    let Some(value) = expander.whole_section("manifests") else { return Vec::new() };
    let entries = value.as_map().map(Map::entries).unwrap_or_default();
    let entity = expander.world.entity(expander.id);
    let class = expander.world.class(entity).filter(|_| entity.overrides.is_empty());
    let section = class.and_then(|class| class.section("manifests")).cloned();
    let mut manifests = Vec::with_capacity(entries.len());
    for entry in entries {
        let (made, owner) = owner::taken(&entry.value);
        let is_late = made.is_late();
        let before = expander.waits.len();
        let value = expander.known_at(made, WHAT, entry.span);
        let waits = if owner.is_some() { expander.waits.split_off(before) } else { Vec::new() };
        match ObjectName::of(&value) {
            Ok(object) => {
                metadata::check(expander, &entry.key, &value);
                let handed = owner.map(|owner| HandedObject::new(expander.id, owner, waits, is_late));
                let value = metadata::of_object(&value, said);
                let is_fixed = section.as_ref().and_then(|section| section.get(&entry.key)).is_some_and(is_fixed);
                validation::check(expander, &value, entry.span, is_fixed);
                container::check(expander, &value);
                manifests.push(Manifest { name: Arc::clone(&entry.key), object, value, handed });
            }
            // It waits.
            Err(missing) if names_wait(&value, missing) => expander.waits.extend(waits),
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
    for entry in value.as_map().map(Map::entries).unwrap_or_default() {
        if !CHART_FIELDS.contains(&&*entry.key) {
            expander.report(unknown_part("helm", &entry.key, entry.span, &CHART_FIELDS));
        }
    }
    let text = |key: &str| value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(Arc::<str>::from);
    if let Some(missing) = CHART_REQUIRED.into_iter().find(|key| text(key).is_none()) {
        if names_wait(&value, &[missing]) {
            return None;
        }
        let span = value.get(missing).map_or(expander.class_span(), |value| value.origin.span);
        expander.report(incomplete_chart(missing, span));
        return None;
    }
    value.get("values").into_iter().for_each(|values| numbers(expander, values));
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

/// Reports integers that Helm would change: it reads all numbers as those with a fraction.
pub(super) fn numbers(expander: &Expander<'_, '_>, values: &Value) {
    match &values.data {
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "what is lost is what is looked for")]
        Data::Int(int) if i128::from(*int) != (*int as f64) as i128 => {
            expander.report(errors::helm_rounds(*int, *int as f64, values.origin.span));
        }
        Data::List(list) => list.items().iter().for_each(|item| numbers(expander, item)),
        Data::Map(map) => map.entries().iter().for_each(|entry| numbers(expander, &entry.value)),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => {}
    }
}

/// What a cluster tells objects apart by: name, kind, namespace and group.
type ObjectPlace<'a> = (&'a str, &'a str, Cow<'a, str>, &'a str);

/// Reports objects that two entities (or one entity twice) would put on the same cluster.
pub(super) fn check_collisions(model: &Model, renderings: &[Rendering], diagnostics: &mut Diagnostics) {
    type Collisions<'a> = BTreeMap<(EntityId, EntityId), Vec<(String, &'a Manifest, &'a Manifest)>>;
    let mut seen: BTreeMap<EntityId, BTreeMap<ObjectPlace<'_>, (EntityId, &Manifest)>> = BTreeMap::new();
    let mut collisions: Collisions<'_> = BTreeMap::new();
    let only = |tenant: EntityId| only_namespace(tenant, renderings);
    for rendering in renderings {
        let Some(cluster) = model.entity(rendering.entity).cluster else { continue };
        for manifest in &rendering.manifests {
            let object = &manifest.object;
            let place = namespace::of(manifest, || namespace::namespace(rendering, model, only));
            let key = (&*object.name, &*object.kind, place, object.group());
            let seen = seen.entry(cluster).or_default();
            if let Some((other, first)) = seen.get(&key) {
                collisions.entry((*other, rendering.entity)).or_default().push((object.words_in(&key.2), first, manifest));
            } else {
                seen.insert(key, (rendering.entity, manifest));
            }
        }
    }
    // Two entities that make a namespace of one name make all that is in it twice: one cause, one report.
    for ((one, other), objects) in &collisions {
        if let Some((what, first, second)) = objects.first() {
            let mut others: Vec<(&str, Span, Span)> = Vec::new();
            for (name, first, second) in objects.iter().filter(|(name, _, _)| name != what) {
                if !others.iter().any(|(known, ..)| known == name) {
                    others.push((name, first.value.origin.span, second.value.origin.span));
                }
            }
            let same = objects.iter().filter(|(name, _, _)| name == what);
            let further: Vec<Span> = same.map(|(_, _, second)| second.value.origin.span).collect();
            let pair = (model.entity(*one), model.entity(*other));
            let collision = errors::objects_collide(what, &others, pair, (first.value.origin.span, &further));
            let is_by_default = first.object.namespace.is_some() != second.object.namespace.is_some();
            diagnostics.push(if is_by_default { errors::namespace_by_default(collision) } else { collision });
        }
    }
}

/// The namespace of a tenant that has no other.
fn only_namespace(tenant: EntityId, renderings: &[Rendering]) -> Option<Arc<str>> {
    let at = renderings.binary_search_by_key(&tenant, |rendering| rendering.entity).ok()?;
    let mut namespaces = renderings.get(at)?.manifests.iter().filter(|manifest| manifest.object.is_namespace());
    let first = namespaces.next()?;
    namespaces.next().is_none().then(|| Arc::clone(&first.object.name))
}
