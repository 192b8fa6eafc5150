//! Which fields are an environment's: those that its defaults speak of, and whose last word in the definitions is a body's. In come a default,
//! the layers of the definitions and their outcome; out comes what of the default counts once more. A field is whatever meets by itself: a
//! key of a map, an item of a keyed list with its fields, an item of a set; any other value is one as a whole. Where an expression decides, the
//! default waits for it with what the layers say there.

use crate::inheritance::{holds_expressions, holds_maps, is_nameless, is_open};
use crate::ledger;
use crate::path::Path;
use crate::schema::{ListMerge, Record, Type, ValueForm};
use crate::value::{Data, Entry, Map, Operator, PendingWord, Standing, Value};

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
    operator: Operator,
    /// None if it takes away or replaces all that is there.
    value: Option<&'a Value>,
}

/// So many items are compared in the time of an entry that merges.
const ITEMS_A_STEP: usize = 16;

impl<'a> FieldWord<'a> {
    fn says(&self) -> Says<'a> {
        match (self.operator, self.value) {
            (Operator::Merge | Operator::Append | Operator::Lock, Some(Value { data: Data::Map(map), .. })) => Says::Keys(map),
            (Operator::Merge | Operator::Append | Operator::Lock, Some(Value { data: Data::List(list), .. })) => Says::Items(list.items()),
            (Operator::Remove, Some(value @ Value { data: Data::List(_) | Data::Map(_), .. })) => Says::Gone(value),
            (Operator::Merge | Operator::Append | Operator::Lock | Operator::Remove | Operator::Replace, _) => Says::All,
        }
    }

    /// The same about something inside.
    fn inside(&self, operator: Operator, value: Option<&'a Value>) -> Self {
        Self { operator, value, ..*self }
    }

    /// Items that it speaks of.
    fn items(&self) -> usize {
        match self.says() {
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
        .map(|layer| {
            let operator = if layer.replaces { Operator::Replace } else { Operator::Merge };
            FieldWord { is_overlay: layer.is_overlay, operator, value: Some(layer.value) }
        })
        .filter(|word| word.operator == Operator::Replace || word.value.is_some_and(|value| value.as_map().is_some()))
        .collect();
    said.as_map().map(|map| entries(map.entries(), &words, type_, Some(outcome))).unwrap_or_default()
}

fn entries(said: &[Entry], words: &[FieldWord<'_>], type_: Option<&Type>, outcome: Option<&Value>) -> Vec<Entry> {
    let record = type_.and_then(|type_| type_.as_form(ValueForm::Map).record());
    let of_field = |entry: &Entry| {
        let inner = type_.and_then(|type_| type_.inside(&entry.key));
        let words = at_key(words, &entry.key, record);
        let inner = inner.map(AsRef::as_ref);
        let have = outcome.and_then(Value::as_map).and_then(|map| map.entry(&entry.key));
        let counts = field(entry, &words, inner, have.map(|have| &have.value), false)?;
        // Whether a lock holds it is known when it is known whether anything of it counts.
        let is_locked = have.is_some_and(|have| have.operator == Operator::Lock) && is_undecided(&counts.value);
        Some(if is_locked { waiting(entry, &words, inner) } else { counts })
    };
    said.iter().filter_map(of_field).collect()
}

/// What counts of a default that has waited, when all that decides about it is known.
pub(super) fn ready(entry: &Entry, spoken: &[PendingWord], type_: Option<&Type>, outcome: Option<&Value>) -> Option<Entry> {
    let words = spoken.iter().map(|word| FieldWord { is_overlay: word.is_overlay, operator: word.operator, value: word.value.as_ref() });
    field(entry, &words.collect::<Vec<_>>(), type_, outcome, true)
}

/// Whether an expression decides what counts of a default.
fn waits(entry: &Entry, words: &[FieldWord<'_>], type_: Option<&Type>, outcome: Option<&Value>) -> bool {
    let Some(outcome) = outcome else { return false };
    let lists = type_.map(Type::list_merge).unwrap_or_default();
    let (is_said_open, is_outcome_open) = (is_open(&entry.value), is_open(outcome));
    let lists_of_words = words.iter().filter_map(|word| word.value);
    let mut all = [&entry.value, outcome].into_iter().chain(lists_of_words);
    let compares = match (entry.value.as_list(), &lists) {
        (None, _) => false,
        (Some(_), ListMerge::Keyed(key)) if entry.operator != Operator::Remove => {
            all.any(|value| value.as_list().is_some_and(|items| items.iter().any(|item| is_nameless(item, key))))
        }
        (Some(_), ListMerge::Atomic) if matches!(entry.operator, Operator::Merge | Operator::Lock) => false,
        (Some(_), ListMerge::Atomic | ListMerge::Set | ListMerge::Keyed(_)) => all.any(holds_expressions),
    };
    match entry.operator {
        Operator::Replace => false,
        Operator::Remove if matches!(entry.value.data, Data::Null | Data::Bool(_)) => false,
        Operator::Remove | Operator::Append => is_said_open || is_outcome_open || compares,
        Operator::Merge | Operator::Lock => {
            let by_item = lists != ListMerge::Atomic;
            let meets_map = is_said_open || entry.value.as_map().is_some() && is_outcome_open;
            let meets_list = is_said_open || entry.value.as_list().is_some() && is_outcome_open;
            holds_maps(type_) && meets_map || by_item && (meets_list || compares)
        }
    }
}

/// A default that waits to meet what there is.
fn waiting(entry: &Entry, words: &[FieldWord<'_>], type_: Option<&Type>) -> Entry {
    Entry { value: Value::pending(None, entry.clone(), Path::default(), spoken(words, type_), None), ..entry.clone() }
}

/// Whether a part of what counts waits.
fn is_undecided(value: &Value) -> bool {
    match &value.data {
        Data::Pending(_) => true,
        Data::Map(map) => value.is_dynamic() && map.entries().iter().any(|entry| is_undecided(&entry.value)),
        Data::List(list) => value.is_dynamic() && list.items().iter().any(is_undecided),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) => false,
        Data::Template(_) | Data::Late(_) | Data::Broken => false,
    }
}

/// What the layers say, as far as anything of it can count.
fn spoken(words: &[FieldWord<'_>], type_: Option<&Type>) -> Standing {
    let word = |word: &FieldWord<'_>| PendingWord { is_overlay: word.is_overlay, operator: word.operator, value: word.value.cloned() };
    let words: Vec<PendingWord> = words.iter().map(word).collect();
    let list_is_one = type_.map(Type::list_merge).unwrap_or_default() == ListMerge::Atomic;
    let last = words.iter().rposition(|word| word.is_all(list_is_one)).unwrap_or(0);
    Standing::Again(words.into_iter().skip(last).collect())
}

/// What counts of a default of one field.
fn field(entry: &Entry, words: &[FieldWord<'_>], type_: Option<&Type>, outcome: Option<&Value>, is_ready: bool) -> Option<Entry> {
    // What nobody speaks of is as the default has left it.
    let last = words.last()?;
    // What is not there need not be removed.
    if entry.operator == Operator::Remove && outcome.is_none() {
        return None;
    }
    if !is_ready && waits(entry, words, type_, outcome) {
        return Some(waiting(entry, words, type_));
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
                    let of_type = type_.and_then(Type::items).map(AsRef::as_ref);
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
            let theirs = |key: &&Value| key.as_str().is_some_and(|key| have.get(key).is_some() && is_body(&at_key(words, key, None)));
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

/// What the layers say of a key, of those that say anything. Whoever sets a field that excludes it takes it away.
fn at_key<'a>(words: &[FieldWord<'a>], key: &str, record: Option<&Record>) -> Vec<FieldWord<'a>> {
    let mut found = Vec::new();
    let record = record.filter(|record| record.is_chosen(key));
    let excludes = |entry: &Entry| {
        entry.operator != Operator::Remove && record.is_some_and(|record| record.rivals(key).any(|rival| *rival == entry.key))
    };
    for word in words {
        match word.says() {
            Says::All => found.push(word.inside(Operator::Replace, None)),
            Says::Keys(map) if map.entry(key).is_none() => {
                if map.entries().iter().any(excludes) {
                    found.push(word.inside(Operator::Replace, None));
                }
            }
            Says::Keys(map) => {
                let said = map.entries().iter().filter(|entry| *entry.key == *key);
                found.extend(said.map(|entry| word.inside(entry.operator, Some(&entry.value))));
            }
            Says::Gone(value) if names(value, key) => found.push(word.inside(Operator::Replace, None)),
            Says::Gone(_) | Says::Items(_) => {}
        }
    }
    found
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
        match word.says() {
            Says::All => found.push(word.inside(Operator::Replace, None)),
            Says::Items(items) => {
                let inside = |item: &'a Value| word.inside(Operator::Merge, item.as_map().is_some().then_some(item));
                found.extend(items.iter().filter(|item| is_it(item)).map(inside));
            }
            Says::Gone(value) if value.as_list().is_some_and(|items| items.iter().any(is_it)) => {
                found.push(word.inside(Operator::Replace, None));
            }
            Says::Gone(_) | Says::Keys(_) => {}
        }
    }
    found
}
