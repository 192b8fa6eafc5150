//! Fields that have no value: removed by a layer, or never set. In comes a path, out goes who says so, or where the field is declared.

use super::cascade;
use crate::definition::Definitions;
use crate::model::{EntityId, Model};
use crate::origin::Origin;
use crate::path::{Path, Step};
use crate::query::path::{PathSubject, find_steps, parse};
use crate::schema::Type;
use crate::value::Value;

/// A field that nothing sets, though its class knows it.
#[derive(Clone, Debug)]
pub struct Unset<'a> {
    /// The path as platc writes it.
    pub path: Path,
    /// The class of the entity: `cluster/eks`; none of fields of the platform and of environments, which the language declares.
    pub class: Option<&'a str>,
    /// The declared type.
    pub type_: &'a Type,
}

/// Finds the declaration of a field that has no value; nothing if there is no such field.
#[must_use]
pub fn unset<'a>(model: &'a Model, definitions: &'a Definitions, path: &str) -> Option<Unset<'a>> {
    let asked = parse(path).ok()?;
    let (mut path, class, mut type_, rest): (Path, Option<&str>, &Type, &[Step]) = match owner(model, asked.steps()) {
        Some((id, rest)) => {
            let entity = model.entity(id);
            let class = entity.class_in(definitions)?;
            (entity.thing.path(), Some(&class.full), &class.type_, rest)
        }
        None => of_language(model, definitions, asked.steps())?,
    };
    for step in rest {
        type_ = match step {
            Step::Key(key) => type_.inside(key)?,
            Step::Item(_) => type_.items()?,
        };
        path.push(step.clone());
    }
    Some(Unset { path, class, type_ })
}

/// A field of the platform or of an environment: the path of these, their type, and the steps behind.
fn of_language<'a, 's>(
    model: &'a Model,
    definitions: &'a Definitions,
    steps: &'s [Step],
) -> Option<(Path, Option<&'a str>, &'a Type, &'s [Step])> {
    let (Step::Key(first), rest) = steps.split_first()? else { return None };
    let environments = || model.environments.iter().map(|environment| &*environment.name);
    let known = environments().find(|known| *known == &**first);
    match (known, rest.split_first()) {
        (Some(name), Some(_)) => Some((Path::of([name]), None, &definitions.language.environment, rest)),
        (None, Some(_)) if &**first == "platform" => Some((Path::of(["platform"]), None, &definitions.language.platform, rest)),
        (None, Some((Step::Key(name), inside))) if &**first == "environments" && !inside.is_empty() => {
            let name = environments().find(|known| *known == &**name)?;
            Some((Path::of([name]), None, &definitions.language.environment, inside))
        }
        (Some(_) | None, _) => None,
    }
}

/// The entity that a path leads to a field of, and the steps behind it.
pub(super) fn owner<'s>(model: &Model, steps: &'s [Step]) -> Option<(EntityId, &'s [Step])> {
    (1..steps.len()).rev().find_map(|length| {
        let (upper, rest) = steps.split_at_checked(length)?;
        match find_steps(model, upper).ok()?.subject {
            PathSubject::Entity(id) => Some((id, rest)),
            PathSubject::Model | PathSubject::Environment(_) | PathSubject::Kind(_) | PathSubject::Value(..) => None,
        }
    })
}

/// A field that a layer has removed, alone or with what is around it.
#[derive(Clone, Debug)]
pub struct Removal<'a> {
    /// The path as platc writes it.
    pub path: Path,
    /// What removed it.
    pub by: Origin,
    /// What it was, the last value first.
    pub cascade: Vec<&'a Value>,
}

/// Finds what removed a field; nothing if nothing did.
#[must_use]
pub fn removal<'a>(model: &'a Model, path: &str) -> Option<Removal<'a>> {
    let asked = parse(path).ok()?;
    let (id, rest) = owner(model, asked.steps())?;
    let entity = model.entity(id);
    let path = entity.thing.path().join(&Path::from(rest.to_vec()));
    let mut nearest = &entity.value;
    for (at, step) in rest.iter().enumerate() {
        if let Step::Key(key) = step
            && let Some(removed) = nearest.removed(key)
        {
            let was = removed.value.follow(rest.get(at + 1..)?)?;
            return Some(Removal { path, by: removed.by, cascade: cascade(was) });
        }
        nearest = nearest.step(step)?;
    }
    None
}
