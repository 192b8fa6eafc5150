//! What a class says about an output: its value, or a map that says more than that. In comes a value of `outputs`, out goes one of its parts.

use crate::value::Value;

/// The value of an output.
pub(crate) fn value(said: &Value) -> &Value {
    said.get("$value").unwrap_or(said)
}

/// Whether it says that it is sensitive.
pub(crate) fn is_sensitive(said: &Value) -> bool {
    said.get("$sensitive").is_some_and(|sensitive| sensitive.as_bool() == Some(true))
}
