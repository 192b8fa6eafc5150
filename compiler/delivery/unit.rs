//! One unit: what an entity that became something installs, and under which name. In comes its rendering, out goes the unit; what depends on the
//! other units of the cluster is completed when all of them are known.

use super::source;
use super::told;
use super::{Ignored, Site, Unit};
use crate::diagnostic::Diagnostics;
use crate::graph::{EdgeCause, Graph};
use crate::model::{EntityId, Model};
use crate::name::{Kind, listed};
use crate::object::{Manifest, Rendering, namespace};
use crate::print::Tree;
use crate::subject::Subject;
use crate::syncing;
use crate::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Namespaces that every cluster has.
const EVERYWHERE: [&str; 4] = ["default", "kube-system", "kube-public", "kube-node-lease"];

/// The unit of an entity, without what the others of its cluster decide.
pub(super) fn of<'a>(
    rendering: &'a Rendering,
    model: &'a Model,
    graph: &Graph,
    site: &Site<'a>,
    diagnostics: &mut Diagnostics,
) -> Unit<'a> {
    let entity = model.entity(rendering.entity);
    let tenant = entity.tenant.map(|id| (id, model.entity(id)));
    let outside = model.outside(entity);
    let name = match entity.kind {
        Kind::Service | Kind::Application => outside.to_string(),
        Kind::Cluster | Kind::Tenant | Kind::Infrastructure => format!("{}-{outside}", entity.kind.singular()),
        Kind::NodePool => format!("node-pool-{outside}"),
    };
    let (told, subject) = (rendering.told.as_ref(), &entity.subject());
    // What is no text there is reported, and counts for nothing.
    told::text(told, "namespace", subject, diagnostics);
    let namespace = namespace(rendering, model, |tenant| {
        let namespaces = &site.tenants.get(&tenant)?.namespaces;
        if namespaces.len() == 1 { namespaces.first().map(|namespace| Arc::from(*namespace)) } else { None }
    });
    if let Some(told) = told {
        syncing::section(told, entity.kind, subject, &mut |diagnostic| diagnostics.push(diagnostic));
    }
    let mut ignored = Vec::new();
    for item in told::list(told, "ignoreDifferences", subject, diagnostics) {
        match Tree::from_value(item) {
            Some(tree) if tree.as_map().is_some() => {
                difference(item, subject, diagnostics);
                ignored.push(Ignored { tree, at: item.origin.span });
            }
            Some(_) | None => diagnostics.push(syncing::invalid("ignoreDifferences", "a list of maps", item, subject)),
        }
    }
    Unit {
        id: rendering.entity,
        entity,
        outside,
        name,
        namespace,
        lacks_namespace: false,
        tenant,
        sources: source::of(rendering, model, diagnostics),
        manifests: &rendering.manifests,
        namespaces: told::texts(told, "namespaces", subject, diagnostics),
        wishes: told::wishes(told, subject, diagnostics),
        ignored,
        wave: graph.wave(rendering.entity),
        needs: Vec::new(),
        metadata: rendering.metadata.as_ref(),
        after: Vec::new(),
        keeps_data: rendering.keeps_data,
        waits: !rendering.waits.is_empty(),
    }
}

/// Reports what is no field of a difference that is none, and fields of the wrong shape.
fn difference(said: &Value, subject: &Subject, diagnostics: &mut Diagnostics) {
    let (texts, lists) = (["group", "kind", "name", "namespace"], ["jsonPointers", "jqPathExpressions", "managedFieldsManagers"]);
    syncing::keys("an item of `ignoreDifferences`", said, &syncing::DIFFERENCE, subject, &mut |diagnostic| diagnostics.push(diagnostic));
    for key in texts {
        told::text(Some(said), key, subject, diagnostics);
    }
    for key in lists {
        told::texts(Some(said), key, subject, diagnostics);
    }
    if said.get("kind").is_none() {
        diagnostics.push(syncing::invalid("ignoreDifferences", "a `kind` in each item", said, subject));
    } else if !lists.iter().any(|key| said.get(key).and_then(Value::as_list).is_some_and(|items| !items.is_empty())) {
        let wanted = format!("one of {} in each item", listed(lists));
        diagnostics.push(syncing::invalid("ignoreDifferences", &wanted, said, subject));
    }
}

/// Adds to the units of a cluster what all of them together decide: namespaces that nobody brings, and which of them come first.
pub(super) fn complete(site: &mut Site<'_>, model: &Model, graph: &Graph) {
    let installed: BTreeSet<EntityId> = site.units.iter().map(|unit| unit.id).collect();
    for unit in &mut site.units {
        let namespace = &*unit.namespace;
        let in_it = |manifest: &Manifest| {
            let object = &manifest.object;
            !object.is_cluster_wide() && object.namespace.as_deref().is_none_or(|named| named == namespace)
        };
        // A tenant brings its namespaces, and its applications may not make any.
        let is_there = unit.tenant.is_some() || EVERYWHERE.contains(&namespace) || site.namespaces.contains(namespace);
        unit.lacks_namespace = !is_there && (unit.is_opaque() || unit.manifests.iter().any(in_it));
        unit.needs = needs(unit.id, &installed, model, graph);
        let said = graph.needs(unit.id).iter().filter(|edge| edge.cause == EdgeCause::DependsOn && installed.contains(&edge.to));
        unit.after = said.map(|edge| edge.span).collect();
    }
}

/// The units that must be there before one; what installs nothing hands on what it needs itself.
fn needs(id: EntityId, installed: &BTreeSet<EntityId>, model: &Model, graph: &Graph) -> Vec<EntityId> {
    let mut needs = BTreeSet::new();
    let mut met = BTreeSet::new();
    let mut open = vec![id];
    while let Some(at) = open.pop() {
        for need in graph.before(model, at).filter(|need| met.insert(*need)) {
            if installed.contains(&need) {
                needs.insert(need);
            } else {
                open.push(need);
            }
        }
    }
    needs.into_iter().collect()
}
