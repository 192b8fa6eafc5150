//! Where a use of a fragment reads what nobody gives it: among the fields that a schema has from the fragment. What a definition overrides is of no class, so
//! of such a use that is asked when the class is known.

use super::super::super::errors;
use super::{Taken, Use};
use crate::diagnostic::Diagnostic;
use crate::path::Path;
use crate::span::Span;
use crate::value::Value;

/// Where in `self` those arguments stand of which a use says nothing.
pub(super) enum ArgumentPlaces {
    /// Nowhere: they are defaults.
    None,
    /// There.
    One(Path),
    /// It cannot be told which of these is meant.
    Several(Vec<(Path, Span)>),
}

impl ArgumentPlaces {
    /// Of a use to which something is given, among the fields that a schema has from fragments.
    pub(super) fn of(taken: &[Taken], fragment: &str, given: &Value) -> Self {
        // An expression says all of them.
        let Some(given) = given.as_map() else { return Self::None };
        let places: Vec<(Path, Span)> =
            taken.iter().filter(|taken| *taken.fragment == *fragment).map(|taken| (taken.path.clone(), taken.span)).collect();
        match places.as_slice() {
            [] => Self::None,
            [(path, _)] => Self::One(path.clone()),
            // Who says arguments means none of them.
            _ if !given.entries().is_empty() => Self::None,
            _ => Self::Several(places),
        }
    }
}

impl Use {
    /// Where in `self` those arguments stand that are not said, in a class that has these fields from fragments.
    pub(crate) fn place(&self, taken: &[Taken]) -> Option<Path> {
        if !self.id.is_of_override() || self.outer.is_some() {
            return self.from.clone();
        }
        match ArgumentPlaces::of(taken, &self.fragment.name.name, &self.arguments) {
            ArgumentPlaces::One(path) => Some(path),
            ArgumentPlaces::None | ArgumentPlaces::Several(_) => None,
        }
    }

    /// Reports a use in what is overridden of which nobody can tell whose fields it reads.
    pub(in crate::definition) fn ambiguous(&self, taken: &[Taken]) -> Option<Diagnostic> {
        if !self.id.is_of_override() || self.outer.is_some() {
            return None;
        }
        match ArgumentPlaces::of(taken, &self.fragment.name.name, &self.arguments) {
            ArgumentPlaces::Several(places) => Some(errors::several_places(&self.fragment.name.name, self.span, &places)),
            ArgumentPlaces::None | ArgumentPlaces::One(_) => None,
        }
    }
}
