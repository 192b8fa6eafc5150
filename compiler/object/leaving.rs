//! What leaves by its own word, and what a stack needs for that. In come the stacks of the platform as it is, and as it would be if what leaves
//! still were there; what is there stays as it is. A stack of which something leaves stays, even with nothing else in it: Terraform has to be run in
//! it once more, with the providers that what leaves was made by. What is to be forgotten is named by its address, if nothing else makes it.

use super::{Objects, Stack};
use crate::model::{EntityId, FORGET, Model};
use crate::value::{Entry, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Adds to the stacks of a platform what leaves.
pub(crate) fn leave(objects: &mut Objects, (model, staying): (&Model, &Objects)) {
    for stack in &staying.stacks {
        let leaves = |id: &EntityId| model.entity(*id).value.get("enabled").is_some_and(|said| said.as_bool() != Some(true));
        if !stack.members.iter().any(leaves) {
            continue;
        }
        let is_forgotten = |id: &EntityId| model.entity(*id).value.get("enabled").and_then(Value::as_str) == Some(FORGET);
        let forgotten = stack.makers.iter().filter(|(_, maker)| is_forgotten(maker));
        let forgotten: Vec<&(Arc<str>, Arc<str>)> = forgotten.map(|(address, _)| address).collect();
        let known = objects.stacks.iter_mut().find(|known| known.environment == stack.environment && known.name == stack.name);
        match known {
            Some(known) => {
                known.body = with_settings(&known.body, &stack.body);
                let others = |address: &&(Arc<str>, Arc<str>)| !known.makers.contains_key(*address);
                known.forgets = forgotten.into_iter().filter(others).map(text).collect();
            }
            None => {
                let empty = Value::map(Vec::new(), stack.body.origin);
                let lone = Stack {
                    environment: stack.environment,
                    name: Arc::clone(&stack.name),
                    members: Vec::new(),
                    body: with_settings(&empty, &stack.body),
                    outputs: Vec::new(),
                    backend: stack.backend.clone(),
                    reads: Vec::new(),
                    makers: BTreeMap::new(),
                    forgets: forgotten.into_iter().map(text).collect(),
                };
                let lone = Stack { reads: super::stack::reads(model, &lone), ..lone };
                // Behind all that it could read.
                let at = objects.stacks.iter().take_while(|known| known.environment <= stack.environment).count();
                objects.stacks.insert(at, lone);
            }
        }
    }
}

fn text((type_, name): &(Arc<str>, Arc<str>)) -> Arc<str> {
    format!("{type_}.{name}").into()
}

/// A body with the settings and providers of another.
fn with_settings(body: &Value, other: &Value) -> Value {
    let settings = |value: &Value| -> Vec<Entry> {
        let entries = value.as_map().map(Map::entries).unwrap_or_default().iter();
        entries.filter(|entry| matches!(&*entry.key, "terraform" | "provider")).cloned().collect()
    };
    let taken = settings(other);
    let keys: BTreeSet<&str> = taken.iter().map(|entry| &*entry.key).collect();
    let kept = body.as_map().map(Map::entries).unwrap_or_default().iter().filter(|entry| !keys.contains(&*entry.key)).cloned();
    Value::map(kept.chain(taken.iter().cloned()).collect(), body.origin)
}
