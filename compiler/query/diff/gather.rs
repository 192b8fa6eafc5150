//! Differences that begin at one place are one entry: what a thing says, and below it what follows from that, in the thing and in others. In come all
//! things with what differs, out go groups of things that differ in the same.

use super::spread::Spread;
use super::values::{Compared, same_pair, same_values};
use super::verdict::DiffRoot;
use super::{Changed, Comparison, DiffReason, Difference, PassedOn, alike};
use crate::model::{EntityId, Model};
use crate::query::answer::{Room, too_large};
use crate::query::parity::Parity;
use crate::query::path::DeadEnd;
use crate::table::Replaces;
use std::collections::{BTreeMap, BTreeSet};

/// A thing in both environments, with what differs.
pub(super) struct ComparedThing<'a> {
    pub(super) ids: (EntityId, EntityId),
    /// Its copies, if it has several and these have no counterparts.
    pub(super) spread: Option<Spread>,
    pub(super) found: Compared<'a>,
}

/// Where an entry is: among what the environments say, or of a group of things.
#[derive(Clone, Copy)]
enum ToldAt {
    Environment(usize),
    Thing(usize, usize),
}

/// Puts what differs together, and leaves out what is meant.
pub(super) fn gather<'a>(comparison: &mut Comparison<'a>, things: Vec<ComparedThing<'a>>, parity: &Parity) -> Result<(), DeadEnd> {
    let (one, other) = (comparison.first.model, comparison.second.model);
    let mut meant: BTreeSet<DiffRoot> = BTreeSet::new();
    let all = comparison.environments.len();
    comparison.environments.retain(|difference| kept(difference, parity.allows_of_environment(&difference.path), &mut meant));
    comparison.meant += all - comparison.environments.len();
    let mut room = Room::of(0);
    // Same kind, name and differences: one entry. Candidates are found by kind and name, so the search stays short.
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    let mut following = Vec::new();
    let mut of_class: OfClasses = BTreeMap::new();
    for ComparedThing { ids, spread, found } in things {
        let names = [one.entity(ids.0), other.entity(ids.1)];
        let (mut own, mut follows) = (Vec::new(), Vec::new());
        for (began, root) in found.of_class {
            of_class.entry(began).or_default().push((ids.0, root));
        }
        for difference in found.differences {
            // Under one identity the two may have different names.
            if !kept(&difference, names.iter().any(|named| parity.allows(named, &difference.path)), &mut meant) {
                comparison.meant += 1;
            } else if difference.why == DiffReason::Follows {
                follows.push(difference);
            } else {
                own.push(difference);
            }
        }
        if own.is_empty() && follows.is_empty() && found.carried.is_empty() {
            continue;
        }
        let counts = spread.as_ref().map(|spread| (spread.first.len(), spread.second.len()));
        let candidates = groups.entry(alike(names[0])).or_default();
        let is_same = |group: &Changed<'_>| spread.is_none() && group.spread.is_none() && same_values(&group.values, &own);
        let known = candidates.iter().copied().find(|at| comparison.changed.get(*at).is_some_and(is_same));
        let at = known.unwrap_or(comparison.changed.len());
        if known.is_none() {
            room.more();
            let both = |value: &Difference<'a>| value.first.into_iter().chain(value.second);
            if !own.iter().chain(&follows).flat_map(both).all(|value| room.value(value)) {
                let what = format!("how `{}` and `{}` differ", comparison.first.name(), comparison.second.name());
                return Err(too_large(&what, "show some of the things in both environments instead, each with its path"));
            }
            candidates.push(at);
            comparison.changed.push(Changed { entities: Vec::new(), values: own, left_out: Vec::new(), spread: counts });
        }
        if let Some(group) = comparison.changed.get_mut(at) {
            match &spread {
                Some(spread) => group.entities = spread.pairs(),
                None => group.entities.push(ids),
            }
            group.left_out.extend(found.carried.into_iter().filter(|_| known.is_none()));
        }
        following.extend(follows.into_iter().map(|difference| (at, ids, difference)));
    }
    // What is meant takes along what only hands it on.
    for changed in &mut comparison.changed {
        let all = changed.values.len();
        changed.values.retain(|value| value.roots.is_empty() || !value.roots.iter().all(|root| meant.contains(root)));
        comparison.meant += all - changed.values.len();
    }
    let mut entries = entries(comparison);
    passed_on(comparison, &mut entries, one);
    let mut holders = Holders::new();
    for (group, ids, mut difference) in following {
        // What follows from another class takes its readers along.
        for root in difference.roots.iter_mut().filter(|root| !entries.contains_key(root)) {
            *root = class_of(&of_class, one, ids.0, *root);
        }
        follow(comparison, (&mut entries, &mut holders), (group, ids), difference, &meant);
    }
    part(comparison, holders);
    comparison.changed.retain(|group| !group.values.is_empty() || !group.left_out.is_empty());
    Ok(())
}

/// Where something begins that follows from another class: the things that have that class, each with the place of it.
type OfClasses = BTreeMap<DiffRoot, Vec<(EntityId, DiffRoot)>>;

