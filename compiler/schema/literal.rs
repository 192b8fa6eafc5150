//! Values inside a shorthand: scalars, quoted texts, `[a, b]` and `{a: b}`, read as YAML's flow style reads them.

use crate::origin::{LayerId, Origin};
use crate::scalar::{Plain, ScalarRefusal, resolve};
use crate::source::Sources;
use crate::span::{Span, TextMap};
use crate::value::{Data, Entry, Value};
use std::ops::Range;
use std::sync::Arc;

/// The text of a shorthand with the way back to its source.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) text: Arc<str>,
    /// The whole scalar.
    pub(super) whole: Span,
    /// Where each character stands, if that is known; else every place is the whole scalar.
    pub(super) map: Option<TextMap>,
    pub(super) layer: LayerId,
}

impl Text {
    /// A text that was read from a place in a source; with no text, the one that its source means.
    pub(super) fn read(text: Option<&Arc<str>>, whole: Span, layer: LayerId, sources: &Sources) -> Self {
        let raw = sources.text(whole);
        let inner = raw.trim_start_matches(['"', '\'']);
        let start = whole.start as usize + (raw.len() - inner.len());
        if let Some(text) = text.filter(|text| inner.starts_with(&***text)) {
            let map = TextMap::verbatim(whole.file, start, start + text.len());
            return Self { text: Arc::clone(text), whole, map: Some(map), layer };
        }
        let (cooked, map) = match raw.chars().next() {
            Some(quote @ ('"' | '\'')) => unescaped(inner, quote, whole, start),
            Some(_) | None => (inner.to_owned(), TextMap::verbatim(whole.file, start, start + inner.len())),
        };
        match text {
            // Folded over lines, or with escapes that no shorthand needs.
            Some(text) if **text != *cooked => Self { text: Arc::clone(text), whole, map: None, layer },
            Some(_) | None => Self { text: cooked.into(), whole, map: Some(map), layer },
        }
    }

    /// The place of a range of the text.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        self.map.as_ref().map_or(self.whole, |map| map.span(range.start, range.end))
    }

    fn value(&self, data: Data, range: &Range<usize>) -> Value {
        Value::new(data, Origin { span: self.span(range), layer: self.layer })
    }
}

/// The text of a scalar in quotes with the escapes that shorthands need: quotes and backslashes, and in single quotes those written twice.
fn unescaped(inner: &str, quote: char, whole: Span, start: usize) -> (String, TextMap) {
    let inner = inner.strip_suffix(quote).unwrap_or(inner);
    let mut map = TextMap::verbatim(whole.file, start, start + inner.len());
    let mut text = String::new();
    let mut chars = inner.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match chars.peek() {
            Some((_, escaped))
                if (quote == '"' && char == '\\' && matches!(escaped, '"' | '\\'))
                    || (quote == '\'' && char == '\'' && *escaped == '\'') =>
            {
                text.push(*escaped);
                chars.next();
                let (cooked, source) = (u32::try_from(text.len()), u32::try_from(start + at + 2));
                map.steps.push((cooked.unwrap_or(u32::MAX), source.unwrap_or(u32::MAX)));
            }
            Some(_) | None => text.push(char),
        }
    }
    (text, map)
}

/// What is wrong with a literal, and where.
pub(super) struct BadLiteral {
    pub(super) range: Range<usize>,
    pub(super) message: &'static str,
    pub(super) hint: &'static str,
}

/// Lists and maps nest at most this deep.
const DEPTH: usize = 32;

