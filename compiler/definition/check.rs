//! Expressions of classes, checked when the class is loaded, whether or not anything uses it: names, fields, functions, operands, conditions
//! that are no booleans, and late values where they may not go. With the types found, templates are checked against the tables of fields.

use super::fields::{self, ExpressionTypes};
use super::language::Language;
use super::scope::KnownTypes;
use super::{Class, TOLD, capability, errors, making, scope};
use crate::diagnostic::Diagnostics;
use crate::expression::{Target, Template, Ty, TypeScope};
use crate::path::Path;
use crate::source::Sources;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::sync::Arc;

/// What is known of an output of a class.
pub(super) struct OutputType {
    pub(super) type_: Ty,
    pub(super) span: Span,
    /// Whether its key is a directive or an expression, so that nobody knows which outputs come of it.
    pub(super) is_made: bool,
}

/// Checks the expressions of a class, and that its outputs are what its capabilities promise. Whether anything is wrong with what it makes.
pub(super) fn class(class: &Class, language: &Language, known: KnownTypes<'_>, sources: &Sources, diagnostics: &mut Diagnostics) -> bool {
    // A first round tells the types of `let`, which may name each other in any order; what is wrong is reported in the second.
    let mut lets: Vec<(Arc<str>, Ty)> = entries(class.section("let")).iter().map(|entry| (Arc::clone(&entry.key), Ty::Dyn)).collect();
    for _ in 0..2 {
        let mut unsaid = Diagnostics::default();
        let scope = scope::of(class, language, known, lets.clone());
        let mut walk = SectionWalk::new(scope, &mut unsaid);
        lets = entries(class.section("let")).iter().map(|entry| (Arc::clone(&entry.key), walk.value(&entry.value))).collect();
    }
    let scope = scope::of(class, language, known, lets);
    let mut walk = SectionWalk::new(scope, diagnostics);
    for entry in entries(class.section("let")) {
        walk.value(&entry.value);
    }
    if let Some(defaults) = &class.defaults {
        walk.value(defaults);
    }
    for rule in &class.rules {
        if let Some(at) = &rule.at {
            pointed(class, at, walk.diagnostics);
        }
        walk.condition(&rule.assert);
        if let Some(when) = &rule.when {
            walk.condition(when);
        }
        walk.value(&rule.message);
    }
    let early = [("manifests", "a Kubernetes object"), ("helm", "a Helm value"), ("files", "a file"), TOLD];
    for (section, what) in early {
        walk.early = Some(what);
        if let Some(value) = class.section(section) {
            walk.value(value);
        }
    }
    walk.early = None;
    walk.target = Target::Terraform;
    for section in ["providers", "terraform"] {
        if let Some(value) = class.section(section) {
            walk.value(value);
        }
    }
    let outputs = entries(class.section("outputs")).iter().map(|entry| (Arc::clone(&entry.key), walk.output(entry))).collect::<Vec<_>>();
    walk.target = Target::Plain;
    let before = walk.diagnostics.len();
    making::check(class, known, sources, &mut walk);
    let is_wrong = walk.diagnostics.len() > before;
    let types = walk.types;
    capability::fulfilled(class, known.capabilities, &outputs, sources, diagnostics);
    fields::check(class, &types, diagnostics);
    is_wrong
}

/// Checks that the field a rule points to is one of the class.
fn pointed(class: &Class, at: &Value, diagnostics: &mut Diagnostics) {
    let Some(text) = at.as_str() else { return };
    let path = text.parse().unwrap_or_else(|_| Path::of([text]));
    let mut type_ = Some(&class.type_);
    for step in path.keys().unwrap_or_default() {
        let Some(here) = type_ else { return };
        let names: Vec<&str> = here.fields().map(|(name, _)| name).collect();
        // Below a map with any keys, and beside what is computed, everything is possible.
        if names.is_empty() || step == "name" {
            return;
        }
        type_ = here.field(step);
        if type_.is_none() {
            diagnostics.push(errors::unknown_pointed(&path, step, at.origin.span, &names));
        }
    }
}

fn entries(value: Option<&Value>) -> &[Entry] {
    value.and_then(Value::as_map).map(Map::entries).unwrap_or_default()
}

/// A walk through a section.
pub(super) struct SectionWalk<'d> {
    scope: TypeScope,
    target: Target,
    /// What the section makes, if that must be known before Terraform runs.
    early: Option<&'static str>,
    /// The types of all expressions met.
    types: ExpressionTypes,
    pub(super) diagnostics: &'d mut Diagnostics,
}

impl<'d> SectionWalk<'d> {
    fn new(scope: TypeScope, diagnostics: &'d mut Diagnostics) -> Self {
        Self { scope, target: Target::Plain, early: None, types: ExpressionTypes::new(), diagnostics }
    }

