//! What a scope adds to what its world knows: names that stand for something only there, what a value holds as seen from there, and the names
//! where there is no entity, in what is said of a stack as a whole.

use super::scope::Scope;
use super::seen::Sight;
use super::sight::NodePlace;
use crate::definition::root::{self, Root, Within};
use crate::expression::{Fault, Key, Val};
use crate::value::{Data, Value};
use std::sync::Arc;

impl<'a> Scope<'_, 'a> {
    /// Whether what names stand for here may be a secret.
    pub(crate) fn is_tainted(&self) -> bool {
        self.round.as_ref().is_some_and(|round| round.tainted)
    }

    /// Whether a name stands for something only here.
    pub(super) fn is_local(&self, name: &str) -> bool {
        let is_iterator = self.round.as_ref().is_some_and(|round| round.val(name).is_some());
        is_iterator || self.locals.iter().any(|(local, _)| &**local == name)
    }

    /// The items or entries of a value.
    pub(super) fn forced(&self, sight: &Sight<'a>, value: &Value) -> Result<Val, Fault> {
        match &value.data {
            Data::List(list) => {
                let items = list.items().iter().enumerate().map(|(at, item)| self.world.see(sight.item(at), item));
                Ok(Val::list(items.collect::<Result<_, _>>()?))
            }
            Data::Map(map) => {
                let mut entries = Vec::with_capacity(map.entries().len());
                for entry in map.entries() {
                    entries.push((Key::String(Arc::clone(&entry.key)), self.world.see(sight.field(&entry.key), &entry.value)?));
                }
                Ok(Val::map(entries))
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => self.world.see(sight.clone(), value),
        }
    }
}

impl Scope<'_, '_> {
    /// What a name stands for where there is no entity.
    pub(super) fn of_stack(&self, name: &str) -> Option<Val> {
        match (root::root(name, None, Within::Stack)?, &self.stack) {
            (Root::Platform, _) => Some(self.world.node(NodePlace::Platform)),
            (Root::Environment, Some((environment, _))) => Some(self.world.node(NodePlace::Environment(*environment))),
            (Root::Stack, Some((_, name))) => Some(stack(name)),
            _ => None,
        }
    }
}

/// A stack as expressions see it.
pub(super) fn stack(name: &Arc<str>) -> Val {
    Val::map([(Key::String("name".into()), Val::String(Arc::clone(name)))])
}
