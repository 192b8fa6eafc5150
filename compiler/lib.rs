//! platc: a compiler for Kubernetes platforms. Definitions in YAML and TOML become kustomize trees, Terraform JSON and Argo CD
//! applications.
//!
//! The whole flow is [`Compiler::compile`], one pass after the other, and [`Compiler::emit`]; each pass is a room of this house with that one verb:
//! [`project::load`] → [`document::parse`] → [`definition::lower`] → [`model::resolve`] → [`object::instantiate`] → [`graph::link`] →
//! [`policy::check`] → [`artifact::emit`]. [`output::write()`] brings a directory up to date, and [`query`] answers questions about a
//! [`Compilation`]. The library touches no disk, clock, network or terminal: the outside is a [`system::System`] to read and a
//! [`disk::Disk`] to write.

// The ground floor: knows no platform.
pub mod code;
pub mod diagnostic;
pub mod disk;
pub mod filename;
pub mod ledger;
pub mod limit;
pub mod name;
mod order;
pub mod origin;
pub mod path;
pub mod pattern;
pub mod report;
pub mod secret;
pub mod source;
pub mod span;
pub mod stdlib;
pub mod subject;
pub mod system;
pub mod unit;
pub mod value;
mod variants;
pub mod visible;
pub mod wildcard;
// What the rooms share: three languages (expressions, types of fields, inheritance) and the printers.
pub mod expression;
pub mod inheritance;
pub mod schema;
pub mod table;
pub mod print;
// The rooms, in the order data enters them.
pub mod document;
pub mod project;
pub mod definition;
pub mod model;
pub mod object;
pub mod graph;
pub mod policy;
pub mod artifact;
pub mod output;
pub mod query;
// All of it, in order.
mod compiler;
mod threads;

pub use compiler::{Compilation, Compiler, Goal, Options};

use artifact::Artifacts;
use system::System;

/// Compiles the project that a system holds, as a [`Compiler`] does that has seen nothing yet.
#[must_use]
pub fn compile(system: &dyn System, options: &Options) -> Compilation {
    Compiler::default().compile(system, options)
}

/// Emits the files of a compilation; none if it has errors.
#[must_use]
pub fn emit(compilation: &mut Compilation) -> Artifacts {
    Compiler::default().emit(compilation)
}
