//! kustomize: renderings → a base with overlays per environment and cluster (design 3). Comes in: what entities became; leaves: trees
//! below `kustomize/` that `kubectl kustomize` builds into exactly those objects. It renames nothing and leaves no object out.

mod base;
mod content;
mod errors;
mod files;
mod list;
mod overlay;
mod patch;
#[cfg(test)]
mod random;
mod replay;

use crate::artifact::{Artifact, Artifacts, Input};
use crate::diagnostic::Diagnostics;
use crate::floor;
use crate::model::{EntityId, EnvironmentId, Layout, Model};
use crate::name::Kind;
use crate::object::{Manifest, Rendering};
use content::Contents;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Emits the kustomize trees of all things that have manifests anywhere.
pub(super) fn emit(input: &Input<'_>, artifacts: &mut Artifacts, diagnostics: &mut Diagnostics) {
    let things = things(input, diagnostics);
    let preference = base::preference(input.model);
    let emitted: Vec<_> = things.par_iter().map(|thing| emit_thing(thing, input, &preference)).collect();
    for (files, said) in emitted {
        diagnostics.append(said);
        for (path, artifact) in files {
            let free = artifacts.add(path, artifact);
            debug_assert!(free, "two things share a folder");
        }
    }
}

/// One kind and key, wherever it is.
struct KustomizeThing<'a> {
    folder: String,
    renderings: Vec<&'a Rendering>,
}

/// A thing in one environment on one cluster.
struct Instance<'a> {
    entity: EntityId,
    environment: EnvironmentId,
    cluster: &'a str,
    /// Indexes into [`Contents::list`], in template order, no key twice.
    contents: Vec<usize>,
    /// What is in its hands and waits for facts, with the index of its key.
    waiting: Vec<(usize, &'a Manifest)>,
}

/// Instances with equal objects.
struct Group {
    contents: Vec<usize>,
    /// Indexes of instances.
    instances: Vec<usize>,
}

fn things<'a>(input: &Input<'a>, diagnostics: &mut Diagnostics) -> Vec<KustomizeThing<'a>> {
    let mut things: BTreeMap<(Kind, String), Vec<&Rendering>> = BTreeMap::new();
    // What waits makes no base, and no overlay from what is not known.
    for rendering in input.objects.renderings.iter().filter(|rendering| rendering.waits.is_empty()) {
        let entity = input.model.entity(rendering.entity);
        if entity.kind == Kind::Infrastructure && entity.cluster.is_none() {
            rendering.manifests.iter().take(1).for_each(|manifest| diagnostics.push(errors::no_cluster(entity, manifest)));
            continue;
        }
        things.entry((entity.kind, floor::thing(input.model, entity))).or_default().push(rendering);
    }
    let with_manifests = things.into_iter().filter(|(_, renderings)| renderings.iter().any(|rendering| !rendering.manifests.is_empty()));
    with_manifests.map(|((_, folder), renderings)| KustomizeThing { folder, renderings }).collect()
}

type ThingFiles = Vec<(String, Artifact)>;

fn emit_thing(thing: &KustomizeThing<'_>, input: &Input<'_>, preference: &[EnvironmentId]) -> (ThingFiles, Diagnostics) {
    let model = input.model;
    let traced = input.traces(&thing.folder);
    let mut diagnostics = Diagnostics::default();
    let mut contents = Contents::default();
    let mut instances: Vec<Instance<'_>> =
        thing.renderings.iter().map(|rendering| instance(rendering, model, &mut contents, &mut diagnostics)).collect();
    if diagnostics.has_errors() {
        return (Vec::new(), diagnostics);
    }
    let stems = files::stems(&contents.keys);
    for instance in &mut instances {
        let environment = model.environment(instance.environment).identity.text();
        let folder = floor::overlay(&thing.folder, environment, instance.cluster);
        let held = |key: usize| input.held.get(&format!("{folder}/{}.yaml", stems.get(key)?));
        let kept = instance.waiting.iter().filter_map(|(key, manifest)| Some(contents.hold(*key, manifest, held(*key)?)));
        instance.contents.extend(kept);
    }
    let groups = groups(&instances);
    let mut files = Vec::new();
    let cut = match model.platform.layout {
        Layout::Rendered => None,
        Layout::Overlays => {
            let cut = base::cut(&instances, &groups, &contents, preference, traced);
            let entities: Vec<EntityId> = instances.iter().map(|instance| instance.entity).collect();
            for (name, page) in overlay::whole(&cut.base, &contents, &stems, traced) {
                files.push((format!("{}/{name}", floor::base(&thing.folder)), Artifact::new(page, entities.clone())));
            }
            Some(cut)
        }
    };
    for group in &groups {
        let overlay = match &cut {
            Some(cut) => overlay::patched(&group.contents, cut, &contents, &stems, traced),
            None => overlay::whole(&group.contents, &contents, &stems, traced),
        };
        for instance in group.instances.iter().filter_map(|at| instances.get(*at)) {
            let environment = model.environment(instance.environment).identity.text();
            let folder = floor::overlay(&thing.folder, environment, instance.cluster);
            for (name, page) in &overlay {
                files.push((format!("{folder}/{name}"), Artifact::new(page.clone(), vec![instance.entity])));
            }
        }
    }
    (files, diagnostics)
}

fn instance<'a>(rendering: &'a Rendering, model: &'a Model, contents: &mut Contents<'a>, diagnostics: &mut Diagnostics) -> Instance<'a> {
    let entity = model.entity(rendering.entity);
    // A cluster is on itself.
    let cluster = entity.cluster.map_or(entity.identity.text(), |cluster| model.entity(cluster).identity.text());
    let mut seen: BTreeMap<usize, &Manifest> = BTreeMap::new();
    let mut own = Vec::with_capacity(rendering.manifests.len());
    let mut waiting = Vec::new();
    for manifest in &rendering.manifests {
        if manifest.waits() {
            waiting.push((contents.key(&manifest.object), manifest));
            continue;
        }
        let at = contents.add(manifest);
        let Some(content) = contents.list.get(at) else { continue };
        for problem in &content.problems {
            diagnostics.push(problem.clone().about(entity.subject()));
        }
        match seen.get(&content.key) {
            Some(first) => diagnostics.push(errors::duplicate_object(entity, first, manifest)),
            None => {
                seen.insert(content.key, manifest);
                own.push(at);
            }
        }
    }
    Instance { entity: rendering.entity, environment: entity.environment, cluster, contents: own, waiting }
}

fn groups(instances: &[Instance<'_>]) -> Vec<Group> {
    let mut groups: BTreeMap<&[usize], Vec<usize>> = BTreeMap::new();
    for (at, instance) in instances.iter().enumerate() {
        groups.entry(&instance.contents).or_default().push(at);
    }
    groups.into_iter().map(|(contents, instances)| Group { contents: contents.to_vec(), instances }).collect()
}

#[cfg(test)]
mod tests;
