//! What files of teams (`platform.folders`) may reach, where it is resolved: things of their own tenant and of nobody, and no words to those who
//! deliver. In come resolved things and what their expressions have met; out go reports.

use super::world::World;
use super::{Entity, EntityId, Model, errors};
use crate::definition::folders::TeamFile;
use crate::definition::{Definitions, METADATA};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::name::Kind;
use crate::span::Span;
use crate::syncing;
use crate::value::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is wrong with naming a thing where it is named, if that is a file of a team.
pub(crate) fn reaching(model: &Model, definitions: &Definitions, (from, to): (EntityId, EntityId), span: Span) -> Option<Diagnostic> {
    let team = definitions.teams.get(&span.file)?;
    let other = stranger(model, team, to)?;
    Some(errors::team_reaches(model.entity(from), model.entity(to), &other, (span, team)))
}

/// Reports things of other tenants that expressions in files of teams have read.
pub(super) fn check(model: &Model, definitions: &Definitions, diagnostics: &mut Diagnostics) {
    if definitions.teams.is_empty() {
        return;
    }
    let found = model.met.iter().filter_map(|met| reaching(model, definitions, (met.from, met.to), met.span));
    found.for_each(|fault| diagnostics.push(fault));
}

/// Reports labels and annotations of a thing that files of teams may not say.
pub(super) fn check_metadata(world: &World<'_>, entity: &Entity, value: &Value, diagnostics: &mut Diagnostics) {
    let Some(metadata) = value.get(METADATA).filter(|_| !world.definitions.teams.is_empty()) else { return };
    let entries = ["labels", "annotations"].into_iter().filter_map(|field| metadata.get(field)?.as_map()).flat_map(Map::entries);
    for entry in entries.filter(|entry| syncing::is_for_deliverers(&entry.key)) {
        let said = [entry.span, entry.value.origin.span].into_iter();
        let mut said = said.filter_map(|span| Some((span, world.definitions.teams.get(&span.file)?)));
        if let Some(place) = said.next() {
            diagnostics.push(errors::team_metadata(entity, &entry.key, place));
        }
    }
}

/// The tenant that a thing belongs to, if that is not the team's.
fn stranger(model: &Model, team: &TeamFile, id: EntityId) -> Option<Arc<str>> {
    let mut found = BTreeSet::new();
    tenants(model, id, &mut found);
    if found.contains(&*team.tenant) { None } else { found.into_iter().next().map(Arc::from) }
}

/// The names of the tenants that a thing belongs to: it is one, is in one, or was made by what does.
fn tenants<'m>(model: &'m Model, id: EntityId, found: &mut BTreeSet<&'m str>) {
    let entity = model.entity(id);
    if entity.kind == Kind::Tenant {
        found.insert(&entity.name);
    }
    // A maker is made before what it makes, so this ends.
    let makers = entity.made.iter().flat_map(|made| &made.makers).copied();
    entity.tenant.into_iter().chain(makers).for_each(|around| tenants(model, around, found));
}
