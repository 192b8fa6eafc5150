//! `platc diff`: how two environments differ, or how a change alters the platform.

use super::{Exit, Failure, Session, known};
use crate::git;
use crate::render::diff::{self as render, Named};
use crate::render::lines::Lines;
use crate::render::patch::{Files, Patch};
use crate::render::{View, plural};
use clap::ValueEnum;
use platc::artifact::{Artifacts, FormerOutput, belongs, staying};
use platc::diagnostic::Diagnostics;
use platc::model::{Environment, EnvironmentId, Model};
use platc::path::Path;
use platc::query::diff::{Side, diff};
use platc::query::parity::Parity;
use platc::query::path::DeadEnd;
use platc::query::rename::renamed;
use platc::{Compilation, Goal, Options};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// Show how two environments differ, or what a change does
///
/// Compares two environments value by value. What must differ is left out: the environment's name and everything derived from it. Each
/// line has both values and the places that set them. With `--against`, the platform as it is now is compared with that of a git
/// revision, environment by environment. Exits with 1 if anything differs; differences that `platform.parity` lists (`- path: nodePools.*.size`) do
/// not count.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc diff ops apps\n  platc diff ops apps --view artifacts\n  platc diff --against main              # what the change at hand does\n  platc diff --against v1.4 apps         # only to this environment"
)]
pub(crate) struct Arguments {
    /// An environment
    #[arg(required_unless_present = "against")]
    first: Option<String>,
    /// The environment to compare it with
    #[arg(required_unless_present = "against", conflicts_with = "against")]
    second: Option<String>,
    /// Compare with the project as it is at this git revision
    #[arg(long, value_name = "REVISION")]
    against: Option<String>,
    /// What to compare
    #[arg(long, value_enum, default_value_t = What::Values)]
    view: What,
    /// Show differences that `platform.parity` declares as meant, too
    #[arg(long, conflicts_with = "against")]
    all: bool,
    /// Set a value, stronger than all definitions: services.shop.replicas=3
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
enum What {
    /// Resolved values, with the places that set them
    Values,
    /// The files that `build` writes, as a unified diff
    Artifacts,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let machine = session.json()?;
    // Values of two environments differ or do not whatever the templates make of them.
    let values = arguments.against.is_none() && arguments.view == What::Values;
    let options = Options { set: arguments.set.clone(), goal: if values { Goal::Model } else { Goal::Everything }, ..Options::default() };
    let mut now = session.compile(&options);
    if session.broken(&now)? {
        return Ok(Exit::No);
    }
    let artifacts = if values { Emitted::default() } else { Emitted::of(&mut now, session) };
    if session.broken(&now)? {
        return Ok(Exit::No);
    }
    let mut answer = Answer::default();
    match &arguments.against {
        Some(revision) => {
            let system = git::read(&session.project.root, revision).map_err(Failure::Usage)?;
            let mut before = session.compile_of(&system, &options);
            let old = Emitted::of(&mut before, session);
            if before.diagnostics.has_errors() {
                return broken_before(&before, revision, session);
            }
            if let Some(name) = &arguments.first {
                let names =
                    [&now.model, &before.model].into_iter().flat_map(|model| &model.environments).map(|environment| &*environment.name);
                known("environment", name, names)?;
            }
            let scope = arguments.first.as_ref().map(|name| vec![Path::of([&**name])]);
            let leaving = leaving((&mut before, &old), (&mut now, &artifacts), scope.as_deref(), session);
            if let Err(lost) = against(&mut answer, arguments, revision, (&before, &old), (&now, &artifacts), session) {
                return session.lose(&lost);
            }
            answer.stays = leaving;
        }
        None => {
            let find = |name: &Option<String>| environment(&now.model, name.as_deref().unwrap_or(""));
            let sides = (find(&arguments.first)?, find(&arguments.second)?);
            if let Err(lost) = between(&mut answer, arguments, sides, &now, &artifacts, session) {
                return session.lose(&lost);
            }
        }
    }
    let stays = answer.stays.sorted(&now.sources);
    if machine {
        if let Some(answer) = answer.json.as_object_mut().filter(|_| arguments.against.is_some()) {
            answer.extend(crate::render::json::render(&stays, &session.view(&now)));
        }
        session.terminal.print_json(&answer.json)?;
    } else {
        session.terminal.print(&answer.text)?;
        session.report(&stays, &session.view(&now), serde_json::Map::new())?;
    }
    Ok(if answer.differs { Exit::No } else { Exit::Fine })
}

/// The files of a compilation, as they are and as they may be shown.
#[derive(Default)]
struct Emitted {
    real: Artifacts,
    shown: Artifacts,
}

impl Emitted {
    fn of(compilation: &mut Compilation, session: &Session) -> Self {
        // What the output holds is of this project as it is now, so what waits is left out on both sides.
        let mut compiler = session.compiler.borrow_mut();
        Self { real: compiler.emit(compilation), shown: compiler.emit_shown(compilation, None) }
    }

