//! Edges: containment, `dependsOn`, references, and every thing that an expression reads, each with its place. What an expression reads is
//! what its text names, wherever the text came from; for a computed name, what evaluating it gave.

use super::{Edge, EdgeCause, errors};
use crate::definition::{Definitions, reads};
use crate::diagnostic::Diagnostics;
use crate::expression::Reference;
use crate::limit::{LINKS, LINKS_THING};
use crate::model::{Entity, EntityId, EntityIndex, Met, Model, Names, To, Within, reaching, reference};
use crate::name::Kind;
use crate::path::Path;
use crate::span::Span;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// All edges, sorted by what needs; then as they are found. `met` is what evaluations met by names, sorted.
pub(super) fn collect(definitions: &Definitions, model: &Model, met: &[Met], diagnostics: &mut Diagnostics) -> Vec<Edge> {
    let index = EntityIndex::new(model);
    let names = Names::new(model, &index);
    let classes: Vec<Vec<Reference>> = definitions.classes.iter().map(|class| reads::of_class(class)).collect();
    let mut checked: BTreeMap<u32, Vec<Span>> = BTreeMap::new();
    let mut edges = Edges { found: Vec::new(), known: BTreeSet::new(), named: BTreeSet::new(), left: most(model.entities.len()) };
    for (id, entity) in model.entities() {
        edges.known.clear();
        edges.named.clear();
        let of_class = classes.get(entity.class.0 as usize).map_or(&[][..], Vec::as_slice);
        let needs = entity.value.get("dependsOn").and_then(Value::as_list).unwrap_or_default();
        let start = met.partition_point(|one| one.from < id);
        let met = met.get(start..).unwrap_or_default();
        let met = met.get(..met.partition_point(|one| one.from == id)).unwrap_or_default();
        let Some(left) = edges.left.checked_sub(needs.len() + of_class.len() + entity.reads.len() + met.len()) else {
            diagnostics.push(errors::too_many_links(entity, most(model.entities.len())));
            break;
        };
        edges.left = left;
        for around in [entity.cluster, entity.tenant].into_iter().flatten() {
            edges.push(id, around, EdgeCause::Containment, entity.defined);
        }
        for item in needs {
            let Some(name) = item.as_str() else { continue };
            let path = name.parse().unwrap_or_else(|_| Path::of([name]));
            match names.dependency(id, &path, !item.made().is_empty()) {
                Some(to) if to == id => diagnostics.push(errors::waits_for_itself(entity, item.origin.span)),
                Some(to) => {
                    edges.push(id, to, EdgeCause::DependsOn, item.origin.span);
                    reaching(model, definitions, (id, to), item.origin.span).into_iter().for_each(|fault| diagnostics.push(fault));
                }
                // In another environment or on another cluster: nothing to wait for here.
                None if defined(definitions, entity, &path) || made(model, definitions, entity, &path) => {}
                None => diagnostics.push(errors::unknown_dependency(&path, item.origin.span, entity, definitions)),
            }
        }
        if let Some(class) = definitions.classes.get(entity.class.0 as usize).filter(|class| class.refers) {
            reference::each(&entity.value, &class.type_, &mut |value, referent| {
                let Some(left) = edges.left.checked_sub(1) else { return };
                edges.left = left;
                let to = value.as_str().and_then(|text| names.reference(id, &referent.kinds, text));
                // What leads nowhere was told where values are checked.
                if to == Some(id) && referent.orders {
                    // One that it could not name anyhow was told there, too.
                    let suits = referent.class.as_ref().is_none_or(|name| class.is_a(name))
                        && referent.provides.as_ref().is_none_or(|capability| class.provides(capability));
                    if class.sound && !suits {
                        return;
                    }
                    diagnostics.push(errors::refers_to_itself(entity, value.origin.span));
                } else if let Some(to) = to {
                    edges.push(id, to, if referent.orders { EdgeCause::Refers } else { EdgeCause::Knows }, value.origin.span);
                }
            });
        }
        let own = entity.reads.iter().map(|reference| (reference, Within::Definition));
        for (reference, within) in own.chain(of_class.iter().map(|reference| (reference, Within::Class))) {
            if let Some((To::Entity(to), _)) = names.bind(id, within, &reference.steps) {
                edges.push(id, to, EdgeCause::Reads, reference.span);
                edges.named.insert(to);
            }
        }
        for handed in entity.made.iter().flat_map(|made| made.handed.iter()).filter_map(|at| model.handed.get(*at as usize)) {
            let Some(owner) = handed.owner() else { continue };
            let read = reads::of(handed.value());
            let Some(left) = edges.left.checked_sub(read.len()) else { break };
            edges.left = left;
            for reference in read.iter().filter(|reference| !handed.is_iterated(reference)) {
                if let Some((To::Entity(to), _)) = names.bind(owner, handed.within(), &reference.steps) {
                    edges.push(id, to, EdgeCause::Reads, reference.span);
                    edges.named.insert(to);
                }
            }
        }
        let of_rules = || definitions.classes.get(entity.class.0 as usize).map_or_else(Vec::new, |class| reads::checked(class));
        let mut is_checked = |at: Span| checked.entry(entity.class.0).or_insert_with(of_rules).iter().any(|place| place.overlaps(at));
        for one in met {
            // What a text names is known already, and to its very place. Whoever compares itself with all others needs none of them.
            if !edges.named.contains(&one.to) && !is_checked(one.span) {
                edges.push(id, one.to, EdgeCause::Reads, one.span);
            }
        }
    }
    edges.found
}

