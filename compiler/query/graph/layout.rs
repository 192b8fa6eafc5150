//! Where things stand in a picture: those that others need on the left, in columns, those that belong together near each other. In comes a part of a graph
//! and how large each thing is drawn, out go places. Which column and which row is worked out by a library; what it cannot take never reaches it.

use super::GraphDependency;
use crate::model::EntityId;
use crate::query::path::DeadEnd;
use rust_sugiyama::configure::{Config, CrossingMinimization, RankingType};
use rust_sugiyama::from_vertices_and_edges;
use std::collections::{BTreeMap, BTreeSet};

/// More things than these nobody can look at.
const MOST: usize = 600;

/// More dependencies than these, likewise; the time that is needed grows with both.
const TIES: usize = 3000;

/// Up to so many things the crossings are looked for that an exchange of two neighbours takes away.
const THOROUGH: usize = 150;

/// Between two things, in pixels.
const GAP: f64 = 28.0;

/// Arrows need more room between columns than things do between each other.
const STRETCH: f64 = 1.2;

/// Where things stand, in pixels from the left and the top.
#[derive(Clone, Debug, Default)]
pub struct GraphLayout {
    /// The upper left corner of each thing.
    pub places: BTreeMap<EntityId, (f64, f64)>,
    /// The width of all of it.
    pub width: f64,
    /// The height of all of it.
    pub height: f64,
}

/// Lays things out, needed ones first, with the dependencies that are drawn; every thing is so wide and high.
///
/// # Errors
/// If it is too large for a picture.
pub fn layout(things: &[EntityId], dependencies: &[&GraphDependency], size: (f64, f64)) -> Result<GraphLayout, DeadEnd> {
    if things.len() > MOST || dependencies.len() > TIES {
        let message = format!("{} things with {} dependencies between them are too much for a picture", things.len(), dependencies.len());
        let hint = "choose some: name an environment, a cluster or a thing, and add `--around` for what it is connected with".to_owned();
        return Err(DeadEnd { message, hint: Some(hint), at: None });
    }
    let at: BTreeMap<EntityId, u32> = things.iter().zip(0..).map(|(id, at)| (*id, at)).collect();
    // The library takes no circles, which what is only read may have: each dependency leads from what is needed to what comes later in the order.
    let pairs = dependencies.iter().filter_map(|dependency| Some((*at.get(&dependency.from)?, *at.get(&dependency.to)?)));
    let pairs: BTreeSet<(u32, u32)> = pairs.filter(|(from, to)| from != to).map(|(from, to)| (from.min(to), from.max(to))).collect();
    let pairs: Vec<(u32, u32)> = pairs.into_iter().collect();
    // It lays layers out from the top; turned, they are columns.
    let vertices: Vec<(u32, (f64, f64))> = at.values().map(|at| (*at, (size.1, size.0))).collect();
    let config = Config {
        minimum_length: 1,
        vertex_spacing: GAP,
        dummy_vertices: true,
        dummy_size: 0.5,
        ranking_type: RankingType::Up,
        c_minimization: CrossingMinimization::Barycenter,
        transpose: things.len() <= THOROUGH,
    };
    let mut layout = GraphLayout::default();
    let mut components: Vec<BTreeMap<usize, (f64, f64)>> = Vec::new();
    if !things.is_empty() {
        components =
            from_vertices_and_edges(&vertices, &pairs, &config).into_iter().map(|(places, ..)| places.into_iter().collect()).collect();
    }
    // Parts that nothing connects stand below each other, the largest first.
    components.sort_by_key(|places| (std::cmp::Reverse(places.len()), places.keys().next().copied()));
    for places in components {
        let least = |of: &dyn Fn(&(f64, f64)) -> f64| places.values().map(of).fold(f64::INFINITY, f64::min);
        let (top, left) = (least(&|place| place.0), least(&|place| place.1));
        let above = if layout.height > 0.0 { layout.height + GAP } else { 0.0 };
        for (thing, (down, right)) in &places {
            let Some(id) = things.get(*thing) else { continue };
            let (x, y) = ((right - left) * STRETCH, above + down - top);
            layout.places.insert(*id, (x, y));
            layout.width = layout.width.max(x + size.0);
            layout.height = layout.height.max(y + size.1);
        }
    }
    Ok(layout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Edge, EdgeCause};
    use proptest::prelude::*;

    const SIZE: (f64, f64) = (120.0, 30.0);

    fn check(count: u32, pairs: &[(u32, u32)]) -> Result<GraphLayout, DeadEnd> {
        let dependency = |(from, to): &(u32, u32)| {
            let edge = Edge {
                from: EntityId(*from),
                to: EntityId(*to),
                cause: EdgeCause::Reads,
                span: crate::span::Span { file: crate::span::FileId(0), start: 0, end: 0 },
            };
            GraphDependency { from: edge.from, to: edge.to, edges: vec![edge], is_collective: false }
        };
        let dependencies: Vec<GraphDependency> = pairs.iter().map(dependency).collect();
        layout(&(0..count).map(EntityId).collect::<Vec<_>>(), &dependencies.iter().collect::<Vec<_>>(), SIZE)
    }

    #[test]
    fn what_is_needed_stands_on_the_left() {
        let found = check(4, &[(1, 0), (2, 1), (1, 2)]).unwrap();
        let x = |id| found.places.get(&EntityId(id)).unwrap().0;
        assert!(x(0) < x(1) && x(1) < x(2), "{found:?}");
        // Alone, it stands below.
        assert!(found.places.values().all(|place| place.1 <= found.places.get(&EntityId(3)).unwrap().1));
        assert!(check(0, &[]).unwrap().places.is_empty());
        assert!(check(601, &[]).is_err());
    }

    proptest! {
        #[test]
        fn nothing_stands_on_anything(count in 1u32..40, pairs in prop::collection::vec((0u32..40, 0u32..40), 0..80)) {
            let pairs: Vec<(u32, u32)> = pairs.into_iter().filter(|(from, to)| *from < count && *to < count).collect();
            let found = check(count, &pairs).unwrap();
            prop_assert_eq!(found.places.len(), count as usize);
            let places: Vec<(f64, f64)> = found.places.values().copied().collect();
            for (at, one) in places.iter().enumerate() {
                prop_assert!(one.0 >= 0.0 && one.1 >= 0.0 && one.0 + SIZE.0 <= found.width && one.1 + SIZE.1 <= found.height);
                for other in &places[at + 1..] {
                    prop_assert!((one.0 - other.0).abs() >= SIZE.0 || (one.1 - other.1).abs() >= SIZE.1, "{:?} {:?}", one, other);
                }
            }
        }
    }
}
