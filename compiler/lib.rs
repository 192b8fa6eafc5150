//! platc: a compiler for Kubernetes platforms. Definitions in YAML and TOML become kustomize trees, Terraform JSON, and objects for Argo CD
//! or Flux.
//!
//! ```
//! use platc::query::explain::explain;
//! use platc::query::show::inline;
//! use platc::system::MemorySystem;
//! use platc::{Options, compile, emit};
//!
//! let project = MemorySystem::default()
//!     .with("platform.yaml", "platform: { name: acme, domain: infra.example.com }\nenvironments: { apps: {}, ops: { inherits: apps } }\n")
//!     .with("clusters.yaml", "clusters: { gc0: { class: metal } }\nclasses: { cluster: { metal: { schema: {} } } }\n")
//!     .with("shop.yaml", "services: { shop: { class: shop, size: 3, environments: { ops: { size: 1 } } } }\n")
//!     .with("classes.toml", r#"
//!         [classes.service.shop.schema]
//!         size = "integer | minimum=1"
//!
//!         [classes.service.shop.manifests.config]
//!         apiVersion = "v1"
//!         kind = "ConfigMap"
//!         metadata = { name = "${self.name}", namespace = "shop" }
//!         data = { size = "${string(self.size)}" }
//!     "#);
//! let mut compilation = compile(&project, &Options::default());
//!
//! // What is wrong, with the place of each mistake.
//! for diagnostic in compilation.diagnostics.sorted(&compilation.sources) {
//!     let place = diagnostic.primary.as_ref().map(|label| compilation.sources.place(label.span)).unwrap_or_default();
//!     println!("{place}: {}: {}", diagnostic.code.word(), diagnostic.message);
//! }
//! assert!(!compilation.diagnostics.has_errors());
//!
//! // A value, and all that was written for it, the winner first.
//! let model = &compilation.model;
//! let size = explain(model, "ops.clusters.gc0.services.shop.size").expect("a path that exists").expect("a value");
//! let written: Vec<String> = size.cascade.iter().map(|value| inline(value, &model.secrets)).collect();
//! assert_eq!(written, ["1", "3"]);
//! assert_eq!(compilation.sources.place(size.cascade[1].origin.span), "shop.yaml:1:40");
//!
//! // The files; `platc::output` writes them.
//! let artifacts = emit(&mut compilation);
//! let config = artifacts.get("kustomize/services/shop/base/configmap-shop.yaml").expect("one object");
//! assert!(config.text.contains("size: \"3\""));
//! ```
//!
//! The whole flow is [`Compiler::compile`], one pass after the other, and [`Compiler::emit`]. What a [`Compilation`] holds are the results of the
//! passes: [`source`], [`definition`], [`model`], [`object`], [`graph`], and what was said, [`diagnostic`]. [`output::write()`] brings a directory up to
//! date, and [`query`] answers questions. The library touches no disk, clock, network or terminal: the outside is a [`system::System`] to read and a
//! [`disk::Disk`] to write. What is no module here is nobody's business but the compiler's.

// The ground floor: knows no platform.
pub mod code;
pub mod diagnostic;
pub mod disk;
mod digits;
mod filename;
mod json;
pub mod kept;
mod ledger;
pub mod level;
pub mod limit;
pub mod name;
mod order;
pub mod origin;
pub mod path;
mod pattern;
pub mod report;
mod scalar;
pub mod secret;
pub mod source;
pub mod span;
pub mod stdlib;
pub mod subject;
pub mod system;
mod unit;
pub mod value;
mod variants;
pub mod visible;
mod wildcard;
// What the rooms share: three languages (expressions, types of fields, inheritance) and the printers.
pub mod expression;
mod inheritance;
pub mod schema;
pub mod table;
pub mod print;
pub mod facts;
// The rooms, in the order data enters them.
pub mod document;
pub mod files;
pub mod custom;
pub mod project;
pub mod definition;
pub mod model;
pub mod object;
mod keeping;
pub mod graph;
mod policy;
mod floor;
mod delivery;
pub mod artifact;
mod hazard;
pub mod output;
pub mod query;
// All of it, in order.
mod compiler;
mod syncing;
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
