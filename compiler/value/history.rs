//! Why a value is what it is, beside who wrote it: what it overrode, what was removed from it, and what the expression that made it has read.

use super::Value;
use crate::origin::Origin;
use crate::span::Span;
use std::sync::Arc;

/// What a value overrode, was made of and has lost. Most values have nothing of that; copies share it.
#[derive(Clone, Debug, Default)]
pub struct History(Option<Arc<Past>>);

#[derive(Clone, Debug)]
struct Past {
    overridden: Option<Box<Value>>,
    /// As long as need be: there are as many of these as values that are made.
    made: Box<[Cause]>,
    removed: Box<[Removed]>,
    /// The expression that handed it on as it is, where its own origin is that of what was handed on.
    passed: Option<Origin>,
    /// How far back what it was made of goes.
    depth: u32,
    /// Whether it went further back, and that is not kept.
    ends: bool,
}

/// A value that an expression has read.
#[derive(Clone, Debug)]
pub struct Cause {
    /// By what it was named.
    pub name: Name,
    /// What was there, with its own history.
    pub value: Value,
    /// Whether it only decided what came out, as a condition, a side of a comparison or an index does, and does not stand in it.
    pub decides: bool,
}

/// A field that a stronger layer removed from a map.
#[derive(Clone, Debug)]
pub struct Removed {
    /// Its key.
    pub key: Arc<str>,
    /// What removed it: the layer, and where it says so.
    pub by: Origin,
    /// What it was.
    pub value: Value,
}

/// How a value was named by whoever read it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Name {
    /// By an expression: `self.size.min` stands there.
    Written(Span),
    /// By the compiler: `environment.name`.
    Computed(&'static str),
}

/// How far back histories go: a value made of one that was made, and so on. What lies further back is known from the one in between.
const DEPTH: u32 = 64;

/// So many values are kept of those that one expression has read.
pub(crate) const CAUSES: usize = 64;

impl History {
    fn of(overridden: Option<Value>, made: Vec<Cause>, removed: Vec<Removed>) -> Self {
        if overridden.is_none() && made.is_empty() && removed.is_empty() {
            return Self::default();
        }
        let further = made.iter().map(|cause| cause.value.past() + 1).max().unwrap_or(0);
        let before = overridden.iter().chain(removed.iter().map(|removed| &removed.value)).map(Value::past).max().unwrap_or(0);
        let overridden = overridden.map(Box::new);
        let (made, removed, depth) = (made.into(), removed.into(), further.max(before));
        Self(Some(Arc::new(Past { overridden, made, removed, passed: None, depth, ends: false })))
    }

    /// That of a value that goes further back than is kept.
    fn ended(passed: Option<Origin>) -> Self {
        Self(Some(Arc::new(Past { overridden: None, made: Box::default(), removed: Box::default(), passed, depth: 0, ends: true })))
    }

    fn passed(mut self, by: Option<Origin>) -> Self {
        if let Some(past) = self.0.as_mut().and_then(Arc::get_mut) {
            past.passed = by;
        }
        self
    }

    /// The history of what an expression makes of these values.
    #[must_use]
    pub fn made(mut causes: Vec<Cause>) -> Self {
        for cause in &mut causes {
            if cause.value.history.depth() >= DEPTH {
                cause.value.history = Self::ended(cause.value.passed_on());
            }
        }
        // What goes so far back inside a list or map is not taken apart for it.
        causes.retain(|cause| cause.value.past() < DEPTH);
        Self::of(None, causes, Vec::new())
    }

    /// Whether nothing is in it: the value was written where its origin is, over nothing.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.0.is_none()
    }

    fn depth(&self) -> u32 {
        self.0.as_ref().map_or(0, |past| past.depth)
    }
}

impl Value {
    /// How far back its history goes, or that of a value inside.
    #[must_use]
    pub(super) fn past(&self) -> u32 {
        let inside = self.nature().map_or(0, |nature| nature.past);
        inside.max(self.history.depth())
    }

    /// The value of the next weaker layer, which this one replaced; that one's own leads further down.
    #[must_use]
    pub fn overridden(&self) -> Option<&Value> {
        self.history.0.as_ref()?.overridden.as_deref()
    }

    /// What the expression that made it has read, in the order of reading; nothing if none did.
    #[must_use]
    pub fn made(&self) -> &[Cause] {
        self.history.0.as_ref().map_or(&[], |past| &past.made)
    }

    /// Whether it was made of further values, of which too much would have to be kept.
    #[must_use]
    pub fn goes_further_back(&self) -> bool {
        self.history.0.as_ref().is_some_and(|past| past.ends)
    }

    /// The same value, having overridden another one, or none.
    #[must_use]
    pub fn over(mut self, weaker: Option<Value>) -> Self {
        self.history = History::of(weaker, self.made().to_vec(), self.all_removed().to_vec()).passed(self.passed_on());
        self
    }

    /// The same map, from which further fields were removed.
    #[must_use]
    pub fn without(mut self, mut removed: Vec<Removed>) -> Self {
        if !removed.is_empty() {
            removed.splice(..0, self.all_removed().iter().cloned());
            self.history = History::of(self.overridden().cloned(), self.made().to_vec(), removed).passed(self.passed_on());
        }
        self
    }

