//! The model in which one thing has a former name, for what `was` moves. In comes a world and a name; out goes a world that shares the model and
//! answers for that one thing otherwise. Nothing is copied but the thing itself.

use super::world::World;
use super::{Entity, EntityId};
use std::sync::Arc;

impl<'a> World<'a> {
    /// A world in which one entity has a former name. It shares the model, and may cost what this one has left.
    pub(crate) fn formerly(&self, id: EntityId, name: &Arc<str>) -> World<'a> {
        let former = Entity { name: Arc::clone(name), ..self.entity(id).clone() };
        let mut world = World::new(self.definitions, self.model, self.index, self.allowance.left());
        world.former = Some((id, former));
        world
    }

    /// The entity of an id, under its name in this world.
    pub(crate) fn entity(&self, id: EntityId) -> &Entity {
        self.names().entity(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cost, Index};
    use crate::name::Kind;
    use crate::system::MemorySystem;
    use crate::{Options, compile};

    #[test]
    fn one_thing_is_found_by_its_former_name_only() {
        let text = "platform: { name: a, domain: a.example.com }\nenvironments: { e: {} }\nclasses: { infrastructure: { c: {} } }\n\
            infrastructure: { one: { class: c }, two: { class: c } }\n";
        let compilation = compile(&MemorySystem::default().with("platform.yaml", text), &Options::default());
        let index = Index::new(&compilation.model);
        let now = World::new(&compilation.definitions, &compilation.model, &index, Cost::UNBOUNDED);
        let named = |world: &World<'_>, name| world.names().named(EntityId(0), Kind::Infrastructure, name).map(|id| id.0);
        let names = ["one", "two", "old"];
        assert_eq!(names.map(|name| named(&now, name)), [Some(0), Some(1), None]);
        let before = now.formerly(EntityId(1), &"old".into());
        assert_eq!(names.map(|name| named(&before, name)), [Some(0), None, Some(1)]);
        assert_eq!((&*before.entity(EntityId(1)).name, &*before.entity(EntityId(0)).name), ("old", "one"));
        // A name that somebody else has now leads to the first of the two.
        assert_eq!(named(&now.formerly(EntityId(1), &"one".into()), "one"), Some(0));
        assert_eq!(named(&now.formerly(EntityId(0), &"two".into()), "two"), Some(0));
    }
}
