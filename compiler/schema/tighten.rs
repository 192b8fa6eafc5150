//! A class that inherits may ask for more than its parent, never for less: whoever uses it as its parent must be safe.

use super::errors::looser::{Looser, looser, other_than_fragment, place};
use super::marker::Marker;
use super::notation::written;
use super::{Choosing, FieldChoice, FieldReplaces, ListMerge, Markers, Shape, Type, WrittenPattern, format, scalar};
use crate::diagnostic::Diagnostics;
use crate::name::within;
use crate::value::Value;
use std::sync::Arc;

/// Fields nest at most this deep.
const DEPTH: usize = 64;

/// Reports where `child` allows what `parent` does not, and says whether anything there is of another type. `path` is the field the types belong to,
/// empty for whole schemas.
pub fn tightens(parent: &Type, child: &Type, path: &str, diagnostics: &mut Diagnostics) -> bool {
    let mut tightening = Tightening { seen: Vec::new(), fragment: None, is_other: false, diagnostics };
    tightening.compare(parent, child, path, DEPTH);
    tightening.is_other
}

/// Reports where a schema that takes in the fields of a fragment says that they are something else. What it asks of them may be more or less, because
/// templates of the fragment may be given other values.
pub fn contradicts((name, fragment): (&str, &Type), child: &Type, path: &str, diagnostics: &mut Diagnostics) -> bool {
    let mut tightening = Tightening { seen: Vec::new(), fragment: Some(name), is_other: false, diagnostics };
    tightening.compare(fragment, child, path, DEPTH);
    tightening.is_other
}

struct Tightening<'d> {
    /// Pairs of named types that are compared already: types may hold themselves.
    seen: Vec<(Arc<str>, Arc<str>)>,
    /// The fragment whose fields these are, of which only the types are compared.
    fragment: Option<&'d str>,
    /// Whether anything is of another type.
    is_other: bool,
    diagnostics: &'d mut Diagnostics,
}

impl Tightening<'_> {
    /// Says that a type takes more, or something else.
    fn wider(&mut self, parent: &Type, child: &Type, path: &str) {
        self.is_other = true;
        self.diagnostics.push(match self.fragment {
            Some(fragment) => other_than_fragment(path, fragment, parent, child),
            None => looser(path, &[Looser::Wider], parent, child),
        });
    }

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
        // What was reported says nothing about what was meant.
        if above.markers.faulty || below.markers.faulty {
            return;
        }
        if above.is_union() {
            self.union(parent, child, path, depth - 1);
            return;
        }
        if !narrower(&above.shape, &below.shape) {
            self.wider(parent, child, path);
            return;
        }
        self.markers(above, below, path);
        match (&above.shape, &below.shape) {
            (Shape::Record(old), Shape::Record(new)) => {
                let choices = old.choices().iter().filter(|_| self.fragment.is_none());
                for choice in choices.filter(|choice| !new.choices().iter().any(|now| keeps(choice, now))) {
                    self.diagnostics.push(looser(path, &[Looser::Choice(choice)], parent, child));
                }
                for field in old.fields() {
                    let inner = within(path, &field.name);
                    match new.get(&field.name) {
                        Some(now) => self.compare(&field.type_, &now.type_, &inner, depth - 1),
                        None if self.fragment.is_some() => {}
                        None => {
                            self.is_other = true;
                            self.diagnostics.push(looser(&inner, &[Looser::Gone], &field.type_, child));
                        }
                    }
                }
            }
            (Shape::Map(item), Shape::Record(new)) => {
                for field in new.fields() {
                    let inner = within(path, &field.name);
                    self.compare(item, &field.type_, &inner, depth - 1);
                }
            }
            (Shape::List(old), Shape::List(new)) => self.compare(old, new, &format!("{path}[]"), depth - 1),
            (Shape::Map(old), Shape::Map(new)) => self.compare(old, new, &format!("{path}.*"), depth - 1),
            _ => {}
        }
    }

    /// What may be of several forms, by form.
    fn union(&mut self, parent: &Type, child: &Type, path: &str, depth: usize) {
        let (above, below) = (parent.resolved(), child.resolved());
        let members = if below.is_union() { below.members().iter().map(|member| &**member).collect() } else { vec![below] };
        let known = |member: &Type| Some(above.as_form(member.resolved().shape.form()?)).filter(|known| !std::ptr::eq(*known, above));
        if members.iter().any(|member| known(member).is_none()) {
            self.wider(parent, child, path);
            return;
        }
        self.markers(&of_whole(above), &of_whole(below), path);
        for member in members {
            let Some(known) = known(member) else { continue };
            // Whether it may be null is said of the whole.
            let mut known = known.resolved().clone();
            known.markers.nullable |= above.nullable();
            self.compare(&known, member, path, depth);
        }
    }

    fn markers(&mut self, parent: &Type, child: &Type, path: &str) {
        if self.fragment.is_some() {
            return;
        }
        let (old, new) = (&parent.markers, &child.markers);
        let unique = new.unique_items || new.list_merge != ListMerge::Atomic;
        let free = new.enum_.is_empty();
        let text = matches!(child.shape, Shape::String);
        let lost = [
            // A default keeps the promise that the field is there.
            (Marker::Required, old.required && !new.required && new.default.is_none()),
            (Marker::Nullable, new.nullable && !old.nullable && !matches!(parent.shape, Shape::Any)),
            (Marker::Secret, old.secret && !new.secret),
            (Marker::UniqueItems, old.unique_items && !unique),
            (Marker::Enum, !old.enum_.is_empty() && free),
            (Marker::Replaces, old.replaces.is_some() && new.replaces.is_none()),
            (Marker::Hazard, old.hazard.is_some() && new.hazard.is_none()),
            (
                Marker::KeyPattern,
                old.key_pattern.is_some() && new.key_pattern.is_none() && matches!(child.shape, Shape::Map(_) | Shape::Object),
            ),
            (Marker::Pattern, old.pattern.is_some() && new.pattern.is_none() && free),
            (Marker::Format, old.format.is_some() && new.format.is_none() && free && text),
        ];
        let mut looser_now: Vec<Looser<'_>> =
            lost.into_iter().filter(|(_, lost)| *lost).map(|(marker, _)| Looser::Marker(marker)).collect();
        looser_now.extend(others(old, new, free).into_iter().flatten().map(Looser::Other));
        let extra = new.enum_.iter().find(|value| !scalar::is_one_of(child, old, value));
        looser_now.extend(extra.filter(|_| !old.enum_.is_empty() && !free).map(Looser::Value));
        looser_now.extend(limits(parent, child));
        // What differs at the type itself is one mistake; a marker of its own place is another.
        let at_type = |what: &Looser<'_>| place(what, child) == child.origin;
        let (joint, alone): (Vec<_>, Vec<_>) = looser_now.into_iter().partition(at_type);
        if !joint.is_empty() {
            self.diagnostics.push(looser(path, &joint, parent, child));
        }
        for what in alone {
            self.diagnostics.push(looser(path, &[what], parent, child));
        }
    }
}

