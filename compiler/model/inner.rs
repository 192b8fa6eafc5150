//! What stands under a definition: every name that `defaults`, its line of ancestors or itself speak of, each with what it inherits from siblings
//! and from bases at the top. In come lines of definitions, out go lines of what stands under them. Environments are not known here.

use super::classes::Choice;
use super::errors;
use super::lines::Lines;
use crate::definition::{Definition, Definitions, Named};
use crate::diagnostic::Diagnostics;
use crate::inheritance::{Parent, line};
use crate::name::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A pool of a cluster, or an application of a tenant.
pub(super) struct InnerLine<'a> {
    pub(super) kind: Kind,
    /// Its address: `clusters.gc0.nodePools.default`, whoever speaks of it.
    pub(super) address: Arc<str>,
    /// What is said of this very thing: by defaults, by the ancestors of what it stands under, farthest first, and by that itself.
    pub(super) own: Vec<&'a Definition>,
    /// All definitions that contribute, weakest first: what it inherits, and `own`.
    pub(super) line: Vec<&'a Definition>,
    /// What the line says of its class.
    pub(super) choice: Choice<'a>,
    /// Whether an ancestor is missing, so that what it would say is unknown.
    pub(super) is_broken: bool,
}

impl InnerLine<'_> {
    /// Whether a body speaks of it, and not only overlays.
    pub(super) fn is_spoken(&self) -> bool {
        self.own.iter().any(|definition| definition.body.is_some())
    }

    /// Whether its line leaves its class open.
    pub(super) fn chooses_none(&self) -> bool {
        matches!(self.choice, Choice::Open)
    }
}

/// What is said of one name.
struct Spoken<'a> {
    name: &'a Arc<str>,
    /// Among the defaults.
    common: Option<&'a Definition>,
    /// By the line of what it stands under.
    line: Vec<&'a Definition>,
}

impl<'a> Spoken<'a> {
    /// What it inherits from, if its line says so: the strongest that does counts.
    fn parents(&self) -> &'a [Named] {
        self.line.iter().rev().find(|one| !one.parents.is_empty()).map_or(&[], |one| one.parents.as_slice())
    }
}

