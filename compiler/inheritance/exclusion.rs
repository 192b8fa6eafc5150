//! Fields that exclude each other: the one that a layer sets removes the others of weaker layers. In come the entries of a record that a layer has met,
//! out goes what is left, with a trace of what is gone. Two that one layer sets are for others to report.

use super::errors;
use super::forms;
use super::locks::holds_lock;
use super::merge::Meeting;
use super::removal::trace;
use crate::schema::Record;
use crate::span::Span;
use crate::value::{Entry, Map, Operator, Removed};

/// Takes away what the fields that a layer sets exclude. A locked one stays, and what would have removed it is refused.
pub(super) fn carry_out(
    record: &Record,
    stronger: &Map,
    entries: &mut [Option<Entry>],
    removed: &mut Vec<Removed>,
    meeting: &mut Meeting<'_>,
) {
    for choice in record.choices().iter() {
        let set: Vec<&Entry> = stronger.entries().iter().filter(|entry| sets(entry) && choice.has(&entry.key)).collect();
        exclude(&set, |key| choice.has(key), Some(choice.origin), (entries, removed), meeting);
    }
}

/// The same in an object of Kubernetes, whose forms exclude each other.
pub(super) fn of_forms(stronger: &Map, entries: &mut [Option<Entry>], removed: &mut Vec<Removed>, meeting: &mut Meeting<'_>) {
    let steps = meeting.path.steps();
    let members = forms::at(steps);
    let set: Vec<&Entry> = stronger.entries().iter().filter(|entry| forms::says(entry) && members.contains(&&*entry.key)).collect();
    let other =
        stronger.entries().iter().find_map(|entry| Some((entry, forms::excluded(steps, entry))).filter(|(_, gone)| !gone.is_empty()));
    exclude(&set, |key| members.contains(&key), None, (entries, removed), meeting);
    if let Some((entry, gone)) = other {
        let is_kept = |key: &str| stronger.entries().iter().any(|entry| &*entry.key == key && sets(entry));
        exclude(&[entry], |key| gone.contains(&key) && !is_kept(key), None, (entries, removed), meeting);
    }
}

/// Takes away what is a member and not among what was set.
fn exclude(
    set: &[&Entry],
    is_member: impl Fn(&str) -> bool,
    choice: Option<Span>,
    (entries, removed): (&mut [Option<Entry>], &mut Vec<Removed>),
    meeting: &mut Meeting<'_>,
) {
    let Some(first) = set.first() else { return };
    let is_set = |entry: &Entry| set.iter().any(|set| set.key == entry.key);
    let is_rival = |entry: &Option<Entry>| entry.as_ref().is_some_and(|entry| is_member(&entry.key) && !is_set(entry));
    let is_locked = |entry: &&Entry| entry.operator == Operator::Lock || holds_lock(&entry.value);
    let rivals = || entries.iter().filter(|entry| is_rival(entry)).flatten();
    if let Some(lock) = rivals().find(is_locked) {
        // The same layer setting both is said where the layer is read.
        meeting.report(errors::excludes_locked(&meeting.path, lock, first, choice));
        entries.iter_mut().filter(|entry| entry.as_ref().is_some_and(is_set)).for_each(|entry| *entry = None);
        return;
    }
    for slot in entries.iter_mut().filter(|entry| is_rival(entry)) {
        removed.extend(slot.take().map(|rival| trace(&rival.key, first, rival.value)));
    }
}

/// Whether an entry sets its field, or changes it.
pub(super) fn sets(entry: &Entry) -> bool {
    entry.operator != Operator::Remove
}
