//! One definition on other clusters in one environment than in the other, and not on one in each: no copy has a counterpart, and what the definition says otherwise for
//! each environment differs all the same. In come the copies of both sides, out go the differences of the definition.

use super::replaced::{ReferringSide, ReferringSides};
use super::values::{Compared, compare};
use super::verdict::Judge;
use super::{DiffReason, Difference, Side};
use crate::model::{EntityId, EntityIndex};
use crate::value::Value;
use std::cell::OnceCell;
use std::rc::Rc;

/// The copies of one definition in the first and in the second environment.
#[derive(Clone, Debug)]
pub(super) struct Spread {
    pub(super) first: Vec<EntityId>,
    pub(super) second: Vec<EntityId>,
}

/// Who may have been read already, of both sides.
pub(super) type SpreadIndices = (Rc<OnceCell<EntityIndex>>, Rc<OnceCell<EntityIndex>>);

impl Spread {
    /// Each copy with one of the other side, of which the last stands for those that are missing.
    pub(super) fn pairs(&self) -> Vec<(EntityId, EntityId)> {
        let at = |list: &[EntityId], at: usize| list.get(at).or(list.last()).copied();
        (0..self.first.len().max(self.second.len())).filter_map(|place| Some((at(&self.first, place)?, at(&self.second, place)?))).collect()
    }

    /// What differs by environment, and not by cluster: values that no copy of one side shares with one of the other. What is written differs whatever the
    /// copies of a side have; what is computed only where all of them have the same.
    pub(super) fn compared<'a>(&self, first: &Side<'a>, second: &Side<'a>, indices: &SpreadIndices, judge: &mut Judge<'a>) -> Compared<'a> {
        let mut found: Compared<'a> = Compared::default();
        for (id, other) in self.pairs() {
            let sides = ReferringSides {
                first: ReferringSide { model: first.model, owner: id, index: Rc::clone(&indices.0) },
                second: ReferringSide { model: second.model, owner: other, index: Rc::clone(&indices.1) },
            };
            let of_pair = compare(first, second, sides, judge);
            let is_known =
                |known: &[Difference<'a>], one: &Difference<'a>| known.iter().any(|known| known.path == one.path && same(known, one));
            for difference in of_pair.differences {
                if !is_known(&found.differences, &difference) && self.is_of_all(&difference, first, second) {
                    found.differences.push(difference);
                }
            }
            if found.carried.is_empty() {
                found.carried = of_pair.carried;
            }
        }
        found
    }

    fn is_of_all(&self, difference: &Difference<'_>, first: &Side<'_>, second: &Side<'_>) -> bool {
        let values = |side: &Side<'_>, ids: &[EntityId]| -> Vec<Option<Value>> {
            ids.iter().map(|id| super::value_at(&side.model.entity(*id).value, &difference.path).cloned()).collect()
        };
        let (left, right) = (values(first, &self.first), values(second, &self.second));
        let agree =
            |list: &[Option<Value>]| list.windows(2).all(|two| matches!(two, [one, other] if same_data(one.as_ref(), other.as_ref())));
        let is_apart = left.iter().all(|one| right.iter().all(|other| !same_data(one.as_ref(), other.as_ref())));
        is_apart && (difference.why == DiffReason::Written || agree(&left) && agree(&right))
    }
}

fn same(one: &Difference<'_>, other: &Difference<'_>) -> bool {
    same_data(one.first, other.first) && same_data(one.second, other.second)
}

fn same_data(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.same_data(other),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}
