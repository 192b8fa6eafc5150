//! Places in sources. A span is a byte range of one file; lines and columns are computed only when something is printed.

/// Names one file of a [`Sources`](crate::source::Sources); valid only together with it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FileId(pub u32);

/// A byte range in one source: `start` inclusive, `end` exclusive, both on character boundaries.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Span {
    /// The file the range lies in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; `end` is raised to `start` if it lies before it.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX).max(start);
        Self { file, start, end }
    }

    /// Whether two have something in common; an empty one has the character behind it.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        let end = |span: Self| span.end.max(span.start.saturating_add(1));
        self.file == other.file && self.start < end(other) && other.start < end(self)
    }

    /// The smallest span that holds both; `self` if they lie in different files.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Maps offsets of a scalar's cooked text (escapes decoded, folding undone) back to offsets of its source.
///
/// Built by the readers of YAML and TOML. Between two entries the mapping is linear, so a plain one-line scalar needs one entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextMap {
    /// Where the text comes from.
    pub file: FileId,
    /// `(cooked offset, source offset)`, ascending, the first with cooked offset 0.
    pub steps: Vec<(u32, u32)>,
    /// End of the scalar in the source: no mapped offset lies beyond it.
    pub end: u32,
}

impl TextMap {
    /// A text that stands in the source as it is, beginning at byte `start` and ending before `end`.
    #[must_use]
    pub fn verbatim(file: FileId, start: usize, end: usize) -> Self {
        let span = Span::new(file, start, end);
        Self { file, steps: vec![(0, span.start)], end: span.end }
    }

    /// The source offset of a cooked offset.
    #[must_use]
    pub fn offset(&self, cooked: usize) -> u32 {
        let cooked = u32::try_from(cooked).unwrap_or(u32::MAX);
        let after = self.steps.partition_point(|(from, _)| *from <= cooked);
        let (from, to) = self.steps.get(after.saturating_sub(1)).copied().unwrap_or((0, self.end));
        to.saturating_add(cooked.saturating_sub(from)).min(self.end)
    }

    /// The source span of a range of cooked offsets.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Span {
        // The end is mapped through its last byte, so that a range never swallows an escape or line break that follows it.
        let last = if end > start { self.offset(end - 1).saturating_add(1) } else { self.offset(start) };
        let start = self.offset(start);
        Span { file: self.file, start, end: last.max(start) }
    }
}
