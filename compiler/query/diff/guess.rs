//! Things that only the first has and things that only the second has, and that are perhaps the same under another name: of one class, at one place, with much the
//! same values. In come both, out go guesses; nothing is paired by them.

use super::{Comparison, Only};
use crate::model::{Entity, EntityId, Model};
use crate::value::Value;
use std::collections::BTreeMap;

/// So many of a hundred values have to be the same.
const ALIKE: usize = 60;

/// Two things that are perhaps one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GuessedRename {
    /// The one that only the first has; of one on several clusters the first.
    pub first: EntityId,
    /// The one that only the second has.
    pub second: EntityId,
    /// How many of their values are the same.
    pub same: usize,
    /// How many there are.
    pub all: usize,
}

/// Guesses, the surest first; each thing is in one at most.
pub(super) fn guessed(comparison: &Comparison<'_>) -> Vec<GuessedRename> {
    let (one, other) = (comparison.first.model, comparison.second.model);
    let (first, second) = (ends(one, &comparison.only_first), ends(other, &comparison.only_second));
    let mut all = Vec::new();
    for (left, values) in &first {
        // What is called the same has another identity, which is told.
        let may = |right: EntityId| place(one, *left) == place(other, right) && one.entity(*left).name != other.entity(right).name;
        for (right, others) in second.iter().filter(|(right, _)| may(*right)) {
            let (same, count) = shared(values, others);
            if count > 0 && same * 100 >= count * ALIKE {
                all.push(GuessedRename { first: *left, second: *right, same, all: count });
            }
        }
    }
    all.sort_by_key(|guess| (std::cmp::Reverse(guess.same * 1000 / guess.all), guess.first, guess.second));
    let mut guesses: Vec<GuessedRename> = Vec::new();
    for guess in all {
        if guesses.iter().all(|known| known.first != guess.first && known.second != guess.second) {
            guesses.push(guess);
        }
    }
    guesses
}

/// The things that only one side has, with their values; of one on several clusters the first.
fn ends<'m>(model: &'m Model, only: &[Only]) -> Vec<(EntityId, BTreeMap<String, &'m Value>)> {
    only.iter().filter_map(|only| only.entities.first()).map(|id| (*id, leaves(model.entity(*id)))).collect()
}

/// The class of a thing, and where it is.
fn place(model: &Model, id: EntityId) -> (&str, Option<&str>, Option<&str>) {
    let entity = model.entity(id);
    let identity = |id: Option<EntityId>| id.map(|id| &**model.entity(id).identity.text());
    (&entity.class_name, identity(entity.cluster), identity(entity.tenant))
}

/// The values of a thing that hold no further ones, by their places; what its name is made of counts for nothing.
fn leaves(entity: &Entity) -> BTreeMap<String, &Value> {
    let mut found = BTreeMap::new();
    walk(&entity.value, String::new(), entity.identity.text(), &mut found);
    found
}

fn walk<'v>(value: &'v Value, at: String, name: &str, found: &mut BTreeMap<String, &'v Value>) {
    if let Some(map) = value.as_map() {
        map.entries().iter().for_each(|entry| walk(&entry.value, format!("{at}.{}", entry.key), name, found));
    } else if let Some(list) = value.as_list() {
        list.iter().enumerate().for_each(|(index, item)| walk(item, format!("{at}[{index}]"), name, found));
    } else if !value.as_str().is_some_and(|text| text.contains(name)) {
        found.insert(at, value);
    }
}

/// How many values of two things are the same, and how many there are.
fn shared(first: &BTreeMap<String, &Value>, second: &BTreeMap<String, &Value>) -> (usize, usize) {
    let same = first.iter().filter(|(at, value)| second.get(*at).is_some_and(|other| value.same_data(other))).count();
    (same, first.len() + second.len() - same)
}
