//! Things as values. In comes what an expression gave where data is wanted; a thing in it, or all things of a kind, is an error: nobody wants
//! a copy of all that a definition says, and `${cluster}` is a variable to other programs. References and `let` never come here.

use super::sight::NodePlace;
use super::world::World;
use crate::expression::{Fault, Template, Val, Whole};
use crate::limit::THINGS_DEPTH;

impl World<'_> {
    /// Refuses an outcome that is a thing, or holds things in lists and maps.
    pub(super) fn refuse_whole(&self, template: &Template, val: &Val) -> Result<(), Fault> {
        match self.whole(val, THINGS_DEPTH) {
            Some(whole) => Err(Fault::Diagnostic(Box::new(template.gives_whole(whole)))),
            None => Ok(()),
        }
    }

    /// What is a whole in a value.
    fn whole(&self, val: &Val, depth: usize) -> Option<Whole> {
        let inner = depth.checked_sub(1);
        match val {
            Val::Node(node) => match self.place(*node)? {
                NodePlace::Entity(id) => Some(Whole::One(self.entity(id).kind.article())),
                NodePlace::Every(plural) => Some(Whole::All(plural.kind.plural())),
                NodePlace::In(_, kind) | NodePlace::Made(_, kind) => Some(Whole::All(kind.plural())),
                NodePlace::Platform => Some(Whole::One("the platform")),
                NodePlace::Environment(_) => Some(Whole::One("an environment")),
                NodePlace::Environments(_) => Some(Whole::All("environments")),
                NodePlace::Value { .. }
                | NodePlace::Referrers(_)
                | NodePlace::Let(_)
                | NodePlace::Makings(_)
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
