//! platc: a compiler for Kubernetes platforms.

// The ground floor: knows no platform.
pub mod code;
pub mod diagnostic;
pub mod name;
pub mod origin;
pub mod source;
pub mod span;
pub mod system;
pub mod value;
// Two languages.
pub mod expression;
pub mod schema;
// The rooms, in the order data enters them.
pub mod artifact;
pub mod definition;
pub mod document;
pub mod graph;
pub mod inheritance;
pub mod model;
pub mod object;
pub mod query;
