//! `platc affected`: which outputs a change touches, and why; for pipelines that do no more than they have to.

use super::change::Change;
use super::{AnswerForm, Exit, Failure, Session};
use crate::disk::{DiskSystem, Remembered};
use crate::render::lines::Lines;
use crate::render::markdown::{Page, Rank, code_of, prose};
use crate::render::{plural, table};
use clap::ValueEnum;
use platc::artifact::{Artifacts, stack_named};
use platc::object::Stack;
use platc::query::affected::{
    AffectedOutput, AffectedPart, AffectedReason, EditNumbers, FileChange, ProjectVersion, SourceEdits, affected, affected_parts,
    changed_files,
};
use platc::{Compilation, Options};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// So many reasons are told of one part of the output.
const REASONS: usize = 3;

/// Show which outputs a change touches, and why
///
/// Compares what `build` writes now with what is committed at a git revision, or with what it would have written there, byte by byte: stacks, Kubernetes objects, what is installed
/// on clusters, files. Each with the lines of the sources that are the reason. Exits with 0, whatever is touched: pipelines read what is printed.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc affected\n  platc affected --against main --dependents\n  platc affected --against main --matrix github\n  platc affected --against main --matrix stacks"
)]
pub(crate) struct Arguments {
    /// Compare with the project as it is at this git revision, with `main...` where this branch left main
    #[arg(long, value_name = "REVISION", default_value = "HEAD")]
    against: String,
    /// Also what depends on it: stacks that read a stack that is touched, and things that come after one that is
    #[arg(long)]
    dependents: bool,
    /// Print the stacks that are touched in the order in which they are applied, for a pipeline; directories are below that of the project
    #[arg(long, value_enum, value_name = "FOR")]
    matrix: Option<Matrix>,
}

/// Who reads a list of stacks.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum Matrix {
    /// A matrix of GitHub Actions, on one line
    Github,
    /// A job of GitLab to extend, with a matrix
    Gitlab,
    /// An atlantis.yaml
    Atlantis,
    /// A directory on each line
    Stacks,
}

/// A stack that is touched, or reads one.
struct Touched<'a> {
    environment: String,
    stack: &'a Stack,
    /// Its folder, below that of the project: pipelines do not care where somebody stands.
    directory: String,
    /// Folders of stacks that it reads and that are touched.
    after: Vec<String>,
    /// Nothing in it differs, but in one that it reads.
    is_dependent: bool,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let form = session.answer_form()?;
    if arguments.matrix.is_some() && form != AnswerForm::Text {
        return Err(Failure::Usage("`--matrix` says itself what is printed: leave out `--format`".to_owned()));
    }
    let system = Remembered::new(DiskSystem::new(&session.project.root));
    let Some((mut change, former)) = Change::read(&arguments.against, &[], &system, session)? else { return Ok(Exit::No) };
    let committed = change.committed(&arguments.against, session)?;
    let edits = SourceEdits::of((&change.before.sources, &former), (&change.now.sources, &system));
    let paths = changed_files(&change.old.real, &change.new.real);
    let held = change.held.take();
    let traced = (!edits.is_plain() && !paths.is_empty() && !change.is_first).then(|| {
        let lines = |compilation: &mut Compilation| session.compiler.borrow_mut().emit_lines(compilation, &paths, held.as_deref());
        (lines(&mut change.before), lines(&mut change.now))
    });
    let (old, new) = traced.as_ref().map_or((&change.old.real, &change.new.real), |(old, new)| (old, new));
    let now = version(&change.now, new);
    let mut trial = |taken: &EditNumbers| {
        let mut compiler = session.compiler.borrow_mut();
        let mut compilation = compiler.compile(&edits.without(taken, &system), &Options::default());
        let artifacts = match held.as_deref() {
            Some(disk) => compiler.emit_over(&mut compilation, disk),
            None => compiler.emit(&mut compilation),
        };
        (!compilation.diagnostics.has_errors()).then_some(artifacts)
    };
    let sources = if change.is_first {
        Ok(all_new(affected_parts(version(&change.before, old), now), &arguments.against))
    } else {
        affected(version(&change.before, old), now, &edits, &mut trial)
    };
    let sources = match sources {
        Ok(outputs) => outputs,
        Err(lost) => return session.lose(&lost),
    };
    let outputs = match &committed {
        Some(committed) => attributed(&sources, affected_parts(version(&change.before, committed), now), committed, &change.old.real),
        None => sources,
    };
    let stacks = touched(&outputs, &change.now, arguments.dependents);
    let things: BTreeSet<&str> = outputs.iter().flat_map(|output| &output.things).map(String::as_str).collect();
    let dependents = if arguments.dependents { dependents(&things, &change.now) } else { BTreeSet::new() };
    match arguments.matrix {
        Some(matrix) => session.terminal.print_raw(&listed(&stacks, matrix))?,
        None => match form {
            AnswerForm::Json => session.terminal.print_json(&answer(&outputs, &stacks, &dependents, &change, arguments, session))?,
            AnswerForm::Text => session.terminal.print(&text(&outputs, &stacks, &dependents, &change, session))?,
            AnswerForm::Markdown => {
                session.terminal.print(&page(&outputs, &stacks, &dependents, &change, &arguments.against, session).lines())?;
            }
        },
    }
    Ok(Exit::Fine)
}

