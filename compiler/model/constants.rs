//! Constants of the platform and of environments: plain values, read before anything is evaluated. In comes the value of a platform or an
//! environment, out goes the same without expressions in its constants, of which it is told where literal fields are checked: one that is wrong
//! takes no other with it.

use crate::value::{Data, Entry, Map, Value};

/// The value with plain constants.
pub(super) fn settled(value: Value) -> Value {
    let Some(entries) = value.as_map().filter(|map| map.get("constants").is_some_and(Value::is_dynamic)).map(Map::entries) else {
        return value;
    };
    let entries = entries.iter().map(|entry| match &*entry.key {
        "constants" => Entry { value: plain(&entry.value), ..entry.clone() },
        _ => entry.clone(),
    });
    Value::map(entries.collect(), value.origin).after(&value)
}

/// A value of which each text is what it says, and each expression is broken.
pub(super) fn plain(value: &Value) -> Value {
    if !value.is_dynamic() {
        return value.clone();
    }
    match &value.data {
        Data::Template(template) => match template.text() {
            Some(text) => Value::string(text, value.origin).after(value),
            None => Value::broken(value.origin),
        },
        Data::Map(map) => {
            let entries = map.entries().iter().map(|entry| Entry { value: plain(&entry.value), ..entry.clone() });
            Value::map(entries.collect(), value.origin).after(value)
        }
        Data::List(list) => Value::list(list.items().iter().map(plain).collect(), value.origin).after(value),
        Data::Pending(_) | Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Broken => {
            value.clone()
        }
    }
}
