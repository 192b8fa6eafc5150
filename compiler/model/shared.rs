//! Shared environments: what others see of them by name, and what is wrong with how definitions use them. In come definitions and the things
//! that they became; which things are in one is decided by `placement`, and what a name means across environments by `names`.

use super::{Entity, EntityId, EnvironmentId, Lines, Model, errors};
use crate::definition::Definitions;
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Environments by name, and what all see of the shared ones.
#[derive(Debug, Default)]
pub(super) struct SharedNames {
    environments: BTreeMap<Arc<str>, EnvironmentId>,
    names: BTreeMap<Kind, BTreeMap<Arc<str>, EntityId>>,
    /// Of those that have another identity than their name.
    identities: BTreeMap<Kind, BTreeMap<Arc<str>, EntityId>>,
}

impl SharedNames {
    pub(super) fn of(model: &Model) -> Self {
        let environments = model.environments().map(|(id, environment)| (Arc::clone(&environment.name), id));
        let mut names = Self { environments: environments.collect(), ..Self::default() };
        let is_shown = |entity: &Entity| is_on_none(entity) && model.environment(entity.environment).is_shared;
        for (id, entity) in model.entities().filter(|(_, entity)| is_shown(entity)) {
            names.names.entry(entity.kind).or_default().entry(Arc::clone(&entity.name)).or_insert(id);
            if entity.identity.is_written() {
                names.identities.entry(entity.kind).or_default().entry(Arc::clone(entity.identity.text())).or_insert(id);
            }
        }
        names
    }

    /// The environment of a name, whoever sees it.
    pub(super) fn environment(&self, name: &str) -> Option<EnvironmentId> {
        self.environments.get(name).copied()
    }

    /// The thing of a name in a shared environment.
    pub(super) fn named(&self, kind: Kind, name: &str) -> Option<EntityId> {
        self.names.get(&kind)?.get(name).copied()
    }

    /// The thing of another identity than its name there.
    pub(super) fn identified(&self, kind: Kind, identity: &str) -> Option<EntityId> {
        self.identities.get(&kind)?.get(identity).copied()
    }
}

/// Whether a thing is of those that an environment holds on no cluster. What is on one is named through it.
fn is_on_none(entity: &Entity) -> bool {
    entity.cluster.is_none() && matches!(entity.kind, Kind::Cluster | Kind::Infrastructure)
}

/// Warns of environments that inherit from a shared one, which is not only there for that, and of overlays for shared ones that reach nothing.
pub(super) fn unused(definitions: &Definitions, lines: &Lines<'_>, model: &Model, diagnostics: &mut Diagnostics) {
    let shared = model.environments().filter(|(_, environment)| environment.is_shared);
    let shared: BTreeMap<&str, EnvironmentId> = shared.map(|(id, environment)| (&*environment.name, id)).collect();
    if shared.is_empty() {
        return;
    }
    for heir in &definitions.environments {
        if let Some(parent) = heir.parent.as_ref().filter(|parent| shared.contains_key(&*parent.name)) {
            diagnostics.push(errors::inherits_from_shared(&heir.name.name, parent));
        }
    }
    let mut reached: BTreeSet<(EnvironmentId, &str)> = BTreeSet::new();
    let is_shared = |entity: &&Entity| model.environment(entity.environment).is_shared && entity.kind.home().is_none();
    for entity in model.entities.iter().filter(is_shared) {
        // Of what is on several clusters the line is the same.
        let Some(definition) = definitions.definition(entity.kind, &entity.name) else { continue };
        if reached.insert((entity.environment, &definition.address)) {
            reached.extend(lines.written(definition).iter().map(|ancestor| (entity.environment, &*ancestor.address)));
        }
    }
    // Pools and applications at the top are only there to be inherited.
    for definition in definitions.definitions.iter().filter(|definition| definition.kind.home().is_none()) {
        let unread = |name: &str| shared.get(name).is_some_and(|id| !reached.contains(&(*id, &definition.address)));
        let mut told = BTreeSet::new();
        for overlay in definition.overlays.iter().filter_map(|overlay| overlay.environment.as_ref()) {
            if unread(&overlay.name) && told.insert(&overlay.name) {
                diagnostics.push(errors::unused_overlay(definition, overlay));
            }
        }
    }
}

/// Reports names and identities that would mean two things where a shared environment is seen.
pub(super) fn check(model: &Model, diagnostics: &mut Diagnostics) {
    if !model.environments.iter().any(|environment| environment.is_shared) {
        return;
    }
    let mut names: BTreeMap<(Kind, &str), Vec<&Entity>> = BTreeMap::new();
    let mut identities: BTreeMap<(Kind, &str), Vec<&Entity>> = BTreeMap::new();
    for entity in model.entities.iter().filter(|entity| is_on_none(entity)) {
        names.entry((entity.kind, &entity.name)).or_default().push(entity);
        identities.entry((entity.kind, entity.identity.text())).or_default().push(entity);
    }
    let shared = |all: &[&'_ Entity]| all.iter().position(|entity| model.environment(entity.environment).is_shared);
    for all in names.values() {
        let Some(first) = shared(all).and_then(|at| all.get(at)) else { continue };
        let others: Vec<&Entity> = all.iter().copied().filter(|other| other.environment != first.environment).collect();
        if !others.is_empty() {
            diagnostics.push(errors::seen_twice(model, first, &others));
        }
    }
    for all in identities.values() {
        let Some(first) = shared(all).and_then(|at| all.get(at)) else { continue };
        // That of one name is told above, and that of one environment where identities are checked.
        let is_other = |other: &&&Entity| other.environment != first.environment && other.name != first.name;
        if let Some(other) = all.iter().find(is_other) {
            diagnostics.push(errors::identity_seen_twice(model, first, other));
        }
    }
}
