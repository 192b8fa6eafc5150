//! What the expressions of one entity may cost and make together. One evaluation is bounded by the language itself; many small ones that
//! build on each other are bounded here. It knows no values but by their weight.

use super::EntityId;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Steps of all evaluations of one entity.
const STEPS: usize = 4_000_000;
/// Weight of all outcomes of one entity's expressions.
const WEIGHT: usize = 1_000_000;
/// The outcome of an expression nests at most this deep.
pub(crate) const DEPTH: u32 = 256;

/// What all entities of a platform may weigh together, about ten gigabytes: a platform ten times as large as any we know of.
const TOTAL: usize = 100_000_000;

/// What the entities of a platform weigh so far. They are worked on in parallel, so who passes the limit is chance, and only that it was
/// passed is reported.
#[derive(Default)]
pub(crate) struct Total {
    weight: AtomicUsize,
}

impl Total {
    /// Adds what an entity weighs.
    pub(crate) fn add(&self, weight: usize) {
        self.weight.fetch_add(weight, Ordering::Relaxed);
    }

    /// The limit, if it is passed.
    pub(crate) fn passed(&self) -> Option<usize> {
        (self.weight.load(Ordering::Relaxed) > TOTAL).then_some(TOTAL)
    }
}

/// What is left for each entity; none stands for what belongs to no entity.
#[derive(Default)]
pub(super) struct Allowance {
    left: RefCell<BTreeMap<Option<EntityId>, Left>>,
}

#[derive(Clone, Copy)]
struct Left {
    steps: usize,
    weight: usize,
}

impl Default for Left {
    fn default() -> Self {
        Self { steps: STEPS, weight: WEIGHT }
    }
}

impl Allowance {
    /// Steps that are left; none if they were used up, which whoever used up the last was told.
    pub(super) fn steps(&self, owner: Option<EntityId>) -> Option<usize> {
        Some(self.left.borrow().get(&owner).map_or(STEPS, |left| left.steps)).filter(|left| *left > 0)
    }

    /// Takes steps off.
    pub(super) fn spend(&self, owner: Option<EntityId>, steps: usize) {
        let mut all = self.left.borrow_mut();
        let left = all.entry(owner).or_default();
        left.steps = left.steps.saturating_sub(steps);
    }

    /// Takes an outcome's weight off; the whole allowance if that is too much.
    pub(super) fn weigh(&self, owner: Option<EntityId>, weight: usize) -> Result<(), usize> {
        let mut all = self.left.borrow_mut();
        let left = all.entry(owner).or_default();
        left.weight = left.weight.checked_sub(weight).ok_or(WEIGHT)?;
        Ok(())
    }
}
