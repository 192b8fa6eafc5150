//! `platc eval`: an expression, evaluated.

use super::{Exit, Failure, Session};
use platc::Options;
use platc::artifact::print;
use platc::query::evaluate::{NoValue, evaluate};
use platc::query::show::{json, tree};

/// Evaluate an expression
///
/// With `--at`, it sees what definitions and the class of that entity see: `self`, `cluster`, `environment`, `let` and so on.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc eval 'cidr.subnet(\"10.0.0.0/16\", 8, 3)'\n  platc eval --at apps.clusters.gc0 'self.zones.map(zone, zone + \"-x\")'\n  platc eval --at apps.clusters.gc0 'cluster.fullName'\n  platc eval --at apps.clusters.gc0 'services.map(name, services[name].class)'"
)]
pub(crate) struct Arguments {
    /// A CEL expression, or a text with ${…} in it
    expression: String,
    /// The entity, or environment, whose names it sees
    #[arg(long, value_name = "PATH")]
    at: Option<String>,
    /// Set a value, stronger than all definitions: clusters.gc0.version=1.34
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let machine = session.json()?;
    let mut compilation = session.compile(&Options { set: arguments.set.clone() });
    // Outside of a project there is still arithmetic to do.
    if arguments.at.is_some() && session.broken(&compilation)? {
        return Ok(Exit::No);
    }
    match evaluate(&mut compilation, &arguments.expression, arguments.at.as_deref()) {
        Ok(value) if machine => session.terminal.print_json(&json(&tree(&value)))?,
        Ok(value) => session.terminal.print_raw(&print::yaml(&tree(&value)))?,
        Err(NoValue::Lost(lost)) => return session.lose(&lost),
        Err(NoValue::Faulty(diagnostics)) => {
            let sorted = diagnostics.sorted(&compilation.sources);
            session.report(&sorted, &session.view(&compilation), serde_json::Map::new())?;
            return Ok(Exit::No);
        }
    }
    Ok(Exit::Fine)
}
