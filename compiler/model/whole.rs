//! Things as values. In comes what an expression gave where data is wanted; a thing in it, or all things of a kind, is an error: nobody wants
//! a copy of all that a definition says, and `${cluster}` is a variable to other programs. References and `let` never come here.

use super::sight::NodePlace;
use super::world::World;
use super::errors;
use crate::expression::{Fault, Template, Val};
use crate::limit::THINGS_DEPTH;

impl World<'_> {
    /// Refuses an outcome that is a thing, or holds things in lists and maps.
    pub(super) fn refuse_whole(&self, template: &Template, val: &Val) -> Result<(), Fault> {
        match self.whole(val, THINGS_DEPTH) {
            Some(words) => Err(Fault::Diagnostic(Box::new(errors::whole_thing(template, words)))),
            None => Ok(()),
        }
    }

    /// What is a whole in a value.
    fn whole(&self, val: &Val, depth: usize) -> Option<&'static str> {
        let inner = depth.checked_sub(1);
        match val {
            Val::Node(node) => match self.place(*node)? {
                NodePlace::Entity(id) => Some(self.entity(id).kind.article()),
                NodePlace::Every(plural) => Some(plural.kind.plural()),
                NodePlace::In(_, kind) => Some(kind.plural()),
                NodePlace::Platform => Some("the platform"),
                NodePlace::Environment(_) => Some("an environment"),
                NodePlace::Environments(_) => Some("environments"),
                NodePlace::Value { .. }
                | NodePlace::Referrers(_)
                | NodePlace::Let(_)
                | NodePlace::Outputs { .. }
                | NodePlace::Terraform { .. } => None,
            },
            Val::List(items) => items.iter().find_map(|item| self.whole(item, inner?)),
            Val::Map(map) => map.entries().iter().find_map(|(_, val)| self.whole(val, inner?)),
            Val::Optional(Some(val)) => self.whole(val, inner?),
            Val::Null
            | Val::Bool(_)
            | Val::Int(_)
            | Val::Uint(_)
            | Val::Double(_)
            | Val::String(_)
            | Val::Bytes(_)
            | Val::Type(_)
            | Val::Optional(None)
            | Val::Opaque(_)
            | Val::Late(_) => None,
        }
    }
}
