//! What is installed from elsewhere and goes: whoever installed it deletes it, and nobody here knows what it is. In come the clusters with their units before
//! and after, out go reports: of what another thing installs from now on, and of what nobody does. Of a chart that a class of the library names it is known
//! that it holds nothing, or its class says that it keeps data; what it has made goes all the same.

use super::{PlatformChange, ThingKey, errors, key};
use crate::delivery::{Elsewhere, RepositoryPart, Site, Unit, UnitSource};
use crate::diagnostic::{Diagnostic, Diagnostics};
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
                None => _ = told(change, gone).map(|told| diagnostics.push(told)),
            }
        }
    }
}

/// Environment and cluster.
fn place<'s>(site: &'s Site<'_>) -> (&'s str, &'s str) {
    (site.environment.identity.text(), site.entity.identity.text())
}

/// What there is to say of a unit that nobody follows: first of what nobody knows what it has installed.
fn told(change: &PlatformChange<'_>, gone: &Unit<'_>) -> Option<Diagnostic> {
    let is_users = |source: &&Elsewhere<'_>| !change.before.sources.is_library(source.at);
    let source = elsewhere(gone).find(is_users).or_else(|| elsewhere(gone).next())?;
    Some(errors::elsewhere_gone(gone.entity, (source.repository, is_users(&source)), change.place_of(gone.id)))
}

/// What a unit installed that it does not install any more, and what it does instead.
pub(super) fn exchanged(old: &Unit<'_>, new: &Unit<'_>) -> Option<[String; 2]> {
    let gone = elsewhere(old).find(|one| !elsewhere(new).any(|other| is_same(one, other)))?;
    let come = elsewhere(new).find(|other| !elsewhere(old).any(|one| is_same(one, other)))?;
    Some([words(gone), words(come)])
}

/// Whether two places lead to the same, in whichever version: a chart of one name, a folder of one repository or at one path. The way to it may be another.
fn is_same(one: &Elsewhere<'_>, other: &Elsewhere<'_>) -> bool {
    let last = |path: &'_ str| path.trim_end_matches('/').trim_end_matches(".git").rsplit(['/', ':']).next().unwrap_or_default().to_owned();
    match (one.found, other.found) {
        (RepositoryPart::Chart { name, .. }, RepositoryPart::Chart { name: another, .. }) => name == another,
        (RepositoryPart::Folder { path, .. }, RepositoryPart::Folder { path: another, .. }) => {
            let (path, another) = (path.trim_matches('/'), another.trim_matches('/'));
            let is_path = path == another && !path.is_empty();
            is_path || one.repository == other.repository || (path == another && last(one.repository) == last(other.repository))
        }
        (RepositoryPart::Chart { name, .. }, RepositoryPart::Folder { path, .. }) => {
            [last(path), last(other.repository)].iter().any(|last| last == name)
        }
        (RepositoryPart::Folder { path, .. }, RepositoryPart::Chart { name, .. }) => {
            [last(path), last(one.repository)].iter().any(|last| last == name)
        }
    }
}

fn words(source: &Elsewhere<'_>) -> String {
    match source.found {
        RepositoryPart::Chart { name, .. } => format!("chart `{name}`"),
        RepositoryPart::Folder { path, .. } if path.trim_matches('/').is_empty() => format!("`{}`", source.repository),
        RepositoryPart::Folder { path, .. } => format!("`{path}` of `{}`", source.repository),
    }
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
    // Or in that of their own names.
    let is_own = |unit: &Unit<'_>| unit.namespace == unit.outside;
    (old.namespace == new.namespace || (is_own(old) && is_own(new)))
        && elsewhere(old).any(|one| elsewhere(new).any(|other| same(one, other)))
}
