//! Why two values of one place are not the same: by where they come from and what they were made of, never by what they look like
//! (design 4, `diff`). In come two values with their histories; nothing is said and nothing is changed.

use super::{Side, are_of_one_time};
use crate::expression::Late;
use crate::source::Sources;
use crate::span::Span;
use crate::value::{Cause, Data, Entry, Name, Value};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// So many pairs of values are looked at for one comparison of two environments; what lies behind that is told as it is.
const PAIRS: usize = 4_000_000;

/// What becomes of two values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// They are the same.
    Same,
    /// One place gives both, and they hold the names of their environments, or what Terraform has made known of the same output.
    Carried,
    /// One place gives both, because what it reads differs: there.
    Follows(Vec<DiffRoot>),
    /// Two places give them.
    Written(DiffRoot),
    /// One place gives both, and decides by the environment's name, or by what leaves no value behind.
    Decided(DiffRoot),
}

/// The places of two values that differ: where a difference begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct DiffRoot {
    /// The place in the first, if it says anything.
    pub(super) first: Option<Span>,
    /// The place in the second.
    pub(super) second: Option<Span>,
}

impl DiffRoot {
    /// Of two values, of which a side may have none.
    pub(super) fn of(first: Option<&Value>, second: Option<&Value>) -> Self {
        Self { first: first.map(|value| value.origin.span), second: second.map(|value| value.origin.span) }
    }
}

/// Judges pairs of values of two environments.
pub(super) struct Judge<'a> {
    /// What the two are called outside.
    names: (&'a Value, &'a Value),
    places: DiffPlaces<'a>,
    /// What was found of what two expressions have read; histories are shared.
    known: BTreeMap<(usize, usize), ReadOutcome>,
    left: usize,
}

/// What the values that two expressions have read come to.
#[derive(Clone, Default, Debug)]
struct ReadOutcome {
    roots: Vec<DiffRoot>,
    /// One of them holds the environment's name and stands in what was made.
    carries: bool,
    /// One of them holds the environment's name and decided what was made.
    decides: bool,
    /// They have not read the same.
    differs: bool,
}

impl<'a> Judge<'a> {
    /// A judge over the things of two environments.
    pub(super) fn new(first: &Side<'a>, second: &Side<'a>) -> Self {
        let name = |side: &Side<'a>| side.model.environment(side.environment).identity.value();
        let is_one = are_of_one_time(first.model, second.model);
        let places = DiffPlaces { first: first.sources, second: second.sources, is_one };
        Self { names: (name(first), name(second)), places, known: BTreeMap::new(), left: PAIRS }
    }

    /// Whether the keys under which one expression gives values differ by nothing but the names of the environments.
    pub(super) fn keys_are_carried(&mut self, first: &Value, second: &Value) -> bool {
        let outcome = self.causes(first.made(), second.made());
        outcome.carries && !outcome.decides && !outcome.differs && outcome.roots.is_empty()
    }

    /// What decides which parts a map or list has that one expression makes in both, if that is known.
    pub(super) fn parts_follow(&mut self, first: &Value, second: &Value) -> Option<Vec<DiffRoot>> {
        if !self.places.same(first.decided().span, second.decided().span) {
            return None;
        }
        let outcome = self.causes(first.made(), second.made());
        (!outcome.decides && !outcome.roots.is_empty()).then_some(outcome.roots)
    }

    /// Whether one place gives both.
    pub(super) fn is_one_place(&self, first: Span, second: Span) -> bool {
        self.places.same(first, second)
    }

    /// Why two values differ, if they do.
    pub(super) fn judge(&mut self, first: &Value, second: &Value) -> Verdict {
        if first.same_data(second) {
            return Verdict::Same;
        }
        let Some(left) = self.left.checked_sub(1) else { return Verdict::Written(DiffRoot::of(Some(first), Some(second))) };
        self.left = left;
        if self.is_own_name(first, second) {
            return Verdict::Carried;
        }
        if !self.places.same(first.decided().span, second.decided().span) {
            return self.inside(first, second).unwrap_or_else(|| Verdict::Written(DiffRoot::of(Some(first), Some(second))));
        }
        let of_late = matches!((&first.data, &second.data), (Data::Late(one), Data::Late(other)) if self.is_of_the_same(one, other));
        let outcome = self.causes(first.made(), second.made());
        if outcome.decides {
            Verdict::Decided(DiffRoot::of(Some(first), Some(second)))
        } else if !outcome.roots.is_empty() {
            Verdict::Follows(outcome.roots)
        } else if (outcome.carries || of_late) && !outcome.differs {
            Verdict::Carried
        } else if first.made().is_empty() && second.made().is_empty() {
            self.inside(first, second).unwrap_or_else(|| Verdict::Decided(DiffRoot::of(Some(first), Some(second))))
        } else {
            Verdict::Decided(DiffRoot::of(Some(first), Some(second)))
        }
    }

