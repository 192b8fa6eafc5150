//! Labels and annotations of everything that a thing emits. In comes what the thing says in `metadata` and an object of its class, out goes the
//! object with them. What the class says of an object is stronger. Templates of pods and selectors stay as they are: a label in a selector could
//! never change again.

use super::template::Expander;
use crate::definition::METADATA;
use crate::model::metadata;
use crate::value::{Data, Entry, Map, Value};
use std::sync::Arc;

/// What a thing says of all that it emits, with what facts know; none if it says nothing.
pub(super) fn said(expander: &mut Expander<'_, '_>) -> Option<Value> {
    let said = expander.world.entity(expander.id).value.get(METADATA)?.clone();
    Some(expander.known(said, "the metadata of an object"))
}

/// An object with what its thing says.
pub(super) fn of_object(object: &Value, said: Option<&Value>) -> Value {
    let (Some(said), Some(map)) = (said, object.as_map()) else { return object.clone() };
    let mut entries = map.entries().to_vec();
    let Some(own) = entries.iter_mut().find(|entry| &*entry.key == METADATA) else { return object.clone() };
    own.value = under(&own.value, said);
    Value { data: Data::Map(Arc::new(Map::new(entries))), ..object.clone() }
}

/// The metadata of an object, over what its thing says.
fn under(own: &Value, said: &Value) -> Value {
    let Some(map) = own.as_map() else { return own.clone() };
    let mut entries = map.entries().to_vec();
    for field in said.as_map().map(Map::entries).unwrap_or_default() {
        let Some(added) = field.value.as_map().filter(|added| !added.entries().is_empty()) else { continue };
        match entries.iter_mut().find(|entry| entry.key == field.key) {
            Some(known) => known.value = with(&known.value, added),
            None => entries.push(Entry::plain(Arc::clone(&field.key), field.span, field.value.clone())),
        }
    }
    Value { data: Data::Map(Arc::new(Map::new(entries))), ..own.clone() }
}

fn with(own: &Value, added: &Map) -> Value {
    let Some(map) = own.as_map() else { return own.clone() };
    let mut entries = map.entries().to_vec();
    entries.extend(added.entries().iter().filter(|entry| map.get(&entry.key).is_none()).cloned());
    Value { data: Data::Map(Arc::new(Map::new(entries))), ..own.clone() }
}

/// Reports labels and annotations of an object that would not reach the cluster.
pub(super) fn check(expander: &Expander<'_, '_>, name: &str, object: &Value) {
    let Some(own) = object.get(METADATA) else { return };
    metadata::flaws(own, &format!("the object `{name}`")).into_iter().for_each(|flaw| expander.report(flaw));
}
