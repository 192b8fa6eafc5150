//! `was`: a renamed thing keeps its Terraform objects. Its template is expanded once more under the former name; addresses that differ
//! become `moved` blocks.

use super::template::Expander;
use crate::model::{EntityId, World};
use crate::origin::{LayerId, Origin};
use crate::value::{Entry, Map, Value};
use std::sync::Arc;

/// The body with a `moved` block for every resource whose address had another name: from each former name to the next, oldest first,
/// because Terraform follows such a chain from wherever a state still is.
pub(super) fn with_moves(world: &World<'_>, id: EntityId, section: &Value, body: Value) -> Value {
    let entity = world.entity(id);
    let origin = Origin { span: entity.defined, layer: LayerId::COMPUTED };
    let mut names: Vec<Vec<String>> = entity.was.iter().filter_map(|former| former_addresses(world, id, section, former)).collect();
    let now = addresses(&body);
    names.push(now.clone());
    let mut moves = Vec::new();
    for (old, new) in names.iter().zip(names.iter().skip(1)) {
        // The same template makes the same resources in the same order; if it does not, there is nothing to pair.
        if old.len() != new.len() {
            continue;
        }
        for (from, to) in old.iter().zip(new).filter(|(from, to)| from != to && !now.contains(from)) {
            let text = |text: &String| Value::string(text.as_str(), origin);
            let entries = vec![Entry::plain("from", entity.defined, text(from)), Entry::plain("to", entity.defined, text(to))];
            moves.push(Value::map(entries, origin));
        }
    }
    let Some(map) = body.as_map().filter(|_| !moves.is_empty()) else { return body };
    let mut entries = map.entries().to_vec();
    match entries.iter_mut().find(|entry| &*entry.key == "moved") {
        Some(entry) => {
            let items = entry.value.as_list().unwrap_or_default().iter().cloned().chain(moves).collect();
            entry.value = Value::list(items, origin);
        }
        None => entries.push(Entry::plain("moved", entity.defined, Value::list(moves, origin))),
    }
    Value::map(entries, body.origin)
}

/// Addresses of the resources that the same template makes under a former name.
fn former_addresses(world: &World<'_>, id: EntityId, section: &Value, former: &Arc<str>) -> Option<Vec<String>> {
    if world.is_exhausted() {
        return None;
    }
    let before = world.formerly(id, former);
    let body = before.session(|| Expander::new(&before, id).terraform(section));
    let spent = before.spent();
    world.charge(id, spent.steps, spent.weight);
    let body = body?;
    Some(addresses(&body))
}

/// `type.name` of all resources.
fn addresses(body: &Value) -> Vec<String> {
    let types = body.get("resource").and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let names =
        |entry: &Entry| entry.value.as_map().map(Map::entries).unwrap_or_default().iter().map(|name| Arc::clone(&name.key)).collect();
    types.iter().flat_map(|entry| Vec::into_iter(names(entry)).map(move |name: Arc<str>| format!("{}.{name}", entry.key))).collect()
}
