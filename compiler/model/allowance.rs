//! What evaluating may cost and make. One evaluation is bounded by the language itself; many that build on each other are bounded here, for
//! each thing and for the platform as a whole. It knows no values but by their weight.
//!
//! Pieces of work run in parallel, and who comes first is chance; what comes out must not be. So each piece gets a share that depends on
//! nothing but what is in it. A piece that needs more is thrown away and done again behind the others, one by one in order, with what is
//! left of a pool.

use super::EntityId;
use crate::limit::{
    PLATFORM_STEPS, PLATFORM_STEPS_BYTE, PLATFORM_STEPS_THING, PLATFORM_WEIGHT, PLATFORM_WEIGHT_BYTE, PLATFORM_WEIGHT_THING, THING_STEPS,
    THING_WEIGHT,
};
use crate::source::Sources;
use rayon::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// Steps and weight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cost {
    pub(crate) steps: usize,
    pub(crate) weight: usize,
}

impl Cost {
    /// More than anybody needs.
    pub(crate) const UNBOUNDED: Cost = Cost { steps: usize::MAX, weight: usize::MAX };

    /// What a platform with these sources may cost beside what each of its things may.
    pub(crate) fn of_platform(sources: &Sources) -> Cost {
        let bytes = sources.bytes();
        Cost {
            steps: PLATFORM_STEPS.saturating_add(bytes.saturating_mul(PLATFORM_STEPS_BYTE)),
            weight: PLATFORM_WEIGHT.saturating_add(bytes.saturating_mul(PLATFORM_WEIGHT_BYTE)),
        }
    }

    /// What so many things may cost.
    fn of_things(count: usize) -> Cost {
        Cost { steps: count.saturating_mul(PLATFORM_STEPS_THING), weight: count.saturating_mul(PLATFORM_WEIGHT_THING) }
    }

    /// The same, with what so many things may cost.
    pub(crate) fn with(self, things: usize) -> Cost {
        self.plus(Cost::of_things(things))
    }

    fn plus(self, other: Cost) -> Cost {
        Cost { steps: self.steps.saturating_add(other.steps), weight: self.weight.saturating_add(other.weight) }
    }

    /// What is left when others have cost so much.
    pub(crate) fn minus(self, other: Cost) -> Cost {
        Cost { steps: self.steps.saturating_sub(other.steps), weight: self.weight.saturating_sub(other.weight) }
    }

    fn part(self, of: usize) -> Cost {
        Cost { steps: self.steps / of.max(1), weight: self.weight / of.max(1) }
    }
}

/// A piece of work done, or given up.
pub(crate) struct WorkPiece<R> {
    pub(crate) result: R,
    pub(crate) spent: Cost,
    /// Where it was when its share was used up.
    pub(crate) exhausted: Option<Exhausted>,
}

/// What was used up, and by whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Exhausted {
    pub(crate) owner: Option<EntityId>,
    pub(crate) what: What,
}

/// One of the two that a cost is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum What {
    Steps,
    Weight,
}

/// Does pieces of work in parallel, each with a share of its own, and those whose share does not do once more in order. `things` says how
/// many things are in a piece. What all of it took of the pool is told, so that work that follows can have the rest.
///
/// # Errors
/// If the pool is used up: by whom.
pub(crate) fn in_turns<P: Sync, R: Send>(
    pieces: &[P],
    pool: Cost,
    things: impl Fn(&P) -> usize + Sync,
    work: impl Fn(&P, Cost) -> WorkPiece<R> + Sync,
) -> Result<Turns<R>, Exhausted> {
    // Half of the pool is given out at once, so that few pieces are done twice.
    let given = pool.part(2).part(pieces.len());
    let share = |piece: &P| given.plus(Cost::of_things(things(piece)));
    let first: Vec<(Option<R>, Cost)> = pieces
        .par_iter()
        .map(|piece| {
            let done = crate::ledger::page(pieces.len(), || work(piece, share(piece)));
            (done.exhausted.is_none().then_some(done.result), done.spent)
        })
        .collect();
    let mut left = pool.minus(pool.part(2));
    let mut turns = Turns { results: Vec::with_capacity(pieces.len()), used: Cost { steps: 0, weight: 0 } };
    for (piece, (result, mut spent)) in pieces.iter().zip(first) {
        let result = match result {
            Some(result) => result,
            None => {
                let done = crate::ledger::page(pieces.len(), || work(piece, share(piece).plus(left)));
                if let Some(exhausted) = done.exhausted {
                    return Err(exhausted);
                }
                spent = done.spent;
                left = left.minus(spent.minus(share(piece)));
                done.result
            }
        };
        turns.used = turns.used.plus(spent.minus(Cost::of_things(things(piece))));
        turns.results.push(result);
    }
    Ok(turns)
}

