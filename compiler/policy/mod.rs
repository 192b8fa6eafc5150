//! check: policies of the project and of classes, over the resolved platform and over what the templates became. In come definitions, model and objects; out go reports
//! that point to the line which wrote the offending value. Nothing is changed, and nothing here knows an output path.

mod blame;
mod cause;
mod errors;
mod read;
mod root;
mod judged;
mod lets;
mod written;
#[cfg(test)]
mod tests;

use crate::definition::Definitions;
use crate::diagnostic::{Diagnostics, KEPT as KEPT_REPORTS};
use crate::expression::{Fault, Target, Template};
use crate::model::{Cost, EntityId, EntityIndex, EnvironmentId, Model, Scope, World, in_turns, platform_too_costly};
use crate::object::Objects;
use crate::source::Sources;
use crate::value::{Data, Value};
use judged::Judged;
use lets::PolicyScope;
use read::Policy;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What all steps of a check need.
#[derive(Clone, Copy)]
struct PolicyContext<'a> {
    definitions: &'a Definitions,
    model: &'a Model,
    sources: &'a Sources,
}

/// Checks every policy: its own shape always, and what it is about if nothing was wrong before.
pub(crate) fn check(definitions: &Definitions, model: &Model, objects: &Objects, sources: &Sources, diagnostics: &mut Diagnostics) {
    let trusted = !diagnostics.has_errors();
    let context = PolicyContext { definitions, model, sources };
    let policies: Vec<Policy> =
        written::all(definitions, model).iter().filter_map(|written| read::policy(written, context, diagnostics)).collect();
    if !trusted || policies.is_empty() {
        return;
    }
    let index = EntityIndex::new(model);
    let mut groups: BTreeMap<(EnvironmentId, Option<EntityId>), Vec<Judged>> = BTreeMap::new();
    for subject in judged::subjects(model, objects, &policies) {
        let entity = model.entity(subject.entity);
        groups.entry((entity.environment, entity.cluster)).or_default().push(subject);
    }
    let groups: Vec<Vec<Judged>> = groups.into_values().collect();
    let groups: Vec<&[Judged]> = groups.iter().map(Vec::as_slice).collect();
    let pool = Cost::of_platform(sources);
    let asked = in_turns(
        &groups,
        pool,
        |group| group.len(),
        |&group, cost| {
            let world = World::new(definitions, model, &index, cost);
            let mut found = Asked::default();
            for (at, policy) in policies.iter().enumerate() {
                // Looking for whom a policy is about takes time too, even if it is about nobody.
                if let Some(subject) = group.first() {
                    world.charge(subject.entity, group.len(), 0);
                }
                for subject in group.iter().filter(|subject| policy.target.fits(subject)) {
                    if world.is_exhausted() {
                        break;
                    }
                    found.met.insert(at);
                    if policy.holds_in(&model.environment(model.entity(subject.entity).environment).name)
                        && !world.session(|| is_kept(&world, policy, subject))
                    {
                        found.broken.push((policy, subject));
                    }
                }
            }
            world.piece(|said| (found, said.diagnostics))
        },
    );
    let asked = match asked {
        Ok(asked) => asked,
        Err(exhausted) => {
            diagnostics.push(platform_too_costly(model, exhausted));
            return;
        }
    };
    let mut met = BTreeSet::new();
    // The first ones are told: which those are depends on nothing but the order of the model.
    let mut left = most_told(groups.iter().map(|group| group.len()).sum());
    let mut told = Vec::with_capacity(asked.results.len());
    let rest_of_pool = pool.minus(asked.used);
    for (found, said) in asked.results {
        met.extend(found.met);
        diagnostics.append(said);
        let (first, rest) = found.broken.split_at_checked(left).unwrap_or((&found.broken, &[]));
        left -= first.len();
        rest.iter().for_each(|(policy, _)| diagnostics.omit(policy.severity));
        told.push(first.to_vec());
    }
    told.retain(|broken| !broken.is_empty());
    let said = in_turns(&told, rest_of_pool, Vec::len, |broken: &Vec<BrokenPolicy<'_>>, cost| {
        let world = World::new(definitions, model, &index, cost);
        for (policy, subject) in broken.iter().take_while(|_| !world.is_exhausted()) {
            world.charge(subject.entity, BLAME, KEPT);
            world.session(|| tell(context, &world, policy, subject));
        }
        world.piece(|said| said.diagnostics)
    });
    match said {
        Ok(said) => said.results.into_iter().for_each(|said| diagnostics.append(said)),
        Err(exhausted) => diagnostics.push(platform_too_costly(model, exhausted)),
    }
    for (_, policy) in policies.iter().enumerate().filter(|(at, policy)| !met.contains(at) && !policy.is_of_class) {
        if let Some(warning) = judged::unmatched(policy, definitions, objects) {
            diagnostics.push(warning);
        }
    }
}

