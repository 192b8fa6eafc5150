//! What names stand for where there is no entity: in what is said of a stack as a whole.

use super::EntityId;
use super::scope::Scope;
use super::seen::Sight;
use super::sight::NodePlace;
use crate::definition::root::{self, Root, Within};
use crate::expression::{Key, Val};
use crate::schema::Type;
use std::sync::Arc;

/// Steps for each field of a node that is taken as a whole: each is looked up, kept and indexed, and all of that again for whoever else asks.
pub(super) const FORCED: usize = 8;

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

/// How what belongs to no thing is seen.
pub(super) fn language(type_: &Type) -> Sight<'_> {
    Sight::of(EntityId(0), Within::Definition).typed(Some(type_))
}
