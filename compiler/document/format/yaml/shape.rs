//! What the parser says about the lines of a text: blocks with their old and new columns, and what goes on over several lines.

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};
use std::collections::BTreeMap;

/// A map or list in block style.
#[derive(Clone, Copy, Debug)]
pub(super) struct YamlBlock {
    /// Where its first key or dash stands.
    pub(super) start: usize,
    /// Where its last value ends.
    pub(super) end: usize,
    /// The column it has.
    pub(super) old: usize,
    /// The column it gets.
    pub(super) new: usize,
    /// Whether it is a list.
    pub(super) list: bool,
}

/// Something that goes on over several lines.
#[derive(Clone, Copy, Debug)]
pub(super) enum Inner {
    /// The lines of a `|` or `>`, from one line start to another line's end; `old` and `new` are their indentation.
    Literal { from: usize, to: usize, old: usize, new: usize },
    /// A plain or quoted text whose further lines are indented by `new`.
    Text { start: usize, end: usize, new: usize },
    /// Brackets; `new` is the column of the block around, none if they are the whole document.
    Flow { start: usize, end: usize, new: Option<usize> },
}

impl Inner {
    fn start(&self) -> usize {
        match self {
            Inner::Literal { from, .. } => *from,
            Inner::Text { start, .. } | Inner::Flow { start, .. } => *start + 1,
        }
    }

    fn end(&self) -> usize {
        match self {
            Inner::Literal { to, .. } => *to,
            Inner::Text { end, .. } | Inner::Flow { end, .. } => *end,
        }
    }
}

/// Everything the layout needs to know.
#[derive(Default)]
pub(super) struct YamlShape {
    /// In the order in which they begin, outer ones first.
    pub(super) blocks: Vec<YamlBlock>,
    inners: Vec<Inner>,
    /// Keys of maps in block style: where they begin and end.
    keys: BTreeMap<usize, usize>,
    /// Brackets that stand on one line, outermost only.
    flows: BTreeMap<usize, usize>,
    /// Places of the digits in headers of block texts.
    digits: BTreeMap<usize, ()>,
    /// Each bracket with the number of those open behind it.
    brackets: Vec<(usize, usize)>,
}

enum YamlFrame {
    Block { index: usize, wants_key: bool },
    Flow { start: usize, real: bool },
}

impl YamlShape {
    /// Looks at a text; none if it holds what cannot be laid out line by line.
    pub(super) fn of(text: &str) -> Option<YamlShape> {
        let options = granit_parser::options! { strict_indentation: true, emit_comments: false };
        let mut shape = YamlShape::default();
        let mut stack: Vec<YamlFrame> = Vec::new();
        let mut done = 0;
        for event in Parser::new_from_str_with_options(text, options) {
            let (event, span) = event.ok()?;
            let (start, end) = (span.start.byte_offset()?, span.end.byte_offset()?);
            match event {
                Event::SequenceStart(style, ..) | Event::MappingStart(style, ..) => {
                    let list = matches!(event, Event::SequenceStart(..));
                    shape.open(text, &mut stack, style, list, start..end, done)?;
                    done = done.max(end);
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => match stack.pop()? {
                    YamlFrame::Block { index, .. } => shape.blocks.get_mut(index)?.end = done,
                    YamlFrame::Flow { start: from, real } => {
                        if real {
                            shape.bracket(end.checked_sub(1)?, false);
                            done = end;
                        }
                        if !stack.iter().any(|frame| matches!(frame, YamlFrame::Flow { .. })) {
                            shape.flow(text, &stack, from..end);
                        }
                    }
                },
                Event::Scalar(_, style, ..) => {
                    shape.scalar(text, &stack, style, start..end, done)?;
                    done = done.max(end);
                }
                Event::Alias(_) => done = done.max(end),
                Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..) | Event::DocumentEnd | _ => continue,
            }
            if let Some(YamlFrame::Block { index, wants_key }) = stack.last_mut()
                && !shape.blocks.get(*index)?.list
            {
                *wants_key = !*wants_key;
            }
        }
        shape.inners.sort_by_key(Inner::start);
        Some(shape)
    }

    fn open(
        &mut self,
        text: &str,
        stack: &mut Vec<YamlFrame>,
        style: StructureStyle,
        list: bool,
        at: std::ops::Range<usize>,
        done: usize,
    ) -> Option<()> {
        if style == StructureStyle::Flow {
            let real = !at.is_empty();
            if real {
                self.bracket(at.start, true);
            }
            stack.push(YamlFrame::Flow { start: at.start, real });
            return Some(());
        }
        let (start, new) = match stack.last() {
            None => (at.start, 0),
            Some(YamlFrame::Flow { .. } | YamlFrame::Block { wants_key: true, .. }) => return None,
            Some(YamlFrame::Block { index, .. }) => {
                let outer = self.blocks.get(*index)?;
                // A list as deep as its key is said to begin behind its dash.
                let start = if list && !outer.list { dash_behind(text, done)? } else { at.start };
                (start, outer.new + 2)
            }
        };
        let index = self.blocks.len();
        self.blocks.push(YamlBlock { start, end: start, old: column(text, start), new, list });
        stack.push(YamlFrame::Block { index, wants_key: !list });
        Some(())
    }

