//! Loops of templates: what `$for` runs over, round by round, and how much all of them may make.

use super::Expander;
use crate::expression::{Host, Val};
use crate::limit::{LOOP_ENTRIES as LARGEST, LOOP_WEIGHT as HEAVIEST};
use crate::model::Sight;
use crate::object::{WITHIN, errors};
use crate::span::Span;
use crate::value::{Data, Value};
use std::sync::Arc;

/// One round of a loop: the value of each iterator and its position.
pub(super) type Round = Vec<(Arc<str>, Item, i64)>;

/// What an iterator stands for, and the value that it is, if that is known.
pub(super) type Item = (Val, Option<Value>);

impl Expander<'_, '_> {
    /// All rounds of a loop: for several iterators every combination, the first outermost; a later list may read earlier iterators.
    pub(super) fn rounds(&mut self, iterators: &Value) -> Vec<Round> {
        let Some(map) = iterators.as_map() else {
            self.report(errors::loop_needs_map(iterators.origin.span));
            return Vec::new();
        };
        let mut rounds: Vec<Round> = vec![Vec::new()];
        self.read_secret = false;
        for iterator in map.entries() {
            let mut next = Vec::new();
            for round in rounds {
                let items = self.within(round.clone(), |this| this.items(&iterator.value));
                self.made = self.made.saturating_add(items.len());
                if self.made > LARGEST {
                    self.report(errors::loop_too_large(iterator.span, LARGEST));
                    return Vec::new();
                }
                for (at, item) in (0i64..).zip(items) {
                    let mut longer = round.clone();
                    longer.push((Arc::clone(&iterator.key), item, at));
                    next.push(longer);
                }
            }
            rounds = next;
        }
        rounds
    }

    /// Whether loops may make this value too; reports if not.
    pub(super) fn affords(&mut self, value: &Value, span: Span) -> bool {
        let before = self.weight;
        self.weight = before.saturating_add(value.weight());
        if before <= HEAVIEST && self.weight > HEAVIEST {
            self.report(errors::loops_too_heavy(span, HEAVIEST));
        }
        self.weight <= HEAVIEST
    }

    /// What an iterator runs over.
    pub(super) fn items(&mut self, value: &Value) -> Vec<Item> {
        let mut written: Vec<Value> = Vec::new();
        let (forced, tainted) = self.world.taints(|| {
            let val = match &value.data {
                Data::Template(template) => self.run(template),
                Data::Null
                | Data::Bool(_)
                | Data::Int(_)
                | Data::Float(_)
                | Data::String(_)
                | Data::List(_)
                | Data::Map(_)
                | Data::Pending(_)
                | Data::Late(_)
                | Data::Broken => self.world.see(Sight::of(self.id, WITHIN), value),
            };
            val.and_then(|val| {
                let Val::Node(node) = val else { return Ok(val) };
                written = self.world.items(node);
                self.scope.force(node)
            })
        });
        self.read_secret |= tainted;
        match forced {
            Ok(Val::List(items)) => {
                let written = written.into_iter().map(Some).chain(std::iter::repeat(None));
                items.iter().cloned().zip(written).collect()
            }
            Ok(Val::Late(late)) => {
                self.report(errors::decided_late(&late, value.origin.span, "`$for`"));
                Vec::new()
            }
            Ok(other) => {
                self.report(errors::loop_needs_list(other.describe(), value.origin.span));
                Vec::new()
            }
            Err(fault) => {
                self.fault(fault);
                Vec::new()
            }
        }
    }

    /// Works with the iterators of a round in scope.
    pub(super) fn within<T>(&mut self, round: Round, work: impl FnOnce(&mut Self) -> T) -> T {
        let depth = self.scope.locals.len();
        let items = self.scope.items.len();
        for (name, (val, value), at) in round {
            self.scope.items.extend(value.map(|value| (Arc::clone(&name), value)));
            self.scope.locals.push((Arc::clone(&name), val));
            self.scope.index.push((name, at));
        }
        let before = self.scope.tainted;
        self.scope.tainted |= self.read_secret;
        let result = work(self);
        self.scope.tainted = before;
        self.scope.items.truncate(items);
        self.scope.locals.truncate(depth);
        self.scope.index.truncate(depth);
        result
    }
}
