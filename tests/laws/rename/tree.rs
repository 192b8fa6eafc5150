//! Sources as trees that may be changed.

use platc::document::{Node, NodeData};
use serde_yaml::{Mapping, Value};

/// What stands in a source.
pub(in crate::laws) fn value(node: &Node) -> Value {
    match &node.data {
        NodeData::Null | NodeData::Broken => Value::Null,
        NodeData::Bool(bool) => (*bool).into(),
        NodeData::Int(int) => (*int).into(),
        NodeData::Float(float) => (*float).into(),
        NodeData::String(scalar) => (&*scalar.text).into(),
        NodeData::List(items) => items.iter().map(value).collect(),
        NodeData::Map(pairs) => Value::Mapping(pairs.iter().map(|pair| ((&*pair.key.text).into(), value(&pair.value))).collect()),
    }
}

/// A map with its entries changed, in their order; anything else stays.
pub(super) fn entries(value: Value, mut change: impl FnMut(String, Value) -> (String, Value)) -> Value {
    match value {
        Value::Mapping(map) => {
            let each = map.into_iter().map(|(key, value)| match key {
                Value::String(key) => {
                    let (key, value) = change(key, value);
                    (Value::String(key), value)
                }
                key => (key, value),
            });
            Value::Mapping(each.collect())
        }
        other => other,
    }
}

/// Texts without expressions changed, alone or in lists.
pub(super) fn map_texts(value: Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) if !text.contains("${") => Value::String(change(&text)),
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(|item| map_texts(item, change)).collect()),
        other => other,
    }
}

/// Sets a field of a body that may have nothing in it.
pub(super) fn set(body: &mut Value, key: &str, text: &str) {
    if body.is_null() {
        *body = Value::Mapping(Mapping::new());
    }
    if let Some(map) = body.as_mapping_mut() {
        map.insert(key.into(), text.into());
    }
}
