//! A value against a type: unknown and missing fields here, what single values must be in `scalar`. Reports everything, changes nothing.

use super::errors::{choice as choices, unknown as unknown_errors, value as errors};
use super::place::Place;
use super::unknown::{self, Meant};
use super::{Choosing, Field, ListMerge, Record, Shape, Type, scalar};
use crate::diagnostic::Diagnostics;
use crate::expression::Ty;
use crate::ledger;
use crate::path::{Path, Step};
use crate::source::Sources;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Data, Entry, Map, Operator, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is checked, for the words of diagnostics.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// The kind in words: `node pool`.
    pub kind: &'a str,
    /// The class: `nodePool/eks`.
    pub class: &'a str,
    /// What diagnostics speak of; none for a single layer, of which nobody can ask.
    pub subject: Option<&'a Subject>,
    /// Where the key of the definition stands, if there is one.
    pub defined: Option<Span>,
    /// Fields that are read elsewhere and yet belong beside those of the type, with foreign names for each: for suggestions.
    pub beside: &'a [(&'a str, &'a [&'a str])],
    /// All sources, to prefer the user's places over those of the standard library.
    pub sources: &'a Sources,
}

/// How much of a value is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// One layer before merging: fields may be missing, keys may carry operators, expressions are not evaluated.
    Layer,
    /// The outcome of all layers.
    Complete,
}

/// Values nest at most this deep; the readers of sources refuse deeper ones.
const DEPTH: usize = 300;

/// Checks a value against a type and reports what is wrong with it.
///
/// Expressions that are not evaluated are taken on trust, in either mode: one that failed was reported by who evaluated it.
pub fn check(type_: &Type, value: &Value, checked: &Checked<'_>, mode: Mode, diagnostics: &mut Diagnostics) {
    let mut checker = ValueChecker { root: type_, checked, mode, path: Path::default(), keys: Vec::new(), outside: None, diagnostics };
    checker.value(type_, value, false, DEPTH);
}

