//! `platc build`: writes the output directory, or says how far it is from what it should be.

use super::{Denied, Exit, Failure, Scope, Session};
use crate::Format;
use crate::disk::Project;
use crate::folder::Folder;
use crate::git::index;
use crate::render::lines::Lines;
use crate::render::{View, plural};
use crate::replace::Stage;
use crate::turn::{self, Turn};
use platc::artifact::partial::{self, Part};
use platc::artifact::{Artifact, Artifacts, belongs};
use platc::kept::Kept;
use platc::output::{self, ATTRIBUTES, INDEX, Outcome, Outgoing, Request};
use platc::path::Path;
use platc::source::Sources;
use platc::{Compilation, Options};
use std::collections::BTreeSet;

/// So many files are named of those that git does not know.
const SHOWN: usize = 20;

/// Write kustomize trees, Terraform, and objects for Argo CD or Flux
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
    /// Exit with 1 if git would not commit a source or a file of the output, because nobody has added it
    #[arg(long)]
    tracked: bool,
    /// Exit with 1 and write nothing if there is any of this
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Vec<Denied>,
    /// Name every file that is written or removed
    #[arg(short, long)]
    verbose: bool,
    /// Set a value, stronger than all definitions: services.shop.replicas=3
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let turn = match turn::take(&session.project, arguments.check) {
        Ok(turn) => turn,
        Err(fault) => {
            let view = View { sources: &Sources::default(), prefix: &session.project.prefix };
            session.report(&[*fault], &view, serde_json::Map::new())?;
            return Ok(Exit::No);
        }
    };
    if !arguments.check {
        // What a killed `fmt` had staged.
        Stage::of(&session.project);
    }
    // All is compiled even if only a part is written, because files can belong to several environments.
    let mut compilation = session.compile(&Options { set: arguments.set.clone(), ..Options::default() });
    let scope = if compilation.diagnostics.has_errors() { None } else { arguments.scope.paths(&compilation)? };
    let kept = if compilation.diagnostics.has_errors() { BTreeSet::new() } else { session.keep(&mut compilation, scope.as_deref()) };
    let mut artifacts = if compilation.diagnostics.has_errors() {
        Artifacts::default()
    } else {
        session.emit(&mut compilation, &arguments.deny, scope.as_deref())
    };
    if !compilation.diagnostics.has_errors() {
        session.stay(&mut compilation, &artifacts, scope.as_deref());
    }
    let outcome = if compilation.diagnostics.has_errors() {
        Outcome::default()
    } else {
        let project = &session.project;
        session.compiler.borrow_mut().work(|| write(arguments, project, &turn, &mut compilation, (&mut artifacts, &kept), scope.as_deref()))
    };
    let diagnostics = compilation.diagnostics.sorted(&compilation.sources);
    let failed = compilation.diagnostics.has_errors();
    let directory = format!("{}{}", session.project.prefix, compilation.model.platform.output);
    let output = &compilation.model.platform.output;
    let untracked = if arguments.tracked && !failed { untracked(&session.project, &compilation, &artifacts)? } else { Vec::new() };
    let line_ends = if arguments.check { checked_out(&session.project, output, &outcome) } else { BTreeSet::new() };
    let is_current = outcome.is_current() || (arguments.check && is_content_current(&outcome, &line_ends));
    let mut results = serde_json::Map::new();
    if !failed {
        results.insert("output".to_owned(), serde_json::to_value(&outcome).unwrap_or_default());
        results.insert("upToDate".to_owned(), (is_current || !arguments.check).into());
        if arguments.tracked {
            results.insert("untracked".to_owned(), untracked.clone().into());
        }
    }
    session.report(&diagnostics, &session.view(&compilation), results)?;
    if failed {
        return Ok(Exit::No);
    }
    if arguments.check && session.format == Format::Text {
        session.terminal.print(&out_of_date(&outcome, &line_ends, &directory))?;
    }
    if !arguments.check {
        session.terminal.complain(&overwritten(&outcome, &directory, arguments.verbose));
        if arguments.verbose {
            session.terminal.talk(&all(&outcome, &directory));
        }
    }
    session.terminal.complain(&line_ends_of_git(&line_ends, &directory));
    session.terminal.complain(&not_in_git(&untracked, &session.project.prefix));
    session.terminal.talk(&summary(&outcome, &directory, arguments.check, is_current));
    Ok(if (arguments.check && !is_current) || !untracked.is_empty() { Exit::No } else { Exit::Fine })
}

/// Writes what was emitted, or compares; with a scope, what belongs to it.
fn write(
    arguments: &Arguments,
    project: &Project,
    turn: &Turn,
    compilation: &mut Compilation,
    (artifacts, kept): (&mut Artifacts, &BTreeSet<Kept>),
    scope: Option<&[Path]>,
) -> Outcome {
    let Compilation { model, diagnostics, .. } = compilation;
    let in_scope = |path: &Path| scope.is_none_or(|scope| scope.iter().any(|upper| path.is_within(upper)));
    let is_chosen = |path: &str| belongs(model, path).is_some_and(|path| in_scope(&path));
    let is_written = |artifact: &Artifact| {
        artifact.first || artifact.entities.is_empty() || artifact.entities.iter().any(|id| in_scope(&model.entity(*id).thing.path()))
    };
    if scope.is_some() {
        keep(project, Part { model, is_written: &is_written, is_chosen: &is_chosen }, artifacts);
    }
    let files = artifacts.iter().map(|(path, artifact)| Outgoing {
        path,
        text: artifact.text.as_bytes(),
        first: artifact.first,
        chosen: is_written(artifact),
    });
    let request = Request {
        prefix: &project.prefix,
        output: &model.platform.output,
        files: files.collect(),
        kept,
        partial: scope.is_some().then_some(&is_chosen),
        token: &turn::token(),
        by: &turn.by,
    };
    let verb = if arguments.check { output::check } else { output::write };
    verb(&Folder::new(&project.root), &request, diagnostics)
}

