//! `platc show`: resolved values.

use super::{Exit, Failure, Session};
use platc::print;
use platc::query::show::{json, show};
use platc::{Goal, Options};

/// Print resolved values as YAML or JSON
///
/// Without a path: everything, by environment and kind. What only Terraform will know stands there as a Terraform reference.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc show apps.clusters.gc0\n  platc show apps.clusters.gc0.nodePools.default.size\n  platc show ops --format json"
)]
pub(crate) struct Arguments {
    /// A model path; it begins with an environment
    #[arg(default_value = "", hide_default_value = true)]
    path: String,
    /// Set a value, stronger than all definitions: services.shop.replicas=3
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let machine = session.json()?;
    let compilation = session.compile(&Options { set: arguments.set.clone(), goal: Goal::about(&arguments.path), ..Options::default() });
    if session.broken(&compilation)? {
        return Ok(Exit::No);
    }
    match show(&compilation.model, &arguments.path) {
        Ok(tree) if machine => session.terminal.print_json(&json(&tree))?,
        Ok(tree) => session.terminal.print_raw(&print::shown(&tree))?,
        Err(lost) => return session.lose(&lost),
    }
    Ok(Exit::Fine)
}
