//! Differences in few words: which things differ, or how much of each. Out go names, or cells.

use super::{address, head, local};
use crate::render::plural;
use platc::model::EntityId;
use platc::query::diff::Comparison;
use std::collections::BTreeSet;

/// What the values of an environment itself are called.
pub(super) const ENVIRONMENT: &str = "environment";

/// The things that differ, as `platc diff` takes them as paths.
pub(super) fn names(comparison: &Comparison<'_>) -> Vec<String> {
    let mut names = Vec::new();
    let mut known = BTreeSet::new();
    let mut tell = |name: String| {
        if known.insert(name.clone()) {
            names.push(name);
        }
    };
    if !comparison.environments.is_empty() {
        tell(ENVIRONMENT.to_owned());
    }
    let (one, other) = (comparison.first.model, comparison.second.model);
    let changed = comparison.changed.iter().filter(|changed| !changed.values.is_empty());
    let name = |pair: &(EntityId, EntityId)| {
        let (id, model) = comparison.named(pair);
        local(model.entity(id), model).to_owned()
    };
    changed.flat_map(|changed| &changed.entities).for_each(|pair| tell(name(pair)));
    for (list, model) in [(&comparison.only_first, one), (&comparison.only_second, other)] {
        list.iter().flat_map(|only| &only.entities).for_each(|id| tell(local(model.entity(*id), model).to_owned()));
    }
    comparison.renamed.iter().for_each(|pair| tell(name(pair)));
    names
}

/// How many values differ in each thing.
pub(super) fn counts(comparison: &Comparison<'_>, first: &str, second: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    if !comparison.environments.is_empty() {
        rows.push(vec![ENVIRONMENT.to_owned(), plural(comparison.environments.len(), "value")]);
    }
    for changed in comparison.changed.iter().filter(|changed| !changed.values.is_empty()) {
        let following: usize = changed.values.iter().map(|value| value.followers.len() + value.passed_on.len()).sum();
        let follow = if following > 0 { format!("{following} more follow") } else { String::new() };
        rows.push(vec![head(changed, comparison), plural(changed.values.len(), "value"), follow]);
    }
    for (list, side, name) in [(&comparison.only_first, comparison.first, first), (&comparison.only_second, comparison.second, second)] {
        rows.extend(list.iter().map(|only| vec![address(&only.entities, side.model), format!("only in {name}")]));
    }
    rows
}
