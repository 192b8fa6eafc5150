//! What waited for an expression meets now. In comes what waits, out comes the value that its layers come to by the rules of merging; what
//! is inside that value may wait still, because only what decides how layers meet is evaluated here.

use super::defaults::Defaults;
use super::seen::Sight;
use super::work::Work;
use super::world::World;
use super::{EntityId, Within, theirs};
use crate::diagnostic::Diagnostics;
use crate::expression::{Fault, Host};
use crate::inheritance::{Meeting, holds_lock, met, replaces};
use crate::origin::LayerId;
use crate::path::Step;
use crate::schema::{ListMerge, Type};
use crate::value::{Data, Entry, Operator, Pending, PendingWord, Standing, Value};
use std::sync::Arc;

impl<'a> World<'a> {
    /// What the layers that wait come to.
    pub(super) fn pending(&self, owner: EntityId, pending: &Arc<Pending>) -> Result<Value, Fault> {
        let span = pending.entry.value.origin.span;
        let work = self.once((owner, Arc::as_ptr(pending) as usize, 0), span, || {
            let value = self.layers_meet(owner, pending)?;
            self.affordable(Some(owner), value, span).map(|value| Work::Value(value, None))
        })?;
        match work {
            Work::Value(value, _) => Ok(value),
            // Layers meet as values.
            Work::Things(..) | Work::Nothing => Err(Fault::Reported),
        }
    }

    /// What a path leads to in an entity's own value, through layers that wait.
    pub(super) fn follow(&self, owner: EntityId, path: &[Step]) -> Option<(Value, Sight<'a>)> {
        let mut value = self.entity(owner).value.clone();
        let mut sight = self.sight(owner);
        for step in path {
            if let Data::Pending(pending) = &value.data {
                value = self.pending(owner, pending).ok()?;
            }
            value = value.step(step)?.clone();
            sight = match step {
                Step::Key(key) => sight.entering_field(key, &value),
                Step::Item(at) => sight.entering_item(*at, &value),
            };
        }
        Some((value, sight))
    }

    fn layers_meet(&self, owner: EntityId, pending: &Pending) -> Result<Value, Fault> {
        let entity = self.entity(owner);
        let class = self.class(entity);
        let mut outer = pending.path.clone();
        outer.pop();
        let around = outer.steps().iter().fold(
            Sight::of(owner, Within::Definition).typed(class.map(|class| &*class.type_)),
            // Items of keyed lists may be named by their key.
            |sight, step| sight.step(step),
        );
        let step = Step::Key(Arc::clone(&pending.entry.key));
        let sight = around.step(&step);
        let type_ = sight.type_;
        let (base, words) = pending.words();
        let lock = pending.lock_below();
        let is_locked = lock.is_some() || words.iter().any(|word| word.entry.operator == Operator::Lock);
        let needs = PendingNeeds::of(type_, &words, is_locked);
        // From the strongest down, as far as anything below counts: nobody asks what a replaced expression would have given, but a lock holds.
        let holds_lock = pending.values().any(holds_lock);
        let mut said: Vec<(Entry, Standing)> = Vec::new();
        let mut replaced = false;
        let mut below = words.as_slice();
        while let Some((word, weaker)) = below.split_last().filter(|_| !replaced) {
            // What its maker left open says nothing.
            let Some(counts) = self.counting(&sight, &word.entry.value)? else {
                below = weaker;
                continue;
            };
            let entry = Entry { value: self.ready(sight.clone(), counts, &needs)?, ..word.entry.clone() };
            let standing = match &word.standing {
                Standing::Again(spoken) => Standing::Again(self.heard(&sight, spoken, &needs)?),
                standing @ (Standing::Layer | Standing::Default | Standing::Kept) => standing.clone(),
            };
            replaced = !holds_lock
                && !matches!(standing, Standing::Again(_))
                && matches!(entry.operator, Operator::Merge | Operator::Lock)
                && replaces(&entry.value, type_);
            said.push((entry, standing));
            below = weaker;
        }
        let weaker = match below.last().map(|word| &word.entry.value).or(base) {
            Some(weaker) if !replaced => self.counting(&sight, weaker)?,
            other => other,
        };
        let subject = entity.subject();
        let mut found = Diagnostics::default();
        let layer = class.map_or(LayerId::COMPUTED, |class| class.layer);
        let mut meeting = Meeting::new(&subject, &mut found).defaults(layer).at(outer).waiting();
        let is_made = |value: &Value| matches!(value.data, Data::Template(_) | Data::Pending(_));
        let alone = |value: Value| match lock {
            Some(span) => Entry { operator: Operator::Lock, value, span, ..pending.entry.clone() },
            None => Entry { operator: Operator::Merge, value, ..pending.entry.clone() },
        };
        let mut met_so_far = match weaker {
            // Whether they fit can be told of what is no expression.
            Some(weaker) if replaced => Some(weaker).filter(|weaker| !is_made(weaker)).cloned().map(alone),
            Some(weaker) => {
                let first = alone(self.ready(sight.clone(), weaker, &needs)?);
                // What an expression made has met no defaults.
                if is_made(weaker) {
                    meeting.inside(step, |meeting| met(None, &first, type_, meeting))
                } else {
                    let value = needs.settled(weaker, first.value, type_, &mut meeting);
                    Some(Entry { value, ..first })
                }
            }
            None => None,
        };
        let scope = self.scope(owner, Within::Definition);
        let mut defaults = Defaults::inside(class, around.type_);
        for (entry, standing) in said.iter().rev() {
            // A merge goes through all that is there, each time.
            let have = met_so_far.as_ref().map(|entry| &entry.value);
            scope.spend(have.map_or(0, size).saturating_add(size(&entry.value)));
            if scope.steps_left().is_none() {
                return Err(scope.unaffordable(entry.value.origin.span));
            }
            let counts = match standing {
                Standing::Again(spoken) => theirs::ready(entry, spoken, type_, have),
                // What is not there may be where it goes on to.
                Standing::Kept if entry.operator == Operator::Remove && met_so_far.is_none() => None,
                Standing::Layer | Standing::Default | Standing::Kept => Some(entry.clone()),
            };
            let Some(counts) = counts else { continue };
            met_so_far = defaults.met(met_so_far, counts, standing, type_, &mut meeting);
        }
        let mut value = met_so_far.map(|entry| entry.value);
        if let Some(made) = value.as_ref().filter(|value| replaced && value.overridden().is_none()) {
            value = Some(made.clone().over(weaker.cloned()));
        }
        for diagnostic in found.drain() {
            self.report(diagnostic);
        }
        Ok(value.unwrap_or_else(|| Value::broken(pending.entry.value.origin)))
    }

