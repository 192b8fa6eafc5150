//! `platc check`: everything but writing.

use super::{Denied, Exit, Failure, Session};
use crate::render::lines::Lines;
use crate::render::{count, plural};
use platc::code::Code;
use platc::{Compilation, Options, query};
use std::mem::ManuallyDrop;

/// Check the project without writing anything
///
/// Does all that `build` does, but for writing: reads the definitions, resolves every environment, checks schemas, rules and names, and
/// makes the output in memory.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc check\n  platc check --format github        # in a workflow: errors beside the lines of a change\n  platc check --set clusters.gc0.nodePools.default.size.max=12"
)]
pub(crate) struct Arguments {
    /// Exit with 1 for warnings too
    #[arg(long)]
    deny_warnings: bool,
    /// Exit with 1 if there is any of this
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Vec<Denied>,
    /// Set a value, stronger than all definitions: services.shop.replicas=3
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let mut compilation = session.compile(&Options { set: arguments.set.clone(), ..Options::default() });
    if !compilation.diagnostics.has_errors() {
        session.keep(&mut compilation, None);
    }
    if !compilation.diagnostics.has_errors() {
        let artifacts = ManuallyDrop::new(session.emit(&mut compilation, &arguments.deny, None));
        if !compilation.diagnostics.has_errors() {
            session.stay(&mut compilation, &artifacts, None);
        }
    }
    let diagnostics = compilation.diagnostics.sorted(&compilation.sources);
    let (errors, warnings) = count(&diagnostics);
    // A build in two steps has nothing wrong with it; who minds says `--deny waiting`.
    let waits = diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::WaitsForFacts).count();
    session.report(&diagnostics, &session.view(&compilation), serde_json::Map::new())?;
    // Where something is missing, it may be there.
    for directory in compilation.sources.other_projects() {
        session.terminal.talk(&Lines::of(&format!("`{directory}` is a project of its own: its files are not read here")));
    }
    if errors == 0 {
        unchecked(&compilation, session);
    }
    if errors > 0 || (arguments.deny_warnings && warnings > waits) {
        return Ok(Exit::No);
    }
    let model = &compilation.model;
    session.terminal.talk(&Lines::of(&format!(
        "{}, {}: no errors",
        plural(model.environments.len(), "environment"),
        if model.entities.len() == 1 { "1 entity".to_owned() } else { format!("{} entities", model.entities.len()) }
    )));
    Ok(Exit::Fine)
}

/// Says what nobody has checked; that is no fault of anybody's.
fn unchecked(compilation: &Compilation, session: &Session) {
    let Compilation { definitions, objects, sources, .. } = compilation;
    let unchecked = query::unchecked::unchecked(definitions, objects, sources);
    for ((version, kind), span) in &unchecked.kinds {
        let place = session.view(compilation).at(*span);
        let cure = "to have them checked, name its CustomResourceDefinition in `platform.schemas`";
        session.terminal.talk(&Lines::of(&format!("nobody knows the fields of `{kind}` ({version}), written at {place}; {cure}")));
    }
    for (kind, count) in &unchecked.rules {
        let rules = plural(*count, "rule");
        session.terminal.talk(&Lines::of(&format!("{rules} of the schema of `{kind}` can be asked on the cluster only")));
    }
}