    /// How some files of two compilations differ, or of two environments of one, whose names are translated.
    fn patch(first: &Self, second: &Self, old: impl Fn(&Artifacts) -> Files<'static>, new: impl Fn(&Artifacts) -> Files<'static>) -> Patch {
        let mut patch = Patch::new(&old(&first.shown), &new(&second.shown));
        patch.differ_in_secrets(&Patch::new(&old(&first.real), &new(&second.real)));
        patch
    }
}

/// What is to be printed.
#[derive(Debug, Default)]
struct Answer {
    text: Lines,
    json: Json,
    differs: bool,
    /// What a build would say of that which leaves.
    stays: Diagnostics,
}

/// What a build would say of that which leaves from one revision to the next: what would be lost without a word, and what stays outside.
fn leaving(
    (before, old): (&mut Compilation, &Emitted),
    (now, new): (&mut Compilation, &Emitted),
    scope: Option<&[Path]>,
    session: &Session,
) -> Diagnostics {
    let compiler = session.compiler.borrow();
    let kept = compiler.keep(before, &BTreeSet::new(), None);
    let said = std::mem::take(&mut now.diagnostics);
    _ = compiler.keep(now, &kept, scope);
    let mut leaving = std::mem::replace(&mut now.diagnostics, said);
    if leaving.has_errors() {
        return leaving;
    }
    let paths: BTreeSet<String> = old.real.iter().map(|(path, _)| path.to_owned()).collect();
    let read = |path: &str| old.real.get(path).map(|artifact| artifact.text.clone());
    let is_chosen = |path: &str| {
        let belongs = || [&now.model, &before.model].into_iter().find_map(|model| belongs(model, path));
        scope.is_none_or(|scope| belongs().is_some_and(|path| scope.iter().any(|upper| path.is_within(upper))))
    };
    let output = format!("{}{}", session.project.prefix, now.model.platform.output);
    staying(FormerOutput { paths: &paths, read: &read }, (&output, &new.real), &is_chosen, &mut leaving);
    leaving
}

fn environment(model: &Model, name: &str) -> Result<EnvironmentId, Failure> {
    known("environment", name, model.environments.iter().map(|environment| &*environment.name))?;
    let found = model.environments().find(|(_, environment)| &*environment.name == name);
    found.map(|(id, _)| id).ok_or_else(|| Failure::Usage(format!("there is no environment `{name}`")))
}

fn side(compilation: &Compilation, environment: EnvironmentId) -> Side<'_> {
    Side { model: &compilation.model, definitions: &compilation.definitions, environment }
}

/// Two environments of one compilation.
fn between(
    answer: &mut Answer,
    arguments: &Arguments,
    (first, second): (EnvironmentId, EnvironmentId),
    now: &Compilation,
    artifacts: &Emitted,
    session: &Session,
) -> Result<(), DeadEnd> {
    let (first, second) = (side(now, first), side(now, second));
    match arguments.view {
        What::Values => {
            let parity = if arguments.all { Parity::default() } else { Parity::of(&now.model, first.name(), second.name()) };
            let comparison = diff(first, second, &parity)?;
            let view = session.view(now);
            let (one, other) = (Named { name: first.name(), view }, Named { name: second.name(), view });
            answer.text = render::text(&comparison, one, other);
            answer.json = render::json(&comparison, one, other);
            answer.differs = !comparison.is_empty();
        }
        What::Artifacts => {
            let translated = |text: &str| renamed(text, first.identity(), second.identity());
            let is_of = |path: &str, name: &str| path.split('/').any(|part| part == name);
            let old = |all: &Artifacts| -> Files<'static> {
                let own = all.iter().filter(|(path, _)| is_of(path, first.identity()));
                own.map(|(path, artifact)| (translated(path), translated(&artifact.text).into())).collect()
            };
            let new = |all: &Artifacts| -> Files<'static> {
                let own = all.iter().filter(|(path, _)| is_of(path, second.identity()));
                own.map(|(path, artifact)| (path.to_owned(), artifact.text.clone().into())).collect()
            };
            answer.take(&Emitted::patch(artifacts, artifacts, old, new));
        }
    }
    Ok(())
}

