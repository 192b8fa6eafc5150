//! Numbers of uses, where they stand in templates in place of what a class says there. Comes in: what fragments come to at a place; leaves: the same
//! with the numbers of its uses, and these again for whoever meets them.

use super::super::USE;
use super::super::words::is_use;
use super::{Inliner, VALUE};
use crate::expression::UseId;
use crate::value::{Data, Entry, Map, Operator, Value};

/// A value without the numbers of the uses that it came with, and those.
pub(super) fn apart(value: Value) -> (Value, Vec<UseId>) {
    let Some((map, ids)) = value.as_map().and_then(|map| Some((map, map.entry(USE)?))) else { return (value, Vec::new()) };
    let ids = numbers(&ids.value).collect();
    if let Some(whole) = map.get(VALUE) {
        return (whole.clone(), ids);
    }
    let rest = map.entries().iter().filter(|entry| !is_use(entry)).cloned();
    (Value::map(rest.collect(), value.origin).after(&value), ids)
}

/// The uses that stand for themselves where they were taken in, outer ones first: `$use: { "pod #3": true }`. It is a map so that those of several
/// fragments at one place stay when the places meet.
pub(crate) fn numbers(used: &Value) -> impl Iterator<Item = UseId> {
    let entries = used.as_map().map(Map::entries).unwrap_or_default();
    entries.iter().filter_map(|entry| entry.key.rsplit_once('#')?.1.parse().ok().map(UseId))
}

impl Inliner<'_> {
    /// What is used at a place, with the numbers of the uses that it came with.
    pub(super) fn marked(&self, base: Value, ids: &[UseId], written: &Entry) -> Value {
        if ids.is_empty() {
            return base;
        }
        let origin = written.value.origin;
        let name = |id: &UseId| self.uses.get(id.index().wrapping_sub(self.first.index())).map_or("", |use_| &use_.fragment.name.name);
        let number = |id: &UseId| Entry::plain(format!("{} #{}", name(id), id.0), written.span, Value::new(Data::Bool(true), origin));
        let ids = Entry { value: Value::map(ids.iter().map(number).collect(), origin), operator: Operator::Merge, ..written.clone() };
        let origin = base.origin;
        let rest = match base.as_map() {
            Some(map) => map.entries().to_vec(),
            None => vec![Entry::plain(VALUE, written.span, base)],
        };
        Value::map([ids].into_iter().chain(rest).collect(), origin)
    }
}
