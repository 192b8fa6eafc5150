//! Kinds that stay on clusters: whoever installs removes everything else of a thing that goes, but a CustomResourceDefinition takes all objects of
//! its kind along, so it is left to a person.

use super::brought::KIND;
use super::{Leaving, errors, is_plain};
use crate::diagnostic::Diagnostics;
use crate::floor::{FilePlace, SitePath, Wing};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn report(leaving: &Leaving<'_>, diagnostics: &mut Diagnostics) {
    let Leaving { before, after, .. } = leaving;
    // Where nothing is delivered any more, all stays, and is told with that.
    let remains = |site: SitePath<'_>| after.is_delivered(site) || !before.is_delivered(site);
    let mut kinds: BTreeMap<&str, BTreeSet<SitePath<'_>>> = BTreeMap::new();
    for (site, stem) in before.objects.keys().filter(|key| !after.objects.contains_key(*key)) {
        if let Some(kind) = stem.strip_prefix(KIND).filter(|_| remains(*site)) {
            kinds.entry(kind).or_default().insert(*site);
        }
    }
    for (kind, sites) in kinds {
        diagnostics.push(errors::kind_stays(kind, &sites));
    }
    let mut charts: BTreeMap<(String, &str), BTreeSet<SitePath<'_>>> = BTreeMap::new();
    for path in &leaving.gone {
        let Some(FilePlace::Delivery { wing: Wing::Argocd, site, file }) = FilePlace::of(path) else { continue };
        let Some(name) = file.strip_prefix("applications/").and_then(|file| file.strip_suffix(".yaml")) else { continue };
        if remains(site)
            && let Some(release) = leaving.read(path).and_then(|text| release(&text, name))
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
