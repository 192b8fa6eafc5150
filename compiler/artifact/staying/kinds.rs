//! Kinds that are no longer installed. A CustomResourceDefinition takes all objects of its kind along, so Argo CD leaves it to a person; Flux deletes it
//! like anything else.

use super::brought::KIND;
use super::installer::field;
use super::used::UsedGroups;
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
    let used = UsedGroups::of(change);
    for (kind, sites) in kinds {
        let (deleted, kept): (BTreeSet<SitePath<'_>>, BTreeSet<SitePath<'_>>) = sites.into_iter().partition(is_flux);
        if !kept.is_empty() {
            let group = kind.split_once('.').map_or(kind, |(_, group)| group);
            diagnostics.push(errors::kind_stays(kind, &kept, &used.kinds(&kept, |used| used == group)));
        }
        if !deleted.is_empty() {
            diagnostics.push(errors::kind_leaves(kind, &deleted));
        }
    }
    let mut charts: BTreeMap<(InstalledChart, &str, bool, String), BTreeSet<SitePath<'_>>> = BTreeMap::new();
    for path in &change.gone {
        let Some(FilePlace::Delivery { wing: Wing::Argocd, site, file }) = FilePlace::of(path) else { continue };
        let Some(name) = application(file) else { continue };
        if remains(site)
            && let Some(text) = change.read(path)
            && let Some(chart) = InstalledChart::of(&text, name)
            && !is_there(change, site, &chart)
        {
            let installs = chart.name == ARGO_CD && change.now.get(&format!("{}root.yaml", folder(site))).is_some();
            // An Application is in the namespace of its Argo CD.
            let namespace = field(&text, "  namespace: ").unwrap_or_else(|| "argocd".to_owned());
            charts.entry((chart, name, installs, namespace)).or_default().insert(site);
        }
    }
    for ((chart, name, installs, namespace), sites) in charts {
        diagnostics.push(if installs {
            errors::argo_cd_stays(name, &sites)
        } else {
            let used = used.kinds(&sites, |group| is_called_after(group, &chart.name));
            errors::chart_kinds_stay((name, &namespace), &sites, &used)
        });
    }
}

/// Charts whose kinds are in groups that are not called after them, and hold data or open doors.
const GROUPS: [(&str, &[&str]); 14] = [
    ("argo-rollouts", &["argoproj.io"]),
    ("base", &["networking.istio.io", "security.istio.io", "telemetry.istio.io"]),
    ("cloudnative-pg", &["postgresql.cnpg.io"]),
    ("community-operator", &["mongodbcommunity.mongodb.com"]),
    ("eck-operator", &["elasticsearch.k8s.elastic.co", "kibana.k8s.elastic.co"]),
    ("k8ssandra-operator", &["cassandra.datastax.com", "k8ssandra.io"]),
    ("kube-prometheus-stack", &["monitoring.coreos.com"]),
    ("operator", &["minio.min.io"]),
    ("pg-operator", &["pgv2.percona.com"]),
    ("pgo", &["postgres-operator.crunchydata.com"]),
    ("plugin-barman-cloud", &["barmancloud.cnpg.io"]),
    ("psmdb-operator", &["psmdb.percona.com"]),
    ("pxc-operator", &["pxc.percona.com"]),
    ("sealed-secrets", &["bitnami.com"]),
];

/// Whether a group of kinds is that of a chart, or called after it: `external-secrets.io` after `external-secrets`, `kafka.strimzi.io` after `strimzi-kafka-operator`.
fn is_called_after(group: &str, chart: &str) -> bool {
    if GROUPS.iter().any(|(known, groups)| *known == chart && groups.contains(&group)) {
        return true;
    }
    let words = group.rsplit_once('.').map_or("", |(words, _)| words).split('.');
    let is_first = |word: &str| chart.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    words.into_iter().any(|word| word.len() >= 4 && is_first(word))
}

/// The chart of Argo CD.
const ARGO_CD: &str = "argo-cd";

/// The folder of a cluster for Argo CD, with a slash behind it.
fn folder((environment, cluster): SitePath<'_>) -> String {
    format!("{}/{environment}/{cluster}/", Wing::Argocd.folder())
}

