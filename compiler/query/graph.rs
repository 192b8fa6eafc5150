//! graph: the part of a dependency graph that somebody asks for. In come a model, its graph and what is chosen, out go things and what depends on what. Nothing
//! is drawn here.

pub mod layout;

use crate::graph::{Edge, EdgeCause, Graph};
use crate::model::{EntityId, Model};
use crate::name::Kind;
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};

/// How far around what is chosen the part reaches.
#[derive(Clone, Copy, Debug, Default)]
pub struct GraphReach {
    /// Also what is connected with it directly, in either direction.
    pub around: bool,
    /// Also all that needs or reads it, however many things lie between; not who only asks what there is of its kind.
    pub dependents: bool,
}

/// Things, and what depends on what.
#[derive(Clone, Debug, Default)]
pub struct GraphPart {
    /// The things, needed ones first.
    pub things: Vec<EntityId>,
    /// The dependencies between them, by what needs or reads.
    pub dependencies: Vec<GraphDependency>,
}

/// One thing that depends on another: all edges between the two.
#[derive(Clone, Debug)]
pub struct GraphDependency {
    /// What needs or reads.
    pub from: EntityId,
    /// What is needed or read.
    pub to: EntityId,
    /// Each cause with its places, the strongest first.
    pub edges: Vec<Edge>,
    /// It is only read together with all others of its kind, as `services.map(…)` does.
    pub is_collective: bool,
}

impl GraphDependency {
    /// The strongest cause.
    #[must_use]
    pub fn cause(&self) -> EdgeCause {
        self.edges.first().map_or(EdgeCause::Reads, |edge| edge.cause)
    }
}

impl GraphPart {
    /// The dependencies that a picture shows: none of a thing that reads all others of a kind, which would hide the rest; and that a thing is in another only where
    /// nothing else leads there.
    #[must_use]
    pub fn drawn(&self, model: &Model) -> Vec<&GraphDependency> {
        let within = |id: EntityId, around: EntityId| model.entity(id).cluster == Some(around) || model.entity(id).around() == Some(around);
        let drawn = || self.dependencies.iter().filter(|dependency| !dependency.is_collective);
        let mut needs: BTreeMap<EntityId, Vec<EntityId>> = BTreeMap::new();
        drawn().for_each(|dependency| needs.entry(dependency.from).or_default().push(dependency.to));
        let leads = |dependency: &&GraphDependency| {
            let others = needs.get(&dependency.from).into_iter().flatten().filter(|other| **other != dependency.to);
            dependency.edges.iter().all(|edge| edge.cause == EdgeCause::Containment)
                && others.into_iter().any(|other| within(*other, dependency.to))
        };
        drawn().filter(|dependency| !leads(dependency)).collect()
    }
}

/// The part of a graph around what is chosen. That a thing is in another stands once, at the innermost: an application is in its tenant, and so on the
/// cluster.
#[must_use]
pub fn part(model: &Model, graph: &Graph, is_chosen: &dyn Fn(EntityId) -> bool, reach: GraphReach) -> GraphPart {
    let chosen: BTreeSet<EntityId> = model.entities().map(|(id, _)| id).filter(|id| is_chosen(*id)).collect();
    let edges = || graph.edges().iter().filter(|edge| is_told(model, edge));
    let collective = collective(model, graph);
    let is_collective = |edge: &Edge| collective.contains(&(edge.from, edge.span, model.entity(edge.to).kind));
    let mut told = chosen.clone();
    // What was only met around these is not asked what binds it to the rest.
    let mut asked = chosen.clone();
    if reach.around {
        for edge in edges() {
            let ends = [edge.from, edge.to];
            if ends.iter().any(|end| chosen.contains(end)) {
                told.extend(ends);
            }
        }
    }
    if reach.dependents {
        let mut after: Vec<Vec<EntityId>> = vec![Vec::new(); model.entities.len()];
        // Who asks what there is of a kind needs none of them.
        for edge in edges().filter(|edge| !is_collective(edge)) {
            if let Some(list) = after.get_mut(edge.to.0 as usize) {
                list.push(edge.from);
            }
        }
        let mut left: Vec<EntityId> = chosen.iter().copied().collect();
        while let Some(id) = left.pop() {
            for from in after.get(id.0 as usize).into_iter().flatten() {
                if asked.insert(*from) {
                    left.push(*from);
                }
            }
        }
        told.extend(asked.iter().copied());
    }
    let is_asked = |edge: &&Edge| {
        let ends = [edge.from, edge.to];
        ends.iter().all(|end| asked.contains(end))
            || ends.iter().any(|end| chosen.contains(end)) && ends.iter().all(|end| told.contains(end))
    };
    let mut dependencies: Vec<GraphDependency> = Vec::new();
    for edge in edges().filter(is_asked) {
        // Edges are sorted by what needs, so that the dependencies of one thing are the last ones.
        let known =
            dependencies.iter_mut().rev().take_while(|dependency| dependency.from == edge.from).find(|dependency| dependency.to == edge.to);
        match known {
            Some(dependency) => dependency.edges.push(*edge),
            None => dependencies.push(GraphDependency { from: edge.from, to: edge.to, edges: vec![*edge], is_collective: false }),
        }
    }
    for dependency in &mut dependencies {
        dependency.edges.sort_by_key(|edge| (edge.cause, edge.span));
        dependency.is_collective = dependency.edges.iter().all(is_collective);
    }
    GraphPart { things: graph.order().iter().copied().filter(|id| told.contains(id)).collect(), dependencies }
}

