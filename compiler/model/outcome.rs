//! Outcomes of expressions as values: weighed while they are made, because what an expression holds once and shares by reference, the model
//! holds once for each place it is used at.

use super::EntityId;
use super::errors;
use super::scope::Scope;
use super::sight::NodePlace;
use super::world::World;
use crate::expression::{Fault, Host, HostNode, Val};
use crate::limit::{THING_WEIGHT, VALUE_DEPTH};
use crate::origin::Origin;
use crate::span::Span;
use crate::value::{Data, Entry, History, Value};
use std::sync::Arc;

/// The outcome of an expression nests at most this deep.
const DEPTH: u32 = VALUE_DEPTH as u32;

/// Why an expression's outcome is what it is: where it is written, and what the expression has read.
#[derive(Clone, Debug)]
pub(crate) struct Why {
    pub(crate) origin: Origin,
    pub(crate) history: History,
}

impl Why {
    /// Only where it is written.
    pub(crate) fn written(origin: Origin) -> Self {
        Self { origin, history: History::default() }
    }

    /// A new part of the outcome.
    fn of(&self, value: Value) -> Value {
        Value { history: self.history.clone(), ..value }
    }
}

impl<'a> World<'a> {
    /// What an expression has made, unless it is deeper or heavier than its owner may keep.
    pub(super) fn affordable(&self, owner: Option<EntityId>, value: Value, span: Span) -> Result<Value, Fault> {
        if value.depth() > DEPTH {
            return Err(Fault::Diagnostic(Box::new(errors::outcome_too_deep(span, DEPTH))));
        }
        // What it was made of is kept with it.
        if let Some(owner) = owner {
            self.charge(owner, 0, value.made().len());
        }
        match self.allowance.weigh(owner, value.weight()) {
            Ok(()) => Ok(value),
            Err(limit) => Err(Fault::Diagnostic(Box::new(errors::outcome_too_large(span, limit)))),
        }
    }

    /// A result of an expression as a value; containers of definitions keep their origins.
    pub(crate) fn value(&self, scope: &Scope<'_, 'a>, val: &Val, span: Span, why: &Why) -> Result<Value, Fault> {
        // What expressions share by reference is made once for each place it is used at, so it is weighed while it is made.
        let most = self.allowance.weight(scope.owner);
        let mut left = most;
        let made = self.made(scope, val, span, why, &mut left)?;
        if made.is_none() && self.allowance.weigh(scope.owner, most.saturating_add(1)).is_err() {
            return Err(Fault::Diagnostic(Box::new(errors::outcome_too_large(span, THING_WEIGHT))));
        }
        // If it is not the thing whose allowance is used up, it is the piece of work, which is given up.
        made.ok_or(Fault::Reported)
    }

    /// The value, if it weighs no more than what is left.
    fn made(&self, scope: &Scope<'_, 'a>, val: &Val, span: Span, why: &Why, left: &mut usize) -> Result<Option<Value>, Fault> {
        let mut fits = |weight: usize| {
            let less = left.checked_sub(weight);
            *left = less.unwrap_or(0);
            less.is_some()
        };
        if !fits(1) {
            return Ok(None);
        }
        let data = match val {
            Val::Null => Data::Null,
            Val::Bool(bool) => Data::Bool(*bool),
            Val::Int(int) => Data::Int(*int),
            Val::Uint(uint) => match i64::try_from(*uint) {
                Ok(int) => Data::Int(int),
                Err(_) => return Err(Fault::Diagnostic(Box::new(errors::number_too_large(span)))),
            },
            Val::Double(double) if double.is_finite() => Data::Float(*double),
            Val::Double(_) => return Err(Fault::Diagnostic(Box::new(errors::number_too_large(span)))),
            Val::String(text) => Data::String(Arc::clone(text)),
            // The written scalar weighs as much as what it means.
            Val::Opaque(opaque) => {
                *left = left.saturating_add(1);
                return self.made(scope, &opaque.plain(), span, why, left);
            }
            Val::Late(late) => Data::Late(Arc::clone(late)),
            Val::Bytes(_) | Val::Type(_) => return Err(Fault::Diagnostic(Box::new(errors::not_a_value(val.describe(), span)))),
            Val::Optional(Some(inner)) => return self.made(scope, inner, span, why, left),
            Val::Optional(None) => return Err(Fault::Diagnostic(Box::new(errors::no_value(span)))),
            Val::List(items) => {
                let items = items.iter().map(|item| self.made(scope, item, span, why, left)).collect::<Result<Option<_>, _>>()?;
                return Ok(items.map(|items| why.of(Value::list(items, why.origin))));
            }
            Val::Map(map) => {
                let mut entries = Vec::new();
                for (key, val) in map.entries() {
                    if let Val::Optional(None) = val {
                        continue;
                    }
                    let Some(value) = self.made(scope, val, span, why, left)? else { return Ok(None) };
                    entries.push(Entry::plain(key.to_string(), why.origin.span, value));
                }
                return Ok(Some(why.of(Value::map(entries, why.origin))));
            }
            Val::Node(node) => {
                let value = self.node_value(scope, *node, span, why)?;
                let weight = value.weight();
                return Ok(fits(weight).then_some(value));
            }
        };
        Ok(Some(why.of(Value::new(data, why.origin))))
    }

    fn node_value(&self, scope: &Scope<'_, 'a>, node: HostNode, span: Span, why: &Why) -> Result<Value, Fault> {
        match self.place(node) {
            Some(NodePlace::Value { sight, value }) => Ok(self.evaluate_as(sight, &value)),
            Some(NodePlace::Entity(entity)) => Ok(self.evaluate_as(self.sight(entity), &self.entity(entity).value)),
            Some(
                NodePlace::Every(_)
                | NodePlace::In(..)
                | NodePlace::Environments(_)
                | NodePlace::Referrers(_)
                | NodePlace::Let(_)
                | NodePlace::Makings(_)
                | NodePlace::Made(..)
                | NodePlace::Outputs { .. }
                | NodePlace::Terraform { .. }
                | NodePlace::Platform
                | NodePlace::Environment(_),
            ) => {
                let forced = self.session(|| scope.force(node))?;
                if let Val::Node(_) = forced {
                    return Err(Fault::Diagnostic(Box::new(errors::not_a_value("this", span))));
                }
                self.value(scope, &forced, span, why)
            }
            None => Err(Fault::Reported),
        }
    }
}

/// Whether an outcome is a list or map as it is written somewhere.
pub(super) fn is_whole(val: &Val) -> bool {
    matches!(val, Val::Node(_)) || matches!(val, Val::Optional(Some(inner)) if is_whole(inner))
}
