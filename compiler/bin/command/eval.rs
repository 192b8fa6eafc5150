//! `platc eval`: an expression, evaluated.

use super::{Exit, Failure, Session};
use platc::diagnostic::Diagnostics;
use platc::print;
use platc::query::eval::eval;
use platc::query::show::json;
use platc::{Goal, Options};

/// Evaluate an expression
///
/// With `--at`, it sees what definitions and the class of that entity see: `self`, `cluster`, `environment`, `let` and so on.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc eval 'cidr.subnet(\"10.0.0.0/16\", 8, 3)'\n  platc eval --at apps.clusters.gc0 'self.zones.map(zone, zone + \"-x\")'\n  platc eval --at apps.clusters.gc0 'cluster.fullName'\n  platc eval --let zones='[\"a\", \"b\"]' 'zones.join(\", \")'\n  platc eval --at apps.clusters.gc0 'services.map(name, services[name].class)'"
)]
pub(crate) struct Arguments {
    /// A CEL expression, as it stands between `${` and `}`
    expression: String,
    /// The entity, or environment, whose names it sees
    #[arg(long, value_name = "PATH")]
    at: Option<String>,
    /// A further name in scope, with its value in JSON: replicas=3, zones='["a", "b"]'
    #[arg(long = "let", value_name = "NAME=JSON", value_parser = binding)]
    names: Vec<(String, serde_json::Value)>,
    /// Set a value, stronger than all definitions: services.shop.replicas=3
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let machine = session.json()?;
    let mut compilation = session.compile(&Options { set: arguments.set.clone(), goal: Goal::Model, ..Options::default() });
    // Outside of a project there is still arithmetic to do.
    if arguments.at.is_some() && session.broken(&compilation)? {
        return Ok(Exit::No);
    }
    match eval(&mut compilation, bare(&arguments.expression), arguments.at.as_deref(), &arguments.names) {
        Ok(tree) if machine => session.terminal.print_json(&json(&tree))?,
        Ok(tree) => session.terminal.print_raw(&print::shown(&tree))?,
        Err(list) => {
            let mut diagnostics = Diagnostics::default();
            list.into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
            session.report(&diagnostics.sorted(&compilation.sources), &session.view(&compilation), serde_json::Map::new())?;
            return Ok(Exit::No);
        }
    }
    Ok(Exit::Fine)
}

fn binding(text: &str) -> Result<(String, serde_json::Value), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=JSON")?;
    let value = serde_json::from_str(value)
        .map_err(|error| format!("the value of `{name}` is no JSON: {error}; a text needs quotes: {name}='\"…\"'"))?;
    Ok((name.to_owned(), value))
}

/// The expression without the brackets it has in definitions, should they have been copied along.
fn bare(expression: &str) -> &str {
    let text = expression.trim();
    text.strip_prefix("${").and_then(|text| text.strip_suffix('}')).unwrap_or(text)
}
