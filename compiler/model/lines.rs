//! Lines of ancestors of all definitions, with the class each ends up with; and the pools of clusters with their lines.

use super::errors;
use crate::definition::{Class, Definition, Definitions};
use crate::diagnostic::Diagnostics;
use crate::inheritance::{Parent, line};
use crate::name::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A pool of a cluster.
#[derive(Clone)]
pub(super) struct Pool<'a> {
    /// What the cluster and its ancestors say about this pool, farthest first.
    pub(super) own: Vec<&'a Definition>,
    /// All definitions that contribute, farthest ancestor first: inherited pools and then `own`.
    pub(super) line: Vec<&'a Definition>,
    /// Whether an ancestor is missing, so that what it would say is unknown.
    pub(super) is_broken: bool,
}

/// Lines by address.
pub(super) struct Lines<'a> {
    lines: BTreeMap<Arc<str>, Vec<&'a Definition>>,
    classes: BTreeMap<Arc<str>, (usize, &'a Class)>,
    pools: BTreeMap<Arc<str>, Vec<Pool<'a>>>,
    /// Definitions of which an ancestor is missing.
    broken: BTreeSet<Arc<str>>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(definitions: &'a Definitions, diagnostics: &mut Diagnostics) -> Self {
        let mut result = Self { lines: BTreeMap::new(), classes: BTreeMap::new(), pools: BTreeMap::new(), broken: BTreeSet::new() };
        for kind in Kind::ALL {
            let all: Vec<&Definition> = definitions.of_kind(kind).collect();
            let names: Vec<Arc<str>> = all.iter().map(|definition| Arc::clone(&definition.name.name)).collect();
            let mut places: BTreeMap<&str, usize> = BTreeMap::new();
            for (at, name) in names.iter().enumerate() {
                places.entry(name).or_insert(at);
            }
            let parents: Vec<Vec<Parent>> =
                all.iter().map(|definition| parents(definition, &names, &places, definitions, diagnostics)).collect();
            let (lines, broken, faults) = line(kind.words(), &names, &parents);
            for fault in faults {
                diagnostics.push(fault);
            }
            let lost = |at: usize| all.get(at).zip(parents.get(at)).is_some_and(|(one, found)| found.len() < one.parents.len());
            for (at, (definition, line)) in all.iter().zip(lines).enumerate() {
                let is_broken = broken.contains(&at) || line.iter().any(|at| lost(*at));
                let line: Vec<&Definition> = line.into_iter().filter_map(|at| all.get(at).copied()).collect();
                if is_broken {
                    result.broken.insert(Arc::clone(&definition.address));
                } else if kind != Kind::NodePool
                    && let Some(class) = class(definition, &line, definitions, diagnostics)
                {
                    result.classes.insert(Arc::clone(&definition.address), class);
                }
                result.lines.insert(Arc::clone(&definition.address), line);
            }
        }
        for cluster in definitions.of_kind(Kind::Cluster) {
            let pools = pools(cluster, &result, definitions, diagnostics);
            result.pools.insert(Arc::clone(&cluster.address), pools);
        }
        result
    }

    /// The line of a definition, farthest ancestor first, itself last.
    pub(super) fn definition(&self, definition: &'a Definition) -> Vec<&'a Definition> {
        self.lines.get(&definition.address).cloned().unwrap_or_else(|| vec![definition])
    }

    /// The class of a definition.
    pub(super) fn class(&self, definition: &Definition) -> Option<(usize, &'a Class)> {
        self.classes.get(&definition.address).copied()
    }

    /// Whether an ancestor is missing: what the definition says cannot be told, and why was reported.
    pub(super) fn is_broken(&self, definition: &Definition) -> bool {
        self.broken.contains(&definition.address)
    }

    /// The pools of a cluster in written order, those of its ancestors first.
    pub(super) fn pools(&self, cluster: &Definition) -> Vec<Pool<'a>> {
        self.pools.get(&cluster.address).cloned().unwrap_or_default()
    }
}

fn parents(
    definition: &Definition,
    names: &[Arc<str>],
    places: &BTreeMap<&str, usize>,
    definitions: &Definitions,
    diagnostics: &mut Diagnostics,
) -> Vec<Parent> {
    let mut result = Vec::new();
    for parent in &definition.parents {
        match places.get(&*parent.name).copied() {
            Some(index) => result.push(Parent { index, span: parent.span }),
            None => {
                let known: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
                let elsewhere = Kind::ALL.into_iter().find_map(|kind| definitions.definition(kind, &parent.name));
                diagnostics.push(errors::unknown_parent(
                    definition.kind.plural(),
                    definition.kind.words(),
                    &definition.name.name,
                    parent,
                    &known,
                    elsewhere,
                ));
            }
        }
    }
    result
}

