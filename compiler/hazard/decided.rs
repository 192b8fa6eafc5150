//! Where it is decided that something is another thing than before: the line of a user, through the expressions of classes, whichever value that they read has
//! changed. In come values before and after, out goes a place in the sources of now.

use crate::model::Entity;
use crate::span::Span;
use crate::value::{Cause, Data, Name, Value};

/// So many expressions are followed.
const DEPTH: usize = 24;

/// Where a value is decided: what its expression reads and is another thing than before, else the value itself.
pub(super) fn at(was: Option<&Value>, is: &Value) -> Span {
    let Some(was) = was else { return written(is) };
    let (old, new) = leaf(was, is);
    cause(old, new, DEPTH).unwrap_or_else(|| new.changed_at(old))
}

/// What a thing says otherwise than before, or where it is.
pub(super) fn of_thing(old: &Entity, new: &Entity) -> Span {
    if old.value.same_data(&new.value) { new.defined } else { at(Some(&old.value), &new.value) }
}

/// Where a new value is written: where its expression has it from, if that is one value.
fn written(value: &Value) -> Span {
    match value.made() {
        [one] => written(&one.value),
        _ => value.origin.span,
    }
}

/// The first parts of two values that differ.
fn leaf<'v>(old: &'v Value, new: &'v Value) -> (&'v Value, &'v Value) {
    let (mut old, mut new) = (old, new);
    loop {
        let next = match (&old.data, &new.data) {
            (Data::Map(before), Data::Map(now)) => {
                let mut pairs = now.entries().iter().filter_map(|entry| Some((before.get(&entry.key)?, &entry.value)));
                pairs.find(|(old, new)| !old.same_data(new))
            }
            (Data::List(before), Data::List(now)) => before.items().iter().zip(now.items()).find(|(old, new)| !old.same_data(new)),
            (_, _) => None,
        };
        match next {
            Some(pair) => (old, new) = pair,
            None => return (old, new),
        }
    }
}

/// What the expression of a value has read that is another thing than before, however far back.
fn cause(old: &Value, new: &Value, depth: usize) -> Option<Span> {
    let depth = depth.checked_sub(1)?;
    let computed = |cause: &Cause| if let Name::Computed(name) = cause.name { Some(name) } else { None };
    let read = |at: usize, cause: &Cause| match computed(cause) {
        Some(name) => old.made().iter().find(|other| computed(other) == Some(name)),
        None => old.made().get(at),
    };
    for (at, one) in new.made().iter().enumerate() {
        match read(at, one) {
            Some(other) if other.value.same_data(&one.value) => {}
            Some(other) => {
                let (old, new) = leaf(&other.value, &one.value);
                return Some(cause(old, new, depth).unwrap_or_else(|| new.changed_at(old)));
            }
            None => return Some(written(&one.value)),
        }
    }
    None
}
