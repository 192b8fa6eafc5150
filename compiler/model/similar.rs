//! Environments that a slip in a name has made: their name is near that of another, and nothing says that they are meant. In come definitions
//! and the platform, out go warnings.

use super::{Platform, errors};
use crate::definition::{Definitions, EnvironmentDefinition};
use crate::diagnostic::Diagnostics;
use crate::name::nearest;
use crate::span::Span;
use crate::value::{Map, Value};

/// Reports environments whose name is near one of the promotion that they are not in, and those that say nothing but `defaults`, or nothing at
/// all, whose name is near that of another.
pub(super) fn check(definitions: &Definitions, platform: &Platform, diagnostics: &mut Diagnostics) {
    let promotion = platform.value.get("promotion").and_then(Value::as_list).unwrap_or_default();
    let is_known = |name: &str| definitions.environments.iter().any(|environment| *environment.name.name == *name);
    // That one is not there is told where it is said.
    let promoted = promotion.iter().filter_map(|item| Some((item.as_str()?, item.origin.span))).filter(|(name, _)| is_known(name));
    let promoted: Vec<(&str, Span)> = promoted.collect();
    let is_promoted = |name: &str| promoted.iter().any(|(promoted, _)| *promoted == name);
    for (at, environment) in definitions.environments.iter().enumerate() {
        let name = &*environment.name.name;
        if is_meant(environment) || is_promoted(name) {
            continue;
        }
        let of_promotion = near(name, promoted.iter().copied()).map(|(other, span)| (other, span, "in the promotion"));
        let is_other = |(place, other): &(usize, &EnvironmentDefinition)| {
            *place != at && (is_promoted(&other.name.name) || is_meant(other) || !says_nothing(other) || *place < at)
        };
        let others = definitions.environments.iter().enumerate().filter(is_other);
        let others = others.filter(|_| says_nothing(environment)).map(|(_, other)| (&*other.name.name, other.name.span));
        let found = of_promotion.or_else(|| near(name, others).map(|(other, span)| (other, span, "this one")));
        if let Some(found) = found {
            diagnostics.push(errors::similar_environments(name, environment.name.span, found));
        }
    }
}

/// Whether it says itself that it is one: nobody writes these words for another.
fn is_meant(environment: &EnvironmentDefinition) -> bool {
    let describes = environment.body.get("description").is_some();
    environment.parent.is_some() || environment.is_abstract || environment.identity.is_some() || describes
}

/// Whether it has no field but `defaults`.
fn says_nothing(environment: &EnvironmentDefinition) -> bool {
    environment.body.as_map().map(Map::entries).unwrap_or_default().is_empty()
}

/// The name that one is near, if each of its words is: regions and the like are told apart by a word, however long the others are.
fn near<'a>(name: &str, others: impl Iterator<Item = (&'a str, Span)>) -> Option<(&'a str, Span)> {
    let others: Vec<(&str, Span)> = others.collect();
    let found = nearest(name, others.iter().map(|(other, _)| *other))?;
    let (own, words): (Vec<&str>, Vec<&str>) = (name.split('-').collect(), found.split('-').collect());
    let is_near = |(a, b): (&&str, &&str)| a == b || nearest(a, [*b]).is_some();
    let is_slip = own.len() != words.len() || own.iter().zip(&words).all(is_near);
    others.into_iter().find(|(other, _)| *other == found && is_slip)
}
