//! Who refers to a thing, by the field: all references of an environment, read once for each field that is asked for.

use super::reference::FoundReferrers;
use super::sight::NodePlace;
use super::world::World;
use super::{Entity, EntityId, errors};
use crate::definition::Class;
use crate::definition::root::Within;
use crate::expression::{Fault, Host, Val};
use crate::name::Kind;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whether things of a class may refer to those of a kind by a field.
fn refers(class: &Class, field: &str, kind: Kind) -> bool {
    class.refers && class.type_.field(field).is_some_and(|type_| type_.refers_to(kind))
}

impl<'a> World<'a> {
    /// The fields by which things of a kind may be referred to.
    pub(super) fn referring_fields(&self, kind: Kind) -> Vec<Arc<str>> {
        let classes = self.definitions.classes.iter().filter(|class| class.refers);
        let fields = classes.flat_map(|class| class.type_.fields().map(move |(field, _)| (class, field)));
        let names: std::collections::BTreeSet<&str> =
            fields.filter(|(class, field)| refers(class, field, kind)).map(|(_, field)| field).collect();
        names.into_iter().map(Arc::from).collect()
    }

    /// The things that refer to one by a field, in the order of their identities, so that a rename moves nothing; none if no class has such a
    /// field. Who asks that waits for nobody.
    pub(super) fn referrers(&self, owner: EntityId, field: &str) -> Result<Option<Val>, Fault> {
        self.outside.set(true);
        let entity = self.entity(owner);
        if !self.definitions.classes.iter().any(|class| refers(class, field, entity.kind)) {
            return Ok(None);
        }
        let key = (entity.environment, Arc::<str>::from(field));
        let known = self.referrers.borrow().get(&key).cloned();
        let known = match known {
            Some(FoundReferrers::Known(known)) => known,
            Some(FoundReferrers::Busy) => {
                let span = self.at.get().unwrap_or(entity.defined);
                return Err(Fault::Diagnostic(Box::new(errors::expression_cycle(&[span]))));
            }
            None => {
                self.referrers.borrow_mut().insert(key.clone(), FoundReferrers::Busy);
                let read = self.read_referrers(owner, field);
                self.referrers.borrow_mut().remove(&key);
                let read = Arc::new(read?);
                self.referrers.borrow_mut().insert(key, FoundReferrers::Known(Arc::clone(&read)));
                read
            }
        };
        let found = known.get(&owner).map_or(&[][..], Vec::as_slice);
        self.allowance.spend(Some(owner), found.len());
        Ok(Some(Val::list(found.iter().map(|id| self.thing_node(*id)).collect())))
    }

    /// Everything that is referred to by a field in the environment of a thing, with those that do.
    fn read_referrers(&self, owner: EntityId, field: &str) -> Result<BTreeMap<EntityId, Vec<EntityId>>, Fault> {
        let environment = self.entity(owner).environment;
        let mut found: BTreeMap<EntityId, Vec<EntityId>> = BTreeMap::new();
        for id in self.index.everything(environment) {
            self.allowance.spend(Some(owner), 1);
            let has = self.class(self.entity(id)).is_some_and(|class| class.refers && class.type_.field(field).is_some());
            if self.is_exhausted() {
                return Err(Fault::Reported);
            }
            if let Some(val) = if has { self.entity_field(owner, id, field)? } else { None } {
                let mut things = Vec::new();
                self.things_in(owner, &val, &mut things)?;
                things.sort_unstable();
                things.dedup();
                things.into_iter().for_each(|to| found.entry(to).or_default().push(id));
            }
        }
        let on = |entity: &'a Entity| entity.cluster.map(|cluster| &**self.entity(cluster).identity.text());
        for list in found.values_mut() {
            list.sort_by_key(|id| {
                let entity = self.entity(*id);
                (entity.kind.rank(), &**entity.identity.text(), on(entity))
            });
        }
        Ok(found)
    }

    /// The things in a value, at any depth.
    fn things_in(&self, owner: EntityId, val: &Val, found: &mut Vec<EntityId>) -> Result<(), Fault> {
        self.allowance.spend(Some(owner), 1);
        let mut forced = None;
        if let Val::Node(node) = val {
            match self.place(*node) {
                Some(NodePlace::Entity(id)) => found.push(id),
                Some(NodePlace::Value { .. }) => forced = Some(self.scope(owner, Within::Definition).force(*node)?),
                Some(_) | None => {}
            }
        }
        let val = forced.as_ref().unwrap_or(val);
        if let Val::List(items) = val {
            items.iter().try_for_each(|val| self.things_in(owner, val, found))?;
        } else if let Val::Map(map) = val {
            map.entries().iter().try_for_each(|(_, val)| self.things_in(owner, val, found))?;
        }
        Ok(())
    }
}
