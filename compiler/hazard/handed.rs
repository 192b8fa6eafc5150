//! Objects with data that go from one thing to another on the same cluster: whoever installs deletes them for the one, whether or not the other has them by
//! then. In come all objects of a cluster before and after, out go reports. What is protected before and after survives that.

use super::cluster::{ClusterObjectKey, all};
use super::{PlatformChange, ThingKey, errors, key, leaving};
use crate::diagnostic::Diagnostics;
use crate::level::Level;
use crate::model::EntityId;
use crate::object::Manifest;
use std::collections::{BTreeMap, BTreeSet};

/// Objects that go from one thing to another.
pub(super) struct HandedObjects<'a> {
    pub(super) level: Level,
    pub(super) objects: Vec<&'a Manifest>,
    /// Whether the one goes and the other comes, of one class: perhaps that is only another name.
    pub(super) is_rename: bool,
}

pub(super) fn report(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    let (before, now) = (change.before, change.now);
    let matters = |manifest: &Manifest| loss(manifest).is_some();
    let any = |_: &Manifest| true;
    let owners: BTreeMap<ClusterObjectKey<'_>, (EntityId, &Manifest)> =
        all(now.model, now.objects, &any).map(|(key, id, manifest)| (key, (id, manifest))).collect();
    let known: BTreeSet<ThingKey<'_>> = before.model.entities().map(|(_, entity)| key(before.model, entity)).collect();
    let there: BTreeSet<ThingKey<'_>> = now.model.entities().map(|(_, entity)| key(now.model, entity)).collect();
    let installing = change.installing();
    let mut handed: BTreeMap<(EntityId, EntityId, Level), Vec<&Manifest>> = BTreeMap::new();
    for (at, old, manifest) in all(before.model, before.objects, &matters) {
        let Some((new, is)) = owners.get(&at).copied() else { continue };
        let from = key(before.model, before.model.entity(old));
        let is_told = change.is_chosen_before(old) || change.is_chosen(new);
        if !is_told || from == key(now.model, now.model.entity(new)) {
            continue;
        }
        let goes = !installing.contains(&from);
        // Whoever installed it for something that keeps data leaves all of that when it goes.
        let is_left = goes && change.keeps_data(old);
        let stays = |manifest: &Manifest| leaving::stays(&manifest.value, leaving::delivery(before.model, old), goes);
        if let Some(level) = loss(manifest).filter(|_| !(is_left || stays(manifest) && stays(is))) {
            handed.entry((old, new, level)).or_default().push(manifest);
        }
    }
    for ((old, new, level), objects) in handed {
        let (from, to) = (before.model.entity(old), now.model.entity(new));
        let is_another = !there.contains(&key(before.model, from)) && !known.contains(&key(now.model, to));
        let is_rename = is_another && from.kind == to.kind && from.class_name == to.class_name;
        let objects = HandedObjects { level, objects, is_rename };
        diagnostics.push(errors::data_handed((from, to), &objects, leaving::delivery(before.model, old)));
    }
}

/// What is lost with an object that is deleted, and made anew: what it holds; of a StatefulSet its pods, where its claims stay.
fn loss(manifest: &Manifest) -> Option<Level> {
    if leaving::holds(manifest) {
        return Some(Level::DestroysData);
    }
    leaving::has_claims(manifest).then_some(Level::Replaces)
}
