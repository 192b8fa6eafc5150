//! Things that only the first has and things that only the second has, and that are perhaps the same under another name: of one class, at one place, with much the
//! same values. In come both, out go guesses; nothing is paired by them.

use super::Comparison;
use crate::model::{Entity, EntityId, Model};
use crate::value::Value;
use std::collections::BTreeMap;

/// So many of a hundred values have to be the same.
const ALIKE: usize = 60;

/// Two things that are perhaps one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GuessedRename {
    /// The one that only the first has and the one that only the second has, once for each cluster: at least one.
    pub pairs: Vec<(EntityId, EntityId)>,
    /// How many of their values are the same, where they are compared.
    pub same: usize,
    /// How many there are.
    pub all: usize,
}

/// Guesses, the surest first; each thing is in one at most.
pub(super) fn guessed(comparison: &Comparison<'_>) -> Vec<GuessedRename> {
    let (one, other) = (comparison.first.model, comparison.second.model);
    let mut all = Vec::new();
    let mut known: [BTreeMap<EntityId, BTreeMap<String, &Value>>; 2] = Default::default();
    for left in &comparison.only_first {
        for right in &comparison.only_second {
            let beside = |id: EntityId| right.entities.iter().find(|new| may_be_one((one, id), (other, **new))).copied();
            let pairs: Vec<(EntityId, EntityId)> = left.entities.iter().filter_map(|id| Some((*id, beside(*id)?))).collect();
            // Copies on several clusters are much alike: the first tells.
            let Some((id, new)) = pairs.first().copied() else { continue };
            let [of_first, of_second] = &mut known;
            let values = of_first.entry(id).or_insert_with(|| leaves(one.entity(id)));
            let (same, count) = shared(values, of_second.entry(new).or_insert_with(|| leaves(other.entity(new))));
            if count > 0 && same * 100 >= count * ALIKE {
                all.push(GuessedRename { pairs, same, all: count });
            }
        }
    }
    all.sort_by(|a, b| {
        let key = |guess: &GuessedRename| (std::cmp::Reverse(guess.same * 1000 / guess.all), guess.pairs.first().copied());
        key(a).cmp(&key(b))
    });
    let mut guesses: Vec<GuessedRename> = Vec::new();
    for guess in all {
        let is_told = |known: &GuessedRename| {
            known.pairs.iter().any(|(id, new)| guess.pairs.iter().any(|(other, another)| id == other || new == another))
        };
        if !guesses.iter().any(is_told) {
            guesses.push(guess);
        }
    }
    guesses
}

/// Whether two things stand at one place and are of one class. What is called the same has another identity, which is told.
fn may_be_one((one, left): (&Model, EntityId), (other, right): (&Model, EntityId)) -> bool {
    place(one, left) == place(other, right) && one.entity(left).name != other.entity(right).name
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
