//! Which fields are an environment's: those that its defaults speak of, and whose last word in the definitions is a body's. In come a default,
//! the layers of the definitions and their outcome; out comes what of the default counts once more. A field is whatever meets by itself: a
//! key of a map, an item of a keyed list with its fields, an item of a set; any other value is one as a whole.

use crate::ledger;
use crate::schema::{ListMerge, Type};
use crate::value::{Data, Entry, Map, Operator, Value};

/// What a layer of a definition says.
pub(super) struct LayerWords<'a> {
    /// Whether it is an overlay, and not a body.
    pub(super) is_overlay: bool,
    pub(super) value: &'a Value,
    /// Whether nothing weaker is left below it.
    pub(super) replaces: bool,
}

/// What a layer says of one place.
#[derive(Clone, Copy)]
struct FieldWord<'a> {
    is_overlay: bool,
    says: Says<'a>,
}

/// So many items are compared in the time of an entry that merges.
const ITEMS_A_STEP: usize = 16;

impl FieldWord<'_> {
    /// Items that it speaks of.
    fn items(&self) -> usize {
        match self.says {
            Says::All => 0,
            Says::Keys(map) => map.entries().len(),
            Says::Items(items) => items.len(),
            Says::Gone(value) => value.as_list().map_or(1, <[Value]>::len),
        }
    }
}

