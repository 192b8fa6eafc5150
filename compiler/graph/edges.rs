//! Edges: containment, `dependsOn`, `requires`, and every name that an expression reads, each with its place.

use super::{Cause, Edge, errors};
use crate::definition::{Class, Definitions};
use crate::diagnostic::Diagnostics;
use crate::expression::Reference;
use crate::limit::{LINKS, LINKS_THING};
use crate::model::{Entity, EntityId, EnvironmentId, Model};
use crate::name::Kind;
use crate::span::Span;
use crate::value::{Data, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Where expressions of an entity's own values were before they were evaluated is kept by the definitions; those of classes are shared.
type Read = (Vec<std::sync::Arc<str>>, Span);

/// Entities by environment, cluster, kind and name.
struct Names<'a> {
    model: &'a Model,
    entities: BTreeMap<(EnvironmentId, Option<EntityId>, Kind, &'a str), EntityId>,
}

/// All edges, sorted by dependent entity; of several edges between the same two the first counts.
pub(super) fn collect(definitions: &Definitions, model: &Model, diagnostics: &mut Diagnostics) -> Vec<Edge> {
    let names = Names {
        model,
        entities: model.entities().map(|(id, entity)| ((entity.environment, entity.cluster, entity.kind, &*entity.name), id)).collect(),
    };
    let classes: Vec<Vec<Read>> = definitions.classes.iter().map(class_reads).collect();
    let own = definition_reads(definitions);
    let mut edges = Vec::new();
    let mut left = most(model.entities.len());
    for (id, entity) in model.entities() {
        let mut seen: BTreeSet<EntityId> = BTreeSet::new();
        let mut push = |to: Option<EntityId>, cause: Cause, span: Span, edges: &mut Vec<Edge>| {
            let Some(to) = to.filter(|to| *to != id) else { return };
            if seen.insert(to) {
                edges.push(Edge { from: id, to, cause, span });
            }
        };
        push(entity.cluster, Cause::Containment, entity.defined, &mut edges);
        push(entity.tenant, Cause::Containment, entity.defined, &mut edges);
        let needs = entity.value.get("dependsOn").and_then(Value::as_list).unwrap_or_default();
        let reads = classes.get(entity.class.0 as usize).map_or(&[][..], Vec::as_slice);
        let written = own.get(&definition_address(model, entity)).map_or(&[][..], Vec::as_slice);
        let Some(less) = left.checked_sub(needs.len() + reads.len() + written.len()) else {
            diagnostics.push(errors::too_many_links(entity, most(model.entities.len())));
            break;
        };
        left = less;
        for item in needs {
            let Some(name) = item.as_str() else { continue };
            match names.dependency(entity, name) {
                Some(to) if to == id => diagnostics.push(errors::waits_for_itself(entity, item.origin.span)),
                Some(to) => push(Some(to), Cause::DependsOn, item.origin.span, &mut edges),
                // In another environment or on another cluster: nothing to wait for here.
                None if defined(definitions, entity, name) => {}
                None => diagnostics.push(errors::unknown_dependency(name, item.origin.span, entity, definitions)),
            }
        }
        let Some(class) = definitions.classes.get(entity.class.0 as usize) else { continue };
        for named in &class.requires {
            let to = names.on(entity, entity.cluster, Kind::Service, &named.name);
            if to.is_none() {
                diagnostics.push(errors::missing_requirement(&named.name, named.span, entity, class));
            }
            push(to, Cause::Requires, named.span, &mut edges);
        }
        for (steps, span) in written.iter().chain(reads) {
            push(names.read(id, entity, steps), Cause::Expression, *span, &mut edges);
        }
    }
    edges
}

/// How many names so many things may be asked for.
fn most(things: usize) -> usize {
    LINKS.saturating_add(things.saturating_mul(LINKS_THING))
}

impl Names<'_> {
    fn on(&self, entity: &Entity, cluster: Option<EntityId>, kind: Kind, name: &str) -> Option<EntityId> {
        let cluster = if matches!(kind, Kind::Cluster | Kind::Infrastructure) { None } else { cluster };
        self.entities.get(&(entity.environment, cluster, kind, name)).copied()
    }

    /// `cert-manager` (of the same kind, or a service), or `infrastructure.database`.
    fn dependency(&self, entity: &Entity, name: &str) -> Option<EntityId> {
        match name.split_once('.') {
            Some((kind, name)) => Kind::from_plural(kind).and_then(|kind| self.on(entity, entity.cluster, kind, name)),
            None => {
                let own = self.on(entity, entity.cluster, entity.kind, name);
                own.or_else(|| self.on(entity, entity.cluster, Kind::Service, name))
            }
        }
    }

    /// What a path of an expression reads: `services["cert-manager"]…`, `clusters.gc0…`, `cluster.outputs…`.
    fn read(&self, id: EntityId, entity: &Entity, steps: &[std::sync::Arc<str>]) -> Option<EntityId> {
        let (first, rest) = steps.split_first()?;
        let cluster = if entity.kind == Kind::Cluster { Some(id) } else { entity.cluster };
        if let (Some(kind), Some(name)) = (Kind::from_plural(first), rest.first())
            && let Some(found) = self.on(entity, cluster, kind, name)
        {
            return Some(found);
        }
        match Kind::from_singular(first)? {
            Kind::Cluster => entity.cluster,
            Kind::Tenant => entity.tenant,
            Kind::NodePool | Kind::Service | Kind::Application | Kind::Infrastructure => None,
        }
        .filter(|around| self.model.entity(*around).kind != entity.kind)
    }
}

