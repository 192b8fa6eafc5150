//! Values that schemas supply: the defaults of a record as a layer of their own, and the defaults of records inside lists and maps, which
//! can be known only when their items are.

use super::{Choosing, Field, FieldChoice, Marker, Record, Shape, Type};
use crate::ledger;
use crate::origin::{LayerId, Origin};
use crate::value::{Data, Entry, Map, Value};
use std::sync::Arc;

/// Values nest at most this deep; what lies deeper is left as it is.
const DEPTH: usize = 200;

impl Type {
    /// The defaults of a record as a map, those of nested records included; none if no field has one.
    ///
    /// A nested record counts only if an empty map would be a value of it: if none of its fields is required. Items of lists and maps
    /// that are defaults are complete; those that others write get theirs by [`Type::complete`].
    #[must_use]
    pub fn defaults(&self, layer: LayerId) -> Option<Value> {
        let entries = inner_defaults(self.record()?, layer, &mut names_of(self));
        (!entries.is_empty()).then(|| self.complete(&Value::map(entries, Origin { span: self.origin, layer }), layer))
    }

    /// Completes records that [`Type::defaults`] could not know of: items of lists, values of maps, and records that exist only because
    /// somebody sets a required field of theirs. What is added is paid for; where that is too much, it is left out, and
    /// `ledger::unsaid` is to be asked.
    #[must_use]
    pub fn complete(&self, value: &Value, layer: LayerId) -> Value {
        completed(self, value, layer, true, DEPTH).unwrap_or_else(|| value.clone())
    }

    /// Completes a value that an expression made, and that has met no defaults therefore; it is paid for like [`Type::complete`].
    #[must_use]
    pub fn complete_made(&self, value: &Value, layer: LayerId) -> Value {
        completed(self, value, layer, false, DEPTH).unwrap_or_else(|| value.clone())
    }

    /// Whether its field says that it need not be there, so that the defaults of its own fields do not bring it.
    fn is_said_optional(&self) -> bool {
        !self.markers.required && self.markers.place(Marker::Required).is_some()
    }

    /// A default of a record with the defaults of its fields, as values get it.
    pub(super) fn with_inner_defaults(&self, own: &Value) -> Option<Value> {
        let layer = own.origin.layer;
        let inner = inner_defaults(self.of_value(own).record()?, layer, &mut names_of(self));
        Some(overlaid(own, &Value::map(inner, own.origin), self.of_value(own).record(), layer, DEPTH))
    }
}

/// The names a search for defaults is inside of.
fn names_of(type_: &Type) -> Vec<Arc<str>> {
    type_.name().cloned().into_iter().collect()
}

fn inner_defaults(record: &Record, layer: LayerId, names: &mut Vec<Arc<str>>) -> Vec<Entry> {
    let with_default = |field: &Field| {
        // A group does not choose itself.
        let is_given = field.type_.resolved().markers.default.is_some() || !record.is_chosen(&field.name);
        let value = default_of(&field.type_, layer, names).filter(|_| is_given)?;
        Some(Entry::plain(Arc::clone(&field.name), field.span, value))
    };
    record.fields().iter().filter_map(with_default).collect()
}

/// What a field is if nobody sets it.
fn default_of(type_: &Type, layer: LayerId, names: &mut Vec<Arc<str>>) -> Option<Value> {
    let resolved = type_.resolved();
    let own = resolved.markers.default.as_ref();
    let Shape::Record(record) = &resolved.shape else {
        return own.map(|own| placed(own, layer, DEPTH));
    };
    // A record that holds itself would give defaults without end.
    if type_.name().is_some_and(|name| names.contains(name)) {
        return own.map(|own| placed(own, layer, DEPTH));
    }
    let depth = names.len();
    names.extend(type_.name().cloned());
    let inner = inner_defaults(record, layer, names);
    names.truncate(depth);
    let origin = Origin { span: type_.origin, layer };
    match own {
        Some(own) => Some(overlaid(own, &Value::map(inner, origin), Some(record), layer, DEPTH)),
        None => (!inner.is_empty() && may_be_empty(record) && !type_.is_said_optional()).then(|| Value::map(inner, origin)),
    }
}

/// Whether [`default_of`] gives a value.
fn has_default(type_: &Type, names: &mut Vec<Arc<str>>) -> bool {
    let resolved = type_.resolved();
    if resolved.markers.default.is_some() {
        return true;
    }
    let Shape::Record(record) = &resolved.shape else { return false };
    if !may_be_empty(record) || type_.is_said_optional() || type_.name().is_some_and(|name| names.contains(name)) {
        return false;
    }
    let depth = names.len();
    names.extend(type_.name().cloned());
    let found = record.fields().iter().any(|field| has_default(&field.type_, names));
    names.truncate(depth);
    found
}

