//! A class that inherits may ask for more than its parent, never for less: whoever uses it as its parent must be safe.

use super::errors::syntax as errors;
use super::marker::Marker;
use super::notation::{notation, written};
use super::{Markers, Shape, Type, format, scalar};
use crate::diagnostic::Diagnostics;
use crate::value::Value;
use std::sync::Arc;

/// Fields nest at most this deep.
const DEPTH: usize = 64;

/// Reports where `child` allows what `parent` does not. `path` is the field the types belong to, empty for whole schemas.
pub fn tightens(parent: &Type, child: &Type, path: &str, diagnostics: &mut Diagnostics) {
    let mut tightening = Tightening { seen: Vec::new(), diagnostics };
    tightening.compare(parent, child, path, DEPTH);
}

struct Tightening<'d> {
    /// Pairs of named types that are compared already: types may hold themselves.
    seen: Vec<(Arc<str>, Arc<str>)>,
    diagnostics: &'d mut Diagnostics,
}

impl Tightening<'_> {
    fn compare(&mut self, parent: &Type, child: &Type, path: &str, depth: usize) {
        if depth == 0 {
            return;
        }
        if let (Some(a), Some(b)) = (parent.name(), child.name()) {
            let pair = (Arc::clone(a), Arc::clone(b));
            if self.seen.contains(&pair) {
                return;
            }
            self.seen.push(pair);
        }
        let (above, below) = (parent.resolved(), child.resolved());
        if !narrower(&above.shape, &below.shape) {
            let message = format!("`{path}` is wider than in the class it inherits from");
            self.report(message, child, None, format!("now {}", notation(child)), parent, format!("was {}", notation(parent)));
            return;
        }
        self.markers(above, below, path);
        match (&above.shape, &below.shape) {
            (Shape::Record(old), Shape::Record(new)) => {
                for field in old.fields() {
                    let inner = if path.is_empty() { field.name.to_string() } else { format!("{path}.{}", field.name) };
                    match new.get(&field.name) {
                        Some(now) => self.compare(&field.type_, &now.type_, &inner, depth - 1),
                        None => {
                            let message = format!("`{inner}` is gone, but the class it inherits from has it");
                            self.report(message, child, None, "the field is not here".into(), &field.type_, "was declared here".into());
                        }
                    }
                }
            }
            (Shape::Map(item), Shape::Record(new)) => {
                for field in new.fields() {
                    let inner = if path.is_empty() { field.name.to_string() } else { format!("{path}.{}", field.name) };
                    self.compare(item, &field.type_, &inner, depth - 1);
                }
            }
            (Shape::List(old), Shape::List(new)) => self.compare(old, new, &format!("{path}[]"), depth - 1),
            (Shape::Map(old), Shape::Map(new)) => self.compare(old, new, &format!("{path}.*"), depth - 1),
            _ => {}
        }
    }

    fn report(&mut self, message: String, child: &Type, marker: Option<Marker>, label: String, parent: &Type, was: String) {
        let place = |type_: &Type| marker.and_then(|marker| type_.resolved().markers.place(marker)).unwrap_or(type_.origin);
        self.diagnostics.push(errors::looser(message, place(child), label, place(parent), was));
    }

    fn markers(&mut self, parent: &Type, child: &Type, path: &str) {
        let (old, new) = (&parent.markers, &child.markers);
        let mut looser = |marker: Marker, label: String, was: String| {
            let message = format!("`{path}` asks for less than in the class it inherits from");
            self.report(message, child, Some(marker), label, parent, was);
        };
        // A default keeps the promise that the field is there.
        if old.required && !new.required && new.default.is_none() {
            looser(Marker::Required, "no longer required".into(), "was required".into());
        }
        if new.nullable && !old.nullable && !matches!(parent.shape, Shape::Any) {
            looser(Marker::Nullable, "may be null now".into(), "could not be null".into());
        }
        if old.secret && !new.secret {
            looser(Marker::Secret, "no longer a secret".into(), "was a secret".into());
        }
        let unique = |markers: &Markers| markers.unique_items || markers.list_merge != super::ListMerge::Atomic;
        if old.unique_items && !unique(new) {
            looser(Marker::UniqueItems, "may hold an item twice now".into(), "could not hold an item twice".into());
        }
        if !old.enum_.is_empty() {
            let extra = new.enum_.iter().find(|value| !old.enum_.iter().any(|known| scalar::same(child, known, value)));
            if let Some(extra) = extra {
                looser(Marker::Enum, format!("{} is new", written(extra)), "these were the values allowed".into());
            } else if new.enum_.is_empty() {
                looser(Marker::Enum, "allows any value now".into(), "these were the values allowed".into());
            }
        }
        if let (Some(pattern), None) = (&old.pattern, &new.pattern)
            && new.enum_.is_empty()
        {
            looser(Marker::Pattern, "has no pattern now".into(), format!("had to match `{}`", pattern.text));
        }
        if let (Some(format), None) = (&old.format, &new.format)
            && new.enum_.is_empty()
            && matches!(child.shape, Shape::String)
        {
            looser(Marker::Format, "has no format now".into(), format!("had the format {format}"));
        }
        for (marker, was, now, at_least) in
            [(Marker::Minimum, &old.minimum, &new.minimum, true), (Marker::Maximum, &old.maximum, &new.maximum, false)]
        {
            let Some(was) = was else { continue };
            if values_within(child, was, now.as_ref(), &new.enum_, at_least) {
                continue;
            }
            let label = now.as_ref().map_or_else(|| "no limit now".to_owned(), |now| format!("now {}", written(now)));
            looser(marker, label, format!("was {}", written(was)));
        }
        for (marker, was, now, at_least) in [
            (Marker::MinLength, old.min_length, new.min_length, true),
            (Marker::MaxLength, old.max_length, new.max_length, false),
            (Marker::MinItems, old.min_items, new.min_items, true),
            (Marker::MaxItems, old.max_items, new.max_items, false),
        ] {
            let Some(was) = was else { continue };
            let kept = match now {
                Some(now) => (at_least && now >= was) || (!at_least && now <= was),
                None => !new.enum_.is_empty(),
            };
            if !kept {
                let label = now.map_or_else(|| "no limit now".to_owned(), |now| format!("now {now}"));
                looser(marker, label, format!("was {was}"));
            }
        }
    }
}