/// The class that something follows from that a thing reads: of several things that have one, the nearest.
fn class_of(of_class: &OfClasses, model: &Model, reader: EntityId, began: DiffRoot) -> DiffRoot {
    let reads = model.entity(reader);
    let maker = reads.made.as_ref().and_then(|made| made.makers.first().copied());
    let far = |(owner, _): &&(EntityId, DiffRoot)| {
        let is_around = [reads.cluster, reads.tenant, maker].contains(&Some(*owner));
        (*owner != reader, !is_around, model.entity(*owner).cluster != reads.cluster)
    };
    of_class.get(&began).and_then(|all| all.iter().min_by_key(far)).map_or(began, |(_, root)| *root)
}

/// Whether a difference stays; if it is meant, so is what follows from it.
fn kept(difference: &Difference<'_>, is_meant: bool, meant: &mut BTreeSet<DiffRoot>) -> bool {
    if is_meant && difference.why != DiffReason::Follows {
        meant.extend(difference.roots.iter().copied());
    }
    !is_meant
}

/// Where each difference begins, the first in order.
fn entries(comparison: &Comparison<'_>) -> BTreeMap<DiffRoot, ToldAt> {
    let mut entries = BTreeMap::new();
    let mut note = |difference: &Difference<'_>, entry| {
        difference.roots.iter().for_each(|root| _ = entries.entry(*root).or_insert(entry));
    };
    comparison.environments.iter().enumerate().for_each(|(at, difference)| note(difference, ToldAt::Environment(at)));
    for (group, changed) in comparison.changed.iter().enumerate() {
        changed.values.iter().enumerate().for_each(|(at, difference)| note(difference, ToldAt::Thing(group, at)));
    }
    entries
}

/// What one place gives to several things, because they inherit it, or a maker passes it on, is told once: at the maker, else at the first; or, if
/// taking it over replaces something there, at that.
fn passed_on(comparison: &mut Comparison<'_>, entries: &mut BTreeMap<DiffRoot, ToldAt>, model: &Model) {
    let depth = |group: &Changed<'_>| {
        let maker = |id: &EntityId| model.entity(*id).made.as_ref().and_then(|made| made.makers.first().copied());
        let first = group.entities.first().map(|(id, _)| *id);
        std::iter::successors(first, maker).count()
    };
    let mut of_root: BTreeMap<DiffRoot, Vec<(usize, usize)>> = BTreeMap::new();
    for (group, changed) in comparison.changed.iter().enumerate() {
        for (at, difference) in changed.values.iter().enumerate() {
            difference.roots.first().iter().for_each(|root| of_root.entry(**root).or_default().push((group, at)));
        }
    }
    let mut gone: BTreeSet<(usize, usize)> = BTreeSet::new();
    let of_environments: BTreeSet<DiffRoot> = comparison.environments.iter().flat_map(|value| value.roots.clone()).collect();
    let is_shared = |root: &DiffRoot, places: &Vec<_>| places.len() > 1 || of_environments.contains(root);
    for (root, mut places) in of_root.into_iter().filter(|(root, places)| is_shared(root, places)) {
        if let Some(said @ ToldAt::Environment(at)) = entries.get(&root).copied() {
            // What an environment says and a thing only hands on is told there.
            for (group, at_value) in places {
                let find = |comparison: &Comparison<'_>| {
                    let (told, made) = (comparison.environments.get(at)?, comparison.changed.get(group)?);
                    let value = made.values.get(at_value)?;
                    (same_pair(told, value) && !replaces(value)).then(|| (made.entities.clone(), value.path.clone()))
                };
                if let Some((entities, path)) = find(comparison) {
                    gone.insert((group, at_value));
                    add(comparison, (said, false), group, &entities, path);
                }
            }
            continue;
        }
        let weight = |(group, at): &(usize, usize)| {
            let group = comparison.changed.get(*group);
            let value = group.and_then(|group| group.values.get(*at));
            let steps = value.map_or(0, |value| value.path.steps().len());
            (!value.is_some_and(replaces), group.map_or(0, depth), steps)
        };
        places.sort_by_key(weight);
        let Some((leader, others)) = places.split_first() else { continue };
        entries.insert(root, ToldAt::Thing(leader.0, leader.1));
        for (group, at) in others {
            let find = |(group, at): (usize, usize)| comparison.changed.get(group).and_then(|group| Some((group, group.values.get(at)?)));
            let (Some((_, told)), Some((made, value))) = (find(*leader), find((*group, *at))) else { continue };
            if !same_pair(told, value) || replaces(value) {
                continue;
            }
            let (entities, path) = (made.entities.clone(), value.path.clone());
            gone.insert((*group, *at));
            add(comparison, (ToldAt::Thing(leader.0, leader.1), leader.0 == *group), *group, &entities, path);
        }
    }
    if gone.is_empty() {
        return;
    }
    // What is left moves up, and what points to it with it.
    let mut moved: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (group, changed) in comparison.changed.iter_mut().enumerate() {
        let values = std::mem::take(&mut changed.values);
        for (at, value) in values.into_iter().enumerate().filter(|(at, _)| !gone.contains(&(group, *at))) {
            moved.insert((group, at), changed.values.len());
            changed.values.push(value);
        }
    }
    for entry in entries.values_mut() {
        if let ToldAt::Thing(group, at) = entry
            && let Some(now) = moved.get(&(*group, *at))
        {
            *at = *now;
        }
    }
}

