//! What waits for facts keeps what the output holds of it. In come files of the output as the last build left them, as far as anything that waits
//! may need them; out go the same files for the next output, and where something that they rely on changes, they bring their own copy of it.

use super::{Artifact, Artifacts, Input, errors};
use crate::diagnostic::Diagnostics;
use crate::floor::{self, Wing};
use crate::model::{Entity, Model};
use crate::name::Kind;
use crate::object::{Manifest, Objects, Rendering};
use crate::print::{self, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// Files of the output as the last build left them, by path: those that platc wrote.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HeldOutput {
    files: BTreeMap<String, String>,
}

impl HeldOutput {
    /// These files.
    #[must_use]
    pub fn new(files: BTreeMap<String, String>) -> Self {
        Self { files }
    }

    /// The text of a file, if it is held.
    #[must_use]
    pub(crate) fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// What is held below a folder: path in it and text.
    pub(crate) fn below<'h>(&'h self, folder: &str) -> impl Iterator<Item = (&'h str, &'h str)> {
        let folder = format!("{folder}/");
        let from = self.files.range::<str, _>((Bound::Included(folder.as_str()), Bound::Unbounded));
        from.map_while(move |(path, text)| Some((path.strip_prefix(&folder)?, text.as_str())))
    }

    /// The folders of the overlays of a thing, sorted.
    pub(super) fn overlays(&self, thing: &str) -> BTreeSet<String> {
        let folder = |(name, _): (&str, &str)| {
            let folder = name.strip_suffix(KUSTOMIZATION)?.strip_suffix('/')?;
            floor::is_overlay(folder).then(|| format!("{thing}/{folder}"))
        };
        self.below(thing).filter_map(folder).collect()
    }
}

/// The folders in which anything that waits has what it keeps, sorted; none if nothing waits.
#[must_use]
pub(crate) fn folders(model: &Model, objects: &Objects) -> Vec<String> {
    let mut folders = BTreeSet::new();
    for rendering in waiting(objects) {
        let entity = model.entity(rendering.entity);
        let thing = floor::thing(model, entity);
        folders.insert(floor::objects(model, entity).1);
        folders.insert(floor::base(&thing));
        let cluster = model.entity(entity.cluster.unwrap_or(rendering.entity));
        let environment = model.environment(entity.environment);
        folders.extend([Wing::Argocd, Wing::Flux].map(|wing| floor::delivery(wing, environment, cluster)));
        if entity.kind == Kind::Cluster {
            // The hub has what tells of it.
            let hubs = model.entities().filter(|(_, hub)| hub.kind == Kind::Cluster && Some(&hub.name) == model.platform.hub.as_ref());
            folders.extend(hubs.map(|(_, hub)| floor::delivery(Wing::Argocd, model.environment(hub.environment), hub)));
        }
        if !rendering.files.is_empty() {
            folders.insert(floor::files(model, entity));
        }
    }
    for rendering in objects.renderings.iter().filter(|rendering| rendering.manifests.iter().any(Manifest::waits)) {
        folders.insert(floor::objects(model, model.entity(rendering.entity)).1);
    }
    folders.into_iter().collect()
}

/// What waits.
pub(crate) fn waiting(objects: &Objects) -> impl Iterator<Item = &Rendering> {
    objects.renderings.iter().filter(|rendering| !rendering.waits.is_empty())
}

/// Adds the overlays of things that wait, as they are held. An overlay says how its objects differ from the base, so where the base has become
/// another one, the overlay brings the one that it was made for: it gives the same objects as before, whatever happens to the base.
pub(super) fn overlays(input: &Input<'_>, artifacts: &mut Artifacts) {
    for rendering in waiting(input.objects) {
        let entity = input.model.entity(rendering.entity);
        let thing = floor::thing(input.model, entity);
        let (base, folder) = (floor::base(&thing), floor::objects(input.model, entity).1);
        for (path, text) in overlay(input.held, artifacts, &base, &folder) {
            artifacts.add(path, Artifact { first: true, ..Artifact::new(text, vec![rendering.entity]) });
        }
    }
}

/// The line of a kustomization that names a base, as it is printed.
fn names(base: &str) -> String {
    print::yaml(&Tree::list([Tree::text(base)]))
}

/// The folder of the base that an overlay brings.
const OWN: &str = "base";

/// The file that tells what a folder holds.
pub(super) const KUSTOMIZATION: &str = "kustomization.yaml";

