//! What a class says about an output: its value, or a map that says more than that. In comes a value of `outputs`, out goes one of its parts.

use crate::value::{Entry, Map, Value};

/// The value of an output.
pub(crate) fn value(said: &Value) -> &Value {
    said.get("$value").unwrap_or(said)
}

/// Whether it says that it is sensitive.
pub(crate) fn is_sensitive(said: &Value) -> bool {
    said.get("$sensitive").is_some_and(|sensitive| sensitive.as_bool() == Some(true))
}

/// A section of outputs with nothing but their values.
pub(crate) fn values(section: &Value) -> Value {
    let entries = section.as_map().map(Map::entries).unwrap_or_default();
    if !entries.iter().any(|entry| entry.value.get("$value").is_some()) {
        return section.clone();
    }
    let entries = entries.iter().map(|entry| Entry { value: value(&entry.value).clone(), ..entry.clone() });
    Value::map(entries.collect(), section.origin)
}
