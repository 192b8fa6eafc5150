//! Releases of Helm: what may not be one. In come the charts of a cluster, out go errors about names that Helm refuses and about charts that would
//! take each other's objects for their own.

use super::check::whole;
use super::{Elsewhere, RepositoryPart, Site, Unit, UnitSource, errors};
use crate::diagnostic::Diagnostics;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The longest name of a release: Helm keeps the rest of a label's 63 bytes for itself. It refuses longer ones even where it is only asked to fill in
/// templates.
pub(super) const RELEASE: usize = 53;

/// A chart that is installed, and the name it gets.
#[derive(Clone, Copy)]
struct Release<'s, 'a> {
    unit: &'s Unit<'a>,
    name: &'s str,
    elsewhere: &'s Elsewhere<'a>,
}

fn all<'s, 'a>(site: &'s Site<'a>) -> impl Iterator<Item = Release<'s, 'a>> {
    let charts = |unit: &'s Unit<'a>| {
        let found = unit.sources.iter().filter_map(|source| match source {
            UnitSource::Elsewhere(elsewhere) if elsewhere.is_chart() => Some(&**elsewhere),
            UnitSource::Elsewhere(_) | UnitSource::Output { .. } => None,
        });
        found.map(|elsewhere| Release { unit, name: elsewhere.helm.release.as_deref().unwrap_or(&unit.outside), elsewhere })
    };
    whole(site).flat_map(charts)
}

/// Reports releases whose names Helm would refuse, and charts that are installed twice under one name, whoever has it install them.
pub(super) fn check(site: &Site<'_>, diagnostics: &mut Diagnostics) {
    for release in all(site).filter(|release| !is_release(release.name)) {
        diagnostics.push(errors::invalid_release(release.unit, release.name, release.elsewhere.helm.named));
    }
    twice(site, true, diagnostics);
}

/// Reports different charts that are installed under one name in one namespace, for whoever keeps a record of each release there.
pub(crate) fn different_charts(site: &Site<'_>, diagnostics: &mut Diagnostics) {
    twice(site, false, diagnostics);
}

fn twice(site: &Site<'_>, is_same_chart: bool, diagnostics: &mut Diagnostics) {
    let mut taken: BTreeMap<(&str, &str), Release<'_, '_>> = BTreeMap::new();
    for release in all(site) {
        match taken.entry((&release.unit.namespace, release.name)) {
            Entry::Vacant(vacant) => {
                vacant.insert(release);
            }
            Entry::Occupied(first) => {
                let first = first.get();
                if (chart(first.elsewhere) == chart(release.elsewhere)) == is_same_chart {
                    let place = |release: &Release<'_, '_>| release.elsewhere.helm.named.unwrap_or(release.elsewhere.at);
                    let places = (place(first), place(&release));
                    diagnostics.push(errors::release_twice(release.name, (first.unit, release.unit), places));
                }
            }
        }
    }
}

/// What chart it is, wherever it is fetched.
fn chart<'a>(elsewhere: &Elsewhere<'a>) -> &'a str {
    match elsewhere.found {
        RepositoryPart::Chart { name, .. } => name.rsplit('/').next().unwrap_or(name),
        RepositoryPart::Folder { path, .. } => path,
    }
}

fn is_release(name: &str) -> bool {
    let part = |part: &str| {
        let ends = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit();
        part.starts_with(ends) && part.ends_with(ends) && part.chars().all(|char| ends(char) || char == '-')
    };
    name.len() <= RELEASE && name.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_what_helm_takes() {
        // Tried with `helm template --name-template`.
        let longest = "a".repeat(53);
        for (name, expected) in [
            ("web", true),
            ("web.one", true),
            ("a", true),
            (&*longest, true),
            ("Web", false),
            ("a_b", false),
            ("a-", false),
            ("a..b", false),
            ("", false),
        ] {
            assert_eq!(is_release(name), expected, "{name}");
        }
        assert!(!is_release(&"a".repeat(54)));
    }
}
