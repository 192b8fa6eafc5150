//! Things that are of another class than before: which line of a user made them so. In come things before and after, out go places in the sources of now.

use super::ChangeSide;
use crate::model::{Entity, EntityId};
use crate::span::Span;
use std::collections::BTreeMap;

/// Another class than a thing had before.
#[derive(Clone, Copy)]
pub(super) struct Reclassed {
    /// Where it is said; none if it is not said any more that it is of another one.
    pub(super) at: Option<Span>,
    /// Whether one of the two inherits from the other, or both from a third.
    pub(super) is_kin: bool,
}

/// So many things give each other their classes.
const DEPTH: usize = 16;

/// All that are of another class, by their paths now.
pub(super) fn all<'a>(pairs: &[(EntityId, EntityId)], sides: (ChangeSide<'a>, ChangeSide<'a>)) -> BTreeMap<&'a str, Reclassed> {
    let (before, now) = sides;
    let found = pairs.iter().filter_map(|(old, new)| {
        let (old, new) = (before.model.entity(*old), now.model.entity(*new));
        let line = |side: ChangeSide<'a>, thing: &Entity| thing.class_line(side.definitions);
        let is_kin = || line(before, old).iter().any(|class| line(now, new).iter().any(|other| class.full == other.full));
        (old.class_name != new.class_name).then(|| (&*new.path, Reclassed { at: place(sides, (old, new), DEPTH), is_kin: is_kin() }))
    });
    found.collect()
}

/// Where a thing got another class: where that is said of it; if the class of another thing gives it that, where that got another class, or how it says it.
fn place((before, now): (ChangeSide<'_>, ChangeSide<'_>), (old, new): (&Entity, &Entity), depth: usize) -> Option<Span> {
    let depth = depth.checked_sub(1)?;
    if old.class_name == new.class_name {
        return None;
    }
    if !new.is_classed_by_class(now.definitions) {
        return Some(new.class_value.origin.span);
    }
    // Where nothing is said any more, there is no line of now.
    if !old.is_classed_by_class(before.definitions) {
        return None;
    }
    let givers = before.model.class_giver(old, before.definitions).zip(now.model.class_giver(new, now.definitions));
    let of_giver = givers.and_then(|givers| place((before, now), givers, depth));
    of_giver.or_else(|| Some(new.class_value.origin.span).filter(|at| !now.sources.is_library(*at)))
}
