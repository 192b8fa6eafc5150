//! `type | marker=value …`: a field in one line. In comes its text, out come a type and its markers.

use super::errors::syntax as errors;
use super::literal::{Cursor, Text};
use super::marker::{Marker, WrittenMarker};
use super::referent::{self, Referent};
use super::types::NamedType;
use super::whole::{self, OtherClasses};
use super::{Shape, Type};
use crate::diagnostic::Diagnostics;
use crate::variants::variants;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

variants! {
    /// A type without parameters, by its word.
    #[allow(missing_docs, reason = "each is explained at the shape that it is")]
    pub(super) enum Simple(word, from_word) {
        String = "string",
        Integer = "integer",
        Number = "number",
        Boolean = "boolean",
        Object = "object",
        Quantity = "quantity",
        Duration = "duration",
        Cidr = "cidr",
        Semver = "semver",
        Any = "any",
    }
}

impl Simple {
    fn shape(self) -> Shape {
        match self {
            Simple::String => Shape::String,
            Simple::Integer => Shape::Integer,
            Simple::Number => Shape::Number,
            Simple::Boolean => Shape::Boolean,
            Simple::Object => Shape::Object,
            Simple::Quantity => Shape::Quantity,
            Simple::Duration => Shape::Duration,
            Simple::Cidr => Shape::Cidr,
            Simple::Semver => Shape::Semver,
            Simple::Any => Shape::Any,
        }
    }
}

/// The names of the class's own types, and who knows of other classes.
type KnownNames<'a> = (&'a BTreeSet<Arc<str>>, OtherClasses<'a>);

/// Lists and maps of lists and maps nest at most this deep in one shorthand.
const DEPTH: usize = 16;

/// Reads a shorthand. A faulty type is reported and becomes free; a faulty marker is reported and left out.
pub(super) fn parse(text: &Text, known: KnownNames<'_>, diagnostics: &mut Diagnostics) -> (Shape, Vec<WrittenMarker>) {
    let bar = text.text.find('|').unwrap_or(text.text.len());
    let shape = shape(text, 0..bar, known, DEPTH, diagnostics);
    let mut written = Vec::new();
    if bar < text.text.len() {
        let mut cursor = Cursor { source: text, at: bar + 1 };
        while let Some(marker) = marker(&mut cursor, diagnostics) {
            written.extend(marker);
        }
    }
    (shape, written)
}

fn shape(text: &Text, range: Range<usize>, known: KnownNames<'_>, depth: usize, diagnostics: &mut Diagnostics) -> Shape {
    let raw = text.text.get(range.clone()).unwrap_or("");
    let word = raw.trim();
    let start = range.start + raw.len() - raw.trim_start().len();
    let range = start..start + word.len();
    let span = text.span(&range);
    if depth == 0 {
        diagnostics.push(errors::deep_type(span));
        return Shape::Any;
    }
    if word.starts_with("[]") {
        let item = shape(text, start + 2..range.end, known, depth - 1, diagnostics);
        return Shape::List(Arc::new(Type { shape: item, markers: super::Markers::default(), origin: span }));
    }
    if let Some(rest) = word.strip_prefix("map[")
        && let Some((key, value)) = rest.split_once(']')
        && Simple::from_word(key).is_some()
        && !value.trim().is_empty()
    {
        if key != "string" {
            diagnostics.push(errors::map_key(span, key, value));
            return Shape::Any;
        }
        let item = shape(text, range.end - value.len()..range.end, known, depth - 1, diagnostics);
        return Shape::Map(Arc::new(Type { shape: item, markers: super::Markers::default(), origin: span }));
    }
    if let Some(simple) = Simple::from_word(word) {
        return simple.shape();
    }
    if let Some(inside) = word.strip_prefix("ref(").and_then(|rest| rest.strip_suffix(')')) {
        return match referent::kinds(inside) {
            Ok(kinds) => Shape::Ref(Arc::new(Referent { kinds, class: None, provides: None, orders: true })),
            Err((word, near)) => {
                diagnostics.push(errors::unknown_kind(span, &word, near));
                Shape::Any
            }
        };
    }
    if let Some(inside) = word.strip_prefix("definition(").and_then(|rest| rest.strip_suffix(')')) {
        return whole::shape(inside, span, known.1, diagnostics);
    }
    if known.0.contains(word) {
        return Shape::Named(NamedType::new(word.into()));
    }
    diagnostics.push(errors::unknown_type(span, word, known.0));
    Shape::Any
}

/// The next marker; `None` at the end or where nothing more can be read, `Some(None)` for one that was reported.
fn marker(cursor: &mut Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Option<WrittenMarker>> {
    cursor.blanks();
    cursor.peek()?;
    let start = cursor.at;
    let word = cursor.take_while(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '$'));
    let range = start..cursor.at;
    let span = cursor.source.span(&range);
    if word.is_empty() {
        let stray = cursor.peek().map_or(start + 1, |char| start + char.len_utf8());
        diagnostics.push(errors::stray(cursor.source.span(&(start..stray)), cursor.peek()));
        return None;
    }
    let marker = Marker::from_word(word);
    cursor.blanks();
    if !cursor.eat('=') {
        match marker {
            Some(marker) => diagnostics.push(errors::marker_without_value(marker, span)),
            None => diagnostics.push(errors::loose_word(span, word)),
        }
        return marker.is_some().then_some(None);
    }
    cursor.blanks();
    match cursor.value() {
        Ok(value) => match marker {
            Some(marker) => Some(Some(WrittenMarker { marker, word: span, value })),
            None => {
                diagnostics.push(errors::unknown_marker(span, word, false));
                Some(None)
            }
        },
        Err(fault) => {
            diagnostics.push(errors::bad_literal(word, cursor.source.span(&fault.range), &fault));
            None
        }
    }
}
