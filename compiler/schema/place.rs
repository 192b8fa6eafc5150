//! Where in a value a check is, and which of the places that wrote a value is to blame.

use super::{Checked, Mode};
use crate::diagnostic::Diagnostic;
use crate::path::{Path, Step};
use crate::source::Sources;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::Value;

/// A place inside the value that is checked.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) checked: &'a Checked<'a>,
    /// The way from the whole value.
    pub(super) path: &'a Path,
    pub(super) mode: Mode,
    /// The key of the innermost map or list entry that holds the place.
    pub(super) key: Option<Span>,
}

impl Place<'_> {
    /// The diagnostic, about this place.
    pub(super) fn mark(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self.subject() {
            Some(subject) => diagnostic.about(subject),
            None => diagnostic,
        }
    }

    /// The diagnostic, about a field of this place.
    pub(super) fn mark_field(&self, diagnostic: Diagnostic, field: &str) -> Diagnostic {
        match self.subject() {
            Some(subject) => diagnostic.about(subject.within(&Path::of([field]))),
            None => diagnostic,
        }
    }

    /// What a diagnostic of this place speaks of; none for a single layer, which has no place in the model.
    pub(super) fn subject(&self) -> Option<Subject> {
        self.checked.subject.filter(|_| self.mode == Mode::Complete).map(|subject| subject.within(self.path))
    }

    /// The field in a sentence: its name and the one it is in, `size.min` or `taints[0].effect`.
    pub(super) fn name(&self) -> String {
        let steps = self.path.steps();
        let keys = steps.iter().enumerate().filter(|(_, step)| matches!(step, Step::Key(_)));
        let from = keys.map(|(at, _)| at).rev().nth(1).unwrap_or(0);
        Path::from(steps.get(from..).unwrap_or_default().to_vec()).to_string()
    }
}

/// The place to edit: the last one in the user's own files that wrote the value; the last one at all if no user did.
pub(super) fn blamed(value: &Value, sources: &Sources) -> Span {
    let mut layer = Some(value);
    while let Some(at) = layer {
        if !sources.is_library(at.origin.span) {
            return at.origin.span;
        }
        layer = at.overridden();
    }
    value.origin.span
}

/// The same for a value of a wrong type: what an expression hands on is right where it was written.
pub(super) fn handed(value: &Value, sources: &Sources) -> Span {
    value.passed_on().map(|by| by.span).filter(|by| !sources.is_library(*by)).unwrap_or_else(|| blamed(value, sources))
}

/// Places that wrote weaker values, oldest first, at most four, and how many more there are.
pub(super) fn weaker(value: &Value) -> (Vec<Span>, usize) {
    let blame = value.origin.span;
    let mut places = Vec::new();
    let mut layer = value.overridden();
    while let Some(at) = layer {
        if at.origin.span != blame && !places.contains(&at.origin.span) {
            places.push(at.origin.span);
        }
        layer = at.overridden();
    }
    let more = places.len().saturating_sub(4);
    places.truncate(4);
    places.reverse();
    (places, more)
}
