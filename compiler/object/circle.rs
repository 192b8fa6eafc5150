//! Stacks that read each other in a circle: where each of them reads the next, and which thing would break the circle if it joined another of
//! the stacks. In come stacks with what each member brought, out goes a report. It is only asked where there is a circle.

use super::{Stack, errors};
use crate::diagnostic::Diagnostic;
use crate::expression::LateReference;
use crate::model::{Entity, EntityId, World};
use crate::name::Kind;
use crate::order::order;
use crate::span::Span;
use crate::value::{Data, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many things are tried for a cure.
const TRIED: usize = 64;

/// One step of a circle.
pub(super) struct CircleStep<'a> {
    pub(super) from: &'a Stack,
    pub(super) to: &'a Stack,
    pub(super) reader: &'a Entity,
    /// What is read, in words.
    pub(super) what: String,
    pub(super) span: Span,
}

/// What one thing reads of another, or of a stack whose part nobody is known to have made.
struct Read {
    reader: EntityId,
    from: usize,
    to: usize,
    owner: Option<EntityId>,
    what: Arc<str>,
    span: Span,
}

/// Reports a circle of stacks, each of which reads the next.
pub(super) fn report(world: &World<'_>, circle: &[(&Stack, &[(EntityId, Value)])]) -> Diagnostic {
    let reads: Vec<Read> = circle.iter().enumerate().flat_map(|(at, _)| reads(world, circle, at)).collect();
    let next = |at: usize| (at + 1) % circle.len().max(1);
    let steps = (0..circle.len()).filter_map(|at| {
        let read = reads.iter().find(|read| read.from == at && read.to == next(at))?;
        let (from, to) = (circle.get(at)?.0, circle.get(next(at))?.0);
        Some(CircleStep { from, to, reader: world.entity(read.reader), what: format!("`{}`", read.what), span: read.span })
    });
    let steps: Vec<CircleStep<'_>> = steps.collect();
    let cure = cure(world, circle.len(), &reads);
    // Across environments there is none: no thing joins a stack of another one.
    let is_one = circle.iter().all(|(stack, _)| circle.first().is_some_and(|(first, _)| first.environment == stack.environment));
    let cure = cure.filter(|_| is_one).and_then(|(id, at)| Some((world.entity(id), &circle.get(at)?.0.name)));
    errors::stacks_cycle(world.model, &steps, cure)
}

/// What members of one of the stacks read of all of them.
fn reads(world: &World<'_>, circle: &[(&Stack, &[(EntityId, Value)])], from: usize) -> Vec<Read> {
    let Some((stack, bodies)) = circle.get(from) else { return Vec::new() };
    let mut found = Vec::new();
    let mut see = |reader: EntityId, reference: &LateReference, span: Span| {
        let named = stack.referred(world.model, reference);
        let to = circle.iter().position(|(other, _)| other.id() == named);
        let Some((to, home)) = to.and_then(|to| Some((to, circle.get(to)?.0))) else { return };
        let owner = match &reference.output {
            Some(output) => home.outputs.iter().find(|known| known.name == *output).map(|known| known.entity),
            None => maker(home, &reference.address),
        };
        let what = reference.output.clone().unwrap_or_else(|| Arc::clone(&reference.address));
        if to != from || owner.is_some_and(|owner| owner != reader) {
            found.push(Read { reader, from, to, owner, what, span });
        }
    };
    for (id, body) in *bodies {
        visit(body, &mut |reference, span| see(*id, reference, span));
    }
    for output in &stack.outputs {
        visit(&output.value, &mut |reference, span| see(output.entity, reference, span));
    }
    found
}

/// Who made the resource that an address begins with.
fn maker(stack: &Stack, address: &str) -> Option<EntityId> {
    let (type_, rest) = address.split_once('.')?;
    let name = rest.split(['.', '[']).next()?;
    stack.makers.get(&(type_.into(), name.into())).copied()
}

fn visit(value: &Value, see: &mut dyn FnMut(&LateReference, Span)) {
    match &value.data {
        Data::Late(late) => late.references().into_iter().for_each(|reference| see(reference, value.origin.span)),
        Data::List(list) => list.items().iter().for_each(|item| visit(item, see)),
        Data::Map(map) => map.entries().iter().for_each(|entry| visit(&entry.value, see)),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Broken => {}
    }
}

/// A thing and the stack of the circle in which it would break it: of those that read on the way, and of those that are read, the first.
fn cure(world: &World<'_>, stacks: usize, reads: &[Read]) -> Option<(EntityId, usize)> {
    let mut homes: BTreeMap<EntityId, usize> = BTreeMap::new();
    let mut tried: Vec<EntityId> = Vec::new();
    for read in reads {
        homes.entry(read.reader).or_insert(read.from);
        let owner = read.owner.map(|owner| (owner, read.to));
        owner.into_iter().for_each(|(owner, to)| {
            homes.entry(owner).or_insert(to);
        });
        for id in [Some(read.reader), read.owner].into_iter().flatten().filter(|_| read.from != read.to) {
            let may = !matches!(world.entity(id).kind, Kind::Cluster | Kind::NodePool);
            if may && !tried.contains(&id) && tried.len() < TRIED {
                tried.push(id);
            }
        }
    }
    let breaks = |id: EntityId, at: usize| {
        let home = |other: Option<EntityId>, known: usize| match other {
            Some(other) if other == id => at,
            Some(other) => homes.get(&other).copied().unwrap_or(known),
            None => known,
        };
        let edges = reads.iter().map(|read| (home(Some(read.reader), read.from), home(read.owner, read.to)));
        let edges: Vec<(u32, u32)> = edges
            .filter(|(from, to)| from != to)
            .filter_map(|(from, to)| Some((u32::try_from(from).ok()?, u32::try_from(to).ok()?)))
            .collect();
        order(stacks, &edges).is_ok()
    };
    tried.into_iter().find_map(|id| (0..stacks.min(TRIED)).find(|at| homes.get(&id) != Some(at) && breaks(id, *at)).map(|at| (id, at)))
}
