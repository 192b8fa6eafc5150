//! Tree → YAML. Every scalar is written so that kubectl, kustomize, PyYAML and readers of YAML 1.2 take it for the same thing: the rule
//! is section 8 of the notes on kustomize, checked there against all of them. One document in block style, lists at the indentation of
//! their key as kubectl writes them, no tags, anchors or directives. It never decides what is printed, only how.

use super::printout::Marks;
use super::{Form, Tree, number};
use crate::path::Step;
use crate::visible::{holds_command, is_hidden};

/// Longer keys need the `? ` form, because readers look only so far for the colon (1,024 characters, escapes counted).
const LONGEST_KEY: usize = 1000;

/// Prints a tree as one document that ends with a line break.
#[must_use]
pub fn yaml(tree: &Tree) -> String {
    document(tree, false, &mut Marks::none())
}

/// The same, telling where each part begins.
pub(super) fn marked(tree: &Tree, marks: &mut Marks) -> String {
    document(tree, false, marks)
}

/// The same for a screen or a log: no line of it is a command to a CI service.
#[must_use]
pub fn shown(tree: &Tree) -> String {
    document(tree, true, &mut Marks::none())
}

fn document(tree: &Tree, guarded: bool, marks: &mut Marks) -> String {
    let mut out = String::with_capacity(1024);
    let mut printer = Printer { out: &mut out, guarded, marks };
    match &tree.form {
        Form::Map(entries) if !entries.is_empty() => printer.map(entries, 0),
        Form::List(items) if !items.is_empty() => printer.list(items, 0),
        Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) | Form::List(_) | Form::Map(_) => printer.leaf(tree, 2),
    }
    // It is kept until all files are written. A copy, because an allocator may leave a text that shrinks the room it had.
    String::from(out.as_str())
}

struct Printer<'a> {
    out: &'a mut String,
    /// Whether texts that hold commands of CI services stand in quotes.
    guarded: bool,
    marks: &'a mut Marks,
}

