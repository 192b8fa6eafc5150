//! `acceptsFrom` names things that may put objects into another's hands. In comes the model before it is decided what exists, out go warnings about those
//! that are nowhere: it is a permission, so it may speak of what is only in another environment. What it fits with a star may come later.

use super::errors;
use super::{Entity, Model};
use crate::diagnostic::Diagnostics;
use crate::name::{self, Kind};
use crate::span::Span;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The field that says from whom a thing takes objects.
pub(crate) const ACCEPTS: &str = "acceptsFrom";

/// Reports those that are named and exist in no environment.
pub(super) fn unknown(model: &Model, diagnostics: &mut Diagnostics) {
    let mut named: BTreeMap<Span, (&str, &Entity)> = BTreeMap::new();
    for (_, entity) in model.entities() {
        let said = entity.value.get(ACCEPTS).and_then(Value::as_list).unwrap_or_default();
        let exact = said.iter().filter_map(|item| Some((item.origin.span, (item.as_str()?, entity))));
        named.extend(exact.filter(|(_, (text, _))| text.contains('.') && !text.contains(['*', '?'])));
    }
    if named.is_empty() {
        return;
    }
    let known: BTreeSet<String> = model.entities().map(|(_, entity)| address(model, entity)).collect();
    for (span, (text, entity)) in named.into_iter().filter(|(_, (text, _))| !known.contains(*text)) {
        let near = name::nearest(text, known.iter().map(String::as_str));
        diagnostics.push(errors::giver_nowhere(text, span, near).about(entity.subject()));
    }
}

/// A thing as whoever is on the same cluster calls it: `tenants.shop.applications.web`.
pub(crate) fn address(model: &Model, entity: &Entity) -> String {
    match entity.tenant.filter(|_| entity.kind == Kind::Application) {
        Some(tenant) => format!("tenants.{}.applications.{}", model.entity(tenant).name, entity.name),
        None => name::address(entity.kind, &entity.name).to_string(),
    }
}
