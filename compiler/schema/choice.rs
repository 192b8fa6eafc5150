//! Fields of a record that exclude each other: `$exactlyOne: [path, chart]`, `$atMostOne`. In comes what an author writes beside the fields, or several
//! such lists; out goes which fields rule each other out. How layers act on it is said where they merge.

use super::errors::choice as errors;
use super::{Field, Record};
use crate::diagnostic::Diagnostics;
use crate::span::Span;
use crate::value::{Entry, Value};
use crate::variants::variants;
use std::sync::Arc;

variants! {
    /// How many of the fields are set.
    pub enum Choosing(word, from_word) {
        /// One, neither more nor fewer.
        ExactlyOne = "exactlyOne",
        /// One or none.
        AtMostOne = "atMostOne",
    }
}

/// Fields of which not more than one is set.
#[derive(Clone, Debug)]
pub struct FieldChoice {
    /// Whether one must be.
    pub choosing: Choosing,
    /// Their names.
    pub members: Vec<Arc<str>>,
    /// Where they are listed.
    pub origin: Span,
}

impl FieldChoice {
    /// Whether a field is one of them.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.members.iter().any(|member| **member == *field)
    }

    /// What it asks for, in words: `exactly one of path and chart`.
    #[must_use]
    pub fn words(&self) -> String {
        let names: Vec<String> = self.members.iter().map(|member| format!("`{member}`")).collect();
        let many = if self.choosing == Choosing::ExactlyOne { "exactly one of" } else { "at most one of" };
        match names.split_last() {
            Some((last, before)) => format!("{many} {} and {last}", before.join(", ")),
            None => many.to_owned(),
        }
    }
}

/// Choices of one record are at most so many, and fields of one as well.
const MOST: usize = 32;

/// Reads what stands beside the fields of a record; what is wrong is reported and left out.
pub(super) fn read(choosing: Choosing, entry: &Entry, fields: &[Field], diagnostics: &mut Diagnostics) -> Vec<FieldChoice> {
    let several = |items: &[Value]| items.iter().all(|item| item.as_list().is_some()) && !items.is_empty();
    let lists: Vec<&Value> = match entry.value.as_list() {
        Some(items) if several(items) => items.iter().collect(),
        Some(_) | None => vec![&entry.value],
    };
    if lists.len() > MOST {
        diagnostics.push(errors::too_many(choosing, entry.value.origin.span, MOST));
        return Vec::new();
    }
    lists.into_iter().filter_map(|list| one(choosing, list, fields, diagnostics)).collect()
}

fn one(choosing: Choosing, list: &Value, fields: &[Field], diagnostics: &mut Diagnostics) -> Option<FieldChoice> {
    let names: Option<Vec<(&str, Span)>> =
        list.as_list().and_then(|items| items.iter().map(|item| Some((item.as_str()?, item.origin.span))).collect());
    let Some(names) = names.filter(|names| names.len() > 1) else {
        diagnostics.push(errors::not_names(choosing, list));
        return None;
    };
    if names.len() > MOST {
        diagnostics.push(errors::too_many(choosing, list.origin.span, MOST));
        return None;
    }
    let mut members: Vec<Arc<str>> = Vec::new();
    for (name, span) in names {
        let Some(field) = fields.iter().find(|field| *field.name == *name) else {
            diagnostics.push(errors::no_member(choosing, name, span, fields));
            return None;
        };
        if members.iter().any(|known| **known == *name) {
            diagnostics.push(errors::member_twice(choosing, name, span));
            return None;
        }
        members.push(Arc::clone(&field.name));
    }
    Some(FieldChoice { choosing, members, origin: list.origin.span })
}

/// Reports members that are required, and several of one choice that have defaults, when all names are linked.
pub(super) fn review(record: &Record, diagnostics: &mut Diagnostics) {
    for choice in record.choices().iter() {
        let members = || record.fields().iter().filter(|field| choice.has(&field.name));
        if let Some(required) = members().find(|field| field.type_.resolved().markers.required) {
            diagnostics.push(errors::required_member(choice, required));
        }
        let mut defaults = members().filter(|field| field.type_.resolved().markers.default.is_some());
        if let (Some(first), Some(second)) = (defaults.next(), defaults.next()) {
            diagnostics.push(errors::two_defaults(choice, first, second));
        }
    }
}

impl Record {
    /// Whether a field is one of those that exclude others.
    #[must_use]
    pub fn is_chosen(&self, field: &str) -> bool {
        self.choices().iter().any(|choice| choice.has(field))
    }

    /// The fields that setting one rules out.
    pub fn rivals<'r>(&'r self, field: &'r str) -> impl Iterator<Item = &'r Arc<str>> {
        let choices = self.choices().iter().filter(move |choice| choice.has(field));
        choices.flat_map(|choice| &choice.members).filter(move |member| ***member != *field)
    }
}
