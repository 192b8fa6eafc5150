//! Which edits an output differs because of. In come the edits that it may be, out go those without which it would be another one, found by taking them back. It
//! compiles nothing itself, and asks for no more than is worth it.

use super::edits::EditNumbers;
use super::{changed_files, part};
use crate::artifact::Artifacts;
use std::collections::{BTreeMap, BTreeSet};

/// So often the project is compiled without some edits, at most.
const MOST: usize = 16;

/// So many files are emitted for that in all.
const FILES: usize = 20_000;

/// Compiles the project without some edits; none if that is wrong.
pub type EditTrial<'t> = &'t mut dyn FnMut(&EditNumbers) -> Option<Artifacts>;

/// All that was tried.
pub(super) struct Trials<'a, 't> {
    old: &'a Artifacts,
    new: &'a Artifacts,
    trial: EditTrial<'t>,
    left: usize,
    known: BTreeMap<EditNumbers, Option<TrialOutcome>>,
}

/// What comes of the project without some edits.
struct TrialOutcome {
    /// Outputs that are others than now.
    differ: BTreeSet<String>,
    /// Outputs that are not what they were before either.
    stay: BTreeSet<String>,
}

/// The edits that an output may differ because of.
pub(super) struct Suspects {
    /// All of them.
    pub(super) all: EditNumbers,
    /// Those that it is told of where nothing can be tried.
    pub(super) likely: EditNumbers,
}

impl<'a, 't> Trials<'a, 't> {
    pub(super) fn new((old, new): (&'a Artifacts, &'a Artifacts), all: EditNumbers, trial: EditTrial<'t>) -> Self {
        let left = (FILES / new.iter().count().max(1)).clamp(2, MOST);
        let differ = outputs(old, new);
        // Without all of them it is what it was.
        let whole = TrialOutcome { differ, stay: BTreeSet::new() };
        Self { old, new, trial, left, known: BTreeMap::from([(all, Some(whole))]) }
    }

    /// What comes of the project without some edits, or that it is wrong then; none if that is not tried any more.
    fn outcome(&mut self, edits: &EditNumbers) -> Option<Option<&TrialOutcome>> {
        if !self.known.contains_key(edits) {
            self.left = self.left.checked_sub(1)?;
            let found = (self.trial)(edits);
            let outcome = found.map(|found| TrialOutcome { differ: outputs(&found, self.new), stay: outputs(&found, self.old) });
            self.known.insert(edits.clone(), outcome);
        }
        self.known.get(edits).map(Option::as_ref)
    }

    /// Whether an output is what it was without some edits; none if nobody can tell. What is wrong without them is not what it was: others belong to them.
    fn restores(&mut self, edits: &EditNumbers, output: &str) -> Option<bool> {
        self.outcome(edits).map(|outcome| outcome.is_some_and(|outcome| !outcome.stay.contains(output)))
    }

    /// The edits that an output differs because of: without them it is what it was, and without fewer it is not.
    pub(super) fn reasons(&mut self, output: &str, suspects: Suspects, all: &EditNumbers) -> EditNumbers {
        if suspects.all.len() < 2 {
            return suspects.all;
        }
        let mut found = EditNumbers::new();
        for at in &suspects.all {
            let alone = self.outcome(&EditNumbers::from([*at])).flatten().map(|outcome| outcome.differ.contains(output));
            if alone.unwrap_or_else(|| suspects.likely.contains(at)) {
                found.insert(*at);
            }
        }
        if !found.is_empty() && self.restores(&found, output) != Some(false) {
            return found;
        }
        // Some make no difference alone, and do together.
        let mut needed = if self.restores(&suspects.all, output) == Some(true) { suspects.all } else { all.clone() };
        for at in needed.clone().difference(&found) {
            let mut fewer = needed.clone();
            fewer.remove(at);
            if self.restores(&fewer, output) == Some(true) {
                needed = fewer;
            }
        }
        needed
    }
}

/// Outputs of which a file differs.
fn outputs(one: &Artifacts, other: &Artifacts) -> BTreeSet<String> {
    changed_files(one, other).iter().map(|path| part(path).0).collect()
}
