//! `platc diff`: how two environments differ.

use super::{Exit, Failure, Session, known};
use crate::render;
use platc::Options;
use platc::query::diff::diff;

/// Show how two environments differ, value by value
///
/// What must differ is left out: the environment's name and everything derived from it. Each line has both values and the places that
/// set them. Exits with 1 if anything differs.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  platc diff ops apps\n  platc diff ops apps --format json")]
pub(crate) struct Arguments {
    /// An environment
    first: String,
    /// The environment to compare it with
    second: String,
    /// Set a value, stronger than all definitions: clusters.gc0.version=1.34
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let machine = session.json()?;
    let compilation = session.compile(&Options { set: arguments.set.clone(), ..Options::default() });
    if session.broken(&compilation)? {
        return Ok(Exit::No);
    }
    let model = &compilation.model;
    let find = |name: &str| {
        known("environment", name, model.environments.iter().map(|environment| &*environment.name))?;
        let found = model.environments().find(|(_, environment)| &*environment.name == name).map(|(id, _)| id);
        found.ok_or_else(|| Failure::Usage(format!("there is no environment `{name}`")))
    };
    let comparison = diff(model, &compilation.definitions, find(&arguments.first)?, find(&arguments.second)?);
    let view = session.view(&compilation);
    if machine {
        session.terminal.print_json(&render::diff::json(&comparison, &compilation, &view))?;
    } else {
        session.terminal.print(&render::diff::text(&comparison, &compilation, &view))?;
    }
    Ok(if comparison.is_empty() { Exit::Fine } else { Exit::No })
}