/// The class that the nearest of the line names; services, tenants and applications have one without naming it.
fn class<'a>(
    definition: &Definition,
    line: &[&'a Definition],
    definitions: &'a Definitions,
    diagnostics: &mut Diagnostics,
) -> Option<(usize, &'a Class)> {
    let kind = definition.kind;
    for ancestor in line.iter().rev() {
        if let Some(named) = &ancestor.class {
            let found = definitions.class(kind, &named.name);
            match found {
                None => diagnostics.push(errors::unknown_class(kind, named, definitions)),
                Some((_, class)) if class.is_abstract && !definition.is_abstract => {
                    diagnostics.push(errors::abstract_class(class, named.span));
                    return None;
                }
                Some(_) => {}
            }
            return found;
        }
        let implied = match kind {
            Kind::Service => Some(&*ancestor.name.name),
            Kind::Tenant => Some("tenant"),
            Kind::Application => Some("application"),
            Kind::Cluster | Kind::NodePool | Kind::Infrastructure => None,
        };
        if let Some(found) = implied.and_then(|name| definitions.class(kind, name)).filter(|(_, class)| !class.is_abstract) {
            return Some(found);
        }
    }
    // An abstract definition without a class is a bag of fields for whoever inherits it.
    if !definition.is_abstract {
        diagnostics.push(errors::missing_class(definition, definitions));
    }
    None
}

/// Pools of a cluster: every name its line mentions, each with what it inherits from siblings and top-level pools.
fn pools<'a>(cluster: &'a Definition, lines: &Lines<'a>, definitions: &'a Definitions, diagnostics: &mut Diagnostics) -> Vec<Pool<'a>> {
    let line_of_cluster = lines.definition(cluster);
    let mut names: Vec<Arc<str>> = Vec::new();
    let mut own: Vec<Vec<&Definition>> = Vec::new();
    let mut siblings_by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for pool in line_of_cluster.iter().flat_map(|definition| &definition.pools) {
        match siblings_by_name.get(&*pool.name.name) {
            Some(at) => {
                if let Some(list) = own.get_mut(*at) {
                    list.push(pool);
                }
            }
            None => {
                siblings_by_name.insert(&pool.name.name, names.len());
                names.push(Arc::clone(&pool.name.name));
                own.push(vec![pool]);
            }
        }
    }
    let siblings = names.len();
    if siblings == 0 {
        return Vec::new();
    }
    let top: Vec<&Definition> = definitions.of_kind(Kind::NodePool).collect();
    names.extend(top.iter().map(|pool| Arc::clone(&pool.name.name)));
    let mut top_by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, pool) in top.iter().enumerate() {
        top_by_name.entry(&pool.name.name).or_insert(at + siblings);
    }
    let mut parents: Vec<Vec<Parent>> = Vec::new();
    let mut lost: BTreeSet<usize> = BTreeSet::new();
    for (at, fragments) in own.iter().enumerate() {
        let mut list = Vec::new();
        // The strongest definition of the cluster's line that says what the pool inherits from counts.
        let spoken = fragments.iter().rev().find(|fragment| !fragment.parents.is_empty());
        for parent in spoken.map(|fragment| fragment.parents.as_slice()).unwrap_or_default() {
            let sibling = siblings_by_name.get(&*parent.name).copied().filter(|index| *index != at);
            let found = sibling.or_else(|| top_by_name.get(&*parent.name).copied());
            match found {
                Some(index) => list.push(Parent { index, span: parent.span }),
                None => {
                    let known: Vec<&str> =
                        names.iter().map(AsRef::as_ref).filter(|name| Some(*name) != names.get(at).map(AsRef::as_ref)).collect();
                    let name = names.get(at).map_or("", |name| name);
                    let elsewhere = Kind::ALL.into_iter().find_map(|kind| definitions.definition(kind, &parent.name));
                    diagnostics.push(errors::unknown_parent("nodePools", "node pool", name, parent, &known, elsewhere));
                    lost.insert(at);
                }
            }
        }
        parents.push(list);
    }
    for pool in &top {
        if lines.is_broken(pool) {
            lost.insert(parents.len());
        }
        let list = pool.parents.iter().filter_map(|parent| {
            let index = top_by_name.get(&*parent.name).copied()?;
            Some(Parent { index, span: parent.span })
        });
        parents.push(list.collect());
    }
    let (pool_lines, broken, faults) = line("node pool", &names, &parents);
    for fault in faults {
        diagnostics.push(fault);
    }
    own.iter()
        .zip(pool_lines)
        .enumerate()
        .map(|(at, (fragments, line))| {
            let is_broken = broken.contains(&at) || line.iter().any(|at| lost.contains(at));
            let mut flat = Vec::new();
            for at in line {
                match own.get(at) {
                    Some(fragments) => flat.extend(fragments.iter().copied()),
                    None => flat.extend(top.get(at - siblings).copied()),
                }
            }
            Pool { own: fragments.clone(), line: flat, is_broken }
        })
        .collect()
}