/// Whether an empty map is a value of the record.
fn may_be_empty(record: &Record) -> bool {
    let has_default = |name: &Arc<str>| record.get(name).is_some_and(|field| field.type_.resolved().markers.default.is_some());
    let is_open = |choice: &FieldChoice| choice.choosing == Choosing::ExactlyOne && !choice.members.iter().any(has_default);
    let lacks = record.fields().iter().any(|field| field.type_.resolved().markers.required && !has_default(&field.name));
    !lacks && !record.choices().iter().any(is_open)
}

/// The value as a value of a layer.
fn placed(value: &Value, layer: LayerId, depth: usize) -> Value {
    let origin = Origin { span: value.origin.span, layer };
    match &value.data {
        Data::List(list) if depth > 0 => Value::list(list.items().iter().map(|item| placed(item, layer, depth - 1)).collect(), origin),
        Data::Map(map) if depth > 0 => {
            let entries = map.entries().iter();
            Value::map(entries.map(|entry| Entry { value: placed(&entry.value, layer, depth - 1), ..entry.clone() }).collect(), origin)
        }
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::List(_)
        | Data::Map(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => Value::new(value.data.clone(), origin),
    }
}

/// A default of a record over the defaults of its fields. Both are words of one schema, so this is no merge of layers.
fn overlaid(own: &Value, inner: &Value, record: Option<&Record>, layer: LayerId, depth: usize) -> Value {
    let (Some(map), Some(below)) = (own.as_map(), inner.as_map()) else { return placed(own, layer, depth) };
    if depth == 0 {
        return placed(own, layer, 0);
    }
    let entries = map.entries().iter().map(|entry| {
        let value = match below.get(&entry.key) {
            Some(inner) => {
                let record = record.and_then(|record| record.get(&entry.key)?.type_.record());
                overlaid(&entry.value, inner, record, layer, depth - 1)
            }
            None => placed(&entry.value, layer, depth - 1),
        };
        Entry { value, ..entry.clone() }
    });
    let is_free =
        |key: &str| map.get(key).is_none() && record.is_none_or(|record| !record.rivals(key).any(|rival| map.get(rival).is_some()));
    let missing = below.entries().iter().filter(|entry| is_free(&entry.key)).cloned();
    Value::map(entries.chain(missing).collect(), Origin { span: own.origin.span, layer })
}

/// The value with what its type adds; none if nothing is added. `known`: the value got the defaults of its own fields as a layer, so a
/// field that is missing was removed on purpose.
fn completed(type_: &Type, value: &Value, layer: LayerId, known: bool, depth: usize) -> Option<Value> {
    let resolved = type_.of_value(value).resolved();
    if depth == 0 {
        return None;
    }
    let data = match (&resolved.shape, &value.data) {
        (Shape::List(item), Data::List(list)) => {
            let items = list.items();
            let done: Vec<_> = items.iter().map(|value| completed(item, value, layer, false, depth - 1)).collect();
            if done.iter().all(Option::is_none) {
                return None;
            }
            let items = items.iter().zip(done).map(|(old, new)| new.unwrap_or_else(|| old.clone()));
            Data::List(Arc::new(crate::value::List::new(items.collect())))
        }
        (Shape::Map(item), Data::Map(map)) => {
            let done: Vec<_> = map.entries().iter().map(|entry| completed(item, &entry.value, layer, false, depth - 1)).collect();
            with_entries(map, done, Vec::new())?
        }
        (Shape::Record(record), Data::Map(map)) => {
            let done = map.entries().iter().map(|entry| {
                let field = record.get(&entry.key)?;
                let known = known && has_default(&field.type_, &mut names_of(type_));
                completed(&field.type_, &entry.value, layer, known, depth - 1)
            });
            let missing = if known { Vec::new() } else { affordable_defaults(record, layer, &mut names_of(type_)) };
            let is_free = |key: &str| map.entry(key).is_none() && !record.rivals(key).any(|rival| map.entry(rival).is_some());
            let missing = missing.into_iter().filter(|entry| is_free(&entry.key)).collect();
            with_entries(map, done.collect(), missing)?
        }
        _ => return None,
    };
    Some(Value { data, origin: value.origin, history: value.history.clone() })
}

/// The defaults of one more record in a list or map, unless there were too many before. Each item has all of them again.
fn affordable_defaults(record: &Record, layer: LayerId, names: &mut Vec<Arc<str>>) -> Vec<Entry> {
    if !ledger::added(record.fields().len()) {
        return Vec::new();
    }
    let found = inner_defaults(record, layer, names);
    let weight = found.iter().map(|entry| entry.value.weight()).fold(0, usize::saturating_add);
    if ledger::added(weight) { found } else { Vec::new() }
}

fn with_entries(map: &Map, done: Vec<Option<Value>>, missing: Vec<Entry>) -> Option<Data> {
    if missing.is_empty() && done.iter().all(Option::is_none) {
        return None;
    }
    let entries = map.entries().iter().zip(done).map(|(entry, done)| match done {
        Some(value) => Entry { value, ..entry.clone() },
        None => entry.clone(),
    });
    Some(Data::Map(Arc::new(Map::new(entries.chain(missing).collect()))))
}
