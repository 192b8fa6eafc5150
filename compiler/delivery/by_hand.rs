//! Where people sync by hand, nothing waits: whoever installs orders only what it installs by itself.

use super::{Site, errors};
use crate::diagnostic::Diagnostics;
use crate::graph::{EdgeCause, Graph};
use crate::model::EntityId;
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Reports, once for each environment that is synced by hand, that what says it comes after another thing is not held back.
pub(super) fn report(sites: &[Site<'_>], graph: &Graph, diagnostics: &mut Diagnostics) {
    let mut found: BTreeMap<Span, (&Site<'_>, BTreeSet<Span>)> = BTreeMap::new();
    for site in sites {
        let Some(said) = site.policy.by_hand else { continue };
        let units: BTreeSet<EntityId> = site.units.iter().map(|unit| unit.id).collect();
        let edges = site.units.iter().flat_map(|unit| graph.needs(unit.id));
        let waits = edges.filter(|edge| edge.cause == EdgeCause::DependsOn && units.contains(&edge.to)).map(|edge| edge.span);
        found.entry(said).or_insert((site, BTreeSet::new())).1.extend(waits);
    }
    for (said, (site, waits)) in found {
        if !waits.is_empty() {
            diagnostics.push(errors::by_hand(site.environment, said, &waits));
        }
    }
}
