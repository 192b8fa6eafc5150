//! Definitions that go on to somebody else: what a class makes, and what a field holds for a maker. They are layers over what is not known where
//! they meet, the defaults of the class that they are of. In come such layers, out comes which of their words are kept for that; and the other
//! way round, what is kept as the words of one layer. It never decides what comes of them.

use super::lists::ListsMeet;
use super::merge::Meeting;
use super::wait;
use crate::path::Step;
use crate::schema::{Type, ValueForm};
use crate::value::{Data, Entry, List, Map, Operator, PendingWord, Standing, Value};
use std::sync::Arc;

/// The section of classes that makes things, and how many steps lead into what one of its entries says.
const MAKING: (&str, usize) = ("entities", 3);

/// Words of the language that stand for fields of what they are in.
const OF_FIELDS: [&str; 2] = ["$spread", "$value"];

impl Meeting<'_> {
    /// Whether the entries of a map of this type, at the place at hand, are a layer over what is not known here.
    pub(super) fn is_open_in(&self, type_: Option<&Type>) -> bool {
        let steps = self.path.steps();
        if let Some(Step::Key(last)) = steps.last()
            && last.starts_with('$')
            && !OF_FIELDS.contains(&&**last)
        {
            return false;
        }
        let (section, way) = MAKING;
        let is_made = || steps.len() >= way && matches!(steps.first(), Some(Step::Key(first)) if **first == *section);
        let is_definition = |type_: &Type| type_.as_form(ValueForm::Map).record().is_some_and(|record| record.is_definition().is_some());
        self.open || self.classes && is_made() || type_.is_some_and(is_definition)
    }

    /// Whether an entry of such a map is kept as it is, with what it meets.
    pub(super) fn keeps(&self, base: Option<&Value>, entry: &Entry, type_: Option<&Type>) -> bool {
        if !self.open || entry.key.starts_with('$') || self.is_class(entry) {
            return false;
        }
        let is_known = base.is_some_and(|base| !is_kept(base));
        match entry.operator {
            Operator::Replace => ValueForm::of(&entry.value) != Some(ValueForm::Scalar),
            // A map is merged, so what is in it is kept by itself.
            Operator::Append => !is_known && (entry.value.as_list().is_some() || wait::is_open(&entry.value)),
            Operator::Remove => {
                let is_list = |value: &Value| value.as_list().is_some();
                let is_whole = matches!(self.lists(type_), ListsMeet::Replaced);
                !(is_known && is_whole && is_list(&entry.value) && base.is_some_and(is_list))
            }
            Operator::Merge | Operator::Lock => {
                // Of lists in classes nobody knows the type yet.
                let is_untyped = type_.is_none() && entry.value.as_list().is_some();
                base.is_some_and(is_kept) && (is_untyped || wait::is_open(&entry.value) || !wait::replaces(&entry.value, type_))
            }
        }
    }

    /// Whether it is the class of what is made, which others ask for by its name.
    fn is_class(&self, entry: &Entry) -> bool {
        let inside = self.path.steps().get(MAKING.1..).unwrap_or_default();
        let is_word = |step: &Step| matches!(step, Step::Key(key) if key.starts_with('$'));
        self.classes && &*entry.key == "class" && inside.split_last().is_none_or(|(_, around)| around.iter().all(is_word))
    }
}

/// Whether words are kept in a value.
fn is_kept(value: &Value) -> bool {
    if let Data::Pending(pending) = &value.data { pending.is_kept() } else { false }
}

/// What was kept in a value as the entries of one layer, which carry operators.
#[must_use]
pub(crate) fn unkept(value: &Value) -> Value {
    if !value.is_dynamic() {
        return value.clone();
    }
    let data = if let Some(map) = value.as_map() {
        let entries = map.entries().iter().flat_map(kept);
        Data::Map(Arc::new(Map::new(entries.map(|entry| Entry { value: unkept(&entry.value), ..entry }).collect())))
    } else if let Some(items) = value.as_list() {
        Data::List(Arc::new(List::new(items.iter().map(unkept).collect())))
    } else {
        return value.clone();
    };
    Value { data, ..value.clone() }
}

/// The words that are kept at a key, weakest first; any other entry is itself.
pub(crate) fn kept(entry: &Entry) -> Vec<Entry> {
    let Data::Pending(pending) = &entry.value.data else { return vec![entry.clone()] };
    if !pending.is_kept() {
        return vec![entry.clone()];
    }
    let (base, words) = pending.words();
    let lock = pending.lock_below();
    let first = base.map(|base| Entry {
        operator: if lock.is_some() { Operator::Lock } else { Operator::Merge },
        span: lock.unwrap_or(base.origin.span),
        value: base.clone(),
        ..entry.clone()
    });
    let mut said: Vec<Entry> = first.into_iter().collect();
    for word in words {
        let counts = match &word.standing {
            Standing::Again(spoken) => again(&word.entry, spoken, &said),
            Standing::Layer | Standing::Default | Standing::Kept => Some(word.entry.clone()),
        };
        said.extend(counts);
    }
    said
}

/// What counts of a default that counts once more against what was said, as far as that is known here: nothing against an overlay, and of a list
/// only what is not there yet, or is.
fn again(entry: &Entry, spoken: &[PendingWord], said: &[Entry]) -> Option<Entry> {
    if spoken.last().is_some_and(|word| word.is_overlay) {
        return None;
    }
    let Some(items) = entry.value.as_list() else { return Some(entry.clone()) };
    let listed = || said.iter().filter(|said| said.operator != Operator::Remove).filter_map(|said| said.value.as_list()).flatten();
    let is_named = |have: &Value, item: &Value| have.as_map().is_some_and(|map| map.entries().iter().any(|of| of.value.same_data(item)));
    let is_there = |item: &&Value| listed().any(|have| have.same_data(item) || is_named(have, item));
    let counts: Vec<Value> = match entry.operator {
        Operator::Append => items.iter().filter(|item| !is_there(item)).cloned().collect(),
        Operator::Remove => items.iter().filter(is_there).cloned().collect(),
        Operator::Merge | Operator::Replace | Operator::Lock => return Some(entry.clone()),
    };
    let value = || Value::list(counts.clone(), entry.value.origin).after(&entry.value);
    (!counts.is_empty()).then(|| Entry { value: value(), ..entry.clone() })
}
