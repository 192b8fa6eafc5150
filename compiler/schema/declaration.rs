//! A declaration of a field in its longest form: a map with `$type` and the other markers, or with fields. In come the forms that authors write,
//! a line, a list, a map; what leaves says the same, word by word, so that two classes can speak of one field in different forms. It judges
//! nothing: what cannot be read is left to whoever compiles it.

use super::compile::{templated, use_of};
use super::literal::Text;
use super::marker::Marker;
use super::shorthand::{self, Simple};
use super::{Shape, tighten};
use crate::diagnostic::Diagnostics;
use crate::origin::Origin;
use crate::source::Sources;
use crate::value::{Data, Entry, Operator, Value};
use std::sync::Arc;

/// Declarations stand below `$type` at most this deep; what is deeper stays as it is.
const DEPTH: usize = 16;

/// The word for what a value is.
pub const TYPE: &str = "$type";
/// The one key of a map that stands for any key.
pub const ANY_KEY: &str = "string";

/// The declaration in its longest form; none if it cannot be read.
#[must_use]
pub fn written_out(value: &Value, sources: &Sources) -> Option<Value> {
    spelled(value, sources, DEPTH)
}

/// Whether a type said anew is no narrower one than before, as far as two words tell, or the form that they write out.
#[must_use]
pub fn is_another(was: &Value, now: &Value) -> bool {
    let shape = |value: &Value| value.as_str().and_then(Simple::from_word).map(Simple::shape);
    let is_open = |value: &Value| value.as_list().is_some() || value.as_map().is_some();
    match (shape(was), shape(now)) {
        (Some(was), Some(now)) => !tighten::narrower(&was, &now),
        (Some(was), None) if is_open(now) => is_another_than_fields(&was, now.as_map().is_some()),
        (None, Some(now)) if is_open(was) => is_another_than_fields(&now, was.as_map().is_some()),
        (None, None) => is_open(was) && is_open(now) && was.as_list().is_some() != now.as_list().is_some(),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// The same of a declaration by fields, or of values in place of what was of a type.
#[must_use]
pub fn has_fields_instead(was: &Value) -> bool {
    was.as_list().is_some() || was.as_str().and_then(Simple::from_word).is_some_and(|was| is_another_than_fields(&was.shape(), true))
}

fn is_another_than_fields(shape: &Shape, is_map: bool) -> bool {
    !(matches!(shape, Shape::Any) || (is_map && matches!(shape, Shape::Object)))
}

/// Whether a marker, by its word with the dollar sign, asks something of values of one type, which another type may not know.
#[must_use]
pub fn is_of_type(key: &str) -> bool {
    let marker = key.strip_prefix('$').and_then(Marker::from_word);
    marker.is_some_and(|marker| marker.is_of_member() || matches!(marker, Marker::Default | Marker::Examples))
}

/// The same of one that counts entries or looks at keys, which says nothing about a map with fields.
#[must_use]
pub fn is_of_free_maps(key: &str) -> bool {
    let marker = key.strip_prefix('$').and_then(Marker::from_word);
    marker.is_some_and(|marker| matches!(marker, Marker::MinItems | Marker::MaxItems | Marker::KeyPattern))
}

fn spelled(value: &Value, sources: &Sources, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    match &value.data {
        Data::String(_) | Data::Template(_) => line(value, sources),
        Data::List(list) => match list.items() {
            [_] => Some(Value::map(vec![type_entry(value.clone())], value.origin)),
            _ => None,
        },
        Data::Map(map) => {
            if let [only] = map.entries()
                && &*only.key == ANY_KEY
            {
                return Some(Value::map(vec![type_entry(value.clone())], value.origin));
            }
            let Some(type_) = map.entry(TYPE).filter(|entry| entry.operator == Operator::Merge) else { return Some(value.clone()) };
            // What is said below `$type` counts like what stands beside it.
            let below = spelled(&type_.value, sources, depth)?;
            let mut entries = below.as_map()?.entries().to_vec();
            for entry in map.entries().iter().filter(|entry| &*entry.key != TYPE) {
                if entries.iter().any(|known| known.key == entry.key) {
                    return None;
                }
                entries.push(entry.clone());
            }
            Some(Value::map(entries, value.origin))
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => None,
    }
}

/// A shorthand, taken apart.
fn line(value: &Value, sources: &Sources) -> Option<Value> {
    let text = if let Data::String(text) = &value.data { Some(text) } else { None };
    let text = Text::read(text, value.origin.span, value.origin.layer, sources);
    let mut unsaid = Diagnostics::default();
    let (type_, written) = shorthand::split(&text, &mut unsaid);
    let mut entries = Vec::new();
    if !type_.is_empty() {
        let origin = Origin { span: text.span(&type_), layer: value.origin.layer };
        entries.push(type_entry(nested(text.text.get(type_)?, origin, DEPTH)));
    }
    for marker in written {
        let key: Arc<str> = format!("${}", marker.marker.word()).into();
        if entries.iter().any(|known: &Entry| known.key == key) {
            return None;
        }
        let is_read = marker.marker.holds_expressions();
        let value = if is_read { templated(&marker.value, use_of(value), sources, &mut unsaid) } else { marker.value };
        entries.push(Entry::plain(key, marker.word, value));
    }
    unsaid.is_empty().then(|| Value::map(entries, value.origin))
}

/// The text of a type, with a list or a map for what it makes one of: `[]T`, `map[string]T`.
fn nested(text: &str, origin: Origin, depth: usize) -> Value {
    let text = text.trim();
    let Some(depth) = depth.checked_sub(1).filter(|_| !shorthand::is_union(text)) else { return Value::string(text, origin) };
    if let Some(item) = text.strip_prefix("[]") {
        return Value::list(vec![nested(item, origin, depth)], origin);
    }
    match text.strip_prefix("map[string]") {
        Some(item) => Value::map(vec![Entry::plain(ANY_KEY, origin.span, nested(item, origin, depth))], origin),
        None => Value::string(text, origin),
    }
}

fn type_entry(value: Value) -> Entry {
    Entry::plain(TYPE, value.origin.span, value)
}
