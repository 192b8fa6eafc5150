//! Order of numbered things that need each other.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Order and levels, or cycles as indexes of edges.
type Ordered = Result<(Vec<u32>, Vec<u32>), Vec<Vec<usize>>>;

/// Orders `0..count` so that what is needed comes first.
pub(super) fn order(count: usize, edges: &[(u32, u32)]) -> Ordered {
    let mut missing = vec![0usize; count];
    let mut needed_by: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (from, to) in edges {
        if let (Some(missing), Some(list)) = (missing.get_mut(*from as usize), needed_by.get_mut(*to as usize)) {
            *missing += 1;
            list.push(*from);
        }
    }
    let mut ready: BinaryHeap<Reverse<u32>> =
        (0u32..).zip(&missing).filter(|(_, missing)| **missing == 0).map(|(at, _)| Reverse(at)).collect();
    let mut order = Vec::with_capacity(count);
    let mut level = vec![0u32; count];
    while let Some(Reverse(at)) = ready.pop() {
        order.push(at);
        let own = level.get(at as usize).copied().unwrap_or(0);
        for from in needed_by.get(at as usize).into_iter().flatten() {
            if let Some(level) = level.get_mut(*from as usize) {
                *level = (*level).max(own + 1);
            }
            if let Some(missing) = missing.get_mut(*from as usize) {
                *missing -= 1;
                if *missing == 0 {
                    ready.push(Reverse(*from));
                }
            }
        }
    }
    if order.len() == count {
        return Ok((order, level));
    }
    Err(vec![(0..edges.len()).collect()])
}