/// What was found.
struct Edges {
    found: Vec<Edge>,
    /// The edges of the entity at hand.
    known: BTreeSet<(EntityId, EdgeCause, Span)>,
    /// What its texts name.
    named: BTreeSet<EntityId>,
    /// How many names may still be asked for.
    left: usize,
}

impl Edges {
    fn push(&mut self, from: EntityId, to: EntityId, cause: EdgeCause, span: Span) {
        if to != from && self.known.insert((to, cause, span)) {
            self.found.push(Edge { from, to, cause, span });
        }
    }
}

/// How many names so many things may be asked for.
fn most(things: usize) -> usize {
    LINKS.saturating_add(things.saturating_mul(LINKS_THING))
}

/// Whether something that `dependsOn` says is made anywhere, or would be if nothing was wrong with that, which was reported.
fn made(model: &Model, definitions: &Definitions, entity: &Entity, path: &Path) -> bool {
    let (kinds, name) = match path.keys().as_deref() {
        Some([name]) => (vec![entity.kind, Kind::Service], (*name).to_owned()),
        Some([.., kind, name]) => (Kind::from_plural(kind).into_iter().collect(), (*name).to_owned()),
        Some(_) | None => return false,
    };
    let mut made = model.entities.iter().filter(|other| other.made.is_some());
    let may_be = |kind: &Kind| definitions.makers.lost().contains(kind) || model.absent.may_lack(*kind, &name);
    kinds.iter().any(may_be) || made.any(|other| kinds.contains(&other.kind) && (*other.name == *name || **other.identity.text() == *name))
}

/// Whether a definition has the name or identity that `dependsOn` says, even if it exists nowhere.
fn defined(definitions: &Definitions, entity: &Entity, path: &Path) -> bool {
    let inner = |kind: Kind, name: &str| {
        let homes = definitions.definitions.iter().flat_map(|home| &home.inner).chain(&definitions.common.inner);
        homes.into_iter().any(|inner| inner.kind == kind && *inner.name.name == *name)
    };
    let has = |kind: Kind, name: &str| {
        let named = if kind.home().is_some() { inner(kind, name) } else { definitions.definition(kind, name).is_some() };
        named || definitions.identities.has(kind, name)
    };
    match path.keys().as_deref() {
        Some([name]) => has(entity.kind, name) || has(Kind::Service, name),
        Some(keys) if keys.len() % 2 == 0 => keys.chunks(2).all(|step| match step {
            [kind, name] => Kind::from_plural(kind).is_some_and(|kind| has(kind, name)),
            _ => false,
        }),
        Some(_) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use crate::code::Code;
    use crate::system::MemorySystem;

    /// Whether there are too many names, if so many things read so many values each.
    fn too_many(things: usize, names: usize) -> bool {
        let reads = "${platform.name}".repeat(names);
        let own: String = (0..things).map(|at| format!("  i{at}: {{class: thing}}\n")).collect();
        let text = format!(
            "platform: {{name: acme, domain: infra.example.com}}\nenvironments: {{apps: {{}}}}\nclasses: {{infrastructure: {{thing: {{let: {{x: '{reads}'}}}}}}}}\ninfrastructure:\n{own}"
        );
        let compilation = crate::compile(&MemorySystem::default().with("platform.yaml", text), &Options::default());
        let said = compilation.diagnostics.sorted(&compilation.sources);
        said.iter().any(|diagnostic| diagnostic.code == Code::ExpansionTooLarge)
    }

    #[test]
    fn links_are_counted() {
        assert_eq!((most(0), most(5)), (LINKS, LINKS + 5 * LINKS_THING));
        // 1,700 things may have 5,170,000 names.
        assert!(!too_many(1_700, 3_000));
        assert!(too_many(1_700, 3_100));
    }
}
