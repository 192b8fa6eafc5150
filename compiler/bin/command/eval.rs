//! `platc eval`: an expression, evaluated.

use super::{Exit, Failure, Session};
use platc::Options;
use platc::diagnostic::Diagnostics;
use platc::print;
use platc::query::eval::eval;
use platc::query::show::{json, tree};

/// Evaluate an expression
///
/// With `--at`, it sees what definitions and the class of that entity see: `self`, `cluster`, `environment`, `let` and so on.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc eval 'cidr.subnet(\"10.0.0.0/16\", 8, 3)'\n  platc eval --at apps.clusters.gc0 'self.zones.map(zone, zone + \"-x\")'\n  platc eval --at apps.clusters.gc0 'cluster.fullName'\n  platc eval --at apps.clusters.gc0 'services.map(name, services[name].class)'"
)]
pub(crate) struct Arguments {
    /// A CEL expression, as it stands between `${` and `}`
    expression: String,
    /// The entity, or environment, whose names it sees
    #[arg(long, value_name = "PATH")]
    at: Option<String>,
    /// Set a value, stronger than all definitions: services.shop.replicas=3
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
    match eval(&mut compilation, bare(&arguments.expression), arguments.at.as_deref(), &[]) {
        Ok(value) if machine => session.terminal.print_json(&json(&tree(&value)))?,
        Ok(value) => session.terminal.print_raw(&print::yaml(&tree(&value)))?,
        Err(list) => {
            let mut diagnostics = Diagnostics::default();
            list.into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
            session.report(&diagnostics.sorted(&compilation.sources), &session.view(&compilation), serde_json::Map::new())?;
            return Ok(Exit::No);
        }
    }
    Ok(Exit::Fine)
}

/// The expression without the brackets it has in definitions, should they have been copied along.
fn bare(expression: &str) -> &str {
    let text = expression.trim();
    text.strip_prefix("${").and_then(|text| text.strip_suffix('}')).unwrap_or(text)
}
