//! Order: dependencies as plain numbers → needed ones first, and how deep each lies; or the cycles that make that impossible. It knows
//! neither entities nor spans.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Range;

/// Nodes in order, and the level of each node: the length of its longest path of needs.
pub(crate) type Order = (Vec<u32>, Vec<u32>);

/// Orders the nodes `0..count`. An edge `(from, to)` says that `from` needs `to`; edges are sorted by `from`, and both are below `count`.
/// Needed nodes come first, ties in the order of their numbers.
///
/// # Errors
/// One cycle for each group of nodes that need each other, groups in the order of their smallest nodes. A cycle is a list of indexes of
/// edges that follow each other and begins at its smallest node. It is the shortest of its group; in a group so large that looking for
/// that would take long, the shortest through the smallest node.
pub(crate) fn order(count: usize, edges: &[(u32, u32)]) -> Result<Order, Vec<Vec<usize>>> {
    let needs = Needs::new(count, edges);
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, to) in edges {
        if let Some(dependents) = needed_by.get_mut(*to as usize) {
            dependents.push(*from as usize);
        }
    }
    let mut waiting: Vec<usize> = (0..count).map(|node| needs.of(node).len()).collect();
    let mut ready: BinaryHeap<Reverse<usize>> = (0..count).filter(|node| needs.of(*node).is_empty()).map(Reverse).collect();
    let mut order = Vec::with_capacity(count);
    let mut levels = vec![0u32; count];
    while let Some(Reverse(node)) = ready.pop() {
        order.push(u32::try_from(node).unwrap_or(u32::MAX));
        let level = levels.get(node).copied().unwrap_or(0) + 1;
        for dependent in needed_by.get(node).into_iter().flatten() {
            if let (Some(waiting), Some(known)) = (waiting.get_mut(*dependent), levels.get_mut(*dependent)) {
                *known = level.max(*known);
                *waiting -= 1;
                if *waiting == 0 {
                    ready.push(Reverse(*dependent));
                }
            }
        }
    }
    if order.len() == count { Ok((order, levels)) } else { Err(cycles(&needs)) }
}

/// The edges by the node they leave.
struct Needs<'a> {
    edges: &'a [(u32, u32)],
    /// The edges of node `i` are `first[i]..first[i + 1]`.
    first: Vec<usize>,
}

impl<'a> Needs<'a> {
    fn new(count: usize, edges: &'a [(u32, u32)]) -> Self {
        let first = (0..=count).map(|node| edges.partition_point(|(from, _)| (*from as usize) < node)).collect();
        Self { edges, first }
    }

    fn of(&self, node: usize) -> Range<usize> {
        match (self.first.get(node), self.first.get(node + 1)) {
            (Some(start), Some(end)) => *start..*end,
            (_, _) => 0..0,
        }
    }

    /// The node an edge leads to.
    fn target(&self, edge: usize) -> usize {
        self.edges.get(edge).map_or(usize::MAX, |(_, to)| *to as usize)
    }
}

/// Up to this product of nodes and edges of a group, every node is tried as the start of a cycle.
const THOROUGH: usize = 2_000_000;

fn cycles(needs: &Needs<'_>) -> Vec<Vec<usize>> {
    let count = needs.first.len().saturating_sub(1);
    let mut graph = DiGraph::<(), ()>::with_capacity(count, needs.edges.len());
    for _ in 0..count {
        graph.add_node(());
    }
    graph.extend_with_edges(needs.edges);
    // Not Tarjan's algorithm: petgraph's recurses and would overflow on long chains.
    let mut groups: Vec<Vec<usize>> =
        kosaraju_scc(&graph).into_iter().map(|group| group.into_iter().map(|node| node.index()).collect()).collect();
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups.sort_unstable();
    let mut search = CycleSearch { needs, group_of: vec![usize::MAX; count], reached_by: vec![None; count] };
    for (at, group) in groups.iter().enumerate() {
        for node in group {
            if let Some(place) = search.group_of.get_mut(*node) {
                *place = at;
            }
        }
    }
    groups.iter().filter_map(|group| search.shortest(group)).collect()
}

struct CycleSearch<'a> {
    needs: &'a Needs<'a>,
    group_of: Vec<usize>,
    /// The edge by which a node was first reached; all none between searches.
    reached_by: Vec<Option<(usize, usize)>>,
}

