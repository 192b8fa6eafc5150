//! Places in sources, as sets that can be asked. In come spans, out go answers; what stands there is not looked at.

use crate::span::{FileId, Span};
use std::collections::BTreeMap;

/// Disjoint ranges by file: their ends by their starts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Places(BTreeMap<FileId, BTreeMap<u32, u32>>);

impl Places {
    pub(super) fn add(&mut self, span: Span) {
        if span.start == span.end {
            return;
        }
        let ranges = self.0.entry(span.file).or_default();
        let (mut start, mut end) = (span.start, span.end);
        while let Some((&from, &to)) = ranges.range(..=end).next_back().filter(|(_, to)| **to >= start) {
            ranges.remove(&from);
            (start, end) = (start.min(from), end.max(to));
        }
        ranges.insert(start, end);
    }

    pub(super) fn append(&mut self, other: &Places) {
        for (file, ranges) in &other.0 {
            ranges.iter().for_each(|(start, end)| self.add(Span { file: *file, start: *start, end: *end }));
        }
    }

    /// Whether a range shares a byte with one of these.
    pub(super) fn meet(&self, span: Span) -> bool {
        let before = self.0.get(&span.file).and_then(|ranges| ranges.range(..span.end).next_back());
        before.is_some_and(|(_, end)| *end > span.start)
    }

    /// Whether a range lies in one of these.
    pub(super) fn hold(&self, span: Span) -> bool {
        let before = self.0.get(&span.file).and_then(|ranges| ranges.range(..=span.start).next_back());
        before.is_some_and(|(_, end)| *end >= span.end && *end > span.start)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The files with such places, and these in their order.
    pub(super) fn files(&self) -> impl Iterator<Item = (FileId, impl Iterator<Item = (usize, usize)>)> {
        self.0.iter().map(|(file, ranges)| (*file, ranges.iter().map(|(start, end)| (*start as usize, *end as usize))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_meet_and_hold() {
        let span = |start, end| Span { file: FileId(0), start, end };
        let mut places = Places::default();
        for (start, end) in [(10, 20), (40, 50), (5, 5), (18, 30), (29, 41)] {
            places.add(span(start, end));
        }
        assert_eq!(places.0.get(&FileId(0)), Some(&BTreeMap::from([(10, 50)])));
        for (start, end, meet, hold) in [(0, 10, false, false), (0, 11, true, false), (10, 50, true, true), (49, 51, true, false)] {
            assert_eq!((places.meet(span(start, end)), places.hold(span(start, end))), (meet, hold), "{start}..{end}");
        }
    }
}
