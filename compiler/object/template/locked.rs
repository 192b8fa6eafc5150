//! Locks of a definition, where what is locked has gone: values of a section that were made from a locked field are locked themselves, at the place
//! of its lock. In come what the class has made and the thing, out goes the same with locks. Nothing is merged or reported here.

use crate::origin::Origin;
use crate::span::Span;
use crate::value::{Data, Entry, Operator, Value};
use std::collections::BTreeMap;

/// Where the locked values of a thing were written, each with the place of its lock.
pub(super) struct LockedOrigins(BTreeMap<Origin, Span>);

impl LockedOrigins {
    /// Those of a thing's fields; none if nothing in them is locked.
    pub(super) fn of(fields: &Value) -> Option<Self> {
        let mut found = Self(BTreeMap::new());
        found.search(fields, None);
        (!found.0.is_empty()).then_some(found)
    }

    fn search(&mut self, value: &Value, lock: Option<Span>) {
        if lock.is_none() && value.is_plain() {
            return;
        }
        if let Some(lock) = lock {
            self.0.entry(value.origin).or_insert(lock);
        }
        match &value.data {
            Data::Map(map) => {
                for entry in map.entries() {
                    self.search(&entry.value, lock.or((entry.operator == Operator::Lock).then_some(entry.span)));
                }
            }
            Data::List(list) => list.items().iter().for_each(|item| self.search(item, lock)),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => {}
        }
    }

    /// The same value, in which what was made from something locked is locked.
    pub(super) fn lock(&self, value: &Value) -> Value {
        match &value.data {
            Data::Map(map) => {
                let entries = map.entries().iter().map(|entry| match self.found(&entry.value) {
                    Some(span) => Entry { operator: Operator::Lock, span, ..entry.clone() },
                    None => Entry { value: self.lock(&entry.value), ..entry.clone() },
                });
                Value::map(entries.collect(), value.origin).after(value)
            }
            Data::List(list) => Value::list(list.items().iter().map(|item| self.lock(item)).collect(), value.origin).after(value),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => value.clone(),
        }
    }

    /// The lock of what a value was made from, however far back. A map or list of the class is not made from what it holds.
    fn found(&self, value: &Value) -> Option<Span> {
        let own = self.0.get(&value.origin).copied();
        own.or_else(|| value.made().iter().find_map(|cause| self.found(&cause.value)))
    }
}
