//! Templates of classes, expanded for one entity: all at once, where `let` and outputs wait until something reads them. In comes a section of a
//! class, out goes what it comes to. What the words of templates mean is said in `model/expansion.rs`.

mod layers;
mod locked;
mod overriding;
mod standing;
mod taken;
mod uses;

use super::part::{Parts, is_fixed, part};
use super::{WITHIN, Wait, errors, secret};
use crate::definition::directive::{Directive, OWNER};
use crate::diagnostic::Diagnostic;
use crate::expression::{Fault, Target, Val};
use crate::files::FILE;
use crate::limit::LOOP_WEIGHT;
use crate::model::{EntityId, Expanded, Expansion, Member, Scope, Sight, World, expansion, spread_needs_map};
use crate::source::Sources;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::sync::Arc;

/// Expands the templates of one entity.
pub(super) struct Expander<'w, 'a> {
    pub(super) world: &'w World<'a>,
    pub(super) id: EntityId,
    scope: Scope<'w, 'a>,
    sight: Sight<'a>,
    /// The texts that arguments of fragments stand in; none where no fragment is used.
    sources: Option<&'w Sources>,
    /// The section that is expanded.
    section: &'static str,
    /// Whether items of lists were made that may be the same as others.
    has_made_items: bool,
    /// Weight of all that loops made.
    weight: usize,
    /// Whether others of the family come later, or parts are known from the one that came before.
    member: Member<'w, Parts>,
    /// Parts that are the same for the whole family.
    parts: Parts,
    /// What lacks a fact.
    pub(super) waits: Vec<Wait>,
}

impl<'w, 'a> Expander<'w, 'a> {
    pub(super) fn new(world: &'w World<'a>, id: EntityId) -> Self {
        Self {
            world,
            id,
            scope: world.scope(id, WITHIN),
            sight: Sight::written(id),
            sources: None,
            section: "",
            has_made_items: false,
            weight: 0,
            member: Member::Single,
            parts: Parts::default(),
            waits: Vec::new(),
        }
    }

    /// The same where fragments may be used.
    pub(super) fn sources(self, sources: &'w Sources) -> Self {
        Self { sources: Some(sources), ..self }
    }

    /// The same for a member of a family.
    pub(super) fn member(self, member: Member<'w, Parts>) -> Self {
        Self { member, ..self }
    }

    /// The parts of what was expanded that are the same for the whole family.
    pub(super) fn into_parts(self) -> Parts {
        self.parts
    }

    /// Reports with the entity's path.
    pub(super) fn report(&self, diagnostic: Diagnostic) {
        self.world.report(diagnostic.about(self.world.entity(self.id).subject()));
    }

    /// What a section of the class comes to that is delivered, with all that overrides it: late values in it need facts, and what has none
    /// waits for it.
    pub(super) fn early(&mut self, section: &'static str, what: &str) -> Option<Value> {
        self.section = section;
        let made = self.written(section).and_then(|value| self.expand(value, Target::Plain));
        self.delivered(made, what)
    }

    /// The same for a section that was put together for this one thing, so that only its parts are those of the class.
    pub(super) fn early_parts(&mut self, section: &'static str, value: Option<&Value>, what: &str) -> Option<Value> {
        self.section = section;
        let sight = self.sight.clone();
        let made = value.and_then(|value| self.expanded(&sight, value, Target::Plain));
        self.delivered(made, what)
    }

    fn delivered(&mut self, made: Option<Value>, what: &str) -> Option<Value> {
        let result = self.overridden(made, Target::Plain)?;
        let result = self.standing(result);
        Some(self.known(result, what))
    }

