//! What is installed from elsewhere and goes: whoever installed it deletes it, and nobody here knows what it is. In come the clusters with their units before
//! and after, out go reports: of what another thing installs from now on, and of what nobody does. Charts that a class of the library names are known to
//! hold nothing, or their class says that they keep data.

use super::{PlatformChange, ThingKey, errors, key};
use crate::delivery::{Elsewhere, RepositoryPart, Site, Unit, UnitSource};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::EntityId;
use std::collections::BTreeMap;

pub(super) fn report(change: &PlatformChange<'_>, [before, now]: &[Vec<Site<'_>>; 2], diagnostics: &mut Diagnostics) {
    for old in before {
        let Some(new) = now.iter().find(|new| place(new) == place(old)) else { continue };
        let known: BTreeMap<ThingKey<'_>, &Unit<'_>> = old.units.iter().map(|unit| (key(change.before.model, unit.entity), unit)).collect();
        let there: BTreeMap<ThingKey<'_>, &Unit<'_>> = new.units.iter().map(|unit| (key(change.now.model, unit.entity), unit)).collect();
        let come = || there.iter().filter(|(key, unit)| !known.contains_key(*key) && !unit.waits).map(|(_, unit)| *unit);
        for (_, gone) in known.iter().filter(|(key, unit)| !there.contains_key(*key) && !unit.keeps_data && !unit.waits) {
            let follows = come().find(|unit| unit.entity.kind == gone.entity.kind && installs_the_same(gone, unit));
            if !(change.is_chosen_before(gone.id) || follows.is_some_and(|unit| change.is_chosen(unit.id))) {
                continue;
            }
            match follows {
                Some(unit) => diagnostics.push(errors::installed_by_another(gone.entity, unit.entity)),
                None => _ = told(change, gone.id, gone).map(|told| diagnostics.push(told)),
            }
        }
    }
}

/// Environment and cluster.
fn place<'s>(site: &'s Site<'_>) -> (&'s str, &'s str) {
    (site.environment.identity.text(), site.entity.identity.text())
}

/// What there is to say of a unit that nobody follows, if nobody knows what it has installed.
fn told(change: &PlatformChange<'_>, id: EntityId, gone: &Unit<'_>) -> Option<Diagnostic> {
    let source = elsewhere(gone).find(|source| !change.before.sources.is_library(source.at))?;
    Some(errors::elsewhere_gone(gone.entity, source.repository, change.place_of(id)))
}

fn elsewhere<'u, 'a>(unit: &'u Unit<'a>) -> impl Iterator<Item = &'u Elsewhere<'a>> {
    unit.sources.iter().filter_map(|source| match source {
        UnitSource::Elsewhere(elsewhere) => Some(&**elsewhere),
        UnitSource::Output { .. } => None,
    })
}

/// Whether two units install the same chart, or the same folder, in whichever version, into the same namespace.
fn installs_the_same(old: &Unit<'_>, new: &Unit<'_>) -> bool {
    let part = |found: RepositoryPart<'_>| match found {
        RepositoryPart::Chart { name, .. } => (true, name.to_owned()),
        RepositoryPart::Folder { path, .. } => (false, path.trim_matches('/').to_owned()),
    };
    let same = |one: &Elsewhere<'_>, other: &Elsewhere<'_>| one.repository == other.repository && part(one.found) == part(other.found);
    old.namespace == new.namespace && elsewhere(old).any(|one| elsewhere(new).any(|other| same(one, other)))
}
