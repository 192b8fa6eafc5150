//! Objects that a class makes under another name, in another namespace or as another kind than before: whoever installs them makes the new ones, and deletes the old.
//! In come renderings, paired by the keys of their templates.

use super::{PlatformChange, errors, leaving};
use crate::diagnostic::Diagnostics;
use crate::level::Level;
use crate::object::Manifest;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Kinds that are often called by what they hold, or run once; nothing is lost with them.
const BY_CONTENT: [&str; 3] = ["ConfigMap", "Job", "Secret"];

pub(super) fn report(change: &PlatformChange<'_>, diagnostics: &mut Diagnostics) {
    for (entity, old, rendering) in change.renderings() {
        let known = |manifests: &[Manifest]| -> BTreeSet<(String, String, String, String)> { manifests.iter().map(key).collect() };
        let (there, here) = (known(&old.manifests), known(&rendering.manifests));
        let gone: BTreeMap<&str, &Manifest> =
            old.manifests.iter().filter(|manifest| !here.contains(&key(manifest))).map(|manifest| (&*manifest.name, manifest)).collect();
        let pair = |manifest| -> Option<(&Manifest, &Manifest)> {
            let manifest: &Manifest = manifest;
            let old = gone.get(&*manifest.name)?;
            Some((old, manifest))
        };
        let is_meant = |manifest: &&Manifest| there.contains(&key(manifest)) || BY_CONTENT.contains(&&*manifest.object.kind);
        let renamed: Vec<(&Manifest, &Manifest)> =
            rendering.manifests.iter().filter(|manifest| !is_meant(manifest)).filter_map(pair).collect();
        if !renamed.is_empty() {
            let delivery = leaving::delivery(change.before.model, old.entity);
            let loses = |(old, _): &(&Manifest, &Manifest)| leaving::holds(old) && !leaving::stays(&old.value, delivery, false);
            let users = |was: Option<&Value>, is: Option<&Value>| change.decided_by_user((was, is), (old.entity, entity));
            let level = if renamed.iter().any(loses) { Level::DestroysData } else { Level::Replaces };
            diagnostics.push(errors::objects_renamed(entity, &renamed, &users).level(level));
        }
    }
}

fn key(manifest: &Manifest) -> (String, String, String, String) {
    let (name, kind, namespace, group) = manifest.object.key();
    (name.to_owned(), kind.to_owned(), namespace.to_owned(), group.to_owned())
}
