//! Resources and modules that a stack had and has no more, as a whole or some of their instances: Terraform destroys them, unless a block says that they have
//! moved, or are let go. What keeps data and goes as a whole is told by the build, too, and not here.

use super::arguments::ArgumentStep;
use super::guarded::{self, GuardedResource};
use super::{ComeResources, StackChange, errors, holds, instances, place, readers};
use crate::diagnostic::Diagnostics;
use crate::hazard::PlatformChange;
use crate::level::Level;
use crate::model::{Entity, EntityId, Model};
use crate::span::Span;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What of one thing is destroyed in a stack.
#[derive(Default)]
pub(super) struct DestroyedResources {
    /// Addresses, also of single instances.
    pub(super) addresses: Vec<String>,
    /// Whether one of them holds data.
    pub(super) holds: bool,
    /// What there is now of the same types, and was not before.
    pub(super) instead: Vec<String>,
    /// Who made the thing and makes it no more: `services.backup`.
    pub(super) unmade_by: Option<String>,
    /// Where it is decided, if that is not the thing.
    pub(super) at: Option<Span>,
    /// Another stack that has the addresses now.
    pub(super) elsewhere: Option<String>,
    /// Those that a cloud does not let go.
    guarded: Vec<GuardedResource>,
    /// All of them as they were.
    bodies: Vec<(String, Json)>,
    /// Things of its kind and class that came where it is gone.
    pub(super) come: Vec<String>,
    /// Whether who wrote its class can say there that something only has another address: it is the project's own, and what it makes is as near as before.
    pub(super) is_users: bool,
}

pub(super) fn report(change: &PlatformChange<'_>, stack: &StackChange<'_>, come: &ComeResources, diagnostics: &mut Diagnostics) {
    let mut destroyed: BTreeMap<Option<EntityId>, DestroyedResources> = BTreeMap::new();
    let known: BTreeSet<&str> = stack.before.blocks.keys().map(|old| stack.now.current(old)).collect();
    for (address, old) in stack.before.made() {
        let gone = instances::gone(stack, address, old);
        if gone.addresses.is_empty() {
            continue;
        }
        let maker = place::maker(&stack.old.makers, address);
        if maker.is_some_and(|maker| !change.is_chosen_before(maker) || (gone.is_whole && is_told(change, maker))) {
            continue;
        }
        let found = destroyed.entry(maker).or_default();
        found.holds |= holds(change.before.definitions, (change.before.model, maker), address);
        found.guarded.extend(guarded::of(address, old));
        found.bodies.push((address.to_owned(), old.clone()));
        found.instead.extend(gone.instead);
        found.at = found.at.or_else(|| of_instances(change, stack, (address, old)));
        if gone.is_whole {
            let type_ = address.split('.').next().unwrap_or_default();
            let is_new = |other: &&str| other.split('.').next() == Some(type_) && !known.contains(other);
            found.instead.extend(stack.now.made().map(|(other, _)| other).filter(is_new).map(str::to_owned));
            found.elsewhere = found.elsewhere.take().or_else(|| come.elsewhere(&stack.folder, address));
        }
        found.addresses.extend(gone.addresses);
    }
    for (maker, mut found) in destroyed {
        found.instead.sort_unstable();
        found.instead.dedup();
        let old = maker.map(|maker| change.before.model.entity(maker));
        let now = maker.and_then(|maker| change.now_of(maker));
        let made = old.filter(|_| now.is_none()).and_then(|old| old.made.as_ref()?.makers.first());
        found.unmade_by = made.map(|maker| change.before.model.entity(*maker).thing.definition.to_string());
        if let Some(old) = old {
            found.come = if now.is_none() { come_instead(change, old) } else { Vec::new() };
        }
        found.is_users = old.is_none_or(|old| now.is_some_and(|now| is_users(change, old, now)));
        let level = if found.holds { Level::DestroysData } else { Level::Replaces };
        let at = found.at.or_else(|| maker.and_then(|maker| change.place_of(maker)));
        let said = errors::destroyed((&change.now.model.platform.output, &stack.folder), (old, now.is_some()), &found, at).level(level);
        let said = guarded::told(said, &found.guarded);
        let said = if found.holds { readers::told(said, change.before, maker) } else { said };
        let said = guarded::emptied(said, found.bodies.iter().map(|(address, old)| (address.as_str(), old)));
        let said = if at.is_none() { change.stood(old, said) } else { said };
        diagnostics.push(match now.or(old) {
            Some(entity) => said.about(entity.subject()),
            None => said,
        });
    }
}

/// Where it is decided which instances there are, if that is another thing than before and nobody but a user has said it.
fn of_instances(change: &PlatformChange<'_>, stack: &StackChange<'_>, (address, old): (&str, &Json)) -> Option<Span> {
    let here = stack.now.current(address);
    let new = stack.now.blocks.get(here)?;
    let word = ["for_each", "count"].into_iter().find(|word| old.get(word) != new.get(word))?;
    let at = place::of(change, stack, (address, here), &[ArgumentStep::Name(word.to_owned())]);
    at.filter(|at| !change.now.sources.is_library(*at))
}

/// Things of the kind and class of one that is gone, at its place, that were not there before.
fn come_instead(change: &PlatformChange<'_>, old: &Entity) -> Vec<String> {
    let (before, now) = (change.before.model, change.now.model);
    let around = |model: &Model, entity: &Entity| {
        let identity = |id: Option<EntityId>| id.map(|id| model.entity(id).identity.to_string());
        (model.environment(entity.environment).identity.to_string(), identity(entity.cluster), identity(entity.tenant))
    };
    let place = around(before, old);
    let known: BTreeSet<EntityId> = change.now_of.values().copied().collect();
    let is_such = |(id, entity): &(EntityId, &Entity)| {
        entity.kind == old.kind && entity.class_name == old.class_name && !known.contains(id) && around(now, entity) == place
    };
    now.entities().filter(is_such).map(|(_, entity)| entity.name.to_string()).collect()
}

/// Whether the class of a thing is the project's own, and its cluster is where it was.
fn is_users(change: &PlatformChange<'_>, old: &Entity, now: &Entity) -> bool {
    let class = change.before.definitions.classes.get(old.class.0 as usize);
    let region = |model: &Model, entity: &Entity| {
        let cluster = entity.cluster.map(|id| model.entity(id));
        cluster.unwrap_or(entity).value.get("region").and_then(|region| region.as_str().map(str::to_owned))
    };
    class.is_some_and(|class| !change.before.sources.is_library(class.name.span))
        && region(change.before.model, old) == region(change.now.model, now)
}

/// Whether what keeps data and is there as before tells of itself.
fn is_told(change: &PlatformChange<'_>, maker: EntityId) -> bool {
    change.keeps_data(maker) && change.now_of(maker).is_some()
}
