//! What is locked in a value that is about to go. In comes the value and what would take it away; out goes whether it may.

use super::errors;
use super::merge::Meeting;
use crate::path::{Path, Step};
use crate::value::{Data, Entry, Operator, Value};
use std::sync::Arc;

/// Whether a value that is about to go holds something locked, which is reported.
pub(crate) fn guarded(value: &Value, entry: &Entry, meeting: &mut Meeting<'_>) -> bool {
    let mut inner = Vec::new();
    let Some(lock) = lock_within(value, &mut inner) else { return false };
    inner.reverse();
    let path = meeting.path.join(&Path::from(inner));
    meeting.report(errors::locked_within(&path, lock, entry));
    true
}

/// Whether a value holds something locked.
pub(crate) fn holds_lock(value: &Value) -> bool {
    lock_within(value, &mut Vec::new()).is_some()
}

/// The first locked entry inside a value, with the steps to it, innermost first.
fn lock_within<'v>(value: &'v Value, path: &mut Vec<Step>) -> Option<&'v Entry> {
    if value.is_plain() {
        return None;
    }
    if let Data::Pending(pending) = &value.data {
        let (_, words) = pending.words();
        let lock = words.into_iter().map(|word| &word.entry).find(|entry| entry.operator == Operator::Lock);
        return lock.or_else(|| pending.values().find_map(|value| lock_within(value, path)));
    }
    let Some(map) = value.as_map() else {
        return value.as_list()?.iter().enumerate().find_map(|(at, item)| {
            let found = lock_within(item, path);
            if found.is_some() {
                path.push(Step::Item(at));
            }
            found
        });
    };
    map.entries().iter().find_map(|entry| {
        let found = if entry.operator == Operator::Lock { Some(entry) } else { lock_within(&entry.value, path) };
        if found.is_some() {
            path.push(Step::Key(Arc::clone(&entry.key)));
        }
        found
    })
}
