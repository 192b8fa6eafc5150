//! Admission policies that are no longer bound on a cluster. What they refused is allowed from then on, also in namespaces that nobody in the definitions
//! speaks of any more: those of a tenant that is switched off stay, and its people with them.

use super::brought::POLICY;
use super::{OutputChange, errors, is_plain};
use crate::diagnostic::Diagnostics;
use crate::floor::{self, SitePath};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn report(change: &OutputChange<'_>, diagnostics: &mut Diagnostics) {
    let OutputChange { before, after, .. } = change;
    let mut gone: BTreeMap<SitePath<'_>, BTreeSet<&str>> = BTreeMap::new();
    let mut labels: BTreeSet<String> = BTreeSet::new();
    for ((site, stem), things) in before.objects.iter().filter(|(key, _)| !after.objects.contains_key(*key)) {
        // Where nothing is delivered any more, all stays, and is told with that.
        if things.iter().any(|thing| is_renamed(change, thing, *site, stem)) {
            continue;
        }
        if let Some(name) = stem.strip_prefix(POLICY).filter(|_| after.is_delivered(*site)) {
            gone.entry(*site).or_default().insert(name);
            labels.extend(things.iter().filter_map(|thing| label(change, thing, *site, stem)));
        }
    }
    let mut together: BTreeMap<BTreeSet<&str>, BTreeSet<SitePath<'_>>> = BTreeMap::new();
    for (site, names) in gone {
        together.entry(names).or_default().insert(site);
    }
    // Of several labels nobody here knows which namespaces are meant.
    let label = if labels.len() == 1 { labels.first().map(String::as_str) } else { None };
    for (names, sites) in together {
        diagnostics.push(errors::policies_leave(&names, label, &sites));
    }
}

/// Whether the thing binds the same policy there under another name, which was not there before.
fn is_renamed(change: &OutputChange<'_>, thing: &str, site: SitePath<'_>, stem: &str) -> bool {
    let folders = [floor::base(thing), floor::overlay(thing, site.0, site.1)];
    let of = |name: &str, read: &dyn Fn(&str) -> Option<String>| {
        let text = |kind: &str| folders.iter().find_map(|folder| read(&format!("{folder}/{kind}{name}.yaml")));
        Some((text(POLICY)?.replace(name, ""), text(POLICY_ITSELF).map(|text| text.replace(name, ""))))
    };
    let Some(old) = stem.strip_prefix(POLICY).and_then(|name| of(name, &|path| change.read(path))) else { return false };
    let is_new = |(key, things): &(&(SitePath<'_>, &str), &BTreeSet<&str>)| {
        key.0 == site && things.contains(thing) && !change.before.objects.contains_key(*key)
    };
    let new = change.after.objects.iter().filter(is_new).filter_map(|((_, stem), _)| stem.strip_prefix(POLICY));
    let now = |path: &str| change.now.get(path).map(|artifact| artifact.text.clone());
    new.into_iter().any(|name| of(name, &now).is_some_and(|new| new == old))
}

/// Files of policies, which are called as what binds them, begin so.
const POLICY_ITSELF: &str = "validatingadmissionpolicy-";

/// The label of namespaces that a binding asks for first.
fn label(change: &OutputChange<'_>, thing: &str, site: SitePath<'_>, stem: &str) -> Option<String> {
    let (base, overlay) = (floor::base(thing), floor::overlay(thing, site.0, site.1));
    let text = [format!("{base}/{stem}.yaml"), format!("{overlay}/{stem}.yaml")].iter().find_map(|path| change.read(path))?;
    let selector = text.lines().skip_while(|line| line.trim() != "namespaceSelector:");
    let key = selector.map(str::trim).find_map(|line| line.trim_start_matches("- ").strip_prefix("key: "))?.trim_matches('"');
    key.bytes().all(is_plain).then(|| key.to_owned())
}
