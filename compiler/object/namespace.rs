//! Where objects go that name no namespace. In comes what an entity became, out goes the namespace into which whoever installs puts them; whether
//! it is there is decided elsewhere.

use super::{Manifest, Rendering};
use crate::model::{EntityId, Model};
use crate::value::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// The namespace for what names none: the one that is said, else that of the chart, the field, the objects, or the only one of the tenant, for
/// which the tenant is asked.
#[must_use]
pub(crate) fn namespace(rendering: &Rendering, model: &Model, only: impl FnOnce(EntityId) -> Option<Arc<str>>) -> Arc<str> {
    let entity = model.entity(rendering.entity);
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(Arc::from);
    let said = text(rendering.told.as_ref().and_then(|told| told.get("namespace")));
    let chart = || rendering.chart.as_ref().map(|chart| Arc::clone(&chart.namespace));
    // Where the objects themselves say it, no further namespace is needed.
    let objects = || {
        let names = || rendering.manifests.iter().map(|manifest| &manifest.object);
        let written = names().find_map(|object| object.namespace.as_ref());
        written.or_else(|| names().find(|object| object.is_namespace()).map(|object| &object.name)).map(Arc::clone)
    };
    // No other would be allowed to a tenant with one namespace.
    let only = || only(entity.tenant?);
    said.or_else(chart)
        .or_else(|| text(entity.value.get("namespace")))
        .or_else(objects)
        .or_else(only)
        .unwrap_or_else(|| model.outside(entity))
}

/// The namespace in which an object ends up; empty for one that belongs to none. `default` is asked where it names none.
pub(super) fn of<'a>(manifest: &'a Manifest, default: impl FnOnce() -> Arc<str>) -> Cow<'a, str> {
    match &manifest.object.namespace {
        Some(namespace) => Cow::Borrowed(namespace),
        None if manifest.object.is_cluster_wide() => Cow::Borrowed(""),
        None => Cow::Owned(default().to_string()),
    }
}