    /// What removed a field that this map does not have, and what it was; none if nothing removed it.
    #[must_use]
    pub fn removed(&self, key: &str) -> Option<&Removed> {
        let last = self.all_removed().iter().rev().find(|removed| *removed.key == *key);
        last.filter(|_| self.get(key).is_none())
    }

    /// All fields that layers removed from this map, those that came back included, first the oldest.
    #[must_use]
    pub fn all_removed(&self) -> &[Removed] {
        self.history.0.as_ref().map_or(&[], |past| &past.removed)
    }

    /// The same value where an expression that is nothing but its name hands it on: what the name is, the expression, and what else made it.
    #[must_use]
    pub fn handed_on(self, name: Span, by: Option<Origin>, further: Option<Cause>) -> Self {
        let overridden = self.overridden().cloned();
        let made = Cause { name: Name::Written(name), value: self.clone(), decides: false };
        let made = History::made([made].into_iter().chain(further).collect()).passed(by);
        Value { history: made, ..self }.over(overridden)
    }

    /// The same value where an expression that read these hands it on as it is: one of several that it chose, or what has no name of its own.
    #[must_use]
    pub fn chosen(self, name: Span, by: Origin, read: &History) -> Self {
        let overridden = self.overridden().cloned();
        let own = || Cause { name: Name::Written(name), value: self.clone(), decides: false };
        let read = read.0.as_ref().map_or(&[][..], |past| &past.made);
        let made = History::made(if read.is_empty() { vec![own()] } else { read.to_vec() }).passed(Some(by));
        Value { history: made, ..self }.over(overridden)
    }

    /// The expression that handed it on as it is: it decides what stands here, though the value is written elsewhere.
    #[must_use]
    pub fn passed_on(&self) -> Option<Origin> {
        self.history.0.as_ref()?.passed
    }

    /// Who decided that it stands here: the expression that handed it on, or whoever wrote it.
    #[must_use]
    pub fn decided(&self) -> Origin {
        self.passed_on().unwrap_or(self.origin)
    }

    /// The same map, into which a stronger layer brought a part: with the history of the weaker one, and what handed on that part.
    #[must_use]
    pub fn brought(mut self, weaker: &Value, layer: &Value) -> Self {
        let Some(by) = layer.passed_on() else { return self.after(weaker) };
        let removed = weaker.all_removed().to_vec();
        self.history = History::of(weaker.overridden().cloned(), layer.made().to_vec(), removed).passed(Some(by));
        self
    }

    /// The same value, with the history of one that it stands for.
    #[must_use]
    pub fn after(mut self, other: &Value) -> Self {
        self.history = other.history.clone();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::{LayerId, Origin};
    use crate::span::FileId;
    use crate::value::{Data, Entry};

    fn value(number: i64) -> Value {
        let span = Span::new(FileId(0), usize::try_from(number).unwrap(), usize::try_from(number).unwrap());
        Value::new(Data::Int(number), Origin { span, layer: LayerId::COMPUTED })
    }

    #[test]
    fn a_value_keeps_what_it_overrode_and_what_it_was_made_of() {
        let made =
            Value { history: History::made(vec![Cause { name: Name::Computed("one"), value: value(1), decides: false }]), ..value(2) };
        let both = made.over(Some(value(3)));
        assert_eq!(both.overridden().and_then(Value::as_int), Some(3));
        assert_eq!(both.made().iter().map(|cause| cause.value.as_int()).collect::<Vec<_>>(), [Some(1)]);
        let again = value(4).after(&both).over(None);
        assert!(again.overridden().is_none());
        assert_eq!(again.made().len(), 1);
    }

    #[test]
    fn a_map_keeps_what_was_removed_from_it() {
        let map = |keys: &[&str]| {
            let entries = keys.iter().map(|key| Entry::plain(*key, value(0).origin.span, value(0)));
            Value::map(entries.collect(), value(0).origin)
        };
        let removed = |key: &str, number| Removed { key: key.into(), by: value(9).origin, value: value(number) };
        let by = |value: &Value, key: &str| value.removed(key).and_then(|removed| removed.value.as_int());
        let once = map(&["a"]).without(vec![removed("b", 1)]);
        let twice = once.over(Some(value(3))).without(vec![removed("c", 2), removed("a", 4), removed("b", 5)]);
        assert_eq!(["a", "b", "c", "d"].map(|key| by(&twice, key)), [None, Some(5), Some(2), None]);
        // It is there again.
        assert_eq!(["a", "b"].map(|key| by(&map(&["b"]).after(&twice), key)), [Some(4), None]);
        assert_eq!(twice.overridden().and_then(Value::as_int), Some(3));
    }

    #[test]
    fn histories_end() {
        // Deeper than any stack could unwind, if each kept all.
        let mut last = value(0);
        for number in 1..200_000 {
            last = Value {
                history: History::made(vec![Cause { name: Name::Computed("last"), value: last, decides: false }]),
                ..value(number)
            };
        }
        let back = std::iter::successors(Some(&last), |value| value.made().first().map(|cause| &cause.value)).count();
        assert!((2..=usize::try_from(DEPTH).unwrap() + 1).contains(&back), "{back}");
        // Inside of lists too.
        for number in 1..200_000 {
            let history = History::made(vec![Cause { name: Name::Computed("last"), value: last, decides: false }]);
            let item = Value { history, ..value(number) };
            last = Value::list(vec![item.clone()], item.origin);
            assert!(last.past() <= DEPTH, "{}", last.past());
        }
    }
}