impl Printer<'_> {
    /// Prints the entries; the caller has written the indentation of the first.
    fn map(&mut self, entries: &[(std::sync::Arc<str>, Tree)], indentation: usize) {
        for (at, (key, value)) in entries.iter().enumerate() {
            if at > 0 {
                self.indent(indentation);
            }
            let start = self.out.len();
            self.marks.enter(|| Step::Key(key.clone()), start, value);
            self.key(key);
            if self.out.len() - start > LONGEST_KEY {
                self.out.insert_str(start, "? ");
                self.out.push('\n');
                self.indent(indentation);
            }
            self.out.push(':');
            match &value.form {
                Form::Map(entries) if !entries.is_empty() => {
                    self.out.push('\n');
                    self.indent(indentation + 2);
                    self.map(entries, indentation + 2);
                }
                Form::List(items) if !items.is_empty() => {
                    self.out.push('\n');
                    self.indent(indentation);
                    self.list(items, indentation);
                }
                Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) | Form::List(_) | Form::Map(_) => {
                    self.out.push(' ');
                    self.leaf(value, indentation + 2);
                }
            }
            self.marks.leave();
        }
    }

    /// Prints the items; the caller has written the indentation of the first.
    fn list(&mut self, items: &[Tree], indentation: usize) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.indent(indentation);
            }
            self.marks.enter(|| Step::Item(at), self.out.len(), item);
            self.out.push_str("- ");
            match &item.form {
                Form::Map(entries) if !entries.is_empty() => self.map(entries, indentation + 2),
                Form::List(items) if !items.is_empty() => self.list(items, indentation + 2),
                Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) | Form::List(_) | Form::Map(_) => {
                    self.leaf(item, indentation + 2);
                }
            }
            self.marks.leave();
        }
    }

    /// Prints what stands on the line of its key, line break included; `indentation` is for the lines of a block.
    fn leaf(&mut self, tree: &Tree, indentation: usize) {
        match &tree.form {
            Form::Null => self.out.push_str("null"),
            Form::Bool(bool) => self.out.push_str(if *bool { "true" } else { "false" }),
            Form::Int(int) => number::int(*int, self.out),
            Form::Float(float) => number::float(*float, self.out),
            Form::Text(text) if is_plain(text) => self.out.push_str(text),
            Form::Text(text) if is_literal(text) && !(self.guarded && holds_command(text)) => return self.literal(text, indentation),
            Form::Text(text) => self.quoted(text),
            // Only empty ones come here.
            Form::List(_) => self.out.push_str("[]"),
            Form::Map(_) => self.out.push_str("{}"),
        }
        self.out.push('\n');
    }

    fn key(&mut self, key: &str) {
        if is_plain(key) {
            self.out.push_str(key);
        } else {
            self.quoted(key);
        }
    }

    fn quoted(&mut self, text: &str) {
        let start = self.out.len();
        quote(text, self.out);
        if self.guarded && holds_command(text) {
            let quoted = self.out.split_off(start).replace("##", "#\\x23");
            self.out.push_str(&quoted);
        }
    }

    fn literal(&mut self, text: &str, indentation: usize) {
        let body = text.trim_end_matches('\n');
        let feeds = text.len() - body.len();
        self.out.push_str(match feeds {
            0 => "|-\n",
            1 => "|\n",
            _ => "|+\n",
        });
        for line in body.split('\n') {
            if !line.is_empty() {
                self.indent(indentation);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
        for _ in 1..feeds {
            self.out.push('\n');
        }
    }

    fn indent(&mut self, columns: usize) {
        const SPACES: &str = "                                                                ";
        let mut left = columns;
        while left > 0 {
            let part = SPACES.get(..left).unwrap_or(SPACES);
            self.out.push_str(part);
            left -= part.len();
        }
    }
}

/// Whether a text needs no quotes: `[A-Za-z/_][A-Za-z0-9/_.-]*(:[A-Za-z0-9/_.-]+)*`, and no word that is a boolean or null to anyone.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !bytes.first().is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, b'/' | b'_')) {
        return false;
    }
    // Every text of every output comes here, so bytes are looked up instead of compared.
    let mut last = Sort::Other;
    for byte in bytes {
        let sort = SORTS.get(usize::from(*byte)).copied().unwrap_or(Sort::Other);
        if sort == Sort::Other || (sort, last) == (Sort::Colon, Sort::Colon) {
            return false;
        }
        last = sort;
    }
    if last == Sort::Colon {
        return false;
    }
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.len() > 5 || !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// What a byte is in a text without quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Plain,
    Colon,
    Other,
}

/// What each byte is.
const SORTS: [Sort; 128] = {
    let mut sorts = [Sort::Other; 128];
    let mut byte = 0;
    #[allow(clippy::indexing_slicing, reason = "constant, and checked when compiled")]
    while byte < 128 {
        sorts[byte as usize] = match byte {
            b':' => Sort::Colon,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'_' | b'.' | b'-' => Sort::Plain,
            _ => Sort::Other,
        };
        byte += 1;
    }
    sorts
};

/// Whether a text may be a literal block.
fn is_literal(text: &str) -> bool {
    if !text.contains('\n') || text.starts_with([' ', '\t', '\n']) {
        return false;
    }
    let mut last = '\0';
    for char in text.chars() {
        if (char == '\n' && last == ' ') || (char != '\n' && needs_escape(char)) {
            return false;
        }
        last = char;
    }
    last != ' '
}

fn needs_escape(char: char) -> bool {
    // What readers of YAML refuse or take for a line break, and what nobody could see in a review.
    is_hidden(char)
}

/// Writes a text in double quotes on one line.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut written = 0;
    for (at, char) in text.char_indices() {
        if !matches!(char, '"' | '\\') && !needs_escape(char) {
            continue;
        }
        out.push_str(text.get(written..at).unwrap_or(""));
        written = at + char.len_utf8();
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            char => {
                let code = u32::from(char);
                let (prefix, digits) = match code {
                    0..=0xff => ("\\x", 2),
                    0x100..=0xffff => ("\\u", 4),
                    _ => ("\\U", 8),
                };
                out.push_str(prefix);
                for place in (0..digits).rev() {
                    let digit = char::from_digit((code >> (4 * place)) & 0xf, 16).unwrap_or('0');
                    out.push(digit.to_ascii_uppercase());
                }
            }
        }
    }
    out.push_str(text.get(written..).unwrap_or(""));
    out.push('"');
}