struct ValueChecker<'a, 'd> {
    root: &'a Type,
    checked: &'a Checked<'a>,
    mode: Mode,
    /// The way from the whole value to the one in hand.
    path: Path,
    /// The keys on that way.
    keys: Vec<Span>,
    /// What stands below the value in hand, which is empty, and is no field of what holds both.
    outside: Option<&'a Entry>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> ValueChecker<'a, '_> {
    fn place(&self) -> Place<'_> {
        Place { checked: self.checked, path: &self.path, mode: self.mode, key: self.keys.last().copied() }
    }

    /// `partial`: the value is added to another one, so counts say nothing.
    fn value(&mut self, type_: &'a Type, value: &'a Value, partial: bool, depth: usize) {
        let resolved = type_.resolved();
        if depth == 0 {
            return;
        }
        if resolved.is_union() && !is_default(resolved, value) {
            let member = resolved.of_value(value);
            // Of another form it is none of them.
            if !std::ptr::eq(member, resolved) {
                return self.value(member, value, partial, depth - 1);
            }
        }
        match &value.data {
            Data::Template(_) | Data::Pending(_) | Data::Broken => return,
            Data::Null => {
                if !resolved.nullable() {
                    let fault = errors::null_not_allowed(&self.place(), value, resolved);
                    self.diagnostics.push(match self.outside {
                        Some(stranger) => unknown_errors::outside_of(fault, stranger),
                        None => fault,
                    });
                }
                return;
            }
            Data::Late(late) => {
                if !may_be_late(resolved, &late.type_()) {
                    let fault = errors::late_value(&self.place(), value, resolved, late.type_().describe());
                    self.diagnostics.push(fault);
                }
                return;
            }
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::List(_) | Data::Map(_) => {}
        }
        if is_default(resolved, value) {
            return;
        }
        let counts = !partial && self.mode == Mode::Complete;
        match (&resolved.shape, &value.data) {
            (Shape::Any, _) if resolved.markers.enum_.is_empty() => {}
            (Shape::Object, Data::Map(map)) => {
                map.entries().iter().for_each(|entry| self.key(resolved, entry));
                if counts {
                    self.count(resolved, value, map.entries().len());
                }
            }
            (Shape::Map(item), Data::Map(map)) => {
                for entry in map.entries() {
                    self.key(resolved, entry);
                    self.entry(item, entry, depth);
                }
                if counts {
                    self.count(resolved, value, map.entries().len());
                }
            }
            (Shape::Record(record), Data::Map(map)) => self.record(type_, record, map, value, depth),
            (Shape::List(item), Data::List(list)) => {
                for (at, value) in list.items().iter().enumerate() {
                    self.path.push(Step::Item(at));
                    self.value(item, value, false, depth - 1);
                    self.path.pop();
                }
                self.duplicates(resolved, list.items());
                if counts {
                    self.count(resolved, value, list.items().len());
                }
            }
            _ => {
                let mut found = Diagnostics::default();
                scalar::check(type_, value, &self.place(), &mut found);
                self.diagnostics.append(found);
            }
        }
    }

    /// A key that is the user's to choose.
    fn key(&mut self, type_: &Type, entry: &Entry) {
        let Some(pattern) = &type_.markers.key_pattern else { return };
        // A key with expressions is known only when it is evaluated.
        if entry.template.is_none() && !pattern.regex.is_match(&*entry.key) {
            let fault = errors::key_mismatch(&self.place(), entry, type_, &pattern.text);
            self.diagnostics.push(fault);
        }
    }

    /// The value of a key, with what the key's operator asks for.
    fn entry(&mut self, type_: &'a Type, entry: &'a Entry, depth: usize) {
        self.path.push(Step::Key(Arc::clone(&entry.key)));
        self.keys.push(entry.span);
        match entry.operator {
            // What is removed is compared with what is there, by the merger.
            Operator::Remove => {}
            Operator::Append => self.value(type_, &entry.value, true, depth - 1),
            Operator::Merge | Operator::Replace | Operator::Lock => self.value(type_, &entry.value, false, depth - 1),
        }
        self.keys.pop();
        self.path.pop();
    }

    fn record(&mut self, type_: &'a Type, record: &'a Record, map: &'a Map, value: &'a Value, depth: usize) {
        let mut meant_fields = Vec::new();
        // In a small map inside, one field too many and one too few are most often one field with another name; in a thing if it could be its value.
        let unset = record.fields().iter().filter(|field| field.type_.resolved().markers.required && map.entry(&field.name).is_none());
        let unset: Vec<&Field> = unset.collect();
        let strangers = map.entries().iter().filter(|entry| entry.template.is_none() && record.get(&entry.key).is_none());
        let strangers: Vec<&Entry> = strangers.collect();
        let emptied = unknown::emptied(record, map, &strangers);
        let instead = match (unset.as_slice(), strangers.as_slice()) {
            ([one], [stranger]) if self.mode == Mode::Complete && (!self.path.is_empty() || is_alike(&one.type_, &stranger.value)) => {
                Some(&*one.name)
            }
            _ => None,
        };
        for entry in map.entries() {
            let Some(field) = record.get(&entry.key) else {
                // A key with expressions is known only when it is evaluated.
                if entry.template.is_none() && !emptied.strangers.contains(&entry.span) {
                    let meant = unknown::meant(
                        self.root,
                        type_,
                        if self.path.is_empty() { self.checked.beside } else { Default::default() },
                        &entry.key,
                    );
                    let fault = unknown_errors::unknown_field(&self.place(), entry, &meant, type_, map);
                    match (&meant, instead) {
                        (Meant::Sure(name) | Meant::Perhaps(name), _) => meant_fields.push(*name),
                        (Meant::Fields(_) | Meant::Elsewhere(_), Some(field)) => {
                            self.diagnostics.push(unknown_errors::stranger(fault, field));
                            meant_fields.push(field);
                            continue;
                        }
                        (Meant::Fields(_) | Meant::Elsewhere(_), None) => {}
                    }
                    self.diagnostics.push(fault);
                }
                continue;
            };
            if let Some(reason) = &field.type_.resolved().markers.deprecated
                && entry.operator != Operator::Remove
                && !self.checked.sources.is_library(entry.span)
                // A default is nobody's use of the field.
                && entry.span != field.span
            {
                let fault = errors::deprecated(&self.place(), entry, reason);
                self.diagnostics.push(fault);
            }
            let outside = self.outside.take();
            self.outside = emptied.first.get(&entry.span).copied();
            self.entry(&field.type_, entry, depth);
            self.outside = outside;
        }
        // Where merges were given up, layers are missing that may have it.
        let is_whole = self.mode == Mode::Complete && !ledger::lacks_layers();
        self.choices(record, map, value, &meant_fields, is_whole);
        if !is_whole {
            return;
        }
        for field in record.fields() {
            let required = field.type_.resolved().markers.required && map.entry(&field.name).is_none();
            // A misspelled field is one mistake, not two.
            if required && !meant_fields.contains(&&*field.name) {
                let fault = errors::missing_field(&self.place(), field, value);
                self.diagnostics.push(fault);
            }
        }
    }

    /// Fields that exclude each other.
    fn choices(&mut self, record: &'a Record, map: &'a Map, value: &'a Value, meant: &[&str], is_whole: bool) {
        for choice in record.choices().iter() {
            let mut set = map.entries().iter().filter(|entry| entry.operator != Operator::Remove && choice.has(&entry.key));
            let fault = match (set.next(), set.next()) {
                (Some(first), Some(second)) => choices::two_set(&self.place(), choice, first, second),
                (None, _) if choice.choosing == Choosing::ExactlyOne && is_whole => {
                    // A misspelled field is one mistake, not two.
                    if meant.iter().any(|meant| choice.has(meant)) {
                        continue;
                    }
                    choices::none_set(&self.place(), choice, record, value)
                }
                (Some(_) | None, _) => continue,
            };
            self.diagnostics.push(fault);
        }
    }

    fn count(&mut self, type_: &Type, value: &Value, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let markers = &type_.markers;
        if markers.min_items.is_some_and(|least| count < least) || markers.max_items.is_some_and(|most| count > most) {
            let fault = errors::wrong_count(&self.place(), value, type_, count);
            self.diagnostics.push(fault);
        }
    }

    fn duplicates(&mut self, type_: &'a Type, items: &'a [Value]) {
        let merge = &type_.markers.list_merge;
        if !type_.markers.unique_items && *merge == ListMerge::Atomic {
            return;
        }
        let mut seen: BTreeMap<String, &Value> = BTreeMap::new();
        for (at, item) in items.iter().enumerate() {
            let (by, value) = match merge {
                ListMerge::Keyed(key) => (Some(&**key), item.get(key)),
                ListMerge::Atomic | ListMerge::Set => (None, Some(item)),
            };
            let Some(value) = value else {
                if item.as_map().is_some() {
                    self.path.push(Step::Item(at));
                    let fault = errors::item_without_key(&self.place(), item, by.unwrap_or(""), type_);
                    self.diagnostics.push(fault);
                    self.path.pop();
                }
                continue;
            };
            // What could not be worked out is told, and may be anything.
            if value.is_dynamic() || value.is_broken() {
                continue;
            }
            let mut text = String::new();
            canonical(value, &mut text, DEPTH);
            if let Some(first) = seen.get(&text) {
                let fault = errors::duplicate_item(&self.place(), value, first, by, type_);
                self.diagnostics.push(fault);
            } else {
                seen.insert(text, value);
            }
        }
    }
}