    fn output(&mut self, entry: &Entry) -> OutputType {
        if let Some(key) = &entry.template {
            self.template(key);
        }
        let type_ = self.looped(&entry.value, |walk| walk.value(&entry.value));
        OutputType { type_, span: entry.value.origin.span, is_made: entry.template.is_some() || entry.key.starts_with('$') }
    }

    /// Checks a value and everything below, and gives its type.
    pub(super) fn value(&mut self, value: &Value) -> Ty {
        match &value.data {
            Data::Null => Ty::Null,
            Data::Bool(_) => Ty::Bool,
            Data::Int(_) => Ty::Int,
            Data::Float(_) => Ty::Double,
            Data::String(_) => Ty::String,
            Data::Late(late) => Ty::late(late.type_()),
            Data::Broken | Data::Pending(_) => Ty::Dyn,
            Data::Template(template) => self.template(template),
            Data::List(list) => {
                let mut common: Option<Ty> = None;
                for item in list.items() {
                    let item = self.looped(item, |walk| walk.value(item));
                    common = Some(match common {
                        Some(known) if known == item => known,
                        Some(_) => Ty::Dyn,
                        None => item,
                    });
                }
                Ty::list(common.unwrap_or(Ty::Dyn))
            }
            Data::Map(map) => {
                let mut open = false;
                let mut fields = Vec::new();
                for entry in map.entries() {
                    let directive = entry.key.starts_with('$') && entry.template.is_none();
                    match &*entry.key {
                        "$if" => self.condition(&entry.value),
                        "$for" | "$verbatim" => {}
                        _ => {
                            let type_ = self.looped(&entry.value, |walk| {
                                if let Some(key) = &entry.template {
                                    walk.template(key);
                                }
                                walk.value(&entry.value)
                            });
                            fields.push((Arc::clone(&entry.key), type_));
                        }
                    }
                    open |= directive || entry.template.is_some();
                }
                if open { Ty::Dyn } else { Ty::record(fields) }
            }
        }
    }

    pub(super) fn template(&mut self, template: &Template) -> Ty {
        if template.is_broken() {
            return Ty::Unknown;
        }
        let type_ = template.check(&self.scope, self.target, self.diagnostics);
        if let Some(what) = self.early.filter(|_| type_.is_late()) {
            self.diagnostics.push(errors::late(template.span, what));
        }
        // One text may stand in two places (an alias of YAML) and have two types there.
        let known = self.types.entry(template.span).or_insert_with(|| type_.clone());
        if *known != type_ {
            *known = Ty::Dyn;
        }
        type_
    }

    pub(super) fn condition(&mut self, value: &Value) {
        let early = self.early.take();
        let target = std::mem::replace(&mut self.target, Target::Plain);
        let type_ = self.value(value);
        self.early = early;
        self.target = target;
        if type_.is_late() {
            self.diagnostics.push(errors::late(value.origin.span, "`$if`"));
        } else if !matches!(type_, Ty::Bool | Ty::Dyn | Ty::Unknown) {
            self.diagnostics.push(errors::condition_not_bool(value.origin.span, type_.describe()));
        }
    }

    /// Works with the iterators of a value's own `$for` in scope.
    pub(super) fn looped<T>(&mut self, value: &Value, work: impl FnOnce(&mut Self) -> T) -> T {
        let depth = self.scope.names.len();
        let mut positions = match self.scope.get("index") {
            Some(Ty::Record(record)) => record.fields.clone(),
            Some(_) | None => Vec::new(),
        };
        for iterator in entries(value.get("$for")) {
            let target = std::mem::replace(&mut self.target, Target::Plain);
            let early = self.early.take();
            let item = match self.value(&iterator.value) {
                Ty::List(item) => (*item).clone(),
                Ty::Dyn
                | Ty::Unknown
                | Ty::Null
                | Ty::Bool
                | Ty::Int
                | Ty::Uint
                | Ty::Double
                | Ty::String
                | Ty::Name(_)
                | Ty::Bytes
                | Ty::Type
                | Ty::In(_)
                | Ty::Map(_)
                | Ty::Record(_)
                | Ty::Optional(_)
                | Ty::Number
                | Ty::Late(_) => Ty::Dyn,
            };
            (self.target, self.early) = (target, early);
            positions.push((Arc::clone(&iterator.key), Ty::Int));
            let index = ("index".into(), Ty::record(positions.clone()));
            // The next list may read the positions of the iterators before it.
            match self.scope.names.get_mut(depth) {
                Some(known) => *known = index,
                None => self.scope.names.push(index),
            }
            self.scope.names.push((Arc::clone(&iterator.key), item));
        }
        let result = work(self);
        self.scope.names.truncate(depth);
        result
    }
}
