//! Kinds that are no longer installed. A CustomResourceDefinition takes all objects of its kind along, so Argo CD leaves it to a person; Flux deletes it
//! like anything else.

use super::brought::KIND;
use super::{OutputChange, errors, is_plain};
use crate::diagnostic::Diagnostics;
use crate::floor::{FilePlace, SitePath, Wing};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn report(change: &OutputChange<'_>, diagnostics: &mut Diagnostics) {
    let OutputChange { before, after, .. } = change;
    // Where nothing is delivered any more, all stays, and is told with that.
    let remains = |site: SitePath<'_>| after.is_delivered(site) || !before.is_delivered(site);
    let mut kinds: BTreeMap<&str, BTreeSet<SitePath<'_>>> = BTreeMap::new();
    for (site, stem) in before.objects.keys().filter(|key| !after.objects.contains_key(*key)) {
        if let Some(kind) = stem.strip_prefix(KIND).filter(|_| remains(*site)) {
            kinds.entry(kind).or_default().insert(*site);
        }
    }
    let is_flux = |site: &SitePath<'_>| before.sites.get(site).is_some_and(|wings| wings.contains(&Wing::Flux));
    for (kind, sites) in kinds {
        let (deleted, kept): (BTreeSet<SitePath<'_>>, BTreeSet<SitePath<'_>>) = sites.into_iter().partition(is_flux);
        if !kept.is_empty() {
            diagnostics.push(errors::kind_stays(kind, &kept));
        }
        if !deleted.is_empty() {
            diagnostics.push(errors::kind_leaves(kind, &deleted));
        }
    }
    let mut charts: BTreeMap<(String, &str), BTreeSet<SitePath<'_>>> = BTreeMap::new();
    for path in &change.gone {
        let Some(FilePlace::Delivery { wing: Wing::Argocd, site, file }) = FilePlace::of(path) else { continue };
        let Some(name) = file.strip_prefix("applications/").and_then(|file| file.strip_suffix(".yaml")) else { continue };
        if remains(site)
            && let Some(release) = change.read(path).and_then(|text| release(&text, name))
        {
            charts.entry((release, name)).or_default().insert(site);
        }
    }
    for ((release, name), sites) in charts {
        diagnostics.push(errors::chart_kinds_stay(name, &release, &sites));
    }
}

/// The release of the chart that an Application installs, if it installs one.
fn release(application: &str, name: &str) -> Option<String> {
    let field = |key: &str| application.lines().find_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix(key));
    field("chart: ")?;
    let release = field("releaseName: ").unwrap_or(name).trim_matches('"');
    release.bytes().all(is_plain).then(|| release.to_owned())
}
