//! diff: how two environments differ, value by value, after taking out what must differ: the environment's name and what is made of it.
//! The two may be of different compilations: the same environment before and after a change.

mod arguments;
mod passed;
mod replaced;
mod values;

use super::answer::{Room, too_large};
use super::environment;
use super::parity::Parity;
use super::path::DeadEnd;
use super::rename::Rename;
use crate::definition::Definitions;
use crate::model::{Entity, EntityId, EntityIndex, EnvironmentId, Model};
use crate::name::Kind;
use crate::path::{Path, Step};
use crate::table::Replaces;
use crate::value::Value;
pub use passed::PassedOn;
use passed::passed_on;
pub use replaced::Replaced;
use replaced::{ReferringSide, ReferringSides};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use values::{compare, same_values};

/// One environment of one compilation.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The resolved platform.
    pub model: &'a Model,
    /// Where its classes are.
    pub definitions: &'a Definitions,
    /// The environment.
    pub environment: EnvironmentId,
}

impl<'a> Side<'a> {
    /// The environment's name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.model.environment(self.environment).name
    }

    /// What names the environment outside, and in expressions.
    #[must_use]
    pub fn identity(&self) -> &'a str {
        self.model.environment(self.environment).identity.text()
    }

    fn entities(self) -> impl Iterator<Item = (EntityId, &'a Entity)> {
        self.model.entities().filter(move |(_, entity)| entity.environment == self.environment)
    }
}

/// How two environments differ.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    /// The first environment.
    pub first: Side<'a>,
    /// The second environment.
    pub second: Side<'a>,
    /// What differs in the environments themselves: who delivers them.
    pub environments: Vec<Difference<'a>>,
    /// Entities that differ, in the order of the model. The same entity on several clusters, with the same differences from the same
    /// places, is here once.
    pub changed: Vec<Changed<'a>>,
    /// Entities that only the first has.
    pub only_first: Vec<Only>,
    /// Entities that only the second has.
    pub only_second: Vec<Only>,
    /// Entities that both have, under different names: the one in the first and in the second, once for each cluster.
    pub renamed: Vec<(EntityId, EntityId)>,
    /// Of the entities that only one has: those of one name, which something else names outside in the second than in the first.
    pub replaced: Vec<(EntityId, EntityId)>,
    /// How many differences were left out because they are meant.
    pub meant: usize,
}

/// An entity that both have, with different values.
#[derive(Clone, Debug)]
pub struct Changed<'a> {
    /// The entity in the first and in the second environment, once for each cluster it is on.
    pub entities: Vec<(EntityId, EntityId)>,
    /// What differs.
    pub values: Vec<Difference<'a>>,
}

/// One value that differs.
#[derive(Clone, Debug)]
pub struct Difference<'a> {
    /// Its path below the entity.
    pub path: Path,
    /// The value in the first environment, if it is set there.
    pub first: Option<&'a Value>,
    /// The value in the second environment, if it is set there.
    pub second: Option<&'a Value>,
    /// One of the two must not be shown, so that neither is: what was public before may be the secret of today.
    pub secret: bool,
    /// What taking it over from the first to the second replaces.
    pub replaces: Option<Replaced>,
    /// Whether it replaces a resource, as far as tables tell: the gravest of the arguments that take the value over.
    pub argument: Option<Replaces>,
    /// Paths of further values of the entity that are this one, read by an expression.
    pub followers: Vec<Path>,
    /// Values of what the entity makes, or of who makes it, that are this one.
    pub passed_on: Vec<PassedOn>,
}

/// An entity that one environment lacks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Only {
    /// The entity, once for each cluster it is on.
    pub entities: Vec<EntityId>,
    /// If it is a cluster: how many entities are on it.
    pub with: usize,
}

impl Comparison<'_> {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.environments.is_empty()
            && self.changed.is_empty()
            && self.only_first.is_empty()
            && self.only_second.is_empty()
            && self.renamed.is_empty()
    }
}

