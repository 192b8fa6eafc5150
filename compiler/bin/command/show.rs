//! `platc show`: resolved values.

use super::emitted::files;
use super::selected::{Chosen, Subjects, Viewed, is_everywhere};
use super::{Exit, Failure, Session};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use platc::print;
use platc::query::pass::{Pass, pass};
use platc::query::show::{json, show, show_things, show_values};
use platc::{Goal, Options};
use std::collections::BTreeMap;

/// Print resolved values as YAML or JSON
///
/// Without a path: everything, by environment and kind. What only Terraform will know stands there as a Terraform reference. A path without an environment, `-e`, `-c` and `--kind`
/// choose things, each of which stands where it belongs; paths that lead into things are answered one by one, each under its whole path.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc show apps.clusters.gc0\n  platc show apps.clusters.gc0.nodePools.default.size\n  platc show ops --format json\n  platc show services.cert-manager       # in all environments\n  platc show clusters.gc0.version        # the value in each environment\n  platc show -e ops -c gc0 --kind tenant\n  platc show services.external-dns -e apps --view artifacts"
)]
pub(crate) struct Arguments {
    /// Model paths: apps.clusters.gc0, services.shop
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    #[command(flatten)]
    chosen: Chosen,
    #[command(flatten)]
    viewed: Viewed,
    /// Set a value, stronger than all definitions: services.shop.replicas=3
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Print a type between two passes instead; its form may change at any time
    #[arg(long, value_name = "PASS", conflicts_with = "paths", value_parser = passes(), help_heading = "Options for developers of platc")]
    pass: Option<Pass>,
}

fn passes() -> impl TypedValueParser<Value = Pass> {
    PossibleValuesParser::new(Pass::ALL.map(Pass::word)).try_map(|word| Pass::from_word(&word).ok_or("not a pass"))
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let machine = session.json()?;
    // One path with its environment leads to a value, and no more than that is worked out; all else chooses things.
    let is_file = arguments.viewed.view == Subjects::Artifacts;
    let (one, paths) = match &*arguments.paths {
        paths if is_file => (None, paths),
        [] if arguments.chosen.is_all() => (Some(""), &[][..]),
        [path] if arguments.chosen.is_all() && !is_everywhere(path) => (Some(path.as_str()), &[][..]),
        paths => (None, paths),
    };
    let goal = match (arguments.pass, one) {
        (Some(_), _) => Goal::Everything,
        (None, None) if is_file => Goal::Everything,
        (None, Some(path)) => Goal::about(path),
        (None, None) => Goal::Model,
    };
    let mut compilation = session.compile(&Options { set: arguments.set.clone(), goal, ..Options::default() });
    // What is a secret may be unknown in a broken project.
    if session.broken(&compilation)? {
        return Ok(Exit::No);
    }
    if is_file && arguments.pass.is_none() {
        let chosen = match arguments.chosen.things(paths, &compilation.model)? {
            Ok(chosen) => chosen,
            Err(lost) => return session.lose(&lost.placed(&compilation.sources)),
        };
        let Some(files) = files(&mut compilation, &chosen, session)? else { return Ok(Exit::No) };
        if machine {
            session.terminal.print_json(&files.into_iter().collect::<BTreeMap<String, String>>())?;
        } else {
            for (path, text) in files {
                session.terminal.print_raw(&format!("==> {path} <==\n{text}\n"))?;
            }
        }
        return Ok(Exit::Fine);
    }
    let answer = match (arguments.pass, one) {
        (Some(wanted), _) => pass(&mut session.compiler.borrow_mut(), &mut compilation, wanted),
        (None, Some(path)) => show(&compilation.model, path),
        (None, None) => {
            let model = &compilation.model;
            let around = match arguments.chosen.things(&[], model)? {
                Ok(around) => around,
                Err(lost) => return session.lose(&lost.placed(&compilation.sources)),
            };
            match show_values(model, paths, &|id| around.has(id)) {
                Ok(None) => arguments.chosen.things(paths, model)?.and_then(|chosen| show_things(model, &|id| chosen.has(id))),
                Ok(Some(values)) => Ok(values),
                Err(lost) => Err(lost),
            }
        }
    };
    match answer {
        Ok(tree) if machine => session.terminal.print_json(&json(&tree))?,
        Ok(tree) => session.terminal.print_raw(&print::shown(&tree))?,
        Err(lost) => return session.lose(&lost.placed(&compilation.sources)),
    }
    Ok(Exit::Fine)
}
