//! Templates: `$for`, `$if`, `$spread`, `$verbatim` and keys with expressions, expanded for one entity.

mod layers;
mod locked;
mod loops;
mod overriding;
mod standing;
mod taken;

use super::part::{Growing, Parts, is_fixed, part};
use super::{WITHIN, Wait, errors, secret};
use crate::diagnostic::Diagnostic;
use crate::expression::{Fault, Target, Template, Val};
use crate::files::FILE;
use crate::model::{EntityId, Member, Scope, World};
use crate::path::Step;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Expands the templates of one entity.
pub(super) struct Expander<'w, 'a> {
    pub(super) world: &'w World<'a>,
    pub(super) id: EntityId,
    scope: Scope<'w, 'a>,
    /// The section that is expanded.
    section: &'static str,
    /// Whether items of lists were made that may be the same as others.
    has_made_items: bool,
    made: usize,
    /// Weight of all that loops made.
    weight: usize,
    /// Whether what the loop at hand runs over was made of a secret.
    read_secret: bool,
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
            section: "",
            has_made_items: false,
            made: 0,
            weight: 0,
            read_secret: false,
            member: Member::Single,
            parts: Parts::default(),
            waits: Vec::new(),
        }
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
        let made = value.and_then(|value| self.expanded(value, Target::Plain));
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

    fn known(&mut self, result: Value, what: &str) -> Value {
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
    pub(super) fn into_terraform(&mut self, value: &Value) -> Option<Value> {
        self.expand(value, Target::Terraform)
    }

    pub(super) fn fault(&self, fault: Fault) {
        match fault {
            Fault::Diagnostic(diagnostic) => self.report(*diagnostic),
            Fault::Reported => {}
        }
    }

    /// A template's value; none if it is left out or something is wrong with it.
    fn expand(&mut self, value: &Value, target: Target) -> Option<Value> {
        if is_fixed(value) {
            return Some(value.clone());
        }
        // Within a loop a template becomes something else each time.
        if matches!(self.member, Member::Single) || !self.scope.locals.is_empty() {
            return self.expanded(value, target);
        }
        let key = part(value, target);
        if let (Member::Later(parts), Some(key)) = (self.member, &key)
            && let Some(known) = parts.0.get(key)
        {
            return known.clone();
        }
        let world = self.world;
        let (result, alike) = world.alike(|| self.expanded(value, target));
        if let (Member::First, true, Some(key)) = (self.member, alike, key) {
            self.parts.0.insert(key, result.clone());
        }
        result
    }

    fn expanded(&mut self, value: &Value, target: Target) -> Option<Value> {
        match &value.data {
            Data::Template(template) => match self.world.run_optional(&self.scope, template, target, value.origin) {
                Ok(value) => value,
                Err(fault) => {
                    self.fault(fault);
                    None
                }
            },
            Data::List(list) => {
                let mut items = Vec::with_capacity(list.items().len());
                self.has_made_items = true;
                for item in list.items() {
                    self.item(item, target, &mut items);
                }
                Some(Value::list(items, value.origin))
            }
            Data::Map(map) => self.map(map, value, target),
            Data::Pending(pending) => self.layers(&Arc::clone(pending), target),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Late(_)
            | Data::Broken => Some(value.clone()),
        }
    }

    fn item(&mut self, item: &Value, target: Target, items: &mut Vec<Value>) {
        let Some(looped) = item.as_map().and_then(|map| map.entry("$for")) else {
            items.extend(self.expand(item, target));
            return;
        };
        let rounds = self.rounds(&looped.value);
        let read_secret = self.read_secret;
        for round in rounds {
            self.read_secret = read_secret;
            let Some(value) = self.within(round, |this| this.expand(item, target)) else { continue };
            if !self.affords(&value, looped.span) {
                return;
            }
            items.push(value);
        }
    }

    fn map(&mut self, map: &Map, value: &Value, target: Target) -> Option<Value> {
        if let Some(condition) = map.entry("$if")
            && !self.condition(&condition.value)
        {
            return None;
        }
        if let Some(verbatim) = map.entry("$verbatim") {
            return Some(verbatim.value.clone());
        }
        if let Some(named) = map.entry(FILE) {
            return self.taken(map, named);
        }
        let mut made = Growing::of(map.entries().len());
        for entry in map.entries() {
            match &*entry.key {
                "$if" | "$for" => {}
                "$spread" => self.spread(&mut made, entry, target),
                key if key.starts_with('$') && entry.template.is_none() => self.report(errors::unknown_directive(key, entry.span)),
                _ => self.entry(&mut made, entry, target),
            }
        }
        Some(Value::map(made.into_entries(), value.origin))
    }

    fn entry(&mut self, made: &mut Growing, entry: &Entry, target: Target) {
        let Some(looped) = entry.value.as_map().and_then(|map| map.entry("$for")) else {
            let (Some(key), Some(value)) = (self.key(entry), self.expand(&entry.value, target)) else { return };
            self.put(made, Entry { key, value, template: None, operator: entry.operator, span: entry.span }, Some(entry.value.origin.layer));
            return;
        };
        let used: Vec<Arc<str>> = entry
            .template
            .iter()
            .flat_map(|template| template.references())
            .filter_map(|reference| match reference.steps.split_first() {
                Some((Step::Key(first), [Step::Key(iterator), ..])) if &**first == "index" => Some(Arc::clone(iterator)),
                Some((Step::Key(first), _)) => Some(Arc::clone(first)),
                Some((Step::Item(_), _)) | None => None,
            })
            .collect();
        for iterator in looped.value.as_map().map(Map::entries).unwrap_or_default() {
            if !used.contains(&iterator.key) {
                self.report(errors::iterator_not_in_key(&iterator.key, iterator.span, entry.span));
                return;
            }
        }
        let mut keys: BTreeSet<Arc<str>> = BTreeSet::new();
        let rounds = self.rounds(&looped.value);
        let read_secret = self.read_secret;
        for round in rounds {
            self.read_secret = read_secret;
            let found = self.within(round, |this| Some((this.key(entry)?, this.expand(&entry.value, target)?)));
            let Some((key, value)) = found else { continue };
            if !self.affords(&value, looped.span) {
                return;
            }
            if !keys.insert(Arc::clone(&key)) {
                self.report(errors::key_made_twice(&key, entry.span, looped.span));
                return;
            }
            self.put(made, Entry { key, value, template: None, operator: entry.operator, span: entry.span }, Some(entry.value.origin.layer));
        }
    }


    fn spread(&mut self, made: &mut Growing, entry: &Entry, target: Target) {
        let Some(value) = self.expand(&entry.value, target) else { return };
        match &value.data {
            Data::Map(map) => {
                for inner in map.entries() {
                    self.put(made, inner.clone(), None);
                }
            }
            Data::Null | Data::Broken => {}
            Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::List(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_) => {
                self.report(errors::spread_needs_map(&value, entry.value.origin.span));
            }
        }
    }

    fn condition(&mut self, value: &Value) -> bool {
        match self.expand(value, Target::Plain).map(|value| value.data) {
            Some(Data::Bool(bool)) => bool,
            Some(Data::Late(late)) => {
                self.report(errors::decided_late(&late, value.origin.span, "`$if`"));
                false
            }
            Some(
                Data::Null
                | Data::Int(_)
                | Data::Float(_)
                | Data::String(_)
                | Data::List(_)
                | Data::Map(_)
                | Data::Template(_)
                | Data::Pending(_),
            ) => {
                self.report(errors::condition_not_bool(value.origin.span));
                false
            }
            Some(Data::Broken) | None => false,
        }
    }

    /// The key of an entry as text.
    fn key(&mut self, entry: &Entry) -> Option<Arc<str>> {
        let Some(template) = &entry.template else { return Some(Arc::clone(&entry.key)) };
        let (key, tainted) = self.world.taints(|| self.run(template));
        if tainted || self.scope.tainted {
            self.report(errors::secret_key(template.span));
            return None;
        }
        match key {
            Ok(Val::String(text)) => Some(text),
            Ok(Val::Opaque(opaque)) => Some(opaque.text()),
            Ok(Val::Int(int)) => Some(int.to_string().into()),
            Ok(Val::Late(late)) => {
                self.report(errors::decided_late(&late, template.span, "a key"));
                None
            }
            Ok(other) => {
                self.report(errors::key_not_text(other.describe(), template.span));
                None
            }
            Err(fault) => {
                self.fault(fault);
                None
            }
        }
    }

    fn run(&self, template: &Template) -> Result<Val, Fault> {
        self.world.reading(template.span, || template.evaluate(&self.scope, Target::Plain))
    }

    /// Where the entity's class stands, for reports about what is missing in it.
    pub(super) fn class_span(&self) -> Span {
        let entity = self.world.entity(self.id);
        self.world.class(entity).map_or(entity.defined, |class| class.name.span)
    }
}
