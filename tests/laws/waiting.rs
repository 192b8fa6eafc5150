//! An expression means what it gives: whoever writes expressions in place of values, in whatever layer, comes to the same. How layers meet is
//! then known only after evaluation, and so is what of an environment's defaults is about a field of which a body has the last word.

use super::{compiled, generate, law, same, sound};
use crate::laws::generate::Bytes;
use serde_json::{Map, Value};

#[test]
fn an_expression_means_what_it_gives() {
    let hidden = std::cell::Cell::new(0);
    law(150, |bytes| {
        let (mut platform, expected) = sound(bytes);
        let mut expressions = 0;
        hide_in(&mut platform.defaults, bytes, &mut expressions);
        for environment in &mut platform.environments {
            hide_in(&mut environment.defaults, bytes, &mut expressions);
        }
        for definition in &mut platform.definitions {
            definition.layers.values_mut().for_each(|layer| hide_in(layer, bytes, &mut expressions));
        }
        hidden.set(hidden.get() + expressions);
        let project = generate::project(&platform, bytes);
        same(&expected, &compiled(&project)?, &project)
    });
    assert!(hidden.get() > 500, "only {} expressions", hidden.get());
}

/// Puts expressions in place of some values.
pub(super) fn hide_in(layer: &mut Map<String, Value>, bytes: &mut Bytes, count: &mut usize) {
    layer.iter_mut().for_each(|(key, value)| {
        // `key-:` without a value is no value.
        if !key.ends_with('-') || value.is_array() {
            hide(value, bytes, count);
        }
    });
}

fn hide(value: &mut Value, bytes: &mut Bytes, count: &mut usize) {
    if is_plain(value) && bytes.one_in(3) {
        *value = format!("${{{}}}", alone(value)).into();
        *count += 1;
        return;
    }
    match value {
        Value::Object(map) => hide_in(map, bytes, count),
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, bytes, count)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Whether no key in it has an operator, which no expression could give.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().all(|(key, value)| !key.ends_with(['+', '-', '=', '!']) && is_plain(value)),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// The same where it is all there is: what computes nothing is refused there.
fn alone(value: &Value) -> String {
    match value {
        Value::Number(number) if number.is_f64() => format!("{number} + 0.0"),
        Value::Number(number) => format!("{number} + 0"),
        Value::Null => "[null][0]".to_owned(),
        Value::String(_) | Value::Array(_) | Value::Object(_) | Value::Bool(_) => expression(value),
    }
}

fn expression(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::String(text) => format!("'{text}'"),
        Value::Array(items) => format!("[{}]", joined(items.iter().map(expression).collect())),
        Value::Object(map) => {
            let entries = map.iter().map(|(key, value)| format!("'{key}': {}", expression(value)));
            format!("{{{}}}", joined(entries.collect()))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}
