//! What is to be taken away and was never there, found where it is written: in templates of classes that inherit, and in what a definition overrides. In come
//! layers as they are written, out go reports about those keys and items that what is below certainly has not. What a loop, a condition or an
//! expression decides is left to whoever expands it.

use super::directive;
use crate::diagnostic::Diagnostics;
use crate::inheritance::{item_not_there, nothing_to_remove};
use crate::name::nearest;
use crate::path::{Path, Step};
use crate::table::{ItemKey, ObjectFields};
use crate::value::{Data, Entry, Map, Operator, Pending, Value};
use std::sync::Arc;

/// Reports items that a layer takes out of a list that has not got them; `key` is what items are known by.
pub(super) fn of_list(pending: &Pending, key: &ItemKey, diagnostics: &mut Diagnostics) {
    let (base, words) = pending.words();
    let Some(base) = base else { return };
    let mut there = fixed(base, Some(key));
    for word in words {
        let said = fixed(&word.entry.value, Some(key));
        match (word.entry.operator, &mut there, said) {
            (Operator::Remove, Some(there), Some(said)) => {
                items(&pending.path, (base, there), &said, Some(key), diagnostics);
                there.retain(|have| !said.iter().any(|item| is_named(have, item, Some(key))));
            }
            (Operator::Replace, _, said) => there = said,
            (Operator::Merge | Operator::Append | Operator::Lock, Some(there), Some(said)) => there.extend(said),
            (_, _, _) => there = None,
        }
    }
}

/// Reports what the sections of a layer take away from what a class makes that has it not. `fields` tells of an object how its lists are known.
pub(super) fn of_section(
    made: &Value,
    said: &Value,
    fields: &dyn Fn(&Value) -> ObjectFields,
    section: &str,
    diagnostics: &mut Diagnostics,
) {
    for entry in said.as_map().map(Map::entries).unwrap_or_default() {
        let Some(below) = made.get(&entry.key).filter(|_| entry.operator == Operator::Merge) else { continue };
        let object = (section == "manifests").then(|| fields(below));
        GoneWalk { object: object.as_ref(), path: Path::of([section, &*entry.key]), diagnostics }.maps(below, &entry.value);
    }
}

struct GoneWalk<'a> {
    object: Option<&'a ObjectFields>,
    path: Path,
    diagnostics: &'a mut Diagnostics,
}

impl GoneWalk<'_> {
    fn maps(&mut self, made: &Value, said: &Value) {
        let (Some(below), Some(above)) = (made.as_map().filter(|map| is_written_out(map)), said.as_map()) else { return };
        for entry in above.entries().iter().filter(|entry| entry.template.is_none() && !directive::is_word(entry)) {
            self.path.push(Step::Key(Arc::clone(&entry.key)));
            match (entry.operator, below.get(&entry.key)) {
                (Operator::Remove, None) => {
                    let near = nearest(&entry.key, below.entries().iter().map(|have| &*have.key));
                    self.diagnostics.push(nothing_to_remove(&self.path, entry, near));
                }
                (Operator::Remove, Some(have)) => self.list(have, entry),
                (Operator::Merge, Some(have)) => self.maps(have, &entry.value),
                (Operator::Merge | Operator::Append | Operator::Replace | Operator::Lock, _) => {}
            }
            self.path.pop();
        }
    }

    fn list(&mut self, have: &Value, entry: &Entry) {
        if let Some(map) = have.as_map().filter(|map| is_written_out(map)) {
            let keys = entry.value.as_list().unwrap_or_default().iter();
            for key in keys.filter(|key| key.as_str().is_some_and(|key| map.position(key).is_none())) {
                self.diagnostics.push(item_not_there(&self.path, key, have, None));
            }
            return;
        }
        let key = self.object.zip(self.path.steps().get(2..)).and_then(|(object, steps)| object.key(steps)).map(|(key, _)| key);
        if let (Some(there), Some(said)) = (fixed(have, key.as_ref()), fixed(&entry.value, key.as_ref())) {
            items(&self.path, (have, &there), &said, key.as_ref(), self.diagnostics);
        }
    }
}

/// Reports items that are not among others.
fn items(path: &Path, (base, there): (&Value, &[Value]), said: &[Value], key: Option<&ItemKey>, diagnostics: &mut Diagnostics) {
    for item in said.iter().filter(|item| !there.iter().any(|have| is_named(have, item, key))) {
        diagnostics.push(item_not_there(path, item, base, key));
    }
}

/// Whether an item is meant by what is to be taken away.
fn is_named(have: &Value, item: &Value, key: Option<&ItemKey>) -> bool {
    let name = key.and_then(|key| key.of_item(item).or_else(|| key.of_first(item)));
    let known = key.and_then(|key| key.of_item(have));
    have.same_data(item) || name.zip(known).is_some_and(|(name, known)| name.same_data(&known))
}

/// The items of a list, if it is known which they are.
fn fixed(value: &Value, key: Option<&ItemKey>) -> Option<Vec<Value>> {
    let is_known = |item: &Value| match (&item.data, key) {
        (Data::Map(map), Some(key)) => {
            let is_always = !["$if", "$for"].iter().any(|word| map.get(word).is_some());
            is_always && is_written_out(map) && key.of_item(item).is_none_or(|name| !name.is_dynamic())
        }
        (_, _) => !item.is_dynamic() && !item.has_directive(),
    };
    let items = value.as_list()?;
    items.iter().all(is_known).then(|| items.to_vec())
}

/// Whether a map has the keys that are written in it, and no others.
fn is_written_out(map: &Map) -> bool {
    let is_key =
        |entry: &Entry| entry.template.is_none() && (!directive::is_word(entry) || matches!(&*entry.key, "$if" | "$for" | "$owner"));
    map.entries().iter().all(is_key)
}
