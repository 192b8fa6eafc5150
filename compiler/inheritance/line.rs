//! Lines of ancestors: the C3 linearisation of `inherits` (design 2.3), farthest ancestor first, a later parent being stronger.

use super::errors;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A name in somebody's `inherits`.
#[derive(Clone, Debug)]
pub(crate) struct Parent {
    /// Which thing it names.
    pub index: usize,
    /// Where it is written.
    pub span: Span,
}

/// A line of ancestors, farthest first, the thing itself last.
pub(crate) type Line = Vec<usize>;

/// Most ancestors of one thing.
const LONGEST: usize = crate::limit::ANCESTORS;

/// The lines of all things `0..parents.len()`; `names` are for messages.
///
/// A thing whose line does not exist (a cycle, parents in contradicting order) gets the line of itself alone, and one diagnostic tells why;
/// the set holds these things and all that inherit from them.
#[must_use]
pub(crate) fn line(what: &str, names: &[Arc<str>], parents: &[Vec<Parent>]) -> (Vec<Line>, BTreeSet<usize>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut lines: Vec<Option<Line>> = vec![None; parents.len()];
    let mut broken = cycles(what, names, parents, &mut diagnostics);
    for start in 0..parents.len() {
        // Depth first with an explicit stack, so that long chains need no recursion.
        let mut stack = vec![start];
        while let Some(&top) = stack.last() {
            if lines.get(top).is_none_or(Option::is_some) {
                stack.pop();
                continue;
            }
            let own: &[Parent] = if broken.contains(&top) { &[] } else { parents.get(top).map_or(&[], Vec::as_slice) };
            let missing = own.iter().map(|parent| parent.index).find(|index| lines.get(*index).is_some_and(Option::is_none));
            if let Some(index) = missing {
                stack.push(index);
                continue;
            }
            let linear = linearise(top, own, &lines).unwrap_or_else(|fault| {
                let place = |index: usize| own.iter().find(|parent| parent.index == index).map(|parent| parent.span);
                let first = own.first().map(|parent| parent.span);
                diagnostics.extend(match fault {
                    NoLine::TooLong => first.map(|span| errors::too_deep(what, name(names, top), span, LONGEST)),
                    NoLine::Contradiction(a, b) => {
                        let spans = (place(a).or(first), place(b).or(own.last().map(|parent| parent.span)));
                        Some(errors::inconsistent(what, name(names, top), name(names, a), name(names, b), spans))
                    }
                });
                broken.insert(top);
                vec![top]
            });
            set(&mut lines, top, linear);
        }
    }
    let lines: Vec<Line> = lines.into_iter().enumerate().map(|(at, line)| line.unwrap_or_else(|| vec![at])).collect();
    let broken = (0..lines.len()).filter(|at| lines.get(*at).is_some_and(|line| line.iter().any(|one| broken.contains(one)))).collect();
    (lines, broken, diagnostics)
}

fn set(lines: &mut [Option<Line>], at: usize, line: Line) {
    if let Some(slot) = lines.get_mut(at) {
        *slot = Some(line);
    }
}

fn name(names: &[Arc<str>], at: usize) -> &str {
    names.get(at).map_or("", |name| name)
}

/// Why there is no line.
enum NoLine {
    TooLong,
    /// Two names that are wanted in either order.
    Contradiction(usize, usize),
}

/// C3: merges the lines of the parents and the list of parents, strongest first.
fn linearise(own: usize, parents: &[Parent], lines: &[Option<Line>]) -> Result<Line, NoLine> {
    if parents.len() > LONGEST {
        return Err(NoLine::TooLong);
    }
    // A queue is read from its end: lines begin with the farthest ancestor, which is the weakest.
    let mut queues: Vec<Vec<usize>> = parents.iter().rev().filter_map(|parent| lines.get(parent.index).cloned().flatten()).collect();
    queues.push(parents.iter().map(|parent| parent.index).collect());
    // How often each waits behind the head of a queue.
    let mut waiting: BTreeMap<usize, usize> = BTreeMap::new();
    for one in queues.iter().filter_map(|queue| queue.split_last()).flat_map(|(_, rest)| rest) {
        *waiting.entry(*one).or_default() += 1;
    }
    let mut result = vec![own];
    loop {
        queues.retain(|queue| !queue.is_empty());
        if queues.is_empty() {
            result.reverse();
            return Ok(result);
        }
        let heads = || queues.iter().filter_map(|queue| queue.last().copied());
        let Some(next) = heads().find(|head| waiting.get(head).is_none_or(|count| *count == 0)) else {
            let a = heads().next().unwrap_or(own);
            let b = heads().find(|head| *head != a).unwrap_or(a);
            return Err(NoLine::Contradiction(a, b));
        };
        result.push(next);
        if result.len() > LONGEST + 1 {
            return Err(NoLine::TooLong);
        }
        for queue in &mut queues {
            if queue.last() == Some(&next) {
                queue.pop();
                if let Some(count) = queue.last().and_then(|head| waiting.get_mut(head)) {
                    *count -= 1;
                }
            }
        }
    }
}

