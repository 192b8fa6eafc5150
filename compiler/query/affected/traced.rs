//! What the lines of a file that differ were made of. In come both versions of a file, whose lines know their sources; out go the places that these were made of, hunk by
//! hunk.

use super::ProjectVersion;
use crate::artifact::Artifact;
use crate::model::Model;
use crate::print::Passage;
use crate::span::Span;
use crate::value::{Data, Value};
use similar::{Algorithm, capture_diff_slices};
use std::collections::BTreeSet;
use std::ops::Range;

/// So far back is followed what a value was made of.
const DEPTH: usize = 24;

/// What was found of the files of one output.
#[derive(Clone, Debug, Default)]
pub(super) struct FileTrace {
    /// Stretches of lines that differ, of which anything is known.
    pub(super) hunks: Vec<TracedHunk>,
    /// The model paths of the things that the files were made for.
    pub(super) things: BTreeSet<String>,
    /// Those of them that only one version has.
    pub(super) lone: BTreeSet<String>,
}

/// Places of the sources that a stretch of lines was made of, in both versions.
#[derive(Clone, Debug, Default)]
pub(super) struct TracedHunk {
    pub(super) before: BTreeSet<Span>,
    pub(super) now: BTreeSet<Span>,
}

impl FileTrace {
    pub(super) fn extend(&mut self, other: FileTrace) {
        self.hunks.extend(other.hunks);
        self.things.extend(other.things);
        self.lone.extend(other.lone);
    }
}

/// What the lines of a file that differ were made of.
pub(super) fn trace(before: ProjectVersion<'_>, now: ProjectVersion<'_>, path: &str) -> FileTrace {
    let (old, new) = (before.artifacts.get(path), now.artifacts.get(path));
    let things = |model: &Model, artifact: Option<&Artifact>| -> BTreeSet<String> {
        artifact.into_iter().flat_map(|artifact| &artifact.entities).map(|id| model.entity(*id).path.to_string()).collect()
    };
    let (was, is) = (things(before.model, old), things(now.model, new));
    let mut found = FileTrace { hunks: Vec::new(), lone: was.symmetric_difference(&is).cloned().collect(), things: &was | &is };
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
        let hunk = TracedHunk { before: places(old, was), now: places(new, is) };
        if !hunk.before.is_empty() || !hunk.now.is_empty() {
            found.hunks.push(hunk);
        }
    }
    found
}

/// What some lines, counted from 0, were made of.
fn places(artifact: Option<&Artifact>, lines: Range<usize>) -> BTreeSet<Span> {
    let mut found = BTreeSet::new();
    let passages = artifact.and_then(|artifact| artifact.passages.as_deref()).unwrap_or_default();
    let from = passages.partition_point(|passage| passage.last <= lines.start);
    let within = passages.get(from..).unwrap_or_default().iter().take_while(|passage| passage.first <= lines.end);
    // What holds others is there because of them.
    let leaves = within.filter(|passage: &&Passage| !passage.opens && !lines.is_empty());
    leaves.filter_map(|passage| passage.tree.to_value()).for_each(|value| gather(&value, DEPTH, &mut found));
    found
}

/// Where a value is written and decided, and all that it was made of.
fn gather(value: &Value, depth: usize, found: &mut BTreeSet<Span>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let is_new = found.insert(value.origin.span);
    found.insert(value.decided().span);
    // Another value of this place may have been made of other ones.
    if !is_new && value.made().is_empty() {
        return;
    }
    value.made().iter().for_each(|cause| gather(&cause.value, depth, found));
    match &value.data {
        Data::List(list) => list.items().iter().for_each(|item| gather(item, depth, found)),
        Data::Map(map) => map.entries().iter().for_each(|entry| gather(&entry.value, depth, found)),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => {}
    }
}
