//! Late values in what is delivered: what facts know takes their place, what lacks a fact waits for it. In comes an expanded template, out goes
//! the same without late values that are known. A late value that no fact could give is an error.

use super::template::Expander;
use super::{StackId, Wait, errors};
use crate::expression::{Late, LateReference};
use crate::model::{Environment, Why};
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::sync::Arc;

impl Expander<'_, '_> {
    /// The same value with what facts know.
    pub(super) fn settle(&mut self, value: Value, what: &str) -> Value {
        if !value.is_late() {
            return value;
        }
        match &value.data {
            Data::Late(late) => self.settle_late(&Arc::clone(late), value, what),
            Data::List(list) => {
                let items = list.items().iter().map(|item| self.settle(item.clone(), what)).collect();
                Value::list(items, value.origin).after(&value)
            }
            Data::Map(map) => {
                let entry = |entry: &Entry| Entry { value: self.settle(entry.value.clone(), what), ..entry.clone() };
                let entries = map.entries().iter().map(entry).collect();
                Value { data: Data::Map(Arc::new(Map::new(entries))), ..value }
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Broken => value,
        }
    }

    fn settle_late(&mut self, late: &Late, value: Value, what: &str) -> Value {
        // A secret must not stand in Git, known or not.
        if late.sensitive().is_some() {
            self.report(errors::late(late, value.origin.span, what));
            return Value::broken(value.origin);
        }
        if let Some(known) = &late.known {
            let why = Why { origin: value.origin, history: value.history.clone() };
            return match self.world.value(self.scope(), known, value.origin.span, &why) {
                Ok(settled) => settled,
                Err(fault) => {
                    self.fault(fault);
                    Value::broken(value.origin)
                }
            };
        }
        let waits: Option<Vec<Wait>> = late.references().into_iter().map(|reference| self.wait(reference, value.origin.span)).collect();
        match waits {
            // Its pieces may be texts for Terraform alone.
            Some(waits) if !waits.is_empty() => {
                // What has a fact lacks nothing, unless it is that fact which does not fit.
                let lacking: Vec<Wait> = waits.iter().filter(|wait| !self.has_fact(wait)).cloned().collect();
                self.waits.extend(if lacking.is_empty() { waits } else { lacking });
            }
            Some(_) | None => self.report(errors::late(late, value.origin.span, what)),
        }
        value
    }

    /// What a reference waits for; none if no fact could give it.
    fn wait(&self, reference: &LateReference, span: Span) -> Option<Wait> {
        let output = Arc::clone(reference.output.as_ref()?);
        let is_named = |environment: &Environment| *environment.identity.text() == reference.environment;
        let named = self.world.model.environments().find(|(_, environment)| is_named(environment));
        let environment = named.map_or(self.world.entity(self.id).environment, |(id, _)| id);
        Some(Wait { stack: StackId { environment, name: Arc::clone(&reference.stack) }, output, span })
    }

    fn has_fact(&self, wait: &Wait) -> bool {
        let model = self.world.model;
        let environment = &model.environment(wait.stack.environment).identity;
        model.facts.output(environment.text(), &wait.stack.name, &wait.output).is_some()
    }
}
