//! check: policies over the resolved platform and over what the templates became. In come definitions, model and objects; out go reports
//! that point to the line which wrote the offending value. Nothing is changed, and nothing here knows an output path.

mod blame;
mod cause;
mod errors;
mod read;
mod root;
mod judged;
#[cfg(test)]
mod tests;

use crate::definition::Definitions;
use crate::diagnostic::Diagnostics;
use crate::expression::{Fault, Target as Outcome, Template};
use crate::model::{Cost, EntityId, EnvironmentId, Index, Model, Scope, World, in_turns, platform_too_costly};
use crate::object::Objects;
use crate::source::Sources;
use crate::value::{Data, Value};
use judged::Judged;
use read::Policy;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What all steps of a check need.
#[derive(Clone, Copy)]
struct Context<'a> {
    definitions: &'a Definitions,
    model: &'a Model,
    sources: &'a Sources,
}

/// Checks every policy: its own shape always, and what it is about if nothing was wrong before.
pub fn check(definitions: &Definitions, model: &Model, objects: &Objects, sources: &Sources, diagnostics: &mut Diagnostics) {
    let trusted = !diagnostics.has_errors();
    let context = Context { definitions, model, sources };
    let policies: Vec<Policy> = definitions.policies.iter().filter_map(|entry| read::policy(entry, context, diagnostics)).collect();
    if !trusted || policies.is_empty() {
        return;
    }
    let index = Index::new(model);
    let mut groups: BTreeMap<(EnvironmentId, Option<EntityId>), Vec<Judged>> = BTreeMap::new();
    for subject in judged::subjects(model, objects, &policies) {
        let entity = model.entity(subject.entity);
        groups.entry((entity.environment, entity.cluster)).or_default().push(subject);
    }
    let groups: Vec<Vec<Judged>> = groups.into_values().collect();
    let done = in_turns(&groups, Cost::of_platform(sources), Vec::len, |group: &Vec<Judged>, cost| {
        let world = World::new(definitions, model, &index, cost);
        let mut met = BTreeSet::new();
        for (at, policy) in policies.iter().enumerate() {
            // Looking for whom a policy is about takes time too, even if it is about nobody.
            if let Some(subject) = group.first() {
                world.charge(subject.entity, group.len(), 0);
            }
            for subject in group.iter().filter(|subject| policy.target.fits(subject)) {
                if world.is_exhausted() {
                    break;
                }
                met.insert(at);
                if policy.holds_in(&model.environment(model.entity(subject.entity).environment).name) {
                    world.session(|| judge(context, &world, policy, subject));
                }
            }
        }
        world.piece(|found| (met, found.diagnostics))
    });
    let done = match done {
        Ok(done) => done,
        Err(exhausted) => {
            diagnostics.push(platform_too_costly(model, exhausted));
            return;
        }
    };
    let mut met = BTreeSet::new();
    for (here, found) in done {
        met.extend(here);
        diagnostics.append(found);
    }
    for (_, policy) in policies.iter().enumerate().filter(|(at, _)| !met.contains(at)) {
        if let Some(warning) = judged::unmatched(policy, definitions, objects) {
            diagnostics.push(warning);
        }
    }
}

/// Checks one policy for one subject, and reports.
fn judge(context: Context<'_>, world: &World<'_>, policy: &Policy, subject: &Judged) {
    let mut scope = world.scope(subject.entity, subject.within());
    match subject.see(world) {
        Ok(object) => scope.locals.extend(object.map(|object| (Arc::from("object"), object))),
        Err(fault) => return report(world, policy, subject, fault),
    }
    match holds(world, &scope, policy) {
        Ok(true) => {}
        Ok(false) if !affords(world, subject) => {}
        Ok(false) => match words(world, &scope, policy) {
            Ok((message, hint)) => {
                let blame = blame::blame(world, scope, policy, subject);
                let violation = errors::Violation { policy, subject, message: &message, hint, blame: &blame };
                world.report(errors::violated(&violation, context, cause::Finder { context, world, subject }));
            }
            Err(fault) => report(world, policy, subject, fault),
        },
        Err(fault) => report(world, policy, subject, fault),
    }
}

/// Pays for finding out whom to blame, and for keeping the report; whether that was affordable.
fn affords(world: &World<'_>, subject: &Judged) -> bool {
    world.charge(subject.entity, BLAME, KEPT);
    !world.is_exhausted()
}

/// Steps that the report of a broken policy takes.
const BLAME: usize = 500;

/// What such a report weighs.
const KEPT: usize = 20;

fn holds(world: &World<'_>, scope: &Scope<'_, '_>, policy: &Policy) -> Result<bool, Fault> {
    if let Some(when) = &policy.when
        && !truth(world, scope, when)?
    {
        return Ok(true);
    }
    truth(world, scope, &policy.assert)
}

fn truth<'a>(world: &World<'a>, scope: &Scope<'_, 'a>, template: &Template) -> Result<bool, Fault> {
    let result = world.run(scope, template, Outcome::Plain, read::origin(template.span))?;
    match result.data {
        Data::Bool(bool) => Ok(bool),
        Data::Broken => Err(Fault::Reported),
        Data::Null | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::List(_) | Data::Map(_) | Data::Template(_) | Data::Late(_) => {
            Err(Fault::Diagnostic(Box::new(errors::not_bool(template.span, result.describe()))))
        }
    }
}

/// The message of a policy, and its hint, for what its scope holds.
fn words<'a>(world: &World<'a>, scope: &Scope<'_, 'a>, policy: &Policy) -> Result<(String, Option<String>), Fault> {
    let text = |value: &Value| -> Result<String, Fault> {
        let value = match &value.data {
            Data::Template(template) => world.run(scope, template, Outcome::Plain, value.origin)?,
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::List(_)
            | Data::Map(_)
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

/// Reports that a policy could not be evaluated, at the policy.
fn report(world: &World<'_>, policy: &Policy, subject: &Judged, fault: Fault) {
    match fault {
        Fault::Diagnostic(_) if !affords(world, subject) => {}
        Fault::Diagnostic(diagnostic) => world.report(errors::not_evaluated(*diagnostic, world.model, policy, subject)),
        Fault::Reported => {}
    }
}
