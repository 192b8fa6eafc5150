//! The Terraform of a stack in the making: what its members bring meets here, block by block, in time that grows with what they bring.

use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The entries of a map, each found by its key.
#[derive(Default)]
pub(super) struct Body {
    slots: Vec<Slot>,
    places: BTreeMap<Arc<str>, usize>,
}

struct Slot {
    /// The entry as it came first.
    entry: Entry,
    holds: SlotHolds,
}

/// What a slot holds in place of its entry's value.
enum SlotHolds {
    /// The value itself.
    Value,
    /// A map that others may add to.
    Map(Body),
    /// A list that others may add to.
    List(Vec<Value>),
}

/// Two members say different things about one block.
pub(super) struct Collision {
    pub(super) path: String,
    pub(super) first: Span,
    pub(super) second: Span,
}

impl Body {
    /// Adds an entry; maps meet down to the given depth, below it two members must agree.
    pub(super) fn put(&mut self, entry: &Entry, depth: usize, path: &str, collisions: &mut Vec<Collision>) {
        let Some(slot) = self.places.get(&entry.key).and_then(|at| self.slots.get_mut(*at)) else {
            self.places.insert(Arc::clone(&entry.key), self.slots.len());
            self.slots.push(Slot::new(entry, depth));
            return;
        };
        match (&mut slot.holds, &entry.value.data) {
            (SlotHolds::List(items), Data::List(more)) => items.extend(more.items().iter().cloned()),
            (SlotHolds::Map(inner), Data::Map(map)) => {
                for entry in map.entries() {
                    inner.put(entry, depth.saturating_sub(1), &format!("{path}.{}", entry.key), collisions);
                }
            }
            (SlotHolds::Value, _) if slot.entry.value.same_data(&entry.value) => {}
            (SlotHolds::Value | SlotHolds::Map(_) | SlotHolds::List(_), _) => {
                collisions.push(Collision { path: path.to_owned(), first: slot.entry.span, second: entry.span });
            }
        }
    }

    /// The finished entries.
    pub(super) fn finish(self) -> Vec<Entry> {
        let finished = |Slot { entry, holds }: Slot| match holds {
            SlotHolds::Value => entry,
            SlotHolds::Map(body) => Entry { value: Value::map(body.finish(), entry.value.origin), ..entry },
            SlotHolds::List(items) => Entry { value: Value::list(items, entry.value.origin), ..entry },
        };
        self.slots.into_iter().map(finished).collect()
    }
}

impl Slot {
    fn new(entry: &Entry, depth: usize) -> Self {
        let holds = match (&entry.value.data, depth) {
            (Data::Map(map), 1..) => SlotHolds::Map(Body::of(map, depth - 1)),
            (Data::List(list), 0) => SlotHolds::List(list.items().to_vec()),
            _ => SlotHolds::Value,
        };
        Self { entry: entry.clone(), holds }
    }
}

impl Body {
    fn of(map: &Map, depth: usize) -> Self {
        let mut body = Self::default();
        for entry in map.entries() {
            body.put(entry, depth, "", &mut Vec::new());
        }
        body
    }
}