/// Compares two environments, and leaves out the differences that are meant.
///
/// # Errors
/// If they differ in more than can be printed.
pub fn diff<'a>(first: Side<'a>, second: Side<'a>, parity: &Parity) -> Result<Comparison<'a>, DeadEnd> {
    let mut room = Room::of(0);
    let (left, right) = (index(&first), index(&second));
    let indices: (Rc<OnceCell<EntityIndex>>, Rc<OnceCell<EntityIndex>>) = Default::default();
    let mut comparison = Comparison {
        first,
        second,
        environments: environment::differences(&first, &second),
        changed: Vec::new(),
        only_first: only(first.model, &left, &right),
        only_second: only(second.model, &right, &left),
        renamed: renamed(&first, &second, &right),
        replaced: replaced(&first, &left, &second, &right),
        meant: 0,
    };
    comparison.meant += environment::leave_out(&mut comparison.environments, parity);
    // Where it is meant that a thing is on one side only, its namesake on the other side is another thing.
    comparison.replaced.retain(|(id, other)| {
        !parity.allows(first.model.entity(*id), &Path::default()) && !parity.allows(second.model.entity(*other), &Path::default())
    });
    comparison.meant += leave_out(&mut comparison.only_first, first.model, parity);
    comparison.meant += leave_out(&mut comparison.only_second, second.model, parity);
    // Same kind, name and differences: one entry. Candidates are found by kind and name, so the search stays short.
    let mut groups: BTreeMap<Alike<'_>, Vec<usize>> = BTreeMap::new();
    for (id, entity) in first.entities() {
        let Some(other) = right.get(&key(first.model, entity)).copied() else { continue };
        let sides = ReferringSides {
            first: ReferringSide { model: first.model, owner: id, index: Rc::clone(&indices.0) },
            second: ReferringSide { model: second.model, owner: other, index: Rc::clone(&indices.1) },
        };
        let mut values = compare(&first, &second, sides);
        let all = values.len();
        // Under one identity the two may have different names.
        let names = [entity, second.model.entity(other)];
        values.retain(|value| !names.iter().any(|named| parity.allows(named, &value.path)));
        comparison.meant += all - values.len();
        if values.is_empty() {
            continue;
        }
        let candidates = groups.entry(alike(entity)).or_default();
        let same =
            candidates.iter().copied().find(|at| comparison.changed.get(*at).is_some_and(|known| same_values(&known.values, &values)));
        match same.and_then(|at| comparison.changed.get_mut(at)) {
            Some(known) => known.entities.push((id, other)),
            None => {
                room.more();
                let both = |value: &Difference<'a>| value.first.into_iter().chain(value.second);
                if !values.iter().flat_map(both).all(|value| room.value(value)) {
                    let what = format!("how `{}` and `{}` differ", first.name(), second.name());
                    return Err(too_large(&what, "show some of the things in both environments instead, each with its path"));
                }
                candidates.push(comparison.changed.len());
                comparison.changed.push(Changed { entities: vec![(id, other)], values });
            }
        }
    }
    comparison.changed = passed_on(comparison.changed, first.model);
    Ok(comparison)
}

type Alike<'a> = (Kind, Option<&'a [Step]>, &'a str);

/// What entities share that may stand in one line: kind and name, and the tenant of applications. Pools of several clusters may.
fn alike(entity: &Entity) -> Alike<'_> {
    (entity.kind, entity.thing.home().filter(|_| entity.tenant.is_some()), &entity.name)
}

/// What tells things of an environment apart outside: the kind, and the identities of the cluster, of the tenant and of the thing.
type EntityKey<'a> = (Kind, &'a str, &'a str, &'a str);

fn key<'a>(model: &'a Model, entity: &'a Entity) -> EntityKey<'a> {
    let identity = |id: Option<EntityId>| id.map_or("", |id| &**model.entity(id).identity.text());
    (entity.kind, identity(entity.cluster), identity(entity.tenant), entity.identity.text())
}

