//! `platc show`: resolved values.

use super::{Exit, Failure, Session};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use platc::print;
use platc::query::pass::{Pass, pass};
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
    /// Print a type between two passes instead; its form may change at any time
    #[arg(long, value_name = "PASS", conflicts_with = "path", value_parser = passes(), help_heading = "Options for developers of platc")]
    pass: Option<Pass>,
}

fn passes() -> impl TypedValueParser<Value = Pass> {
    PossibleValuesParser::new(Pass::ALL.map(Pass::word)).try_map(|word| Pass::from_word(&word).ok_or("not a pass"))
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let machine = session.json()?;
    let goal = if arguments.pass.is_some() { Goal::Everything } else { Goal::about(&arguments.path) };
    let mut compilation = session.compile(&Options { set: arguments.set.clone(), goal, ..Options::default() });
    // What is a secret may be unknown in a broken project.
    if session.broken(&compilation)? {
        return Ok(Exit::No);
    }
    let answer = match arguments.pass {
        Some(wanted) => pass(&mut session.compiler.borrow_mut(), &mut compilation, wanted),
        None => show(&compilation.model, &arguments.path),
    };
    match answer {
        Ok(tree) if machine => session.terminal.print_json(&json(&tree))?,
        Ok(tree) => session.terminal.print_raw(&print::shown(&tree))?,
        Err(lost) => return session.lose(&lost.placed(&compilation.sources)),
    }
    Ok(Exit::Fine)
}