fn version<'a>(compilation: &'a Compilation, artifacts: &'a Artifacts) -> ProjectVersion<'a> {
    let Compilation { model, definitions, sources, .. } = compilation;
    ProjectVersion { model, definitions, sources, artifacts }
}

/// Outputs of a project that was not there: no single line is the reason.
fn all_new(mut outputs: Vec<AffectedOutput>, revision: &str) -> Vec<AffectedOutput> {
    let reason = AffectedReason { what: format!("there was no project at {revision}"), before: None, now: None };
    outputs.iter_mut().for_each(|output| _ = output.reasons.insert(reason.clone()));
    outputs
}

/// Outputs that differ from what is committed, each with what the sources are the reason of; what these do not explain is the doing of this version of platc.
fn attributed(sources: &[AffectedOutput], mut all: Vec<AffectedOutput>, committed: &Artifacts, old: &Artifacts) -> Vec<AffectedOutput> {
    let text = |artifacts: &Artifacts, path: &str| artifacts.get(path).map(|artifact| artifact.text.clone());
    for output in &mut all {
        let known = sources.iter().find(|known| known.path == output.path);
        if let Some(known) = known {
            (output.reasons, output.things) = (known.reasons.clone(), known.things.clone());
        }
        if output.files.iter().any(|(path, _)| text(committed, path) != text(old, path)) {
            output.reasons.insert(AffectedReason { what: "this version of platc".to_owned(), before: None, now: None });
        }
    }
    all
}

/// Stacks that are there and touched, in the order in which they are applied; with those that read them, if they are wanted.
fn touched<'a>(outputs: &[AffectedOutput], now: &'a Compilation, dependents: bool) -> Vec<Touched<'a>> {
    let folder = |stack: &Stack| stack_named(now.model.environment(stack.environment).identity.text(), &stack.name);
    let changed: BTreeSet<&str> =
        outputs.iter().filter(|output| matches!(output.part, AffectedPart::Stack { .. })).map(|output| output.path.as_str()).collect();
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut touched = Vec::new();
    // A stack stands behind those that it reads.
    for stack in &now.objects.stacks {
        let own = folder(stack);
        let read = stack.reads.iter().filter_map(|id| now.objects.stacks.iter().find(|other| other.id() == *id)).map(folder);
        let after: Vec<String> = read.filter(|folder| known.contains(folder)).collect();
        let is_changed = changed.contains(own.as_str());
        if is_changed || (dependents && !after.is_empty()) {
            let environment = now.model.environment(stack.environment).name.to_string();
            let directory = |folder: &str| format!("{}/{folder}", now.model.platform.output);
            let after = after.iter().map(|folder| directory(folder)).collect();
            touched.push(Touched { environment, stack, directory: directory(&own), after, is_dependent: !is_changed });
            known.insert(own);
        }
    }
    touched
}