/// What came of pieces of work.
pub(crate) struct Turns<R> {
    /// Of each piece, in order.
    pub(crate) results: Vec<R>,
    /// What they took beyond what their things may cost.
    pub(crate) used: Cost,
}

/// What is left for each entity of a piece of work, and for the piece; none stands for what belongs to no entity.
pub(super) struct Allowance {
    left: RefCell<BTreeMap<Option<EntityId>, Cost>>,
    /// Whoever was asked for last, and what is left for it. Mostly the same is asked for again.
    last: Cell<(Option<EntityId>, Cost)>,
    all: Cell<Cost>,
    spent: Cell<Cost>,
    exhausted: Cell<Option<Exhausted>>,
}

const THING: Cost = Cost { steps: THING_STEPS, weight: THING_WEIGHT };

impl Allowance {
    pub(super) fn new(all: Cost) -> Self {
        let spent = Cost { steps: 0, weight: 0 };
        Self {
            left: RefCell::default(),
            last: Cell::new((None, THING)),
            all: Cell::new(all),
            spent: Cell::new(spent),
            exhausted: Cell::new(None),
        }
    }

    fn of(&self, owner: Option<EntityId>) -> Cost {
        let (last, left) = self.last.get();
        if last == owner {
            return left;
        }
        let mut others = self.left.borrow_mut();
        others.insert(last, left);
        let left = others.get(&owner).copied().unwrap_or(THING);
        self.last.set((owner, left));
        left
    }

    /// Steps that are left; none if they were used up, which whoever used up the last was told.
    pub(super) fn steps(&self, owner: Option<EntityId>) -> Option<usize> {
        Some(self.of(owner).steps.min(self.all.get().steps)).filter(|left| *left > 0)
    }

    /// Takes steps off.
    pub(super) fn spend(&self, owner: Option<EntityId>, steps: usize) {
        self.take(owner, Cost { steps, weight: 0 });
    }

    /// The weight that an outcome may have.
    pub(super) fn weight(&self, owner: Option<EntityId>) -> usize {
        self.of(owner).weight.min(self.all.get().weight)
    }

    /// Takes an outcome's weight off; the whole allowance if that is too much.
    pub(super) fn weigh(&self, owner: Option<EntityId>, weight: usize) -> Result<(), usize> {
        let fits = weight <= self.of(owner).weight;
        self.take(owner, Cost { steps: weight, weight });
        if fits { Ok(()) } else { Err(THING_WEIGHT) }
    }

    /// Takes off what is not an entity's own doing: checking and printing it.
    pub(super) fn charge(&self, owner: EntityId, cost: Cost) {
        self.all_take(Some(owner), cost);
    }

    fn take(&self, owner: Option<EntityId>, cost: Cost) {
        let left = self.of(owner).minus(cost);
        self.last.set((owner, left));
        self.all_take(owner, cost);
    }

    fn all_take(&self, owner: Option<EntityId>, cost: Cost) {
        let left = self.all.get();
        if self.exhausted.get().is_none() {
            let what = if cost.steps >= left.steps { Some(What::Steps) } else { (cost.weight > left.weight).then_some(What::Weight) };
            self.exhausted.set(what.map(|what| Exhausted { owner, what }));
        }
        self.all.set(left.minus(cost));
        self.spent.set(self.spent.get().plus(cost));
    }

