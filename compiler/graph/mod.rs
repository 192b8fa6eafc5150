//! The graph: what needs what, and in which order.

mod order;

use crate::model::EntityId;
use crate::span::Span;

/// Why one entity needs another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cause {
    /// It is in or on it: a pool in its cluster, an application in its tenant.
    Containment,
    /// It says so in `dependsOn`.
    DependsOn,
    /// Its class `requires` it.
    Requires,
    /// An expression reads it.
    Expression,
}

/// One dependency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge {
    /// What needs.
    pub from: EntityId,
    /// What is needed.
    pub to: EntityId,
    /// Why.
    pub cause: Cause,
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

impl Graph {
    /// All edges, by dependent entity, then in written order.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// What an entity needs.
    #[must_use]
    pub fn needs(&self, entity: EntityId) -> &[Edge] {
        let at = entity.0 as usize;
        let (Some(start), Some(end)) = (self.first.get(at), self.first.get(at + 1)) else { return &[] };
        self.edges.get(*start as usize..*end as usize).unwrap_or(&[])
    }

    /// The wave of an entity on its cluster: the length of the longest path of needs among services, tenants and applications there.
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
