//! One report of several that have one cause: that the same thing is not there. In come reports in the order in which they are shown, out go
//! fewer of them.

use super::{Diagnostic, Label};
use crate::code::Code;
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// So many other places of one cause are shown, the rest is counted.
const PLACES: usize = 8;

/// Leaves out what a default does wherever it counts, if it is told of the default itself.
pub(super) fn told_of_defaults(all: &mut Vec<Diagnostic>) {
    let place = |diagnostic: &Diagnostic| diagnostic.primary.as_ref().map(|label| label.span);
    let told: Vec<Span> = all.iter().filter(|diagnostic| diagnostic.code == Code::DefaultMismatch).filter_map(place).collect();
    let within = |span: Span| told.iter().any(|told| told.file == span.file && told.start <= span.start && span.end <= told.end);
    all.retain(|diagnostic| diagnostic.code != Code::WrongType || told.is_empty() || !place(diagnostic).is_some_and(within));
}

/// Leaves out that something is not there to be removed, or is there already, where it is told that there can be nothing of that name.
pub(super) fn told_of_names(all: &mut Vec<Diagnostic>) {
    let place = |diagnostic: &Diagnostic| diagnostic.primary.as_ref().map(|label| label.span);
    let causes = [(Code::NothingToRemove, Code::UnknownField), (Code::DefinedTwice, Code::UnknownKind)];
    let cause = |code: Code| causes.iter().find(|(consequence, _)| *consequence == code).map(|(_, cause)| *cause);
    let told: BTreeSet<(Code, Option<Span>)> = all.iter().map(|diagnostic| (diagnostic.code, place(diagnostic))).collect();
    all.retain(|diagnostic| cause(diagnostic.code).is_none_or(|cause| !told.contains(&(cause, place(diagnostic)))));
}

/// What some of those that one line is told of have beside the first, by its report: each note, and whose it is.
pub(super) type NotesElsewhere = BTreeMap<usize, BTreeMap<String, Vec<String>>>;

/// Remembers what a report tells that the first of its cause does not: a line may replace more in one environment than in another.
pub(super) fn compare(notes: &mut NotesElsewhere, (at, first): (usize, &Diagnostic), other: &Diagnostic) {
    let Some(subject) = other.subject.as_ref().filter(|_| TOLD_EACH.contains(&other.code)) else { return };
    for note in other.notes.iter().filter(|note| !first.notes.contains(note)) {
        notes.entry(at).or_default().entry(note.clone()).or_default().push(subject.to_string());
    }
}

/// Reports of which each may take along others.
const TOLD_EACH: [Code; 3] = [Code::ReplacedResource, Code::ReplacementUnknown, Code::ResourcesDestroyed];

/// Tells what was remembered, of so many places.
pub(super) fn told_elsewhere(all: &mut [Diagnostic], notes: NotesElsewhere) {
    for (at, notes) in notes {
        let Some(first) = all.get_mut(at) else { continue };
        let more = notes.len().saturating_sub(PLACES);
        for (note, subjects) in notes.into_iter().take(PLACES) {
            let (shown, rest) = subjects.split_at(subjects.len().min(2));
            let rest = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            first.notes.push(format!("in {}{rest}: {note}", shown.join(", ")));
        }
        if more > 0 {
            first.notes.push(format!("and {more} more notes of other places"));
        }
    }
}

/// Makes one report of those that miss the same: the first one, with the places of all others.
pub(super) fn gather(all: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<(Code, Arc<str>), usize> = BTreeMap::new();
    let mut kept: Vec<(Diagnostic, Vec<Label>)> = Vec::new();
    for diagnostic in std::mem::take(all) {
        let keys: Vec<(Code, Arc<str>)> = diagnostic.lacks.iter().map(|lack| (diagnostic.code, Arc::clone(lack))).collect();
        let known = keys.iter().find_map(|key| first.get(key)).copied();
        let at = known.unwrap_or(kept.len());
        keys.into_iter().for_each(|key| _ = first.entry(key).or_insert(at));
        match known.and_then(|at| kept.get_mut(at)) {
            Some((cause, places)) => {
                places.extend(diagnostic.primary);
                cause.affects.extend(diagnostic.subject.into_iter().chain(diagnostic.affects));
            }
            None => kept.push((diagnostic, Vec::new())),
        }
    }
    all.extend(kept.into_iter().map(|(cause, places)| {
        let more = places.len().saturating_sub(PLACES);
        let cause = places.into_iter().take(PLACES).fold(cause, |cause, place| cause.label(place.span, "and here"));
        if more == 0 { cause } else { cause.note(format!("and at {more} more {}", if more == 1 { "place" } else { "places" })) }
    }));
}
