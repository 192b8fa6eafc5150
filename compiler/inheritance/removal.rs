//! What `key-` takes away: items of a list, keys of a map, or a field. In come the weaker value and the entry, out goes what is left, with a trace
//! of what is gone. It never decides about anything but removal.

use super::errors;
use super::layering::Layering;
use super::lists::ListsMeet;
use super::locks::guarded;
use super::merge::Meeting;
use super::places::ValuePlaces;
use crate::origin::Origin;
use crate::path::Step;
use crate::schema::Type;
use crate::value::{Data, Entry, Map, Operator, Removed, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A field that an entry removes.
pub(super) fn trace(key: &Arc<str>, entry: &Entry, value: Value) -> Removed {
    Removed { key: Arc::clone(key), by: Origin { span: entry.span, layer: entry.value.origin.layer }, value }
}

impl Meeting<'_> {
    /// Reports items that are taken out of a list which the same layer replaces, and whether they are. In templates it is seen when they are expanded.
    pub(super) fn differ(&mut self, entry: &Entry, layer: &Map, type_: Option<&Type>) -> bool {
        if entry.operator != Operator::Remove || self.layering != Layering::Off || entry.value.as_list().is_none() {
            return false;
        }
        let is_whole = |other: &&Entry| other.operator == Operator::Merge && other.key == entry.key && other.value.as_list().is_some();
        let whole = layer.entries().iter().find(is_whole).filter(|_| matches!(self.lists(type_), ListsMeet::Replaced));
        if let Some(whole) = whole {
            self.report(errors::replaced_and_changed(&self.path, whole.span, entry.span));
        }
        whole.is_some()
    }
}

/// `key-: [...]`: removes equal items of a list (or items with that merge key), or keys of a map.
pub(super) fn removed(base: &Value, entry: &Entry, type_: Option<&Type>, meeting: &mut Meeting<'_>) -> Option<Value> {
    let path = meeting.path.clone();
    let wanted: Vec<Value> = match (&base.data, &entry.value.data) {
        (Data::Broken, _) | (_, Data::Broken) => return None,
        (Data::List(_) | Data::Map(_), Data::List(list)) => list.items().to_vec(),
        (Data::Map(_), Data::Map(map)) => {
            map.entries().iter().map(|entry| Value::string(Arc::clone(&entry.key), entry.value.origin)).collect()
        }
        (Data::List(_) | Data::Map(_), _) => {
            meeting.report(errors::wrong_operand(&path, '-', "a list", &entry.value));
            return None;
        }
        (
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_),
            _,
        ) => {
            meeting.report(errors::wrong_base(&path, '-', base, entry));
            return None;
        }
    };
    let key = match meeting.lists(type_) {
        ListsMeet::Keyed(key) | ListsMeet::Guessed(key) => Some(key),
        ListsMeet::Replaced | ListsMeet::Set => None,
    };
    let mut refused = false;
    let result = match &base.data {
        Data::List(list) => {
            let (mut whole, mut by_key) = (ValuePlaces::default(), ValuePlaces::default());
            for (at, have) in list.items().iter().enumerate() {
                whole.add(have, at);
                key.as_ref().and_then(|key| key.of_item(have)).iter().for_each(|name| by_key.add(name, at));
            }
            let mut gone: BTreeSet<usize> = BTreeSet::new();
            for item in &wanted {
                // An item goes by its merge key too: named by the key's value alone, or by an item that has it.
                let name = key.as_ref().and_then(|key| key.of_item(item).or_else(|| key.of_first(item)));
                let named = name.as_ref().map(|name| by_key.of(name)).unwrap_or_default();
                let places: BTreeSet<usize> = whole.of(item).iter().chain(named).copied().filter(|at| !gone.contains(at)).collect();
                if places.is_empty() && !meeting.passes_by {
                    refused = true;
                    meeting.report(errors::item_not_there(&path, item, base, key.as_ref()));
                }
                // A lock in an item holds the item.
                let mut held = |at: &usize| {
                    let item = list.items().get(*at);
                    item.is_some_and(|item| meeting.inside(Step::Item(*at), |meeting| guarded(item, entry, meeting)))
                };
                refused |= places.iter().any(&mut held);
                gone.extend(places);
            }
            let left = list.items().iter().enumerate().filter(|(at, _)| !gone.contains(at));
            let items = left.map(|(_, have)| have.clone()).collect();
            Value::list(items, entry.value.origin)
        }
        Data::Map(map) => {
            let mut taken: BTreeSet<usize> = BTreeSet::new();
            for item in &wanted {
                let at = item.as_str().and_then(|key| map.position(key)).filter(|at| !taken.contains(at));
                let Some((at, have)) = at.and_then(|at| Some((at, map.entries().get(at)?))) else {
                    if !meeting.passes_by {
                        refused = true;
                        meeting.report(errors::item_not_there(&path, item, base, None));
                    }
                    continue;
                };
                if guarded(&Value::map(vec![have.clone()], base.origin), entry, meeting) {
                    refused = true;
                } else {
                    taken.insert(at);
                }
            }
            let (mut entries, mut removed) = (Vec::new(), Vec::new());
            for (at, have) in map.entries().iter().enumerate() {
                if taken.contains(&at) {
                    removed.push(trace(&have.key, entry, have.value.clone()));
                } else {
                    entries.push(have.clone());
                }
            }
            Value::map(entries, entry.value.origin).after(base).without(removed)
        }
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => {
            return None;
        }
    };
    if refused {
        // The inherited value goes on as it is, so that what is said of it later points to where it was written.
        return None;
    }
    let result = result.over(Some(base.clone()));
    Some(result)
}
