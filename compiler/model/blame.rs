//! Who is to blame for a field that is missing: the line that removes it; and one report where several environments miss it for one reason.

use super::{Model, errors};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::schema::COMES_FROM;
use crate::span::Span;
use crate::subject::{Subject, Thing};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The keys from an entity to where a diagnostic is; none if that is inside a list, or elsewhere.
fn keys(fault: &Diagnostic) -> Option<Vec<&str>> {
    fault.subject.as_ref().and_then(Subject::field).and_then(Path::keys)
}

/// The diagnostic of a missing field at the place that removes it, if a layer of this value did, alone or with what is around it.
pub(super) fn remover(value: &Value, fault: Diagnostic) -> Diagnostic {
    let Some(keys) = keys(&fault).filter(|_| fault.code == Code::MissingField) else { return fault };
    let mut nearest = value;
    for key in &keys {
        if let Some(removed) = nearest.removed(key) {
            let field = keys.last().copied().unwrap_or_default().to_owned();
            return errors::required_removed(fault, &field, removed.by.span);
        }
        match nearest.get(key) {
            Some(inner) => nearest = inner,
            None => break,
        }
    }
    fault
}

/// What would set a field that is missing: a place in every environment, or whoever makes things without it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum FieldSetter {
    Place(Path),
    Maker(Span),
}

/// Makes one report of those that say of several environments that the same field of the same thing is missing, or of several things that one
/// line makes: what would set it for all of them is missing once. It is told of the environment that the others inherit from, and of what
/// nobody says more about.
pub(super) fn join(model: &Model, diagnostics: &mut Diagnostics) {
    let depth: BTreeMap<&str, usize> = model.environments.iter().map(|environment| (&*environment.name, environment.line.len())).collect();
    let made = model.entities.iter().filter_map(|entity| Some((entity.thing.path(), entity.made.as_ref()?)));
    let makers: BTreeMap<Path, Span> = made.map(|(path, made)| (path, made.given.unwrap_or(made.written))).collect();
    let mut groups: BTreeMap<(FieldSetter, Path), ((bool, usize), Diagnostic)> = BTreeMap::new();
    let all = diagnostics.drain();
    // A cluster that calls its pools by another name has no pools, so overlays for them say too little.
    let pools = |fault: &Diagnostic| fault.replacement.as_ref().is_some_and(|replacement| replacement.text == "nodePools");
    let misspelt: BTreeSet<Path> = all
        .iter()
        .filter(|fault| fault.code == Code::UnknownField && pools(fault))
        .filter_map(|fault| match &fault.subject {
            Some(Subject::Entity { thing, .. }) => Some(thing.path()),
            Some(Subject::Source(_) | Subject::Definition { .. } | Subject::Class { .. } | Subject::Artifact(_)) | None => None,
        })
        .collect();
    for fault in all {
        let missing = match &fault.subject {
            Some(Subject::Entity { thing, field }) if fault.code == Code::MissingField => Some((Arc::clone(thing), field.clone())),
            Some(_) | None => None,
        };
        let Some((thing, field)) = missing else {
            diagnostics.push(fault);
            continue;
        };
        if model_cluster(&thing).is_some_and(|cluster| misspelt.contains(&cluster)) {
            continue;
        }
        let maker = makers.get(&thing.path()).copied();
        let is_at_maker = fault.primary.as_ref().map(|label| label.span) == maker;
        let depth = (!is_at_maker, depth.get(&*thing.environment).copied().unwrap_or(usize::MAX));
        let key = (maker.map_or_else(|| FieldSetter::Place(thing.place.clone()), FieldSetter::Maker), field);
        let Some((least, kept)) = groups.remove(&key) else {
            groups.insert(key, (depth, fault));
            continue;
        };
        let (least, mut kept, other) = if depth < least { (depth, fault, kept) } else { (least, kept, fault) };
        kept.affects.extend(other.subject.into_iter().chain(other.affects));
        groups.insert(key, (least, kept));
    }
    for (_, fault) in groups.into_values() {
        diagnostics.push(fault);
    }
    join_rules(diagnostics);
    join_origins(diagnostics);
}

/// A value that is wrong where it is written is wrong for everybody who is handed it.
fn join_origins(diagnostics: &mut Diagnostics) {
    let mut all = diagnostics.drain();
    let is_value = |fault: &&Diagnostic| fault.code == Code::WrongType && fault.labels.iter().all(|label| label.text != COMES_FROM);
    let place = |fault: &Diagnostic| fault.primary.as_ref().map(|label| label.span);
    let wrong: BTreeSet<Span> = all.iter().filter(is_value).filter_map(place).collect();
    let cause = |fault: &Diagnostic| {
        let from = fault.labels.iter().find(|label| label.text == COMES_FROM && wrong.contains(&label.span))?;
        (fault.code == Code::WrongType).then_some(from.span)
    };
    let mut followers: BTreeMap<Span, Vec<Subject>> = BTreeMap::new();
    all.retain(|fault| {
        let Some(at) = cause(fault) else { return true };
        followers.entry(at).or_default().extend(fault.subject.iter().chain(&fault.affects).cloned());
        false
    });
    for mut fault in all {
        if let Some(others) = place(&fault).filter(|_| fault.code == Code::WrongType).and_then(|place| followers.remove(&place)) {
            fault.affects.extend(others);
            fault.affects.sort();
        }
        diagnostics.push(fault);
    }
}

/// The model path of the cluster that a pool is in.
fn model_cluster(thing: &Thing) -> Option<Path> {
    match thing.place.keys()?.as_slice() {
        ["clusters", cluster, "nodePools", _] => Some(Path::of([&*thing.environment, "clusters", cluster])),
        _ => None,
    }
}

/// A value that breaks a rule on its own explains other violations of that rule in which it takes part.
fn join_rules(diagnostics: &mut Diagnostics) {
    let (rules, others): (Vec<_>, Vec<_>) = diagnostics.drain().into_iter().partition(|fault| fault.code == Code::BrokenRule);
    others.into_iter().for_each(|fault| diagnostics.push(fault));
    let rule = |fault: &Diagnostic| fault.labels.last().map(|label| label.span);
    let place = |fault: &Diagnostic| fault.primary.as_ref().map(|label| label.span);
    let causes: BTreeMap<_, usize> = rules.iter().enumerate().rev().map(|(at, fault)| ((rule(fault), place(fault)), at)).collect();
    let cause = |fault: &Diagnostic| {
        let mut read = fault.labels.iter().rev().skip(1).map(|label| Some(label.span));
        read.find_map(|span| causes.get(&(rule(fault), span)).copied()).filter(|_| place(fault).is_some())
    };
    let first: Vec<Option<usize>> = rules.iter().map(cause).collect();
    // Only what is a cause itself explains others.
    let causes_of: Vec<Option<usize>> = first.iter().map(|cause| cause.filter(|at| first.get(*at).is_some_and(Option::is_none))).collect();
    let mut followers: BTreeMap<usize, Vec<Subject>> = BTreeMap::new();
    for (cause, fault) in causes_of.iter().zip(&rules) {
        if let (Some(at), Some(subject)) = (cause, &fault.subject) {
            followers.entry(*at).or_default().push(subject.clone());
        }
    }
    for (at, mut fault) in rules.into_iter().enumerate().filter(|(at, _)| causes_of.get(*at).is_some_and(Option::is_none)) {
        fault.affects.extend(followers.remove(&at).unwrap_or_default());
        fault.affects.sort();
        diagnostics.push(fault);
    }
}
