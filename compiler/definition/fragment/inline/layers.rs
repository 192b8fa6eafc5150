//! The layers of a class, from its farthest ancestor to itself, with what its fragments come to as the weakest of all: a fragment is weaker than
//! whatever any of them says beside the `$use`, and any of them may add arguments to it or keys beside it.

use super::super::super::errors;
use super::super::super::section::Section;
use super::super::words::{every_use, is_use, named, own};
use super::super::{USE, has_use};
use super::{Inliner, UsePart};
use crate::inheritance::{Meeting, merge};
use crate::path::{Path, Step};
use crate::span::Span;
use crate::value::{Data, Entry, Map, Operator, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The sections in which fragments are used, in the order in which that matters: which fields there are decides where templates read arguments.
const SECTIONS: [(&str, UsePart); 7] = [
    ("types", UsePart::Schema),
    ("schema", UsePart::Schema),
    ("terraform", UsePart::Template),
    ("manifests", UsePart::Template),
    ("helm", UsePart::Template),
    ("files", UsePart::Template),
    ("argocd", UsePart::Template),
];

impl Inliner<'_> {
    /// The layers without their uses, behind one of what is used.
    pub(in crate::definition) fn layers(&mut self, layers: &[Value]) -> Vec<Value> {
        let Some(last) = layers.last() else { return Vec::new() };
        self.misplaced(layers);
        let mut weakest = Vec::new();
        let mut rest: Vec<Value> = layers.to_vec();
        for (section, part) in SECTIONS {
            let found: Vec<&Entry> = layers.iter().filter_map(|layer| layer.as_map()?.entry(section)).collect();
            let Some(first) = found.first().filter(|_| found.iter().any(|entry| has_use(&entry.value))) else { continue };
            (self.section, self.path) = (Path::of([section]), Path::default());
            let before = self.taken.len();
            weakest.extend(self.weakest(&found, part).map(|value| Entry { value, operator: Operator::Merge, ..(*first).clone() }));
            for layer in &mut rest {
                let entries = layer.as_map().map(Map::entries).unwrap_or_default();
                let entries = entries.iter().map(|entry| {
                    let value = if *entry.key == *section { self.without(&entry.value, part) } else { entry.value.clone() };
                    Entry { value, ..entry.clone() }
                });
                *layer = Value::map(entries.collect(), layer.origin).after(layer);
            }
            // Where a field of a named type stands, only the schema says.
            if section == "types" {
                self.forget_places(before);
            }
        }
        if !weakest.is_empty() {
            rest.insert(0, Value::map(weakest, last.origin));
        }
        rest
    }

    /// Reports uses where no template and no schema is.
    fn misplaced(&mut self, layers: &[Value]) {
        for entry in layers.iter().filter_map(Value::as_map).flat_map(Map::entries) {
            if SECTIONS.iter().any(|(section, _)| *entry.key == **section) {
                continue;
            }
            if is_use(entry) {
                self.diagnostics.push(errors::misplaced_use("a class", entry.span));
            } else if Section::from_word(&entry.key).is_some() {
                // Of a section that there is not it is told already.
                every_use(&entry.value, &mut |used| self.diagnostics.push(errors::misplaced_use(&entry.key, used.span)));
            }
        }
    }

    /// What the fragments come to that layers use at one place and below.
    fn weakest(&mut self, found: &[&Entry], part: UsePart) -> Option<Value> {
        // What a layer replaces or takes away is of no use any more.
        let cut = found.iter().rposition(|entry| matches!(entry.operator, Operator::Replace | Operator::Remove)).map_or(0, |at| at + 1);
        let found = found.get(cut..).unwrap_or_default();
        let maps: Vec<&Map> = found.iter().filter_map(|entry| entry.value.as_map()).collect();
        if maps.iter().any(|map| map.entry("$verbatim").is_some()) || !maps.iter().any(|map| map.entries().iter().any(uses)) {
            return None;
        }
        let mut base = self.at_layers(&maps, part);
        let mut keys = BTreeSet::new();
        let mut inner = Vec::new();
        for entry in maps.iter().flat_map(|map| own(map)).filter(|entry| keys.insert(&entry.key)) {
            let below: Vec<&Entry> = maps.iter().flat_map(|map| own(map)).filter(|other| other.key == entry.key).collect();
            let step = Step::Key(Arc::clone(&entry.key));
            let value = self.nested(|this| this.inside(step, |this| this.weakest(&below, part)));
            inner.extend(value.map(|value| Entry { value, operator: Operator::Merge, ..entry.clone() }));
        }
        if !inner.is_empty() {
            let origin = found.last().map(|entry| entry.value.origin)?;
            base = Some(self.joined(base, &Value::map(inner, origin), part));
        }
        base
    }

    /// What is used at one place by any of the layers.
    fn at_layers(&mut self, maps: &[&Map], part: UsePart) -> Option<Value> {
        let mut merged: Option<Entry> = None;
        for entry in maps.iter().flat_map(|map| map.entries()).filter(|entry| is_use(entry)) {
            let entry = self.unambiguous(merged.as_ref(), entry);
            let mut meeting = Meeting::new(self.subject, self.diagnostics).at(self.section.join(&self.path));
            let alone = |entry: &Entry| Value::map(vec![entry.clone()], entry.value.origin);
            let weaker = merged.as_ref().map(alone);
            let both = merge(weaker.as_ref(), &alone(&entry), Operator::Merge, None, &mut meeting);
            merged = both.as_map().and_then(|map| map.entry(USE)).cloned();
        }
        let written = merged?;
        let beside = maps.iter().flat_map(|map| own(map)).next().map(|entry| entry.span);
        let (base, ids) = self.at(&written.value, part, None);
        let base = self.alone_at(base, &written, beside)?;
        self.bases.insert(self.section.join(&self.path), base.clone());
        Some(self.marked(base, &ids, &written))
    }

    /// What a layer says of the uses of weaker ones, without what may be said of several: who names as many as there are means each by its turn.
    fn unambiguous(&mut self, weaker: Option<&Entry>, entry: &Entry) -> Entry {
        let Some(weaker) = weaker.and_then(|weaker| weaker.value.as_map()).filter(|_| entry.operator != Operator::Replace) else {
            return entry.clone();
        };
        let before = |name: &str| -> Vec<&Entry> { weaker.entries().iter().filter(|used| named(used) == name).collect() };
        let is_removal = entry.operator == Operator::Remove;
        let said: Vec<(&str, Span)> = if is_removal {
            entry.value.as_list().unwrap_or_default().iter().filter_map(|item| Some((item.as_str()?, item.origin.span))).collect()
        } else {
            entry.value.as_map().map(Map::entries).unwrap_or_default().iter().map(|used| (named(used), used.span)).collect()
        };
        let mut unclear: BTreeMap<&str, Span> = BTreeMap::new();
        for (name, span) in &said {
            let (there, here) = (before(name).len(), said.iter().filter(|(other, _)| other == name).count());
            if there > 1 && (is_removal || here < there) {
                unclear.entry(name).or_insert(*span);
            }
        }
        for (name, span) in &unclear {
            let places: Vec<Span> = before(name).into_iter().map(|used| used.span).collect();
            self.diagnostics.push(errors::one_of_several_uses(name, *span, &places, is_removal));
        }
        let is_clear = |name: &str| !unclear.contains_key(name);
        let origin = entry.value.origin;
        let value = if let Some(items) = entry.value.as_list() {
            Value::list(items.iter().filter(|item| item.as_str().is_none_or(is_clear)).cloned().collect(), origin)
        } else if let Some(map) = entry.value.as_map() {
            Value::map(map.entries().iter().filter(|used| is_clear(named(used))).cloned().collect(), origin)
        } else {
            entry.value.clone()
        };
        Entry { value, ..entry.clone() }
    }

    /// What a layer says beside its uses.
    fn without(&mut self, value: &Value, part: UsePart) -> Value {
        let Some(map) = value.as_map().filter(|map| map.entry("$verbatim").is_none() && has_use(value)) else {
            return if matches!(value.data, Data::List(_)) { self.within(value, part, None) } else { value.clone() };
        };
        let entries = map.entries().iter().filter(|entry| !is_use(entry)).map(|entry| {
            let is_apart = entry.operator == Operator::Replace || (entry.key.starts_with('$') && entry.template.is_none());
            let step = Step::Key(Arc::clone(&entry.key));
            let value = self.nested(|this| {
                this.inside(step, |this| if is_apart { this.within(&entry.value, part, None) } else { this.without(&entry.value, part) })
            });
            Entry { value, ..entry.clone() }
        });
        // Who says nothing but what is used says nothing beside it.
        let says = |entry: &Entry| {
            let only = map.get(&entry.key).is_some_and(|written| written.as_map().is_some_and(|map| map.entries().iter().any(is_use)));
            !(only && entry.operator == Operator::Merge && entry.value.as_map().is_some_and(|map| map.entries().is_empty()))
        };
        let entries: Vec<Entry> = entries.collect();
        Value::map(entries.into_iter().filter(says).collect(), value.origin).after(value)
    }

    fn nested<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.nesting += 1;
        let result = work(self);
        self.nesting -= 1;
        result
    }
}

