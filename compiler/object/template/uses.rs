//! Uses of fragments: their arguments are put together, completed and checked, their rules with them, and stand for `self` while what came with
//! the fragment is expanded.

use super::super::errors;
use super::Expander;
use crate::definition::fragment::numbers;
use crate::definition::{Fragment, Use};
use crate::diagnostic::Diagnostics;
use crate::expression::{Target, UseId};
use crate::inheritance::{Meeting, merge, too_much};
use crate::ledger;
use crate::model::{Sight, UsedFragment, used_here};
use crate::schema::{self, Checked, Mode, Type};
use crate::value::{Data, Entry, Map, Operator, Value};
use std::sync::Arc;

impl<'w, 'a> Expander<'w, 'a> {
    /// Expands what some uses came with; none if their arguments come to nothing, which is told.
    pub(super) fn using(
        &mut self,
        sight: &Sight<'a>,
        ids: &Entry,
        target: Target,
        work: impl FnOnce(&mut Self) -> Option<Value>,
    ) -> Option<Value> {
        let all: Vec<UseId> = numbers(&ids.value).collect();
        let begun = all.iter().take_while(|id| self.begin(sight, **id, target)).count();
        let result = if begun == all.len() { work(self) } else { None };
        (0..begun).for_each(|_| self.world.end_use(self.id));
        result
    }

    /// Begins one use; false if it was told why it cannot be.
    fn begin(&mut self, sight: &Sight<'a>, id: UseId, target: Target) -> bool {
        let world = self.world;
        let class = world.class(world.entity(self.id));
        let Some(use_) = class.and_then(|class| world.definitions.use_of(class, id)) else { return false };
        if let Err(fault) = world.affords_entries(self.id, 1, use_.span) {
            self.fault(fault);
            return false;
        }
        let Some(arguments) = self.arguments(sight, use_, target) else { return false };
        if !self.affords(&arguments, use_.span) {
            return false;
        }
        let fragment: &'a Fragment = &use_.fragment;
        world.begin_use(
            self.id,
            UsedFragment {
                id: use_.id,
                arguments: owned(&arguments, use_.id),
                type_: &fragment.type_,
                items: fragment.reads_items.then_some(fragment.layer),
                lets: use_.lets.as_ref().map(|lets| owned(lets, use_.id)),
                cause: use_.cause.clone(),
            },
        );
        let is_fine = self.check(use_);
        if is_fine {
            world.check_rules(self.id, use_);
        } else {
            world.end_use(self.id);
        }
        is_fine
    }

