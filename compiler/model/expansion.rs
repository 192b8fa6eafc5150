//! What the words of templates make of one map or list: loops, keys with expressions, and maps that are merged in. This is the one place where
//! that is said, for those who expand all at once (templates) and those who ask when something is read (`let`, outputs). In comes a map or list as
//! a class writes it, out go its entries or items; what becomes of a value in it is the business of whoever asks.

use super::seen::Sight;
use super::world::World;
use super::{EntityId, errors};
use crate::definition::directive::{self, Directive};
use crate::diagnostic::Diagnostics;
use crate::expression::{Fault, Target, UseId, Val};
use crate::inheritance::{Meeting, merge};
use crate::origin::LayerId;
use crate::span::Span;
use crate::value::{Entry, Map, Operator, Value};
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Somebody who expands maps and lists.
pub(crate) trait Expansion<'a> {
    /// What becomes of a value.
    type Made;

    /// The world in which expressions are evaluated.
    fn world(&self) -> &World<'a>;

    /// Tells what is wrong.
    fn fault(&mut self, fault: Fault);

    /// What becomes of a value that is seen so; none if it is left out, or something is wrong with it. Loops have been taken care of.
    fn value(&mut self, sight: &Sight<'a>, value: &Value) -> Option<Self::Made>;

    /// The entries of a map that is merged in.
    fn spread(&mut self, sight: &Sight<'a>, value: &Value) -> Vec<Expanded<Self::Made>>;

    /// What two entries of one key come to, the later stronger; none if nothing is left.
    fn merged(&mut self, weaker: &Expanded<Self::Made>, stronger: &Expanded<Self::Made>) -> Option<Self::Made>;

    /// Whether loops may make this too; reports if not.
    fn affords(&mut self, made: &Self::Made, span: Span) -> bool;
}

/// An entry in the making.
#[derive(Clone)]
pub(crate) struct Expanded<M> {
    /// Its key.
    pub(crate) key: Arc<str>,
    /// Where the key stands.
    pub(crate) span: Span,
    /// How it meets what weaker layers have.
    pub(crate) operator: Operator,
    /// Its value.
    pub(crate) made: M,
}

impl<M> Expanded<M> {
    /// What an entry came to.
    pub(crate) fn of(entry: &Entry, made: M) -> Self {
        Self { key: Arc::clone(&entry.key), span: entry.span, operator: entry.operator, made }
    }

    /// Whether it says what is there, and not how that is changed.
    fn is_plain(&self) -> bool {
        matches!(self.operator, Operator::Merge | Operator::Lock)
    }
}

impl Expanded<Value> {
    /// The finished entry.
    pub(crate) fn into_entry(self) -> Entry {
        Entry { operator: self.operator, ..Entry::plain(self.key, self.span, self.made) }
    }
}

/// The entries that a map comes to.
pub(crate) fn entries<'a, X: Expansion<'a>>(by: &mut X, sight: &Sight<'a>, map: &Map) -> Vec<Expanded<X::Made>> {
    let mut growing = Growing::of(map.entries().len());
    for entry in map.entries() {
        if &*entry.key == Directive::Spread.word() {
            for slot in by.spread(sight, &entry.value) {
                growing.put(by, slot, None);
            }
        } else if !directive::is_word(entry) {
            // The other words are about the map as a whole.
            each(by, sight, entry, &mut growing);
        }
    }
    growing.slots
}

/// The items that a list comes to.
pub(crate) fn items<'a, X: Expansion<'a>>(by: &mut X, sight: &Sight<'a>, list: &[Value]) -> Vec<X::Made> {
    let mut made = Vec::with_capacity(list.len());
    for (at, item) in list.iter().enumerate() {
        let sight = sight.item(at);
        let Some(looped) = looped(item) else {
            made.extend(by.value(&sight, item));
            continue;
        };
        for round in rounds(by, &sight, &looped.value) {
            let Some(item) = by.value(&round, item) else { continue };
            if !by.affords(&item, looped.span) {
                return made;
            }
            made.push(item);
        }
    }
    made
}

/// The loop that a value is made by.
fn looped(value: &Value) -> Option<&Entry> {
    value.as_map().and_then(|map| map.entry(Directive::For.word()))
}

fn rounds<'a, X: Expansion<'a>>(by: &mut X, sight: &Sight<'a>, iterators: &Value) -> Vec<Sight<'a>> {
    let rounds = by.world().rounds(sight, iterators);
    rounds.unwrap_or_else(|fault| {
        by.fault(fault);
        Vec::new()
    })
}

/// An entry, once or in each round of its loop.
fn each<'a, X: Expansion<'a>>(by: &mut X, sight: &Sight<'a>, entry: &Entry, growing: &mut Growing<X::Made>) {
    let inner = sight.field(&entry.key);
    let Some(looped) = looped(&entry.value) else {
        if let Some(made) = by.value(&inner, &entry.value)
            && let Some(key) = key(by, sight, entry)
        {
            growing.put(by, Expanded { key, ..Expanded::of(entry, made) }, Some(writer(entry)));
        }
        return;
    };
    let mut keys: BTreeSet<Arc<str>> = BTreeSet::new();
    for round in rounds(by, &inner, &looped.value) {
        let Some(made) = by.value(&round, &entry.value) else { continue };
        let Some(key) = key(by, &round, entry) else { continue };
        if !by.affords(&made, looped.span) {
            return;
        }
        if !keys.insert(Arc::clone(&key)) {
            by.fault(Fault::Diagnostic(Box::new(errors::key_made_twice(&key, entry.span, looped.span))));
            return;
        }
        growing.put(by, Expanded { key, ..Expanded::of(entry, made) }, Some(writer(entry)));
    }
}

/// The key of an entry as text.
fn key<'a, X: Expansion<'a>>(by: &mut X, sight: &Sight<'a>, entry: &Entry) -> Option<Arc<str>> {
    if entry.template.is_none() {
        return Some(Arc::clone(&entry.key));
    }
    match by.world().key(sight, entry) {
        Ok(key) => Some(key),
        Err(fault) => {
            by.fault(fault);
            None
        }
    }
}

impl<'a> World<'a> {
    /// What two values of a thing come to that stand under one key, the later stronger; broken if they contradict each other, which is told.
    pub(crate) fn merged(&self, owner: EntityId, key: &Arc<str>, weaker: &Value, stronger: &Value) -> Value {
        let mut found = Diagnostics::default();
        let subject = self.entity(owner).subject();
        // Under their key, so that what is said names it.
        let alone = |value: &Value| Value::map(vec![Entry::plain(Arc::clone(key), value.origin.span, value.clone())], value.origin);
        let merged = merge(Some(&alone(weaker)), &alone(stronger), Operator::Merge, None, &mut Meeting::new(&subject, &mut found));
        let is_fine = !found.has_errors();
        self.diagnostics.borrow_mut().append(found);
        let merged = merged.get(key).cloned().filter(|_| is_fine);
        merged.unwrap_or_else(|| Value::broken(stronger.origin))
    }

    /// The key of an entry as text.
    pub(crate) fn key(&self, sight: &Sight<'a>, entry: &Entry) -> Result<Arc<str>, Fault> {
        let Some(template) = &entry.template else { return Ok(Arc::clone(&entry.key)) };
        let scope = self.scope_of(sight);
        let (key, tainted) =
            self.taints(|| self.reading(template.span, || self.of_use(template, || template.evaluate(&scope, Target::Plain))));
        let fault = |diagnostic| Err(Fault::Diagnostic(Box::new(diagnostic)));
        if tainted || scope.is_tainted() {
            return fault(errors::secret_key(template.span));
        }
        match key? {
            Val::String(text) => Ok(text),
            Val::Opaque(opaque) => Ok(opaque.text()),
            Val::Int(int) => Ok(int.to_string().into()),
            Val::Late(late) => fault(errors::decided_late(&late, template.span, "a key")),
            other @ (Val::Null
            | Val::Bool(_)
            | Val::Uint(_)
            | Val::Double(_)
            | Val::Bytes(_)
            | Val::List(_)
            | Val::Map(_)
            | Val::Type(_)
            | Val::Optional(_)
            | Val::Node(_)) => fault(errors::key_not_text(&other, template.span)),
        }
    }

    /// What a condition comes to that was evaluated so.
    pub(crate) fn condition(&self, condition: &Value, came_to: Result<Val, Fault>) -> Result<bool, Fault> {
        let span = condition.origin.span;
        match came_to? {
            Val::Bool(bool) => Ok(bool),
            Val::Late(late) => Err(Fault::Diagnostic(Box::new(errors::decided_late(&late, span, "`$if`")))),
            Val::Null
            | Val::Int(_)
            | Val::Uint(_)
            | Val::Double(_)
            | Val::String(_)
            | Val::Bytes(_)
            | Val::List(_)
            | Val::Map(_)
            | Val::Type(_)
            | Val::Optional(_)
            | Val::Opaque(_)
            | Val::Node(_) => Err(Fault::Diagnostic(Box::new(errors::directive_not_bool(span)))),
        }
    }
}

/// Who writes a key: a layer, or in it what one use of a fragment brought.
type Writer = (LayerId, Option<UseId>);

fn writer(entry: &Entry) -> Writer {
    (entry.value.origin.layer, entry.template.as_ref().and_then(|template| template.use_))
}

/// The entries of a map in the making.
struct Growing<M> {
    slots: Vec<Expanded<M>>,
    /// Who wrote each last as an entry of this map; those that were merged in are not.
    written: Vec<Option<Writer>>,
    /// Positions by key, once there are more than [`FEW`].
    places: BTreeMap<Arc<str>, usize>,
}

/// Up to this many entries a linear search is faster than an index.
const FEW: usize = 16;

impl<M> Growing<M> {
    /// With room for so many.
    fn of(count: usize) -> Self {
        Self { slots: Vec::with_capacity(count), written: Vec::with_capacity(count), places: BTreeMap::new() }
    }

    fn position(&self, key: &str) -> Option<usize> {
        if self.slots.len() <= FEW {
            return self.slots.iter().position(|slot| &*slot.key == key);
        }
        self.places.get(key).copied()
    }

    /// Adds an entry. One that was merged in or that another layer wrote meets it; two of one layer contradict each other.
    fn put<'a, X: Expansion<'a, Made = M>>(&mut self, by: &mut X, slot: Expanded<M>, written: Option<Writer>) {
        let known = self.position(&slot.key).and_then(|at| Some((self.slots.get_mut(at)?, self.written.get_mut(at)?)));
        let Some((have, before)) = known.filter(|(have, _)| have.is_plain() && slot.is_plain()) else {
            self.slots.push(slot);
            self.written.push(written);
            if self.slots.len() > FEW {
                let known = self.places.len();
                let new = self.slots.iter().enumerate().skip(known);
                self.places.extend(new.map(|(at, slot)| (Arc::clone(&slot.key), at)));
            }
            return;
        };
        if written.is_some() && written == *before {
            by.fault(Fault::Diagnostic(Box::new(errors::keys_meet(&slot.key, have.span, slot.span))));
            return;
        }
        *before = written.or(*before);
        if let Some(made) = by.merged(have, &slot) {
            have.made = made;
        }
    }
}
