//! What stands when a section is expanded: lists that waited meet by the keys of their items, which are known with the kind of the object they are
//! in. In comes an expanded section, out goes the same without anything that waits. Two items of one key in one layer are an error here.

use super::super::errors;
use super::Expander;
use crate::diagnostic::Diagnostics;
use crate::inheritance::{Meeting, met, replaced_and_changed};
use crate::path::{Path, Step};
use crate::table::{ItemKey, ObjectFields};
use crate::value::{Data, Entry, Operator, Pending, Value};
use std::collections::BTreeMap;

impl Expander<'_, '_> {
    /// The same section without anything that waits.
    pub(in crate::object) fn standing(&mut self, section: Value) -> Value {
        let has_made_items = std::mem::take(&mut self.has_made_items);
        let Some(map) = section.as_map().filter(|_| self.section == "manifests" && (has_made_items || section.is_dynamic())) else {
            return if section.is_dynamic() { self.met_inside(&section, None, &mut Path::of([self.section])) } else { section };
        };
        let mut entries = Vec::with_capacity(map.entries().len());
        for entry in map.entries() {
            let fields = self.world.definitions.tables.fields_of(&entry.value);
            let mut path = Path::of([self.section, &*entry.key]);
            if has_made_items {
                self.differ(&entry.value, &fields, &mut path);
            }
            let value = self.met_inside(&entry.value, Some(&fields), &mut path);
            entries.push(Entry { value, ..entry.clone() });
        }
        Value::map(entries, section.origin).after(&section)
    }

    fn met_inside(&self, value: &Value, object: Option<&ObjectFields>, path: &mut Path) -> Value {
        if !value.is_dynamic() {
            return value.clone();
        }
        match &value.data {
            Data::Map(map) => {
                let entries = map.entries().iter().map(|entry| {
                    path.push(Step::Key(entry.key.clone()));
                    let value = self.met_inside(&entry.value, object, path);
                    path.pop();
                    Entry { value, ..entry.clone() }
                });
                Value::map(entries.collect(), value.origin).after(value)
            }
            Data::List(list) => {
                let items = list.items().iter().enumerate().map(|(at, item)| {
                    path.push(Step::Item(at));
                    let item = self.met_inside(item, object, path);
                    path.pop();
                    item
                });
                Value::list(items.collect(), value.origin).after(value)
            }
            Data::Pending(pending) => {
                let (base, words) = pending.words();
                let weaker = base.map(|base| self.met_inside(base, object, path));
                let mut have = weaker.map(|value| Entry { operator: Operator::Merge, value, ..pending.entry.clone() });
                let (mut found, subject) = (Diagnostics::default(), self.world.entity(self.id).subject());
                let is_whole = self.differ_from_whole(&words, object, path);
                for word in words.into_iter().filter(|word| !is_whole || word.entry.operator != Operator::Remove) {
                    let entry = Entry { value: self.met_inside(&word.entry.value, object, path), ..word.entry.clone() };
                    let meeting = Meeting::new(&subject, &mut found).at(path.clone()).strict();
                    let mut meeting = if let Some(object) = object { meeting.in_object(object) } else { meeting };
                    have = met(have, &entry, None, &mut meeting);
                }
                found.drain().into_iter().for_each(|fault| self.report_of_whole(fault));
                have.map_or_else(|| Value::broken(value.origin), |entry| entry.value)
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Late(_)
            | Data::Broken => value.clone(),
        }
    }

    /// Reports items that are taken out of a list which the same layer replaces, and whether there are any.
    fn differ_from_whole(&self, words: &[&Pending], object: Option<&ObjectFields>, path: &Path) -> bool {
        let is_keyed = || path.steps().get(2..).zip(object).is_some_and(|(steps, object)| object.key(steps).is_some());
        let is_list = |entry: &&Entry, operator: Operator| entry.operator == operator && entry.value.as_list().is_some();
        let lists = |operator: Operator| words.iter().map(|word| &word.entry).filter(move |entry| is_list(entry, operator));
        let of = |entry: &Entry| entry.value.origin.layer;
        let pair = lists(Operator::Remove).find_map(|taken| Some((lists(Operator::Merge).find(|whole| of(whole) == of(taken))?, taken)));
        let Some((whole, taken)) = pair.filter(|_| !is_keyed()) else { return false };
        self.report(replaced_and_changed(path, whole.span, taken.span));
        true
    }

    /// Reports two items of one key that one layer made.
    fn differ(&self, value: &Value, object: &ObjectFields, path: &mut Path) {
        match &value.data {
            Data::Map(map) => {
                for entry in map.entries() {
                    path.push(Step::Key(entry.key.clone()));
                    self.differ(&entry.value, object, path);
                    path.pop();
                }
            }
            Data::List(list) => {
                let key = path.steps().get(2..).and_then(|steps| object.key(steps));
                if let Some((key, _)) = key {
                    self.differ_by(&key, list.items(), path);
                }
                for (at, item) in list.items().iter().enumerate() {
                    path.push(Step::Item(at));
                    self.differ(item, object, path);
                    path.pop();
                }
            }
            // Each of them is of one layer.
            Data::Pending(pending) => pending.values().for_each(|value| self.differ(value, object, path)),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Late(_)
            | Data::Broken => {}
        }
    }

    fn differ_by(&self, key: &ItemKey, items: &[Value], path: &Path) {
        let mut known: BTreeMap<String, &Value> = BTreeMap::new();
        for item in items {
            let Some(name) = key.of_item(item).filter(|name| !name.is_late()) else { continue };
            let (words, place) = (key.words(item), key.place(item));
            match known.get(&words).filter(|before| key.of_item(before).is_some_and(|before| before.same_data(&name))) {
                Some(before) => self.report(errors::two_items(path, &words, key.place(before), place)),
                None => _ = known.insert(words, item),
            }
        }
    }
}
