//! Expressions of classes, checked when the class is loaded, whether or not anything uses it: names, fields, functions, operands, conditions
//! that are no booleans, and late values where they may not go. With the types found, templates are checked against the tables of fields.

mod file;
mod innocent;
mod uses;
mod words;

pub(super) use uses::{Using, fragments, told as told_of_use};
pub(super) use words::shape;

use super::fields::{self, ExpressionTypes};
use super::fragment::{Fragments, Inliner};
use super::language::Language;
use super::scope::KnownTypes;
use super::{Class, TOLD, capability, declarations, emitted, errors, making, scope, whole};
use crate::diagnostic::Diagnostics;
use crate::expression::{Target, Template, Ty, TypeScope, UseId};
use crate::path::Path;
use crate::schema::Type;
use crate::source::Sources;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Data, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is known of an output of a class.
pub(super) struct OutputType {
    pub(super) type_: Ty,
    pub(super) span: Span,
    /// Whether its key is a directive or an expression, so that nobody knows which outputs come of it.
    pub(super) is_made: bool,
}

/// What was found wrong with a class, and told.
pub(super) struct ClassFaults {
    /// Whether anything is wrong with what it makes.
    pub(super) in_making: bool,
    /// Outputs that its capabilities promise, and that it lacks or that are something else.
    pub(super) unkept: Vec<capability::Unkept>,
    /// The rules with which something is wrong, by their numbers.
    faulty_rules: BTreeSet<usize>,
}

impl ClassFaults {
    /// Whether there is nothing to take note of.
    pub(super) fn is_none(&self) -> bool {
        self.unkept.is_empty() && self.faulty_rules.is_empty()
    }

    /// Takes note in the class: what is told of it once need not be told of each of its things.
    pub(super) fn note(&self, class: &mut Class) {
        class.unkept.clone_from(&self.unkept);
        let mut number = 0..;
        class.rules.retain(|_| number.next().is_some_and(|number| !self.faulty_rules.contains(&number)));
    }
}

/// Checks the expressions of a class, and that its outputs are what its capabilities promise.
pub(super) fn class(
    class: &Class,
    language: &Language,
    known: KnownTypes<'_>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> ClassFaults {
    let mut found = Diagnostics::default();
    let faults = checked(class, language, known, sources, &mut found);
    let shared = Fragments::new();
    for fragment in class.private.values().filter(|fragment| fragment.sound) {
        let subject = Subject::class(class.kind.singular(), &class.name.name);
        let mut inliner = Inliner::new(known.fragments.unwrap_or(&shared), &class.private, &[], (&subject, sources), &mut found);
        let template = inliner.alone(fragment);
        let (used, _) = inliner.finish();
        let scope = scope::of(class, language, known, Ty::record(Vec::new()));
        uses::alone(fragment, template.as_ref(), scope, (&used, known), sources, &mut found);
    }
    found.drain().into_iter().for_each(|fault| diagnostics.push(uses::told(fault, &class.uses)));
    faults
}

fn checked(class: &Class, language: &Language, known: KnownTypes<'_>, sources: &Sources, diagnostics: &mut Diagnostics) -> ClassFaults {
    let using = Using { uses: &class.uses, taken: &class.taken, known, sources: Some(sources), is_alone: false };
    let lets = let_types(class, language, known);
    let own = class.section("let");
    let scope = scope::of(class, language, known, lets);
    let mut walk = SectionWalk::new(scope, using, diagnostics);
    if let Some(own) = own {
        walk.section("let", own);
    }
    walk.taken(&class.type_, &class.taken);
    // In data, keys that begin with `$` are keys.
    walk.words = false;
    declarations::check(class, known, &mut walk);
    walk.words = true;
    let mut faulty_rules = BTreeSet::new();
    for (number, rule) in class.rules.iter().enumerate() {
        let before = walk.diagnostics.len();
        if let Some(at) = &rule.at {
            pointed(class, at, walk.diagnostics);
        }
        walk.condition(&rule.assert, "a rule");
        if let Some(when) = &rule.when {
            walk.condition(when, "a rule");
        }
        walk.value(&rule.message);
        if walk.diagnostics.len() > before {
            faulty_rules.insert(number);
        }
    }
    walk.emits = true;
    let early = [("manifests", "a Kubernetes object"), ("helm", "a Helm value"), ("files", "a file"), TOLD];
    for (section, what) in early {
        walk.early = Some(what);
        if let Some(value) = class.section(section) {
            walk.section(section, value);
        }
    }
    walk.early = None;
    walk.target = Target::Terraform;
    for section in ["providers", "terraform"] {
        if let Some(value) = class.section(section) {
            walk.section(section, value);
        }
    }
    let outputs = class.section("outputs").map(|section| walk.outputs(section)).unwrap_or_default();
    walk.target = Target::Plain;
    let before = walk.diagnostics.len();
    making::check(class, known, sources, &mut walk);
    let in_making = walk.diagnostics.len() > before;
    let mut types = walk.types;
    let unkept = capability::fulfilled(class, known.capabilities, &outputs, sources, diagnostics);
    whole::check(class, &mut types, diagnostics);
    fields::check(class, known.tables, &types, diagnostics);
    emitted::check(class, &types, Some(sources), diagnostics);
    ClassFaults { in_making, unkept, faulty_rules }
}

