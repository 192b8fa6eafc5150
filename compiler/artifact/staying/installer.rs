//! Clusters on which nothing is delivered any more. What installs there finds its folder gone, takes nothing away and changes nothing.

use super::{OutputChange, errors, is_plain};
use crate::diagnostic::Diagnostics;
use crate::floor::{FilePlace, SitePath, Wing};
use std::collections::BTreeMap;

/// Who installed on a cluster that leaves.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Installer {
    /// An Application that a person has applied.
    Root { name: String, namespace: String },
    /// One that the Argo CD of a hub has, and takes away; labels by which those below it are found.
    OfHub {
        name: String,
        namespace: String,
        labels: String,
        /// What it knows the cluster by: kind and name.
        known: Option<(String, String)>,
    },
    /// A Kustomization of Flux.
    Flux { name: String, namespace: String },
}

pub(super) fn report(change: &OutputChange<'_>, diagnostics: &mut Diagnostics) {
    let mut gone: BTreeMap<&str, Vec<(&str, Installer)>> = BTreeMap::new();
    let mut changed: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (site, wings) in &change.before.sites {
        let now = change.after.sites.get(site);
        for wing in wings.iter().filter(|wing| now.is_none_or(|now| !now.contains(wing))) {
            if now.is_some() {
                let program = if *wing == Wing::Flux { "Flux" } else { "Argo CD" };
                changed.entry((site.0, program)).or_default().push(site.1);
            } else if let Some(installer) = installer(change, *wing, *site) {
                gone.entry(site.0).or_default().push((site.1, installer));
            }
        }
    }
    for (environment, clusters) in gone {
        diagnostics.push(errors::installed_stays(environment, &clusters));
    }
    for ((environment, program), clusters) in changed {
        diagnostics.push(errors::installer_stays(environment, &clusters, program));
    }
}

fn installer(change: &OutputChange<'_>, wing: Wing, site: SitePath<'_>) -> Option<Installer> {
    let folder = format!("{}/{}/{}", wing.folder(), site.0, site.1);
    let root = change.read(&format!("{folder}/root.yaml"));
    let head = |text: &str| Some((field(text, "  name: ")?, field(text, "  namespace: ")?));
    match (wing, root) {
        (Wing::Flux, Some(text)) => head(&text).map(|(name, namespace)| Installer::Flux { name, namespace }),
        (Wing::Argocd, Some(text)) => head(&text).map(|(name, namespace)| Installer::Root { name, namespace }),
        (Wing::Argocd, None) => {
            let is_root = |path: &&str| matches!(FilePlace::of(path), Some(FilePlace::Delivery { file, .. }) if file.starts_with("roots/"));
            let texts = change.gone.iter().copied().filter(is_root).filter_map(|path| Some((path, change.read(path)?)));
            let leads = |(_, text): &(&str, String)| {
                field(text, "    path: ").is_some_and(|path| path == folder || path.ends_with(&format!("/{folder}")))
            };
            let (path, text) = texts.into_iter().find(leads)?;
            let known = change.read(&path.replacen("/roots/root-", "/clusters/", 1));
            let known = known.and_then(|text| Some((field(&text, "kind: ")?.to_ascii_lowercase(), field(&text, "  name: ")?)));
            let labels = text.lines().map(str::trim).filter(|line| line.contains("/environment: ") || line.contains("/cluster: "));
            let labels = labels.map(|line| line.replacen(": ", "=", 1).replace('"', ""));
            let labels: Vec<String> = labels.filter(|label| label.bytes().all(|byte| is_plain(byte) || byte == b'=')).collect();
            head(&text).map(|(name, namespace)| Installer::OfHub { name, namespace, labels: labels.join(","), known })
        }
        (Wing::Kustomize | Wing::Terraform | Wing::Files | Wing::Flux, _) => None,
    }
}

/// The text behind the first line that begins so.
pub(super) fn field(text: &str, key: &str) -> Option<String> {
    let value = text.lines().find_map(|line| line.strip_prefix(key))?.trim_matches('"');
    value.bytes().all(is_plain).then(|| value.to_owned())
}
