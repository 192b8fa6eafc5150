//! Objects that hold data and that nothing installs any more, though nobody has said that they go: claims, and what operators keep data for. In come all objects
//! of a cluster before and after, whoever has them. What keeps data by its class is told by the build, and not here.

use super::cluster::{ClusterObjectKey, all};
use super::{PlatformChange, errors, preserved};
use crate::diagnostic::Diagnostics;
use crate::model::{Entity, EntityId, Model};
use crate::object::Manifest;
use crate::syncing;
use crate::table::{Holding, object_holds};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn report(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    let any = |_: &Manifest| true;
    let now: BTreeSet<ClusterObjectKey<'_>> = all(change.now.model, change.now.objects, &any).map(|(key, ..)| key).collect();
    let clusters: BTreeSet<(&str, &str)> = change
        .now
        .model
        .entities()
        .filter(|(_, entity)| entity.kind == crate::name::Kind::Cluster)
        .map(|(_, entity)| (&**change.now.model.environment(entity.environment).identity.text(), &**entity.identity.text()))
        .collect();
    let installing = change.installing();
    let mut gone: BTreeMap<EntityId, Vec<&Manifest>> = BTreeMap::new();
    for (key, id, manifest) in all(change.before.model, change.before.objects, &holds).filter(|(key, ..)| !now.contains(key)) {
        // Where the cluster leaves as a whole, all stays, and is told with that.
        let goes = || !installing.contains(&super::key(change.before.model, change.before.model.entity(id)));
        let stays = || stays(&manifest.value, delivery(change.before.model, id), goes());
        if clusters.contains(&(key.0, key.1)) && change.is_chosen_before(id) && !change.keeps_data(id) && !stays() {
            gone.entry(id).or_default().push(manifest);
        }
    }
    let outlived = |manifest: &Manifest| is_holding(manifest) && preserved::outlives(manifest);
    for (key, id, manifest) in all(change.before.model, change.before.objects, &outlived).filter(|(key, ..)| !now.contains(key)) {
        let goes = || !installing.contains(&super::key(change.before.model, change.before.model.entity(id)));
        let is_told =
            || stays(&manifest.value, delivery(change.before.model, id), goes()) || is_renamed(change, change.now_of(id), manifest);
        if clusters.contains(&(key.0, key.1)) && change.is_chosen_before(id) && !change.keeps_data(id) && !is_told() {
            let (old, new, at) = (change.before.model.entity(id), change.now_of(id), change.place_of(id));
            let said = preserved::data_outlives((old, new), manifest, at);
            diagnostics.push(if at.is_none() { change.stood(Some(old), said) } else { said });
        }
    }
    for (id, manifests) in gone {
        let (old, new) = (change.before.model.entity(id), change.now_of(id));
        let left = manifests.iter().filter(|manifest| !is_renamed(change, new, manifest));
        let names: Vec<String> = left.map(|manifest| manifest.object.words()).collect();
        if !names.is_empty() {
            let at = change.place_of(id);
            let said = errors::data_leaves((old, new), &names, at);
            diagnostics.push(if at.is_none() { change.stood(Some(old), said) } else { said });
        }
    }
}

/// What makes claims, which hold the data.
const STATEFUL: (&str, &str) = ("apps", "StatefulSet");

/// Whether an object holds data: its kind does, or it takes claims along.
pub(super) fn holds(manifest: &Manifest) -> bool {
    if (manifest.object.group(), &*manifest.object.kind) == STATEFUL {
        let retention = &["spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"];
        return has_claims(manifest) && manifest.value.at(retention).and_then(Value::as_str) == Some("Delete");
    }
    is_holding(manifest) && !preserved::outlives(manifest)
}

/// Whether objects of its kind hold data, whatever becomes of that; of what makes claims that is told with its pods.
fn is_holding(manifest: &Manifest) -> bool {
    if (manifest.object.group(), &*manifest.object.kind) == STATEFUL {
        return false;
    }
    object_holds(manifest.object.group(), &manifest.object.kind) == Holding::Yes
}

/// Whether an object is a StatefulSet with claims. Unless it says otherwise, they stay when it goes.
pub(super) fn has_claims(manifest: &Manifest) -> bool {
    let claims = || manifest.value.at(&["spec", "volumeClaimTemplates"]).and_then(Value::as_list);
    (manifest.object.group(), &*manifest.object.kind) == STATEFUL && claims().is_some_and(|claims| !claims.is_empty())
}

/// Who delivers to where a thing is.
pub(super) fn delivery(model: &Model, id: EntityId) -> &str {
    model.environment(model.entity(id).environment).delivery()
}

/// Whether an object says to who delivers that it stays when nothing wants it any more; `goes`: also when its Application goes, which deletes what it has
/// installed by another word.
pub(super) fn stays(object: &Value, delivery: &str, goes: bool) -> bool {
    let said = |key: &str| object.at(&["metadata", "annotations", key]).and_then(Value::as_str).unwrap_or_default();
    let options = said(syncing::OBJECT_OPTIONS);
    let says = |option: &str| options.split(',').any(|word| word.trim() == option);
    let in_argo_cd = || says(syncing::UNPRUNED) && (!goes || says(syncing::UNDELETED));
    let in_flux = || said("kustomize.toolkit.fluxcd.io/prune") == "disabled";
    if delivery == "flux" { in_flux() } else { in_argo_cd() }
}

/// Whether the thing makes the object under another name, which is told with that.
pub(super) fn is_renamed(change: &PlatformChange<'_>, now: Option<&Entity>, old: &Manifest) -> bool {
    let Some(now) = now else { return false };
    let renderings = change.now.objects.renderings.iter();
    let manifests = renderings.filter(|rendering| std::ptr::eq(change.now.model.entity(rendering.entity), now));
    let mut manifests = manifests.flat_map(|rendering| &rendering.manifests);
    manifests.any(|manifest| manifest.name == old.name && manifest.object.kind == old.object.kind)
}
