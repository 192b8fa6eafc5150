//! What the base of a thing holds, and the patches that turn it into what other environments and clusters have. The base is the
//! rendering of the root environment on the first cluster that has the thing, without objects that are better written out.

use super::content::{Content, Contents};
use super::patch::{self, same, size};
use super::replay;
use super::{Group, Instance};
use crate::model::{EnvironmentId, Model};
use crate::print::{Printout, Spelling, Tree};
use crate::value::Value;
use std::collections::BTreeMap;

/// How a thing is cut into base and overlays.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// Objects of the base, as indexes into [`Contents::list`], in template order.
    pub(super) base: Vec<usize>,
    /// The patch that makes this content from the base's; none for contents that need no patch.
    pub(super) patches: BTreeMap<usize, Printout>,
}

/// The environments in the order in which they are asked for a base: the root (the one others inherit from; of several, the last of
/// `platform.promotion`), then the rest of the promotion from its end, then all others in written order.
pub(super) fn preference(model: &Model) -> Vec<EnvironmentId> {
    let by_name: BTreeMap<&str, EnvironmentId> = model.environments().map(|(id, environment)| (&*environment.name, id)).collect();
    // Abstract environments have no rendering, so the first that is not abstract counts as the root.
    let roots: Vec<(EnvironmentId, EnvironmentId)> = model
        .environments()
        .filter_map(|(id, environment)| Some((id, environment.line.iter().find_map(|name| by_name.get(&**name).copied())?)))
        .collect();
    let is_root = |id: EnvironmentId| roots.contains(&(id, id));
    let has_heirs = |id: EnvironmentId| roots.iter().any(|(heir, root)| *root == id && *heir != id);
    let promotion = model.platform.value.get("promotion").and_then(Value::as_list).unwrap_or(&[]);
    let mut order: Vec<EnvironmentId> = promotion.iter().rev().filter_map(|name| by_name.get(name.as_str()?).copied()).collect();
    order.extend(
        model
            .environments()
            .map(|(id, _)| id)
            .filter(|id| !promotion.iter().any(|name| name.as_str() == Some(&*model.environment(*id).name))),
    );
    let root = order.iter().position(|id| is_root(*id) && has_heirs(*id)).or_else(|| order.iter().position(|id| is_root(*id)));
    if let Some(root) = root {
        order.get_mut(..=root).unwrap_or(&mut []).rotate_right(1);
    }
    order
}

/// Decides what the base holds, and makes the patches.
pub(super) fn cut(
    instances: &[Instance<'_>],
    groups: &[Group],
    contents: &Contents<'_>,
    preference: &[EnvironmentId],
    traced: bool,
) -> Cut {
    let mut cut = Cut::default();
    let filled = || instances.iter().filter(|instance| !instance.contents.is_empty());
    let first = |environment: &EnvironmentId| {
        let there = filled().filter(|instance| instance.environment == *environment);
        there.min_by_key(|instance| instance.cluster)
    };
    let Some(model) = preference.iter().find_map(first) else {
        return cut;
    };
    // For each key: its contents, and at how many places each of them is found.
    let mut found: BTreeMap<usize, BTreeMap<usize, usize>> = BTreeMap::new();
    for group in groups {
        for at in &group.contents {
            if let Some(content) = contents.list.get(*at) {
                *found.entry(content.key).or_default().entry(*at).or_default() += group.instances.len();
            }
        }
    }
    let places = filled().count();
    let namesakes = namesakes(contents);
    for at in &model.contents {
        let Some(content) = contents.list.get(*at) else { continue };
        let Some(variants) = found.get(&content.key) else { continue };
        if variants.values().sum::<usize>() * 2 < places {
            // Most places would have to delete it.
            continue;
        }
        let variants: Vec<(usize, &Content<'_>, usize)> =
            variants.iter().filter_map(|(at, count)| Some((*at, contents.list.get(*at)?, *count))).collect();
        if variants.iter().any(|(_, variant, _)| variant.is_apart) {
            continue;
        }
        if variants.len() > 1 && (variants.iter().any(|(_, variant, _)| variant.unpatchable) || is_ambiguous(content, contents, &namesakes))
        {
            continue;
        }
        if let Some(patches) = patches(*at, content, &variants, traced) {
            cut.base.push(*at);
            cut.patches.extend(patches);
        }
    }
    cut
}

/// The patches that make each variant from the base's content; none if writing the variants out is shorter.
fn patches(
    base: usize,
    content: &Content<'_>,
    variants: &[(usize, &Content<'_>, usize)],
    traced: bool,
) -> Option<BTreeMap<usize, Printout>> {
    let mut patches = BTreeMap::new();
    let lines = |tree: &Tree| size(tree, usize::MAX) - 1;
    let (mut patched, mut written) = (lines(&content.tree), 0);
    for (at, variant, count) in variants {
        written += lines(&variant.tree) * count;
        if *at == base {
            continue;
        }
        let operations = patch::synthesise(&content.tree, &variant.tree);
        // They differ only in what has no meaning, `1.0` and `1` for example.
        if operations.is_empty() {
            continue;
        }
        if !replay::apply(&content.tree, &operations).is_some_and(|result| same(&result, &variant.tree)) {
            debug_assert!(false, "a patch does not lead to its target");
            return None;
        }
        let page = Printout::print(&patch::tree(&operations), Spelling::Yaml, traced);
        patched += page.text.lines().count() * count;
        patches.insert(*at, page);
    }
    (patched <= written || variants.len() == 1).then_some(patches)
}

type Namesakes<'a> = BTreeMap<(&'a str, &'a str), Vec<usize>>;

fn namesakes<'a>(contents: &'a Contents<'_>) -> Namesakes<'a> {
    let mut namesakes = Namesakes::new();
    for (at, key) in contents.keys.iter().enumerate() {
        namesakes.entry((&key.kind, &key.name)).or_default().push(at);
    }
    namesakes
}

/// Whether a patch for this object could hit another object of the same kind and name as well.
fn is_ambiguous(content: &Content<'_>, contents: &Contents<'_>, namesakes: &Namesakes<'_>) -> bool {
    let Some(key) = contents.keys.get(content.key) else { return true };
    let others = namesakes.get(&(key.kind.as_str(), key.name.as_str())).map_or(&[][..], Vec::as_slice);
    others.iter().filter_map(|at| contents.keys.get(*at)).any(|other| key.captures(other))
}