/// The same project before and now.
fn against(
    answer: &mut Answer,
    arguments: &Arguments,
    revision: &str,
    (before, old): (&Compilation, &Emitted),
    (now, new): (&Compilation, &Emitted),
    session: &Session,
) -> Result<(), DeadEnd> {
    let of_both = || [&now.model, &before.model].into_iter().flat_map(|model| &model.environments);
    let is_wanted = |environment: &&Environment| arguments.first.as_ref().is_none_or(|wanted| *environment.name == **wanted);
    let folders: BTreeSet<&str> = of_both().filter(is_wanted).map(|environment| &**environment.identity.text()).collect();
    let files = |artifacts: &Artifacts| -> Files<'static> {
        let wanted = |path: &str| arguments.first.is_none() || path.split('/').any(|part| folders.contains(part));
        artifacts.iter().filter(|(path, _)| wanted(path)).map(|(path, artifact)| (path.to_owned(), artifact.text.clone().into())).collect()
    };
    let patch = Emitted::patch(old, new, files, files);
    if arguments.view == What::Artifacts {
        answer.take(&patch);
        return Ok(());
    }
    let prefix = format!("{revision}:");
    let view = View { sources: &before.sources, prefix: &prefix };
    let mut environments = Vec::new();
    let mut known = BTreeSet::new();
    // Environments are the same ones if they are called the same outside.
    for wanted in of_both().filter(is_wanted) {
        if !known.insert(&**wanted.identity.text()) {
            continue;
        }
        let find =
            |model: &Model| model.environments().find(|(_, known)| known.identity.text() == wanted.identity.text()).map(|(id, _)| id);
        match (find(&before.model), find(&now.model)) {
            (Some(first), Some(second)) => {
                let (first, second) = (side(before, first), side(now, second));
                let comparison = diff(first, second, &Parity::default())?;
                let called = format!("{} at {revision}", first.name());
                let (one, other) = (Named { name: &called, view }, Named { name: second.name(), view: session.view(now) });
                if first.name() != second.name() {
                    let so = format!("environment {} is called {} now, and still {} outside", first.name(), second.name(), wanted.identity);
                    answer.text.line(&so);
                    answer.differs = true;
                }
                answer.text.append(&render::text(&comparison, one, other));
                environments.push(render::json(&comparison, one, other));
                answer.differs |= !comparison.is_empty();
            }
            (Some(_), None) => answer.only(&mut environments, &wanted.name, &format!("only at {revision}")),
            (None, Some(_)) => {
                // Under its name it was another one outside, unless that one is still there under another name.
                let is_gone = |identity: &str| now.model.environments.iter().all(|known| &**known.identity.text() != identity);
                let old = before.model.environments.iter().find(|old| old.name == wanted.name && is_gone(old.identity.text()));
                match old {
                    Some(old) => {
                        known.insert(&**old.identity.text());
                        answer.replaced(&mut environments, old, wanted, revision);
                    }
                    None => answer.only(&mut environments, &wanted.name, "new"),
                }
            }
            (None, None) => {}
        }
        answer.text.line("");
    }
    answer.differs |= !patch.files.is_empty();
    let how = if patch.files.is_empty() { "" } else { "; `--view artifacts` shows them" };
    answer.text.line(&format!("{}{how}", patch.summary()));
    let paths: Vec<&str> = patch.files.iter().map(|(path, _)| path.as_str()).collect();
    answer.json = json!({ "against": revision, "environments": environments, "files": paths });
    Ok(())
}

impl Answer {
    fn take(&mut self, patch: &Patch) {
        self.text = patch.text();
        self.text.line(&patch.summary());
        let files: Vec<Json> = patch.files.iter().map(|(path, text)| json!({ "path": path, "diff": text })).collect();
        self.json = json!({ "added": patch.added, "removed": patch.removed, "changed": patch.changed, "files": files });
        self.differs = !patch.files.is_empty();
    }

    /// An environment that is another one outside.
    fn replaced(&mut self, environments: &mut Vec<Json>, old: &Environment, new: &Environment, revision: &str) {
        let (name, before, now) = (&*new.name, old.identity.to_string(), new.identity.to_string());
        self.text.line(&format!(
            "environment {name} has another identity, {now}, and had {before} at {revision}: everything that it has outside is replaced"
        ));
        environments.push(json!({ "name": name, "identity": { "before": before, "now": now } }));
        self.differs = true;
    }

    fn only(&mut self, environments: &mut Vec<Json>, name: &str, word: &str) {
        self.text.line(&format!("environment {name} is {word}"));
        environments.push(json!({ "name": name, "only": word }));
        self.differs = true;
    }
}

fn broken_before(before: &Compilation, revision: &str, session: &Session) -> Result<Exit, Failure> {
    let prefix = format!("{revision}:");
    let mut diagnostics = before.diagnostics.sorted(&before.sources);
    diagnostics.retain(|diagnostic| diagnostic.severity == platc::diagnostic::Severity::Error);
    session.report(&diagnostics, &View { sources: &before.sources, prefix: &prefix }, serde_json::Map::new())?;
    let count = plural(diagnostics.len(), "error");
    session.terminal.complain(&Lines::of(&format!("error: the project at `{revision}` has {count}, so there is nothing to compare with")));
    Ok(Exit::No)
}