/// Tells a value below what it follows from; one that replaces something, or whose cause is told nowhere, stands for itself.
fn follow<'a>(
    comparison: &mut Comparison<'a>,
    (entries, holders): (&mut BTreeMap<DiffRoot, ToldAt>, &mut Holders),
    (group, ids): (usize, (EntityId, EntityId)),
    difference: Difference<'a>,
    meant: &BTreeSet<DiffRoot>,
) {
    let found = difference.roots.iter().find_map(|root| entries.get(root).copied());
    if let Some(entry) = found.filter(|_| !replaces(&difference)) {
        // What only some copies have is nothing of the others, though one place gives both.
        let is_own = match entry {
            ToldAt::Thing(of, at) if of == group => holders.get(&(of, at)).is_none_or(|held| held.contains(&ids)),
            ToldAt::Environment(_) | ToldAt::Thing(..) => false,
        };
        return add(comparison, (entry, is_own), group, &[ids], difference.path);
    }
    if found.is_none() && difference.roots.iter().all(|root| meant.contains(root)) {
        comparison.meant += 1;
        return;
    }
    let Some(changed) = comparison.changed.get_mut(group) else { return };
    // Of a thing on several clusters, what they share is told once.
    let same = |known: &Difference<'_>| known.why == DiffReason::Follows && known.path == difference.path && same_pair(known, &difference);
    let known = changed.values.iter().position(same);
    holders.entry((group, known.unwrap_or(changed.values.len()))).or_default().push(ids);
    if known.is_some() {
        return;
    }
    let at = ToldAt::Thing(group, changed.values.len());
    difference.roots.iter().for_each(|root| _ = entries.entry(*root).or_insert(at));
    changed.values.push(difference);
}

/// Values that stand for themselves though they follow, by group and place in it: the copies of the thing that have them.
type Holders = BTreeMap<(usize, usize), Copies>;

/// Some copies of a thing, in both.
type Copies = Vec<(EntityId, EntityId)>;

/// Tells what only some copies of a thing have apart, at these.
fn part(comparison: &mut Comparison<'_>, holders: Holders) {
    let is_of_some = |comparison: &Comparison<'_>, group: usize, held: &[(EntityId, EntityId)]| {
        comparison.changed.get(group).is_some_and(|group| group.spread.is_none() && held.len() < group.entities.len())
    };
    let mut apart: BTreeMap<(usize, Copies), Vec<usize>> = BTreeMap::new();
    for ((group, at), held) in holders {
        if is_of_some(comparison, group, &held) {
            apart.entry((group, held)).or_default().push(at);
        }
    }
    let places: BTreeSet<(usize, usize)> = apart.iter().flat_map(|((group, _), all)| all.iter().map(|at| (*group, *at))).collect();
    let mut taken: BTreeMap<(usize, usize), Difference<'_>> = BTreeMap::new();
    for (group, changed) in comparison.changed.iter_mut().enumerate() {
        for (at, value) in std::mem::take(&mut changed.values).into_iter().enumerate() {
            match places.contains(&(group, at)) {
                true => drop(taken.insert((group, at), value)),
                false => changed.values.push(value),
            }
        }
    }
    for ((group, entities), all) in apart {
        let values = all.into_iter().filter_map(|at| taken.remove(&(group, at))).collect();
        comparison.changed.push(Changed { entities, values, left_out: Vec::new(), spread: None });
    }
}

/// Adds a value to what follows from an entry.
fn add(
    comparison: &mut Comparison<'_>,
    (entry, is_own): (ToldAt, bool),
    group: usize,
    entities: &[(EntityId, EntityId)],
    path: crate::path::Path,
) {
    let leader = match entry {
        ToldAt::Environment(at) => comparison.environments.get_mut(at),
        ToldAt::Thing(of, at) => comparison.changed.get_mut(of).and_then(|changed| changed.values.get_mut(at)),
    };
    let Some(leader) = leader else { return };
    if is_own {
        if !leader.followers.contains(&path) {
            leader.followers.push(path);
        }
        return;
    }
    let is_known = |passed: &&mut PassedOn| passed.group == group && passed.path == path;
    match leader.passed_on.iter_mut().rev().find(is_known) {
        Some(passed) => passed.entities.extend(entities),
        None => leader.passed_on.push(PassedOn { group, entities: entities.to_vec(), path }),
    }
}

/// Whether taking a value over replaces something, or may.
fn replaces(difference: &Difference<'_>) -> bool {
    difference.replaces.is_some() || difference.argument.is_some_and(|argument| argument != Replaces::No)
}
