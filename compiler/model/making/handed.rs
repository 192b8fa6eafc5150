//! What was handed to a thing, worked out in the words of the thing that it comes from. The loops around an expression are run again, once for
//! all that they hand on.

use super::super::outcome::Why;
use super::super::scope::Scope;
use super::super::seen::Sight;
use super::super::sight::NodePlace;
use super::super::work::Work;
use super::super::world::World;
use super::super::{EntityId, errors};
use super::{Handed, HandedRound};
use crate::definition::root::Within;
use crate::expression::{Fault, Host, Key, Target, Template, Val};
use crate::origin::Origin;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a loop is, for finding it again: whose it is, where its list stands in memory, and the rounds of the loops around it.
pub(in crate::model) type LoopPlace = (EntityId, usize, Vec<usize>);

/// What each round of a loop stands for.
pub(in crate::model) type LoopItems<'a> = Arc<Vec<(Value, Sight<'a>)>>;

impl<'a> World<'a> {
    /// What was handed to a thing comes to. `sight` is how the thing sees it.
    pub(in crate::model) fn handed(
        &self,
        sight: &Sight<'a>,
        number: u32,
        template: &Arc<Template>,
        value: &Value,
    ) -> Result<Work<'a>, Fault> {
        let model = self.model;
        let Some(handed) = model.handed.get(number as usize) else { return Err(Fault::Reported) };
        let Some(owner) = handed.owner else { return Err(Fault::Reported) };
        // On another cluster it is that of another thing.
        self.outside.set(true);
        let theirs = Sight::of(owner, handed.within).typed(sight.type_);
        let work = match &handed.value.data {
            Data::Template(own) if handed.rounds.is_empty() => self.work(theirs, own, &handed.value)?,
            Data::Template(own) => self.once(owner, Arc::as_ptr(template) as usize, own.span, || {
                let scope = self.scope_of(owner, handed)?;
                self.attempt(&scope, own, Target::Plain, handed.value.origin, sight.type_)
            })?,
            Data::Pending(pending) => {
                let met = self.pending(owner, pending)?;
                Work::Value(self.evaluate_as(theirs.clone(), &met), Some(theirs))
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::List(_)
            | Data::Map(_)
            | Data::Late(_)
            | Data::Broken => {
                return Err(Fault::Reported);
            }
        };
        Ok(match work {
            // What is named in it may be called otherwise where it goes.
            Work::Value(made, seen) => {
                let made = seen.as_ref().map_or_else(|| made.clone(), |seen| self.addressed(seen, &made));
                Work::Value(made.over(value.overridden().cloned()), seen)
            }
            things @ Work::Things(..) => things,
        })
    }

    /// The names in scope where something stands that was handed on.
    fn scope_of(&self, owner: EntityId, handed: &Handed) -> Result<Scope<'_, 'a>, Fault> {
        let mut scope = self.scope(owner, handed.within);
        let mut before = Vec::new();
        for round in handed.rounds.iter() {
            self.enter_round(&mut scope, owner, round, &mut before)?;
        }
        Ok(scope)
    }

    /// Adds the iterator of a round to a scope.
    pub(in crate::model) fn enter_round(
        &self,
        scope: &mut Scope<'_, 'a>,
        owner: EntityId,
        round: &HandedRound,
        before: &mut Vec<usize>,
    ) -> Result<(), Fault> {
        let items = self.loop_items(scope, owner, &round.over, before)?;
        let Some((value, sight)) = items.get(round.at) else { return Err(Fault::Reported) };
        scope.locals.push((Arc::clone(&round.iterator), self.see(sight.clone(), value)?));
        scope.handed.push((Arc::clone(&round.iterator), value.clone(), sight.clone()));
        scope.index.push((Arc::clone(&round.iterator), i64::try_from(round.at).unwrap_or(i64::MAX)));
        before.push(round.at);
        Ok(())
    }

