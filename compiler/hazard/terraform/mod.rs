//! What Terraform does with what stacks have made, read off the emitted stacks before and after, whatever wrote them: resources of which an argument
//! changes that replaces them, those that are made of them, and those that a stack no longer has. Where something is written is asked of the stacks as the
//! templates left them. Where no table knows an argument, that is told, too.

mod account;
mod arguments;
mod conditions;
mod destroyed;
mod emitted;
mod errors;
mod fate;
mod place;
mod reference;
mod replaced;

use super::PlatformChange;
use crate::artifact::Artifacts;
use crate::diagnostic::Diagnostics;
use crate::floor;
use crate::object::Stack;
use emitted::EmittedStack;
use std::collections::BTreeMap;

/// A stack before and after.
struct StackChange<'a> {
    folder: String,
    old: &'a Stack,
    new: &'a Stack,
    before: EmittedStack,
    now: EmittedStack,
}

/// The files of a stack that say what Terraform makes.
const FILES: [&str; 2] = ["main.tf.json", "providers.tf.json"];

pub(super) fn report(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    let known: BTreeMap<String, &Stack> =
        change.before.objects.stacks.iter().map(|stack| (floor::stack(change.before.model, stack), stack)).collect();
    let both = |new| {
        let new: &Stack = new;
        let folder = floor::stack(change.now.model, new);
        let old = *known.get(&folder)?;
        let texts = |artifacts: &'_ Artifacts| FILES.map(|name| artifacts.get(&format!("{folder}/{name}")).map(|file| file.text.clone()));
        if texts(change.before.artifacts) == texts(change.now.artifacts) {
            return None;
        }
        let before = EmittedStack::read(change.before.artifacts, &folder)?;
        let now = EmittedStack::read(change.now.artifacts, &folder)?;
        Some(StackChange { folder, old, new, before, now })
    };
    let stacks: Vec<StackChange<'_>> = change.now.objects.stacks.iter().filter_map(both).collect();
    for stack in &stacks {
        replaced::report(change, stack, diagnostics);
        destroyed::report(change, stack, &stacks, diagnostics);
    }
}
