//! In which order fragments are read: those first that others use. Those that use each other in a circle, or too many within each other, are
//! reported here, and are no use to anybody.

use super::super::{Named, errors};
use super::meant;
use super::size::FragmentSize;
use super::words::{is_use, named};
use crate::diagnostic::Diagnostics;
use crate::source::Sources;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a fragment uses, and where it says so.
type FragmentNeeds = Vec<(usize, Span)>;

/// The positions of all blocks, used ones first, and of those that cannot be used.
pub(super) fn order(blocks: &[Entry], sources: &Sources, diagnostics: &mut Diagnostics) -> (Vec<usize>, BTreeSet<usize>) {
    let places: BTreeMap<&str, usize> = blocks.iter().enumerate().map(|(at, entry)| (&*entry.key, at)).collect();
    let mut needs: Vec<FragmentNeeds> = blocks.iter().map(|entry| needs_of(&entry.value, &places, sources)).collect();
    let mut waits: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); blocks.len()];
    for (at, needs) in needs.iter().enumerate() {
        needs.iter().for_each(|(need, _)| users.get_mut(*need).into_iter().for_each(|users| users.push(at)));
    }
    let (mut order, mut broken) = (Vec::new(), BTreeSet::new());
    let mut sizes = vec![FragmentSize::default(); blocks.len()];
    let mut ready: Vec<usize> = (0..blocks.len()).rev().filter(|at| waits.get(*at) == Some(&0)).collect();
    let mut done: BTreeSet<usize> = BTreeSet::new();
    while done.len() < blocks.len() {
        while let Some(at) = ready.pop() {
            if !done.insert(at) {
                continue;
            }
            order.push(at);
            let sized = |(need, span): &(usize, Span)| Some((*sizes.get(*need)?, *span));
            let known: Vec<(FragmentSize, Span)> = needs.get(at).into_iter().flatten().filter_map(sized).collect();
            let find = |name: &str, span| sizes.get(*meant(name, span, sources, |key| places.get(key))?).copied();
            if let Some(entry) = blocks.get(at).filter(|_| !broken.contains(&at)) {
                let (size, fault) = FragmentSize::of(&entry.value, &known, find);
                fault.into_iter().for_each(|fault| diagnostics.push(fault));
                if size.is_too_much() {
                    broken.insert(at);
                }
                sizes.get_mut(at).into_iter().for_each(|slot| *slot = size);
            }
            for user in users.get(at).into_iter().flatten() {
                if let Some(count) = waits.get_mut(*user) {
                    *count = count.saturating_sub(1);
                    if *count == 0 {
                        ready.push(*user);
                    }
                }
            }
        }
        // What is left waits for a circle.
        let Some(circle) = circle(blocks, &needs, &done) else { break };
        let names = circle.iter().filter_map(|(at, span)| Some(Named { name: Arc::clone(&blocks.get(*at)?.key), span: *span }));
        diagnostics.push(errors::fragment_cycle(&names.collect::<Vec<_>>()));
        for (at, _) in circle {
            broken.insert(at);
            needs.get_mut(at).into_iter().for_each(Vec::clear);
            ready.push(at);
        }
    }
    (order, broken)
}

/// A circle among those that are not done: its members from the first name on, each with the place where it uses the next.
fn circle(blocks: &[Entry], needs: &[FragmentNeeds], done: &BTreeSet<usize>) -> Option<Vec<(usize, Span)>> {
    let name = |at: usize| blocks.get(at).map(|entry| &entry.key);
    let mut at = (0..blocks.len()).filter(|at| !done.contains(at)).min_by_key(|at| name(*at))?;
    let mut way: Vec<(usize, Span)> = Vec::new();
    loop {
        let (need, span) = needs.get(at)?.iter().find(|(need, _)| !done.contains(need))?;
        way.push((at, *span));
        if let Some(start) = way.iter().position(|(known, _)| known == need) {
            let mut circle = way.split_off(start);
            let first = (0..circle.len()).min_by_key(|at| circle.get(*at).and_then(|(at, _)| name(*at))).unwrap_or(0);
            circle.rotate_left(first);
            return Some(circle);
        }
        at = *need;
    }
}

/// The fragments that one names: in `$use`, and as types of its fields.
fn needs_of(value: &Value, places: &BTreeMap<&str, usize>, sources: &Sources) -> FragmentNeeds {
    let place = |name: &str, span| meant(name, span, sources, |key| places.get(key)).map(|at| (*at, span));
    let mut needs = FragmentNeeds::new();
    let own: BTreeSet<&str> =
        value.get("types").and_then(Value::as_map).map(Map::entries).unwrap_or_default().iter().map(|entry| &*entry.key).collect();
    for section in ["schema", "types", "template"] {
        let Some(section_value) = value.get(section) else { continue };
        uses(section_value, &mut |entry| needs.extend(place(named(entry), entry.span)));
        if section != "template" {
            words(section_value, &mut |word, span| {
                needs.extend(place(word, span).filter(|_| !own.contains(word)));
            });
        }
    }
    let mut seen = BTreeSet::new();
    needs.retain(|(at, _)| seen.insert(*at));
    needs
}

/// All uses in a section, each as often as it stands there.
pub(super) fn uses(value: &Value, found: &mut dyn FnMut(&Entry)) {
    if !value.has_directive() {
        return;
    }
    for item in value.as_list().unwrap_or_default() {
        uses(item, found);
    }
    let Some(map) = value.as_map().filter(|map| map.entry("$verbatim").is_none()) else { return };
    for entry in map.entries() {
        if is_use(entry) {
            entry.value.as_map().map(Map::entries).unwrap_or_default().iter().for_each(&mut *found);
        } else {
            uses(&entry.value, found);
        }
    }
}

/// The words in the types of a schema; `[]sidecar` has one.
fn words(value: &Value, found: &mut dyn FnMut(&str, Span)) {
    match &value.data {
        Data::String(text) => {
            let type_ = text.split('|').next().unwrap_or("");
            let is_part = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
            type_.split(|char| !is_part(char)).filter(|word| !word.is_empty()).for_each(|word| found(word, value.origin.span));
        }
        Data::Template(template) => {
            let text = template.texts().first().cloned().unwrap_or_default();
            let type_ = text.split('|').next().unwrap_or("");
            type_.split([' ', '[', ']', '(', ')', ',']).for_each(|word| found(word, value.origin.span));
        }
        Data::List(list) => list.items().iter().for_each(|item| words(item, found)),
        Data::Map(map) => {
            // Beside types, there are only markers.
            let is_type = |entry: &&Entry| !entry.key.starts_with('$') || &*entry.key == "$type";
            map.entries().iter().filter(is_type).for_each(|entry| words(&entry.value, found));
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => {}
    }
}