impl CycleSearch<'_> {
    fn shortest(&mut self, group: &[usize]) -> Option<Vec<usize>> {
        let edges: usize = group.iter().map(|node| self.needs.of(*node).len()).sum();
        let thorough = group.len().saturating_mul(edges) <= THOROUGH;
        let starts = if thorough { group.len() } else { 1 };
        let mut best: Option<Vec<usize>> = None;
        for start in group.iter().take(starts) {
            // Starts ascend, so of cycles with equal length the first found is the one with the smallest node, at which it begins.
            if let Some(cycle) = self.through(*start)
                && best.as_ref().is_none_or(|best| cycle.len() < best.len())
            {
                best = Some(cycle);
            }
        }
        best
    }

    /// The shortest cycle that leaves and reaches `start`.
    fn through(&mut self, start: usize) -> Option<Vec<usize>> {
        let mut touched = Vec::new();
        let mut queue = VecDeque::from([start]);
        let mut closing = None;
        'search: while let Some(node) = queue.pop_front() {
            for edge in self.needs.of(node) {
                let target = self.needs.target(edge);
                if target == start {
                    closing = Some((node, edge));
                    break 'search;
                }
                if self.group_of.get(target) != self.group_of.get(start) {
                    continue;
                }
                if let Some(place @ None) = self.reached_by.get_mut(target) {
                    *place = Some((node, edge));
                    touched.push(target);
                    queue.push_back(target);
                }
            }
        }
        let cycle = closing.map(|(mut node, edge)| {
            let mut cycle = vec![edge];
            while let Some((before, edge)) = self.reached_by.get(node).copied().flatten().filter(|_| node != start) {
                cycle.push(edge);
                node = before;
            }
            cycle.reverse();
            cycle
        });
        for node in touched {
            if let Some(place) = self.reached_by.get_mut(node) {
                *place = None;
            }
        }
        cycle
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(count: usize, edges: &[(u32, u32)], expect: Expect) {
        let text = match order(count, edges) {
            Ok((order, levels)) => format!("order {order:?} levels {levels:?}"),
            Err(cycles) => {
                let nodes = |cycle: &Vec<usize>| cycle.iter().map(|edge| edges[*edge]).collect::<Vec<_>>();
                format!("cycles {:?}", cycles.iter().map(nodes).collect::<Vec<_>>())
            }
        };
        expect.assert_eq(&text);
    }

    #[test]
    fn needed_ones_come_first() {
        check(0, &[], expect!["order [] levels []"]);
        check(3, &[], expect!["order [0, 1, 2] levels [0, 0, 0]"]);
        check(4, &[(0, 3), (1, 0), (1, 2)], expect!["order [2, 3, 0, 1] levels [1, 2, 0, 0]"]);
        check(4, &[(0, 1), (0, 1), (0, 2), (1, 2), (2, 3)], expect!["order [3, 2, 1, 0] levels [3, 2, 1, 0]"]);
    }

    #[test]
    fn a_cycle_is_named_by_its_edges() {
        check(1, &[(0, 0)], expect!["cycles [[(0, 0)]]"]);
        check(4, &[(0, 1), (1, 2), (2, 3), (3, 1)], expect!["cycles [[(1, 2), (2, 3), (3, 1)]]"]);
        check(5, &[(0, 4), (1, 2), (2, 1), (2, 3), (3, 2), (4, 0)], expect!["cycles [[(0, 4), (4, 0)], [(1, 2), (2, 1)]]"]);
    }

    #[test]
    fn the_shortest_cycle_of_a_group_is_named() {
        check(5, &[(0, 1), (1, 2), (2, 3), (3, 0), (3, 4), (4, 3)], expect!["cycles [[(3, 4), (4, 3)]]"]);
        check(3, &[(0, 1), (1, 0), (1, 2), (2, 1), (2, 2)], expect!["cycles [[(2, 2)]]"]);
    }

    #[test]
    fn long_chains_and_rings_do_not_overflow() {
        let count = 200_000;
        let mut edges: Vec<(u32, u32)> = (0..count - 1).map(|node| (node, node + 1)).collect();
        let (order_of_chain, levels) = order(count as usize, &edges).unwrap();
        assert_eq!((order_of_chain[0], levels[0]), (count - 1, count - 1));
        edges.push((count - 1, 0));
        assert_eq!(order(count as usize, &edges).unwrap_err()[0].len(), count as usize);
    }

    /// Levels by definition; none if the nodes reached by needs come back.
    fn level(node: u32, edges: &[(u32, u32)], depth: usize) -> Option<u32> {
        if depth == 0 {
            return None;
        }
        let mut level_of_node = 0;
        for (_, to) in edges.iter().filter(|(from, _)| *from == node) {
            level_of_node = level_of_node.max(level(*to, edges, depth - 1)? + 1);
        }
        Some(level_of_node)
    }

    proptest! {
        #[test]
        fn order_agrees_with_its_definition(count in 1u32..8, pairs in prop::collection::vec((0u32..8, 0u32..8), 0..9)) {
            let mut edges: Vec<(u32, u32)> = pairs.into_iter().map(|(from, to)| (from % count, to % count)).collect();
            edges.sort_by_key(|(from, _)| *from);
            let naive: Option<Vec<u32>> = (0..count).map(|node| level(node, &edges, count as usize)).collect();
            match order(count as usize, &edges) {
                Ok((order, levels)) => {
                    prop_assert_eq!(Some(&levels), naive.as_ref());
                    // At each step the smallest node whose needs are all met.
                    let mut placed: Vec<u32> = Vec::new();
                    for node in &order {
                        let met = |node: &u32| edges.iter().all(|(from, to)| from != node || placed.contains(to));
                        prop_assert_eq!((0..count).find(|node| !placed.contains(node) && met(node)), Some(*node));
                        placed.push(*node);
                    }
                    prop_assert_eq!(placed.len(), count as usize);
                }
                Err(cycles) => {
                    prop_assert_eq!(naive, None);
                    prop_assert!(!cycles.is_empty());
                    let reach = |from: u32, to: u32| {
                        let mut known = vec![from];
                        for _ in 0..count {
                            known.extend(edges.iter().filter(|(from, _)| known.contains(from)).map(|(_, to)| *to).collect::<Vec<_>>());
                            known.sort_unstable();
                            known.dedup();
                        }
                        known.contains(&to)
                    };
                    let mut starts = Vec::new();
                    for cycle in &cycles {
                        let path: Vec<(u32, u32)> = cycle.iter().map(|edge| edges[*edge]).collect();
                        for (at, (_, to)) in path.iter().enumerate() {
                            prop_assert_eq!(*to, path[(at + 1) % path.len()].0);
                        }
                        prop_assert_eq!(path.iter().map(|(from, _)| *from).min(), Some(path[0].0));
                        starts.push(path[0].0);
                    }
                    // One cycle for each group: every edge on a cycle is in the group of exactly one of them.
                    for (from, to) in &edges {
                        if reach(*to, *from) {
                            prop_assert_eq!(starts.iter().filter(|start| reach(*from, **start) && reach(**start, *from)).count(), 1);
                        }
                    }
                }
            }
        }
    }
}
