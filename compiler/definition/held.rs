//! Which classes hold definitions of which others in their fields: `definition(kind, class)` in a schema. In come classes as they are written; out
//! go those that each needs to be read. Circles are told here.

use super::errors;
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::source::Sources;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::collections::BTreeSet;

/// Kinds and classes of the definitions that a shorthand speaks of, as they are written.
pub(super) fn names(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = text.split("definition(").skip(1);
    parts.filter_map(|part| part.split_once(')')?.0.split_once(',')).map(|(kind, name)| (kind.trim(), name.trim()))
}

/// The same of the fields and types of a class.
fn of_class(entry: &Entry, sources: &Sources) -> Vec<(Kind, String, Span)> {
    let mut found = Vec::new();
    for section in ["schema", "types"] {
        if let Some(value) = entry.value.get(section) {
            of(value, sources, &mut found);
        }
    }
    found
}

fn of(value: &Value, sources: &Sources, found: &mut Vec<(Kind, String, Span)>) {
    let mut text = |text: &str| {
        let those = names(text).filter_map(|(kind, name)| Some((Kind::from_singular(kind)?, name.to_owned(), value.origin.span)));
        found.extend(those);
    };
    match &value.data {
        Data::String(written) => text(written),
        Data::Template(_) => text(sources.text(value.origin.span)),
        Data::List(list) => list.items().iter().for_each(|item| of(item, sources, found)),
        Data::Map(map) => Map::entries(map).iter().for_each(|entry| of(&entry.value, sources, found)),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => {}
    }
}

/// Which classes each one needs, by position: those that it inherits from, and those whose definitions they hold.
pub(super) struct Holdings {
    needs: Vec<Vec<(usize, Option<Span>)>>,
    /// Classes that hold a definition of themselves, by way of others.
    lost: BTreeSet<usize>,
    order: Vec<usize>,
}

impl Holdings {
    /// Of all classes; `place` finds one by kind and name, `parents` are the classes that one inherits from.
    pub(super) fn new(
        blocks: &[(Kind, Entry)],
        parents: &[Vec<usize>],
        place: impl Fn(Kind, &str) -> Option<usize>,
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut needs: Vec<Vec<(usize, Option<Span>)>> = Vec::new();
        for (at, (_, entry)) in blocks.iter().enumerate() {
            let above = parents.get(at).into_iter().flatten().map(|parent| (*parent, None));
            let held = of_class(entry, sources).into_iter().filter_map(|(kind, name, span)| Some((place(kind, &name)?, Some(span))));
            needs.push(above.chain(held).collect());
        }
        let mut holdings = Self { needs, lost: BTreeSet::new(), order: Vec::new() };
        holdings.sort(blocks, diagnostics);
        holdings
    }

    /// All classes, those that others need first.
    pub(super) fn order(&self) -> &[usize] {
        &self.order
    }

    /// Whether a class holds a definition of itself, which is told.
    pub(super) fn is_lost(&self, at: usize) -> bool {
        self.lost.contains(&at)
    }

    /// All that a class needs, near or far, itself included.
    pub(super) fn all(&self, at: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::from([at]);
        let mut waiting = vec![at];
        while let Some(at) = waiting.pop() {
            let needs = self.needs.get(at).into_iter().flatten();
            waiting.extend(needs.map(|(to, _)| *to).filter(|to| found.insert(*to)));
        }
        found
    }

    fn sort(&mut self, blocks: &[(Kind, Entry)], diagnostics: &mut Diagnostics) {
        let mut done: BTreeSet<usize> = BTreeSet::new();
        for start in 0..self.needs.len() {
            // The way, each class with how many of those that it needs were looked at.
            let mut way: Vec<(usize, usize)> = vec![(start, 0)];
            while let Some((at, seen)) = way.last().copied() {
                let next = self.needs.get(at).and_then(|needs| needs.get(seen)).copied().filter(|_| !done.contains(&at));
                let Some((to, _)) = next else {
                    if done.insert(at) {
                        self.order.push(at);
                    }
                    way.pop();
                    continue;
                };
                if let Some(last) = way.last_mut() {
                    last.1 += 1;
                }
                match way.iter().position(|(known, _)| *known == to) {
                    None if !done.contains(&to) => way.push((to, 0)),
                    None => {}
                    Some(first) => {
                        let circle: Vec<(usize, usize)> = way.iter().skip(first).copied().collect();
                        self.circle(&circle, blocks, diagnostics);
                    }
                }
            }
        }
    }

    fn circle(&mut self, circle: &[(usize, usize)], blocks: &[(Kind, Entry)], diagnostics: &mut Diagnostics) {
        let step = |(at, seen): &(usize, usize)| self.needs.get(*at)?.get(seen.checked_sub(1)?)?.1;
        let spans: Vec<Span> = circle.iter().filter_map(step).collect();
        // One of inheritance alone is told where lines are made.
        if spans.is_empty() {
            return;
        }
        // Of circles that share a class one is told: whoever opens it meets the next.
        let is_told = circle.iter().any(|(at, _)| self.lost.contains(at));
        self.lost.extend(circle.iter().map(|(at, _)| *at));
        if is_told {
            return;
        }
        let names = circle.iter().filter_map(|(at, _)| blocks.get(*at));
        let names: Vec<String> = names.map(|(kind, entry)| format!("`{}/{}`", kind.singular(), entry.key)).collect();
        diagnostics.push(errors::definitions_in_circle(&names, &spans));
    }
}
