//! When two values are the same: by their data alone, wherever they came from.

use super::{Data, Value};
use crate::span::Span;
use std::sync::Arc;

impl Value {
    /// Where it is written what is another thing in it than in an older value: the first part that differs, or is new; the value itself if something is
    /// only gone from it.
    #[must_use]
    pub fn changed_at(&self, old: &Value) -> Span {
        let (mut old, mut new) = (old, self);
        loop {
            let pair = match (&old.data, &new.data) {
                (Data::Map(before), Data::Map(now)) => {
                    let added = now.entries.iter().find(|entry| before.entry(&entry.key).is_none());
                    let both = now.entries.iter().filter_map(|entry| Some((before.get(&entry.key)?, &entry.value)));
                    match (first_differing(both), added) {
                        (None, Some(added)) => return added.span,
                        (pair, _) => pair,
                    }
                }
                (Data::List(before), Data::List(now)) => match now.items.get(before.items.len()) {
                    Some(added) if first_differing(before.items.iter().zip(&now.items)).is_none() => return added.origin.span,
                    Some(_) | None => first_differing(before.items.iter().zip(&now.items)),
                },
                (_, _) => None,
            };
            match pair {
                Some(pair) => (old, new) = pair,
                None => return new.origin.span,
            }
        }
    }

    /// Whether both hold equal data; origins do not count, the order of keys does not either.
    #[must_use]
    pub fn same_data(&self, other: &Value) -> bool {
        match (&self.data, &other.data) {
            (Data::Null, Data::Null) | (Data::Broken, Data::Broken) => true,
            (Data::Bool(a), Data::Bool(b)) => a == b,
            (Data::Int(a), Data::Int(b)) => a == b,
            (Data::Float(a), Data::Float(b)) => a.to_bits() == b.to_bits(),
            (Data::String(a), Data::String(b)) => a == b,
            (Data::Template(a), Data::Template(b)) => a.says_the_same(b),
            (Data::Late(a), Data::Late(b)) => a.pieces == b.pieces,
            (Data::Pending(a), Data::Pending(b)) => {
                let (first, second) = (&a.entry, &b.entry);
                let bases = || match (&a.base, &b.base) {
                    (Some(a), Some(b)) => a.same_data(b),
                    (None, None) => true,
                    (Some(_), None) | (None, Some(_)) => false,
                };
                let words = || first.operator == second.operator && first.value.same_data(&second.value) && a.standing.same(&b.standing);
                Arc::ptr_eq(a, b) || (words() && bases())
            }
            (Data::List(a), Data::List(b)) => {
                Arc::ptr_eq(a, b) || (a.items.len() == b.items.len() && a.items.iter().zip(&b.items).all(|(a, b)| a.same_data(b)))
            }
            (Data::Map(a), Data::Map(b)) => {
                Arc::ptr_eq(a, b)
                    || (a.entries.len() == b.entries.len()
                        && a.entries.iter().all(|entry| b.get(&entry.key).is_some_and(|other| entry.value.same_data(other))))
            }
            (
                Data::Null
                | Data::Bool(_)
                | Data::Int(_)
                | Data::Float(_)
                | Data::String(_)
                | Data::List(_)
                | Data::Map(_)
                | Data::Template(_)
                | Data::Pending(_)
                | Data::Late(_)
                | Data::Broken,
                _,
            ) => false,
        }
    }
}

fn first_differing<'v>(mut pairs: impl Iterator<Item = (&'v Value, &'v Value)>) -> Option<(&'v Value, &'v Value)> {
    pairs.find(|(old, new)| !old.same_data(new))
}
