//! What was handed to a thing and comes to nothing: an expression that gives an optional without a value. As in templates it is left out then, and
//! what is weaker counts. In comes a value of what is made, out goes what of it is there.

use super::super::seen::Sight;
use super::super::work::Work;
use super::super::world::World;
use crate::definition::directive;
use crate::expression::Fault;
use crate::value::{Data, Value};

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

    fn is_something(&self, sight: &Sight<'a>, value: &Value) -> Result<bool, Fault> {
        if let Data::Template(template) = &value.data {
            return Ok(!matches!(self.work(sight.clone(), template, value)?, Work::Nothing));
        }
        let Data::Pending(pending) = &value.data else { return Ok(true) };
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

/// Whether a value was handed on and gives an optional; of several words about a place, whether all do.
fn may_be_nothing(value: &Value) -> bool {
    match &value.data {
        Data::Template(template) => template.handed().is_some() && directive::gives_optional(value),
        Data::Pending(pending) => pending.values().all(may_be_nothing),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) => false,
        Data::List(_) | Data::Map(_) | Data::Late(_) | Data::Broken => false,
    }
}
