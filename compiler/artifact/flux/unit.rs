//! What a unit becomes: a Kustomization beside Flux for each part of it, the folder of the output or what is kept elsewhere; and namespaces that
//! nobody brings. All order stands here, because a Kustomization may wait for others of its kind only.

use super::{FluxObject, INTERVAL, NAMESPACE, elsewhere, labels, object};
use crate::delivery::{Site, Unit, UnitSource, Wanted, name};
use crate::diagnostic::Diagnostics;
use crate::model::{EntityId, Platform, Repository};
use crate::print::Tree;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a Kustomization is an object of.
pub(super) const API: &str = "kustomize.toolkit.fluxcd.io/v1";

/// The name of what a unit becomes: its own, so far as Kubernetes takes it.
pub(super) fn name(unit: &Unit<'_>) -> String {
    name::object(&unit.name)
}

/// Names of the Kustomizations of a unit: for what is kept elsewhere, and for its folder of the output.
fn parts(unit: &Unit<'_>) -> (Option<String>, Option<String>) {
    let has_folder = unit.sources.iter().any(|source| matches!(source, UnitSource::Output { .. }));
    match (unit.is_opaque(), has_folder) {
        (true, true) => (Some(name(unit)), Some(name::object(&format!("{}-objects", unit.name)))),
        (true, false) => (Some(name(unit)), None),
        (false, true) => (None, Some(name(unit))),
        (false, false) => (None, None),
    }
}

/// Labels of all that a unit becomes.
pub(super) fn labelled(unit: &Unit<'_>, site: &Site<'_>, platform: &Platform) -> Vec<(Arc<str>, Tree)> {
    let mut labels = labels(site, platform);
    labels.push((format!("{}/kind", platform.domain).into(), Tree::text(unit.entity.kind.singular())));
    labels.push((format!("{}/name", platform.domain).into(), Tree::text(name::label(unit.entity.identity.text()))));
    if let Some((_, tenant)) = unit.tenant {
        labels.push((format!("{}/tenant", platform.domain).into(), Tree::text(name::label(tenant.identity.text()))));
    }
    unit.with_said("labels", labels)
}

/// Annotations of all that a unit becomes.
pub(super) fn annotated(unit: &Unit<'_>) -> Vec<(Arc<str>, Tree)> {
    unit.with_said("annotations", Vec::new())
}

/// What one wishes who wishes it last.
pub(super) fn wish<T>(unit: &Unit<'_>, read: impl Fn(Wanted) -> Option<T>) -> Option<T> {
    unit.wishes.iter().rev().find_map(|wish| read(wish.what))
}

/// Whether a unit wants to be made anew where it cannot be changed.
pub(super) fn recreates(unit: &Unit<'_>) -> bool {
    wish(unit, |wanted| if let Wanted::Recreate(is) = wanted { Some(is) } else { None }).unwrap_or(false)
}

/// Namespaces that units need and nobody brings. They stay when their unit goes, because they may hold what others put there.
pub(super) fn namespaces<'a>(site: &Site<'a>, platform: &Platform) -> Vec<FluxObject<'a>> {
    let mut missing: BTreeMap<&str, &Unit<'a>> = BTreeMap::new();
    for unit in &site.units {
        let wanted = wish(unit, |wanted| if let Wanted::Namespace(is) = wanted { Some(is) } else { None });
        if wanted.unwrap_or(unit.lacks_namespace) && *unit.namespace != *NAMESPACE && !site.namespaces.contains(&*unit.namespace) {
            missing.entry(&unit.namespace).or_insert(unit);
        }
    }
    let made = missing.into_iter().map(|(namespace, unit)| FluxObject {
        kind: "Namespace",
        group: "v1",
        namespace: None,
        name: namespace.to_owned(),
        file: format!("namespaces/{namespace}.yaml"),
        tree: object(
            "v1",
            "Namespace",
            (None, namespace),
            labels(site, platform),
            vec![("kustomize.toolkit.fluxcd.io/prune".into(), Tree::text("disabled"))],
            None,
        ),
        entity: (unit.id, unit.entity),
        held: None,
    });
    made.collect()
}