    /// What layers say of a place, from the strongest down as far as anything counts.
    fn heard(&self, sight: &Sight<'a>, spoken: &[PendingWord], needs: &PendingNeeds) -> Result<Arc<[PendingWord]>, Fault> {
        let mut heard = Vec::new();
        for word in spoken.iter().rev() {
            let value = match &word.value {
                Some(value) if word.operator != Operator::Replace => Some(self.ready(sight.clone(), value, needs)?),
                other => other.clone(),
            };
            let word = PendingWord { value, ..word.clone() };
            let is_last = word.is_all(needs.lists == ListMerge::Atomic);
            heard.push(word);
            if is_last {
                break;
            }
        }
        heard.reverse();
        Ok(heard.into())
    }

    /// A value as far evaluated as it must be to meet others.
    fn ready(&self, sight: Sight<'a>, value: &Value, needs: &PendingNeeds) -> Result<Value, Fault> {
        match (&value.data, &needs.lists) {
            (Data::Template(template), _) => self.template(sight, template, value),
            (_, _) if needs.all => Ok(self.evaluate_as(sight, value)),
            (Data::List(list), ListMerge::Keyed(key)) if !needs.items => {
                let items = list.items().iter().enumerate().map(|(at, item)| self.with_key(&sight.entering_item(at, item), item, key));
                Ok(Value::list(items.collect::<Result<_, _>>()?, value.origin).after(value))
            }
            (Data::List(_), ListMerge::Atomic | ListMerge::Set | ListMerge::Keyed(_)) if needs.items || needs.lists == ListMerge::Set => {
                Ok(self.evaluate_as(sight, value))
            }
            (_, _) => Ok(value.clone()),
        }
    }

    /// An item of which it is known by what key it meets others.
    fn with_key(&self, sight: &Sight<'a>, item: &Value, key: &str) -> Result<Value, Fault> {
        if let Data::Template(template) = &item.data {
            // It has met no defaults, which are weaker than what it meets.
            return self.template(sight.clone(), template, item);
        }
        let Some(map) = item.as_map() else { return Ok(self.evaluate_as(sight.clone(), item)) };
        let entries = map.entries().iter().map(|entry| {
            let value = if *entry.key == *key {
                self.evaluate_as(sight.entering_field(&entry.key, &entry.value), &entry.value)
            } else {
                entry.value.clone()
            };
            Entry { value, ..entry.clone() }
        });
        Ok(Value::map(entries.collect(), item.origin).after(item))
    }
}

/// Entries or items of a value itself.
fn size(value: &Value) -> usize {
    value.as_map().map_or_else(|| value.as_list().map_or(1, <[Value]>::len), |map| map.entries().len())
}

/// What must be known of values before they meet.
struct PendingNeeds {
    lists: ListMerge,
    /// All of each item of a list.
    items: bool,
    /// All there is: whether a default sets anything of what is locked.
    all: bool,
}

impl PendingNeeds {
    fn of(type_: Option<&Type>, words: &[&Pending], is_locked: bool) -> Self {
        let lists = type_.map(Type::list_merge).unwrap_or_default();
        // What is to be removed is found by what it is, and a default appends what is not there yet.
        let compares = |word: &&Pending| match word.entry.operator {
            Operator::Remove => true,
            Operator::Append => matches!(word.standing, Standing::Again(_)) && lists == ListMerge::Atomic,
            Operator::Merge | Operator::Lock | Operator::Replace => false,
        };
        let again = |word: &&Pending| matches!(word.standing, Standing::Again(_));
        Self { items: words.iter().any(compares), lists, all: is_locked && words.iter().any(again) }
    }

    /// A list of which those items have met the defaults of their fields that an expression made, as the others have.
    fn settled(&self, raw: &Value, ready: Value, type_: Option<&Type>, meeting: &mut Meeting<'_>) -> Value {
        let (ListMerge::Keyed(_), Some(list), Some(raw)) = (&self.lists, ready.as_list(), raw.as_list()) else { return ready };
        let of_item = type_.and_then(Type::items).map(AsRef::as_ref);
        let items = raw.iter().zip(list).enumerate().map(|(at, (raw, item))| {
            let alone = Entry::plain("", item.origin.span, item.clone());
            let is_made = matches!(raw.data, Data::Template(_));
            let settled = is_made.then(|| meeting.inside(Step::Item(at), |meeting| met(None, &alone, of_item, meeting))).flatten();
            settled.map_or_else(|| item.clone(), |entry| entry.value)
        });
        Value::list(items.collect(), ready.origin).after(&ready)
    }
}
