//! affected: which outputs a change touches, whose they are, and which line of the sources is the reason. In come the project before and now, each
//! with its files; out go folders whose bytes differ. What depends on these is said apart.
//!
//! The reasons are edits (`affected/edits.rs`): those that a line of a file that differs was made of (`affected/traced.rs`), and where these may be more or others than have made
//! it differ, those without which it would not (`affected/trials.rs`). They are told by the values that they change (`affected/reasons.rs`).

mod edits;
mod reasons;
mod traced;
mod trials;

pub use edits::{EditNumbers, ReadSources, SourceEdits, TakenBack};
pub use trials::EditTrial;

use super::path::DeadEnd;
use crate::artifact::Artifacts;
use crate::definition::Definitions;
use crate::floor::FilePlace;
use crate::model::Model;
use crate::source::Sources;
use crate::span::Span;
use reasons::SourceChanges;
use std::collections::{BTreeMap, BTreeSet};
use traced::{FileTrace, trace};
use trials::Trials;

/// The project in one version.
#[derive(Clone, Copy, Debug)]
pub struct ProjectVersion<'a> {
    /// The resolved platform.
    pub model: &'a Model,
    /// Where its classes are.
    pub definitions: &'a Definitions,
    /// What is written.
    pub sources: &'a Sources,
    /// The files of its output; those that differ know what stands in their lines, unless the edits are plain ([`changed_files`], [`SourceEdits::is_plain`]).
    pub artifacts: &'a Artifacts,
}

/// What happens to a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FileChange {
    /// It is new.
    Added,
    /// It has other bytes.
    Changed,
    /// It is gone.
    Removed,
}

/// What a folder of the output is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum AffectedPart {
    /// A Terraform stack: its environment, by what names it outside, and its name.
    Stack {
        /// The environment.
        environment: String,
        /// The stack.
        stack: String,
    },
    /// Kubernetes objects of a thing.
    Objects,
    /// What is installed on a cluster, and by whom.
    Delivery,
    /// Anything else: files of classes, lists.
    Files,
}

/// A part of the output that a change touches.
#[derive(Clone, Debug)]
pub struct AffectedOutput {
    /// The folder, or the file where one stands for itself, below the output directory.
    pub path: String,
    /// What it is.
    pub part: AffectedPart,
    /// Its files that differ.
    pub files: Vec<(String, FileChange)>,
    /// The model paths of the things that it is of, as far as they have to do with the change.
    pub things: BTreeSet<String>,
    /// Why it differs: at least one.
    pub reasons: BTreeSet<AffectedReason>,
}

/// Why something differs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct AffectedReason {
    /// What: `services.web.replicas`, `class service/web`.
    pub what: String,
    /// Where that is written before.
    pub before: Option<Span>,
    /// Where it is written now.
    pub now: Option<Span>,
}

/// Which parts of the output differ, by path, and because of which edits; with what comes of the project without some of these.
///
/// # Errors
/// If the two differ in more than can be told.
pub fn affected(
    before: ProjectVersion<'_>,
    now: ProjectVersion<'_>,
    edits: &SourceEdits,
    trial: EditTrial<'_>,
) -> Result<Vec<AffectedOutput>, DeadEnd> {
    let mut outputs = differing(before, now, edits);
    if outputs.is_empty() {
        return Ok(Vec::new());
    }
    let changes = SourceChanges::of(before, now, edits)?;
    let all = edits.all();
    let mut trials = Trials::new((before.artifacts, now.artifacts), all.clone(), trial);
    for (output, traces) in outputs.values_mut() {
        let reasons = trials.reasons(&output.path, changes.suspects(traces, &all), &all);
        changes.tell(&reasons, traces, edits, output);
    }
    Ok(outputs.into_values().map(|(output, _)| output).collect())
}

/// Which parts of the output differ, and nothing of why: each with all things that its files are made for.
#[must_use]
pub fn affected_parts(before: ProjectVersion<'_>, now: ProjectVersion<'_>) -> Vec<AffectedOutput> {
    let outputs = differing(before, now, &SourceEdits::default());
    outputs.into_values().map(|(output, traces)| AffectedOutput { things: traces.things, ..output }).collect()
}

fn differing(before: ProjectVersion<'_>, now: ProjectVersion<'_>, edits: &SourceEdits) -> BTreeMap<String, (AffectedOutput, FileTrace)> {
    let mut outputs: BTreeMap<String, (AffectedOutput, FileTrace)> = BTreeMap::new();
    for (path, change) in changes(before.artifacts, now.artifacts) {
        let (folder, part) = part(&path);
        let new = || AffectedOutput { path: folder.clone(), part, files: Vec::new(), things: BTreeSet::new(), reasons: BTreeSet::new() };
        let (output, traces) = outputs.entry(folder.clone()).or_insert_with(|| (new(), FileTrace::default()));
        traces.extend(trace(before, now, &path, edits));
        output.files.push((path, change));
    }
    outputs
}

/// Paths of the files that differ.
#[must_use]
pub fn changed_files(before: &Artifacts, now: &Artifacts) -> BTreeSet<String> {
    changes(before, now).into_iter().map(|(path, _)| path).collect()
}

/// The files that differ, by path.
fn changes(before: &Artifacts, now: &Artifacts) -> Vec<(String, FileChange)> {
    let gone = before.iter().filter(|(path, _)| now.get(path).is_none()).map(|(path, _)| (path.to_owned(), FileChange::Removed));
    let mut changes: Vec<(String, FileChange)> = now
        .iter()
        .filter_map(|(path, artifact)| match before.get(path) {
            None => Some((path.to_owned(), FileChange::Added)),
            Some(old) if old.text != artifact.text => Some((path.to_owned(), FileChange::Changed)),
            Some(_) => None,
        })
        .chain(gone)
        .collect();
    changes.sort();
    changes
}

/// The part of the output that a file is in.
fn part(path: &str) -> (String, AffectedPart) {
    let folder = |file: &str| path.strip_suffix(file).unwrap_or(path).trim_end_matches('/').to_owned();
    match FilePlace::of(path) {
        Some(FilePlace::Base { file, .. } | FilePlace::Overlay { file, .. }) => (folder(file), AffectedPart::Objects),
        Some(FilePlace::Stack { environment, stack, file }) => {
            (folder(file), AffectedPart::Stack { environment: environment.to_owned(), stack: stack.to_owned() })
        }
        Some(FilePlace::Delivery { .. }) => (path.to_owned(), AffectedPart::Delivery),
        None => (path.to_owned(), AffectedPart::Files),
    }
}
