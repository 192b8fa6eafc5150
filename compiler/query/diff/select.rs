//! Some of a comparison: what is chosen of it. In comes a comparison and who says what is chosen; what is not is taken out, and what would be told at something that is
//! not chosen is told where it is.

use super::values::same_pair;
use super::{Changed, Comparison, Difference, PassedOn, pairing};
use crate::model::{Entity, EntityId, Model};
use crate::path::{Path, Step};
use crate::value::Value;

/// Says whether a value of a thing is chosen; the thing itself has an empty path.
pub type Chosen<'c> = &'c dyn Fn(&Entity, &Model, &Path) -> bool;

impl Comparison<'_> {
    /// Takes out what is not chosen, and from which nothing that is chosen follows.
    pub fn select(&mut self, is_chosen: Chosen<'_>) {
        let (one, other) = (self.first.model, self.second.model);
        // A thing may have two names.
        let of_pair = |(id, right): &(EntityId, EntityId), path: &Path| {
            is_chosen(one.entity(*id), one, path) || is_chosen(other.entity(*right), other, path)
        };
        // What follows from a value is told at it, so it stays for what follows.
        let follows =
            |value: &Difference<'_>| value.passed_on.iter().any(|passed| passed.entities.iter().any(|pair| of_pair(pair, &passed.path)));
        self.environments.retain(&follows);
        self.left_out.clear();
        let mut told: Vec<(Vec<(EntityId, EntityId)>, Difference<'_>)> = Vec::new();
        for changed in &mut self.changed {
            let own = |pair: &(EntityId, EntityId), value: &Difference<'_>| {
                of_pair(pair, &value.path) || value.followers.iter().any(|path| of_pair(pair, path))
            };
            let entities = changed.entities.clone();
            for value in changed.values.iter_mut().filter(|value| !entities.iter().any(|pair| own(pair, value))) {
                let mut passed_on = std::mem::take(&mut value.passed_on);
                passed_on.retain(|passed| {
                    let pairs: Vec<_> = passed.entities.iter().copied().filter(|pair| of_pair(pair, &passed.path)).collect();
                    let moved = instead((one, other), &pairs, passed, value);
                    let stays = moved.is_none();
                    told.extend(moved.map(|moved| (pairs, moved)));
                    stays
                });
                value.passed_on = passed_on;
            }
            let chosen = |value: &Difference<'_>| entities.iter().any(|pair| own(pair, value)) || follows(value);
            changed.values.retain(&chosen);
            changed.left_out.retain(&chosen);
            let rows: Vec<&Difference<'_>> = changed.values.iter().chain(&changed.left_out).collect();
            changed.entities.retain(|pair| rows.iter().any(|value| own(pair, value) || follows(value)));
        }
        self.changed.retain(|changed| !changed.entities.is_empty());
        for (entities, value) in told {
            match self.changed.iter_mut().find(|changed| changed.entities == entities) {
                Some(changed) => changed.values.push(value),
                None => self.changed.push(Changed { entities, values: vec![value], left_out: Vec::new(), spread: None }),
            }
        }
        let whole = Path::default();
        for (list, model) in [(&mut self.only_first, one), (&mut self.only_second, other)] {
            // What is in or on a thing is only here with it.
            let is_chosen = |id: &EntityId| is_chosen(model.entity(*id), model, &whole);
            let mut inner: Vec<EntityId> = Vec::new();
            for only in list.iter_mut() {
                let all = only.entities.len();
                only.entities.retain(is_chosen);
                if only.entities.len() != all {
                    let (with, rest) =
                        std::mem::take(&mut only.with).into_iter().partition(|id| pairing::is_in(*id, &only.entities, model));
                    only.with = with;
                    inner.extend(rest);
                }
            }
            list.retain(|only| !only.entities.is_empty());
            // What is in or on something that is not chosen stands for itself.
            inner.retain(is_chosen);
            list.extend(pairing::together(&inner, model));
        }
        self.guessed.iter_mut().for_each(|guess| guess.pairs.retain(|pair| of_pair(pair, &whole)));
        self.guessed.retain(|guess| !guess.pairs.is_empty());
        self.renamed.retain(|pair| of_pair(pair, &whole));
        self.replaced.retain(|pair| of_pair(pair, &whole));
    }
}

/// A difference as it is told at things that have it from the same place; none if they have another value, which follows from that one.
fn instead<'a>(
    (one, other): (&'a Model, &'a Model),
    pairs: &[(EntityId, EntityId)],
    passed: &PassedOn,
    told: &Difference<'a>,
) -> Option<Difference<'a>> {
    let (left, right) = pairs.first()?;
    let at = |entity: &'a Entity| -> Option<&'a Value> {
        let steps = passed.path.steps();
        let inside = |root: &'a Value| steps.iter().try_fold(root, |value, step| value.step(step));
        let class = || Some(&entity.class_value).filter(|_| matches!(steps, [Step::Key(key)] if &**key == "class"));
        inside(&entity.value).or_else(|| inside(&entity.computed)).or_else(class)
    };
    let moved = Difference {
        path: passed.path.clone(),
        first: at(one.entity(*left)),
        second: at(other.entity(*right)),
        replaces: None,
        argument: None,
        followers: Vec::new(),
        passed_on: Vec::new(),
        ..told.clone()
    };
    same_pair(&moved, told).then_some(moved)
}
