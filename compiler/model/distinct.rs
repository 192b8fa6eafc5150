//! Lists of references, in which a thing may be named in several ways: sets hold it once, and where items must differ it may not come again.
//! Comes in: values with their types. Layers meet before anybody knows what a name means, so this is for the outcome.

use super::seen::Sight;
use super::world::World;
use super::{EntityId, errors};
use crate::diagnostic::Diagnostics;
use crate::schema::{ListMerge, Shape, Type, ValueForm};
use crate::value::{Data, Entry, List, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl<'a> World<'a> {
    /// The thing that an item of a list names.
    fn named_by(&self, sight: &Sight<'a>, item: &Value) -> Option<EntityId> {
        let Shape::Ref(referent) = &sight.type_?.as_form(ValueForm::Scalar).resolved().shape else { return None };
        let made;
        let item = if item.is_dynamic() {
            made = self.evaluate_as(sight.clone(), item);
            &made
        } else {
            item
        };
        self.referred(sight.owner, referent, item.as_str()?)
    }

    /// A set of references in which each thing stands once, where it stands first; none if it is no such set, or nothing is to be left out.
    pub(super) fn distinct(&self, sight: &Sight<'a>, value: &Value) -> Option<Value> {
        let type_ = sight.type_?.as_form(ValueForm::List).resolved();
        let Shape::List(item) = &type_.shape else { return None };
        if type_.markers.list_merge != ListMerge::Set || !matches!(item.resolved().shape, Shape::Ref(_)) {
            return None;
        }
        let items = value.as_list()?;
        let mut known = BTreeSet::new();
        let is_new = |(at, value): &(usize, &Value)| self.named_by(&sight.item(*at), value).is_none_or(|id| known.insert(id));
        let kept: Vec<Value> = items.iter().enumerate().filter(is_new).map(|(_, value)| value.clone()).collect();
        (kept.len() < items.len()).then(|| Value { data: Data::List(Arc::new(List::new(kept))), ..value.clone() })
    }

    /// The value of a thing with all sets of references in it like that.
    pub(super) fn with_distinct(&self, id: EntityId, value: Value) -> Value {
        match self.class(self.entity(id)).filter(|class| class.refers && class.sound) {
            Some(_) => self.distinct_within(&self.sight(id), &value).unwrap_or(value),
            None => value,
        }
    }

    fn distinct_within(&self, sight: &Sight<'a>, value: &Value) -> Option<Value> {
        if !sight.type_?.refers() {
            return None;
        }
        if let Some(items) = value.as_list() {
            if let Some(changed) = self.distinct(sight, value) {
                return Some(changed);
            }
            let changed: Vec<_> = items.iter().enumerate().map(|(at, value)| self.distinct_within(&sight.item(at), value)).collect();
            changed.iter().find(|changed| changed.is_some())?;
            let items = items.iter().zip(changed).map(|(value, changed)| changed.unwrap_or_else(|| value.clone())).collect();
            return Some(Value { data: Data::List(Arc::new(List::new(items))), ..value.clone() });
        }
        let entries = value.as_map()?.entries();
        let changed: Vec<_> = entries.iter().map(|entry| self.distinct_within(&sight.field(&entry.key), &entry.value)).collect();
        changed.iter().find(|changed| changed.is_some())?;
        let entries = entries.iter().zip(changed).map(|(entry, changed)| match changed {
            Some(value) => Entry { value, ..entry.clone() },
            None => entry.clone(),
        });
        Some(Value { data: Data::Map(Arc::new(Map::new(entries.collect()))), ..value.clone() })
    }

    /// Reports items of a list that must differ and name one thing in two ways; what is written alike is found without looking.
    pub(super) fn check_distinct(&self, id: EntityId, value: &Value, diagnostics: &mut Diagnostics) {
        if let Some(class) = self.class(self.entity(id)).filter(|class| class.refers && class.sound) {
            self.check_distinct_in(&self.sight(id), value, &class.type_, diagnostics);
        }
    }

    fn check_distinct_in(&self, sight: &Sight<'a>, value: &Value, type_: &'a Type, diagnostics: &mut Diagnostics) {
        if !type_.refers() {
            return;
        }
        let resolved = type_.of_value(value).resolved();
        if let (Shape::List(item), Some(items)) = (&resolved.shape, value.as_list()) {
            let key = if let ListMerge::Keyed(key) = &resolved.markers.list_merge { Some(key) } else { None };
            if key.is_some() || resolved.markers.unique_items {
                let mut known: BTreeMap<EntityId, &Value> = BTreeMap::new();
                for (at, value) in items.iter().enumerate() {
                    let (sight, value) = match key {
                        None => (sight.item(at), Some(value)),
                        Some(key) => (sight.item(at).field(key), value.get(key)),
                    };
                    let Some(value) = value else { continue };
                    let Some(to) = self.named_by(&sight, value) else { continue };
                    match known.get(&to) {
                        Some(first) if first.as_str() != value.as_str() => {
                            diagnostics.push(errors::one_thing_twice(self.entity(sight.owner), self.entity(to), first, value));
                        }
                        Some(_) => {}
                        None => {
                            known.insert(to, value);
                        }
                    }
                }
            }
            items.iter().enumerate().for_each(|(at, value)| self.check_distinct_in(&sight.item(at), value, item, diagnostics));
        } else if let Some(map) = value.as_map() {
            for entry in map.entries() {
                if let Some(inner) = type_.inside(&entry.key) {
                    self.check_distinct_in(&sight.field(&entry.key), &entry.value, inner, diagnostics);
                }
            }
        }
    }
}
