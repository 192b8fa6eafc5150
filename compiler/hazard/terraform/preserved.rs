//! What of resources preserves less than before: how long they keep what they hold, and what guards them. In come stacks before and after with what becomes of each
//! resource, out go reports. Of what is replaced anyway its time tells nothing.

use super::arguments::{ArgumentStep, is_ignored};
use super::emitted::members;
use super::fate::{Fate, ignored, resource};
use super::reference::references;
use super::replaced::users_own;
use super::{StackChange, place};
use crate::diagnostic::Diagnostics;
use crate::hazard::PlatformChange;
use crate::hazard::preserved::{PreservedChange, PreservedFlaw, PreservedStep, flaws, told};
use crate::table::{Holding, Replaces, resource_holds};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What stands in the list for all resources.
const ANY: &str = "*";

pub(super) fn report(
    change: &PlatformChange<'_>,
    stack: &StackChange<'_>,
    (fates, formerly): (&BTreeMap<String, Fate>, &BTreeMap<&str, &str>),
    diagnostics: &mut Diagnostics,
) {
    for (address, new) in stack.now.made() {
        let Some((type_, _)) = resource(address) else { continue };
        let Some(maker) = place::maker(&stack.new.makers, address).filter(|maker| change.is_chosen(*maker)) else { continue };
        let before = formerly.get(address).copied().unwrap_or(address);
        let is_replaced = fates.get(address).is_some_and(|fate| fate.replaces == Replaces::Yes);
        let found = match stack.before.blocks.get(before) {
            Some(old) if old == new => continue,
            Some(old) => flaws(&[type_, ANY], old, new),
            None => of_new(stack, type_, new),
        };
        let overlooked = ignored(new);
        let entity = change.now.model.entity(maker);
        for flaw in found {
            if is_ignored(&overlooked, &flaw.name()) || (is_replaced && flaw.line.effect.is_loss()) {
                continue;
            }
            let steps: Vec<ArgumentStep> = flaw.path.iter().map(step).collect();
            let at = place::of(change, stack, (before, address), &steps).unwrap_or(entity.defined);
            let at = users_own(change, stack, (before, at), Some(maker));
            diagnostics.push(told(&format!("`{address}`"), &flaw, at).about(entity.subject()));
        }
    }
}

/// What a resource that comes does to one that was there: the rules of a bucket may be a resource of their own.
fn of_new(stack: &StackChange<'_>, type_: &str, new: &Json) -> Vec<PreservedFlaw> {
    let reads = |(_, value): (&str, &Json)| {
        let found = value.as_str().map(references).unwrap_or_default();
        found.iter().any(|reference| stack.before.blocks.keys().any(|old| stack.now.current(old) == reference.address))
    };
    if resource_holds(type_) == Holding::Yes || !members(Some(new)).any(reads) {
        return Vec::new();
    }
    let empty = Json::Object(serde_json::Map::new());
    let mut found = flaws(&[type_], &empty, new);
    found.retain(|flaw| matches!(flaw.line.change, PreservedChange::Sooner { .. }));
    found
}

fn step(step: &PreservedStep) -> ArgumentStep {
    match step {
        PreservedStep::Key(key) => ArgumentStep::Name(key.clone()),
        PreservedStep::Position(at) => ArgumentStep::Position(*at),
    }
}
