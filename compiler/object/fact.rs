//! Facts against what the platform is: those that belong to nothing, and those that must not be kept, because they are secrets. In come the facts
//! and all stacks, out go reports; nothing is changed.

use super::secret::is_sensitive;
use super::{Rendering, Stack, StackId, errors};
use crate::diagnostic::Diagnostics;
use crate::facts::StackFacts;
use crate::model::Model;
use crate::secret::Secrets;
use crate::value::{Map, Value};
use std::collections::BTreeMap;

/// Reports what is wrong with facts, and what waits for such as may never be kept.
pub(super) fn check(model: &Model, stacks: &[Stack], renderings: &[Rendering], secrets: &mut Secrets, diagnostics: &mut Diagnostics) {
    // Where something is wrong, which is told, an output may only be missing because of that.
    let is_whole = !diagnostics.has_errors();
    for file in &model.facts.astray {
        diagnostics.push(errors::astray_facts(*file));
    }
    for (environment, name, facts) in model.facts.iter() {
        let Some((id, _)) = model.environments().find(|(_, known)| **known.identity.text() == *environment) else {
            let known = model.environments().map(|(_, known)| &**known.identity.text()).collect();
            diagnostics.push(errors::facts_of_no_environment(environment, facts.file, known));
            continue;
        };
        let of_it = || stacks.iter().filter(|stack| stack.environment == id);
        if let Some(stack) = of_it().find(|stack| *stack.name == *name) {
            of_stack(model, (stack, stacks), facts, (secrets, is_whole), diagnostics);
        }
    }
    let by_id: BTreeMap<StackId, &Stack> = stacks.iter().map(|stack| (stack.id(), stack)).collect();
    let whole = renderings.iter().map(|rendering| (rendering.entity, &rendering.waits));
    let handed = renderings.iter().flat_map(|rendering| &rendering.manifests).filter_map(|manifest| manifest.handed.as_ref());
    for (thing, waits) in whole.chain(handed.map(|handed| (handed.giver, &handed.waits))) {
        let entity = model.entity(thing);
        for wait in waits {
            let stack = by_id.get(&wait.stack).copied();
            if let Some(stack) = stack.filter(|stack| is_sensitive(model, stack, stacks, &wait.output)) {
                diagnostics.push(errors::waits_for_secret(wait, stack).about(entity.subject()));
            }
        }
    }
}

/// Reports facts of stacks that there are not. A stack of which something leaves is there as long as it has to.
pub(crate) fn check_stacks(model: &Model, stacks: &[Stack], diagnostics: &mut Diagnostics) {
    for (environment, name, facts) in model.facts.iter() {
        let Some((id, _)) = model.environments().find(|(_, known)| **known.identity.text() == *environment) else { continue };
        let known: Vec<&str> = stacks.iter().filter(|stack| stack.environment == id).map(|stack| &*stack.name).collect();
        if !known.contains(&name) {
            diagnostics.push(errors::facts_of_no_stack(environment, name, facts.file, known));
        }
    }
}

fn of_stack(
    model: &Model,
    (stack, stacks): (&Stack, &[Stack]),
    facts: &StackFacts,
    (secrets, is_whole): (&mut Secrets, bool),
    diagnostics: &mut Diagnostics,
) {
    let said = stack.body.get("output").and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let known: Vec<&str> = stack.outputs.iter().map(|output| &*output.name).chain(said.iter().map(|entry| &*entry.key)).collect();
    for entry in facts.outputs.as_map().map(Map::entries).unwrap_or_default() {
        if !known.contains(&&*entry.key) {
            if is_whole {
                diagnostics.push(errors::unknown_fact(&entry.key, entry.span, stack, &known));
            }
        } else if is_sensitive(model, stack, stacks, &entry.key) {
            secrets.doubt(entry.value.origin.span);
            diagnostics.push(errors::secret_fact(&entry.key, entry.span));
        }
    }
}
