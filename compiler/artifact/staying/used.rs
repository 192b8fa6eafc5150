//! Objects that are still in the output, by the group of their kind: whoever deletes such a kind deletes them. In come the files of now, out go kinds by
//! cluster.

use super::OutputChange;
use super::installer::field;
use crate::floor::{FilePlace, SitePath};
use std::collections::{BTreeMap, BTreeSet};

/// Group and name of a kind.
type GroupKind = (String, String);

/// What kinds are used where.
pub(super) struct UsedGroups<'p> {
    /// What of a thing goes wherever it is.
    everywhere: BTreeMap<&'p str, BTreeSet<GroupKind>>,
    /// By cluster and thing, what is there alone.
    on: BTreeMap<SitePath<'p>, BTreeMap<&'p str, BTreeSet<GroupKind>>>,
}

impl<'p> UsedGroups<'p> {
    pub(super) fn of(change: &OutputChange<'p>) -> Self {
        let mut used = Self { everywhere: BTreeMap::new(), on: BTreeMap::new() };
        for (path, artifact) in change.now.iter() {
            let (kinds, file) = match FilePlace::of(path) {
                Some(FilePlace::Base { thing, file }) => (used.everywhere.entry(thing).or_default(), file),
                Some(FilePlace::Overlay { thing, site, file }) => (used.on.entry(site).or_default().entry(thing).or_default(), file),
                Some(FilePlace::Delivery { .. } | FilePlace::Stack { .. }) | None => continue,
            };
            if file.ends_with("kustomization.yaml") {
                continue;
            }
            if let (Some(version), Some(kind)) = (field(&artifact.text, "apiVersion: "), field(&artifact.text, "kind: "))
                && let Some((group, _)) = version.split_once('/')
            {
                kinds.insert((group.to_owned(), kind));
            }
        }
        used
    }

    /// Kinds of groups that fit, of which there are objects on one of the clusters.
    pub(super) fn kinds(&self, sites: &BTreeSet<SitePath<'_>>, fits: impl Fn(&str) -> bool) -> BTreeSet<&str> {
        let things = self.on.iter().filter(|(site, _)| sites.contains(*site)).flat_map(|(_, things)| things);
        let all = things.flat_map(|(thing, own)| own.iter().chain(self.everywhere.get(thing).into_iter().flatten()));
        all.filter(|(group, _)| fits(group)).map(|(_, kind)| kind.as_str()).collect()
    }
}
