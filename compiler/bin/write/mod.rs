//! write: Artifacts → the output directory. Only files that the index owns are replaced or removed; every file is staged beside its place
//! and renamed; before anything is touched, an index that owns both what was and what will be is written, so a killed build leaves each
//! file old or new and the index true. It never follows a symbolic link below the project's root.

mod apply;
mod errors;
mod index;
mod plan;
mod replace;

pub(crate) use replace::replace;

use platc::diagnostic::Diagnostics;
use serde::Serialize;
use std::path::Path;

/// One file to write.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing<'a> {
    /// Path relative to the output directory, parts joined with `/`.
    pub(crate) path: &'a str,
    /// The bytes.
    pub(crate) text: &'a [u8],
    /// Paths of the entities it came from.
    pub(crate) entities: Vec<&'a str>,
}

/// What to write, and where.
#[derive(Clone, Debug)]
pub(crate) struct Request<'a> {
    /// The project's root.
    pub(crate) root: &'a Path,
    /// What to put before paths in messages.
    pub(crate) prefix: &'a str,
    /// The output directory relative to the root.
    pub(crate) output: &'a str,
    /// All files, sorted by path.
    pub(crate) files: Vec<Outgoing<'a>>,
    /// Paths of entities that are to be written, with all below them; none: everything.
    pub(crate) scope: Option<Vec<String>>,
}

/// What was done, or what would be.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub(crate) struct Outcome {
    /// Files that did not exist.
    pub(crate) created: Vec<String>,
    /// Files with new content.
    pub(crate) updated: Vec<String>,
    /// Those of `updated` whose content was not what platc had written.
    pub(crate) restored: Vec<String>,
    /// Files that are no longer emitted.
    pub(crate) removed: Vec<String>,
    /// How many files stayed as they were.
    pub(crate) unchanged: usize,
    /// Whether only the index differs.
    #[serde(skip)]
    index: bool,
}

impl Outcome {
    /// Whether the output directory was what it should be.
    pub(crate) fn is_current(&self) -> bool {
        self.created.is_empty() && self.updated.is_empty() && self.removed.is_empty() && !self.index
    }
}

/// Brings the output directory up to date. With errors nothing is written, or the index tells how far it came.
pub(crate) fn write(request: &Request<'_>, diagnostics: &mut Diagnostics) -> Outcome {
    run(request, true, diagnostics)
}

/// Says what [`write`] would do.
pub(crate) fn check(request: &Request<'_>, diagnostics: &mut Diagnostics) -> Outcome {
    run(request, false, diagnostics)
}

fn run(request: &Request<'_>, commit: bool, diagnostics: &mut Diagnostics) -> Outcome {
    let mut said = Diagnostics::default();
    let outcome = steps(request, commit, &mut said);
    diagnostics.append(said);
    outcome
}

fn steps(request: &Request<'_>, commit: bool, diagnostics: &mut Diagnostics) -> Outcome {
    let Some(place) = plan::Place::open(request, diagnostics) else { return Outcome::default() };
    let Some((old, old_text)) = index::load(&place, request.scope.is_some(), diagnostics) else { return Outcome::default() };
    let plan = plan::plan(request, &place, &old, diagnostics);
    if diagnostics.has_errors() {
        return Outcome::default();
    }
    let text = index::print(&plan.index, true);
    let mut outcome = plan.outcome();
    outcome.index = old_text != text.as_bytes();
    if commit && !outcome.is_current() {
        apply::apply(&place, &plan, &old, &text, diagnostics);
    }
    outcome
}

#[cfg(test)]
mod tests;