    /// What was used up first, if anything was.
    pub(super) fn exhausted(&self) -> Option<Exhausted> {
        self.exhausted.get()
    }

    /// What was spent.
    pub(super) fn spent(&self) -> Cost {
        self.spent.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Grammar, Source};

    const SOMEBODY: Option<EntityId> = Some(EntityId(3));

    #[test]
    fn things_are_bounded() {
        let allowance = Allowance::new(Cost::UNBOUNDED);
        allowance.spend(SOMEBODY, THING_STEPS - 1);
        assert_eq!(allowance.steps(SOMEBODY), Some(1));
        allowance.spend(SOMEBODY, 1);
        assert_eq!((allowance.steps(SOMEBODY), allowance.steps(None)), (None, Some(THING_STEPS)));
        let allowance = Allowance::new(Cost::UNBOUNDED);
        assert_eq!((allowance.weigh(SOMEBODY, THING_WEIGHT), allowance.weigh(SOMEBODY, 1)), (Ok(()), Err(THING_WEIGHT)));
        assert_eq!(allowance.exhausted(), None);
    }

    #[test]
    fn platforms_are_bounded() {
        let mut sources = Sources::default();
        sources.add(Source { path: "a.yaml".into(), text: "12345".into(), grammar: Grammar::Yaml, library: false });
        sources.add(Source { path: "std/a.yaml".into(), text: "1".into(), grammar: Grammar::Yaml, library: true });
        let cost = Cost::of_platform(&sources).with(7);
        assert_eq!(cost.steps, PLATFORM_STEPS + 5 * PLATFORM_STEPS_BYTE + 7 * PLATFORM_STEPS_THING);
        assert_eq!(cost.weight, PLATFORM_WEIGHT + 5 * PLATFORM_WEIGHT_BYTE + 7 * PLATFORM_WEIGHT_THING);
        let allowance = Allowance::new(Cost { steps: 10, weight: 10 });
        allowance.charge(EntityId(3), Cost { steps: 9, weight: 10 });
        assert_eq!(allowance.exhausted(), None);
        allowance.charge(EntityId(3), Cost { steps: 0, weight: 1 });
        assert_eq!(allowance.exhausted(), Some(Exhausted { owner: SOMEBODY, what: What::Weight }));
    }

    /// Pieces that need so much, with a pool of a hundred and nothing for each thing; what each was done with in the end, or who failed.
    fn turns(needs: &[usize]) -> Result<(Vec<usize>, usize), Option<EntityId>> {
        let work = |need: &usize, cost: Cost| {
            let what = What::Steps;
            let exhausted = (*need > cost.steps).then_some(Exhausted { owner: Some(EntityId(u32::try_from(*need).unwrap_or(0))), what });
            WorkPiece { result: *need, spent: Cost { steps: *need, weight: 0 }, exhausted }
        };
        in_turns(needs, Cost { steps: 100, weight: 100 }, |_| 0, work)
            .map(|turns| (turns.results, turns.used.steps))
            .map_err(|exhausted| exhausted.owner)
    }

    #[test]
    fn turns_do_not_depend_on_threads() {
        for _ in 0..50 {
            assert_eq!(turns(&[]), Ok((vec![], 0)));
            assert_eq!(turns(&[100]), Ok((vec![100], 100)));
            assert_eq!(turns(&[101]), Err(Some(EntityId(101))));
            // Each of five has ten; fifty are left for those that need more.
            assert_eq!(turns(&[10, 10, 10, 10, 10]), Ok((vec![10, 10, 10, 10, 10], 50)));
            assert_eq!(turns(&[10, 40, 1, 30, 1]), Ok((vec![10, 40, 1, 30, 1], 82)));
            assert_eq!(turns(&[10, 40, 1, 31, 11]), Err(Some(EntityId(31))));
            assert_eq!(turns(&[61, 60, 1, 1, 1]), Err(Some(EntityId(61))));
        }
    }
}
