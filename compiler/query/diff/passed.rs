//! What a maker passes on to what it makes differs there as it does here, and is one difference. In come the things that differ, out go the same with
//! each such value told once: where the maker has it, or, if taking it over replaces something, at what is replaced.

use super::values::same_values;
use super::{Changed, Difference};
use crate::model::{EntityId, Model};
use crate::path::Path;
use crate::table::Replaces;
use std::collections::BTreeMap;

/// A value elsewhere that is one with a value that differs.
#[derive(Clone, Debug)]
pub struct PassedOn {
    /// The thing that has it, in both environments, once for each cluster.
    pub entities: Vec<(EntityId, EntityId)>,
    /// The value's path below the thing.
    pub path: Path,
}

/// Tells each value once that makers and what they make share.
pub(super) fn passed_on<'a>(changed: Vec<Changed<'a>>, model: &Model) -> Vec<Changed<'a>> {
    let mut groups: BTreeMap<EntityId, usize> = BTreeMap::new();
    for (at, group) in changed.iter().enumerate() {
        groups.extend(group.entities.iter().map(|(id, _)| (*id, at)));
    }
    let mut changed: Vec<(Changed<'a>, Vec<usize>)> = changed
        .into_iter()
        .map(|group| {
            let first = group.entities.first().map(|(id, _)| *id);
            let makers = first.map(|id| makers(id, model)).unwrap_or_default();
            let known = makers.iter().rev().filter_map(|maker| groups.get(maker).copied()).collect();
            (group, known)
        })
        .collect();
    for at in 0..changed.len() {
        let Some((group, makers)) = changed.get_mut(at) else { continue };
        let (entities, makers) = (group.entities.clone(), makers.clone());
        let mut kept = Vec::new();
        for made in std::mem::take(&mut group.values) {
            kept.extend(join(made, &entities, &makers, &mut changed));
        }
        if let Some((group, _)) = changed.get_mut(at) {
            group.values.append(&mut kept);
        }
    }
    changed.into_iter().map(|(group, _)| group).filter(|group| !group.values.is_empty()).collect()
}

/// Who made a thing, and who made that one, the nearest first.
fn makers(id: EntityId, model: &Model) -> Vec<EntityId> {
    let maker = |id: &EntityId| model.entity(*id).made.as_ref().and_then(|made| made.makers.first().copied());
    std::iter::successors(maker(&id), maker).collect()
}

/// A value of what is made, with what its maker says of it where the two are one; none if it is told there.
fn join<'a>(
    mut made: Difference<'a>,
    entities: &[(EntityId, EntityId)],
    makers: &[usize],
    changed: &mut [(Changed<'a>, Vec<usize>)],
) -> Option<Difference<'a>> {
    // Both from one place means an expression with two outcomes, which tells of its own cause.
    let is_said = matches!((made.first, made.second), (Some(first), Some(second)) if first.origin.span != second.origin.span);
    if !is_said {
        return Some(made);
    }
    let is_same = |said: &Difference<'_>| {
        let same = Difference { path: said.path.clone(), ..made.clone() };
        same_values(std::slice::from_ref(said), std::slice::from_ref(&same))
    };
    let found = makers.iter().find_map(|maker| {
        let at = changed.get(*maker)?.0.values.iter().position(is_same)?;
        Some((*maker, at))
    });
    let Some(((group, _), at)) = found.and_then(|(maker, at)| Some((changed.get_mut(maker)?, at))) else { return Some(made) };
    if !replaces(&made) {
        let leader = group.values.get_mut(at)?;
        leader.passed_on.append(&mut made.passed_on);
        let more = made.followers.drain(..).map(|path| PassedOn { entities: entities.to_vec(), path });
        leader.passed_on.push(PassedOn { entities: entities.to_vec(), path: made.path });
        leader.passed_on.extend(more);
        return None;
    }
    if group.values.get(at).is_some_and(replaces) {
        return Some(made);
    }
    let mut said = group.values.remove(at);
    let paths = std::iter::once(said.path).chain(said.followers.drain(..));
    made.passed_on.extend(paths.map(|path| PassedOn { entities: group.entities.clone(), path }));
    made.passed_on.append(&mut said.passed_on);
    Some(made)
}

/// Whether taking a value over replaces something, or may.
fn replaces(difference: &Difference<'_>) -> bool {
    difference.replaces.is_some() || difference.argument.is_some_and(|argument| argument != Replaces::No)
}
