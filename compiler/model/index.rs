//! Things by what they are called: names and identities among those of a kind that are at one place. Comes in: a model; nothing is worked out.

use super::excerpt::{Bounds, Excerpt};
use super::shared::SharedNames;
use super::{Entity, EntityId, EnvironmentId, Model};
use crate::name::Kind;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Entities by environment, kind and cluster, in the order of the model.
#[derive(Debug, Default)]
pub(crate) struct EntityIndex {
    lists: BTreeMap<ListKey, Vec<EntityId>>,
    /// The same by name.
    names: BTreeMap<ListKey, BTreeMap<Arc<str>, EntityId>>,
    /// Those that have another identity than their name, by it.
    identities: BTreeMap<ListKey, BTreeMap<Arc<str>, EntityId>>,
    /// What things make, by kind and key.
    made: BTreeMap<(EntityId, Kind), BTreeMap<Arc<str>, EntityId>>,
    pub(super) shared: SharedNames,
    pub(super) bounds: Bounds,
}

/// The environment, the kind, and what they are under or on, if there is such a thing.
type ListKey = (EnvironmentId, Kind, Option<EntityId>);

/// What says which of two things in a plural comes first.
pub(super) fn rank(entity: &Entity) -> (&str, &str) {
    (entity.identity.text(), &entity.name)
}

impl EntityIndex {
    pub(crate) fn new(model: &Model) -> Self {
        let mut index = Self { shared: SharedNames::of(model), ..Self::default() };
        for (id, entity) in model.entities() {
            let group = (entity.environment, entity.kind, entity.around());
            index.lists.entry(group).or_default().push(id);
            index.names.entry(group).or_default().entry(Arc::clone(&entity.name)).or_insert(id);
            if entity.identity.is_written() {
                index.identities.entry(group).or_default().entry(Arc::clone(entity.identity.text())).or_insert(id);
            }
            if let Some(made) = &entity.made {
                for maker in &made.makers {
                    index.made.entry((*maker, entity.kind)).or_default().insert(Arc::clone(&made.key), id);
                }
            }
        }
        // Plurals go by identity: it means nothing in which file a definition stands, and a rename changes no order.
        for list in index.lists.values_mut() {
            list.sort_by_key(|id| rank(model.entity(*id)));
        }
        index
    }

    /// Those of a model that has no more than an excerpt of its platform.
    pub(super) fn of_excerpt(model: &Model, excerpt: Option<&Excerpt>) -> Self {
        let Some(excerpt) = excerpt else { return Self::new(model) };
        let is_empty = |entity: &Entity| entity.kind == Kind::Cluster && !excerpt.is_on(entity.environment, &entity.name);
        let clusters = model.entities().filter(|(_, entity)| is_empty(entity));
        let environments = model.environments().filter(|(id, environment)| !excerpt.has(*id, environment));
        let bounds = Bounds::around(clusters.map(|(id, _)| id), environments.map(|(id, _)| id));
        Self { bounds, ..Self::new(model) }
    }

    /// The entity of a name among them.
    pub(crate) fn named(&self, environment: EnvironmentId, kind: Kind, around: Option<EntityId>, name: &str) -> Option<EntityId> {
        self.bounds.look(environment, kind, around);
        self.names.get(&(environment, kind, around)).and_then(|names| names.get(name)).copied()
    }

    /// The entity of another identity than its name among them.
    pub(crate) fn identified(&self, environment: EnvironmentId, kind: Kind, around: Option<EntityId>, identity: &str) -> Option<EntityId> {
        self.bounds.look(environment, kind, around);
        self.identities.get(&(environment, kind, around)).and_then(|identities| identities.get(identity)).copied()
    }

    /// What a thing makes of a kind under a key.
    pub(crate) fn made(&self, maker: EntityId, kind: Kind, key: &str) -> Option<EntityId> {
        self.made.get(&(maker, kind)).and_then(|made| made.get(key)).copied()
    }

    /// The keys of what a thing makes of a kind, sorted.
    pub(crate) fn makings(&self, maker: EntityId, kind: Kind) -> impl Iterator<Item = &Arc<str>> {
        self.made.get(&(maker, kind)).into_iter().flat_map(BTreeMap::keys)
    }

    /// Takes note that things were looked for wherever they are.
    pub(crate) fn look_everywhere(&self) {
        self.bounds.look_everywhere();
    }

    /// All entities of an environment, wherever they are.
    pub(crate) fn everything(&self, environment: EnvironmentId) -> impl Iterator<Item = EntityId> {
        let lists = self.lists.range((environment, Kind::ALL[0], None)..).take_while(move |((of, ..), _)| *of == environment);
        self.bounds.look_everywhere();
        lists.flat_map(|(_, list)| list.iter().copied())
    }

    /// Entities of a kind in an environment: on this cluster, of this tenant, or those without one.
    pub(crate) fn of(&self, environment: EnvironmentId, kind: Kind, around: Option<EntityId>) -> &[EntityId] {
        self.bounds.look(environment, kind, around);
        self.lists.get(&(environment, kind, around)).map_or(&[], Vec::as_slice)
    }
}
