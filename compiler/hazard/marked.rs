//! A line is marked as changed only if it is. One that stands there as before decides, too: when something else that it reads is another one, or a line
//! beside it is gone. In come reports, out go the same with other words at such lines. Of what has changed this decides nothing.

use super::PlatformChange;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Sources;
use crate::span::{FileId, Span};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::{BTreeMap, BTreeSet};

/// What is said of a line that has changed, and of one that has not.
const WORDS: [(&str, &str); 2] = [("changed here", "written here"), ("this changes its name", "its name is made of this")];

/// So many lines are compared one by one, behind what two texts begin and end with; of more, each counts as changed.
const LINES: usize = 4000;

/// Puts the marks right.
pub(super) fn told(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    let mut known: BTreeMap<FileId, BTreeSet<usize>> = BTreeMap::new();
    let (before, now) = (change.before.sources, change.now.sources);
    let mut is_changed = |span: Span| {
        let lines = known.entry(span.file).or_insert_with(|| changed(before, now, span.file));
        let end = Span { start: span.end, ..span };
        lines.range(now.position(span).line..=now.position(end).line).next().is_some()
    };
    for mut said in diagnostics.drain() {
        if let Diagnostic { primary: Some(label), .. } = &mut said
            && let Some((_, instead)) = WORDS.iter().find(|(word, _)| label.text == *word)
            && !is_changed(label.span)
        {
            (*instead).clone_into(&mut label.text);
        }
        diagnostics.push(said);
    }
}

/// The lines of a text that are not those of before, from 1.
fn changed(before: &Sources, now: &Sources, file: FileId) -> BTreeSet<usize> {
    let path = now.path(file);
    let new: Vec<&str> = now.get(file).map_or("", |source| &source.text).lines().collect();
    let old = before.iter().find(|(id, _)| before.path(*id) == path).map_or("", |(_, source)| &source.text);
    let old: Vec<&str> = old.lines().collect();
    let start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let (old, rest) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = old.iter().rev().zip(rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let old = old.get(..old.len() - end).unwrap_or_default();
    let rest = rest.get(..rest.len() - end).unwrap_or_default();
    if old.len().max(rest.len()) > LINES {
        return (start + 1..=start + rest.len()).collect();
    }
    let lines = |change: DiffOp| match change {
        DiffOp::Equal { .. } | DiffOp::Delete { .. } => 0..0,
        DiffOp::Insert { new_index, new_len, .. } | DiffOp::Replace { new_index, new_len, .. } => new_index..new_index + new_len,
    };
    capture_diff_slices(Algorithm::Myers, old, rest).into_iter().flat_map(lines).map(|index| start + index + 1).collect()
}
