//! Which stack the Terraform of each thing joins: the one that its `stack` says, else the one it has by what it is and where. In comes a model
//! in which it is decided what exists, out goes one with all stacks, before any value is worked out, because what is read of another thing
//! depends on whether both are in one stack.

use super::world::World;
use super::{Cost, Entity, EntityId, EntityIndex, EnvironmentId, Excerpt, Identity, Model, Within, errors, overriding};
use crate::definition::Definitions;
use crate::diagnostic::Diagnostics;
use crate::expression::{Fault, Target, Val};
use crate::name::{Kind, nearest};
use crate::path::Path;
use crate::source::Sources;
use crate::value::{Data, Entry, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the `stack` of a thing says.
#[derive(Clone)]
enum StackWord {
    /// The stack of this thing.
    Of(EntityId),
    /// The stack of this name.
    Named(Arc<str>),
}

/// Decides the stacks of all things. False if that asked for more than the excerpt.
pub(super) fn decide(
    definitions: &Definitions,
    excerpt: Option<&Excerpt>,
    model: &mut Model,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> bool {
    let speaking: Vec<EntityId> = model.entities().filter(|(_, entity)| word(entity).is_some()).map(|(id, _)| id).collect();
    if speaking.is_empty() {
        return true;
    }
    let (mut decided, made, is_enough) = {
        let index = EntityIndex::of_excerpt(model, excerpt);
        let world = World::new(definitions, model, &index, Cost::of_platform(sources).with(speaking.len()));
        let said: BTreeMap<EntityId, (StackWord, Value)> = speaking.iter().filter_map(|id| Some((*id, said(&world, *id)?))).collect();
        let decided: BTreeMap<EntityId, (Arc<str>, Value)> =
            said.iter().filter_map(|(id, (_, value))| Some((*id, (stack_of(&world, *id, &said)?, value.clone())))).collect();
        if let Some(exhausted) = world.exhausted() {
            diagnostics.push(errors::platform_too_costly(model, exhausted));
        }
        let found = world.into_found();
        diagnostics.append(found.diagnostics);
        (decided, found.secrets, !index.bounds.were_passed())
    };
    model.secrets.append(&made);
    for id in speaking {
        let Some(entity) = model.entities.get_mut(id.0 as usize) else { continue };
        let Some(word) = word(entity) else { continue };
        match decided.remove(&id) {
            // An expression was a thing; from here on it is that thing's address, as in any reference.
            Some((stack, written)) if word.is_dynamic() => {
                entity.value = with_stack(&entity.value, written);
                entity.stack = Some(stack);
            }
            Some((stack, _)) => entity.stack = Some(stack),
            // What is wrong with it is told.
            None => entity.value = with_stack(&entity.value, Value::broken(word.origin)),
        }
    }
    is_enough
}

/// Reports infrastructure whose own stack has the name of a cluster's: two states that would be one, which nobody said. Whoever means it says so
/// with `stack`.
pub(super) fn collide(definitions: &Definitions, model: &Model, diagnostics: &mut Diagnostics) {
    let has_terraform = |entity: &Entity| overriding::has_terraform(definitions, entity);
    let mut clusters: BTreeMap<(EnvironmentId, &str), &Entity> = BTreeMap::new();
    // What is on a cluster is in its stack, too.
    for (id, entity) in model.entities().filter(|(_, entity)| has_terraform(entity)) {
        let cluster = model.entity(entity.cluster.unwrap_or(id));
        if cluster.kind == Kind::Cluster {
            clusters.insert((cluster.environment, cluster.identity.text()), cluster);
        }
    }
    let mut told: BTreeSet<&Path> = BTreeSet::new();
    let own = |entity: &&Entity| entity.kind == Kind::Infrastructure && entity.cluster.is_none() && entity.value.get("stack").is_none();
    for entity in model.entities.iter().filter(own).filter(|entity| has_terraform(entity)) {
        let Some(cluster) = clusters.get(&(entity.environment, &**entity.identity.text())) else { continue };
        // In several environments it is told once.
        if told.insert(&entity.thing.definition) {
            diagnostics.push(errors::one_stack(cluster, entity));
        }
    }
}

/// What a thing writes about its stack; those of clusters and pools are not theirs to say.
fn word(entity: &Entity) -> Option<&Value> {
    let may = !matches!(entity.kind, Kind::Cluster | Kind::NodePool);
    entity.value.get("stack").filter(|value| may && (value.is_dynamic() || value.as_str().is_some()))
}

fn with_stack(value: &Value, stack: Value) -> Value {
    let Some(map) = value.as_map() else { return value.clone() };
    let entry = |entry: &Entry| if &*entry.key == "stack" { Entry { value: stack.clone(), ..entry.clone() } } else { entry.clone() };
    Value::map(map.entries().iter().map(entry).collect(), value.origin).after(value)
}

/// What a thing says, with its text; none if that was reported.
fn said(world: &World<'_>, id: EntityId) -> Option<(StackWord, Value)> {
    let entity = world.entity(id);
    let written = word(entity)?;
    let Data::Template(template) = &written.data else {
        return Some((text(world, id, written)?, written.clone()));
    };
    let (made, is_secret) = world.taints(|| {
        world.session(|| {
            // What a maker says of it is in the maker's words.
            let val = match world.handed_template(template)? {
                Some((theirs, sight)) => theirs.evaluate(&world.scope_of(&sight), Target::Plain)?,
                None => template.evaluate(&world.scope(id, Within::Definition), Target::Plain)?,
            };
            Ok(match (World::thing(&val), val) {
                (Some(thing), _) => Ok(thing),
                (None, Val::String(text)) => Err(Some(text)),
                (None, _) => Err(None),
            })
        })
    });
    if is_secret {
        world.report(errors::secret_stack(entity, template.span));
        return None;
    }
    let value = |text: Arc<str>| Value { data: Data::String(text), ..written.clone() };
    match made {
        Ok(Ok(thing)) => {
            let value = value(world.address(thing));
            joined(world, id, thing, &value).then_some((StackWord::Of(thing), value))
        }
        Ok(Err(Some(made))) => {
            let value = value(made);
            Some((text(world, id, &value)?, value))
        }
        Ok(Err(None)) => {
            world.report(errors::late_stack(entity, template.span));
            None
        }
        Err(Fault::Diagnostic(diagnostic)) => {
            world.report(diagnostic.about(entity.subject()));
            None
        }
        Err(Fault::Reported) => None,
    }
}

/// What a text says: a thing's stack, or the name of one.
fn text(world: &World<'_>, id: EntityId, value: &Value) -> Option<StackWord> {
    let (entity, text) = (world.entity(id), value.as_str()?);
    if let Some(thing) = world.names().in_stack(id, text) {
        // What is on a cluster has no stack of its own name, so that can only be the one which it had before it was placed.
        let is_old = thing == id && entity.kind == Kind::Infrastructure && entity.cluster.is_some();
        if is_old && (*entity.name == *text || **entity.identity.text() == *text) {
            return Some(StackWord::Named(Arc::clone(entity.identity.text())));
        }
        return joined(world, id, thing, value).then_some(StackWord::Of(thing));
    }
    let path: Option<Path> = text.parse().ok();
    let keys = path.as_ref().and_then(Path::keys).unwrap_or_default();
    let is_kind = |at: usize| keys.get(at).is_some_and(|key| Kind::from_plural(key).is_some());
    let environment = world.model.environments.iter().find(|environment| keys.first().is_some_and(|first| **first == *environment.name));
    let own = &world.model.environment(entity.environment).name;
    if let Some(other) = environment.filter(|_| is_kind(1)) {
        let address = text.split_once('.').map_or(text, |(_, address)| address);
        world.report(errors::elsewhere_stack(entity, value, &other.name, own, address));
        return None;
    }
    let named = |other: &Entity, name: &str| *other.name == *name || **other.identity.text() == *name;
    if is_kind(0) && keys.len() > 1 {
        let known: Vec<Arc<str>> =
            world.model.entities().filter(|(_, other)| other.environment == entity.environment).map(|(id, _)| world.address(id)).collect();
        let elsewhere = world.model.entities().find(|(other, _)| *world.address(*other) == *text);
        match elsewhere {
            Some((_, other)) => {
                let other = &world.model.environment(other.environment).name;
                world.report(errors::elsewhere_stack(entity, value, other, own, text));
            }
            None => {
                // What has been placed is behind a cluster now.
                let behind = known.iter().find(|known| known.strip_suffix(text).is_some_and(|rest| rest.ends_with('.')));
                let near = behind.map(AsRef::as_ref).or_else(|| nearest(text, known.iter().map(AsRef::as_ref)));
                world.report(errors::no_stack(entity, value, near));
            }
        }
        return None;
    }
    let cluster = world.model.entities().find(|(_, other)| other.kind == Kind::Cluster && named(other, text));
    if let Some((_, cluster)) = cluster {
        let other = &world.model.environment(cluster.environment).name;
        world.report(errors::elsewhere_stack(entity, value, other, own, text));
        return None;
    }
    // Infrastructure that is not here gives its stack a name all the same.
    let written = world.definitions.definition(Kind::Infrastructure, text);
    Some(StackWord::Named(written.map_or_else(|| text.into(), |definition| Arc::clone(Identity::of(definition).text()))))
}

/// Whether a thing can join the stack of another one, which is told if it cannot: a state is one environment's, whoever sees it.
fn joined(world: &World<'_>, id: EntityId, thing: EntityId, value: &Value) -> bool {
    let (entity, found) = (world.entity(id), world.entity(thing));
    let name = |entity: &Entity| &world.model.environment(entity.environment).name;
    let is_own = entity.environment == found.environment;
    if !is_own {
        world.report(errors::elsewhere_stack(entity, value, name(found), name(entity), &world.address(thing)));
    }
    is_own
}

/// The stack that a thing is in by what all of them say; none if they say so of each other in a circle, which is told of the one that stands
/// first.
fn stack_of(world: &World<'_>, id: EntityId, said: &BTreeMap<EntityId, (StackWord, Value)>) -> Option<Arc<str>> {
    let mut seen: BTreeSet<EntityId> = BTreeSet::new();
    let mut chain: Vec<EntityId> = Vec::new();
    let mut at = id;
    loop {
        let Some((word, _)) = said.get(&at) else {
            // One whose own word was wrong has no stack that others could join, which is told already.
            return world.entity(at).stack.clone().filter(|_| word_is_told(world, at, said));
        };
        if !seen.insert(at) {
            let start = chain.iter().position(|known| *known == at).unwrap_or(0);
            let circle = chain.get(start..).unwrap_or_default();
            if circle.iter().min() == Some(&id) {
                let places: Vec<(&Entity, &Value)> = circle.iter().filter_map(|id| Some((world.entity(*id), &said.get(id)?.1))).collect();
                world.report(errors::circular_stack(&places));
            }
            return None;
        }
        chain.push(at);
        match word {
            StackWord::Named(name) => return Some(Arc::clone(name)),
            // Its own stack is the one that it has without saying so.
            StackWord::Of(thing) if *thing == at => return world.entity(at).stack.clone(),
            StackWord::Of(thing) => at = *thing,
        }
    }
}

fn word_is_told(world: &World<'_>, id: EntityId, said: &BTreeMap<EntityId, (StackWord, Value)>) -> bool {
    word(world.entity(id)).is_none() || said.contains_key(&id)
}
