//! `$use` as it is written, in one form: names of fragments in order, each with its arguments. Comes in: a value of a class; leaves: the same
//! where each `$use` is a map, so that classes that inherit meet it like any other. It never says whether there is such a fragment.

use super::super::errors;
use super::super::index::class_name;
use crate::diagnostic::Diagnostics;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Operator, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The directive.
pub(in crate::definition) const USE: &str = "$use";

/// Whether an entry says which fragments are used.
pub(super) fn is_use(entry: &Entry) -> bool {
    &*entry.key == USE && entry.template.is_none()
}

/// Whether a fragment is used anywhere in a value.
pub(in crate::definition) fn has_use(value: &Value) -> bool {
    value.has_directive() && first_use(value).is_some()
}

/// The first use in a value.
pub(in crate::definition) fn first_use(value: &Value) -> Option<&Entry> {
    if !value.has_directive() {
        return None;
    }
    match &value.data {
        Data::List(list) => list.items().iter().find_map(first_use),
        Data::Map(map) if map.entry("$verbatim").is_some() => None,
        Data::Map(map) => map.entries().iter().find_map(|entry| if is_use(entry) { Some(entry) } else { first_use(&entry.value) }),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => None,
    }
}

/// All uses in a value that is no template.
pub(super) fn every_use<'v>(value: &'v Value, found: &mut dyn FnMut(&'v Entry)) {
    if !has_use(value) {
        return;
    }
    value.as_list().unwrap_or_default().iter().for_each(|item| every_use(item, found));
    for entry in value.as_map().map(Map::entries).unwrap_or_default() {
        if is_use(entry) { found(entry) } else { every_use(&entry.value, found) }
    }
}

/// The name of the fragment that an entry of such a map speaks of. One that is used twice at one place has a number behind it the second time; what
/// is no name is empty.
pub(super) fn named(entry: &Entry) -> &str {
    entry.key.split(' ').next().unwrap_or(&entry.key)
}

/// The value with each `$use` in it as a map.
pub(in crate::definition) fn normal(value: &Value, diagnostics: &mut Diagnostics) -> Value {
    if !has_use(value) {
        return value.clone();
    }
    match &value.data {
        Data::List(list) => Value::list(list.items().iter().map(|item| normal(item, diagnostics)).collect(), value.origin).after(value),
        Data::Map(map) => {
            let one = |entry: &Entry| {
                let value = if is_use(entry) { uses(entry, diagnostics) } else { normal(&entry.value, diagnostics) };
                Entry { value, ..entry.clone() }
            };
            Value::map(map.entries().iter().map(one).collect(), value.origin).after(value)
        }
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => value.clone(),
    }
}

/// What a `$use` says: one name, a map of names with arguments, or a list of both.
fn uses(entry: &Entry, diagnostics: &mut Diagnostics) -> Value {
    let value = &entry.value;
    // What is taken out is named, and nothing more.
    if entry.operator == Operator::Remove {
        let items = value.as_list().or_else(|| value.as_str().map(|_| std::slice::from_ref(value)));
        let Some(items) = items else { return value.clone() };
        let mut is_named = |item: &&Value| item.as_str().is_none_or(|name| is_name(name, item.origin.span, diagnostics));
        return Value::list(items.iter().filter(&mut is_named).cloned().collect(), value.origin);
    }
    let mut entries = NamedUses::default();
    let items = value.as_list().unwrap_or(std::slice::from_ref(value));
    for item in items {
        match &item.data {
            Data::String(name) => {
                let bare = Value::map(Vec::new(), item.origin);
                entries.add(Entry::plain(Arc::clone(name), item.origin.span, bare), diagnostics);
            }
            Data::Map(map) => map.entries().iter().for_each(|one| with_arguments(&mut entries, one, diagnostics)),
            Data::Broken => {}
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::List(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_) => diagnostics.push(errors::use_needs_name(item)),
        }
    }
    Value::map(entries.entries, value.origin)
}

/// Uses at one place, with how often each fragment is among them.
#[derive(Default)]
struct NamedUses {
    entries: Vec<Entry>,
    counts: BTreeMap<Arc<str>, usize>,
}

impl NamedUses {
    /// Adds a use; the second one of a name gets a number, and so on. What cannot be a name is told, and names no fragment.
    fn add(&mut self, entry: Entry, diagnostics: &mut Diagnostics) {
        let entry = if is_name(&entry.key, entry.span, diagnostics) { entry } else { Entry { key: "".into(), ..entry } };
        let count = self.counts.entry(Arc::clone(&entry.key)).or_default();
        *count += 1;
        let key = if *count == 1 { Arc::clone(&entry.key) } else { format!("{} {count}", entry.key).into() };
        self.entries.push(Entry { key, ..entry });
    }
}

fn with_arguments(entries: &mut NamedUses, one: &Entry, diagnostics: &mut Diagnostics) {
    if let Some(template) = &one.template {
        diagnostics.push(errors::use_of_expression(template.span));
        return;
    }
    let value = match &one.value.data {
        Data::Map(_) | Data::Template(_) => one.value.clone(),
        Data::Null => Value::map(Vec::new(), one.value.origin),
        Data::Broken => return,
        Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::List(_) | Data::Pending(_) | Data::Late(_) => {
            diagnostics.push(errors::arguments_no_map(&one.key, &one.value));
            return;
        }
    };
    entries.add(Entry { value, ..one.clone() }, diagnostics);
}

/// Whether a fragment may be called so; reports if it may not.
fn is_name(name: &str, span: Span, diagnostics: &mut Diagnostics) -> bool {
    let is_name = class_name(name);
    if !is_name {
        diagnostics.push(errors::no_fragment_name(name, span));
    }
    is_name
}

/// The entries of a map that are not the language's.
pub(super) fn own(map: &Map) -> impl Iterator<Item = &Entry> {
    map.entries().iter().filter(|entry| !(entry.key.starts_with('$') && entry.template.is_none()))
}
