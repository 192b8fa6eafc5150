//! What waits for facts, said once for each stack that has to be applied and recorded.

use super::{Input, errors, held};
use crate::diagnostic::Diagnostics;
use crate::floor;
use crate::model::EntityId;
use crate::object::{StackId, Wait};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What waits for one stack.
#[derive(Default)]
pub(super) struct Waiting<'a> {
    /// Things, in the order of the model.
    pub(super) things: BTreeSet<EntityId>,
    /// Names of outputs, and where the first that needs it does.
    pub(super) outputs: BTreeMap<Arc<str>, &'a Wait>,
}

/// Reports what waits.
pub(super) fn report(input: &Input<'_>, diagnostics: &mut Diagnostics) {
    let mut stacks: BTreeMap<StackId, Waiting<'_>> = BTreeMap::new();
    let whole = held::waiting(input.objects).map(|rendering| (rendering.entity, &rendering.waits));
    let handed = input.objects.renderings.iter().flat_map(|rendering| &rendering.manifests);
    let alone = handed.filter_map(|manifest| manifest.handed.as_ref()).map(|handed| (handed.giver, &handed.waits));
    for (thing, waits) in whole.chain(alone) {
        for wait in waits {
            let waiting = stacks.entry(wait.stack.clone()).or_default();
            waiting.things.insert(thing);
            waiting.outputs.entry(Arc::clone(&wait.output)).or_insert(wait);
        }
    }
    for (id, waiting) in stacks {
        let folder = input.objects.stacks.iter().find(|stack| stack.id() == id).map(|stack| floor::stack(input.model, stack));
        diagnostics.push(errors::waits(input.model, (id.environment, &id.name), &waiting, folder.as_deref()));
    }
}
