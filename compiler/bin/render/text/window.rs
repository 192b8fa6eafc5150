//! Pieces of sources to draw: whole lines, with what cannot be seen written as escapes, so that marks below stand where they should.

use crate::render::View;
use platc::source::Source;
use platc::span::{FileId, Span};
use platc::visible::escape;
use std::ops::Range;

/// Marks that cover more lines than this are cut to their first line.
const TALL: usize = 6;
/// Larger pieces of a source are named, not drawn.
const WIDE: usize = 64 * 1024;

/// A few whole lines of a source, because the renderer indexes all it is given.
#[derive(Clone, Debug)]
pub(super) struct Window<'a> {
    /// What is drawn.
    pub(super) text: String,
    /// Number of the first line.
    pub(super) line: usize,
    /// The same as it stands in the source.
    raw: &'a str,
    /// Where `raw` begins in the source.
    start: usize,
    /// Behind each escape: the offset in `raw` and in `text`.
    shifts: Vec<(usize, usize)>,
}

impl<'a> Window<'a> {
    /// The lines that hold these spans; nothing for an unknown file or for too much text.
    pub(super) fn around(view: &View<'a>, file: FileId, spans: &[Span]) -> Option<Self> {
        let source: &'a Source = view.sources.get(file)?;
        let text: &'a str = &source.text;
        let clamp = |offset: u32| boundary(text, offset as usize);
        let first = spans.iter().map(|span| clamp(span.start)).min()?;
        let last = spans.iter().map(|span| clamp(span.end)).max()?;
        let start = text.get(..first)?.rfind('\n').map_or(0, |at| at + 1);
        let end = text.get(last..)?.find('\n').map_or(text.len(), |at| last + at + 1);
        let raw = text.get(start..end)?;
        if raw.len() > WIDE {
            return None;
        }
        let line = view.sources.position(Span::new(file, start, start)).line;
        let (text, shifts) = escaped(raw);
        Some(Self { text, line, raw, start, shifts })
    }

    /// A span relative to what is drawn, on character boundaries.
    pub(super) fn range(&self, span: Span) -> Range<usize> {
        let raw = self.raw_range(span);
        self.drawn(raw.start)..self.drawn(raw.end)
    }

    /// The same for a mark, which does not run over many lines.
    pub(super) fn mark(&self, span: Span) -> Range<usize> {
        let range = self.raw_range(span);
        let marked = self.raw.get(range.clone()).unwrap_or("");
        let trimmed = marked.trim_end().len();
        let length = if marked.lines().count() > TALL {
            marked.lines().next().map_or(0, str::len)
        } else if trimmed == 0 {
            marked.len()
        } else {
            trimmed
        };
        self.drawn(range.start)..self.drawn(range.start + length)
    }

    fn raw_range(&self, span: Span) -> Range<usize> {
        let clamp = |offset: u32| boundary(self.raw, (offset as usize).saturating_sub(self.start));
        let start = clamp(span.start);
        start..clamp(span.end).max(start)
    }

    fn drawn(&self, raw: usize) -> usize {
        let after = self.shifts.partition_point(|(from, _)| *from <= raw);
        let (from, to) = after.checked_sub(1).and_then(|at| self.shifts.get(at)).copied().unwrap_or((0, 0));
        to + raw - from
    }
}

/// Lines in which all can be seen. Line breaks stay, and tabs, which the renderer widens.
pub(super) fn escaped(raw: &str) -> (String, Vec<(usize, usize)>) {
    let mut text = String::with_capacity(raw.len());
    let mut shifts = Vec::new();
    for (at, char) in raw.char_indices() {
        let after = at + char.len_utf8();
        let ends_line = || char == '\r' && raw.get(after..).is_some_and(|rest| rest.starts_with('\n'));
        match escape(raw, at, char) {
            Some(escape) if !matches!(char, '\n' | '\t') && !ends_line() => {
                text.push_str(&escape);
                shifts.push((after, text.len()));
            }
            Some(_) | None => text.push(char),
        }
    }
    (text, shifts)
}

/// The last character boundary at or before an offset, which may lie beyond the end.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