/// The name of the Application in a file of such a folder.
fn application(file: &str) -> Option<&str> {
    file.strip_prefix("applications/")?.strip_suffix(".yaml")
}

/// Whether anything of whatever name installs a chart on a cluster now, an Application or a release of Flux: it takes over what the chart brought there.
fn is_there(change: &OutputChange<'_>, site: SitePath<'_>, chart: &InstalledChart) -> bool {
    let folder = folder(site);
    let files = change.now.from(&folder).map_while(|(path, artifact)| Some((path.strip_prefix(&folder)?, &artifact.text)));
    let mut here = files.into_iter().filter_map(|(file, text)| InstalledChart::of(text, application(file)?));
    here.any(|other| chart.is_in(&other)) || releases(change, site).iter().any(|other| chart.is_in(other))
}

/// The charts that Flux installs on a cluster now: each has its source beside it.
fn releases(change: &OutputChange<'_>, (environment, cluster): SitePath<'_>) -> Vec<InstalledChart> {
    let folder = format!("{}/{environment}/{cluster}/units/", Wing::Flux.folder());
    let files = change.now.from(&folder).take_while(|(path, _)| path.starts_with(&folder));
    let all = files.into_iter().filter_map(|(path, release)| {
        let (unit, file) = path.rsplit_once('/')?;
        let number = file.strip_prefix("release")?;
        InstalledChart::of_flux(&release.text, &change.now.get(&format!("{unit}/source{number}"))?.text)
    });
    all.collect()
}

/// A chart as it is on a cluster.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct InstalledChart {
    name: String,
    release: String,
    /// Where it is from, without the way there.
    repository: Option<String>,
}

impl InstalledChart {
    /// The one that an Application installs, if it installs one.
    fn of(text: &str, application: &str) -> Option<Self> {
        let said = |key: &str| lines(text).find_map(|line| line.strip_prefix(key));
        let name = said("chart: ")?.trim_matches('"').to_owned();
        let release = said("releaseName: ").unwrap_or(application).trim_matches('"');
        // Of several places it is the one that the chart stands below.
        let above = lines(text).take_while(|line| !line.starts_with("chart: "));
        let repository = above.filter_map(|line| line.strip_prefix("repoURL: ")).last().map(place);
        release.bytes().all(is_plain).then(|| Self { name, release: release.to_owned(), repository })
    }

    /// The one that a release of Flux installs from a source, if that is a chart of a repository.
    fn of_flux(release: &str, source: &str) -> Option<Self> {
        let said =
            |text: &'_ str, key: &str| lines(text).find_map(|line| line.strip_prefix(key)).map(|word| word.trim_matches('"').to_owned());
        let url = place(&said(source, "url: ")?);
        let (repository, name) = match &*field(source, "kind: ")? {
            "HelmRepository" => (url, said(release, "chart: ")?),
            "OCIRepository" => url.rsplit_once('/').map(|(repository, name)| (repository.to_owned(), name.to_owned()))?,
            _ => return None,
        };
        Some(Self { name, release: said(release, "releaseName: ")?, repository: Some(repository) })
    }

    /// Whether another one brings the same kinds: it is the same chart, as the same release or from the same place.
    fn is_in(&self, other: &Self) -> bool {
        let is_same_place = self.repository.is_some() && self.repository == other.repository;
        self.name == other.name && (self.release == other.release || is_same_place)
    }
}

/// Lines without what they are indented by, and without the marks of items.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.trim_start().trim_start_matches("- "))
}

/// An address without its scheme.
fn place(url: &str) -> String {
    let url = url.trim_matches('"');
    url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_kinds_they_are() {
        for (group, chart, expected) in [
            ("postgresql.cnpg.io", "cloudnative-pg", true),
            ("postgres-operator.crunchydata.com", "pgo", true),
            ("external-secrets.io", "external-secrets", true),
            ("kafka.strimzi.io", "strimzi-kafka-operator", true),
            ("postgresql.cnpg.io", "external-dns", false),
        ] {
            assert_eq!(is_called_after(group, chart), expected, "{group} {chart}");
        }
    }
}
