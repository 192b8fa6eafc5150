//! platc: a compiler for Kubernetes platforms. Definitions in YAML and TOML become kustomize trees, Terraform JSON and Argo CD
//! applications.
//!
//! The whole flow is [`compile`], one pass after the other, and [`emit`]; each pass is a room of this house with that one verb:
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
pub mod visible;
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

use artifact::{Artifacts, Input};
use definition::Definitions;
use diagnostic::Diagnostics;
use graph::Graph;
use model::Model;
use object::Objects;
use secret::may_hold_credentials;
use source::Sources;
use system::System;

/// What a compilation is asked beside the sources.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Values set on the command line, each `path=value`: the strongest layer (design 2.3).
    pub set: Vec<String>,
    /// How far to go.
    pub goal: Goal,
}

/// How much of a compilation is wanted. What was not made is empty, and nothing is said about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Goal {
    /// All that can be known: what `build` and `check` need.
    #[default]
    Everything,
    /// Resolved values: templates are not expanded and policies not asked, which is most of the work. What answers questions about values
    /// needs no more, and then has an answer though a template is wrong. Where sources speak of credentials it is everything all the same. The graph then lacks what only templates have met by computed names.
    Model,
}

/// Everything known about a project: all results of all passes, whether or not there were errors.
#[derive(Clone, Debug)]
pub struct Compilation {
    /// All texts.
    pub sources: Sources,
    /// What was authored.
    pub definitions: Definitions,
    /// The resolved platform.
    pub model: Model,
    /// Who needs whom.
    pub graph: Graph,
    /// What the templates became; empty if there were errors before, or nobody asked for them.
    pub objects: Objects,
    /// What was said.
    pub diagnostics: Diagnostics,
}

/// Compiles the project that a system holds. Never fails: what is wrong stands in the diagnostics.
#[must_use]
pub fn compile(system: &dyn System, options: &Options) -> Compilation {
    // Reading happens on the caller's thread, because a system need not be shared between threads.
    let mut diagnostics = Diagnostics::default();
    let sources = ledger::page(1, || project::load(system, &options.set, &mut diagnostics));
    // What must not be shown may be known only when templates are expanded.
    let suspect = || sources.iter().any(|(_, source)| !source.library && may_hold_credentials(&source.text));
    let goal = if options.goal == Goal::Model && suspect() { Goal::Everything } else { options.goal };
    threads(move || {
        ledger::page(1, || {
            ledger::sources(sources.bytes());
            let documents = document::parse(&sources, &mut diagnostics);
            let unread = document::unread(&documents, &diagnostics);
            let definitions = definition::lower(&documents, &sources, &mut diagnostics);
            let mut model = model::resolve(&definitions, &sources, &mut diagnostics);
            // Templates rely on entities that fit their schemas; expanding others would only report the same mistakes again.
            let objects = if diagnostics.has_errors() || goal == Goal::Model {
                object::doubt_written(&definitions, &mut model.secrets);
                Objects::default()
            } else {
                object::instantiate(&definitions, &model, &sources, &mut diagnostics)
            };
            let graph = graph::link(&definitions, &model, &objects, &mut diagnostics);
            model.secrets.append(&objects.secrets);
            if goal == Goal::Everything {
                policy::check(&definitions, &model, &objects, &sources, &mut diagnostics);
            }
            let sources = model.secrets.conceal(&unread, &sources, &mut diagnostics);
            diagnostics.forgive(|absent| definitions.lost.may_hold(absent));
            Compilation { sources, definitions, model, graph, objects, diagnostics }
        })
    })
}

/// Emits the files of a compilation; none if it has errors.
#[must_use]
pub fn emit(compilation: &mut Compilation) -> Artifacts {
    if compilation.diagnostics.has_errors() {
        return Artifacts::default();
    }
    let Compilation { model, graph, objects, diagnostics, .. } = compilation;
    let artifacts = threads(|| artifact::emit(&Input { model, graph, objects }, diagnostics));
    model.secrets.veil_over(diagnostics);
    if compilation.diagnostics.has_errors() { Artifacts::default() } else { artifacts }
}

/// The same files as they may be shown: where a Terraform argument holds a secret, it says so instead.
#[must_use]
pub fn emit_shown(compilation: &mut Compilation) -> Artifacts {
    if compilation.objects.secrets.is_empty() {
        return emit(compilation);
    }
    let shown = compilation.objects.shown();
    let objects = std::mem::replace(&mut compilation.objects, shown);
    let artifacts = emit(compilation);
    compilation.objects = objects;
    artifacts
}

/// Runs work on threads with large stacks: depth of input is bounded everywhere, but in units that need more than the usual 2 MiB.
///
/// Where no thread can be started, the caller's does the work alone. It joins a pool for that, because without one rayon would start
/// threads of its own and fail; and it stays in it, so that a second time it works where it is.
fn threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let alone = |_| rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
    match rayon::ThreadPoolBuilder::new().stack_size(64 << 20).build().or_else(alone) {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}