/// Whether all values a child allows keep to a limit of its parent.
fn values_within(child: &Type, was: &Value, now: Option<&Value>, enum_: &[Value], at_least: bool) -> bool {
    let Some(limit) = format::amount(&child.shape, was) else { return true };
    let keeps = |value: &Value| match format::amount(&child.shape, value) {
        Some(amount) if at_least => amount >= limit,
        Some(amount) => amount <= limit,
        None => false,
    };
    match now {
        Some(now) => keeps(now),
        None => !enum_.is_empty() && enum_.iter().all(keeps),
    }
}

/// Whether every value of the shape `child` is one of `parent`, as far as shapes tell.
fn narrower(parent: &Shape, child: &Shape) -> bool {
    match (parent, child) {
        (Shape::Any, _)
        | (Shape::Object, Shape::Object | Shape::Map(_) | Shape::Record(_))
        | (Shape::Map(_), Shape::Map(_) | Shape::Record(_))
        | (Shape::Record(_), Shape::Record(_))
        | (Shape::List(_), Shape::List(_))
        | (Shape::Number, Shape::Number | Shape::Integer)
        | (Shape::Integer, Shape::Integer)
        | (Shape::Boolean, Shape::Boolean)
        | (Shape::String, Shape::String | Shape::Cidr | Shape::Semver | Shape::Duration)
        | (Shape::Quantity, Shape::Quantity | Shape::Integer | Shape::Number)
        | (Shape::Duration, Shape::Duration)
        | (Shape::Cidr, Shape::Cidr)
        | (Shape::Semver, Shape::Semver) => true,
        _ => false,
    }
}
