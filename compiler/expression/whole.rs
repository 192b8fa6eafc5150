//! Things where data is wanted. In comes what a template gives, out goes what is wrong with that; whether it is a thing is known by who asks.

use super::errors;
use super::template::Template;
use crate::diagnostic::Diagnostic;
use crate::path::Path;

/// What no data is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Whole {
    /// A thing: `a cluster`.
    One(&'static str),
    /// All things of a kind: `clusters`.
    All(&'static str),
}

impl Template {
    /// What is wrong with it where it gives a thing, or things, and data is wanted.
    pub(crate) fn gives_whole(&self, whole: Whole) -> Diagnostic {
        let path = self.path().map(|steps| Path::from(steps.to_vec()).to_string());
        errors::whole_thing(path.as_deref(), whole, self.span)
    }
}