/// What is not written keeps the bases that it was made for, where what is written changes them.
fn keep(project: &Project, part: Part<'_>, artifacts: &mut Artifacts) {
    let held = |folders: &[String]| output::held(&Folder::new(&project.root), &part.model.platform.output, folders);
    let things = partial::changing(part, artifacts, &held(&partial::bases(part, artifacts)));
    if !things.is_empty() {
        partial::keep(part, &things, &held(&things), artifacts);
    }
    let others = partial::other_stacks(part, artifacts);
    if !others.is_empty() {
        partial::list(part, artifacts, &held(&others));
    }
}

/// Sources and files of the output that git would leave out of a commit, by path from the project.
fn untracked(project: &Project, compilation: &Compilation, artifacts: &Artifacts) -> Result<Vec<String>, Failure> {
    let unknown = index::untracked(&project.root).map_err(|reason| Failure::Usage(format!("`--tracked` needs git: {reason}")))?;
    let output = &compilation.model.platform.output;
    let written = artifacts.iter().map(|(path, _)| path).chain([INDEX, ATTRIBUTES]).map(|path| format!("{output}/{path}"));
    let read = compilation.sources.iter().filter(|(_, source)| !source.library).map(|(_, source)| source.path.to_string());
    let files: BTreeSet<String> = read.chain(written).filter(|path| unknown.contains(path)).collect();
    Ok(files.into_iter().collect())
}

/// Of the files of which only the line ends differ, those of which git has made them differ.
fn checked_out(project: &Project, output: &str, outcome: &Outcome) -> BTreeSet<String> {
    if outcome.converted.is_empty() {
        return BTreeSet::new();
    }
    // Without git nobody but an editor can have done it.
    let made = index::checked_out(&project.root, output).unwrap_or_default();
    outcome.converted.iter().filter(|path| made.contains(&format!("{output}/{path}"))).cloned().collect()
}

/// Whether nothing differs but line ends that git has made.
fn is_content_current(outcome: &Outcome, line_ends: &BTreeSet<String>) -> bool {
    outcome.created.is_empty() && outcome.removed.is_empty() && outcome.updated.iter().all(|path| line_ends.contains(path))
}

fn line_ends_of_git(line_ends: &BTreeSet<String>, directory: &str) -> Lines {
    if line_ends.is_empty() {
        return Lines::default();
    }
    let files = plural(line_ends.len(), "file");
    Lines::of(&format!(
        "{files} have the line ends of Windows here, and not in git; commit {directory}/.gitattributes, so that git keeps them"
    ))
}

fn not_in_git(untracked: &[String], prefix: &str) -> Lines {
    let mut lines = Lines::default();
    for path in untracked.iter().take(SHOWN) {
        lines.line(&format!("untracked {prefix}{path}"));
    }
    if untracked.len() > SHOWN {
        lines.line(&format!("and {} more", untracked.len() - SHOWN));
    }
    if !untracked.is_empty() {
        lines.line("a commit would not hold these: `git add` them");
    }
    lines
}

fn out_of_date(outcome: &Outcome, line_ends: &BTreeSet<String>, directory: &str) -> Lines {
    let mut files: Vec<(&str, &str)> = Vec::new();
    for (word, list) in [("missing", &outcome.created), ("changed", &outcome.updated), ("stale", &outcome.removed)] {
        files.extend(list.iter().filter(|path| !line_ends.contains(*path)).map(|path| (path.as_str(), word)));
    }
    files.sort_unstable();
    let mut lines = Lines::default();
    for (path, word) in files {
        lines.line(&format!("{word:<8} {directory}/{path}"));
    }
    lines
}

fn summary(outcome: &Outcome, directory: &str, check: bool, is_current: bool) -> Lines {
    if is_current {
        let files = outcome.unchanged + outcome.updated.len();
        return Lines::of(&format!("{directory} is up to date: {}", plural(files, "file")));
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
    Lines::of(&format!("{directory}: {}", counts.join(", ")))
}

/// Every file that was written or removed, by path.
fn all(outcome: &Outcome, directory: &str) -> Lines {
    let lists = [("created", &outcome.created), ("updated", &outcome.updated), ("removed", &outcome.removed)];
    let mut files: Vec<(&str, &str)> = lists.iter().flat_map(|(word, list)| list.iter().map(|path| (path.as_str(), *word))).collect();
    files.sort_unstable();
    let mut lines = Lines::default();
    for (path, word) in files {
        lines.line(&format!("{word} {directory}/{path}"));
    }
    lines
}

/// Work of others that was written over: never silently, all of it on demand.
fn overwritten(outcome: &Outcome, directory: &str, verbose: bool) -> Lines {
    let mut lines = Lines::default();
    let shown = if verbose { outcome.restored.len() } else { 10 };
    for path in outcome.restored.iter().take(shown) {
        lines.line(&format!("restored {directory}/{path}, which was not as the last build here left it"));
    }
    if outcome.restored.len() > shown {
        lines.line(&format!("restored {} more; `--verbose` names all", outcome.restored.len() - shown));
    }
    if !outcome.converted.is_empty() {
        let files = plural(outcome.converted.len(), "file");
        lines.line(&format!(
            "{files} had the line ends of Windows, as git can make them; commit {directory}/.gitattributes, so that it does not"
        ));
    }
    lines
}