fn index<'a>(side: &Side<'a>) -> BTreeMap<EntityKey<'a>, EntityId> {
    side.entities().map(|(id, entity)| (key(side.model, entity), id)).collect()
}

/// Entities that are written under another name in the second; one on several clusters once.
fn renamed(first: &Side<'_>, second: &Side<'_>, right: &BTreeMap<EntityKey<'_>, EntityId>) -> Vec<(EntityId, EntityId)> {
    let mut known = BTreeSet::new();
    let other = |(id, entity)| Some((id, entity, right.get(&key(first.model, entity)).copied()?));
    let pairs = first.entities().filter_map(other).filter(|(_, entity, other)| entity.name != second.model.entity(*other).name);
    pairs.filter(|(_, entity, _)| known.insert(&entity.thing.definition)).map(|(id, _, other)| (id, other)).collect()
}

/// Entities of one name of which each side lacks that of the other.
fn replaced(
    first: &Side<'_>,
    left: &BTreeMap<EntityKey<'_>, EntityId>,
    second: &Side<'_>,
    right: &BTreeMap<EntityKey<'_>, EntityId>,
) -> Vec<(EntityId, EntityId)> {
    // What is in or on something that the other side lacks is replaced with it.
    let lacks = |model: &Model, entity: &Entity, other: &BTreeMap<EntityKey<'_>, EntityId>| {
        let around = entity.around().map(|around| model.entity(around));
        !other.contains_key(&key(model, entity)) && around.is_none_or(|around| other.contains_key(&key(model, around)))
    };
    let lacking = second.entities().filter(|(_, entity)| lacks(second.model, entity, left));
    // Of a definition on several clusters the first stands for all.
    let mut paired: BTreeMap<&Path, EntityId> = BTreeMap::new();
    for (id, entity) in lacking {
        paired.entry(&entity.thing.definition).or_insert(id);
    }
    let gone = first.entities().filter(|(_, entity)| lacks(first.model, entity, right));
    let differs = |id: EntityId, other: EntityId| first.model.entity(id).identity.text() != second.model.entity(other).identity.text();
    gone.filter_map(|(id, entity)| paired.remove(&entity.thing.definition).map(|other| (id, other)))
        .filter(|(id, other)| differs(*id, *other))
        .collect()
}

/// Entities of `left` that `right` lacks; those in or on one that `right` lacks too are counted there.
fn only(model: &Model, left: &BTreeMap<EntityKey<'_>, EntityId>, right: &BTreeMap<EntityKey<'_>, EntityId>) -> Vec<Only> {
    let missing: BTreeSet<EntityId> = left.iter().filter(|(key, _)| !right.contains_key(*key)).map(|(_, id)| *id).collect();
    let mut list: Vec<Only> = Vec::new();
    let mut known: BTreeMap<Alike<'_>, usize> = BTreeMap::new();
    let mut with: BTreeMap<EntityId, usize> = BTreeMap::new();
    for id in &missing {
        let entity = model.entity(*id);
        if let Some(around) = [entity.cluster, entity.tenant].into_iter().flatten().find(|around| missing.contains(around)) {
            *with.entry(around).or_default() += 1;
            continue;
        }
        let at = *known.entry(alike(entity)).or_insert(list.len());
        match list.get_mut(at) {
            Some(only) => only.entities.push(*id),
            None => list.push(Only { entities: vec![*id], with: 0 }),
        }
    }
    list.iter_mut().for_each(|only| only.with = only.entities.iter().filter_map(|id| with.get(id)).sum());
    list
}

/// Takes entities out whose absence is meant, and counts them.
fn leave_out(list: &mut Vec<Only>, model: &Model, parity: &Parity) -> usize {
    let mut meant = 0;
    for only in list.iter_mut() {
        let all = only.entities.len();
        only.entities.retain(|id| !parity.allows(model.entity(*id), &Path::default()));
        meant += all - only.entities.len();
    }
    list.retain(|only| !only.entities.is_empty());
    meant
}

#[cfg(test)]
mod tests;
