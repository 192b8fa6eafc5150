//! One definition on other clusters in one environment than in the other, and not on one in each: no copy has a counterpart, and what the definition says otherwise for
//! each environment differs all the same. In come the copies of both sides, out go the differences of the definition.

use super::replaced::{ReferringSide, ReferringSides};
use super::values::{Compared, compare};
use super::verdict::Judge;
use super::{DiffReason, Difference, Side};
use crate::model::{Entity, EntityId, EntityIndex};
use crate::path::Step;
use crate::schema::{Type, aligned};
use crate::value::Value;
use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

/// The copies of one definition in the first and in the second environment.
#[derive(Clone, Debug)]
pub(super) struct Spread {
    pub(super) first: Vec<EntityId>,
    pub(super) second: Vec<EntityId>,
}

/// The things of both sides by their names, made when a reference is first asked for.
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
            let pair = (first.model.entity(id), second.model.entity(other));
            let is_known =
                |known: &[Difference<'a>], one: &Difference<'a>| known.iter().any(|known| known.path == one.path && same(known, one));
            for difference in of_pair.differences {
                if !is_known(&found.differences, &difference) && self.is_of_all(&difference, pair, first, second) {
                    found.differences.push(difference);
                }
            }
            found.of_class.extend(of_pair.of_class);
            if found.carried.is_empty() {
                found.carried = of_pair.carried;
            }
        }
        found
    }

    /// Whether it differs whatever copies are looked at; `pair` are those that it was found between.
    fn is_of_all<'a>(&self, difference: &Difference<'_>, pair: (&'a Entity, &'a Entity), first: &Side<'a>, second: &Side<'a>) -> bool {
        let class = pair.0.class_in(first.definitions);
        let held = |side: &Side<'a>, ids: &[EntityId]| -> Vec<Option<&'a Value>> {
            ids.iter().map(|id| held(side.model.entity(*id), pair, difference, class.map(|class| &class.type_))).collect()
        };
        let (left, right) = (held(first, &self.first), held(second, &self.second));
        let agree = |list: &[Option<&Value>]| list.windows(2).all(|two| matches!(two, [one, other] if same_data(*one, *other)));
        let is_apart = left.iter().all(|one| right.iter().all(|other| !same_data(*one, *other)));
        is_apart && (difference.why == DiffReason::Written || agree(&left) && agree(&right))
    }
}

/// What a copy has where a pair of copies differs. A path counts items as they stand in one of the pair; in the copy they are found as they are between two.
fn held<'v>(
    copy: &'v Entity,
    pair: (&'v Entity, &'v Entity),
    difference: &Difference<'_>,
    type_: Option<&'v Arc<Type>>,
) -> Option<&'v Value> {
    let steps = difference.path.steps();
    let has = |entity: &Entity| steps.first().is_some_and(|step| entity.value.step(step).is_some());
    let is_field = has(pair.0) || has(pair.1);
    if matches!(steps, [Step::Key(key)] if &**key == "class") {
        return Some(&copy.class_value);
    }
    let root = |entity: &'v Entity| Some(if is_field { &entity.value } else { &entity.computed });
    let (mut left, mut right, mut here) = (root(pair.0), root(pair.1), root(copy));
    let mut type_ = type_.filter(|_| is_field);
    for (depth, step) in steps.iter().enumerate() {
        match step {
            Step::Key(key) => {
                let inside = |value: Option<&'v Value>| value.and_then(|value| value.get(key));
                (left, right, here) = (inside(left), inside(right), inside(here));
                type_ = type_.and_then(|type_| type_.inside(key));
            }
            Step::Item(at) => {
                let merge = type_.map(|type_| type_.list_merge());
                let items = |value: Option<&'v Value>| value.and_then(Value::as_list).unwrap_or_default();
                // What only the second has is counted as it stands there.
                let known = if difference.first.is_none() && depth + 1 == steps.len() { items(right) } else { items(left) };
                let found = |value: Option<&'v Value>| {
                    let list = items(value);
                    let same = aligned(known, list, false, merge.as_ref()).into_iter().find(|(one, _)| *one == Some(*at));
                    same.and_then(|(_, other)| list.get(other?))
                };
                (left, right, here) = (found(left), found(right), found(here));
                type_ = type_.and_then(|type_| type_.items());
            }
        }
    }
    here
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
