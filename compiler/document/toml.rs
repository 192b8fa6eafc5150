//! TOML → the same tree as YAML's. The only file that knows the TOML parser. Tables keep the order they are written in; dates and times
//! become the text they are written as.

use super::text_map::{Quoting, text_map};
use super::yaml::DEPTH;
use super::{Document, Node, NodeData, Pair, Scalar, characters, conflict, errors, recover};
use crate::diagnostic::Diagnostics;
use crate::scalar::{self, Plain};
use crate::source::Source;
use crate::span::{FileId, Span};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Parses a TOML source; all errors of syntax at once.
pub(super) fn parse(file: FileId, source: &Source, diagnostics: &mut Diagnostics) -> Option<Document> {
    let (table, found) = DeTable::parse_recoverable(&source.text);
    if !found.is_empty() {
        if conflict::report(file, &source.text, diagnostics) {
            return None;
        }
        for error in errors::toml_syntax(file, &source.text, &table, &found) {
            diagnostics.push(error);
        }
        let places: Vec<usize> = found.iter().map(|error| error.span().map_or(0, |span| span.start)).collect();
        let rest = recover::toml(&source.text, &places)?;
        let (table, left) = DeTable::parse_recoverable(&rest.text);
        return left.is_empty().then(|| Document { lost: rest.lost, ..document(file, &rest.text, &table, diagnostics) });
    }
    Some(document(file, &source.text, &table, diagnostics))
}

fn document(file: FileId, text: &str, table: &Spanned<DeTable<'_>>, diagnostics: &mut Diagnostics) -> Document {
    let mut reader = TomlReader { file, text, diagnostics };
    let span = Span::new(file, table.span().start, table.span().end);
    let data = reader.table(table.get_ref(), 1);
    Document { file, root: Node { data, span }, lost: Vec::new(), aliases: Vec::new() }
}

struct TomlReader<'a> {
    file: FileId,
    text: &'a str,
    diagnostics: &'a mut Diagnostics,
}

impl TomlReader<'_> {
    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    fn table(&mut self, table: &DeTable<'_>, depth: usize) -> NodeData {
        let pairs = table.iter().map(|(key, value)| {
            let key_span = key.span();
            let text = key.get_ref();
            if text.contains(['\u{7f}', '\u{85}']) || text.contains(characters::is_control) {
                let control = text.chars().find(|char| *char == '\u{85}' || characters::is_control(*char)).unwrap_or('\0');
                self.diagnostics.push(errors::control_character(self.span(&key_span), control));
            }
            Pair { key: self.scalar(text, &key_span), key_span: self.span(&key_span), value: self.node(value, depth) }
        });
        NodeData::Map(pairs.collect())
    }

    fn node(&mut self, value: &Spanned<DeValue<'_>>, depth: usize) -> Node {
        let range = value.span();
        let span = self.span(&range);
        let data = match value.get_ref() {
            DeValue::Table(_) | DeValue::Array(_) if depth >= DEPTH => {
                self.diagnostics.push(errors::too_deep(span, Span::new(self.file, 0, 0)));
                NodeData::Null
            }
            DeValue::Table(table) => self.table(table, depth + 1),
            DeValue::Array(items) => NodeData::List(items.iter().map(|item| self.node(item, depth + 1)).collect()),
            DeValue::Boolean(bool) => NodeData::Bool(*bool),
            DeValue::Datetime(_) => NodeData::String(Scalar::bare(self.text.get(range).unwrap_or("").trim())),
            DeValue::String(text) => {
                if let Some(control) = text.chars().find(|char| characters::is_control(*char)) {
                    self.diagnostics.push(errors::control_character(span, control));
                }
                let broken = self.with_plain_breaks(&range);
                NodeData::String(self.scalar(broken.as_deref().unwrap_or(text), &range))
            }
            DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
                Ok(int) => NodeData::Int(int),
                Err(_) => self.refused(span, integer.as_str()),
            },
            DeValue::Float(float) => {
                let text = float.as_str();
                let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
                match scalar::finite(text, mantissa) {
                    Plain::Float(float) => NodeData::Float(float),
                    Plain::Null
                    | Plain::Bool(_)
                    | Plain::Int(_)
                    | Plain::Text
                    | Plain::OutOfRange
                    | Plain::NotFinite
                    | Plain::Ambiguous(_) => self.refused(span, text),
                }
            }
        };
        Node { data, span }
    }

    /// A text over several lines of a file with line ends of Windows, as it is where they are those of others; none for all other texts.
    fn with_plain_breaks(&self, range: &Range<usize>) -> Option<String> {
        let written = self.text.get(range.clone()).filter(|written| written.contains("\r\n"))?;
        // The parser tells a written `\r` from one that only ends a line.
        let source = format!("text = {}", written.replace("\r\n", "\n"));
        let table = DeTable::parse(&source).ok()?;
        table.get_ref().iter().find_map(|(_, value)| value.get_ref().as_str().map(str::to_owned))
    }

    fn refused(&mut self, span: Span, text: &str) -> NodeData {
        let written = self.text.get(span.start as usize..span.end as usize).unwrap_or(text);
        let is_word = written.ends_with("inf") || written.ends_with("nan");
        let plain = if is_word { Plain::NotFinite } else { Plain::OutOfRange };
        errors::refused(&plain, written, span).into_iter().for_each(|error| self.diagnostics.push(error));
        NodeData::String(Scalar::bare(written))
    }

    fn scalar(&self, text: &str, range: &Range<usize>) -> Scalar {
        if !text.contains("${") {
            return Scalar::bare(text);
        }
        let written = self.text.get(range.clone()).unwrap_or("");
        let (style, quote) = if written.starts_with("\"\"\"") {
            (Quoting::Basic, 3)
        } else if written.starts_with("'''") {
            (Quoting::Verbatim, 3)
        } else if written.starts_with('"') {
            (Quoting::Basic, 1)
        } else {
            (Quoting::Verbatim, usize::from(written.starts_with('\'')))
        };
        let map = text_map(self.file, self.text, style, range.start + quote, range.end.saturating_sub(quote), text);
        Scalar { text: Arc::from(text), map: Some(Arc::new(map)) }
    }
}
