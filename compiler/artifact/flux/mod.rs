//! The Flux backend: one folder per environment and cluster, with a source and a root to be applied once, and what the root applies then: for
//! each unit a Kustomization, in the order of the graph, and below it charts and what is kept elsewhere. It writes for Flux 2.7 and later, never
//! a credential, and refuses what Flux has no word for.

mod account;
mod difference;
mod elsewhere;
mod errors;
mod refuse;
mod revision;
mod secret;
mod unit;
mod version;

use crate::artifact::{Artifact, Artifacts, Input};
use crate::delivery::{Site, Unit, different_charts, name, without_owner};
use crate::diagnostic::Diagnostics;
use crate::floor::{self, Wing};
use crate::model::{Entity, EntityId, Platform, Repository};
use crate::print::{Printout, Spelling, Tree};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// Where Flux runs, and where all stands that the platform tells it; its bootstrap calls its own objects so, too.
const NAMESPACE: &str = "flux-system";

/// How often everything is looked at, and how long it may take.
const INTERVAL: &str = "10m";

/// Writes the folder of every cluster.
pub(super) fn emit(input: &Input<'_>, artifacts: &mut Artifacts, diagnostics: &mut Diagnostics) {
    let Some(repository) = &input.model.platform.repository else { return };
    refuse::platform(input, diagnostics);
    let emitted: Vec<_> = input.sites.par_iter().map(|site| cluster(site, input, repository)).collect();
    for (files, said) in emitted {
        diagnostics.append(said);
        for (path, (page, entities)) in files {
            let free = artifacts.add(path, Artifact::new(page, entities));
            debug_assert!(free, "two clusters share a folder");
        }
    }
}

/// One object of Flux, or one that it applies with them.
struct FluxObject<'a> {
    kind: &'static str,
    group: &'static str,
    namespace: Option<Arc<str>>,
    name: String,
    /// In the folder of the cluster.
    file: String,
    tree: Tree,
    entity: (EntityId, &'a Entity),
    /// Its text, if it is not printed: that of a unit which waits.
    held: Option<&'a str>,
}

type FluxFiles = BTreeMap<String, (Printout, Vec<EntityId>)>;

/// The files of one cluster, by path.
fn cluster(site: &Site<'_>, input: &Input<'_>, repository: &Repository) -> (FluxFiles, Diagnostics) {
    let platform = &input.model.platform;
    let mut diagnostics = Diagnostics::default();
    refuse::units(site, platform, &mut diagnostics);
    let elsewhere = site.units.iter().filter(|unit| *unit.namespace != *NAMESPACE);
    elsewhere.filter_map(without_owner).for_each(|diagnostic| diagnostics.push(diagnostic));
    let folder = floor::delivery(Wing::Flux, site.environment, site.entity);
    let own = (site.cluster, site.entity);
    let root = name::object(&format!("root-{}", site.full_name));
    let mut source = vec![
        ("interval", Tree::text("1m")),
        ("url", Tree::text(Arc::clone(&repository.url))),
        ("ref", revision::of_output(site, platform, repository, &mut diagnostics)),
    ];
    source.extend(secret::field(platform, &repository.url));
    refuse::url(&repository.url, platform, &mut diagnostics);
    let head = |kind: &'static str, group: &'static str, file: &str, spec: Tree| FluxObject {
        kind,
        group,
        namespace: Some(NAMESPACE.into()),
        name: root.clone(),
        file: file.to_owned(),
        tree: object(group, kind, (Some(NAMESPACE), &root), labels(site, platform), Vec::new(), Some(spec)),
        entity: own,
        held: None,
    };
    let spec = Tree::map([
        ("interval", Tree::text(INTERVAL)),
        ("retryInterval", Tree::text("1m")),
        ("timeout", Tree::text("5m")),
        ("path", Tree::text(format!("./{}", repository.below(&folder)))),
        ("prune", Tree::bool(true)),
        ("sourceRef", Tree::map([("kind", Tree::text("GitRepository")), ("name", Tree::text(&*root))])),
    ]);
    let mut objects = vec![
        head("GitRepository", "source.toolkit.fluxcd.io/v1", "source.yaml", Tree::map(source)),
        head("Kustomization", unit::API, "root.yaml", spec),
    ];
    objects.extend(unit::namespaces(site, platform));
    let waiting = waiting(site, input, &folder);
    let absent = waiting.iter().filter(|(_, is_held)| !**is_held).map(|(unit, _)| *unit).collect();
    objects.extend(unit::objects(site, platform, repository, (&folder, &root, &absent), &mut diagnostics));
    objects.retain_mut(|object| {
        let is_own = object.kind != "Namespace" && waiting.contains_key(&object.entity.0);
        object.held = if is_own { input.held.get(&format!("{folder}/{}", object.file)) } else { None };
        !is_own || object.held.is_some()
    });
    diagnostics.append(clashes(&objects));
    different_charts(site, &mut diagnostics);
    (files(&folder, &objects, site.cluster, input.traces(&folder)), diagnostics)
}

