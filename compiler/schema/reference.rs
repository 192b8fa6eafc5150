//! A type as a table, for readers.

use super::Type;

/// The fields of a type as a Markdown table: field, type, default, description.
#[must_use]
pub fn reference(type_: &Type) -> String {
    let _ = type_;
    String::new()
}
