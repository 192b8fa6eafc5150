//! Making: what things make by the `entities` of their classes. In comes a maker that exists; out goes what it makes, as definitions whose
//! expressions still stand in the maker's words. Which names they may use is kept beside, so that they mean the same in another thing.

mod agree;
mod expand;
mod handed;
mod left;
mod nothing;
mod shape;

pub(super) use agree::agree;
pub(super) use expand::{Making, of};
pub(super) use handed::LoopPlace;
pub(super) use left::left;
pub(super) use nothing::there;

use super::{EntityId, Within};
use crate::expression::Reference;
use crate::path::Step;
use crate::span::Span;
use crate::value::Value;
use std::sync::Arc;

/// Who made a thing.
#[derive(Clone, Debug)]
pub struct MadeBy {
    /// The makers; several if the thing is on no cluster and its maker on many. They agree on it.
    pub makers: Vec<EntityId>,
    /// Under which key they make it.
    pub key: Arc<str>,
    /// Where their class says so.
    pub written: Span,
    /// Which part of their fields gave it, if one did.
    pub given: Option<Span>,
    /// What it is in the words of each further maker, until it is known that they agree.
    pub(super) others: Vec<Value>,
    /// What was handed to it, by number.
    pub(crate) handed: Arc<[u32]>,
}

/// An expression, or layers that wait for one, in the words of one thing, handed to another.
#[derive(Clone, Debug)]
pub struct Handed {
    /// Whose words they are; none if that is not there.
    pub(super) owner: Option<EntityId>,
    /// Where they stand.
    pub(super) within: Within,
    /// The loops around it, outermost first, each with the round that it is of.
    pub(super) rounds: Arc<[HandedRound]>,
    /// What was handed on.
    pub(super) value: Value,
}

/// A round of a loop.
#[derive(Clone, Debug)]
pub(super) struct HandedRound {
    /// Its iterators, as they are written.
    pub(super) over: Value,
    /// Which round it is.
    pub(super) at: usize,
}

impl Handed {
    /// Whose words they are.
    pub(crate) fn owner(&self) -> Option<EntityId> {
        self.owner
    }

    /// Where they stand.
    pub(crate) fn within(&self) -> Within {
        self.within
    }

    /// What was handed on.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// Whether what is read in it is that of a loop around it.
    pub(crate) fn is_iterated(&self, reference: &Reference) -> bool {
        let Some(Step::Key(name)) = reference.steps.first() else { return false };
        self.rounds.iter().any(|round| round.over.get(name).is_some()) || (**name == *"index" && !self.rounds.is_empty())
    }
}
