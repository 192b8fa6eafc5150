//! Resources and modules that a stack had and has no more: Terraform destroys them, unless a block says that they have moved, or are let go. What keeps data is
//! told by the build, too, and not here.

use super::fate::resource;
use super::{StackChange, errors, place};
use crate::diagnostic::Diagnostics;
use crate::hazard::PlatformChange;
use crate::level::Level;
use crate::model::EntityId;
use crate::table::holds_data;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What of one thing is destroyed in a stack.
#[derive(Default)]
pub(super) struct DestroyedResources {
    /// Addresses, also of single instances.
    pub(super) addresses: Vec<String>,
    /// What there is now of the same types, and was not before.
    pub(super) instead: Vec<String>,
    /// Who made the thing and makes it no more: `services.backup`.
    pub(super) unmade_by: Option<String>,
    /// Another stack that has the addresses now.
    pub(super) elsewhere: Option<String>,
}

pub(super) fn report(change: &PlatformChange<'_>, stack: &StackChange<'_>, all: &[StackChange<'_>], diagnostics: &mut Diagnostics) {
    let mut destroyed: BTreeMap<Option<EntityId>, DestroyedResources> = BTreeMap::new();
    let known: BTreeSet<&str> = stack.before.blocks.keys().map(|old| stack.now.current(old)).collect();
    for (address, old) in stack.before.made() {
        let now = stack.now.current(address);
        let gone = match stack.now.blocks.get(now) {
            Some(new) => instances(old, new).into_iter().map(|instance| format!("{now}[{instance}]")).collect(),
            None if stack.now.let_go.contains(address) => continue,
            None => vec![address.to_owned()],
        };
        if gone.is_empty() {
            continue;
        }
        let maker = place::maker(&stack.old.makers, address);
        if maker.is_some_and(|maker| !change.is_chosen_before(maker) || is_told(change, maker)) {
            continue;
        }
        let found = destroyed.entry(maker).or_default();
        let type_ = address.split('.').next().unwrap_or_default();
        let is_new = |other: &&str| other.split('.').next() == Some(type_) && !known.contains(other);
        let new: Vec<String> = stack.now.made().map(|(other, _)| other).filter(is_new).map(str::to_owned).collect();
        found.instead.extend(new.into_iter().filter(|_| gone.iter().all(|gone| gone == address)));
        let other = all.iter().find(|other| other.folder != stack.folder && has_come(other, address));
        found.elsewhere = found.elsewhere.take().or_else(|| other.map(|other| other.folder.clone()));
        found.addresses.extend(gone);
    }
    for (maker, mut found) in destroyed {
        found.instead.sort_unstable();
        found.instead.dedup();
        let old = maker.map(|maker| change.before.model.entity(maker));
        let now = maker.and_then(|maker| change.now_of(maker));
        let made = old.filter(|_| now.is_none()).and_then(|old| old.made.as_ref()?.makers.first());
        found.unmade_by = made.map(|maker| change.before.model.entity(*maker).thing.definition.to_string());
        let holds = found.addresses.iter().any(|address| resource(address).is_some_and(|(type_, _)| holds_data(type_)));
        let level = if holds { Level::DestroysData } else { Level::Replaces };
        let at = maker.and_then(|maker| change.place_of(maker));
        let said = errors::destroyed(&stack.folder, (old, now.is_some()), &found, at).level(level);
        diagnostics.push(match now.or(old) {
            Some(entity) => said.about(entity.subject()),
            None => said,
        });
    }
}

/// Instances that a resource had and has no more: keys of `for_each`, positions of `count`.
fn instances(old: &Json, new: &Json) -> Vec<String> {
    let keys = |body: &Json| -> Option<BTreeSet<String>> { Some(body.get("for_each")?.as_object()?.keys().cloned().collect()) };
    let count = |body: &Json| body.get("count").and_then(Json::as_u64);
    if let (Some(before), Some(now)) = (keys(old), keys(new)) {
        return before.difference(&now).map(|key| format!("\"{key}\"")).collect();
    }
    match (count(old), count(new)) {
        (Some(before), Some(now)) => (now..before).take(100).map(|at| at.to_string()).collect(),
        (_, _) => Vec::new(),
    }
}

fn has_come(stack: &StackChange<'_>, address: &str) -> bool {
    stack.now.blocks.contains_key(address) && !stack.before.blocks.contains_key(address)
}

/// Whether what keeps data and is there as before tells of itself.
fn is_told(change: &PlatformChange<'_>, maker: EntityId) -> bool {
    change.keeps_data(maker) && change.now_of(maker).is_some()
}
