//! Where the characters of a cooked scalar stand. In comes the source of a scalar and its cooked text, out goes the map between them.
//! It never decodes anything: the parsers have done that, this walks both texts side by side.

use crate::span::{FileId, Span, TextMap};

/// How a scalar is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quoting {
    /// YAML without quotes: lines fold.
    Plain,
    /// YAML `'…'`: lines fold, `''` is a quote.
    Single,
    /// YAML `"…"`: lines fold, backslashes escape.
    Double,
    /// YAML `|`.
    Literal,
    /// YAML `>`.
    Folded,
    /// TOML `"…"` and `"""…"""`: backslashes escape.
    Basic,
    /// TOML `'…'`, `'''…'''` and bare keys.
    Verbatim,
}

/// Maps `cooked` to the source between `start` and `end`, quotes excluded.
pub(super) fn text_map(file: FileId, source: &str, style: Quoting, start: usize, end: usize, cooked: &str) -> TextMap {
    let mut walk = TextWalk {
        source: source.as_bytes(),
        end: end.min(source.len()),
        at: start,
        cooked: cooked.as_bytes(),
        done: 0,
        steps: Vec::new(),
    };
    match style {
        Quoting::Plain | Quoting::Single | Quoting::Double => walk.flow(style),
        Quoting::Literal | Quoting::Folded => walk.block(start, style == Quoting::Folded),
        Quoting::Basic => walk.basic(),
        Quoting::Verbatim => walk.verbatim(),
    }
    if walk.steps.is_empty() {
        walk.step();
    }
    let span = Span::new(file, start, end);
    TextMap { file, steps: walk.steps, end: span.end }
}

/// A position in both texts.
struct TextWalk<'a> {
    source: &'a [u8],
    end: usize,
    at: usize,
    cooked: &'a [u8],
    done: usize,
    steps: Vec<(u32, u32)>,
}