    /// What the parts of two maps or lists of as many items come to; none if they are not that, or a part has no counterpart.
    fn inside(&mut self, first: &Value, second: &Value) -> Option<Verdict> {
        let pairs: Vec<(&Value, &Value)> = match (&first.data, &second.data) {
            (Data::Map(one), Data::Map(other)) if one.entries().len() == other.entries().len() => {
                let pair = |entry: &Entry| other.get(&entry.key);
                let found: Option<Vec<&Value>> = one.entries().iter().map(pair).collect();
                one.entries().iter().map(|entry| &entry.value).zip(found?).collect()
            }
            (Data::List(one), Data::List(other)) if one.items().len() == other.items().len() => {
                one.items().iter().zip(other.items()).collect()
            }
            _ => return None,
        };
        let mut roots = Vec::new();
        let mut carried = false;
        for (one, other) in pairs {
            match self.judge(one, other) {
                Verdict::Same => {}
                Verdict::Carried => carried = true,
                Verdict::Follows(found) => roots.extend(found),
                Verdict::Written(root) | Verdict::Decided(root) => roots.push(root),
            }
        }
        roots.sort();
        roots.dedup();
        Some(if roots.is_empty() && carried { Verdict::Carried } else { Verdict::Follows(roots) })
    }

    fn causes(&mut self, first: &[Cause], second: &[Cause]) -> ReadOutcome {
        if first.is_empty() && second.is_empty() {
            return ReadOutcome::default();
        }
        let key = (first.as_ptr() as usize, second.as_ptr() as usize);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let mut outcome = ReadOutcome { differs: first.len() != second.len(), ..ReadOutcome::default() };
        // In the rounds of a macro one name stands for several values, in order.
        let mut others: BTreeMap<NameKey<'_>, VecDeque<&Cause>> = BTreeMap::new();
        second.iter().for_each(|cause| others.entry(self.places.name(self.places.second, cause.name)).or_default().push_back(cause));
        for cause in first {
            let Some(other) = others.get_mut(&self.places.name(self.places.first, cause.name)).and_then(VecDeque::pop_front) else {
                outcome.differs = true;
                continue;
            };
            let decides = cause.decides || other.decides;
            let verdict = if cause.name == FACTS { self.fact(&cause.value, &other.value) } else { self.judge(&cause.value, &other.value) };
            match verdict {
                Verdict::Same => {}
                Verdict::Carried if decides => outcome.decides = true,
                Verdict::Carried => outcome.carries = true,
                Verdict::Follows(roots) => outcome.roots.extend(roots),
                Verdict::Written(root) | Verdict::Decided(root) => outcome.roots.push(root),
            }
        }
        outcome.roots.sort();
        outcome.roots.dedup();
        self.known.insert(key, outcome.clone());
        outcome
    }

    /// A fact counts by the output behind it: what was made known of the same output is what Terraform gave each environment.
    fn fact(&self, first: &Value, second: &Value) -> Verdict {
        match first.same_data(second) {
            true => Verdict::Same,
            false if self.places.is_one => Verdict::Carried,
            false => Verdict::Written(DiffRoot::of(Some(first), Some(second))),
        }
    }

    /// Whether each is what its own environment is called outside.
    fn is_own_name(&self, first: &Value, second: &Value) -> bool {
        let is = |value: &Value, name: &Value| value.origin == name.origin && value.made().is_empty() && value.same_data(name);
        is(first, self.names.0) && is(second, self.names.1)
    }

    /// Whether what is late comes from the same environment, or of each from its own, and is called the same there.
    fn is_of_the_same(&self, first: &Late, second: &Late) -> bool {
        let (first, second) = (first.references(), second.references());
        let own = (self.names.0.as_str(), self.names.1.as_str());
        let alike = |one: &Arc<str>, other: &Arc<str>| one == other || (Some(&**one), Some(&**other)) == own;
        first.len() == second.len()
            && first
                .iter()
                .zip(&second)
                .all(|(one, other)| alike(&one.environment, &other.environment) && one.address == other.address && one.stack == other.stack)
    }
}

/// By what a fact is named where it is read.
const FACTS: Name = Name::Computed("facts");

/// What tells whether two places are one: in one compilation where they are, in two what is written there, which lines above may have moved.
struct DiffPlaces<'a> {
    first: &'a Sources,
    second: &'a Sources,
    is_one: bool,
}

/// What an expression has read, by what it is called there.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum NameKey<'a> {
    At(Span),
    Written(&'a str),
    Computed(&'static str),
}

impl<'a> DiffPlaces<'a> {
    fn same(&self, first: Span, second: Span) -> bool {
        if self.is_one {
            return first == second;
        }
        let what = |sources: &'a Sources, span: Span| (sources.path(span.file), sources.text(span));
        what(self.first, first) == what(self.second, second)
    }

    fn name(&self, sources: &'a Sources, name: Name) -> NameKey<'a> {
        match name {
            Name::Written(span) if self.is_one => NameKey::At(span),
            Name::Written(span) => NameKey::Written(sources.text(span)),
            Name::Computed(word) => NameKey::Computed(word),
        }
    }
}
