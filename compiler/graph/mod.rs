//! link: Model and Objects → Graph. What needs or reads what and why, in one stable order, with the wave of everything on its cluster.
//! Circles of what orders are reported with the place of every edge; two things may well read of each other. Nothing is evaluated here.

mod edges;
mod errors;
#[cfg(test)]
mod tests;

use crate::definition::Definitions;
use crate::diagnostic::Diagnostics;
use crate::model::{EntityId, EnvironmentId, Met, Model};
use crate::name::Kind;
use crate::object::Objects;
use crate::order::order;
use crate::span::Span;
use std::collections::BTreeSet;

/// Why one entity needs another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum EdgeCause {
    /// It is in or on it: a pool in its cluster, an application in its tenant.
    Containment,
    /// It says so in `dependsOn`.
    DependsOn,
    /// A field refers to it.
    Refers,
    /// A field refers to it and says that it need not be there first.
    Knows,
    /// An expression reads it: its text names it, or it is what a computed name gave.
    Reads,
}

impl EdgeCause {
    /// Whether what is needed comes first. What is only read may be known before it is there.
    #[must_use]
    pub fn orders(self) -> bool {
        match self {
            EdgeCause::Containment | EdgeCause::DependsOn | EdgeCause::Refers => true,
            EdgeCause::Knows | EdgeCause::Reads => false,
        }
    }
}

/// One thing that another needs or reads, at one place; there may be several between the same two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge {
    /// What needs or reads.
    pub from: EntityId,
    /// What is needed or read.
    pub to: EntityId,
    /// Why.
    pub cause: EdgeCause,
    /// Where that is written.
    pub span: Span,
}

/// Entities in order, with the edges between them.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    edges: Vec<Edge>,
    /// Index into `edges`, sorted by `from`: the edges of entity `i` are `edges[first[i]..first[i + 1]]`.
    first: Vec<u32>,
    waves: Vec<u32>,
    order: Vec<EntityId>,
}

/// Links the entities of a model.
pub(crate) fn link(definitions: &Definitions, model: &Model, objects: &Objects, diagnostics: &mut Diagnostics) -> Graph {
    let count = model.entities.len();
    let mut met: Vec<Met> = model.met.iter().chain(&objects.met).copied().collect();
    met.sort_unstable();
    let edges = edges::collect(definitions, model, &met, diagnostics);
    let mut first = vec![0; count + 1];
    for edge in &edges {
        if let Some(slot) = first.get_mut(edge.from.0 as usize + 1) {
            *slot += 1;
        }
    }
    let mut sum = 0;
    for slot in &mut first {
        sum += *slot;
        *slot = sum;
    }
    across(model, &edges, diagnostics);
    let ordering: Vec<&Edge> = edges.iter().filter(|edge| edge.cause.orders()).collect();
    let pairs: Vec<(u32, u32)> = ordering.iter().map(|edge| (edge.from.0, edge.to.0)).collect();
    match order(count, &pairs) {
        Ok((order, _)) => {
            let order: Vec<EntityId> = order.into_iter().map(EntityId).collect();
            let mut graph = Graph { edges, first, waves: vec![0; count], order };
            graph.waves = waves(model, &graph);
            graph
        }
        Err(cycles) => {
            for cycle in cycles {
                let steps: Vec<&Edge> = cycle.iter().filter_map(|at| ordering.get(*at).copied()).collect();
                diagnostics.push(errors::cycle(definitions, model, &steps));
            }
            Graph { edges, first, waves: vec![0; count], order: model.entities().map(|(id, _)| id).collect() }
        }
    }
}

/// Reports what goes across: a shared environment that changes reach after one that reads it, and an order between two clusters, which no
/// wave keeps.
fn across(model: &Model, edges: &[Edge], diagnostics: &mut Diagnostics) {
    let mut told: BTreeSet<(EnvironmentId, EnvironmentId)> = BTreeSet::new();
    for edge in edges {
        let (from, to) = (model.entity(edge.from), model.entity(edge.to));
        let (reader, read) = (model.environment(from.environment), model.environment(to.environment));
        let is_reader = !reader.is_shared || edge.cause.orders();
        if read.is_shared && is_reader && to.environment > from.environment && told.insert((from.environment, to.environment)) {
            diagnostics.push(errors::shared_after_reader(model, edge));
        }
        let are_installed = is_installed(model, edge.from) && is_installed(model, edge.to);
        if edge.cause == EdgeCause::DependsOn && are_installed && from.cluster != to.cluster {
            diagnostics.push(errors::order_across_clusters(model, edge));
        }
    }
}

/// Longest paths among what is installed on one cluster.
fn waves(model: &Model, graph: &Graph) -> Vec<u32> {
    let mut waves: Vec<u32> = vec![0; model.entities.len()];
    for id in &graph.order {
        let wave = graph.before(model, *id).filter_map(|need| waves.get(need.0 as usize)).max().map_or(0, |wave| wave + 1);
        if let Some(slot) = waves.get_mut(id.0 as usize).filter(|_| is_installed(model, *id)) {
            *slot = wave;
        }
    }
    waves
}

/// Whether a thing is installed on a cluster, one after the other.
fn is_installed(model: &Model, id: EntityId) -> bool {
    let entity = model.entity(id);
    match entity.kind {
        Kind::Service | Kind::Tenant | Kind::Application => true,
        Kind::Infrastructure => entity.cluster.is_some(),
        Kind::Cluster | Kind::NodePool => false,
    }
}

impl Graph {
    /// All edges, by what needs or reads, then by cause.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// What an entity needs or reads.
    #[must_use]
    pub fn needs(&self, entity: EntityId) -> &[Edge] {
        let at = entity.0 as usize;
        let (Some(start), Some(end)) = (self.first.get(at), self.first.get(at + 1)) else { return &[] };
        self.edges.get(*start as usize..*end as usize).unwrap_or(&[])
    }

    /// The services, tenants, applications and infrastructure that must be on its cluster before an entity; one may come twice.
    pub fn before(&self, model: &Model, entity: EntityId) -> impl Iterator<Item = EntityId> {
        let cluster = model.entity(entity).cluster;
        let ordering = self.needs(entity).iter().filter(|edge| edge.cause.orders()).map(|edge| edge.to);
        ordering.filter(move |to| is_installed(model, *to) && model.entity(*to).cluster == cluster)
    }

    /// The wave of an entity on its cluster: the length of the longest path of needs among what is installed there.
    #[must_use]
    pub fn wave(&self, entity: EntityId) -> u32 {
        self.waves.get(entity.0 as usize).copied().unwrap_or(0)
    }

    /// All entities, needed ones first; ties in the order of the model.
    #[must_use]
    pub fn order(&self) -> &[EntityId] {
        &self.order
    }
}