#[derive(Clone, Copy)]
enum Says<'a> {
    /// Everything there is to it.
    All,
    /// Some keys of a map.
    Keys(&'a Map),
    /// Some items of a list, which it adds or changes.
    Items(&'a [Value]),
    /// Some items of a list, or keys of a map, which it takes away.
    Gone(&'a Value),
}

/// What of an environment's default counts once more.
pub(super) fn of(said: &Value, layers: &[LayerWords<'_>], type_: Option<&Type>, outcome: &Value) -> Vec<Entry> {
    let words: Vec<FieldWord<'_>> = layers
        .iter()
        .filter_map(|layer| {
            let says = if layer.replaces { Says::All } else { Says::Keys(layer.value.as_map()?) };
            Some(FieldWord { is_overlay: layer.is_overlay, says })
        })
        .collect();
    said.as_map().map(|map| entries(map.entries(), &words, type_, Some(outcome))).unwrap_or_default()
}

fn entries(said: &[Entry], words: &[FieldWord<'_>], type_: Option<&Type>, outcome: Option<&Value>) -> Vec<Entry> {
    let of_field = |entry: &Entry| {
        let inner = type_.and_then(|type_| type_.field(&entry.key).or_else(|| type_.item().filter(|_| type_.record().is_none())));
        let words = at_key(words, &entry.key);
        field(entry, &words, inner.map(AsRef::as_ref), outcome.and_then(|value| value.get(&entry.key)))
    };
    said.iter().filter_map(of_field).collect()
}

/// What counts of a default of one field.
fn field(entry: &Entry, words: &[FieldWord<'_>], type_: Option<&Type>, outcome: Option<&Value>) -> Option<Entry> {
    // What nobody speaks of is as the default has left it.
    let last = words.last()?;
    // What is not there need not be removed.
    if entry.operator == Operator::Remove && outcome.is_none() {
        return None;
    }
    let merges = matches!(entry.operator, Operator::Merge | Operator::Append | Operator::Lock);
    let with = |value: Value, operator| Entry { value, operator, ..entry.clone() };
    match (&entry.value.data, outcome.map(|value| &value.data)) {
        (Data::Map(said), Some(Data::Map(_))) if merges => {
            let inner = entries(said.entries(), words, type_, outcome);
            (!inner.is_empty()).then(|| with(Value::map(inner, entry.value.origin), entry.operator))
        }
        (Data::List(said), Some(Data::List(have))) if entry.operator != Operator::Replace => {
            // Each item is looked for among all of the others.
            let others = have.items().len() + words.iter().map(FieldWord::items).sum::<usize>();
            if !ledger::compared(said.items().len().saturating_mul(others) / ITEMS_A_STEP) {
                return None;
            }
            let removes = entry.operator == Operator::Remove;
            let items: Vec<Value> = match type_.map(Type::list_merge).unwrap_or_default() {
                ListMerge::Set => {
                    let is_there = |item: &Value| have.items().iter().any(|have| have.same_data(item));
                    let theirs = |item: &&Value| is_body(&at_item(words, item, None)) && is_there(item) == removes;
                    said.items().iter().filter(theirs).cloned().collect()
                }
                ListMerge::Keyed(key) => {
                    let of_type = type_.and_then(Type::item).map(AsRef::as_ref);
                    let have = |name: &Value| have.items().iter().find(|have| have.get(&key).is_some_and(|other| other.same_data(name)));
                    let items = said.items().iter().filter_map(|item| {
                        let name = item.get(&key).unwrap_or(item);
                        keyed(item, &key, &at_item(words, name, Some(&key)), of_type, have(name), removes)
                    });
                    items.collect()
                }
                ListMerge::Atomic if last.is_overlay => Vec::new(),
                // What is there already is not there twice.
                ListMerge::Atomic if entry.operator == Operator::Append => {
                    said.items().iter().filter(|item| !have.items().iter().any(|have| have.same_data(item))).cloned().collect()
                }
                ListMerge::Atomic if removes => {
                    said.items().iter().filter(|item| have.items().iter().any(|have| have.same_data(item))).cloned().collect()
                }
                ListMerge::Atomic => return Some(entry.clone()),
            };
            let by_item = type_.map(Type::list_merge).unwrap_or_default() != ListMerge::Atomic;
            let operator = if by_item && entry.operator == Operator::Append { Operator::Merge } else { entry.operator };
            (!items.is_empty()).then(|| with(Value::list(items, entry.value.origin), operator))
        }
        // Each of these keys is a field.
        (Data::List(keys), Some(Data::Map(have))) if entry.operator == Operator::Remove => {
            let theirs = |key: &&Value| key.as_str().is_some_and(|key| have.get(key).is_some() && is_body(&at_key(words, key)));
            let keys: Vec<Value> = keys.items().iter().filter(theirs).cloned().collect();
            (!keys.is_empty()).then(|| with(Value::list(keys, entry.value.origin), entry.operator))
        }
        (_, _) if last.is_overlay => None,
        // The field is theirs, whatever shape a body gave it.
        (Data::Map(_), Some(have)) | (_, Some(have @ Data::Map(_))) if merges && is_known(have) => {
            Some(with(entry.value.clone(), if entry.operator == Operator::Lock { Operator::Lock } else { Operator::Replace }))
        }
        (_, _) => Some(entry.clone()),
    }
}

/// What counts of an item of a keyed list.
fn keyed(item: &Value, key: &str, words: &[FieldWord<'_>], type_: Option<&Type>, outcome: Option<&Value>, removes: bool) -> Option<Value> {
    let map = item.as_map().filter(|_| outcome.is_some() && !removes);
    let Some(map) = map else { return (is_body(words) && (outcome.is_some() || !removes)).then(|| item.clone()) };
    let others: Vec<Entry> = map.entries().iter().filter(|entry| *entry.key != *key).cloned().collect();
    let mut inner = entries(&others, words, type_, outcome);
    if inner.is_empty() {
        return None;
    }
    inner.splice(..0, map.entry(key).cloned());
    Some(Value::map(inner, item.origin))
}

fn is_body(words: &[FieldWord<'_>]) -> bool {
    words.last().is_some_and(|last| !last.is_overlay)
}

/// Whether it is no expression that decides what it is.
fn is_known(data: &Data) -> bool {
    match data {
        Data::Template(_) | Data::Pending(_) => false,
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) => true,
        Data::List(_) | Data::Map(_) | Data::Late(_) | Data::Broken => true,
    }
}

/// What the layers say of a key, of those that say anything.
fn at_key<'a>(words: &[FieldWord<'a>], key: &str) -> Vec<FieldWord<'a>> {
    let mut found = Vec::new();
    for word in words {
        let says = |says| FieldWord { says, ..*word };
        match word.says {
            Says::All => found.push(*word),
            Says::Keys(map) if map.entry(key).is_none() => {}
            Says::Keys(map) => found.extend(map.entries().iter().filter(|entry| *entry.key == *key).map(|entry| says(said_by(entry)))),
            Says::Gone(value) if names(value, key) => found.push(says(Says::All)),
            Says::Gone(_) | Says::Items(_) => {}
        }
    }
    found
}

fn said_by(entry: &Entry) -> Says<'_> {
    match (entry.operator, &entry.value.data) {
        (Operator::Merge | Operator::Append | Operator::Lock, Data::Map(map)) => Says::Keys(map),
        (Operator::Merge | Operator::Append | Operator::Lock, Data::List(list)) => Says::Items(list.items()),
        (Operator::Remove, Data::List(_) | Data::Map(_)) => Says::Gone(&entry.value),
        (Operator::Merge | Operator::Append | Operator::Lock | Operator::Remove | Operator::Replace, _) => Says::All,
    }
}

/// Whether keys that are taken away have one among them.
fn names(value: &Value, key: &str) -> bool {
    let listed = || value.as_list().is_some_and(|items| items.iter().any(|item| item.as_str() == Some(key)));
    value.get(key).is_some() || listed()
}

/// What the layers say of an item of a list whose items meet by themselves, found by what it is or by its key.
fn at_item<'a>(words: &[FieldWord<'a>], item: &Value, key: Option<&str>) -> Vec<FieldWord<'a>> {
    let is_it = |other: &Value| key.and_then(|key| other.get(key)).unwrap_or(other).same_data(item);
    let mut found = Vec::new();
    for word in words {
        let says = |says| FieldWord { says, ..*word };
        match word.says {
            Says::All => found.push(*word),
            Says::Items(items) => {
                found.extend(items.iter().filter(|item| is_it(item)).map(|item| says(item.as_map().map_or(Says::All, Says::Keys))));
            }
            Says::Gone(value) if value.as_list().is_some_and(|items| items.iter().any(is_it)) => found.push(says(Says::All)),
            Says::Gone(_) | Says::Keys(_) => {}
        }
    }
    found
}
