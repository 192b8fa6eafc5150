//! What files of teams (`platform.folders`) may reach, where it is resolved: things of their own tenant and of nobody, and no words to those who
//! deliver. In come resolved things and what their expressions have met; out go reports.

use super::inner::InnerLine;
use super::world::World;
use super::{Entity, EntityId, Model, errors};
use crate::definition::folders::TeamFile;
use crate::definition::{Definition, Definitions, Layered, METADATA};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::name::Kind;
use crate::path::Path;
use crate::span::Span;
use crate::syncing;
use crate::value::{Map, Operator, Value};
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
    for (_, entity) in model.entities() {
        check_fields(model, definitions, entity, diagnostics);
    }
}

/// Fields of the language by which a thing that is made of what a team says would reach others.
const REACHING: [&str; 2] = ["stack", "placement"];

/// Reports what a team's file says of where a made thing is, and what of other tenants it waits for.
fn check_fields(model: &Model, definitions: &Definitions, entity: &Entity, diagnostics: &mut Diagnostics) {
    let team = |span: Span| definitions.teams.get(&span.file).map(|team| (span, team));
    for field in REACHING.into_iter().filter(|_| entity.made.is_some()) {
        if let Some(place) = entity.value.get(field).and_then(|said| team(said.origin.span)) {
            diagnostics.push(errors::team_field(entity, field, place));
        }
    }
    for said in ["onlyIn", "notIn"].into_iter().filter_map(|field| entity.value.get(field)) {
        withdrawing(model, definitions, entity, said).into_iter().for_each(|fault| diagnostics.push(fault));
    }
    // What leads to a thing is judged where it leads there; here stands what orders nothing, and would be missed all the same.
    for item in entity.value.get("dependsOn").and_then(Value::as_list).unwrap_or_default() {
        let Some((span, team)) = team(item.origin.span) else { continue };
        let path: Option<Path> = item.as_str().and_then(|text| text.parse().ok());
        let keys = path.as_ref().and_then(Path::keys).unwrap_or_default();
        let Some(at) = keys.iter().position(|key| *key == Kind::Tenant.plural()) else { continue };
        let named = |other: &&Entity| {
            let is_called = |name: &str| *name == *other.name || *name == **other.identity.text();
            other.kind == Kind::Tenant && *other.name != *team.tenant && keys.get(at + 1).is_some_and(|name| is_called(name))
        };
        if let Some(other) = model.entities.iter().find(named) {
            diagnostics.push(errors::team_reaches(entity, other, &other.name, (span, team)));
        }
    }
}

/// Fields that say whether an application is there.
const WITHDRAWING: [&str; 4] = ["enabled", "onlyIn", "notIn", "placement"];

/// Reports what files of a team say against applications that others give its tenant, by defaults or by what the tenant inherits from: that they
/// are not there, or that they are something else. What they say of other fields is theirs to say, but for locks.
pub(super) fn check_given(home: &Definition, lines: &[InnerLine<'_>], definitions: &Definitions, diagnostics: &mut Diagnostics) {
    let team = |span: Span| definitions.teams.get(&span.file).filter(|team| *team.tenant == *home.name.name);
    for line in lines.iter().filter(|line| line.kind == Kind::Application) {
        let Some(giver) = line.own.iter().find(|one| team(one.name.span).is_none()) else { continue };
        for one in &line.own {
            let named = one.class.iter().chain(&one.parents).map(|named| named.span);
            let said = one.body.iter().chain(one.overlays.iter().map(|overlay| &overlay.layered));
            let said = said.filter_map(withdrawn);
            let mut places = named.chain(said).filter_map(|span| Some((span, team(span)?)));
            if let Some(place) = places.next().filter(|(_, team)| !team.may_omit(&one.name.name)) {
                diagnostics.push(errors::team_withdraws(&one.name.name, Some(giver.name.span), place));
            }
        }
    }
}

/// Where a layer says that its thing is not there, or perhaps not.
fn withdrawn(layered: &Layered) -> Option<Span> {
    if layered.value.is_broken() {
        return None;
    }
    let Some(map) = layered.value.as_map().filter(|_| !matches!(layered.operator, Operator::Remove | Operator::Replace)) else {
        return Some(layered.span);
    };
    WITHDRAWING.iter().filter_map(|field| map.entry(field)).find(|entry| entry.value.as_bool() != Some(true)).map(|entry| entry.span)
}

/// The same of a thing that a class gives, in a value that is said of it.
pub(super) fn withdrawing(model: &Model, definitions: &Definitions, entity: &Entity, said: &Value) -> Option<Diagnostic> {
    let team = definitions.teams.get(&said.origin.span.file).filter(|team| !team.may_omit(&entity.name))?;
    // What the team's own application makes is the team's.
    let is_given = |maker: &EntityId| !definitions.teams.contains_key(&model.entity(*maker).defined.file);
    let made = entity.made.as_ref().filter(|made| made.makers.iter().any(is_given))?;
    let giver = made.makers.first().map(|maker| model.entity(*maker).defined);
    (said.as_bool() != Some(true)).then(|| errors::team_withdraws(&entity.name, giver, (said.origin.span, team)).about(entity.subject()))
}

/// Reports labels and annotations of a thing that files of teams may not say.
pub(super) fn check_metadata(world: &World<'_>, entity: &Entity, value: &Value, diagnostics: &mut Diagnostics) {
    let Some(metadata) = value.get(METADATA).filter(|_| !world.definitions.teams.is_empty()) else { return };
    let entries = ["labels", "annotations"].into_iter().filter_map(|field| metadata.get(field)?.as_map()).flat_map(Map::entries);
    let is_read = |key: &str| syncing::is_for_deliverers(key) || syncing::says_whose(key, &world.model.platform.domain);
    for entry in entries.filter(|entry| is_read(&entry.key)) {
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
