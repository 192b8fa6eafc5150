//! Shared environments: what is wrong with how definitions use them. In come definitions and the things that they became; nothing is decided
//! here. Which things are in one is decided by `placement`, and what a name means across environments by `names`.

use super::{Entity, Lines, Model, errors};
use crate::definition::{Definitions, Named};
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Warns of environments that inherit from a shared one, which is not only there for that, and of overlays for shared ones that reach nothing.
pub(super) fn unused(definitions: &Definitions, lines: &Lines<'_>, model: &Model, diagnostics: &mut Diagnostics) {
    for (id, environment) in model.environments().filter(|(_, environment)| environment.is_shared) {
        for heir in &definitions.environments {
            if let Some(parent) = heir.parent.as_ref().filter(|parent| parent.name == environment.name) {
                diagnostics.push(errors::inherits_from_shared(&heir.name.name, parent));
            }
        }
        let mut reached: BTreeSet<&Arc<str>> = BTreeSet::new();
        for entity in model.entities.iter().filter(|entity| entity.environment == id) {
            if let Some(definition) = definitions.definition(entity.kind, &entity.name).filter(|_| entity.kind.home().is_none()) {
                reached.extend(lines.written(definition).iter().map(|ancestor| &ancestor.address));
            }
        }
        // What stands under others at the top is only there to be inherited.
        let all = definitions.definitions.iter().filter(|definition| definition.kind.home().is_none());
        for definition in all.filter(|definition| !reached.contains(&definition.address)) {
            let for_it = |named: &Named| named.name == environment.name;
            if let Some(overlay) = definition.overlays.iter().find_map(|overlay| overlay.environment.as_ref().filter(|named| for_it(named)))
            {
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
    // What is on a cluster is named through it.
    let seen = |entity: &&Entity| entity.cluster.is_none() && matches!(entity.kind, Kind::Cluster | Kind::Infrastructure);
    for entity in model.entities.iter().filter(seen) {
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
