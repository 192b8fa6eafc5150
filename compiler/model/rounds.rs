//! Loops of templates: in comes what `$for` says, out goes how the template is seen in each round. What an iterator stands for outlives the
//! evaluation that found it, so that a round can be worked out when something reads it.

use super::scope::Scope;
use super::seen::Sight;
use super::sight::NodePlace;
use super::world::World;
use super::{EntityId, errors};
use crate::expression::{Fault, Host, Key, Target, Val, key_value};
use crate::limit::LOOP_ENTRIES;
use crate::origin::Origin;
use crate::span::Span;
use crate::value::{Data, Entry, Value};
use std::sync::Arc;

/// What names stand for in one round of a loop, and in those of the loops around it.
#[derive(Debug)]
pub(crate) struct Round {
    /// Tells it from all others of a world.
    pub(super) id: u64,
    /// What each iterator is, innermost last.
    vals: Vec<(Arc<str>, Val)>,
    /// The value that it is, where that is known.
    values: Vec<(Arc<str>, Value)>,
    /// The position of each.
    index: Vec<(Arc<str>, i64)>,
    /// Whether what a loop runs over was made of a secret.
    pub(crate) tainted: bool,
}

/// What an iterator stands for, and the value that it is, if that is known.
type Iterated = (Val, Option<Value>);

impl Round {
    /// What a name stands for, if it is that of an iterator.
    pub(super) fn val(&self, name: &str) -> Option<&Val> {
        last(&self.vals, name)
    }

    /// The value behind it.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        last(&self.values, name)
    }

    /// All names that stand for something only here.
    pub(super) fn names(&self) -> impl Iterator<Item = Arc<str>> {
        self.vals.iter().map(|(name, _)| Arc::clone(name)).chain([Arc::from("index")])
    }

    /// What `index` is.
    pub(super) fn positions(&self) -> Val {
        Val::map(self.index.iter().map(|(name, at)| (Key::String(Arc::clone(name)), Val::Int(*at))))
    }
}

fn last<'t, T>(named: &'t [(Arc<str>, T)], name: &str) -> Option<&'t T> {
    named.iter().rev().find(|(known, _)| &**known == name).map(|(_, found)| found)
}

impl Scope<'_, '_> {
    /// Whether what names stand for here may be a secret.
    pub(crate) fn is_tainted(&self) -> bool {
        self.round.as_ref().is_some_and(|round| round.tainted)
    }

    /// Whether a name stands for something only here.
    pub(super) fn is_local(&self, name: &str) -> bool {
        let is_iterator = self.round.as_ref().is_some_and(|round| round.val(name).is_some());
        is_iterator || self.locals.iter().any(|(local, _)| &**local == name)
    }
}

