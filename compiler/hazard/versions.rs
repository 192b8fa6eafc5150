//! Versions that a kind loses or gains. The API server keeps objects in one of them, and refuses a kind without it; and an Application with an object of a
//! version that is not served is not compared, so that nothing of it is installed. In come definitions of kinds before and after, out go such versions.

use crate::object::{Manifest, ObjectName, Rendering};
use crate::value::Value;
use std::collections::BTreeMap;

/// Versions that a kind has no more, or serves no more.
pub(super) struct LostVersions<'a> {
    /// Those that are gone.
    pub(super) dropped: Vec<String>,
    /// Those that are there, and no longer served.
    pub(super) unserved: Vec<String>,
    /// The version in which objects are kept now.
    pub(super) stored: Option<String>,
    /// The versions now.
    pub(super) at: &'a Value,
}

/// Whether an object defines a kind.
pub(super) fn knows(object: &ObjectName) -> bool {
    object.group() == "apiextensions.k8s.io" && &*object.kind == "CustomResourceDefinition"
}

/// What a kind loses.
pub(super) fn lost<'a>(object: &ObjectName, old: &Value, new: &'a Value) -> Option<LostVersions<'a>> {
    if !knows(object) {
        return None;
    }
    let at = new.at(&["spec", "versions"])?;
    let (before, now) = (versions(old.at(&["spec", "versions"])?), versions(at));
    let is = |version: Option<&&Value>, key: &str| version.and_then(|version| version.get(key)?.as_bool()) == Some(true);
    let dropped: Vec<String> = before.keys().filter(|name| !now.contains_key(*name)).map(|name| (*name).to_owned()).collect();
    let unserved =
        before.iter().filter(|(name, version)| is(Some(version), "served") && now.contains_key(*name) && !is(now.get(*name), "served"));
    let unserved: Vec<String> = unserved.map(|(name, _)| (*name).to_owned()).collect();
    let stored = now.iter().find(|(_, version)| is(Some(version), "storage")).map(|(name, _)| (*name).to_owned());
    (!dropped.is_empty() || !unserved.is_empty()).then_some(LostVersions { dropped, unserved, stored, at })
}

/// Objects that are there, and are written in a version from now on that their kind serves only by the same change, of the same thing.
pub(super) fn at_once<'a>(old: &Rendering, new: &'a Rendering) -> Vec<&'a Manifest> {
    let mut found = Vec::new();
    for kind in new.manifests.iter().filter(|manifest| knows(&manifest.object)) {
        let Some(before) = old.manifests.iter().find(|manifest| manifest.object.key() == kind.object.key()) else { continue };
        let text = |key: &[&str]| kind.value.at(key).and_then(Value::as_str).unwrap_or_default();
        let (group, word) = (text(&["spec", "group"]), text(&["spec", "names", "kind"]));
        let served = served(&before.value);
        let is_new = |manifest: &&Manifest| {
            let object = &manifest.object;
            let was_there = || old.manifests.iter().any(|manifest| manifest.object.key() == object.key());
            object.group() == group && &*object.kind == word && !served.contains(&object.version()) && was_there()
        };
        found.extend(new.manifests.iter().filter(is_new));
    }
    found
}

/// The versions that a kind serves.
fn served(kind: &Value) -> Vec<&str> {
    let all = kind.at(&["spec", "versions"]).map(versions).unwrap_or_default();
    let is_served = |version: &Value| version.get("served").and_then(Value::as_bool) == Some(true);
    all.into_iter().filter(|(_, version)| is_served(version)).map(|(name, _)| name).collect()
}

fn versions(list: &Value) -> BTreeMap<&str, &Value> {
    let items = list.as_list().unwrap_or_default().iter();
    items.filter_map(|item| Some((item.get("name")?.as_str()?, item))).collect()
}
