//! `type | marker=value …`: a field in one line. In comes its text, out come a type and its markers.

use super::errors::{choice as choices, syntax as errors, union as unions};
use super::literal::{Cursor, Text};
use super::marker::{Marker, WrittenMarker};
use super::named::NamedType;
use super::referent::{self, Referent};
use super::whole::{self, OtherClasses};
use super::{Choosing, Shape, Type, Union};
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
    pub(super) fn shape(self) -> Shape {
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

/// Stands between the types of a union.
const OR: &str = "or";

/// A union has a map, a list and a scalar at most.
const MEMBERS: usize = 3;

/// The names of the class's own types, and who knows of other classes.
type KnownNames<'a> = (&'a BTreeSet<Arc<str>>, OtherClasses<'a>);

/// Lists and maps of lists and maps nest at most this deep in one shorthand.
const DEPTH: usize = 16;

/// Reads a shorthand. A faulty type is reported and becomes free; a faulty marker is reported and left out.
pub(super) fn parse(text: &Text, known: KnownNames<'_>, diagnostics: &mut Diagnostics) -> (Shape, Vec<WrittenMarker>) {
    let shape = shape(text, 0..bar(text), known, DEPTH, diagnostics);
    (shape, split(text, diagnostics).1)
}

/// Where the type stands, empty if there is none, and the markers; a faulty one is reported and left out.
pub(super) fn split(text: &Text, diagnostics: &mut Diagnostics) -> (Range<usize>, Vec<WrittenMarker>) {
    let bar = bar(text);
    let mut written = Vec::new();
    if bar < text.text.len() {
        let mut cursor = Cursor { source: text, at: bar + 1, refused: Vec::new() };
        while let Some(marker) = marker(&mut cursor, diagnostics) {
            written.extend(marker);
        }
    }
    (trimmed(text, 0..bar), written)
}

/// Whether a type is one of several.
pub(super) fn is_union(text: &str) -> bool {
    text.split_whitespace().any(|word| word == OR)
}

/// The types between each `or` that stands in no brackets.
fn members(text: &Text, range: &Range<usize>) -> Vec<Range<usize>> {
    let raw = text.text.get(range.clone()).unwrap_or("");
    let (mut found, mut from, mut depth) = (Vec::new(), range.start, 0_usize);
    let mut before = ' ';
    for (at, char) in raw.char_indices() {
        match char {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            'o' if depth == 0 && before.is_whitespace() => {
                let rest = raw.get(at..).and_then(|rest| rest.strip_prefix(OR)).unwrap_or("x");
                if rest.is_empty() || rest.starts_with(char::is_whitespace) {
                    found.push(from..range.start + at);
                    from = range.start + at + OR.len();
                }
            }
            _ => {}
        }
        before = char;
    }
    found.push(from..range.end);
    found
}

fn bar(text: &Text) -> usize {
    text.text.find('|').unwrap_or(text.text.len())
}

/// The range without the blanks around it.
fn trimmed(text: &Text, range: Range<usize>) -> Range<usize> {
    let raw = text.text.get(range.clone()).unwrap_or("");
    let start = range.start + raw.len() - raw.trim_start().len();
    start..start + raw.trim().len()
}

fn shape(text: &Text, range: Range<usize>, known: KnownNames<'_>, depth: usize, diagnostics: &mut Diagnostics) -> Shape {
    let mut range = trimmed(text, range);
    let members = members(text, &range);
    if members.len() > 1 {
        let span = text.span(&range);
        if members.len() > MEMBERS || depth == 0 {
            diagnostics.push(unions::large_union(span));
            return Shape::Any;
        }
        let members = members.into_iter().map(|range| {
            let inner = trimmed(text, range.clone());
            let is_word = text.text.get(inner.clone()).is_some_and(|word| Simple::from_word(word).is_some());
            let shape = shape(text, range, known, depth - 1, diagnostics);
            // What is wrong with it is told.
            let faulty = !is_word && matches!(shape, Shape::Any);
            Arc::new(Type { shape, markers: super::Markers { faulty, ..super::Markers::default() }, origin: text.span(&inner) })
        });
        return Shape::Union(Union::new(members.collect()));
    }
    if depth > 0 && text.text.get(range.clone()).is_some_and(|word| word.starts_with('(') && word.ends_with(')')) {
        range = range.start + 1..range.end - 1;
        return shape(text, range, known, depth - 1, diagnostics);
    }
    let start = range.start;
    let word = text.text.get(range.clone()).unwrap_or("");
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
    let value = cursor.value();
    let is_refused = !cursor.refused.is_empty();
    for (range, refusal) in cursor.refused.drain(..) {
        diagnostics.push(errors::refused_literal(word, cursor.source.span(&range), refusal));
    }
    match value {
        Ok(_) if is_refused => Some(None),
        Ok(value) => match marker {
            Some(marker) => Some(Some(WrittenMarker { marker, word: span, value })),
            None => {
                diagnostics.push(match Choosing::from_word(word) {
                    Some(choosing) => choices::in_a_line(choosing, span),
                    None => errors::unknown_marker(span, word, false),
                });
                Some(None)
            }
        },
        Err(fault) => {
            diagnostics.push(errors::bad_literal(word, cursor.source.span(&fault.range), &fault));
            None
        }
    }
}