impl<'a> World<'a> {
    /// How a template is seen in each round of its loop: for several iterators every combination, the first outermost; what a later one runs
    /// over may read earlier ones.
    pub(crate) fn rounds(&self, sight: &Sight<'a>, iterators: &Value) -> Result<Vec<Sight<'a>>, Fault> {
        let mut rounds = vec![sight.clone()];
        for iterator in iterators.as_map().into_iter().flat_map(|map| map.entries()) {
            let mut next = Vec::new();
            for round in rounds {
                let (items, tainted) = self.taints(|| self.iterated(&round, &iterator.value));
                let items = items?;
                self.affords_entries(sight.owner, items.len(), iterator.span)?;
                next.extend((0i64..).zip(items).map(|(at, item)| self.round(&round, (&iterator.key, at), item, tainted)));
            }
            rounds = next;
        }
        Ok(rounds)
    }

    fn round(&self, outer: &Sight<'a>, (name, at): (&Arc<str>, i64), (val, value): Iterated, tainted: bool) -> Sight<'a> {
        let id = self.round_count.get() + 1;
        self.round_count.set(id);
        let mut round = Round { id, vals: Vec::new(), values: Vec::new(), index: Vec::new(), tainted };
        if let Some(outer) = outer.round() {
            round.vals.clone_from(&outer.vals);
            round.values.clone_from(&outer.values);
            round.index.clone_from(&outer.index);
            round.tainted |= outer.tainted;
        }
        let val = self.lasting(&val).unwrap_or(val);
        round.values.extend(value.map(|value| (Arc::clone(name), value)));
        round.vals.push((Arc::clone(name), val));
        round.index.push((Arc::clone(name), at));
        outer.within_round(Arc::new(round))
    }

    /// Counts what loops of one thing make.
    pub(crate) fn affords_entries(&self, owner: EntityId, count: usize, span: Span) -> Result<(), Fault> {
        let mut looped = self.looped.borrow_mut();
        let made = looped.entry(owner).or_default();
        *made = made.saturating_add(count);
        if *made > LOOP_ENTRIES {
            return Err(Fault::Diagnostic(Box::new(errors::loop_too_large(span, LOOP_ENTRIES))));
        }
        Ok(())
    }

    /// What an iterator runs over.
    fn iterated(&self, sight: &Sight<'a>, value: &Value) -> Result<Vec<Iterated>, Fault> {
        let plain = sight.clone().typed(None);
        let val = match &value.data {
            Data::Template(template) => {
                self.reading(template.span, || self.of_use(template, || template.evaluate(&self.scope_of(&plain), Target::Plain)))?
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::List(_)
            | Data::Map(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => self.see(plain.clone(), value)?,
        };
        let val = if let Val::Node(node) = val {
            match self.place(node) {
                Some(NodePlace::Value { sight, value: held }) => return self.held(&sight, &held, value.origin.span),
                Some(_) | None => self.scope_of(&plain).force(node)?,
            }
        } else {
            val
        };
        if let Val::List(items) = &val {
            return Ok(items.iter().map(|item| (item.clone(), None)).collect());
        }
        if let Val::Map(map) = &val {
            return Ok(map.entries().iter().map(|(key, val)| (pair(key, val), None)).collect());
        }
        if let Val::Late(late) = &val {
            return Err(Fault::Diagnostic(Box::new(errors::decided_late(late, value.origin.span, "`$for`"))));
        }
        Err(not_iterable(val.describe(), value.origin.span))
    }

    /// What a list or a map of values holds, each still where it comes from.
    fn held(&self, sight: &Sight<'a>, value: &Value, span: Span) -> Result<Vec<Iterated>, Fault> {
        let (value, sight) = self.unfolded(sight, value)?;
        if let Some(items) = value.as_list() {
            let items = items.iter().enumerate();
            return items.map(|(at, item)| Ok((self.see(sight.item(at), item)?, Some(item.clone())))).collect();
        }
        let Some(map) = value.as_map() else { return Err(not_iterable(value.describe(), span)) };
        let entries = map.entries().iter().map(|entry| {
            let key = Value::string(Arc::clone(&entry.key), Origin { span: entry.span, ..entry.value.origin });
            let fields = [("key", key), ("value", entry.value.clone())];
            let pair = Value::map(fields.map(|(name, value)| Entry::plain(name, entry.span, value)).into(), entry.value.origin);
            // Its key is of no type, whatever the values are.
            let sight = sight.clone().typed(None).of_entries([(Arc::from("value"), sight.field(&entry.key))]);
            (self.node(NodePlace::Value { sight, value: pair.clone() }), Some(pair))
        });
        Ok(entries.collect())
    }

    /// The same with nodes that outlive the session; none if it has no others.
    fn lasting(&self, val: &Val) -> Option<Val> {
        match val {
            Val::Node(node) => Some(self.lasting_node(*node)?),
            Val::List(items) => {
                let changed: Vec<_> = items.iter().map(|item| self.lasting(item)).collect();
                changed.iter().find(|changed| changed.is_some())?;
                Some(Val::list(items.iter().zip(changed).map(|(item, changed)| changed.unwrap_or_else(|| item.clone())).collect()))
            }
            Val::Map(map) => {
                let entries: Vec<_> = map.entries().iter().map(|(key, val)| (key, val, self.lasting(val))).collect();
                entries.iter().find(|(_, _, changed)| changed.is_some())?;
                Some(Val::map(entries.into_iter().map(|(key, val, changed)| (key.clone(), changed.unwrap_or_else(|| val.clone())))))
            }
            Val::Optional(Some(inner)) => Some(Val::Optional(Some(Arc::new(self.lasting(inner)?)))),
            Val::Null
            | Val::Bool(_)
            | Val::Int(_)
            | Val::Uint(_)
            | Val::Double(_)
            | Val::String(_)
            | Val::Bytes(_)
            | Val::Type(_)
            | Val::Optional(None)
            | Val::Opaque(_)
            | Val::Late(_) => None,
        }
    }
}

/// An entry of a map as an iterator stands for it.
fn pair(key: &Key, val: &Val) -> Val {
    Val::map([(Key::String("key".into()), key_value(key)), (Key::String("value".into()), val.clone())])
}

fn not_iterable(what: &str, span: Span) -> Fault {
    Fault::Diagnostic(Box::new(errors::loop_needs_list(what, span)))
}
