//! The schema language: types of fields. In come the `schema` and `types` of a class as values; out go a [`Type`] that checks values,
//! gives defaults, and describes itself to editors and readers. It knows no platform and never decides how two values meet.

mod check;
mod compile;
mod default;
mod json_schema;
mod reference;
mod tighten;
mod types;

pub use check::{Mode, Subject, check};
pub use compile::compile;
pub use json_schema::json_schema;
pub use reference::reference;
pub use tighten::tightens;
pub use types::{Field, ListMerge, Marker, Markers, Named, Pattern, Record, Shape, Type};