/// Reports every cycle once, starting at its smallest member; returns the members of all cycles.
fn cycles(what: &str, names: &[Arc<str>], parents: &[Vec<Parent>], diagnostics: &mut Vec<Diagnostic>) -> BTreeSet<usize> {
    let mut graph = petgraph::graph::DiGraph::<(), ()>::new();
    let nodes: Vec<_> = (0..parents.len()).map(|_| graph.add_node(())).collect();
    for (from, list) in parents.iter().enumerate() {
        for parent in list {
            if let (Some(from), Some(to)) = (nodes.get(from), nodes.get(parent.index)) {
                graph.add_edge(*from, *to, ());
            }
        }
    }
    let mut broken = BTreeSet::new();
    for component in petgraph::algo::kosaraju_scc(&graph) {
        let mut members: Vec<usize> = component.iter().map(|node| node.index()).collect();
        members.sort_unstable_by_key(|member| name(names, *member));
        let Some(first) = members.first().copied() else { continue };
        let own = |member: usize| parents.get(member).map_or(&[][..], Vec::as_slice);
        if members.len() == 1 && !own(first).iter().any(|parent| parent.index == first) {
            continue;
        }
        // Walk along parents inside the component until a member comes again: that is a cycle.
        let inside: BTreeSet<usize> = members.iter().copied().collect();
        let mut path: Vec<(usize, Span)> = Vec::new();
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let mut at = first;
        while seen.insert(at) {
            let Some(parent) = own(at).iter().find(|parent| inside.contains(&parent.index)) else { break };
            path.push((at, parent.span));
            at = parent.index;
        }
        let start = path.iter().position(|(member, _)| *member == at).unwrap_or(0);
        let steps: Vec<(&str, Span)> =
            path.get(start..).unwrap_or(&[]).iter().map(|(member, span)| (name(names, *member), *span)).collect();
        diagnostics.push(errors::cycle(what, &steps));
        broken.extend(members);
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::FileId;

    /// `x: a b` means x inherits from a, then b; prints lines or faults.
    fn check(input: &str, expected: &str) {
        let rows: Vec<(&str, Vec<&str>)> = input
            .lines()
            .map(|row| row.split_once(':').map(|(name, rest)| (name.trim(), rest.split_whitespace().collect())).unwrap())
            .collect();
        let names: Vec<Arc<str>> = rows.iter().map(|(name, _)| Arc::from(*name)).collect();
        let span = Span::new(FileId(0), 0, 0);
        let parents: Vec<Vec<Parent>> = rows
            .iter()
            .map(|(_, list)| {
                list.iter().map(|one| Parent { index: names.iter().position(|name| &**name == *one).unwrap(), span }).collect()
            })
            .collect();
        let (lines, _, faults) = line("thing", &names, &parents);
        let mut out: Vec<String> =
            lines.iter().map(|line| line.iter().map(|at| names[*at].to_string()).collect::<Vec<_>>().join(" ")).collect();
        out.extend(faults.iter().map(|fault| fault.message.clone()));
        assert_eq!(out.join("\n"), expected);
    }

    #[test]
    fn a_chain_is_read_from_its_root() {
        check("a:\nb: a\nc: b", "a\na b\na b c");
    }

    #[test]
    fn a_diamond_counts_its_root_once() {
        check("o:\nl: o\nr: o\nx: l r", "o\no l\no r\no l r x");
    }

    #[test]
    fn parents_that_contradict_are_reported() {
        check("a:\nb:\nl: a b\nr: b a\nx: l r", "a\nb\na b l\nb a r\nx\n`x` inherits from `a` and `b` in contradicting orders");
    }

    #[test]
    fn a_cycle_is_reported_once() {
        check("b: a\na: c\nc: b\nd: a", "b\na\nc\na d\nthings inherit from each other in a circle");
    }
}