/// What fragments come to, by the place in a class where they are used.
pub(in crate::definition) type Bases = BTreeMap<Path, Value>;

/// The class as it was put together, its keys in the order in which they are written: what a fragment brings stands first where it is used, and
/// nothing else moves for it.
pub(in crate::definition) fn ordered(value: &Value, layers: &[Value], bases: &Bases) -> Value {
    if bases.is_empty() { value.clone() } else { in_order(value, &[], &layers.iter().collect::<Vec<_>>(), bases, &mut Path::default()) }
}

/// `brought`: what fragments around bring here, weakest first.
fn in_order(value: &Value, brought: &[&Value], layers: &[&Value], bases: &Bases, path: &mut Path) -> Value {
    let Some(map) = value.as_map().filter(|_| layers.iter().any(|layer| has_use(layer))) else { return value.clone() };
    let brought: Vec<&Value> = brought.iter().copied().chain(bases.get(path)).collect();
    let mut ranks: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in brought.iter().chain(layers).filter_map(|value| value.as_map()).flat_map(Map::entries) {
        let next = ranks.len();
        ranks.entry(&entry.key).or_insert(next);
    }
    let mut entries = Vec::with_capacity(map.entries().len());
    for entry in map.entries() {
        let below = |values: &[&Value]| -> Vec<Value> { values.iter().filter_map(|value| value.get(&entry.key)).cloned().collect() };
        let (inner, further) = (below(&brought), below(layers));
        path.push(Step::Key(Arc::clone(&entry.key)));
        let value = in_order(&entry.value, &inner.iter().collect::<Vec<_>>(), &further.iter().collect::<Vec<_>>(), bases, path);
        path.pop();
        entries.push(Entry { value, ..entry.clone() });
    }
    entries.sort_by_key(|entry| ranks.get(&*entry.key).copied().unwrap_or(usize::MAX));
    Value::map(entries, value.origin).after(value)
}

/// Whether an entry is a use, or has one below it.
fn uses(entry: &Entry) -> bool {
    is_use(entry) || has_use(&entry.value)
}