    /// A section as the class has it.
    pub(super) fn written(&self, section: &str) -> Option<&'w Value> {
        self.world.class(self.world.entity(self.id)).and_then(|class| class.section(section))
    }

    /// What a section of the class comes to with all that overrides it, late values and all.
    pub(super) fn whole_section(&mut self, section: &'static str) -> Option<Value> {
        self.section = section;
        let made = self.written(section).and_then(|value| self.expand(value, Target::Plain));
        let result = self.overridden(made, Target::Plain)?;
        Some(self.standing(result))
    }

    /// What facts know takes the place of late values in a part of what a template made.
    pub(super) fn known_at(&mut self, result: Value, what: &str, key: Span) -> Value {
        let result = self.settle(result, what);
        secret::refuse_at(self, &result, what, Some(key));
        result
    }

    /// The same with what facts know, once it is sure that no secret is in it.
    pub(super) fn known(&mut self, result: Value, what: &str) -> Value {
        let result = self.settle(result, what);
        secret::refuse(self, &result, what);
        result
    }

    /// The names in scope.
    pub(super) fn scope(&self) -> &Scope<'w, 'a> {
        &self.scope
    }

    /// The Terraform of the thing, with all that overrides it.
    pub(super) fn terraform(&mut self) -> Option<Value> {
        self.section = "terraform";
        let made = self.written("terraform").and_then(|value| self.expand(value, Target::Terraform));
        let result = self.overridden(made, Target::Terraform)?;
        Some(self.standing(result))
    }

    /// Expands a template that goes into Terraform.
    pub(super) fn for_terraform(&mut self, value: &Value) -> Option<Value> {
        self.expand(value, Target::Terraform)
    }

    pub(super) fn fault(&self, fault: Fault) {
        match fault {
            Fault::Diagnostic(diagnostic) => self.report(*diagnostic),
            Fault::Reported => {}
        }
    }

    /// The value of what the class writes; none if it is left out or something is wrong with it.
    fn expand(&mut self, value: &Value, target: Target) -> Option<Value> {
        let sight = self.sight.clone();
        self.expand_seen(&sight, value, target)
    }

    fn expand_seen(&mut self, sight: &Sight<'a>, value: &Value, target: Target) -> Option<Value> {
        if is_fixed(value) {
            return Some(value.clone());
        }
        // Within a loop a template becomes something else each time.
        if matches!(self.member, Member::Single) || sight.round().is_some() || self.world.is_in_use() {
            return self.expanded(sight, value, target);
        }
        let key = part(value, target);
        if let (Member::Later(parts), Some(key)) = (self.member, &key)
            && let Some(known) = parts.0.get(key)
        {
            return known.clone();
        }
        let world = self.world;
        let (result, alike) = world.alike(|| self.expanded(sight, value, target));
        if let (Member::First, true, Some(key)) = (self.member, alike, key) {
            self.parts.0.insert(key, result.clone());
        }
        result
    }

    fn expanded(&mut self, sight: &Sight<'a>, value: &Value, target: Target) -> Option<Value> {
        match &value.data {
            Data::Template(template) => {
                let world = self.world;
                let result = match sight.round() {
                    None => world.run_optional(&self.scope, template, target, value.origin),
                    Some(_) => world.run_optional(&world.scope_of(sight), template, target, value.origin),
                };
                let result = result.unwrap_or_else(|fault| {
                    self.fault(fault);
                    None
                });
                // Lists may be anywhere in what an expression gives.
                self.has_made_items |= result.as_ref().is_some_and(|made| matches!(made.data, Data::List(_) | Data::Map(_)));
                result
            }
            Data::List(list) => {
                self.has_made_items = true;
                let items = expansion::items(&mut Expanding { expander: self, target }, sight, list.items());
                Some(Value::list(items, value.origin))
            }
            Data::Map(map) => {
                if let Some(condition) = map.entry(Directive::If.word())
                    && !self.condition(sight, &condition.value)
                {
                    return None;
                }
                if let Some(verbatim) = map.entry(Directive::Verbatim.word()) {
                    return Some(verbatim.value.clone());
                }
                if let Some(named) = map.entry(FILE) {
                    return self.taken(sight, map, named);
                }
                match map.entry(Directive::Use.word()) {
                    Some(ids) => self.using(sight, ids, target, |this| this.present(sight, value, map, target)),
                    None => self.present(sight, value, map, target),
                }
            }
            Data::Pending(pending) => self.layers(sight, &Arc::clone(pending), target),
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Broken => {
                Some(value.clone())
            }
        }
    }

    /// What a map comes to that is there.
    fn present(&mut self, sight: &Sight<'a>, value: &Value, map: &Map, target: Target) -> Option<Value> {
        if let Some(inner) = map.entry(Directive::Value.word()) {
            return self.expand_seen(sight, &inner.value, target);
        }
        let slots = expansion::entries(&mut Expanding { expander: self, target }, sight, map);
        let mut entries: Vec<Entry> = slots.into_iter().map(Expanded::into_entry).collect();
        if let Some(said) = map.entry(OWNER) {
            entries.extend(self.owner(sight, said));
        }
        Some(Value::map(entries, value.origin))
    }

    fn condition(&mut self, sight: &Sight<'a>, condition: &Value) -> bool {
        let Some(value) = self.expand_seen(sight, condition, Target::Plain) else { return false };
        let came_to = match value.data {
            Data::Broken => return false,
            Data::Bool(bool) => Val::Bool(bool),
            Data::Late(late) => Val::Late(late),
            Data::Null
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::List(_)
            | Data::Map(_)
            | Data::Template(_)
            | Data::Pending(_) => Val::Null,
        };
        self.world.condition(condition, Ok(came_to)).unwrap_or_else(|fault| {
            self.fault(fault);
            false
        })
    }

    /// Whether loops and fragments may make this too; reports if not.
    fn affords(&mut self, made: &Value, span: Span) -> bool {
        let before = self.weight;
        self.weight = before.saturating_add(made.weight());
        if before <= LOOP_WEIGHT && self.weight > LOOP_WEIGHT {
            self.report(errors::loops_too_heavy(span, LOOP_WEIGHT));
        }
        self.weight <= LOOP_WEIGHT
    }

    /// Where the entity's class stands, for reports about what is missing in it.
    pub(super) fn class_span(&self) -> Span {
        let entity = self.world.entity(self.id);
        self.world.class(entity).map_or(entity.defined, |class| class.name.span)
    }
}

/// Expands maps and lists for one kind of output.
struct Expanding<'e, 'w, 'a> {
    expander: &'e mut Expander<'w, 'a>,
    target: Target,
}

impl<'a> Expansion<'a> for Expanding<'_, '_, 'a> {
    type Made = Value;

    fn world(&self) -> &World<'a> {
        self.expander.world
    }

    fn fault(&mut self, fault: Fault) {
        self.expander.fault(fault);
    }

    fn value(&mut self, sight: &Sight<'a>, value: &Value) -> Option<Value> {
        self.expander.expand_seen(sight, value, self.target)
    }

    fn spread(&mut self, sight: &Sight<'a>, value: &Value) -> Vec<Expanded<Value>> {
        let Some(found) = self.value(sight, value) else { return Vec::new() };
        match &found.data {
            Data::Map(map) => map.entries().iter().map(|entry| Expanded::of(entry, entry.value.clone())).collect(),
            Data::Null | Data::Broken => Vec::new(),
            Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::List(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_) => {
                self.expander.report(spread_needs_map(&found, value.origin.span));
                Vec::new()
            }
        }
    }

    fn merged(&mut self, weaker: &Expanded<Value>, stronger: &Expanded<Value>) -> Option<Value> {
        self.expander.over_entry(weaker.clone().into_entry(), &stronger.clone().into_entry()).map(|entry| entry.value)
    }

    fn affords(&mut self, made: &Value, span: Span) -> bool {
        self.expander.affords(made, span)
    }
}
