//! Which things of two environments are the same thing: by what names them outside. In come two environments, out go pairs, and what only one has.

use super::spread::Spread;
use super::verdict::DiffRoot;
use super::{Alike, DiffReason, Difference, Only, Side, alike, are_of_one_time};
use crate::model::{Entity, EntityId, Model};
use crate::name::Kind;
use crate::path::Path;
use crate::query::parity::Parity;
use std::collections::{BTreeMap, BTreeSet};

/// What tells things of an environment apart outside: the kind, and the identities of the cluster, of the tenant and of the thing.
type EntityKey<'a> = (Kind, &'a str, &'a str, &'a str);

fn key<'a>(model: &'a Model, entity: &'a Entity) -> EntityKey<'a> {
    let identity = |id: Option<EntityId>| id.map_or("", |id| &**model.entity(id).identity.text());
    (entity.kind, identity(entity.cluster), identity(entity.tenant), entity.identity.text())
}

/// Which things of two environments are the same thing.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    /// What those of the first are in the second.
    pub(super) to: BTreeMap<EntityId, EntityId>,
    /// What those of the second are in the first.
    from: BTreeMap<EntityId, EntityId>,
    /// Those that are on another cluster in the second.
    pub(super) moved: Vec<(EntityId, EntityId)>,
    /// Those that neither environment has once, and that are on no cluster of both.
    pub(super) spread: Vec<Spread>,
}

impl Pairing {
    /// Pairs by what names things outside. Of two environments of one platform, what each has once and on another cluster is one thing, too, and what one
    /// has several times is compared as what its definition says; before and after a change it is not, for there it goes from the one and comes to the other.
    pub(super) fn of<'a>(first: &Side<'a>, second: &Side<'a>) -> Self {
        let right: BTreeMap<EntityKey<'a>, EntityId> = second.entities().map(|(id, entity)| (key(second.model, entity), id)).collect();
        let pair = |(id, entity)| Some((id, right.get(&key(first.model, entity)).copied()?));
        let to: BTreeMap<EntityId, EntityId> = first.entities().filter_map(pair).collect();
        let from = to.iter().map(|(id, other)| (*other, *id)).collect();
        let mut pairing = Self { to, from, moved: Vec::new(), spread: Vec::new() };
        if are_of_one_time(first.model, second.model) {
            let (copies, mut others) = (copies(first), copies(second));
            for (key, one) in copies {
                let Some(other) = others.remove(&key) else { continue };
                if one.iter().any(|id| pairing.to.contains_key(id)) || other.iter().any(|id| pairing.from.contains_key(id)) {
                    continue;
                }
                match (one.as_slice(), other.as_slice()) {
                    ([id], [other]) => pairing.moved.push((*id, *other)),
                    (_, _) => pairing.spread.push(Spread { first: one, second: other }),
                }
            }
            pairing.moved.sort();
            pairing.spread.sort_by(|one, other| one.first.cmp(&other.first));
            pairing.to.extend(pairing.moved.iter().copied());
            pairing.from.extend(pairing.moved.iter().map(|(id, other)| (*other, *id)));
        }
        pairing
    }

    /// That a thing is on another cluster, if it is.
    pub(super) fn elsewhere<'a>(&self, (first, second): (&Side<'a>, &Side<'a>), pair: (EntityId, EntityId)) -> Option<Difference<'a>> {
        let cluster = |model: &'a Model, id: EntityId| model.entity(id).cluster.map(|cluster| model.entity(cluster).identity.value());
        self.moved.binary_search(&pair).ok()?;
        let (one, other) = (cluster(first.model, pair.0), cluster(second.model, pair.1));
        Some(Difference {
            path: Path::of([Kind::Cluster.singular()]),
            first: one,
            second: other,
            why: DiffReason::Written,
            secret: false,
            replaces: None,
            argument: None,
            followers: Vec::new(),
            passed_on: Vec::new(),
            // What reads the cluster's name leads back to the same.
            roots: vec![DiffRoot::of(one, other)],
        })
    }
}

/// Things on clusters, with all clusters that they are on; pools belong to their cluster.
fn copies<'a>(side: &Side<'a>) -> BTreeMap<(Kind, &'a str, &'a str), Vec<EntityId>> {
    let placed = side.entities().filter(|(_, entity)| entity.cluster.is_some() && entity.kind != Kind::NodePool);
    let mut all: BTreeMap<(Kind, &str, &str), Vec<EntityId>> = BTreeMap::new();
    for (id, entity) in placed {
        let (kind, _, tenant, own) = key(side.model, entity);
        all.entry((kind, tenant, own)).or_default().push(id);
    }
    all
}