fn overlay(held: &HeldOutput, artifacts: &Artifacts, base: &str, folder: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = held.below(folder).map(|(name, text)| (format!("{folder}/{name}"), text.to_owned())).collect();
    let at = format!("{folder}/{KUSTOMIZATION}");
    if !held.get(&at).is_some_and(|text| text.contains(&names(floor::OVERLAY_TO_BASE))) {
        return files;
    }
    let was: Vec<(&str, &str)> = held.below(base).collect();
    if was.is_empty() {
        // Without the base that it was made for nobody knows what it was.
        return Vec::new();
    }
    let is_same = artifacts.below(base).eq(was.iter().copied());
    if !is_same {
        files.retain(|(path, _)| *path != at);
        files.extend(own(held, base, folder));
    }
    files
}

/// The files by which an overlay brings its own copy of the base that it was made for; none if it relies on no shared one.
pub(super) fn own(held: &HeldOutput, base: &str, folder: &str) -> Vec<(String, String)> {
    let at = format!("{folder}/{KUSTOMIZATION}");
    let shared = names(floor::OVERLAY_TO_BASE);
    let Some(text) = held.get(&at).filter(|text| text.contains(&shared)) else { return Vec::new() };
    let copies = held.below(base).map(|(name, text)| (format!("{folder}/{OWN}/{name}"), text.to_owned()));
    let mut files: Vec<(String, String)> = copies.collect();
    if !files.is_empty() {
        files.push((at, text.replacen(&shared, &names(OWN), 1)));
    }
    files
}

/// Adds the files that classes emit for things that wait, as they are held.
pub(super) fn files(input: &Input<'_>, artifacts: &mut Artifacts) {
    for rendering in waiting(input.objects) {
        let folder = floor::files(input.model, input.model.entity(rendering.entity));
        for file in &rendering.files {
            let path = format!("{folder}/{}", file.path);
            if let Some(text) = input.held.get(&path) {
                artifacts.add(path.clone(), Artifact::new(text.to_owned(), vec![rendering.entity]));
            }
        }
    }
}

/// Reports objects that something keeps because it waits, and that another thing on its cluster makes now: each of the two would install it.
pub(super) fn twice(input: &Input<'_>, diagnostics: &mut Diagnostics) {
    for rendering in waiting(input.objects) {
        let entity = input.model.entity(rendering.entity);
        let (base, folder) = (floor::base(&floor::thing(input.model, entity)), floor::objects(input.model, entity).1);
        let Some(list) = input.held.get(&format!("{folder}/{KUSTOMIZATION}")) else { continue };
        let shared = if list.contains(&names(floor::OVERLAY_TO_BASE)) { base } else { String::new() };
        let is_taken_out = |name: &str| input.held.get(&format!("{folder}/{}", name.replace(".yaml", ".delete.yaml"))).is_some();
        let kept = input.held.below(&folder).chain(input.held.below(&shared).filter(|(name, _)| !is_taken_out(name)));
        let kept: BTreeSet<HeldObject<'_>> = kept.filter_map(|(name, text)| HeldObject::of(name, text)).collect();
        let site = |other: &Entity| (other.environment, other.cluster);
        for other in input.objects.renderings.iter().filter(|other| other.waits.is_empty() && other.entity != rendering.entity) {
            let maker = input.model.entity(other.entity);
            if site(maker) != site(entity) || kept.is_empty() {
                continue;
            }
            for manifest in &other.manifests {
                let object = &manifest.object;
                let namespace = object.namespace.as_deref().unwrap_or_default();
                if kept.contains(&HeldObject { api: object.group(), kind: &object.kind, namespace, name: &object.name }) {
                    diagnostics.push(errors::kept_twice(object, (entity, rendering), (maker, manifest.value.origin.span)));
                }
            }
        }
    }
}

/// What a cluster tells an object apart by, read off a file of the output.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct HeldObject<'h> {
    api: &'h str,
    kind: &'h str,
    namespace: &'h str,
    name: &'h str,
}

impl<'h> HeldObject<'h> {
    /// Reads it as it is printed; nothing of what is no object. One that names no namespace counts only where it has none.
    fn of(file: &str, text: &'h str) -> Option<Self> {
        if file.ends_with(KUSTOMIZATION) || file.ends_with(".patch.yaml") || file.ends_with(".delete.yaml") {
            return None;
        }
        let value = |line: &'h str, key: &str| line.strip_prefix(key).map(|value| value.trim_matches('"'));
        let top = |key: &str| text.lines().find_map(|line| value(line, key));
        let metadata = || text.lines().skip_while(|line| *line != "metadata:").skip(1).take_while(|line| line.starts_with(' '));
        let inner = |key: &str| metadata().find_map(|line| value(line, key));
        let version = top("apiVersion: ")?;
        let api = version.split_once('/').map_or("", |(group, _)| group);
        Some(Self { api, kind: top("kind: ")?, namespace: inner("  namespace: ").unwrap_or_default(), name: inner("  name: ")? })
    }
}
