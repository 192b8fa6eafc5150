//! `$use` as it is written, in one form: names of fragments in order, each with its arguments. Comes in: a value of a class; leaves: the same
//! where each `$use` is a map, so that classes that inherit meet it like any other. It never says whether there is such a fragment.

use super::super::errors;
use crate::diagnostic::Diagnostics;
use crate::value::{Data, Entry, Map, Operator, Value};
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

/// The name of the fragment that an entry of such a map speaks of. One that is used twice at one place has a number behind it the second time.
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
        return if value.as_str().is_some() { Value::list(vec![value.clone()], value.origin) } else { value.clone() };
    }
    let mut entries: Vec<Entry> = Vec::new();
    let items = value.as_list().unwrap_or(std::slice::from_ref(value));
    for item in items {
        match &item.data {
            Data::String(name) => {
                let bare = Value::map(Vec::new(), item.origin);
                add(&mut entries, Entry::plain(Arc::clone(name), item.origin.span, bare));
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
    Value::map(entries, value.origin)
}

fn with_arguments(entries: &mut Vec<Entry>, one: &Entry, diagnostics: &mut Diagnostics) {
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
    add(entries, Entry { value, ..one.clone() });
}

/// Adds a use; the second one of a name gets a number, and so on.
fn add(entries: &mut Vec<Entry>, entry: Entry) {
    let same = entries.iter().filter(|known| named(known) == &*entry.key).count();
    let key = if same == 0 { Arc::clone(&entry.key) } else { format!("{} {}", entry.key, same + 1).into() };
    entries.push(Entry { key, ..entry });
}

/// The entries of a map that are not the language's.
pub(super) fn own(map: &Map) -> impl Iterator<Item = &Entry> {
    map.entries().iter().filter(|entry| !(entry.key.starts_with('$') && entry.template.is_none()))
}