/// A place in a shorthand, moving forward.
pub(super) struct Cursor<'a> {
    pub(super) source: &'a Text,
    pub(super) at: usize,
    /// Scalars that were met on the way and that readers of YAML take differently, or that do not fit.
    pub(super) refused: Vec<(Range<usize>, ScalarRefusal)>,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.source.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn eat(&mut self, char: char) -> bool {
        let found = self.peek() == Some(char);
        if found {
            self.at += char.len_utf8();
        }
        found
    }

    pub(super) fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// Takes characters as long as they fit.
    pub(super) fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = rest.get(..rest.find(|char| !fits(char)).unwrap_or(rest.len())).unwrap_or("");
        self.at += taken.len();
        taken
    }

    /// The value that begins here: up to a blank, unless quoted or in brackets.
    pub(super) fn value(&mut self) -> Result<Value, BadLiteral> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Result<Value, BadLiteral> {
        let start = self.at;
        if depth > DEPTH {
            return Err(BadLiteral {
                range: start..start,
                message: "is nested too deeply",
                hint: "write the field as a map with `$type` and `$default`",
            });
        }
        match self.peek() {
            Some('"' | '\'') => {
                let text = self.quoted()?;
                Ok(self.source.value(Data::String(text.into()), &(start..self.at)))
            }
            Some('[') => self.list(depth),
            Some('{') => self.map(depth),
            Some(_) | None => {
                let text = self.bare(depth > 0);
                if text.is_empty() {
                    return Err(BadLiteral {
                        range: start..start,
                        message: "is missing",
                        hint: "write a value after the `=`, in quotes if it has blanks",
                    });
                }
                let range = start..start + text.len();
                let plain = resolve(text);
                let value = self.source.value(data(&plain, text), &range);
                self.refused.extend(plain.refusal(text, text).map(|refusal| (range, refusal)));
                Ok(value)
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, BadLiteral> {
        let start = self.at;
        let mut items = Vec::new();
        self.eat('[');
        loop {
            self.blanks();
            if self.eat(']') {
                break;
            }
            items.push(self.nested(depth + 1)?);
            self.blanks();
            if !self.eat(',') && self.peek() != Some(']') {
                return Err(unclosed(start, "has a `[` that is never closed", "close the list with `]`, and put a comma between items"));
            }
        }
        Ok(Value::list(items, Origin { span: self.source.span(&(start..self.at)), layer: self.source.layer }))
    }

    fn map(&mut self, depth: usize) -> Result<Value, BadLiteral> {
        let start = self.at;
        let hint = "write a map as `{key: value, other: value}`";
        let mut entries: Vec<Entry> = Vec::new();
        self.eat('{');
        loop {
            self.blanks();
            if self.eat('}') {
                break;
            }
            let from = self.at;
            let key = if matches!(self.peek(), Some('"' | '\'')) {
                self.quoted()?
            } else {
                self.take_while(|char| !":,{}[]".contains(char)).trim().into()
            };
            let range = from..self.at;
            self.blanks();
            if !self.eat(':') {
                return Err(unclosed(start, "has a `{` that is never closed", hint));
            }
            if entries.iter().any(|entry| *entry.key == *key) {
                return Err(BadLiteral { range, message: "has the same key twice", hint: "remove one of the two" });
            }
            self.blanks();
            let value = self.nested(depth + 1)?;
            entries.push(Entry::plain(key, self.source.span(&range), value));
            self.blanks();
            if !self.eat(',') && self.peek() != Some('}') {
                return Err(unclosed(start, "has a `{` that is never closed", hint));
            }
        }
        Ok(Value::map(entries, Origin { span: self.source.span(&(start..self.at)), layer: self.source.layer }))
    }

    fn quoted(&mut self) -> Result<String, BadLiteral> {
        let start = self.at;
        let open = || unclosed(start, "has a quote that is never closed", "close the quote; a quote inside double quotes is written \\\"");
        let Some(quote) = self.peek() else { return Err(open()) };
        self.eat(quote);
        let mut text = String::new();
        loop {
            let at = self.at;
            let Some(char) = self.peek() else { return Err(open()) };
            self.eat(char);
            match (quote, char) {
                ('\'', '\'') if self.eat('\'') => text.push('\''),
                ('\'', '\'') | ('"', '"') => return Ok(text),
                ('"', '\\') => {
                    let Some(escaped) = self.peek() else { return Err(open()) };
                    self.eat(escaped);
                    match escaped {
                        'n' => text.push('\n'),
                        't' => text.push('\t'),
                        '"' | '\\' | '/' => text.push(escaped),
                        _ => {
                            return Err(BadLiteral {
                                range: at..self.at,
                                message: "has an unknown escape",
                                hint: "write a backslash as \\\\, or use single quotes, where it stands for itself",
                            });
                        }
                    }
                }
                _ => text.push(char),
            }
        }
    }

    /// A scalar without quotes. An expression is taken whole, blanks and all.
    fn bare(&mut self, nested: bool) -> &'a str {
        let rest = self.rest();
        let mut braces = 0_usize;
        let mut quote = None;
        let mut before = None;
        let mut end = rest.len();
        for (at, char) in rest.char_indices() {
            match (quote, char) {
                (Some(open), _) if open == char => quote = None,
                (None, '"' | '\'') if braces > 0 => quote = Some(char),
                (None, '{') if braces > 0 || before == Some('$') => braces += 1,
                (None, '}') if braces > 0 => braces -= 1,
                (None, _) if braces == 0 && (if nested { ",]}[{".contains(char) } else { char.is_whitespace() }) => {
                    end = at;
                    break;
                }
                (Some(_) | None, _) => {}
            }
            before = Some(char);
        }
        let taken = rest.get(..end).unwrap_or("").trim_end();
        self.at += taken.len();
        taken
    }
}

fn unclosed(start: usize, message: &'static str, hint: &'static str) -> BadLiteral {
    BadLiteral { range: start..start + 1, message, hint }
}

/// What a scalar without quotes means; text, if readers disagree about it.
pub(super) fn scalar(text: &str) -> Data {
    data(&resolve(text), text)
}

fn data(plain: &Plain, text: &str) -> Data {
    match plain {
        Plain::Null => Data::Null,
        Plain::Bool(bool) => Data::Bool(*bool),
        Plain::Int(int) => Data::Int(*int),
        Plain::Float(float) => Data::Float(*float),
        Plain::Text | Plain::OutOfRange | Plain::NotFinite | Plain::Ambiguous(_) => Data::String(text.into()),
    }
}
