//! Things that are of another class than before: which line of a user made them so. In come things before and after, out go places in the sources of now.

use super::ChangeSide;
use crate::model::{Entity, EntityId};
use crate::name::Kind;
use crate::origin::Layer;
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
        let is_kin = || line(before, old).iter().any(|class| line(now, new).contains(class));
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
    if !is_given(now, new) {
        return Some(new.class_value.origin.span);
    }
    // Where nothing is said any more, there is no line of now.
    if !is_given(before, old) {
        return None;
    }
    let of_home = home(before, old).zip(home(now, new)).and_then(|homes| place((before, now), homes, depth));
    of_home.or_else(|| Some(new.class_value.origin.span).filter(|at| !now.sources.is_library(*at)))
}

/// Whether a class says of which class a thing is.
fn is_given(side: ChangeSide<'_>, thing: &Entity) -> bool {
    matches!(side.definitions.layers.get(thing.class_value.origin.layer), Layer::Class(_))
}

/// Whose class gives a thing its class: its maker, or of a pool its cluster.
fn home<'a>(side: ChangeSide<'a>, thing: &Entity) -> Option<&'a Entity> {
    let maker = thing.made.as_ref().and_then(|made| made.makers.first().copied());
    maker.or(thing.cluster.filter(|_| thing.kind == Kind::NodePool)).map(|home| side.model.entity(home))
}

/// The class of a thing, and those that it inherits from.
fn line<'a>(side: ChangeSide<'a>, thing: &'a Entity) -> Vec<&'a str> {
    let class = side.definitions.classes.get(thing.class.0 as usize).filter(|class| class.full == thing.class_name);
    let ancestors = class.map_or(&[][..], |class| &class.ancestors);
    std::iter::once(&*thing.class_name).chain(ancestors.iter().map(|ancestor| &**ancestor)).collect()
}