/// The units that wait, and whether what brings them is held.
fn waiting(site: &Site<'_>, input: &Input<'_>, folder: &str) -> BTreeMap<EntityId, bool> {
    let is_held = |unit: &Unit<'_>| input.held.get(&format!("{folder}/units/{}.yaml", unit::name(unit))).is_some();
    site.units.iter().filter(|unit| unit.waits).map(|unit| (unit.id, is_held(unit))).collect()
}

/// Objects that one Flux would know twice: of two units, or of a unit and of whoever bootstrapped it.
fn clashes(objects: &[FluxObject<'_>]) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let mut taken: BTreeMap<_, &FluxObject<'_>> = BTreeMap::new();
    for object in objects {
        if object.kind == "Kustomization" && object.name == NAMESPACE && object.namespace.as_deref() == Some(NAMESPACE) {
            diagnostics.push(errors::own_name(object));
        }
        match taken.entry((object.group, object.kind, &object.namespace, &object.name)) {
            Entry::Occupied(first) => diagnostics.push(errors::name_collision(object, first.get())),
            Entry::Vacant(vacant) => {
                vacant.insert(object);
            }
        }
    }
    diagnostics
}

/// The files of objects, with a kustomization for each folder. The root does not list itself: one that is removed by accident must not take
/// everything along.
fn files(folder: &str, objects: &[FluxObject<'_>], cluster: EntityId, traced: bool) -> FluxFiles {
    let page = |tree: &Tree| Printout::print(tree, Spelling::Yaml, traced);
    let mut files = FluxFiles::new();
    // By folder, what it lists, and whose that is; the folder of the cluster lists what stands one below it too.
    let mut lists: BTreeMap<&str, (Vec<&str>, EntityId)> = BTreeMap::new();
    for object in objects {
        let text = object.held.map_or_else(|| page(&object.tree), |held| held.to_owned().into());
        files.insert(format!("{folder}/{}", object.file), (text, vec![object.entity.0]));
        let (inner, listed) = match object.file.rsplit_once('/') {
            Some((inner, file)) if inner.contains('/') => (inner, file),
            Some(_) | None => ("", object.file.as_str()),
        };
        let (listing, _) = lists.entry(inner).or_insert((Vec::new(), if inner.is_empty() { cluster } else { object.entity.0 }));
        if listed != "root.yaml" {
            listing.push(listed);
        }
    }
    for (inner, (mut listed, entity)) in lists {
        listed.sort_unstable();
        let tree = Tree::map([
            ("apiVersion", Tree::text("kustomize.config.k8s.io/v1beta1")),
            ("kind", Tree::text("Kustomization")),
            ("resources", Tree::list(listed.into_iter().map(Tree::text))),
        ]);
        let place = if inner.is_empty() { folder.to_owned() } else { format!("{folder}/{inner}") };
        files.insert(format!("{place}/kustomization.yaml"), (page(&tree), vec![entity]));
    }
    files
}

/// Labels that everything on a cluster has.
fn labels(site: &Site<'_>, platform: &Platform) -> Vec<(Arc<str>, Tree)> {
    vec![
        ("app.kubernetes.io/part-of".into(), Tree::text(name::label(&platform.name))),
        (format!("{}/environment", platform.domain).into(), Tree::text(name::label(site.environment.identity.text()))),
        (format!("{}/cluster", platform.domain).into(), Tree::text(name::label(site.entity.identity.text()))),
    ]
}

/// A Kubernetes object.
fn object(
    api: &str,
    kind: &str,
    (namespace, name): (Option<&str>, &str),
    labels: Vec<(Arc<str>, Tree)>,
    annotations: Vec<(Arc<str>, Tree)>,
    spec: Option<Tree>,
) -> Tree {
    let mut metadata = vec![("name", Tree::text(name))];
    metadata.extend(namespace.map(|namespace| ("namespace", Tree::text(namespace))));
    metadata.push(("labels", Tree::map(labels)));
    if !annotations.is_empty() {
        metadata.push(("annotations", Tree::map(annotations)));
    }
    let mut entries = vec![("apiVersion", Tree::text(api)), ("kind", Tree::text(kind)), ("metadata", Tree::map(metadata))];
    entries.extend(spec.map(|spec| ("spec", spec)));
    Tree::map(entries)
}

#[cfg(test)]
mod tests;
