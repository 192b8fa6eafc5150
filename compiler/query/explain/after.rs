//! What a thing is installed after: who needs whom decides its wave. In come a graph and a thing, out go the edges that decide.

use super::rule::{is_order, is_wave};
use crate::graph::{Edge, Graph};
use crate::model::{EntityId, Model};
use crate::path::Path;
use std::collections::BTreeSet;

/// What makes a thing wait where a file says when it is installed: the first edge to each thing that comes right before it, or, where a file names all that
/// it waits for, to each. None of what says something else.
#[must_use]
pub fn after(model: &Model, graph: &Graph, entity: EntityId, file: &str, path: &Path) -> Vec<Edge> {
    let is_wave = is_wave(file, path);
    if !is_wave && !is_order(file, path) {
        return Vec::new();
    }
    let wave = graph.wave(entity);
    let before: BTreeSet<EntityId> = graph.before(model, entity).filter(|need| !is_wave || graph.wave(*need) + 1 == wave).collect();
    let mut told = BTreeSet::new();
    let decides = |edge: &&Edge| edge.cause.orders() && before.contains(&edge.to) && told.insert(edge.to);
    graph.needs(entity).iter().filter(decides).copied().collect()
}