/// What all units become. `folder` is that of the cluster, `root` the name of its source; `absent` are units that wait and were never there.
pub(super) fn objects<'a>(
    site: &Site<'a>,
    platform: &Platform,
    repository: &Repository,
    (folder, root, absent): (&str, &str, &BTreeSet<EntityId>),
    diagnostics: &mut Diagnostics,
) -> Vec<FluxObject<'a>> {
    let parts_of: BTreeMap<EntityId, _> = site.units.iter().map(|unit| (unit.id, parts(unit))).collect();
    let mut objects = Vec::new();
    for unit in &site.units {
        // Flux would wait for what is not there at all.
        let needs = unit.needs.iter().filter(|need| !absent.contains(need)).filter_map(|need| parts_of.get(need));
        let mut needs: Vec<&String> = needs.flat_map(|(outside, inside)| [outside, inside]).flatten().collect();
        // Files may come in any order.
        needs.sort_unstable();
        let needed = |name: &String| Tree::map([("name", Tree::text(name.as_str()))]);
        let kustomization = |name: &str, path: &str, further: Vec<(&'static str, Tree)>| {
            let mut spec = vec![
                ("interval", Tree::text(INTERVAL)),
                ("retryInterval", Tree::text("1m")),
                ("timeout", Tree::text(INTERVAL)),
                ("path", Tree::text(format!("./{}", repository.below(path)))),
                ("prune", Tree::bool(prunes(unit))),
                ("wait", Tree::bool(true)),
                ("sourceRef", Tree::map([("kind", Tree::text("GitRepository")), ("name", Tree::text(root))])),
            ];
            // Otherwise a Kustomization takes all along that it installed. What keeps data is not lost by a line that goes.
            if unit.keeps_data {
                spec.push(("deletionPolicy", Tree::text("Orphan")));
            }
            spec.extend(further);
            if !needs.is_empty() {
                spec.push(("dependsOn", Tree::list(needs.iter().map(|name| needed(name)))));
            }
            FluxObject {
                kind: "Kustomization",
                group: API,
                namespace: Some(NAMESPACE.into()),
                name: name.to_owned(),
                file: format!("units/{name}.yaml"),
                tree: object(
                    API,
                    "Kustomization",
                    (Some(NAMESPACE), name),
                    labelled(unit, site, platform),
                    annotated(unit),
                    Some(Tree::map(spec)),
                ),
                entity: (unit.id, unit.entity),
                held: None,
            }
        };
        let (outside, inside) = parts(unit);
        if let Some(name) = outside {
            let inner = format!("units/{name}");
            objects.push(kustomization(&name, &format!("{folder}/{inner}"), Vec::new()));
            objects.extend(elsewhere::objects(unit, site, platform, &inner, diagnostics));
        }
        let output = unit.sources.iter().find_map(|source| match source {
            UnitSource::Output { folder, .. } => Some(folder),
            UnitSource::Elsewhere(_) => None,
        });
        if let (Some(name), Some(output)) = (inside, output) {
            let mut further = Vec::new();
            if unit.manifests.iter().any(|manifest| manifest.object.namespace.is_none() && !manifest.object.is_cluster_wide()) {
                further.push(("targetNamespace", Tree::text(Arc::clone(&unit.namespace))));
            }
            if recreates(unit) {
                further.push(("force", Tree::bool(true)));
            }
            objects.push(kustomization(&name, output, further));
        }
    }
    objects
}

/// Whether what a unit no longer has is removed.
fn prunes(unit: &Unit<'_>) -> bool {
    wish(unit, |wanted| if let Wanted::Prune(is) = wanted { Some(is) } else { None }).unwrap_or(true)
}
