//! Facts: what late outputs are, as far as Terraform has made it known and somebody has kept it. In comes an output with late leaves and the
//! fact of its name, out goes the same output whose leaves know what they are. A fact decides nothing: where it has not the shape that the
//! output is written in, it is one of another time, and gives nothing.

use super::world::World;
use super::{Entity, EntityId, naming};
use crate::definition::output;
use crate::expression::{Key, ReadThrough, Val};
use crate::value::{Cause, Data, Entry, History, List, Map, Name, Value};
use std::sync::Arc;

impl World<'_> {
    /// A late output of an entity with what is known of it. Each reference in it says which output of the stack it is read through.
    pub(super) fn with_fact(&self, owner: EntityId, (key, said): (&str, &Value), made: &Value) -> Value {
        let entity = self.entity(owner);
        let name: Arc<str> = naming::output(self.model, entity, key).into();
        let fact = self.fact(entity, &name).filter(|fact| suits(made, fact));
        let sensitive = entity.stack.as_ref().filter(|_| output::is_sensitive(said));
        let through = ReadThrough { sensitive: sensitive.map(|stack| (Arc::clone(&name), Arc::clone(stack))), output: name };
        told(made, &through, fact)
    }

    /// What is kept of an output of an entity's stack.
    fn fact(&self, entity: &Entity, name: &str) -> Option<&Value> {
        let environment = self.model.environment(entity.environment).identity.text();
        self.model.facts.output(environment, entity.stack.as_deref()?, name)
    }
}

/// Whether a fact has the shape that an output is written in.
fn suits(made: &Value, fact: &Value) -> bool {
    match (&made.data, &fact.data) {
        (Data::Late(late), Data::Null) => late.as_reference().is_some(),
        // A text with references in it is text.
        (Data::Late(late), data) => late.as_reference().is_some() || matches!(data, Data::String(_)),
        (Data::List(made), Data::List(fact)) => {
            made.items().len() == fact.items().len() && made.items().iter().zip(fact.items()).all(|(made, fact)| suits(made, fact))
        }
        (Data::Map(made), Data::Map(fact)) => {
            let suited = |entry: &Entry| fact.get(&entry.key).is_some_and(|fact| suits(&entry.value, fact));
            made.entries().len() == fact.entries().len() && made.entries().iter().all(suited)
        }
        (Data::List(_) | Data::Map(_), _) | (_, Data::List(_) | Data::Map(_)) => false,
        (_, _) => true,
    }
}

/// An output whose late leaves know that they are read through it, and what they are.
fn told(made: &Value, through: &ReadThrough, fact: Option<&Value>) -> Value {
    if !made.is_late() {
        return made.clone();
    }
    let data = match &made.data {
        Data::Late(late) => {
            let known = fact.and_then(val);
            let told = Value { data: Data::Late(Arc::new(late.read_through(through, known))), ..made.clone() };
            return match fact {
                Some(fact) => because_of(told, fact),
                None => told,
            };
        }
        Data::List(list) => {
            let fact = |at: usize| fact?.as_list()?.get(at);
            Data::List(Arc::new(List::new(list.items().iter().enumerate().map(|(at, item)| told(item, through, fact(at))).collect())))
        }
        Data::Map(map) => {
            let fact = |key: &str| fact?.get(key);
            let entry = |entry: &Entry| Entry { value: told(&entry.value, through, fact(&entry.key)), ..entry.clone() };
            Data::Map(Arc::new(Map::new(map.entries().iter().map(entry).collect())))
        }
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Broken => return made.clone(),
    };
    Value { data, ..made.clone() }
}

/// The same value, which the line of a fact has a part in.
fn because_of(value: Value, fact: &Value) -> Value {
    let overridden = value.overridden().cloned();
    let mut causes = value.made().to_vec();
    causes.push(Cause { name: Name::Computed("facts"), value: fact.clone(), decides: false });
    Value { history: History::made(causes), ..value }.over(overridden)
}

/// A fact as expressions see it; of an output with late leaves the same, if all of them are known.
pub(super) fn val(fact: &Value) -> Option<Val> {
    Some(match &fact.data {
        Data::Null => Val::Null,
        Data::Bool(bool) => Val::Bool(*bool),
        Data::Int(int) => Val::Int(*int),
        Data::Float(float) => Val::Double(*float),
        Data::String(text) => Val::String(Arc::clone(text)),
        Data::List(list) => Val::list(list.items().iter().map(val).collect::<Option<_>>()?),
        Data::Map(map) => {
            let entries: Option<Vec<_>> =
                map.entries().iter().map(|entry| Some((Key::String(Arc::clone(&entry.key)), val(&entry.value)?))).collect();
            Val::map(entries?)
        }
        Data::Late(late) => late.known.clone()?,
        Data::Template(_) | Data::Pending(_) | Data::Broken => return None,
    })
}
