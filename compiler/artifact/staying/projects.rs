//! Projects of Argo CD that outlive their tenants, as the namespaces do that they limit. Nobody deletes them but a person.

use super::installer::field;
use super::{OutputChange, errors};
use crate::diagnostic::Diagnostics;
use crate::floor::{FilePlace, SitePath, Wing};
use crate::syncing;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn report(change: &OutputChange<'_>, diagnostics: &mut Diagnostics) {
    let mut projects: BTreeMap<(String, String), BTreeSet<SitePath<'_>>> = BTreeMap::new();
    for path in &change.gone {
        let Some(FilePlace::Delivery { wing: Wing::Argocd, site, file }) = FilePlace::of(path) else { continue };
        // Where nothing is delivered any more, all stays, and is told with that.
        if file.starts_with("projects/")
            && change.after.is_delivered(site)
            && let Some(text) = change.read(path).filter(|text| text.contains(syncing::UNPRUNED))
            && let (Some(name), Some(namespace)) = (field(&text, "  name: "), field(&text, "  namespace: "))
        {
            projects.entry((name, namespace)).or_default().insert(site);
        }
    }
    for ((name, namespace), sites) in projects {
        diagnostics.push(errors::project_stays((&name, &namespace), &sites));
    }
}
