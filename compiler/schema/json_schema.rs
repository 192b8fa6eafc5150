//! A type as JSON Schema, for editors.

use super::Type;

/// The type as JSON Schema (draft 2020-12).
#[must_use]
pub fn json_schema(type_: &Type) -> serde_json::Value {
    let _ = type_;
    serde_json::json!({})
}
