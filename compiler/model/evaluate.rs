//! All values evaluated and checked, names computed: in comes a model with expressions in its values, out goes one without.

use super::allowance::WorkPiece;
use super::excerpt::Excerpt;
use super::{
    Cost, EntityId, EntityIndex, EnvironmentId, Families, Found, Made, Member, Model, World, check, errors, in_families, making, naming,
    overriding,
};
use crate::definition::Definitions;
use crate::diagnostic::Diagnostics;
use crate::inheritance::too_much;
use crate::ledger;
use crate::name::Kind;
use crate::source::Sources;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a thing comes to.
#[derive(Clone)]
struct Resolved {
    value: Value,
    /// What the compiler computes for it.
    computed: Value,
    /// What it overrides, as it is written.
    overrides: Arc<[Value]>,
    /// Whether something is wrong with its fields.
    wrong: bool,
}

/// Evaluates all, cluster by cluster in parallel, or what is in an excerpt. Returns the entities whose fields are wrong; none if more than
/// that was looked for.
pub(super) fn all(
    definitions: &Definitions,
    excerpt: Option<&Excerpt>,
    model: &mut Model,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<BTreeSet<EntityId>> {
    let index = EntityIndex::of_excerpt(model, excerpt);
    let shared = &*model;
    let mut groups: BTreeMap<(EnvironmentId, Option<EntityId>), Vec<EntityId>> = BTreeMap::new();
    for (id, entity) in shared.entities() {
        let around = if entity.kind == Kind::Cluster { Some(id) } else { entity.cluster };
        let is_asked = |excerpt: &Excerpt| match around {
            Some(cluster) => excerpt.is_on(entity.environment, &shared.entity(cluster).name),
            None => excerpt.environment == entity.environment,
        };
        if excerpt.is_none_or(is_asked) {
            groups.entry((entity.environment, around)).or_default().push(id);
        }
    }
    let groups: Vec<Vec<EntityId>> = groups.into_values().collect();
    let work = |group: &[(EntityId, Member<'_, ()>)], cost: Cost| -> WorkPiece<(Vec<Made<Resolved, ()>>, Found)> {
        let world = World::new(definitions, shared, &index, cost);
        let in_time = group.iter().take_while(|_| !world.is_exhausted());
        let made = in_time.map(|(id, _)| {
            let (result, alike) = world.alike(|| one(&world, *id, sources));
            Made { id: *id, alike, result, parts: () }
        });
        let made = made.collect();
        world.piece(|found| (made, found))
    };
    let done = in_families(&Families::of(shared), &groups, Cost::of_platform(sources), work, |_, outcome| outcome.clone());
    let done = match done {
        Ok(done) => done,
        Err(exhausted) => {
            diagnostics.push(errors::platform_too_costly(model, exhausted));
            return Some(BTreeSet::new());
        }
    };
    if index.bounds.were_passed() {
        return None;
    }
    for found in done.others {
        model.secrets.append(&found.secrets);
        model.met.extend(found.met);
        diagnostics.append(found.diagnostics);
    }
    model.met.sort_unstable();
    let mut wrong = BTreeSet::new();
    for (id, outcome) in done.results {
        if outcome.wrong {
            wrong.insert(id);
        }
        if let Some(entity) = model.entities.get_mut(id.0 as usize) {
            (entity.value, entity.computed, entity.overrides) = (outcome.value, outcome.computed, outcome.overrides);
            if let Some(made) = entity.made.as_mut().filter(|made| !made.others.is_empty()) {
                Arc::make_mut(made).others.clear();
            }
        }
    }
    Some(wrong)
}

/// One thing, evaluated and checked against its class, with its rules behind it.
fn one(world: &World<'_>, id: EntityId, sources: &Sources) -> Resolved {
    let entity = world.model.entity(id);
    let (raw, overrides) = overriding::split(&entity.value, &world.definitions.layers);
    let mut said = Diagnostics::default();
    let mut value = world.evaluate_as(world.sight(id), &raw);
    if ledger::unsaid() {
        said.push(too_much(entity.defined).about(entity.subject()));
    }
    making::agree(world, id, &value);
    value = world.with_distinct(id, world.with_assumed(id, value, sources, &mut said));
    // What no expression made is shared with the definition, but checked for each thing.
    let weight = value.weight();
    world.charge(id, weight, if raw.is_dynamic() { weight } else { 1 });
    let ((), mut wrong) = said.watch(|said| {
        check::entity(world, id, &value, sources, said);
        world.check_references(id, &value, sources, said);
        world.check_distinct(id, &value, said);
    });
    // A rule over fields that are wrong would only repeat what is wrong; so would a promise of the class where a rule is broken.
    if wrong || check::rules(world, id, sources) {
        let ((), breaks) = said.watch(|said| check::promises(world, id, sources, said));
        wrong |= breaks;
    }
    world.diagnostics.borrow_mut().append(said);
    let value = overriding::shown(value, &overrides, sources);
    Resolved { computed: naming::computed(world, id), value, overrides: overrides.into(), wrong }
}
