//! Layout of YAML, line by line. The parser's events say which block each line belongs to and which lines are inside texts or brackets;
//! each block gets its new column, and each line moves to the column of its block. What cannot be explained line by line (explicit
//! keys, for example) is given up: the text then stays as it is.

mod flow;
mod shape;

use shape::{Inner, YamlBlock, YamlShape, column};

/// Lays a text out, if it can; the caller has made sure that it is valid.
pub(super) fn layout(text: &str) -> Option<String> {
    if text.contains('\r') {
        return None;
    }
    let shape = YamlShape::of(text)?;
    let mut lines =
        YamlLines { text, shape: &shape, out: String::with_capacity(text.len()), open: Vec::new(), next_block: 0, waiting: Vec::new() };
    let mut at = 0;
    for line in text.split('\n') {
        lines.line(at, line)?;
        at += line.len() + 1;
    }
    // Comments at the end stay in the block they stood in.
    let open = std::mem::take(&mut lines.open);
    lines.place(|column| innermost(&open, column).map_or(0, |block| block.new));
    Some(lines.out)
}

struct YamlLines<'a> {
    text: &'a str,
    shape: &'a YamlShape,
    out: String,
    /// Blocks that hold the current line, outermost first.
    open: Vec<YamlBlock>,
    next_block: usize,
    /// Comments with their columns, and blank lines (none), that wait for the line below them.
    waiting: Vec<Option<(usize, &'a str)>>,
}

impl<'a> YamlLines<'a> {
    fn line(&mut self, at: usize, line: &'a str) -> Option<()> {
        let column = line.len() - line.trim_start_matches(' ').len();
        let content = line.trim();
        match self.shape.inner_at(at) {
            Some(Inner::Literal { old, new, .. }) => {
                let spaces = column.min(*old);
                self.write(*new, line.get(spaces..)?);
            }
            Some(Inner::Text { new, .. }) => self.write(*new, content),
            Some(Inner::Flow { new, .. }) if !content.is_empty() => {
                let closers = content.bytes().take_while(|byte| matches!(byte, b']' | b'}')).count();
                let depth = self.shape.brackets_at(at + column).saturating_sub(closers);
                let columns = new.map_or(2 * depth, |new| new + 2 * depth.max(1));
                self.place(|_| columns);
                self.write(columns, content);
            }
            Some(Inner::Flow { .. }) | None if content.is_empty() => self.waiting.push(None),
            Some(Inner::Flow { .. }) | None if content.starts_with('#') => self.waiting.push(Some((column, content))),
            Some(Inner::Flow { .. }) | None if line.starts_with("---") || line.starts_with("...") => {
                let behind = content.get(3..)?.trim_start();
                if !behind.is_empty() && !behind.starts_with('#') {
                    return None;
                }
                self.place(|_| 0);
                self.write(0, content);
            }
            Some(Inner::Flow { .. }) | None => self.content(at, line, column)?,
        }
        Some(())
    }

    /// A line that begins with a key, a dash, or a value of its own.
    fn content(&mut self, at: usize, line: &str, column: usize) -> Option<()> {
        let (start, end) = (at + column, at + line.len());
        let before = self.open.clone();
        self.open.retain(|open| open.end >= start);
        while let Some(block) = self.shape.blocks.get(self.next_block).filter(|block| block.start < end) {
            self.open.retain(|open| open.end >= block.start);
            self.open.push(*block);
            self.next_block += 1;
        }
        let block = self.open.iter().rfind(|block| block.old == column && block.start <= start);
        let new = match block {
            Some(block) => block.new,
            // A value that stands below its key.
            None => self.open.last().map_or(0, |block| block.new + 2),
        };
        let content = if block.is_some() { self.entry(start, end)? } else { self.value(start, end)? };
        // Comments at the line's column stay with it, those further right with the block above that they stood in.
        self.place(|comment| if comment > column { innermost(&before, comment).map_or(new, |block| block.new) } else { new });
        self.write(new, content.trim_end());
        Some(())
    }

    /// A line from its first character on, with single spaces behind dashes and colons.
    fn entry(&self, start: usize, end: usize) -> Option<String> {
        let mut out = String::new();
        let mut at = start;
        loop {
            let rest = self.text.get(at..end)?;
            let behind = rest.strip_prefix('-').filter(|behind| behind.is_empty() || behind.starts_with([' ', '\t']));
            let Some(behind) = behind.filter(|_| self.open.iter().any(|block| block.list && block.old == column(self.text, at))) else {
                break;
            };
            out.push('-');
            let after = behind.trim_start_matches([' ', '\t']);
            if after.is_empty() || after.starts_with('#') {
                out.push_str(behind);
                return Some(out);
            }
            out.push(' ');
            at = end - after.len();
        }
        let rest = self.text.get(at..end)?;
        if rest.starts_with(['?', ':']) && rest.get(1..).is_some_and(|after| after.is_empty() || after.starts_with([' ', '\t'])) {
            return None;
        }
        if let Some(key_end) = self.shape.key_end(at) {
            let behind = self.text.get(key_end..end)?.trim_start_matches([' ', '\t']).strip_prefix(':')?;
            let after = behind.trim_start_matches([' ', '\t']);
            out.push_str(self.text.get(at..key_end)?);
            out.push(':');
            if after.is_empty() || after.starts_with('#') {
                out.push_str(behind);
                return Some(out);
            }
            out.push(' ');
            at = end - after.len();
        }
        out.push_str(&self.value(at, end)?);
        Some(out)
    }

    /// A value up to the end of its line.
    fn value(&self, at: usize, end: usize) -> Option<String> {
        let mut out = String::new();
        if let Some(digit) = self.shape.digit_in(at..end) {
            // It counts from the column of the block around, which is two columns less from now on.
            out.push_str(self.text.get(at..digit)?);
            out.push('2');
            out.push_str(self.text.get(digit + 1..end)?);
        } else if let Some(flow_end) = self.shape.flow_at(at) {
            flow::render(self.text, at, flow_end, &mut out);
            out.push_str(self.text.get(flow_end..end)?);
        } else {
            out.push_str(self.text.get(at..end)?);
        }
        Some(out)
    }

    /// Writes what waits, each comment at the column its old one gives; blank lines in a row become one, none comes first.
    fn place(&mut self, new: impl Fn(usize) -> usize) {
        let mut blank = false;
        for waiting in std::mem::take(&mut self.waiting) {
            let Some((column, comment)) = waiting else {
                blank = !self.out.is_empty();
                continue;
            };
            if std::mem::take(&mut blank) {
                self.out.push('\n');
            }
            self.write(new(column), comment);
        }
        if blank {
            self.waiting.push(None);
        }
    }

    fn write(&mut self, columns: usize, content: &str) {
        // A blank line that waits stands right above.
        if self.waiting.pop().is_some() {
            self.out.push('\n');
        }
        if !content.is_empty() {
            self.out.extend(std::iter::repeat_n(' ', columns));
            self.out.push_str(content);
        }
        self.out.push('\n');
    }
}

/// The block a comment at a column stands in; of a key and a list at the same column the key.
fn innermost(blocks: &[YamlBlock], column: usize) -> Option<&YamlBlock> {
    let old = blocks.iter().map(|block| block.old).filter(|old| *old <= column).max()?;
    blocks.iter().find(|block| block.old == old)
}
