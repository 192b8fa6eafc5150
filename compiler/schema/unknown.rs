//! A field that does not exist: which one was meant. Tries the record's own fields by spelling, foreign name and shared words, then the
//! rest of the schema, and gives the list of fields if nothing is convincing.

use super::{Record, Shape, Type, ValueForm};
use crate::ledger;
use crate::name;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Operator};
use std::collections::{BTreeMap, BTreeSet};

/// What was most likely meant.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Meant<'a> {
    /// A field of the same record; safe to put in its place.
    Sure(&'a str),
    /// A field of the same record.
    Perhaps(&'a str),
    /// A field elsewhere: its path from the top of the schema.
    Elsewhere(String),
    /// Nobody knows; the fields there are, most similar first.
    Fields(Vec<&'a str>),
}

/// About as much work for each field as comparing so many letters.
const LOOKS: usize = 64;

/// Search limits: a schema that holds itself has no end.
const DEPTH: usize = 6;
const FIELDS: usize = 2000;

/// The field meant by `key` in `record`, a part of `root`; `beside` are fields of the record that its type does not hold.
pub(super) fn meant<'a>(root: &Type, record: &'a Type, beside: &[(&'a str, &'a [&'a str])], key: &str) -> Meant<'a> {
    let fields: Vec<(&str, &Type)> = record.fields().map(|(name, type_)| (name, &**type_)).collect();
    let aliased = |(name, type_): &(&'a str, &Type)| has_alias(type_, key).then_some(*name);
    let renamed =
        |(name, foreign): &(&'a str, &'a [&'a str])| foreign.iter().any(|foreign| folded(foreign) == folded(key)).then_some(*name);
    let names = || fields.iter().map(|(name, _)| *name).chain(beside.iter().map(|(name, _)| *name));
    // Each field is looked at several times.
    if !ledger::suggestion((fields.len() + beside.len()).saturating_mul(LOOKS)) {
        return Meant::Fields(names().collect());
    }
    let known = fields.iter().find_map(aliased).or_else(|| beside.iter().find_map(renamed));
    if let Some(name) = known.or_else(|| name::nearest(key, names())) {
        return Meant::Sure(name);
    }
    if let Some(name) = only(fields.iter().map(|(name, _)| *name).filter(|name| shares_words(key, name))) {
        return Meant::Perhaps(name);
    }
    if let Some(name) = name::beginning(key, names()) {
        return Meant::Perhaps(name);
    }
    let mut others = Vec::new();
    collect(root, record, "", DEPTH, &mut others);
    let same = |other: &&Other<'_>| folded(other.name) == folded(key) || has_alias(other.type_, key);
    let elsewhere = only(others.iter().filter(same)).or_else(|| only(others.iter().filter(|other| shares_words(key, other.name))));
    match elsewhere {
        Some(other) => Meant::Elsewhere(other.path.clone()),
        None => Meant::Fields(name::by_similarity(key, names())),
    }
}

/// Strangers of a record that may belong into what stands above them.
#[derive(Default)]
pub(super) struct Emptied<'m> {
    /// Their keys.
    pub(super) strangers: BTreeSet<Span>,
    /// The first of them, by the key of what stands above: a field that holds others, and is written with nothing in it.
    pub(super) first: BTreeMap<Span, &'m Entry>,
}

/// What of a record stands below a field with nothing in it, and is none of the record's.
pub(super) fn emptied<'m>(record: &Record, map: &'m Map, strangers: &[&'m Entry]) -> Emptied<'m> {
    let holds = |type_: &Type| {
        let resolved = type_.as_form(ValueForm::Map).resolved();
        matches!(resolved.shape, Shape::Object | Shape::Map(_) | Shape::Record(_)) && !resolved.nullable()
    };
    let is_empty = |entry: &Entry| {
        let (Data::Null, Operator::Merge) = (&entry.value.data, entry.operator) else { return false };
        entry.value.origin.span.start == entry.value.origin.span.end && record.get(&entry.key).is_some_and(|field| holds(&field.type_))
    };
    let mut found = Emptied::default();
    if strangers.is_empty() || !map.entries().iter().any(is_empty) {
        return found;
    }
    let unknown: BTreeSet<Span> = strangers.iter().map(|stranger| stranger.span).collect();
    let mut written: Vec<&Entry> = map.entries().iter().collect();
    written.sort_by_key(|entry| entry.span);
    let mut above: Option<&Entry> = None;
    for entry in written {
        if is_empty(entry) {
            above = Some(entry);
        } else if !unknown.contains(&entry.span) {
            above = None;
        } else if let Some(above) = above.filter(|above| above.span.file == entry.span.file) {
            found.strangers.insert(entry.span);
            found.first.entry(above.span).or_insert(entry);
        }
    }
    found
}

struct Other<'a> {
    path: String,
    name: &'a str,
    type_: &'a Type,
}

/// All fields of records below a type, but for those of the record itself.
fn collect<'a>(type_: &'a Type, record: &Type, path: &str, depth: usize, out: &mut Vec<Other<'a>>) {
    let itself = std::ptr::eq(type_.resolved(), record.resolved());
    for (name, field) in type_.fields() {
        if out.len() >= FIELDS {
            return;
        }
        let path = name::within(path, name);
        if depth > 0 {
            collect(field, record, &path, depth - 1, out);
        }
        if !itself {
            out.push(Other { path, name, type_: field });
        }
    }
}

fn has_alias(type_: &Type, key: &str) -> bool {
    let folded_key = folded(key);
    type_.resolved().markers.aliases.iter().any(|alias| folded(alias) == folded_key)
}

/// The only one of them, if there is exactly one.
fn only<T>(mut them: impl Iterator<Item = T>) -> Option<T> {
    them.next().filter(|_| them.next().is_none())
}

fn folded(name: &str) -> String {
    name.chars().filter(|char| !matches!(char, '-' | '_' | '.')).flat_map(char::to_lowercase).collect()
}

/// Whether all words of one name are words of the other: `maxNodes` and `max`.
fn shares_words(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    let within = |inner: &[String], outer: &[String]| !inner.is_empty() && inner.iter().all(|word| outer.contains(word));
    within(&a, &b) || within(&b, &a)
}

/// The words of a name in lower case: at capitals, dashes, underscores and dots.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut inside = false;
    let mut lower_before = false;
    for char in name.chars().take(100) {
        if !char.is_alphanumeric() {
            inside = false;
            continue;
        }
        if !inside || (char.is_uppercase() && lower_before) {
            words.push(String::new());
        }
        inside = true;
        lower_before = !char.is_uppercase();
        if let Some(word) = words.last_mut() {
            word.extend(char.to_lowercase());
        }
    }
    words
}