impl TextWalk<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        if at < self.end { self.source.get(at).copied() } else { None }
    }

    /// Length of the line break at a place, 0 if none stands there.
    fn line_break(&self, at: usize) -> usize {
        match (self.byte(at), self.byte(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(b'\r' | b'\n'), _) => 1,
            (_, _) => 0,
        }
    }

    /// Notes that cooked byte `done` stands at source byte `at`.
    fn step(&mut self) {
        let (Ok(from), Ok(to)) = (u32::try_from(self.done), u32::try_from(self.at)) else { return };
        let expected = self.steps.last().map(|(cooked, source)| source.saturating_add(from.saturating_sub(*cooked)));
        if expected != Some(to) {
            self.steps.push((from, to));
        }
    }

    /// Takes `cooked` bytes that all stand at the current place, and goes on `source` bytes further.
    fn take(&mut self, cooked: usize, source: usize) {
        for _ in 0..cooked {
            self.step();
            self.done += 1;
        }
        self.at += source;
    }

    /// Length of the cooked character at the current place.
    fn cooked_length(&self) -> usize {
        match self.cooked.get(self.done) {
            None => 0,
            Some(0..=0x7f) => 1,
            Some(0x80..=0xdf) => 2,
            Some(0xe0..=0xef) => 3,
            Some(0xf0..=0xff) => 4,
        }
    }

    fn skip_blanks(&mut self) {
        while matches!(self.byte(self.at), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    fn verbatim(&mut self) {
        self.skip_first_break();
        while self.done < self.cooked.len() && self.at < self.end {
            self.copy();
        }
    }

    /// Takes a character that stands for itself; a line break of two bytes may have become one.
    fn copy(&mut self) {
        if self.line_break(self.at) == 2 && self.cooked.get(self.done) == Some(&b'\n') {
            self.take(1, 2);
        } else {
            self.take(1, 1);
        }
    }

    /// TOML drops a line break right after the opening `'''` or `"""`; on one line there is none.
    fn skip_first_break(&mut self) {
        self.at += self.line_break(self.at);
    }

    fn basic(&mut self) {
        self.skip_first_break();
        while self.done < self.cooked.len() && self.at < self.end {
            if self.byte(self.at) != Some(b'\\') {
                self.copy();
            } else if matches!(self.byte(self.at + 1), Some(b' ' | b'\t' | b'\r' | b'\n')) {
                self.at += 1;
                while matches!(self.byte(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
                    self.at += 1;
                }
            } else {
                self.escape();
            }
        }
    }

    /// Takes one escaped character.
    fn escape(&mut self) {
        let cooked = self.cooked_length();
        let source = match self.byte(self.at + 1) {
            Some(b'x') => 4,
            // A pair of surrogates makes one character.
            Some(b'u') if cooked == 4 => 12,
            Some(b'u') => 6,
            Some(b'U') => 10,
            Some(_) | None => 2,
        };
        self.take(cooked, source);
    }

    fn flow(&mut self, style: Quoting) {
        while self.done < self.cooked.len() && self.at < self.end {
            match self.byte(self.at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => {
                    let mut after = self.at;
                    while matches!(self.byte(after), Some(b' ' | b'\t')) {
                        after += 1;
                    }
                    if self.line_break(after) > 0 {
                        self.at = after;
                        self.fold(true);
                    } else {
                        while self.at < after {
                            self.take(1, 1);
                        }
                    }
                }
                Some(b'\'') if style == Quoting::Single => self.take(1, 2),
                Some(b'\\') if style == Quoting::Double => {
                    if self.line_break(self.at + 1) > 0 {
                        self.at += 1;
                        self.fold(false);
                    } else {
                        self.escape();
                    }
                }
                Some(_) | None => self.take(1, 1),
            }
        }
    }

    /// Takes the line breaks from here on: one is a space (or nothing, if escaped), of several each but the first is a line feed.
    fn fold(&mut self, space: bool) {
        let first = self.at;
        self.at += self.line_break(first);
        let mut feeds = 0;
        loop {
            self.skip_blanks();
            let width = self.line_break(self.at);
            if width == 0 {
                // Blanks of the line that goes on are indentation; at the end of the scalar they stand before the closing quote.
                break;
            }
            self.take(1, width);
            feeds += 1;
        }
        if feeds == 0 && space {
            let resume = std::mem::replace(&mut self.at, first);
            self.take(1, 0);
            self.at = resume;
        }
    }

    fn block(&mut self, start: usize, folded: bool) {
        let lines = self.block_lines(start);
        let content = |line: &(usize, usize)| line.0 < line.1;
        let indented = |line: &(usize, usize)| matches!(self.source.get(line.0), Some(b' ' | b'\t'));
        let mut plan = Vec::new();
        let mut rest = lines.as_slice();
        while let Some((line, after)) = rest.split_first() {
            rest = after;
            plan.push((*line, true));
            if !folded || !content(line) {
                continue;
            }
            // A single break between two lines is a space, of several the first goes; a line that begins with a blank keeps all
            // breaks around it, and so does the end of the text.
            let blank = after.iter().take_while(|line| !content(line)).count();
            let Some(next) = after.get(blank) else { continue };
            if blank > 0 && !indented(line) && !indented(next) {
                plan.pop();
                plan.push((*line, false));
            }
            plan.extend(after.iter().take(blank).map(|line| (*line, true)));
            rest = after.get(blank..).unwrap_or_default();
        }
        for ((from, to), takes_break) in plan {
            self.at = from;
            while self.at < to && self.done < self.cooked.len() {
                self.take(1, 1);
            }
            if takes_break && self.done < self.cooked.len() {
                self.take(1, 0);
            }
        }
    }

    /// Start and end of the content of each line of a block text. Its span begins at the first line that has content; the text
    /// begins below the header, which is the last line before that is not blank.
    fn block_lines(&self, start: usize) -> Vec<(usize, usize)> {
        let mut at = self.line_start(start);
        let indentation = start - at;
        while at > 0 {
            let above = self.line_start(self.break_before(at));
            if !self.source.get(above..at).is_some_and(|line| line.iter().all(u8::is_ascii_whitespace)) {
                break;
            }
            at = above;
        }
        let mut lines = Vec::new();
        while at < self.end {
            let spaces = self.source.iter().skip(at).take(indentation).take_while(|byte| **byte == b' ').count();
            let from = (at + spaces).min(self.end);
            let mut to = from;
            while to < self.end && self.line_break(to) == 0 {
                to += 1;
            }
            lines.push((from, to));
            at = to + self.line_break(to).max(1);
        }
        lines
    }

    /// Start of the line a place stands in.
    fn line_start(&self, at: usize) -> usize {
        let before = self.source.get(..at).unwrap_or_default();
        before.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |found| found + 1)
    }

    /// Start of the line break that ends right before a place.
    fn break_before(&self, at: usize) -> usize {
        let before = self.source.get(..at).unwrap_or_default();
        at - if before.ends_with(b"\r\n") { 2 } else { usize::from(at > 0) }
    }
}

#[cfg(test)]
mod tests;