/// Whether an edge says more than the others.
fn is_told(model: &Model, edge: &Edge) -> bool {
    edge.cause != EdgeCause::Containment || model.entity(edge.from).around() == Some(edge.to)
}

/// So many things that one place reads are all of a kind.
const MANY: usize = 4;

/// Places at which a thing reads many others of a kind.
fn collective(model: &Model, graph: &Graph) -> BTreeSet<(EntityId, Span, Kind)> {
    let mut counts: BTreeMap<(EntityId, Span, Kind), usize> = BTreeMap::new();
    for edge in graph.edges().iter().filter(|edge| edge.cause == EdgeCause::Reads) {
        *counts.entry((edge.from, edge.span, model.entity(edge.to).kind)).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count >= MANY).map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::MemorySystem;
    use crate::{Options, compile};

    const PLATFORM: &str = "
platform: { name: acme, domain: example.com }
environments: { apps: {} }
clusters: { c0: { class: plain } }
services:
  dns: { class: plain }
  web: { class: plain, dependsOn: [dns], a: '${services.dns.b}' }
  shop: { class: plain, a: '${services.web.b}' }
tenants: { team: { class: plain, applications: { app: { class: plain, a: '${services.shop.b}' } } } }
classes:
  cluster: { plain: {} }
  service: { plain: { schema: { a: 'string | default=x', b: 'string | default=z' } } }
  tenant: { plain: {} }
  application: { plain: { schema: { a: 'string | default=x' } } }
";

    fn check(chosen: &str, reach: GraphReach, things: &str, dependencies: &str) {
        let compilation = compile(&MemorySystem::default().with("platform.yaml", PLATFORM), &Options::default());
        assert!(!compilation.diagnostics.has_errors(), "{:?}", compilation.diagnostics.sorted(&compilation.sources));
        let name = |id: &EntityId| compilation.model.entity(*id).name.to_string();
        let is_chosen = |id| chosen.split(' ').any(|wanted| wanted == name(&id));
        let found = part(&compilation.model, &compilation.graph, &is_chosen, reach);
        assert_eq!(found.things.iter().map(name).collect::<Vec<_>>().join(" "), things, "{chosen}");
        let dependency = |dependency: &GraphDependency| {
            format!("{} {:?} {} {}", name(&dependency.from), dependency.cause(), name(&dependency.to), dependency.edges.len())
        };
        assert_eq!(found.dependencies.iter().map(dependency).collect::<Vec<_>>().join(", "), dependencies, "{chosen}");
    }

    #[test]
    fn a_part_is_what_was_asked_for() {
        check("web dns", GraphReach::default(), "dns web", "web DependsOn dns 2");
        let around = GraphReach { around: true, dependents: false };
        check("web", around, "c0 dns web shop", "web Containment c0 1, web DependsOn dns 2, shop Reads web 1");
        let dependents = GraphReach { around: false, dependents: true };
        check("web", dependents, "web shop app", "shop Reads web 1, app Reads shop 1");
        // An application is on the cluster because its tenant is.
        check("c0 team app", GraphReach::default(), "c0 team app", "team Containment c0 1, app Containment team 1");
    }
}
