//! Stacks whose state is looked for elsewhere than before. Where nobody moves it, Terraform begins with an empty one, and would make everything anew.

use super::{ChangeSide, PlatformChange, errors};
use crate::artifact::state_place;
use crate::diagnostic::Diagnostics;
use crate::floor;
use crate::model::{Entity, EnvironmentId};
use crate::object::Stack;
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn report(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    let chosen: BTreeSet<(EnvironmentId, &str)> =
        change.pairs.iter().filter_map(|(_, id)| stack_of(change.now.model.entity(*id))).collect();
    let places = |side: ChangeSide<'_>, stack: &Stack| state_place(stack, &floor::stack(side.model, stack));
    let before: BTreeMap<String, &Stack> =
        change.before.objects.stacks.iter().map(|stack| (floor::stack(change.before.model, stack), stack)).collect();
    let mut moved: BTreeMap<Span, Vec<String>> = BTreeMap::new();
    for stack in change.now.objects.stacks.iter().filter(|stack| chosen.contains(&(stack.environment, &*stack.name))) {
        let folder = floor::stack(change.now.model, stack);
        let Some((old, place, (now, said))) = before.get(&folder).and_then(|old| {
            let (place, _) = places(change.before, old)?;
            Some((old, place, places(change.now, stack)?))
        }) else {
            continue;
        };
        if place != now {
            let written = old.backend.as_ref().zip(stack.backend.as_ref()).map(|(old, new)| new.changed_at(old));
            moved.entry(written.unwrap_or(said)).or_default().push(folder);
        }
    }
    for (said, folders) in moved {
        diagnostics.push(errors::state_moves(&folders, &change.now.model.platform.output, said));
    }
}

/// The stack that a thing is in.
fn stack_of(entity: &Entity) -> Option<(EnvironmentId, &str)> {
    entity.stack.as_deref().map(|stack| (entity.environment, stack))
}
