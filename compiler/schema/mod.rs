//! The schema language: types of fields. In come the `schema` and `types` of a class as values; out go a [`Type`] that checks values,
//! gives defaults, and describes itself to editors and readers. It knows no platform and never decides how two values meet.

// What a type is, and the two ways it is written.
mod compile;
mod literal;
mod marker;
mod record;
mod review;
mod shorthand;
mod types;
mod whole;
// What it does to values.
mod check;
mod default;
mod format;
mod place;
mod scalar;
mod secrecy;
mod tighten;
mod unknown;
// What it tells.
mod errors;
mod json_schema;
mod notation;
mod reference;
mod referent;
#[cfg(test)]
mod tests;

pub use check::{Checked, Mode, check};
pub use compile::{compile, compile_with};
pub use format::TextFormat;
pub use json_schema::{json_schema, things_of};
pub use marker::Marker;
pub use record::{Field, Record};
pub use reference::reference;
pub use referent::Referent;
pub use secrecy::with_secrets_of;
pub use tighten::tightens;
pub use types::{ListMerge, Markers, NamedType, Shape, Type, WrittenPattern};
pub use whole::{OtherClass, OtherClasses, no_classes};
