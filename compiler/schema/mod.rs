//! The schema language: types of fields. In come the `schema` and `types` of a class as values; out go a [`Type`] that checks values,
//! gives defaults, and describes itself to editors and readers. It knows no platform and never decides how two values meet.

// What a type is, and the two ways it is written.
mod compile;
mod cut;
mod declaration;
mod literal;
mod marker;
mod marker_scope;
mod named;
mod parts;
mod record;
mod replaces;
mod review;
mod shorthand;
mod types;
mod union;
mod whole;
// What it does to values.
mod alignment;
mod check;
mod choice;
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

pub(crate) use alignment::aligned;
pub use check::{Checked, Mode, check};
pub use choice::{Choosing, FieldChoice};
pub use compile::compile;
pub(crate) use compile::{Borrowed, WrittenTypes, compile_with};
pub use declaration::{ANY_KEY, TYPE, has_fields_instead, is_another, is_of_free_maps, is_of_type, written_out};
pub(crate) use errors::COMES_FROM;
pub use format::TextFormat;
pub(crate) use format::flaw;
pub use json_schema::{TAKEN_FILE, json_schema, things_of};
pub use marker::Marker;
pub(crate) use marker_scope::{MarkerScope, seen};
pub use named::NamedType;
pub(crate) use notation::notation;
pub use parts::TypePart;
pub use record::{Field, Record};
pub use reference::reference;
pub use referent::Referent;
pub use replaces::FieldReplaces;
pub use secrecy::with_secrets_of;
pub use tighten::{contradicts, tightens};
pub use types::{ListMerge, Markers, Shape, Type, WrittenPattern};
pub use union::{Union, ValueForm};
pub use whole::{OtherClass, OtherClasses, as_definition, no_classes};
