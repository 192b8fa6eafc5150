//! `acceptsFrom` names things that may put objects into another's hands. In comes the model before it is decided what exists, out go the same names by what
//! the things are called outside, as expressions see them, and warnings about those that are nowhere: it is a permission, so it may speak of what is only in
//! another environment. What it fits with a star may come later.

use super::lines::Lines;
use super::{Entity, Model, errors};
use crate::definition::Definitions;
use crate::diagnostic::Diagnostics;
use crate::name::{self, Kind};
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
    let outside: BTreeSet<String> = model.entities().map(|(_, entity)| identity(model, entity)).collect();
    let known: BTreeSet<String> = model.entities().map(|(_, entity)| address(model, entity)).collect();
    for (span, (text, entity)) in named.into_iter().filter(|(_, (text, _))| !known.contains(*text) && !outside.contains(*text)) {
        let near = name::nearest(text, known.iter().map(String::as_str));
        diagnostics.push(errors::giver_nowhere(text, span, near).about(entity.subject()));
    }
}

/// A thing as whoever is on the same cluster calls it: `tenants.shop.applications.web`.
pub(crate) fn address(model: &Model, entity: &Entity) -> String {
    address_of(model, entity, |thing| &thing.name)
}

/// The same by what things are called outside.
pub(crate) fn identity(model: &Model, entity: &Entity) -> String {
    address_of(model, entity, |thing| thing.identity.text())
}

fn address_of(model: &Model, entity: &Entity, called: impl Fn(&Entity) -> &Arc<str>) -> String {
    match entity.tenant.filter(|_| entity.kind == Kind::Application) {
        Some(tenant) => format!("tenants.{}.applications.{}", called(model.entity(tenant)), called(entity)),
        None => name::address(entity.kind, called(entity)).to_string(),
    }
}

/// Puts identities in the place of names, so that a rename with an identity changes nothing for whoever reads or is read.
pub(super) fn by_identity(definitions: &Definitions, lines: &Lines<'_>, entities: &mut [Entity]) {
    for entity in entities {
        let Some((said, items)) = entity.value.get(ACCEPTS).and_then(|said| Some((said, said.as_list()?))) else { continue };
        let of_item = |item: &Value| item.as_str().and_then(|text| outside(definitions, lines, text));
        if items.iter().all(|item| of_item(item).is_none()) {
            continue;
        }
        let called =
            |item: &Value| of_item(item).map_or_else(|| item.clone(), |text| Value { data: Data::String(text.into()), ..item.clone() });
        let list = Value { data: Value::list(items.iter().map(called).collect(), said.origin).data, ..said.clone() };
        let entry = |entry: &Entry| if &*entry.key == ACCEPTS { Entry { value: list.clone(), ..entry.clone() } } else { entry.clone() };
        let entries = entity.value.as_map().map(Map::entries).unwrap_or_default().iter().map(entry).collect();
        entity.value.data = Data::Map(Arc::new(Map::new(entries)));
    }
}

/// An address with identities for names; none if all that it names is called the same outside. What has a star stays as it is.
fn outside(definitions: &Definitions, lines: &Lines<'_>, text: &str) -> Option<String> {
    let mut parts: Vec<&str> = text.split('.').collect();
    let kind = Kind::from_plural(parts.first()?)?;
    let home = definitions.definition(kind, parts.get(1)?)?;
    let inner = match parts.as_slice() {
        [_, _, word, name] if kind.inner().is_some_and(|inner| inner.plural() == *word) => {
            let mut under = lines.inner_of(&home.address).iter();
            let line = under.find(|one| one.own.last().is_some_and(|own| *own.name.name == **name));
            line.and_then(|line| line.own.iter().rev().find_map(|own| own.identity.as_ref()))
        }
        _ => None,
    };
    let identities = [(1, home.identity.as_ref()), (3, inner)];
    for (at, identity) in identities {
        if let (Some(identity), Some(part)) = (identity, parts.get_mut(at)) {
            *part = &identity.name;
        }
    }
    identities.iter().any(|(_, identity)| identity.is_some()).then(|| parts.join("."))
}