/// Whether a value is the untouched default of its type, which is judged where it is declared: one mistake there is no mistake of
/// everybody who relies on it. Maps are looked into, because others may have added to them.
fn is_default(type_: &Type, value: &Value) -> bool {
    let same_place = |default: &&Value| default.origin.span == value.origin.span && !default.is_dynamic();
    type_.markers.default.as_ref().filter(same_place).is_some_and(|default| value.as_map().is_none() && default.same_data(value))
}

/// Whether a value is of the sort that a type asks for, as far as one look tells.
fn is_alike(type_: &Type, value: &Value) -> bool {
    match &type_.resolved().shape {
        Shape::String | Shape::Quantity | Shape::Duration | Shape::Cidr | Shape::Semver | Shape::Ref(_) => value.as_str().is_some(),
        Shape::Integer => matches!(value.data, Data::Int(_)),
        Shape::Number => matches!(value.data, Data::Int(_) | Data::Float(_)),
        Shape::Boolean => value.as_bool().is_some(),
        Shape::List(_) => value.as_list().is_some(),
        Shape::Object | Shape::Map(_) | Shape::Record(_) => value.as_map().is_some(),
        Shape::Any | Shape::Union(_) | Shape::Named(_) => false,
    }
}

/// Whether a field may hold what Terraform finds out, of a type as far as that is known. Terraform makes texts of numbers and the other way
/// round; what a reference leads to must be known now.
fn may_be_late(field: &Type, type_: &Ty) -> bool {
    let (is_list, is_map) = (matches!(type_, Ty::List(_)), matches!(type_, Ty::Map(_) | Ty::Record(_)));
    match &field.shape {
        Shape::Any => true,
        Shape::Union(_) => field.members().iter().any(|member| may_be_late(member.resolved(), type_)),
        Shape::Ref(_) => false,
        Shape::String
        | Shape::Integer
        | Shape::Number
        | Shape::Boolean
        | Shape::Quantity
        | Shape::Duration
        | Shape::Cidr
        | Shape::Semver => !is_list && !is_map,
        Shape::List(_) => is_list || *type_ == Ty::Dyn,
        Shape::Object | Shape::Map(_) | Shape::Record(_) => is_map || *type_ == Ty::Dyn,
        // What a name stands for is resolved before.
        Shape::Named(_) => true,
    }
}

/// A text that is the same for equal values only.
fn canonical(value: &Value, out: &mut String, depth: usize) {
    if depth == 0 {
        return;
    }
    match &value.data {
        Data::Null => out.push('~'),
        Data::Bool(bool) => out.push_str(if *bool { "true" } else { "false" }),
        Data::Int(int) => out.push_str(&int.to_string()),
        Data::Float(float) => out.push_str(&format!("{float:?}")),
        Data::String(text) => out.push_str(&format!("{text:?}")),
        Data::Template(_) | Data::Pending(_) | Data::Broken => out.push('$'),
        Data::Late(late) => out.push_str(&format!("{late:?}")),
        Data::List(list) => {
            out.push('[');
            for item in list.items() {
                canonical(item, out, depth - 1);
                out.push(',');
            }
            out.push(']');
        }
        Data::Map(map) => {
            let mut entries: Vec<&Entry> = map.entries().iter().collect();
            entries.sort_by(|a, b| a.key.cmp(&b.key));
            out.push('{');
            for entry in entries {
                out.push_str(&format!("{:?}:", entry.key));
                canonical(&entry.value, out, depth - 1);
                out.push(',');
            }
            out.push('}');
        }
    }
}