/// A policy, and whom it does not hold for.
type BrokenPolicy<'p> = (&'p Policy, &'p Judged);

/// What came of asking all policies in one place.
#[derive(Default)]
struct Asked<'p> {
    /// The policies that were about anything.
    met: BTreeSet<usize>,
    broken: Vec<BrokenPolicy<'p>>,
}

/// How many broken policies are told, if so much was judged: as many as are kept anyway on a large fleet, few in a small project, where
/// only a bomb has more.
fn most_told(judged: usize) -> usize {
    judged.saturating_mul(TOLD_JUDGED).saturating_add(TOLD).min(KEPT_REPORTS)
}

/// So many broken policies are told of any project.
const TOLD: usize = 40_000;

/// So many more for each thing that is judged.
const TOLD_JUDGED: usize = 4;

/// Whether a policy holds for a subject, or nothing can be told of it any more.
fn is_kept(world: &World<'_>, policy: &Policy, subject: &Judged) -> bool {
    matches!(scope(world, subject).and_then(|mut scope| holds(world, &mut scope, policy)), Ok(true) | Err(Fault::Reported))
}

/// What a policy sees of a subject.
fn scope<'w, 'a>(world: &'w World<'a>, subject: &Judged) -> Result<PolicyScope<'w, 'a>, Fault> {
    let mut scope = world.scope(subject.entity, subject.within());
    scope.locals.extend(subject.see(world)?.map(|object| (Arc::from("object"), object)));
    Ok(PolicyScope::new(scope))
}

/// Reports a policy that does not hold for a subject, or cannot be evaluated for it.
fn tell<'a>(context: PolicyContext<'a>, world: &World<'a>, policy: &Policy, subject: &Judged) {
    let told = scope(world, subject).and_then(|mut scope| {
        if holds(world, &mut scope, policy)? {
            return Ok(());
        }
        let (message, hint) = words(world, &mut scope, policy)?;
        let blame = blame::blame(world, scope.into_inner(), policy, subject);
        let violation = errors::Violation { policy, subject, message: &message, hint, blame: &blame };
        world.report(errors::violated(&violation, context, cause::Finder { context, world, subject }));
        Ok(())
    });
    // At the policy, because nothing else is wrong.
    if let Err(Fault::Diagnostic(diagnostic)) = told {
        world.report(errors::not_evaluated(*diagnostic, world.model, policy, subject));
    }
}

/// Steps that the report of a broken policy takes.
const BLAME: usize = 500;

/// What such a report weighs.
const KEPT: usize = 20;

fn holds<'a>(world: &World<'a>, scope: &mut PolicyScope<'_, 'a>, policy: &Policy) -> Result<bool, Fault> {
    if let Some(when) = &policy.when
        && !truth(world, scope.with(&policy.lets, when)?, when)?
    {
        return Ok(true);
    }
    truth(world, scope.with(&policy.lets, &policy.assert)?, &policy.assert)
}

fn truth<'a>(world: &World<'a>, scope: &Scope<'_, 'a>, template: &Template) -> Result<bool, Fault> {
    let result = world.run(scope, template, Target::Now, read::origin(template.span))?;
    match result.data {
        Data::Bool(bool) => Ok(bool),
        Data::Broken => Err(Fault::Reported),
        Data::Null
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::List(_)
        | Data::Map(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_) => Err(Fault::Diagnostic(Box::new(errors::not_bool(template.span, result.describe())))),
    }
}

/// The message of a policy, and its hint, for what its scope holds.
fn words<'a>(world: &World<'a>, scope: &mut PolicyScope<'_, 'a>, policy: &Policy) -> Result<(String, Option<String>), Fault> {
    let mut text = |value: &Value| -> Result<String, Fault> {
        let value = match &value.data {
            Data::Template(template) => world.run(scope.with(&policy.lets, template)?, template, Target::Plain, value.origin)?,
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::List(_)
            | Data::Map(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => value.clone(),
        };
        if world.hides(&value) {
            return Ok(format!("policy `{}` does not hold for a secret", policy.name.name));
        }
        Ok(value.as_str().map_or_else(|| errors::shown(&value), str::to_owned))
    };
    Ok((text(&policy.message)?, policy.hint.as_ref().map(text).transpose()?))
}
