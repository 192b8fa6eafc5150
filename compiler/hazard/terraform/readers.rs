//! Who reads what is replaced or destroyed: what reaches it by its address finds another one there, or none. In comes who made it, out go those that refer to that.

use crate::diagnostic::Diagnostic;
use crate::graph::EdgeCause;
use crate::hazard::ChangeSide;
use crate::model::EntityId;
use crate::name::{Kind, listed};
use std::collections::BTreeSet;

/// A report with the applications and services that read what a thing has made.
pub(super) fn told(said: Diagnostic, side: ChangeSide<'_>, maker: Option<EntityId>) -> Diagnostic {
    let reads = |cause: EdgeCause| matches!(cause, EdgeCause::Refers | EdgeCause::Knows | EdgeCause::Reads);
    let edges = side.graph.edges().iter().filter(|edge| Some(edge.to) == maker && reads(edge.cause));
    let readers: BTreeSet<String> = edges
        .map(|edge| side.model.entity(edge.from))
        .filter(|entity| matches!(entity.kind, Kind::Application | Kind::Service))
        .map(|entity| entity.thing.definition.to_string())
        .collect();
    if readers.is_empty() {
        return said;
    }
    let names = listed(readers.iter().map(String::as_str));
    said.note(format!("its address is read by {names}, which find another one there, or none"))
}
