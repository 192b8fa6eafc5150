//! What was handed to a thing, worked out in the words of the thing that it comes from. The loops around an expression are run again, once for
//! all that they hand on.

use super::super::EntityId;
use super::super::outcome::Why;
use super::super::scope::Scope;
use super::super::seen::Sight;
use super::super::sight::NodePlace;
use super::super::work::Work;
use super::super::world::World;
use super::Handed;
use crate::definition::root::Within;
use crate::expression::{Fault, Template, Val};
use crate::path::Step;
use crate::span::Span;
use crate::value::{Data, Entry, Value};
use std::sync::Arc;

/// Where a loop is, for finding it again: whose it is, where it stands in memory, and the rounds of the loops around it.
pub(in crate::model) type LoopPlace = (EntityId, usize, Vec<usize>);

impl<'a> World<'a> {
    /// What was handed to a thing comes to. `sight` is how the thing sees it.
    pub(in crate::model) fn handed(&self, sight: &Sight<'a>, number: u32, value: &Value) -> Result<Work<'a>, Fault> {
        let Some(handed) = self.model.handed.get(number as usize) else { return Err(Fault::Reported) };
        let Some(owner) = handed.owner else { return Err(Fault::Reported) };
        // On another cluster it is that of another thing.
        self.outside.set(true);
        let theirs = self.sight_of_handed(owner, handed)?.typed(sight.type_);
        let work = match &handed.value.data {
            Data::Template(own) => match self.iterated_path(&theirs, own) {
                Some(work) => work,
                None => self.work(theirs, own, &handed.value)?,
            },
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
            | Data::Broken => return Err(Fault::Reported),
        };
        Ok(match work {
            // What is named in it may be called otherwise where it goes.
            Work::Value(made, seen) => {
                let made = seen.as_ref().map_or_else(|| made.clone(), |seen| self.addressed(seen, &made));
                Work::Value(made.over(value.overridden().cloned()), seen)
            }
            other @ (Work::Things(..) | Work::Nothing) => other,
        })
    }

    /// An expression that was handed to a thing as it stands where it comes from, with how it is seen there; none for any other.
    pub(in crate::model) fn handed_template(&self, template: &'a Template) -> Result<Option<(&'a Template, Sight<'a>)>, Fault> {
        let Some(number) = template.handed() else { return Ok(None) };
        let handed = self.model.handed.get(number as usize).ok_or(Fault::Reported)?;
        let (Some(owner), Data::Template(own)) = (handed.owner, &handed.value.data) else { return Err(Fault::Reported) };
        Ok(Some((own, self.sight_of_handed(owner, handed)?)))
    }

    /// How something is seen where it stands that was handed on.
    fn sight_of_handed(&self, owner: EntityId, handed: &Handed) -> Result<Sight<'a>, Fault> {
        if handed.within == Within::Definition {
            return Ok(Sight::of(owner, handed.within));
        }
        let mut sight = Sight::written(owner);
        let mut before = Vec::new();
        for round in handed.rounds.iter() {
            let rounds = self.rounds_of(&sight, &round.over, &before)?;
            let Some(found) = rounds.get(round.at) else { return Err(Fault::Reported) };
            sight = found.clone();
            before.push(round.at);
        }
        Ok(sight)
    }

    /// The rounds of a loop, run once.
    pub(in crate::model) fn rounds_of(&self, sight: &Sight<'a>, over: &Value, before: &[usize]) -> Result<Arc<Vec<Sight<'a>>>, Fault> {
        let at = over.as_map().map_or(0, |map| std::ptr::from_ref(map) as usize);
        let place = (sight.owner, at, before.to_vec());
        let known = self.loops.borrow().get(&place).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let found = Arc::new(self.session(|| self.rounds(sight, over))?);
        self.loops.borrow_mut().insert(place, Arc::clone(&found));
        Ok(found)
    }

    /// What a path leads to that begins at an iterator: the value as it is written there, if no expression makes it.
    fn iterated_path(&self, sight: &Sight<'a>, template: &Template) -> Option<Work<'a>> {
        let (expr, steps) = (template.single()?, template.path()?);
        let (Step::Key(first), rest) = steps.split_first()? else { return None };
        let Val::Node(node) = sight.round()?.val(first)? else { return None };
        let Some(NodePlace::Value { sight, value }) = self.place(*node) else { return None };
        let (found, seen) = self.walk_in(&value, sight, rest).filter(|_| !rest.is_empty())?;
        Some(Work::Value(found.handed_on(expr.span, None, None), Some(seen)))
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
                let (mut entries, mut sights) = (Vec::new(), Vec::new());
                for (key, val) in map.entries().iter().filter(|(_, val)| !matches!(val, Val::Optional(None))) {
                    let (value, sight) = self.carried(scope, val, span, why)?;
                    let key: Arc<str> = key.to_string().into();
                    sights.push((Arc::clone(&key), sight));
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