    fn bracket(&mut self, at: usize, open: bool) {
        let before = self.brackets.last().map_or(0, |(_, depth)| *depth);
        self.brackets.push((at, if open { before + 1 } else { before.saturating_sub(1) }));
    }

    /// The new column of the innermost block.
    fn base(&self, stack: &[YamlFrame]) -> Option<usize> {
        stack.iter().rev().find_map(|frame| match frame {
            YamlFrame::Block { index, .. } => self.blocks.get(*index).map(|block| block.new),
            YamlFrame::Flow { .. } => None,
        })
    }

    fn flow(&mut self, text: &str, stack: &[YamlFrame], at: std::ops::Range<usize>) {
        if text.get(at.clone()).is_some_and(|text| text.contains('\n')) {
            self.inners.push(Inner::Flow { start: at.start, end: at.end, new: self.base(stack) });
        } else {
            self.flows.insert(at.start, at.end);
        }
    }

    fn scalar(&mut self, text: &str, stack: &[YamlFrame], style: ScalarStyle, at: std::ops::Range<usize>, done: usize) -> Option<()> {
        let Some(YamlFrame::Block { wants_key, index }) = stack.last() else { return Some(()) };
        let key = *wants_key && !self.blocks.get(*index)?.list;
        let several = text.get(at.clone())?.contains('\n');
        let new = self.base(stack)? + 2;
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded if key => return None,
            ScalarStyle::Literal | ScalarStyle::Folded => self.literal(text, at, new, done)?,
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted if key => {
                self.keys.insert(at.start, at.end);
            }
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                if several {
                    self.inners.push(Inner::Text { start: at.start, end: at.end, new });
                }
            }
        }
        Some(())
    }

    /// A block text: its header stands behind what came before, its lines below.
    fn literal(&mut self, text: &str, at: std::ops::Range<usize>, new: usize, done: usize) -> Option<()> {
        let behind = text.get(done..)?;
        let mut before = ' ';
        let header = behind.char_indices().find(|(_, char)| {
            let found = matches!(char, '|' | '>') && matches!(before, ' ' | '\t' | '\n' | '-' | ':');
            before = *char;
            found
        });
        let header = done + header?.0;
        let line_end = text.get(header..)?.find('\n').map_or(text.len(), |found| header + found);
        let marks = text.get(header + 1..line_end)?.split([' ', '\t', '#']).next()?;
        if let Some(digit) = marks.find(|char: char| char.is_ascii_digit()) {
            self.digits.insert(header + 1 + digit, ());
        }
        let from = line_end + 1;
        let old = column(text, at.start);
        let mut to = if marks.contains('+') { at.end } else { from };
        let mut line_start = from;
        for line in text.get(from..at.end.max(from)).unwrap_or("").split_inclusive('\n') {
            let content = line.trim_end_matches('\n');
            if content.len() > old || !content.trim().is_empty() {
                to = to.max(line_start + content.len());
            }
            line_start += line.len();
        }
        if from < to {
            self.inners.push(Inner::Literal { from, to, old, new });
        }
        Some(())
    }

    /// What goes on at a line start.
    pub(super) fn inner_at(&self, at: usize) -> Option<&Inner> {
        let after = self.inners.partition_point(|inner| inner.start() <= at);
        self.inners.get(after.checked_sub(1)?).filter(|inner| at < inner.end())
    }

    /// How many brackets are open at a place.
    pub(super) fn brackets_at(&self, at: usize) -> usize {
        let after = self.brackets.partition_point(|(place, _)| *place < at);
        after.checked_sub(1).and_then(|index| self.brackets.get(index)).map_or(0, |(_, depth)| *depth)
    }

    /// The end of the key that begins at a place.
    pub(super) fn key_end(&self, at: usize) -> Option<usize> {
        self.keys.get(&at).copied()
    }

    /// The end of the brackets that begin at a place, if they stand on one line.
    pub(super) fn flow_at(&self, at: usize) -> Option<usize> {
        self.flows.get(&at).copied()
    }

    /// The digit in a header of a block text between two places.
    pub(super) fn digit_in(&self, range: std::ops::Range<usize>) -> Option<usize> {
        self.digits.range(range).next().map(|(at, ())| *at)
    }
}

/// The column of a place, in bytes: indentation holds spaces only.
pub(super) fn column(text: &str, at: usize) -> usize {
    at - text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |found| found + 1)
}

/// The dash that comes next behind a key, over properties, comments and line breaks.
fn dash_behind(text: &str, at: usize) -> Option<usize> {
    let mut rest = text.get(at..)?.trim_start_matches([' ', '\t']).strip_prefix(':')?;
    loop {
        rest = rest.trim_start();
        match rest.chars().next()? {
            '-' => return Some(text.len() - rest.len()),
            '#' => rest = rest.get(rest.find('\n')?..)?,
            '&' | '!' => rest = rest.get(rest.find(char::is_whitespace)?..)?,
            _ => return None,
        }
    }
}
