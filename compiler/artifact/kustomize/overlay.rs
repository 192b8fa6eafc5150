//! The files of one base or overlay: `kustomization.yaml`, patches, and the objects written out there. Comes in: the cut of a thing;
//! leaves: names and texts, without folders. It never looks at an environment or a cluster, so equal overlays are made once.

use super::base::Cut;
use super::content::{Contents, ObjectKey};
use crate::floor::OVERLAY_TO_BASE;
use crate::print::{Printout, Spelling, Tree};
use std::collections::BTreeMap;

/// Name of a file, and what is in it.
pub(super) type OverlayFile = (String, Printout);

/// The files of a folder that holds these objects and nothing else: a base, or a direct rendering.
pub(super) fn whole(objects: &[usize], contents: &Contents<'_>, stems: &[String], traced: bool) -> Vec<OverlayFile> {
    let mut files = Vec::new();
    let resources = write(objects, contents, stems, traced, &mut files);
    files.push(kustomization(resources, Vec::new(), traced));
    files
}

/// The files of an overlay that makes these objects from the base.
pub(super) fn patched(objects: &[usize], cut: &Cut, contents: &Contents<'_>, stems: &[String], traced: bool) -> Vec<OverlayFile> {
    let key = |at: &usize| contents.list.get(*at).map(|content| content.key);
    let wanted: BTreeMap<usize, usize> = objects.iter().filter_map(|at| Some((key(at)?, *at))).collect();
    if !cut.base.iter().filter_map(key).any(|key| wanted.contains_key(&key)) {
        return whole(objects, contents, stems, traced);
    }
    let mut files = Vec::new();
    let mut patches = Vec::new();
    let mut kept = Vec::new();
    for at in &cut.base {
        let Some(place) = key(at) else { continue };
        let (Some(key), Some(stem)) = (contents.keys.get(place), stems.get(place)) else { continue };
        kept.push(place);
        match wanted.get(&place) {
            Some(own) => {
                if let Some(page) = cut.patches.get(own) {
                    let name = format!("{stem}.patch.yaml");
                    let object = contents.list.get(*own).map_or_else(Tree::null, |content| content.tree.clone());
                    patches.push(Tree::map([("path", listed(&name, &object)), ("target", target(key, &object))]));
                    files.push((name, page.clone()));
                }
            }
            None => {
                let name = format!("{stem}.delete.yaml");
                patches.push(Tree::map([("path", Tree::text(name.as_str()))]));
                let Some(content) = contents.list.get(*at) else { continue };
                files.push((name, Printout::print(&deletion(&content.tree), Spelling::Yaml, traced)));
            }
        }
    }
    kept.sort_unstable();
    let own: Vec<usize> = objects.iter().copied().filter(|at| key(at).is_some_and(|key| kept.binary_search(&key).is_err())).collect();
    let mut resources = vec![Tree::text(OVERLAY_TO_BASE)];
    resources.extend(write(&own, contents, stems, traced, &mut files));
    files.push(kustomization(resources, patches, traced));
    files
}

/// Adds a file for each object and returns the entries of `resources`: what others need to exist first, then by name.
fn write(objects: &[usize], contents: &Contents<'_>, stems: &[String], traced: bool, files: &mut Vec<OverlayFile>) -> Vec<Tree> {
    let mut names = Vec::with_capacity(objects.len());
    for content in objects.iter().filter_map(|at| contents.list.get(*at)) {
        let (Some(key), Some(stem)) = (contents.keys.get(content.key), stems.get(content.key)) else { continue };
        let rank = match key.kind.as_str() {
            "Namespace" => 0,
            "CustomResourceDefinition" => 1,
            _ => 2,
        };
        let name = format!("{stem}.yaml");
        let page = match content.held {
            Some(held) => held.to_owned().into(),
            None => Printout::print(&content.tree, Spelling::Yaml, traced),
        };
        files.push((name.clone(), page));
        // The object is why its file is listed.
        names.push((rank, name.clone(), listed(&name, &content.tree)));
    }
    names.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
    names.into_iter().map(|(.., tree)| tree).collect()
}

/// A file of an object, which is called after that.
fn listed(file: &str, object: &Tree) -> Tree {
    let name = object.get("metadata").and_then(|metadata| metadata.get("name"));
    let by = name.or_else(|| object.get("kind")).and_then(Tree::to_value);
    Tree::text_by(file, by.as_ref())
}

fn kustomization(resources: Vec<Tree>, patches: Vec<Tree>, traced: bool) -> OverlayFile {
    let mut entries = vec![
        ("apiVersion", Tree::text("kustomize.config.k8s.io/v1beta1")),
        ("kind", Tree::text("Kustomization")),
        ("resources", Tree::list(resources)),
    ];
    if !patches.is_empty() {
        entries.push(("patches", Tree::list(patches)));
    }
    ("kustomization.yaml".to_owned(), Printout::print(&Tree::map(entries), Spelling::Yaml, traced))
}

/// A strategic merge patch that deletes the object; kustomize reports it if the object is not there.
fn deletion(object: &Tree) -> Tree {
    let mut entries = vec![("$patch", Tree::text("delete"))];
    for key in ["apiVersion", "kind"] {
        entries.extend(object.get(key).map(|value| (key, value.clone())));
    }
    let metadata = object.get("metadata");
    let names = ["name", "namespace"].into_iter().filter_map(|key| Some((key, metadata?.get(key)?.clone())));
    entries.push(("metadata", Tree::map(names)));
    Tree::map(entries)
}

/// Whom a JSON 6902 patch is for. All fields are regular expressions, anchored at both ends; an empty one matches anything.
fn target(key: &ObjectKey, object: &Tree) -> Tree {
    let metadata = |field: &str| object.get("metadata").and_then(|metadata| metadata.get(field));
    let version = object.get("apiVersion");
    let fields = [
        ("group", &key.group, version),
        ("version", &key.version, version),
        ("kind", &key.kind, object.get("kind")),
        ("name", &key.name, metadata("name")),
        ("namespace", &key.namespace, metadata("namespace")),
    ];
    let said = fields.into_iter().filter(|(_, text, _)| !text.is_empty());
    Tree::map(said.map(|(field, text, by)| (field, Tree::text_by(escape(text), by.and_then(Tree::to_value).as_ref()))))
}

/// The text as a regular expression that matches nothing else. Not `regex::escape`, which also escapes dashes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' | '\\') {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}