/// Entities that are written under another name in the second; one on several clusters once.
pub(super) fn renamed(first: &Side<'_>, second: &Side<'_>, pairing: &Pairing) -> Vec<(EntityId, EntityId)> {
    let mut known = BTreeSet::new();
    let other = |(id, entity)| Some((id, entity, pairing.to.get(&id).copied()?));
    let pairs = first.entities().filter_map(other).filter(|(_, entity, other)| entity.name != second.model.entity(*other).name);
    pairs.filter(|(_, entity, _)| known.insert(&entity.thing.definition)).map(|(id, _, other)| (id, other)).collect()
}

/// Entities of one name of which each side lacks that of the other.
pub(super) fn replaced(first: &Side<'_>, second: &Side<'_>, pairing: &Pairing) -> Vec<(EntityId, EntityId)> {
    // What is in or on something that the other side lacks is replaced with it.
    let lacks = |(id, entity): &(EntityId, &Entity), paired: &BTreeMap<EntityId, EntityId>| {
        !paired.contains_key(id) && entity.around().is_none_or(|around| paired.contains_key(&around))
    };
    // Of a definition on several clusters the first stands for all.
    let mut free: BTreeMap<&Path, EntityId> = BTreeMap::new();
    for (id, entity) in second.entities().filter(|thing| lacks(thing, &pairing.from)) {
        free.entry(&entity.thing.definition).or_insert(id);
    }
    let gone = first.entities().filter(|thing| lacks(thing, &pairing.to));
    let differs = |id: EntityId, other: EntityId| first.model.entity(id).identity.text() != second.model.entity(other).identity.text();
    gone.filter_map(|(id, entity)| free.remove(&entity.thing.definition).map(|other| (id, other)))
        .filter(|(id, other)| differs(*id, *other))
        .collect()
}

impl Pairing {
    /// Entities that only the first has.
    pub(super) fn only_first(&self, side: &Side<'_>) -> Vec<Only> {
        only(side, &self.to)
    }

    /// Entities that only the second has.
    pub(super) fn only_second(&self, side: &Side<'_>) -> Vec<Only> {
        only(side, &self.from)
    }
}

/// Entities of a side that are no pair; those in or on one that is none either are counted there.
fn only(side: &Side<'_>, paired: &BTreeMap<EntityId, EntityId>) -> Vec<Only> {
    let missing: BTreeMap<EntityId, &Entity> = side.entities().filter(|(id, _)| !paired.contains_key(id)).collect();
    together(&missing.into_keys().collect::<Vec<_>>(), side.model)
}

/// Entities that only one side has: those that may stand in one line together, and with them what is in or on them.
pub(super) fn together(missing: &[EntityId], model: &Model) -> Vec<Only> {
    let mut list: Vec<Only> = Vec::new();
    let mut known: BTreeMap<Alike<'_>, usize> = BTreeMap::new();
    let (inside, alone): (Vec<EntityId>, Vec<EntityId>) = missing.iter().partition(|id| is_in(**id, missing, model));
    for id in alone {
        let at = *known.entry(alike(model.entity(id))).or_insert(list.len());
        match list.get_mut(at) {
            Some(only) => only.entities.push(id),
            None => list.push(Only { entities: vec![id], with: Vec::new() }),
        }
    }
    for only in &mut list {
        only.with = inside.iter().filter(|id| is_in(**id, &only.entities, model)).copied().collect();
    }
    list
}

/// Whether an entity is in or on one of these, which are in the order of the model.
pub(super) fn is_in(id: EntityId, others: &[EntityId], model: &Model) -> bool {
    let entity = model.entity(id);
    [entity.cluster, entity.tenant].into_iter().flatten().any(|around| others.binary_search(&around).is_ok())
}

/// Takes entities out whose absence is meant, and counts them.
pub(super) fn leave_out(list: &mut Vec<Only>, model: &Model, parity: &Parity) -> usize {
    let mut meant = 0;
    for only in list.iter_mut() {
        let all = only.entities.len();
        only.entities.retain(|id| !parity.allows(model.entity(*id), &Path::default()));
        meant += all - only.entities.len();
    }
    list.retain(|only| !only.entities.is_empty());
    meant
}