/// Whether a definition has the name that `dependsOn` says, even if it exists nowhere.
fn defined(definitions: &Definitions, entity: &Entity, name: &str) -> bool {
    let has = |kind: Kind, name: &str| definitions.definition(kind, name).is_some();
    match name.split_once('.') {
        Some((kind, name)) => Kind::from_plural(kind).is_some_and(|kind| has(kind, name)),
        None => has(entity.kind, name) || has(Kind::Service, name),
    }
}

/// The address of the definition of an entity: of a pool, that of its cluster with its own name.
fn definition_address(model: &Model, entity: &Entity) -> String {
    match (entity.kind, entity.cluster) {
        (Kind::NodePool, Some(cluster)) => format!("clusters.{}.nodePools.{}", model.entity(cluster).name, entity.name),
        (_, _) => format!("{}.{}", entity.kind.plural(), entity.name),
    }
}

/// What the expressions in a class's templates, `let` and outputs read.
fn class_reads(class: &Class) -> Vec<Read> {
    let mut reads = Vec::new();
    for section in ["let", "terraform", "manifests", "helm", "files", "argocd", "outputs"] {
        if let Some(value) = class.section(section) {
            references(value, &mut reads);
        }
    }
    reads
}

/// What the expressions of definitions read, by address.
fn definition_reads(definitions: &Definitions) -> BTreeMap<String, Vec<Read>> {
    let mut result: BTreeMap<String, Vec<Read>> = BTreeMap::new();
    let mut queue: Vec<_> = definitions.definitions.iter().collect();
    while let Some(definition) = queue.pop() {
        queue.extend(&definition.pools);
        let mut reads = Vec::new();
        let overlays = definition.overlays.iter().map(|overlay| &overlay.layered.value);
        for value in definition.body.iter().map(|layered| &layered.value).chain(overlays) {
            references(value, &mut reads);
        }
        if !reads.is_empty() {
            result.insert(definition.address.to_string(), reads);
        }
    }
    result
}

fn references(value: &Value, reads: &mut Vec<Read>) {
    let take = |found: Vec<Reference>, reads: &mut Vec<Read>| reads.extend(found.into_iter().map(|one| (one.steps, one.span)));
    match &value.data {
        Data::Template(template) => take(template.references(), reads),
        Data::List(list) => list.items().iter().for_each(|item| references(item, reads)),
        Data::Map(map) => {
            for entry in map.entries() {
                if let Some(template) = &entry.template {
                    take(template.references(), reads);
                }
                references(&entry.value, reads);
            }
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Broken => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use crate::code::Code;
    use crate::system::MemorySystem;

    /// Whether there are too many names, if so many things read so many values each.
    fn too_many(things: usize, names: usize) -> bool {
        let reads = "${platform.name}".repeat(names);
        let own: String = (0..things).map(|at| format!("  i{at}: {{class: thing}}\n")).collect();
        let text = format!(
            "platform: {{name: acme, domain: infra.example.com}}\nenvironments: {{apps: {{}}}}\nclasses: {{infrastructure: {{thing: {{let: {{x: '{reads}'}}}}}}}}\ninfrastructure:\n{own}"
        );
        let compilation = crate::compile(&MemorySystem::default().with("platform.yaml", text), &Options::default());
        let said = compilation.diagnostics.sorted(&compilation.sources);
        said.iter().any(|diagnostic| diagnostic.code == Code::ExpansionTooLarge)
    }

    #[test]
    fn links_are_counted() {
        assert_eq!((most(0), most(5)), (LINKS, LINKS + 5 * LINKS_THING));
        // 1,700 things may have 5,170,000 names.
        assert!(!too_many(1_700, 3_000));
        assert!(too_many(1_700, 3_100));
    }
}
