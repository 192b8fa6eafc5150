//! The parts of a fragment as those of one use: its expressions know which one it is, and what is written in it where it is used.

use super::super::super::Rule;
use super::super::{Fragment, WORD};
use super::Use;
use crate::expression::UseId;
use crate::origin::Origin;
use crate::value::{Cause, Data, Entry, History, Name, Value};
use std::sync::Arc;

/// A use, as its parts know it.
pub(super) struct UseMark {
    pub(super) id: UseId,
    pub(super) cause: Cause,
}

impl UseMark {
    pub(super) fn rule(&self, rule: &Rule) -> Rule {
        Rule {
            assert: self.value(&rule.assert),
            message: self.value(&rule.message),
            when: rule.when.as_ref().map(|when| self.value(when)),
            ..rule.clone()
        }
    }

    pub(super) fn value(&self, value: &Value) -> Value {
        match &value.data {
            Data::Template(template) => Value { data: Data::Template(Arc::new(template.used(self.id))), ..value.clone() },
            Data::List(list) => Value::list(list.items().iter().map(|item| self.value(item)).collect(), value.origin).after(value),
            Data::Map(map) => Value::map(map.entries().iter().map(|entry| self.entry(entry)).collect(), value.origin).after(value),
            // What no expression makes tells where it is used, too.
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) => {
                Value { history: History::made(vec![self.cause.clone()]), ..value.clone() }
            }
            Data::Pending(_) | Data::Late(_) | Data::Broken => value.clone(),
        }
    }

    fn entry(&self, entry: &Entry) -> Entry {
        let template = entry.template.as_ref().map(|template| Arc::new(template.used(self.id)));
        // What is written alike in two uses, or beside one, says something else in each.
        let key = if template.is_some() { format!("{} ({})", entry.key, self.id.0).into() } else { Arc::clone(&entry.key) };
        Entry { key, template, value: self.value(&entry.value), ..entry.clone() }
    }
}

impl Use {
    /// What the fragment says, as this use of it.
    pub(in crate::definition) fn marked(&self, value: &Value) -> Value {
        UseMark { id: self.id, cause: self.cause.clone() }.value(value)
    }
}

/// Fields of a fragment where a schema takes them in: `self` in their defaults is that place, the `at`th. Those that the fragment has from others
/// come behind it.
pub(super) fn taken(value: &Value, at: usize) -> Value {
    if !value.is_dynamic() {
        return value.clone();
    }
    match &value.data {
        Data::Template(template) => {
            let inner = template.use_.and_then(UseId::as_taken).map_or(0, |inner| inner + 1);
            Value { data: Data::Template(Arc::new(template.used(UseId::taken(at + inner)))), ..value.clone() }
        }
        Data::List(list) => Value::list(list.items().iter().map(|item| taken(item, at)).collect(), value.origin).after(value),
        Data::Map(map) => {
            let entries = map.entries().iter().map(|entry| Entry { value: taken(&entry.value, at), ..entry.clone() });
            Value::map(entries.collect(), value.origin).after(value)
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => {
            value.clone()
        }
    }
}

/// A use, as a cause.
pub(super) fn cause(entry: &Entry, fragment: &Fragment) -> Cause {
    let name = if fragment.is_private { Arc::clone(&fragment.full) } else { format!("{WORD} {}", fragment.name.name).into() };
    let origin = Origin { span: entry.span, layer: entry.value.origin.layer };
    Cause { name: Name::Computed("$use"), value: Value::string(name, origin), decides: false }
}