/// The types of `let`, of which each may name the others in any order: a first round tells them, so that the second can say more.
pub(super) fn let_types(class: &Class, language: &Language, known: KnownTypes<'_>) -> Ty {
    let Some(own) = class.section("let") else { return Ty::record(Vec::new()) };
    let mut lets = words::shape(own);
    for _ in 0..2 {
        let mut unsaid = Diagnostics::default();
        let scope = scope::of(class, language, known, lets);
        lets = SectionWalk::new(scope, Using::none(known), &mut unsaid).section("let", own);
    }
    lets
}

/// Checks that the field a rule points to is one of the class.
fn pointed(class: &Class, at: &Value, diagnostics: &mut Diagnostics) {
    pointed_in(&class.type_, at, diagnostics);
}

/// The same for the fields of a type.
fn pointed_in(type_: &Arc<Type>, at: &Value, diagnostics: &mut Diagnostics) {
    let Some(text) = at.as_str() else { return };
    let path = text.parse().unwrap_or_else(|_| Path::of([text]));
    let mut type_ = Some(type_);
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

/// A walk through a section.
pub(super) struct SectionWalk<'d, 'u> {
    pub(super) scope: TypeScope,
    /// The fragments that are used.
    using: Using<'u>,
    /// What their names stand for, as far as they were met.
    used: BTreeMap<UseId, Vec<(Arc<str>, Ty)>>,
    pub(super) target: Target,
    /// What the section makes, if that must be known before Terraform runs.
    pub(super) early: Option<&'static str>,
    /// Whether the words of templates count.
    words: bool,
    /// Whether what is written is expanded as a whole, so that a path may be made.
    takes_files: bool,
    /// The types of all expressions met.
    pub(super) types: ExpressionTypes,
    /// Whether what is met is emitted, or named by what is.
    emits: bool,
    /// Iterators around over what users write, and where that is said.
    positions: Vec<(Arc<str>, Span)>,
    pub(super) diagnostics: &'d mut Diagnostics,
}

impl<'d, 'u> SectionWalk<'d, 'u> {
    pub(super) fn new(scope: TypeScope, using: Using<'u>, diagnostics: &'d mut Diagnostics) -> Self {
        Self {
            scope,
            using,
            used: BTreeMap::new(),
            target: Target::Plain,
            early: None,
            words: true,
            takes_files: true,
            types: ExpressionTypes::new(),
            emits: false,
            positions: Vec::new(),
            diagnostics,
        }
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
            Data::Broken => Ty::Dyn,
            // What it comes to is known when the layers have met.
            Data::Pending(pending) => {
                pending.values().for_each(|value| _ = self.value(value));
                Ty::Dyn
            }
            Data::Template(template) => self.template(template),
            Data::List(list) => self.list(list.items()),
            Data::Map(map) if self.words => self.map(map, &[]),
            Data::Map(map) => {
                let fields = map.entries().iter().map(|entry| (Arc::clone(&entry.key), self.value(&entry.value)));
                Ty::record(fields.collect())
            }
        }
    }

    pub(super) fn template(&mut self, template: &Template) -> Ty {
        if template.is_broken() {
            return Ty::Unknown;
        }
        let depth = self.scope.names.len();
        let own = template.use_.and_then(|id| self.used.get(&id)).cloned().unwrap_or_default();
        self.scope.names.extend(own);
        let owners = template.use_.map(|id| std::mem::replace(&mut self.scope.owners, self.using.owners_of(id)));
        let type_ = template.check(&self.scope, self.target, self.diagnostics);
        self.scope.names.truncate(depth);
        if let Some(owners) = owners {
            self.scope.owners = owners;
        }
        if let Some(what) = self.early.filter(|_| type_.is_late()) {
            self.diagnostics.push(errors::late(template.span, what));
        }
        self.innocent(template, &type_);
        // One text may stand in two places (an alias of YAML) and have two types there.
        let known = self.types.entry(template.span).or_insert_with(|| type_.clone());
        if *known != type_ {
            *known = Ty::Dyn;
        }
        type_
    }

    pub(super) fn condition(&mut self, value: &Value, what: &str) {
        let early = self.early.take();
        let target = std::mem::replace(&mut self.target, Target::Plain);
        let emits = std::mem::replace(&mut self.emits, false);
        let type_ = self.value(value);
        (self.early, self.target, self.emits) = (early, target, emits);
        if type_.is_late() {
            self.diagnostics.push(errors::decided_late(value.origin.span, what));
        } else if !type_.may(|type_| *type_ == Ty::Bool) {
            self.diagnostics.push(errors::condition_not_bool(value.origin.span, type_.describe()));
        }
    }
}