/// A part of a line of ancestors.
#[derive(Clone, Copy)]
enum LineNode<'a> {
    /// What the line of the home says of one of the names.
    Sibling(usize),
    /// What defaults say of it: its weakest parent, which itself inherits only if the line names no parents.
    Common(usize, &'a Definition),
    /// A base at the top.
    Base(&'a Definition),
}

/// What stands under a definition.
pub(super) fn of<'a>(
    home: &'a Definition,
    lines: &Lines<'a>,
    definitions: &'a Definitions,
    diagnostics: &mut Diagnostics,
) -> Vec<InnerLine<'a>> {
    let Some(kind) = home.kind.inner() else { return Vec::new() };
    let siblings = spoken(home, kind, lines, definitions);
    let places: BTreeMap<&str, usize> = siblings.iter().enumerate().map(|(at, one)| (&**one.name, at)).collect();
    let mut nodes: Vec<LineNode<'_>> = (0..siblings.len()).map(LineNode::Sibling).collect();
    nodes.extend(siblings.iter().enumerate().filter_map(|(at, one)| Some(LineNode::Common(at, one.common?))));
    let commons: BTreeMap<usize, usize> = nodes
        .iter()
        .enumerate()
        .filter_map(|(at, node)| match node {
            LineNode::Common(of, _) => Some((*of, at)),
            LineNode::Sibling(_) | LineNode::Base(_) => None,
        })
        .collect();
    let mut bases: BTreeMap<&str, usize> = BTreeMap::new();
    let mut parents: Vec<Vec<Parent>> = Vec::new();
    let mut lost: BTreeSet<usize> = BTreeSet::new();
    // Bases are added behind, with all that they inherit themselves.
    let mut at = 0;
    while let Some(node) = nodes.get(at).copied() {
        let mut list = Vec::new();
        let (own, named) = match node {
            LineNode::Sibling(at) => {
                let one = siblings.get(at);
                list.extend(one.and_then(|one| Some(Parent { index: *commons.get(&at)?, span: one.common?.name.span })));
                (Some(at), one.map_or(&[][..], Spoken::parents))
            }
            LineNode::Common(at, common) => {
                let is_weaker = siblings.get(at).is_some_and(|one| !one.parents().is_empty());
                (Some(at), if is_weaker { &[][..] } else { common.parents.as_slice() })
            }
            LineNode::Base(base) => {
                if lines.is_broken(base) {
                    lost.insert(at);
                }
                (None, base.parents.as_slice())
            }
        };
        for parent in named {
            let sibling = places.get(&*parent.name).copied().filter(|index| own.is_some_and(|own| own != *index));
            let base = || definitions.definition(kind, &parent.name);
            let index = sibling.or_else(|| {
                let base = base()?;
                Some(*bases.entry(&base.name.name).or_insert_with(|| {
                    nodes.push(LineNode::Base(base));
                    nodes.len() - 1
                }))
            });
            match (index, own.and_then(|own| siblings.get(own))) {
                (Some(index), _) => list.push(Parent { index, span: parent.span }),
                // What its home would have from an ancestor that is missing, which is told, nobody knows.
                (None, Some(_)) if lines.is_broken(home) => _ = lost.insert(at),
                (None, Some(one)) => {
                    let all = siblings.iter().map(|one| one.name).chain(definitions.of_kind(kind).map(|base| &base.name.name));
                    let known: Vec<&str> = all.filter(|name| *name != one.name).map(AsRef::as_ref).collect();
                    let elsewhere = Kind::ALL.into_iter().find_map(|kind| definitions.definition(kind, &parent.name));
                    let unknown = errors::unknown_parent(kind.plural(), kind.words(), one.name, parent, &known, elsewhere);
                    let is_it = |other: &&Definition| other.kind == kind && other.name.name == parent.name;
                    let other = definitions.definitions.iter().find(|other| other.inner.iter().any(|inner| is_it(&inner)));
                    diagnostics.push(match other {
                        Some(other) => unknown.note(format!(
                            "that of {} `{}` cannot be inherited from here; what both share is a base at the top",
                            other.kind.words(),
                            other.name.name
                        )),
                        None => unknown,
                    });
                    lost.insert(at);
                }
                // That is told of the base.
                (None, None) => {}
            }
        }
        parents.push(list);
        at += 1;
    }
    let name = |node: &LineNode<'a>| match node {
        LineNode::Sibling(at) => siblings.get(*at).map_or_else(|| "".into(), |one| Arc::clone(one.name)),
        LineNode::Common(_, one) | LineNode::Base(one) => Arc::clone(&one.name.name),
    };
    let names: Vec<Arc<str>> = nodes.iter().map(name).collect();
    let (found, broken, faults) = line(kind.words(), &names, &parents);
    for fault in faults {
        diagnostics.push(fault);
    }
    let mut result = Vec::new();
    for (at, (one, ancestors)) in siblings.iter().zip(found).enumerate() {
        let is_broken = broken.contains(&at) || ancestors.iter().any(|at| lost.contains(at));
        let mut line: Vec<&Definition> = Vec::new();
        for node in ancestors.into_iter().filter_map(|at| nodes.get(at)) {
            match node {
                LineNode::Sibling(of) if *of == at => line.extend(&one.line),
                LineNode::Sibling(of) => line.extend(siblings.get(*of).into_iter().flat_map(|one| &one.line).map(|one| one.handed_on())),
                LineNode::Common(of, common) if *of == at => line.push(*common),
                LineNode::Common(_, inherited) | LineNode::Base(inherited) => line.push(inherited.handed_on()),
            }
        }
        result.push(InnerLine {
            kind,
            address: format!("{}.{}.{}", home.address, kind.plural(), one.name).into(),
            own: one.common.into_iter().chain(one.line.iter().copied()).collect(),
            choice: if is_broken { Choice::Said(None) } else { lines.choice(kind, &line, diagnostics) },
            line,
            is_broken,
        });
    }
    result
}

/// Every name that is spoken of, with all that is said of it.
fn spoken<'a>(home: &'a Definition, kind: Kind, lines: &Lines<'a>, definitions: &'a Definitions) -> Vec<Spoken<'a>> {
    let mut result: Vec<Spoken<'a>> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let common = definitions.common.inner.iter().filter(|one| one.kind == kind);
    for one in common {
        places.insert(&one.name.name, result.len());
        result.push(Spoken { name: &one.name.name, common: Some(one), line: Vec::new() });
    }
    for one in lines.written(home).into_iter().flat_map(|definition| &definition.inner) {
        let at = *places.entry(&one.name.name).or_insert(result.len());
        match result.get_mut(at) {
            Some(known) => known.line.push(one),
            None => result.push(Spoken { name: &one.name.name, common: None, line: vec![one] }),
        }
    }
    result
}
