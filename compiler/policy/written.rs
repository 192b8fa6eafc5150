//! Where policies are written: in the project, and in classes. In come the definitions and the model; out goes each policy once.

use crate::definition::Definitions;
use crate::model::Model;
use crate::path::Path;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::collections::BTreeSet;

/// A policy as it is written.
pub(super) struct Written<'a> {
    /// Its name and its fields.
    pub(super) entry: &'a Entry,
    /// Where it is written, as a path.
    pub(super) path: Path,
    /// Whether a class brings it.
    pub(super) is_of_class: bool,
    /// Whether it is about this platform: of a class, if something here is of the class, and no policy of the project has its name.
    pub(super) holds: bool,
}

/// All policies: those of the project, then those of classes. Those that hold for nothing are among them, for what is wrong with them is told all the same.
pub(super) fn all<'a>(definitions: &'a Definitions, model: &Model) -> Vec<Written<'a>> {
    let own = definitions.policies.iter();
    let own = own.map(|entry| Written { entry, path: Path::of(["policies", &*entry.key]), is_of_class: false, holds: true });
    let mut found: Vec<Written<'a>> = own.collect();
    let used: BTreeSet<u32> = model.entities().map(|(_, entity)| entity.class.0).collect();
    for (at, class) in (0..).zip(&definitions.classes) {
        let entries = class.section("policies").and_then(|section| section.as_map()).map(|map| map.entries()).unwrap_or_default();
        // An heir that says nothing of one has it as it stands in the ancestor; one that says null has it no more.
        for entry in entries.iter().filter(|entry| !matches!(entry.value.data, Data::Null)) {
            let is_hidden = definitions.policies.iter().any(|own| own.key == entry.key);
            let holds = used.contains(&at) && !is_hidden;
            match found.iter_mut().find(|known| known.is_of_class && is_same(known.entry, entry)) {
                Some(known) => known.holds |= holds,
                None => {
                    let path = Path::of(["classes", class.kind.singular(), &*class.name.name, "policies", &*entry.key]);
                    found.push(Written { entry, path, is_of_class: true, holds });
                }
            }
        }
    }
    found
}

/// Whether two classes have the same policy from the same place.
fn is_same(one: &Entry, other: &Entry) -> bool {
    one.key == other.key && leaves(&one.value) == leaves(&other.value)
}

/// Where everything in a policy is written that holds nothing else: a map that an heir says a part of anew still stands where the ancestor began it.
fn leaves(value: &Value) -> Vec<Span> {
    let entries = value.as_map().map(Map::entries).unwrap_or_default().iter().map(|entry| &entry.value);
    let inner: Vec<&Value> = entries.chain(value.as_list().unwrap_or_default()).collect();
    if inner.is_empty() { vec![value.origin.span] } else { inner.into_iter().flat_map(leaves).collect() }
}
