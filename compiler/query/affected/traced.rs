//! What the lines of a file that differ were made of. In come both versions of a file, whose lines know their sources; out go the places that these were made of, and the
//! edits that are among them.

use super::ProjectVersion;
use super::edits::{EditNumbers, SourceEdits};
use crate::artifact::Artifact;
use crate::model::Model;
use crate::print::Passage;
use crate::query::origins::gather;
use crate::span::Span;
use crate::value::Value;
use similar::{Algorithm, capture_diff_slices};
use std::collections::BTreeSet;
use std::ops::Range;

/// What was found of the files of one output.
#[derive(Clone, Debug, Default)]
pub(super) struct FileTrace {
    /// Places of the sources that lines which differ were made of, before and now.
    pub(super) places: (BTreeSet<Span>, BTreeSet<Span>),
    /// The edits that these lie in.
    pub(super) edits: EditNumbers,
    /// Whether something differs that no edit is known of: what decides whether something is there leaves no trace in it.
    pub(super) is_open: bool,
    /// The model paths of the things that the files were made for.
    pub(super) things: BTreeSet<String>,
    /// Those of them that only one version has.
    pub(super) lone: BTreeSet<String>,
}

impl FileTrace {
    pub(super) fn extend(&mut self, other: FileTrace) {
        self.places.0.extend(other.places.0);
        self.places.1.extend(other.places.1);
        self.edits.extend(other.edits);
        self.is_open |= other.is_open;
        self.things.extend(other.things);
        self.lone.extend(other.lone);
    }

    /// Takes what a line was made of.
    fn add(&mut self, places: BTreeSet<Span>, is_new: bool, edits: &SourceEdits) {
        let found: EditNumbers = places.iter().flat_map(|place| edits.at(*place, is_new)).collect();
        self.is_open |= found.is_empty();
        self.edits.extend(found);
        let known = if is_new { &mut self.places.1 } else { &mut self.places.0 };
        known.extend(places);
    }
}

/// What the lines of a file that differ were made of.
pub(super) fn trace(before: ProjectVersion<'_>, now: ProjectVersion<'_>, path: &str, edits: &SourceEdits) -> FileTrace {
    let (old, new) = (before.artifacts.get(path), now.artifacts.get(path));
    let things = |model: &Model, artifact: Option<&Artifact>| -> BTreeSet<String> {
        artifact.into_iter().flat_map(|artifact| &artifact.entities).map(|id| model.entity(*id).path.to_string()).collect()
    };
    let (was, is) = (things(before.model, old), things(now.model, new));
    let lone: BTreeSet<String> = was.symmetric_difference(&is).cloned().collect();
    let is_open = !lone.is_empty() || old.is_none() || new.is_none();
    let mut found = FileTrace { lone, things: &was | &is, is_open, ..FileTrace::default() };
    let is_traced = |artifact: Option<&Artifact>| artifact.is_none_or(|artifact| artifact.passages.is_some());
    if !is_traced(old) || !is_traced(new) {
        found.is_open = true;
        return found;
    }
    // A comma behind a line tells nothing of it.
    let lines = |artifact: Option<&'_ Artifact>| -> Vec<String> {
        artifact.map(|artifact| artifact.text.lines().map(|line| line.trim_end_matches(',').to_owned()).collect()).unwrap_or_default()
    };
    let (first, second) = (lines(old), lines(new));
    for operation in capture_diff_slices(Algorithm::Myers, &first, &second) {
        let (tag, was, is) = operation.as_tag_tuple();
        if tag == similar::DiffTag::Equal {
            continue;
        }
        let mut is_known = false;
        for (artifact, lines, is_new) in [(old, was, false), (new, is, true)] {
            for places in places(artifact, lines) {
                found.add(places, is_new, edits);
                is_known = true;
            }
        }
        found.is_open |= !is_known;
    }
    found
}

/// What each of some lines, counted from 0, was made of.
fn places(artifact: Option<&Artifact>, lines: Range<usize>) -> Vec<BTreeSet<Span>> {
    let passages = artifact.and_then(|artifact| artifact.passages.as_deref()).unwrap_or_default();
    let from = passages.partition_point(|passage| passage.last <= lines.start);
    let within = passages.get(from..).unwrap_or_default().iter().take_while(|passage| passage.first <= lines.end);
    // What holds others is there because of them.
    let leaves = within.filter(|passage: &&Passage| !passage.opens && !lines.is_empty());
    let made_of = |value: Value| {
        let mut found = BTreeSet::new();
        gather(&value, &mut found);
        found
    };
    leaves.filter_map(|passage| passage.tree.to_value()).map(made_of).collect()
}
