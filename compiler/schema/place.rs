//! Where in a value a check is, and which of the places that wrote a value is to blame.

use super::{Mode, Subject};
use crate::diagnostic::Diagnostic;
use crate::source::Sources;
use crate::span::Span;
use crate::value::Value;

/// A step from a value to one inside it.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

/// A place inside the value that is checked.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) steps: &'a [Step<'a>],
    pub(super) mode: Mode,
    /// The key of the innermost map or list entry that holds the place.
    pub(super) key: Option<Span>,
}

impl Place<'_> {
    /// The diagnostic with the model path of the place, or of a field there. A single layer has no place in the model.
    pub(super) fn mark(&self, diagnostic: Diagnostic, field: Option<&str>) -> Diagnostic {
        if self.mode == Mode::Complete { diagnostic.path(self.path(field)) } else { diagnostic }
    }

    /// The model path, to be given to `platc explain`.
    pub(super) fn path(&self, field: Option<&str>) -> String {
        let mut path = self.subject.path.to_owned();
        for step in self.steps.iter().copied().chain(field.map(Step::Key)) {
            append(&mut path, step);
        }
        path
    }

    /// The field in a sentence: its name and the one it is in, `size.min` or `taints[0].effect`.
    pub(super) fn name(&self) -> String {
        let keys = self.steps.iter().enumerate().filter(|(_, step)| matches!(step, Step::Key(_)));
        let from = keys.map(|(at, _)| at).rev().nth(1).unwrap_or(0);
        let mut name = String::new();
        for step in self.steps.iter().skip(from) {
            append(&mut name, *step);
        }
        name
    }

    /// Fields from the definition down, dots between: `size.min`; lists and maps of free keys included.
    pub(super) fn field_path(&self) -> String {
        let mut path = String::new();
        for step in self.steps {
            append(&mut path, *step);
        }
        path
    }
}

fn append(path: &mut String, step: Step<'_>) {
    match step {
        Step::Item(at) => path.push_str(&format!("[{at}]")),
        Step::Key(key) if key.is_empty() || key.contains(|char: char| !(char.is_alphanumeric() || matches!(char, '-' | '_'))) => {
            path.push_str(&format!("[\"{key}\"]"));
        }
        Step::Key(key) => {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(key);
        }
    }
}

/// The place to edit: the last one in the user's own files that wrote the value; the last one at all if no user did.
pub(super) fn blamed(value: &Value, sources: &Sources) -> Span {
    let mut layer = Some(value);
    while let Some(at) = layer {
        if !sources.is_library(at.origin.span) {
            return at.origin.span;
        }
        layer = at.overridden.as_deref();
    }
    value.origin.span
}

/// Places that wrote weaker values, oldest first, at most four, and how many more there are.
pub(super) fn weaker(value: &Value) -> (Vec<Span>, usize) {
    let blame = value.origin.span;
    let mut places = Vec::new();
    let mut layer = value.overridden.as_deref();
    while let Some(at) = layer {
        if at.origin.span != blame && !places.contains(&at.origin.span) {
            places.push(at.origin.span);
        }
        layer = at.overridden.as_deref();
    }
    let more = places.len().saturating_sub(4);
    places.truncate(4);
    places.reverse();
    (places, more)
}
