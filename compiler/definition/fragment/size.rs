//! How large fragments become with all that they use. In comes a fragment as it is written, and what those come to that it uses; out goes its own
//! size, or where it becomes too much. What uses one that is too large is told of that alone.

use super::super::errors;
use super::circle::uses;
use super::words::named;
use crate::diagnostic::Diagnostic;
use crate::limit::{FRAGMENT_DEPTH, USED_WEIGHT};
use crate::span::Span;
use crate::value::{Entry, Value};

/// What one fragment comes to.
#[derive(Clone, Copy, Default)]
pub(super) struct FragmentSize {
    /// Fragments within each other.
    depth: usize,
    /// Values of its fields and of its template.
    schema: usize,
    template: usize,
    is_too_much: bool,
}

impl FragmentSize {
    /// Of a fragment that uses others, of which this is known: `needs` are all of them, `find` gives the one of a name. Tells where it is too much, unless
    /// that is one of the others already.
    pub(super) fn of(value: &Value, needs: &[(Self, Span)], find: impl Fn(&str, Span) -> Option<Self>) -> (Self, Option<Diagnostic>) {
        let mut size = Self { is_too_much: needs.iter().any(|(need, _)| need.is_too_much), ..Self::default() };
        if size.is_too_much {
            return (size, None);
        }
        let deepest = needs.iter().max_by_key(|(need, _)| need.depth);
        size.depth = deepest.map_or(1, |(need, _)| need.depth + 1);
        let mut fault = deepest.filter(|_| size.depth > FRAGMENT_DEPTH).map(|(_, span)| errors::fragments_too_deep(*span, FRAGMENT_DEPTH));
        let mut weight = |sections: &[&str], part: fn(&Self) -> usize| {
            let sections = || sections.iter().filter_map(|section| value.get(section));
            let mut weight = sections().map(Value::weight).fold(0, usize::saturating_add);
            let mut add = |used: &Entry| {
                weight = weight.saturating_add(find(named(used), used.span).map_or(0, |used| part(&used)));
                if weight > USED_WEIGHT && fault.is_none() {
                    fault = Some(errors::fragments_too_large(used.span, USED_WEIGHT));
                }
            };
            sections().for_each(|section| uses(section, &mut add));
            weight
        };
        size.schema = weight(&["schema", "types"], |size| size.schema);
        size.template = weight(&["template"], |size| size.template);
        size.is_too_much = fault.is_some();
        (size, fault)
    }

    /// Whether it is too much, so that nobody can use it.
    pub(super) fn is_too_much(&self) -> bool {
        self.is_too_much
    }
}
