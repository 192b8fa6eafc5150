//! What was handed to a thing and comes to nothing: an expression that gives an optional without a value. As in templates it is left out then, and
//! what is weaker counts. In comes a value of what is made, out goes what of it is there.

use super::super::EntityId;
use super::super::seen::Sight;
use super::super::work::Work;
use super::super::world::World;
use crate::definition::directive;
use crate::expression::{Fault, Template, Val};
use crate::value::{Data, Entry, Value};

impl<'a> World<'a> {
    /// What counts at a place: the value itself, or what it stands over if it was handed on and gives nothing; none if nothing is left.
    pub(in crate::model) fn counting<'v>(&self, sight: &Sight<'a>, value: &'v Value) -> Result<Option<&'v Value>, Fault> {
        let mut at = Some(value);
        while let Some(value) = at {
            if !may_be_nothing(value) || self.is_something(sight, value)? {
                return Ok(Some(value));
            }
            at = value.overridden();
        }
        Ok(None)
    }

    /// What counts in place of an expression that gives nothing, evaluated; it must be something.
    pub(in crate::model) fn weaker_of_nothing(&self, sight: Sight<'a>, template: &Template, value: &Value) -> Result<Value, Fault> {
        match self.counting(&sight, value)? {
            Some(weaker) if may_be_nothing(value) => Ok(self.evaluate_as(sight, weaker)),
            Some(_) | None => Err(self.gives_nothing(sight.owner, template.span)),
        }
    }

    /// The same as expressions see it; an optional without a value if nothing is left of what was handed on.
    pub(in crate::model) fn see_nothing(&self, sight: Sight<'a>, template: &Template, value: &Value) -> Result<Val, Fault> {
        match self.counting(&sight, value)? {
            Some(weaker) if may_be_nothing(value) => self.see(sight, weaker),
            None => Ok(Val::Optional(None)),
            Some(_) => Err(self.gives_nothing(sight.owner, template.span)),
        }
    }

    /// An entry of a map, evaluated; none if it is left out.
    pub(in crate::model) fn evaluate_entry(&self, sight: &Sight<'a>, entry: &Entry) -> Option<Value> {
        let inner = sight.entering_field(&entry.key, &entry.value);
        if !may_be_nothing(&entry.value) {
            return Some(self.evaluate_as(inner, &entry.value));
        }
        match self.counting(&inner, &entry.value) {
            Ok(value) => value.map(|value| self.evaluate_as(inner, value)),
            Err(fault) => Some(self.broken_by(sight.owner, fault, &entry.value)),
        }
    }

    /// The items of a list that are there, evaluated.
    pub(in crate::model) fn evaluate_items(&self, sight: &Sight<'a>, value: &Value) -> Value {
        let there = match self.counting_items(sight, value) {
            Ok(there) => there,
            Err(fault) => return self.broken_by(sight.owner, fault, value),
        };
        let items = there.as_list().unwrap_or_default().iter().enumerate();
        let items = items.map(|(at, item)| self.evaluate_as(sight.entering_item(at, item), item)).collect();
        Value::list(items, value.origin).after(value)
    }

    fn broken_by(&self, owner: EntityId, fault: Fault, value: &Value) -> Value {
        if let Fault::Diagnostic(diagnostic) = fault {
            self.told(owner, *diagnostic);
        }
        Value::broken(value.origin).after(value)
    }

    fn is_something(&self, sight: &Sight<'a>, value: &Value) -> Result<bool, Fault> {
        if let Data::Template(template) = &value.data {
            return Ok(!matches!(self.work(sight.clone(), template, value)?, Work::Nothing));
        }
        let Data::Pending(pending) = &value.data else { return Ok(true) };
        if pending.takes_away() {
            return Ok(false);
        }
        for word in pending.values() {
            if self.counting(sight, word)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A list with those of its items that are there.
    pub(in crate::model) fn counting_items(&self, sight: &Sight<'a>, value: &Value) -> Result<Value, Fault> {
        let Some(items) = value.as_list().filter(|items| value.is_dynamic() && items.iter().any(may_be_nothing)) else {
            return Ok(value.clone());
        };
        let mut there = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            there.extend(self.counting(&sight.entering_item(at, item), item)?.cloned());
        }
        Ok(Value::list(there, value.origin).after(value))
    }
}

/// What is seen of an entry, unless it is left out.
pub(in crate::model) fn there(val: Val) -> Option<Val> {
    if let Val::Optional(None) = val { None } else { Some(val) }
}

/// Whether a value was handed on and gives an optional; of several words about a place, whether all do. Or whether they only take away what is
/// there for somebody else.
fn may_be_nothing(value: &Value) -> bool {
    match &value.data {
        Data::Template(template) => template.handed().is_some() && directive::gives_optional(value),
        Data::Pending(pending) => pending.takes_away() || pending.values().all(may_be_nothing),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) => false,
        Data::List(_) | Data::Map(_) | Data::Late(_) | Data::Broken => false,
    }
}
