//! What waited for an expression meets now. In comes what waits, out comes the value that its layers come to by the rules of merging; what
//! is inside that value may wait still, because only what decides how layers meet is evaluated here.

use super::seen::Sight;
use super::work::Work;
use super::world::World;
use super::{EntityId, Within};
use crate::diagnostic::Diagnostics;
use crate::expression::{Fault, Host};
use crate::inheritance::{Meeting, meet, replaces};
use crate::origin::LayerId;
use crate::path::Step;
use crate::schema::{ListMerge, Type};
use crate::value::{Data, Entry, Operator, Pending, Value};
use std::sync::Arc;

impl<'a> World<'a> {
    /// What the layers that wait come to.
    pub(super) fn pending(&self, owner: EntityId, pending: &Arc<Pending>) -> Result<Value, Fault> {
        let span = pending.entry.value.origin.span;
        let work = self.once(owner, Arc::as_ptr(pending) as usize, span, || {
            let value = self.layers_meet(owner, pending)?;
            self.affordable(Some(owner), value, span).map(|value| Some(Work::Value(value, None)))
        })?;
        match work {
            Work::Value(value, _) => Ok(value),
            // Layers meet as values.
            Work::Things(..) => Err(Fault::Reported),
        }
    }

    /// What a path leads to in an entity's own value, through layers that wait.
    pub(super) fn follow(&self, owner: EntityId, path: &[Step]) -> Option<Value> {
        let mut value = self.entity(owner).value.clone();
        for step in path {
            if let Data::Pending(pending) = &value.data {
                value = self.pending(owner, pending).ok()?;
            }
            value = value.step(step)?.clone();
        }
        Some(value)
    }

    fn layers_meet(&self, owner: EntityId, pending: &Pending) -> Result<Value, Fault> {
        let entity = self.entity(owner);
        let class = self.class(entity);
        let sight = pending.path.steps().iter().fold(
            Sight::of(owner, Within::Definition).typed(class.map(|class| &*class.type_)),
            // Items of keyed lists may be named by their key.
            |sight, step| sight.step(step),
        );
        let type_ = sight.type_;
        let (base, words) = pending.words();
        let removes = words.iter().any(|word| word.entry.operator == Operator::Remove);
        let needs = ListNeeds { lists: type_.map(Type::list_merge).unwrap_or_default(), items: removes };
        // From the strongest down, as far as anything below counts: nobody asks what a replaced expression would have given.
        let mut said: Vec<(Entry, bool)> = Vec::new();
        let mut replaced = false;
        let mut below = words.as_slice();
        while let Some((word, weaker)) = below.split_last().filter(|_| !replaced) {
            let entry = Entry { value: self.ready(sight.clone(), &word.entry.value, &needs)?, ..word.entry.clone() };
            replaced = matches!(entry.operator, Operator::Merge | Operator::Lock) && replaces(&entry.value, type_);
            said.push((entry, word.passes_by));
            below = weaker;
        }
        let weaker = below.last().map(|word| &word.entry.value).or(base);
        let subject = entity.subject();
        let mut found = Diagnostics::default();
        let layer = class.map_or(LayerId::COMPUTED, |class| class.layer);
        let mut meeting = Meeting::new(&subject, &mut found).defaults(layer).at(pending.path.clone()).waiting();
        let is_made = |value: &Value| matches!(value.data, Data::Template(_) | Data::Pending(_));
        let mut value = match weaker {
            // Whether they fit can be told of what is no expression.
            Some(weaker) if replaced => Some(weaker).filter(|weaker| !is_made(weaker)).cloned(),
            Some(weaker) => {
                let first = self.ready(sight.clone(), weaker, &needs)?;
                // What an expression made has met no defaults.
                let alone = Entry { operator: Operator::Merge, value: first.clone(), ..pending.entry.clone() };
                if is_made(weaker) { meet(None, &alone, type_, &mut meeting) } else { Some(first) }
            }
            None => None,
        };
        let scope = self.scope(owner, Within::Definition);
        for (entry, passes_by) in said.iter().rev() {
            // A merge goes through all that is there, each time.
            scope.spend(value.as_ref().map_or(0, size).saturating_add(size(&entry.value)));
            if scope.steps_left().is_none() {
                return Err(scope.unaffordable(entry.value.origin.span));
            }
            value = meeting.passing_by(*passes_by, |meeting| meet(value, entry, type_, meeting));
        }
        if let Some(made) = value.as_ref().filter(|value| replaced && value.overridden().is_none()) {
            value = Some(made.clone().over(weaker.cloned()));
        }
        for diagnostic in found.drain() {
            self.report(diagnostic);
        }
        Ok(value.unwrap_or_else(|| Value::broken(pending.entry.value.origin)))
    }

    /// A value as far evaluated as it must be to meet others.
    fn ready(&self, sight: Sight<'a>, value: &Value, needs: &ListNeeds) -> Result<Value, Fault> {
        match (&value.data, &needs.lists) {
            (Data::Template(template), _) => self.template(sight, template, value),
            (Data::List(list), ListMerge::Keyed(key)) if !needs.items => {
                let items = list.items().iter().enumerate().map(|(at, item)| self.with_key(&sight.item(at), item, key)).collect();
                Ok(Value::list(items, value.origin).after(value))
            }
            (Data::List(_), ListMerge::Atomic | ListMerge::Set | ListMerge::Keyed(_)) if needs.items || needs.lists == ListMerge::Set => {
                Ok(self.evaluate_as(sight, value))
            }
            (_, _) => Ok(value.clone()),
        }
    }

    /// An item of which it is known by what key it meets others.
    fn with_key(&self, sight: &Sight<'a>, item: &Value, key: &str) -> Value {
        let Some(map) = item.as_map() else { return self.evaluate_as(sight.clone(), item) };
        let entries = map.entries().iter().map(|entry| {
            let value = if *entry.key == *key { self.evaluate_as(sight.field(key), &entry.value) } else { entry.value.clone() };
            Entry { value, ..entry.clone() }
        });
        Value::map(entries.collect(), item.origin).after(item)
    }
}

/// Entries or items of a value itself.
fn size(value: &Value) -> usize {
    value.as_map().map_or_else(|| value.as_list().map_or(1, <[Value]>::len), |map| map.entries().len())
}

/// What must be known of lists before they meet.
struct ListNeeds {
    lists: ListMerge,
    /// All of each item.
    items: bool,
}
