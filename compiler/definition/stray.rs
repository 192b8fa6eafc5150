//! What stands where names do and is no definition: fields that are indented too little. In come the pairs under a plural, out go the places of
//! those that cannot be things, each of which has been told. It never decides what was meant.

use super::errors;
use super::lower::Lowering;
use crate::document::{NodeData, Pair};
use crate::name::Kind;
use crate::span::Span;
use std::collections::BTreeSet;

/// The keys of pairs whose values cannot be definitions, told in one report for each name above them.
pub(super) fn told(plural: &str, pairs: &[Pair], lowering: &mut Lowering<'_>) -> BTreeSet<Span> {
    let words = match plural {
        "environments" => "environment",
        _ => match Kind::from_plural(plural) {
            Some(kind) => kind.words(),
            None => return BTreeSet::new(),
        },
    };
    let mut all = BTreeSet::new();
    let mut rest = pairs;
    while let Some(at) = rest.iter().position(is_stray) {
        let (before, from) = rest.split_at(at);
        let (strays, after) = from.split_at(from.iter().position(|pair| !is_stray(pair)).unwrap_or(from.len()));
        let above = before.last().filter(|pair| matches!(pair.value.data, NodeData::Null));
        let told = strays.split_first().map(|all| errors::fields_as_names((plural, words), all, above));
        told.into_iter().for_each(|told| lowering.report(told));
        all.extend(strays.iter().map(|pair| pair.key_span));
        rest = after;
    }
    all
}

fn is_stray(pair: &Pair) -> bool {
    matches!(pair.value.data, NodeData::Bool(_) | NodeData::Int(_) | NodeData::Float(_) | NodeData::String(_) | NodeData::List(_))
}
