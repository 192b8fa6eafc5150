//! `platc build`: writes the output directory, or says how far it is from what it should be.

use super::{Exit, Failure, Scope, Session};
use crate::Format;
use crate::render::lines::Lines;
use crate::render::plural;
use crate::write::{self, Outcome, Outgoing, Request};
use platc::Options;
use platc::artifact::Artifacts;
use platc::model::Model;

/// Write kustomize trees, Terraform and Argo CD manifests
///
/// Everything is written below `dist/`, or what `platform.output` names. Only files that platc wrote itself are ever replaced or
/// removed; files that would not change are not touched. With errors nothing is written.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc build\n  platc build -e ops                 # only what belongs to ops\n  platc build --check                # in CI: exit 1 if dist/ is out of date"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    scope: Scope,
    /// Write nothing; list what is out of date and exit with 1 if anything is
    #[arg(long)]
    check: bool,
    /// Set a value, stronger than all definitions: services.shop.replicas=3
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    // All is compiled even if only a part is written, because files can belong to several environments.
    let mut compilation = session.compile(&Options { set: arguments.set.clone() });
    let scope = if compilation.diagnostics.has_errors() { None } else { arguments.scope.paths(&compilation)? };
    let artifacts = if compilation.diagnostics.has_errors() { Artifacts::default() } else { platc::emit(&mut compilation) };

    let mut outcome = Outcome::default();
    if !compilation.diagnostics.has_errors() {
        let request = Request {
            root: &session.project.root,
            prefix: &session.project.prefix,
            output: &compilation.model.platform.output,
            files: outgoing(&artifacts, &compilation.model),
            scope,
        };
        let _alone = crate::threads();
        let verb = if arguments.check { write::check } else { write::write };
        outcome = verb(&request, &mut compilation.diagnostics);
    }
    let diagnostics = compilation.diagnostics.sorted(&compilation.sources);
    let failed = compilation.diagnostics.has_errors();
    let current = outcome.is_current();
    let mut results = serde_json::Map::new();
    if !failed {
        results.insert("output".to_owned(), serde_json::to_value(&outcome).unwrap_or_default());
        results.insert("upToDate".to_owned(), (current || !arguments.check).into());
    }
    session.report(&diagnostics, &session.view(&compilation), results)?;
    if failed {
        return Ok(Exit::No);
    }
    let directory = format!("{}{}", session.project.prefix, compilation.model.platform.output);
    if arguments.check && session.format == Format::Text {
        session.terminal.print(&out_of_date(&outcome, &directory))?;
    }
    session.terminal.talk(&summary(&outcome, &directory, arguments.check));
    Ok(if arguments.check && !current { Exit::No } else { Exit::Fine })
}

fn outgoing<'a>(artifacts: &'a Artifacts, model: &'a Model) -> Vec<Outgoing<'a>> {
    artifacts
        .iter()
        .map(|(path, artifact)| Outgoing {
            path,
            text: artifact.text.as_bytes(),
            entities: artifact.entities.iter().map(|id| &*model.entity(*id).path).collect(),
        })
        .collect()
}

fn out_of_date(outcome: &Outcome, directory: &str) -> Lines {
    let mut files: Vec<(&str, &str)> = Vec::new();
    for (word, list) in [("missing", &outcome.created), ("changed", &outcome.updated), ("stale", &outcome.removed)] {
        files.extend(list.iter().map(|path| (path.as_str(), word)));
    }
    files.sort_unstable();
    let mut lines = Lines::default();
    for (path, word) in files {
        lines.line(&format!("{word:<8} {directory}/{path}"));
    }
    lines
}

fn summary(outcome: &Outcome, directory: &str, check: bool) -> Lines {
    if outcome.is_current() {
        return Lines::of(&format!("{directory} is up to date: {}", plural(outcome.unchanged, "file")));
    }
    if check {
        return Lines::of(&format!("{directory} is out of date; run `platc build`"));
    }
    let counts = [
        (outcome.created.len(), "created"),
        (outcome.updated.len(), "updated"),
        (outcome.removed.len(), "removed"),
        (outcome.unchanged, "unchanged"),
    ];
    let counts: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let counts = if counts.is_empty() { "index written".to_owned() } else { counts.join(", ") };
    let mut lines = Lines::of(&format!("{directory}: {counts}"));
    for path in outcome.restored.iter().take(10) {
        lines.line(&format!("restored {directory}/{path}, which was edited by hand"));
    }
    if outcome.restored.len() > 10 {
        lines.line(&format!("restored {} more", outcome.restored.len() - 10));
    }
    lines
}
