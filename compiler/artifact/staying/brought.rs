//! What an output brings where, read off the paths of its files: which thing brings a namespace, a kind or an admission policy to which cluster, where something installs,
//! and which stacks there are.

use crate::floor::{FilePlace, SitePath, Wing};
use std::collections::{BTreeMap, BTreeSet};

/// The files of namespaces begin so.
pub(super) const NAMESPACE: &str = "namespace-";
/// The files of kinds begin so.
pub(super) const KIND: &str = "customresourcedefinition-";
/// The files of what binds admission policies begin so.
pub(super) const POLICY: &str = "validatingadmissionpolicybinding-";
/// A file that takes an object of the base out ends so.
pub(super) const TAKEN_OUT: &str = ".delete.yaml";

/// What an output brings.
#[derive(Default)]
pub(super) struct Brought<'p> {
    /// By cluster and name of the file without its ending, the folders of the things that bring it.
    pub(super) objects: BTreeMap<(SitePath<'p>, &'p str), BTreeSet<&'p str>>,
    /// Clusters with what installs there.
    pub(super) sites: BTreeMap<SitePath<'p>, BTreeSet<Wing>>,
    /// Environment and name of all stacks.
    pub(super) stacks: BTreeSet<(&'p str, &'p str)>,
}

/// What a thing brings.
#[derive(Default)]
struct BroughtThing<'p> {
    everywhere: BTreeSet<&'p str>,
    /// By cluster: what is added there, and what is taken out.
    on: BTreeMap<SitePath<'p>, [BTreeSet<&'p str>; 2]>,
}

impl<'p> Brought<'p> {
    /// Of the files of an output, what chosen things bring.
    pub(super) fn of(paths: impl Iterator<Item = &'p str>, is_chosen: &dyn Fn(&str, (&str, &str)) -> bool) -> Self {
        let mut brought = Self::default();
        let mut things: BTreeMap<&str, BroughtThing<'p>> = BTreeMap::new();
        for place in paths.filter_map(FilePlace::of) {
            match place {
                FilePlace::Base { thing, file } => things.entry(thing).or_default().everywhere.extend(object(file)),
                FilePlace::Overlay { thing, site, file } => {
                    let [added, taken] = things.entry(thing).or_default().on.entry(site).or_default();
                    // An overlay may bring its own copy of a base.
                    let file = file.rsplit('/').next().unwrap_or(file);
                    match file.strip_suffix(TAKEN_OUT) {
                        Some(stem) => taken.extend(matters(stem)),
                        None => added.extend(object(file)),
                    }
                }
                FilePlace::Delivery { wing, site, .. } => {
                    brought.sites.entry(site).or_default().insert(wing);
                }
                FilePlace::Stack { environment, stack, .. } => {
                    brought.stacks.insert((environment, stack));
                }
            }
        }
        for (thing, BroughtThing { everywhere, on }) in things {
            for (site, [added, taken]) in on.into_iter().filter(|(site, _)| is_chosen(thing, *site)) {
                for stem in everywhere.union(&added).filter(|stem| !taken.contains(*stem)) {
                    brought.objects.entry((site, stem)).or_default().insert(thing);
                }
            }
        }
        brought
    }

    /// Whether anything installs on a cluster.
    pub(super) fn is_delivered(&self, site: SitePath<'_>) -> bool {
        self.sites.contains_key(&site)
    }
}

/// The object of a file that is no patch, as far as it matters here.
fn object(file: &str) -> Option<&str> {
    file.strip_suffix(".yaml").filter(|stem| !stem.ends_with(".patch")).and_then(matters)
}

fn matters(stem: &str) -> Option<&str> {
    [NAMESPACE, KIND, POLICY].iter().any(|start| stem.starts_with(start)).then_some(stem)
}
