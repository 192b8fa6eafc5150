//! Claims of StatefulSets where fewer pods are wanted, and where nothing makes the StatefulSet any more. In come all of a cluster before and after, out go
//! reports. Those that take their claims along when they go are told with what leaves, and those that are called differently with that.

use super::cluster::{ClusterObjectKey, all};
use super::{PlatformChange, leaving};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::level::Level;
use crate::model::{Entity, EntityId};
use crate::object::{Manifest, ObjectName};
use crate::span::Span;
use crate::value::Value;
use std::collections::BTreeMap;

pub(super) fn report(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    let any = |_: &Manifest| true;
    let now: BTreeMap<ClusterObjectKey<'_>, (EntityId, &Manifest)> =
        all(change.now.model, change.now.objects, &any).map(|(key, id, manifest)| (key, (id, manifest))).collect();
    for (key, id, old) in all(change.before.model, change.before.objects, &leaving::has_claims) {
        let said = match now.get(&key) {
            Some((new_id, new)) if change.is_chosen(*new_id) => fewer(change, (id, old), (*new_id, new)),
            Some(_) => None,
            None => gone(change, id, old),
        };
        said.into_iter().for_each(|said| diagnostics.push(said));
    }
}

/// Fewer pods of a StatefulSet that deletes the claims of those that go.
fn fewer(change: &PlatformChange<'_>, (id, old): (EntityId, &Manifest), (new_id, new): (EntityId, &Manifest)) -> Option<Diagnostic> {
    let word = ["spec", "persistentVolumeClaimRetentionPolicy", "whenScaled"];
    let count = |manifest: &Manifest| manifest.value.at(&REPLICAS).map_or(Some(1), Value::as_int);
    let (was, is) = (count(old)?, count(new)?);
    if is >= was || new.value.at(&word).and_then(Value::as_str) != Some("Delete") {
        return None;
    }
    let entity = change.now.model.entity(new_id);
    let at = change.decided_by_user((old.value.at(&REPLICAS), new.value.at(&REPLICAS)), (id, entity));
    Some(claims_deleted((&new.object, entity), (was, is), at))
}

const REPLICAS: [&str; 2] = ["spec", "replicas"];

/// A StatefulSet that a thing makes no more, which is there as before. Of what keeps data the build tells.
fn gone(change: &PlatformChange<'_>, id: EntityId, old: &Manifest) -> Option<Diagnostic> {
    let entity = change.now_of(id).filter(|_| change.is_chosen_before(id) && !change.keeps_data(id))?;
    let stays = || leaving::stays(&old.value, leaving::delivery(change.before.model, id), false);
    let is_told = leaving::holds(old) || leaving::is_renamed(change, Some(entity), old) || stays();
    (!is_told).then(|| claims_left((&old.object, entity), change.place_of(id)))
}

fn claims_deleted((object, entity): (&ObjectName, &Entity), (was, is): (i64, i64), at: Span) -> Diagnostic {
    let what = object.words();
    let message =
        format!("`spec.replicas` of {what} goes from {was} to {is}: the claims of the pods that go are deleted with what they hold");
    Diagnostic::warning(Code::ObjectsLeave, message, at, "fewer from now on")
        .level(Level::DestroysData)
        .apart(format!("fewer {what}"))
        .about(entity.subject())
        .note("`persistentVolumeClaimRetentionPolicy.whenScaled: Delete` says so")
        .hint("if they are to stay, first say `whenScaled: Retain`, and build and install that; or move away what they hold before")
}

fn claims_left((object, entity): (&ObjectName, &Entity), at: Option<Span>) -> Diagnostic {
    let what = object.words();
    let message = format!("{} `{}` no longer has {what}: its pods are deleted, and its claims stay", entity.kind.words(), entity.name);
    let diagnostic = match at {
        Some(at) => Diagnostic::warning(Code::ObjectsLeave, message, at, "changed here"),
        None => Diagnostic { severity: Severity::Warning, ..Diagnostic::general(Code::ObjectsLeave, message) },
    };
    diagnostic
        .level(Level::Replaces)
        .apart(format!("claims of {what}"))
        .about(entity.subject())
        .note("nobody uses them then, and nobody deletes them; a StatefulSet of that name takes them over again")
        .hint("if it is not to go, take the change back; else look after the claims by hand: `kubectl get persistentvolumeclaims`")
}
