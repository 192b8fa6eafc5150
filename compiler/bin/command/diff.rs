//! `platc diff`: how two environments differ, or how a change alters the platform.

use super::answer::Answer;
use super::change::{Change, side};
use super::emitted::Emitted;
use super::selected::{Selected, Subjects, Viewed};
use super::{Exit, Failure, Session, known};
use crate::render::diff::{self as render, Named};
use crate::render::markdown::code_of;
use crate::render::patch::{Depth, Files};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use platc::artifact::{Artifacts, environment_of, in_environment};
use platc::diagnostic::{Diagnostic, Severity};
use platc::level::Level;
use platc::model::{EnvironmentId, Model};
use platc::path::Path;
use platc::query::diff::diff;
use platc::query::parity::Parity;
use platc::query::path::DeadEnd;
use platc::{Compilation, Goal, Options};
use serde_json::Value as Json;

/// Show how two environments differ, or what a change does
///
/// Compares two environments value by value. What only carries the environment's name is left out, what follows from another difference is
/// counted there. Each line has both values and the places that set them. With `--against`, or without an environment, the platform as it is now
/// is compared with that of a git revision, environment by environment. Exits with 1 if anything that is selected differs; differences that
/// `platform.parity` lists (`- path: nodePools.*.size`) do not count. With `--deny` it exits with 1 only if the change does such a thing outside.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  platc diff                             # what is not committed yet\n  platc diff ops apps\n  platc diff ops apps services.cert-manager -c gc0\n  platc diff ops apps --view artifacts\n  platc diff --against main              # what the change at hand does\n  platc diff --against v1.4 apps         # only to this environment\n  platc diff --against main --format markdown\n  platc diff --against main --deny replaces"
)]
pub(crate) struct Arguments {
    /// Two environments, or with `--against` any number of them; behind these, paths of what is to be compared: services.shop
    #[arg(value_name = "ENVIRONMENT|PATH")]
    names: Vec<String>,
    /// Compare with the project as it is at this git revision, with `main...` where this branch left main [default without environments: HEAD]
    #[arg(long, value_name = "REVISION")]
    against: Option<String>,
    #[command(flatten)]
    viewed: Viewed,
    /// Show all: differences that `platform.parity` declares as meant, what follows from each, and what only carries the environment's name
    #[arg(long)]
    all: bool,
    /// Fail only if the change does this to what is there, or anything graver [from the gravest: destroys-data, replaces, unknown, refused]
    #[arg(long, value_name = "LEVEL", hide_possible_values = true, value_parser = level())]
    deny: Option<Level>,
    #[command(flatten)]
    selected: Selected,
    /// Set a value, stronger than all definitions: services.shop.replicas=3
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

/// The words of levels.
fn level() -> impl TypedValueParser<Value = Level> {
    PossibleValuesParser::new(Level::ALL.map(Level::word)).map(|word| Level::of(&word).unwrap_or(Level::Refused))
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let (environments, selected) = arguments.selected.of(&arguments.names)?;
    if arguments.deny.is_some() && arguments.against.is_none() && !environments.is_empty() {
        return Err(Failure::Usage(
            "`--deny` is about what a change does: compare with a revision, `platc diff --against HEAD`".to_owned(),
        ));
    }
    match (&arguments.against, environments) {
        (Some(_), _) | (None, []) => against(arguments, environments, &selected, session),
        (None, [first, second]) => compared(arguments, (first, second), &selected, session),
        (None, [_]) => {
            Err(Failure::Usage("compared with which? name a second environment, or a revision: `platc diff --against HEAD`".to_owned()))
        }
        (None, [_, _, ..]) => Err(Failure::Usage(
            "two environments are compared, not more; what is compared of them is named by its path, as in `platc diff ops apps services.web`".to_owned(),
        )),
    }
}

/// The project as it is now and as it was.
fn against(arguments: &Arguments, environments: &[String], selected: &Selected, session: &Session) -> Result<Exit, Failure> {
    let form = session.answer_form()?;
    let revision = arguments.against.as_deref().unwrap_or("HEAD");
    let Some(mut change) = Change::since(revision, &arguments.set, session)? else { return Ok(Exit::No) };
    change.known(environments, selected)?;
    let stays = change.leaving(environments, selected, session);
    let mut answer = match arguments.viewed.view {
        Subjects::Artifacts => {
            let found = change.attributed((revision, environments), selected, session)?;
            found.answer(revision, selected.detail(arguments.all))
        }
        Subjects::Values => match change.answer(environments, selected, arguments.all, session) {
            Ok(answer) => answer,
            Err(lost) => return session.lose(&lost),
        },
    };
    if let Some(members) = answer.json.as_object_mut().filter(|_| arguments.viewed.view == Subjects::Values) {
        members.insert("against".to_owned(), revision.into());
    }
    if let Some(denied) = arguments.deny {
        let is_denied = |said: &Diagnostic| said.severity == Severity::Error || said.level.is_some_and(|level| level <= denied);
        answer.differs = stays.iter().any(is_denied) || answer.level.is_some_and(|level| level <= denied);
    }
    let title = format!("What changes since {}", code_of(revision));
    answer.print(&title, Some(stays), &session.view(&change.now), form, session)
}

/// Two environments of the project.
fn compared(arguments: &Arguments, names: (&str, &str), selected: &Selected, session: &Session) -> Result<Exit, Failure> {
    let form = session.answer_form()?;
    // Values of two environments differ or do not whatever the templates make of them.
    let values = arguments.viewed.view == Subjects::Values;
    let goal = if values { Goal::Model } else { Goal::Everything };
    let mut now = session.compile(&Options { set: arguments.set.clone(), goal, ..Options::default() });
    if session.broken(&now)? {
        return Ok(Exit::No);
    }
    let emitted = if values { Emitted::default() } else { Emitted::of(&mut now, None, session) };
    if session.broken(&now)? {
        return Ok(Exit::No);
    }
    selected.check(&[&now.model])?;
    let sides = (environment(&now.model, names.0)?, environment(&now.model, names.1)?);
    match between(arguments, selected, sides, &now, &emitted, session) {
        Ok(answer) => {
            let title = format!("How {} and {} differ", code_of(names.0), code_of(names.1));
            answer.print(&title, None, &session.view(&now), form, session)
        }
        Err(lost) => session.lose(&lost),
    }
}

/// An answer with the number of its form, which changes with the form.
fn versioned(mut answer: Json) -> Json {
    if let Some(members) = answer.as_object_mut() {
        members.insert("version".to_owned(), 1.into());
    }
    answer
}

fn environment(model: &Model, name: &str) -> Result<EnvironmentId, Failure> {
    known("environment", name, model.environments.iter().map(|environment| &*environment.name))?;
    let found = model.environments().find(|(_, environment)| &*environment.name == name);
    found.map(|(id, _)| id).ok_or_else(|| Failure::Usage(format!("there is no environment `{name}`")))
}

/// Two environments of one compilation.
fn between<'a>(
    arguments: &Arguments,
    selected: &Selected,
    (first, second): (EnvironmentId, EnvironmentId),
    now: &Compilation,
    artifacts: &'a Emitted,
    session: &Session,
) -> Result<Answer, DeadEnd> {
    let (first, second) = (side(now, first), side(now, second));
    match arguments.viewed.view {
        Subjects::Values => {
            let parity = if arguments.all { Parity::default() } else { Parity::of(&now.model, first.name(), second.name()) };
            let mut comparison = diff(first, second, &parity)?;
            selected.select(&mut comparison);
            let view = session.view(now);
            let (one, other) = (Named { name: first.name(), view }, Named { name: second.name(), view });
            Ok(Answer {
                text: render::text(&comparison, one, other, selected.detail(arguments.all)),
                json: versioned(render::json(&comparison, one, other, arguments.all)),
                page: render::page(&comparison, one, other, selected.detail(arguments.all)),
                differs: !comparison.is_empty(),
                level: None,
            })
        }
        Subjects::Artifacts => {
            // Folders of environments stand for each other; what is in the files is shown as it is.
            let is_selected = |id| selected.covers(now.model.entity(id), &now.model, &Path::default());
            let wanted = (!selected.is_all()).then(|| artifacts.of_things(&is_selected));
            let is_wanted = |path: &str| wanted.as_ref().is_none_or(|wanted| wanted.contains(path));
            let files = |all: &'a Artifacts, environment: &str| -> Files<'a> {
                let own = all.iter().filter(|(path, _)| environment_of(path) == Some(environment) && is_wanted(path));
                own.map(|(path, artifact)| (in_environment(path, second.identity()), artifact.text.as_str().into())).collect()
            };
            let (old, new) = (|all| files(all, first.identity()), |all| files(all, second.identity()));
            let patch = Emitted::patch((artifacts, artifacts), old, new, Depth::Lines);
            Ok(Answer::of(&patch, selected.detail(arguments.all)))
        }
    }
}