    /// What each round of a loop stands for. What is a value of somebody stays as it is written there.
    pub(in crate::model) fn loop_items(
        &self,
        scope: &Scope<'_, 'a>,
        owner: EntityId,
        over: &Value,
        before: &[usize],
    ) -> Result<LoopItems<'a>, Fault> {
        let at = match &over.data {
            Data::Template(template) => Arc::as_ptr(template) as usize,
            Data::List(list) => Arc::as_ptr(list) as usize,
            Data::Map(map) => Arc::as_ptr(map) as usize,
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => 0,
        };
        let place = (owner, at, before.to_vec());
        let known = self.loops.borrow().get(&place).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let found = self.session(|| {
            let val = if let Data::Template(template) = &over.data {
                self.reading(template.span, || template.evaluate(scope, Target::Plain))?
            } else {
                self.see(Sight::of(owner, Within::Class), over)?
            };
            let why = Why::written(over.origin);
            let own = Sight::of(owner, Within::Class);
            let pair = |key: Value, item: (Value, Sight<'a>)| Sight::pair((key, own.clone()), item, over.origin, &own);
            if let Val::Node(node) = val
                && let Some(NodePlace::Value { sight, value }) = self.place(node)
            {
                if let Data::List(list) = &value.data {
                    return Ok(list.items().iter().enumerate().map(|(at, item)| (item.clone(), sight.item(at))).collect());
                }
                let entries = value.as_map().map(Map::entries).unwrap_or_default();
                let key = |entry: &Entry| Value::string(Arc::clone(&entry.key), Origin { span: entry.span, ..entry.value.origin });
                return Ok(entries.iter().map(|entry| pair(key(entry), (entry.value.clone(), sight.field(&entry.key)))).collect());
            }
            let val = if let Val::Node(node) = val { scope.force(node)? } else { val };
            if let Val::List(items) = &val {
                return items.iter().map(|item| self.carried(scope, item, over.origin.span, &why)).collect::<Result<Vec<_>, _>>();
            }
            let Val::Map(map) = &val else {
                return Err(Fault::Diagnostic(Box::new(errors::makes_of_no_list(val.describe(), over.origin.span))));
            };
            let each = |(key, item): &(Key, Val)| {
                let item = self.carried(scope, item, over.origin.span, &why)?;
                Ok(pair(Value::string(key.to_string(), item.0.origin), item))
            };
            map.entries().iter().map(each).collect()
        })?;
        let found = Arc::new(found);
        self.loops.borrow_mut().insert(place, Arc::clone(&found));
        Ok(found)
    }

    /// A result of an expression that goes on to another thing: what is a value of somebody stays as it is written there, with how it is seen.
    pub(in crate::model) fn carried(&self, scope: &Scope<'_, 'a>, val: &Val, span: Span, why: &Why) -> Result<(Value, Sight<'a>), Fault> {
        let own = scope.owner.map_or_else(|| Sight::of(EntityId(0), Within::Class), |owner| Sight::of(owner, scope.within));
        match val {
            Val::Node(node) => {
                if let Some(NodePlace::Value { sight, value }) = self.place(*node) {
                    return Ok((value, sight));
                }
            }
            Val::Optional(Some(inner)) => return self.carried(scope, inner, span, why),
            Val::List(items) => {
                let (values, sights): (Vec<Value>, Vec<Sight<'a>>) =
                    items.iter().map(|item| self.carried(scope, item, span, why)).collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
                return Ok((Value::list(values, why.origin), own.of_items(sights)));
            }
            Val::Map(map) => {
                let (mut entries, mut sights) = (Vec::new(), BTreeMap::new());
                for (key, val) in map.entries().iter().filter(|(_, val)| !matches!(val, Val::Optional(None))) {
                    let (value, sight) = self.carried(scope, val, span, why)?;
                    let key: Arc<str> = key.to_string().into();
                    sights.insert(Arc::clone(&key), sight);
                    entries.push(Entry::plain(key, value.origin.span, value));
                }
                return Ok((Value::map(entries, why.origin), own.of_entries(sights)));
            }
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
            | Val::Late(_) => {}
        }
        let value = self.value(scope, val, span, why)?;
        let sight = scope.owner.and_then(|owner| self.sight_of(owner, scope.within, val)).unwrap_or(own);
        Ok((value, sight))
    }
}
