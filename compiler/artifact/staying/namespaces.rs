//! Namespaces that go from one owner to another in one build. Whoever installs deletes such a namespace with all that is in it, whichever of the two
//! it looks at first; only what is protected on the cluster already survives that.

use super::brought::NAMESPACE;
use super::{OutputChange, errors};
use crate::diagnostic::Diagnostics;
use crate::floor::{self, SitePath, Wing};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn report(change: &OutputChange<'_>, diagnostics: &mut Diagnostics) {
    let OutputChange { before, after, .. } = change;
    // By namespace, old and new owner: the clusters.
    let mut handed: BTreeMap<(&str, &str, Option<&str>), BTreeSet<SitePath<'_>>> = BTreeMap::new();
    for ((site, stem), owners) in &before.objects {
        let Some(namespace) = stem.strip_prefix(NAMESPACE) else { continue };
        let now = after.objects.get(&(*site, *stem));
        if now.is_some_and(|now| !now.is_disjoint(owners)) {
            continue;
        }
        let new = now.and_then(|now| now.first().copied());
        if new.is_none() && !is_made(change, *site, namespace) {
            continue;
        }
        let unprotected = owners.iter().find(|owner| !is_protected(change, owner, *site, stem));
        if let Some(owner) = unprotected {
            handed.entry((namespace, owner, new)).or_default().insert(*site);
        }
    }
    for ((namespace, old, new), sites) in handed {
        let is_rename = new.is_some_and(|new| is_rename(change, old, new));
        diagnostics.push(errors::namespace_handed_over(namespace, (old, new), is_rename, &sites));
    }
}

/// Whether the one goes altogether and the other comes, of one kind: perhaps that is only another name.
fn is_rename(change: &OutputChange<'_>, old: &str, new: &str) -> bool {
    let kind = |thing: &str| thing.rsplit_once('/').map(|(kind, _)| kind.to_owned());
    let is_of = |path: &str, thing: &str| path.strip_prefix(thing).is_some_and(|rest| rest.starts_with('/'));
    kind(old) == kind(new)
        && !change.now.iter().any(|(path, _)| is_of(path, old))
        && !change.former.paths.iter().any(|path| is_of(path, new))
}

/// Whether whoever installs makes the namespace now because something goes there.
fn is_made(change: &OutputChange<'_>, (environment, cluster): SitePath<'_>, namespace: &str) -> bool {
    let flux = format!("{}/{environment}/{cluster}/namespaces/{namespace}.yaml", Wing::Flux.folder());
    let folder = format!("{}/{environment}/{cluster}/applications/", Wing::Argocd.folder());
    let applications = change.now.from(&folder).take_while(|(path, _)| path.starts_with(&folder));
    let goes_there = |text: &str| {
        let destination = text.lines().skip_while(|line| *line != "  destination:").skip(1).take_while(|line| line.starts_with("    "));
        let named =
            destination.filter_map(|line| line.trim_start().strip_prefix("namespace: ")).any(|name| name.trim_matches('"') == namespace);
        named && text.contains("CreateNamespace=true")
    };
    change.now.get(&flux).is_some() || applications.into_iter().any(|(_, artifact)| goes_there(&artifact.text))
}

/// Whether what was installed of a namespace says that it stays; of what cannot be read nobody knows that it is there.
fn is_protected(change: &OutputChange<'_>, thing: &str, site: SitePath<'_>, stem: &str) -> bool {
    let word = if change.before.sites.get(&site).is_some_and(|wings| wings.contains(&Wing::Flux)) {
        "kustomize.toolkit.fluxcd.io/prune: disabled"
    } else {
        "Prune=false"
    };
    let (base, overlay) = (floor::base(thing), floor::overlay(thing, site.0, site.1));
    let names =
        [format!("{overlay}/{stem}.patch"), format!("{overlay}/{stem}"), format!("{overlay}/base/{stem}"), format!("{base}/{stem}")];
    let paths = names.iter().map(|name| format!("{name}.yaml")).filter(|path| change.former.paths.contains(path));
    let texts: Vec<String> = paths.filter_map(|path| change.read(&path)).collect();
    texts.is_empty() || texts.iter().any(|text| text.contains(word))
}