    /// The arguments of a use: defaults, or what is read from `self`, and over it what is given.
    fn arguments(&mut self, sight: &Sight<'a>, use_: &'a Use, target: Target) -> Option<Value> {
        let fragment: &'a Fragment = &use_.fragment;
        let type_: &'a Type = &fragment.type_;
        let given = match &use_.arguments.data {
            Data::Template(template) => {
                let found = self.world.run_typed(&self.world.scope_of(sight), template, target, use_.arguments.origin, Some(type_));
                let found = found.map_err(|fault| self.fault(fault)).ok()?;
                // None at all is no arguments.
                let given = found.unwrap_or_else(|| Value::map(Vec::new(), use_.arguments.origin));
                if given.is_broken() {
                    return None;
                }
                if given.as_map().is_none() {
                    self.report(errors::arguments_no_map(&fragment.name.name, &given, use_.span));
                    return None;
                }
                given
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::List(_)
            | Data::Map(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => self.argument(sight, &use_.arguments, Some(type_), target)?,
        };
        let own = self.of_self(use_).or_else(|| use_.defaults.clone());
        let (mut found, subject) = (Diagnostics::default(), self.world.entity(self.id).subject());
        let mut meeting = Meeting::new(&subject, &mut found).defaults(fragment.layer);
        let merged = merge(own.as_ref(), &given, Operator::Merge, Some(type_), &mut meeting);
        let whole = type_.complete(&merged, fragment.layer);
        if ledger::unsaid() {
            found.push(too_much(use_.span));
        }
        self.world.diagnostics.borrow_mut().append(found);
        Some(whole)
    }

    /// The fields of a fragment as the thing, or the fragment around it, has them.
    fn of_self(&self, use_: &Use) -> Option<Value> {
        let class = self.world.class(self.world.entity(self.id))?;
        let path = use_.place(&class.taken)?;
        let around = match use_.outer {
            Some(outer) => self.world.arguments(outer)?,
            None => self.world.entity(self.id).value.clone(),
        };
        let nothing = || Value::map(Vec::new(), use_.arguments.origin);
        let Some(found) = around.follow(path.steps()) else { return Some(nothing()) };
        let record = use_.fragment.type_.record();
        let is_field = |entry: &&Entry| record.is_some_and(|record| record.get(&entry.key).is_some());
        let entries = found.as_map().map(Map::entries).unwrap_or_default().iter().filter(is_field).cloned();
        Some(Value::map(entries.collect(), found.origin))
    }

    /// What is given for one field, or for all of them.
    fn argument(&mut self, sight: &Sight<'a>, value: &Value, type_: Option<&'a Type>, target: Target) -> Option<Value> {
        let refers = type_.is_some_and(Type::refers);
        match &value.data {
            Data::Template(template) => match self.world.run_typed(&self.world.scope_of(sight), template, target, value.origin, type_) {
                Ok(found) => found,
                Err(fault) => {
                    self.fault(fault);
                    Some(Value::broken(value.origin))
                }
            },
            Data::Map(map) if refers && !map.entries().iter().any(|entry| entry.key.starts_with('$')) => {
                let mut entries = Vec::with_capacity(map.entries().len());
                for entry in map.entries() {
                    let inner = type_.and_then(|type_| type_.inside(&entry.key)).map(AsRef::as_ref);
                    let (Some(key), Some(value)) = (self.argument_key(sight, entry), self.argument(sight, &entry.value, inner, target))
                    else {
                        continue;
                    };
                    entries.push(Entry { key, value, template: None, ..entry.clone() });
                }
                Some(Value::map(entries, value.origin))
            }
            Data::List(list) if refers && !list.items().iter().any(Value::has_directive) => {
                let item = type_.and_then(Type::items).map(AsRef::as_ref);
                let items = list.items().iter().filter_map(|value| self.argument(sight, value, item, target));
                Some(Value::list(items.collect(), value.origin))
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::List(_)
            | Data::Map(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => self.expand_seen(sight, value, target),
        }
    }

    fn argument_key(&mut self, sight: &Sight<'a>, entry: &Entry) -> Option<Arc<str>> {
        self.world.key(sight, entry).map_err(|fault| self.fault(fault)).ok()
    }

    /// Whether the arguments of the use that was begun are as its schema wants them.
    fn check(&self, use_: &Use) -> bool {
        let (world, fragment) = (self.world, &use_.fragment);
        let (Some(arguments), Some(sources)) = (world.arguments(use_.id), self.sources) else { return false };
        world.keeps_secret(&fragment.type_, &arguments);
        let entity = world.entity(self.id);
        let kind = format!("fragment `{}`", fragment.name.name);
        let checked = Checked { kind: &kind, class: "", subject: None, defined: Some(use_.span), beside: &[], sources };
        let mut found = Diagnostics::default();
        schema::check(&fragment.type_, &arguments, &checked, Mode::Complete, &mut found);
        let is_fine = !found.has_errors();
        for fault in found.drain() {
            self.report(used_here(fault, use_.span).about(entity.subject()));
        }
        is_fine && !holds_broken(&arguments)
    }
}

/// Whether anything in it could not be made, which is told.
fn holds_broken(value: &Value) -> bool {
    value.is_broken()
        || value.as_map().map(Map::entries).unwrap_or_default().iter().any(|entry| holds_broken(&entry.value))
        || value.as_list().unwrap_or_default().iter().any(holds_broken)
}

/// A copy of a value whose expressions are those of one use, and nobody else's.
fn owned(value: &Value, id: UseId) -> Value {
    if !value.is_dynamic() {
        return value.clone();
    }
    match &value.data {
        Data::Template(template) => Value { data: Data::Template(Arc::new(template.used(id))), ..value.clone() },
        Data::List(list) => Value::list(list.items().iter().map(|item| owned(item, id)).collect(), value.origin).after(value),
        Data::Map(map) => {
            let entries = map.entries().iter().map(|entry| Entry { value: owned(&entry.value, id), ..entry.clone() });
            Value::map(entries.collect(), value.origin).after(value)
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => {
            value.clone()
        }
    }
}
