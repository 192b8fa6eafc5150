//! How sections of classes meet those of the classes that they inherit from, beside the rules of merging: what is inherited, and which declarations
//! give way to others.

use super::section::Section;
use crate::value::{Entry, Value};

/// The weaker class without the declarations that the stronger one writes in the other form: a shorthand and a map both declare a whole
/// type, so that one replaces the other, where values of two shapes would contradict each other.
pub(super) fn giving_way(weaker: &Value, stronger: &Value) -> Value {
    let entries = weaker.as_map().map(crate::value::Map::entries).unwrap_or_default();
    let entries = entries.iter().map(|entry| match stronger.get(&entry.key) {
        Some(other) if ["schema", "types"].contains(&&*entry.key) => Entry { value: declarations(&entry.value, other), ..entry.clone() },
        Some(_) | None => entry.clone(),
    });
    Value::map(entries.collect(), weaker.origin)
}

fn declarations(weaker: &Value, stronger: &Value) -> Value {
    let (Some(map), Some(_)) = (weaker.as_map(), stronger.as_map()) else { return weaker.clone() };
    let kept = map.entries().iter().filter_map(|entry| match stronger.get(&entry.key) {
        Some(other) if entry.value.as_map().is_some() != other.as_map().is_some() => None,
        Some(other) if !entry.key.starts_with('$') => Some(Entry { value: declarations(&entry.value, other), ..entry.clone() }),
        Some(_) | None => Some(entry.clone()),
    });
    Value::map(kept.collect(), weaker.origin)
}

/// The sections that are inherited.
pub(super) fn body(value: &Value) -> Value {
    let entries = value.as_map().map(crate::value::Map::entries).unwrap_or_default();
    let inherited = |entry: &&Entry| Section::from_word(&entry.key).is_none_or(Section::is_inherited);
    Value::map(entries.iter().filter(inherited).cloned().collect(), value.origin)
}