/// What is asked for in another way, of which nobody can tell whether it is more: a pattern, or how items are told apart.
fn others(old: &Markers, new: &Markers, free: bool) -> [Option<Marker>; 4] {
    let differ = |old: &Option<WrittenPattern>, new: &Option<WrittenPattern>| {
        old.as_ref().zip(new.as_ref()).is_some_and(|(old, new)| old.text != new.text)
    };
    let list = match (&old.list_merge, &new.list_merge) {
        (ListMerge::Atomic, _) => None,
        (ListMerge::Keyed(old), ListMerge::Keyed(new)) => (old != new).then_some(Marker::ListMapKey),
        (old, new) => (old != new).then_some(Marker::ListType),
    };
    let pattern = (free && differ(&old.pattern, &new.pattern)).then_some(Marker::Pattern);
    let replaces = old.replaces.as_ref().zip(new.replaces.as_ref()).is_some_and(|(old, new)| replaces_less(old, new));
    let key_pattern = differ(&old.key_pattern, &new.key_pattern).then_some(Marker::KeyPattern);
    [pattern, key_pattern, list, replaces.then_some(Marker::Replaces)]
}

/// Whether a change replaces less than before, or something else. Of two conditions nobody can tell.
fn replaces_less(old: &FieldReplaces, new: &FieldReplaces) -> bool {
    match (old, new) {
        (FieldReplaces::Thing, FieldReplaces::If(_)) | (FieldReplaces::Named(_), FieldReplaces::Thing | FieldReplaces::If(_)) => true,
        (FieldReplaces::Named(old), FieldReplaces::Named(new)) => old != new,
        (FieldReplaces::If(_), _) | (FieldReplaces::Thing, FieldReplaces::Thing | FieldReplaces::Named(_)) => false,
    }
}

/// Whether a choice rules out what another one does.
fn keeps(choice: &FieldChoice, now: &FieldChoice) -> bool {
    let holds = |outer: &FieldChoice, inner: &FieldChoice| inner.members.iter().all(|member| outer.has(member));
    match choice.choosing {
        Choosing::AtMostOne => holds(now, choice),
        Choosing::ExactlyOne => now.choosing == Choosing::ExactlyOne && holds(now, choice) && holds(choice, now),
    }
}

/// A type with what is asked of it in any form.
fn of_whole(type_: &Type) -> Type {
    let mut whole = type_.clone();
    Marker::ALL.into_iter().filter(|marker| marker.is_of_member()).for_each(|marker| whole.markers.drop(marker));
    whole
}

/// Limits of the parent that the child does not keep.
fn limits<'v>(parent: &Type, child: &Type) -> Vec<Looser<'v>> {
    let (old, new) = (&parent.markers, &child.markers);
    let mut loosened = Vec::new();
    for (marker, was, now, least) in
        [(Marker::Minimum, &old.minimum, &new.minimum, true), (Marker::Maximum, &old.maximum, &new.maximum, false)]
    {
        if let Some(was) = was
            && !values_within(child, was, now.as_ref(), &new.enum_, least)
        {
            loosened.push((marker, now.as_ref().map(written)));
        }
    }
    for (marker, was, now, least) in [
        (Marker::MinLength, old.min_length, new.min_length, true),
        (Marker::MaxLength, old.max_length, new.max_length, false),
        (Marker::MinItems, old.min_items, new.min_items, true),
        (Marker::MaxItems, old.max_items, new.max_items, false),
    ] {
        let kept = match (was, now) {
            (None, _) => true,
            (Some(was), Some(now)) => (least && now >= was) || (!least && now <= was),
            (Some(_), None) => !new.enum_.is_empty(),
        };
        if !kept {
            loosened.push((marker, now.map(|now| now.to_string())));
        }
    }
    loosened.into_iter().map(|(marker, now)| Looser::Limit(marker, now)).collect()
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
pub(super) fn narrower(parent: &Shape, child: &Shape) -> bool {
    matches!(
        (parent, child),
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
            | (Shape::Semver, Shape::Semver)
            | (Shape::String, Shape::Ref(_))
    ) || matches!((parent, child), (Shape::Ref(parent), Shape::Ref(child)) if child.kinds.iter().all(|kind| parent.kinds.contains(kind)))
}