/// Things that come after one of these, however many lie between.
fn dependents(things: &BTreeSet<&str>, now: &Compilation) -> BTreeSet<String> {
    let mut left: Vec<_> = now.model.entities().filter(|(_, entity)| things.contains(&*entity.path)).map(|(id, _)| id).collect();
    let mut known: BTreeSet<_> = left.iter().copied().collect();
    let mut found = BTreeSet::new();
    let mut after: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for edge in now.graph.edges().iter().filter(|edge| edge.cause.orders()) {
        after.entry(edge.to).or_default().push(edge.from);
    }
    while let Some(id) = left.pop() {
        for from in after.get(&id).into_iter().flatten().copied() {
            if known.insert(from) {
                found.insert(now.model.entity(from).path.to_string());
                left.push(from);
            }
        }
    }
    found
}

/// A list of stacks as somebody reads it.
fn listed(stacks: &[Touched<'_>], matrix: Matrix) -> String {
    let scalar = |text: &str| Json::from(text).to_string();
    match matrix {
        Matrix::Github => {
            let one = |touched: &Touched<'_>| json!({ "environment": touched.environment, "stack": &*touched.stack.name, "directory": touched.directory });
            format!("{}\n", json!({ "include": stacks.iter().map(one).collect::<Vec<_>>() }))
        }
        Matrix::Gitlab if stacks.is_empty() => "{}\n".to_owned(),
        Matrix::Gitlab => stacks.iter().fold(".stacks:\n  parallel:\n    matrix:\n".to_owned(), |mut text, touched| {
            let (environment, stack) = (scalar(&touched.environment), scalar(&touched.stack.name));
            _ = writeln!(text, "      - {{ ENVIRONMENT: {environment}, STACK: {stack}, DIRECTORY: {} }}", scalar(&touched.directory));
            text
        }),
        Matrix::Atlantis => {
            let mut text = "version: 3\nparallel_plan: true\nprojects:".to_owned();
            if stacks.is_empty() {
                text.push_str(" []");
            }
            let name = |directory: &str| directory.rsplit('/').take(2).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("-");
            for touched in stacks {
                _ = write!(text, "\n  - name: {}\n    dir: {}", scalar(&name(&touched.directory)), scalar(&touched.directory));
                if !touched.after.is_empty() {
                    let after: Vec<String> = touched.after.iter().map(|directory| scalar(&name(directory))).collect();
                    _ = write!(text, "\n    depends_on: [{}]", after.join(", "));
                }
                text.push_str("\n    autoplan: { when_modified: [\"*.tf.json\", \".terraform.lock.hcl\"] }");
            }
            text + "\n"
        }
        Matrix::Stacks => stacks.iter().map(|touched| format!("{}\n", touched.directory)).collect(),
    }
}

fn text(outputs: &[AffectedOutput], stacks: &[Touched<'_>], dependents: &BTreeSet<String>, change: &Change, session: &Session) -> Lines {
    let mut lines = Lines::default();
    if outputs.is_empty() {
        return Lines::of("nothing is affected");
    }
    let mut rows = Vec::new();
    for output in outputs {
        let mut reasons: Vec<String> = output.reasons.iter().take(REASONS).map(|reason| why(reason, change, session)).collect();
        if output.reasons.len() > REASONS {
            reasons.push(format!("and {} more", output.reasons.len() - REASONS));
        }
        rows.push(vec![output.path.clone(), counted(output), reasons.join("; ")]);
    }
    lines.append(&table::render(&rows, "  "));
    lines.line("");
    for touched in stacks.iter().filter(|touched| touched.is_dependent) {
        lines.line(&format!("{} reads {}", touched.directory, touched.after.join(", ")));
    }
    dependents.iter().for_each(|thing| lines.line(&format!("{thing} comes after what is affected")));
    lines.line(&sum(outputs));
    lines
}

fn sum(outputs: &[AffectedOutput]) -> String {
    let files: usize = outputs.iter().map(|output| output.files.len()).sum();
    let count = outputs.iter().filter(|output| matches!(output.part, AffectedPart::Stack { .. })).count();
    format!("{} in {}, {} among them", plural(files, "file"), plural(outputs.len(), "output"), plural(count, "stack"))
}

/// The same for a comment.
fn page(
    outputs: &[AffectedOutput],
    stacks: &[Touched<'_>],
    dependents: &BTreeSet<String>,
    change: &Change,
    against: &str,
    session: &Session,
) -> Page {
    let mut page = Page::default();
    page.heading(2, &format!("What is affected since {}", code_of(against)));
    page.paragraph(Rank::Head, &if outputs.is_empty() { "Nothing.".to_owned() } else { sum(outputs) });
    let row = |output: &AffectedOutput| {
        let why = |reason: &AffectedReason| {
            let place = place(reason, change, session).map_or_else(String::new, |place| format!(" ({})", prose(&place)));
            code_of(&reason.what) + &place
        };
        let mut reasons: Vec<String> = output.reasons.iter().take(REASONS).map(why).collect();
        reasons.extend(output.reasons.len().checked_sub(REASONS).filter(|more| *more > 0).map(|more| format!("and {more} more")));
        vec![code_of(&output.path), counted(output), reasons.join("; ")]
    };
    let rows: Vec<Vec<String>> = outputs.iter().map(row).collect();
    page.table(Rank::Difference, "", &["output", "files", "because of"], &rows, "output");
    let read = |touched: &Touched<'_>| {
        let after: Vec<String> = touched.after.iter().map(|directory| code_of(directory)).collect();
        format!("{} reads {}", code_of(&touched.directory), after.join(", "))
    };
    page.list(Rank::Difference, stacks.iter().filter(|touched| touched.is_dependent).map(read), "stack");
    page.closed(
        &format!("{} after what is affected", plural(dependents.len(), "thing")),
        dependents.iter().map(|thing| code_of(thing)),
        "thing",
    );
    page
}

/// `2 changed, 1 new`.
fn counted(output: &AffectedOutput) -> String {
    let count = |wanted: FileChange| output.files.iter().filter(|(_, change)| *change == wanted).count();
    let words = [(FileChange::Changed, "changed"), (FileChange::Added, "new"), (FileChange::Removed, "gone")];
    let parts: Vec<String> =
        words.iter().filter(|(change, _)| count(*change) > 0).map(|(change, word)| format!("{} {word}", count(*change))).collect();
    parts.join(", ")
}

/// A reason with its place.
fn why(reason: &AffectedReason, change: &Change, session: &Session) -> String {
    place(reason, change, session).map_or_else(|| reason.what.clone(), |place| format!("{} ({place})", reason.what))
}

/// Where a reason is written now, or was.
fn place(reason: &AffectedReason, change: &Change, session: &Session) -> Option<String> {
    let now = reason.now.map(|span| session.view(&change.now).at(span));
    now.or_else(|| reason.before.map(|span| change.first_view().at(span)))
}

/// The same for machines.
fn answer(
    outputs: &[AffectedOutput],
    stacks: &[Touched<'_>],
    dependents: &BTreeSet<String>,
    change: &Change,
    arguments: &Arguments,
    session: &Session,
) -> Json {
    let reason = |reason: &AffectedReason| {
        json!({
            "what": reason.what,
            "before": reason.before.map(|span| change.first_view().place(span)),
            "now": reason.now.map(|span| session.view(&change.now).place(span)),
        })
    };
    let file = |(path, change): &(String, FileChange)| {
        let change = match change {
            FileChange::Added => "added",
            FileChange::Changed => "changed",
            FileChange::Removed => "removed",
        };
        json!({ "path": path, "change": change })
    };
    let output = |output: &AffectedOutput| {
        let kind = match output.part {
            AffectedPart::Stack { .. } => "stack",
            AffectedPart::Objects => "objects",
            AffectedPart::Delivery => "delivery",
            AffectedPart::Files => "files",
        };
        json!({
            "path": output.path,
            "kind": kind,
            "files": output.files.iter().map(file).collect::<Vec<_>>(),
            "entities": output.things,
            "reasons": output.reasons.iter().map(reason).collect::<Vec<_>>(),
        })
    };
    let stack = |touched: &Touched<'_>| {
        json!({
            "environment": touched.environment,
            "stack": &*touched.stack.name,
            "directory": touched.directory,
            "after": touched.after,
            "dependent": touched.is_dependent,
        })
    };
    json!({
        "version": 1,
        "against": arguments.against,
        "outputs": outputs.iter().map(output).collect::<Vec<_>>(),
        "stacks": stacks.iter().map(stack).collect::<Vec<_>>(),
        "dependents": dependents,
    })
}
