//! Words of templates where values are worked out when something reads them: in `let` and in outputs. In comes a map or list as a class writes
//! it, out go its entries or items, each with the round of the loop it is in and not worked out itself, so that only a value that needs itself is
//! a circle.

use super::expansion::{self, Expanded, Expansion};
use super::outcome::Why;
use super::scope::Scope;
use super::seen::Sight;
use super::sight::NodePlace;
use super::work::Work;
use super::world::World;
use super::{EntityId, errors};

use crate::definition::directive::{self, Directive};
use crate::expression::{Fault, Key, Val};
use crate::span::Span;
use crate::value::{Data, Entry, Value};
use std::sync::Arc;

/// Whether a map stands for what is below one of its words.
pub(super) fn is_wrapped(value: &Value) -> bool {
    [Directive::Value, Directive::Verbatim].iter().any(|directive| value.get(directive.word()).is_some())
}

/// What such a map stands for, and how that is seen; any other value is itself.
pub(super) fn unwrapped<'v, 'a>(sight: &Sight<'a>, value: &'v Value) -> (&'v Value, Sight<'a>) {
    let mut value = value;
    loop {
        if let Some(inner) = value.get(Directive::Verbatim.word()) {
            return (inner, sight.plain());
        }
        match value.get(Directive::Value.word()) {
            Some(inner) => value = inner,
            None => return (value, sight.clone()),
        }
    }
}

impl<'a> World<'a> {
    /// A value whose words, if it is a list or a map, have done their work: it has the entries that are there, not worked out themselves.
    pub(super) fn unfolded(&self, sight: &Sight<'a>, value: &Value) -> Result<(Value, Sight<'a>), Fault> {
        if !sight.is_written() {
            return Ok((value.clone(), sight.clone()));
        }
        let (value, sight) = unwrapped(sight, value);
        let at = match &value.data {
            Data::Map(map) if sight.is_written() && directive::has_words(map) => Arc::as_ptr(map) as usize,
            Data::List(list) if sight.is_written() && list.items().iter().any(directive::may_be_absent) => Arc::as_ptr(list) as usize,
            Data::List(_)
            | Data::Map(_)
            | Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => return Ok((value.clone(), sight)),
        };
        let work = self.once(sight.place_of(at), value.origin.span, || {
            let mut unfolding = Unfolding { world: self, owner: sight.owner, failed: false };
            let (made, sight) = if let Some(map) = value.as_map() {
                let slots = expansion::entries(&mut unfolding, &sight, map);
                let seen = slots.iter().map(|slot| (Arc::clone(&slot.key), slot.made.1.clone()));
                let sight = sight.of_entries(seen);
                let entries = slots.into_iter().map(|slot| Entry::plain(slot.key, slot.span, slot.made.0)).collect();
                (Value::map(entries, value.origin), sight)
            } else {
                let items = expansion::items(&mut unfolding, &sight, value.as_list().unwrap_or_default());
                let (items, seen) = items.into_iter().unzip();
                (Value::list(items, value.origin), sight.of_items(seen))
            };
            if unfolding.failed { Err(Fault::Reported) } else { Ok(Work::Value(made.after(value), Some(sight))) }
        })?;
        match work {
            Work::Value(value, Some(sight)) => Ok((value, sight)),
            Work::Value(..) | Work::Things(..) | Work::Nothing => Err(Fault::Reported),
        }
    }

    /// One entry of a map as a class writes it, and how it is seen. Of the others as little is asked as can be.
    pub(super) fn unfolded_entry(&self, sight: &Sight<'a>, value: &Value, key: &str) -> Result<Option<(Value, Sight<'a>)>, Fault> {
        let (value, sight) = unwrapped(sight, value);
        let Some(map) = value.as_map() else { return Ok(None) };
        let is_made = |entry: &Entry| entry.template.is_some();
        let entry = map.entry(key).filter(|entry| !directive::is_word(entry) && !is_made(entry));
        let is_looped = |value: &Value| value.get(Directive::For.word()).is_some();
        let needs_others = match entry {
            Some(entry) => map.position(Directive::Spread.word()).is_some() || is_looped(&entry.value),
            None => sight.is_written() && map.entries().iter().any(|entry| directive::is_word(entry) || is_made(entry)),
        };
        if needs_others && sight.is_written() {
            let (whole, sight) = self.unfolded(&sight, value)?;
            return Ok(whole.get(key).map(|value| (value.clone(), sight.field(key))));
        }
        let Some(entry) = entry else { return Ok(None) };
        let sight = sight.field(key);
        if !sight.is_written() || !directive::may_be_absent(&entry.value) {
            return Ok(Some((entry.value.clone(), sight)));
        }
        let mut unfolding = Unfolding { world: self, owner: sight.owner, failed: false };
        let found = unfolding.value(&sight, &entry.value);
        if unfolding.failed { Err(Fault::Reported) } else { Ok(found) }
    }

    /// A section of the class of a thing that is a map, and how it is seen; none if it is left out.
    pub(crate) fn section(&self, owner: EntityId, name: &str) -> Result<Option<(Value, Sight<'a>)>, Fault> {
        let Some(section) = self.class(self.entity(owner)).and_then(|class| class.section(name)) else { return Ok(None) };
        let sight = Sight::written(owner);
        let mut unfolding = Unfolding { world: self, owner, failed: false };
        let found = unfolding.value(&sight, section);
        if unfolding.failed { Err(Fault::Reported) } else { Ok(found) }
    }

    /// Such a section with all entries that are there; none if it is left out, or something is wrong with it.
    pub(super) fn whole_section(&self, owner: EntityId, name: &str) -> Option<Value> {
        let (section, sight) = self.section(owner, name).ok().flatten()?;
        self.unfolded(&sight, &section).ok().map(|(section, _)| section)
    }

    /// One entry of such a section.
    pub(crate) fn section_entry(&self, owner: EntityId, name: &str, key: &str) -> Result<Option<(Value, Sight<'a>)>, Fault> {
        match self.section(owner, name)? {
            Some((section, sight)) => self.unfolded_entry(&sight, &section, key),
            None => Ok(None),
        }
    }
}

impl<'a> Scope<'_, 'a> {
    /// The items or entries of a value.
    pub(super) fn parts(&self, sight: &Sight<'a>, value: &Value) -> Result<Val, Fault> {
        match &value.data {
            Data::List(list) => {
                let items = list.items().iter().enumerate().map(|(at, item)| self.world.see(sight.entering_item(at, item), item));
                Ok(Val::list(items.collect::<Result<_, _>>()?))
            }
            Data::Map(map) => {
                let mut entries = Vec::with_capacity(map.entries().len());
                for entry in map.entries() {
                    let inner = sight.entering_field(&entry.key, &entry.value);
                    entries.push((Key::String(Arc::clone(&entry.key)), self.world.see(inner, &entry.value)?));
                }
                Ok(Val::map(entries))
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => self.world.see(sight.clone(), value),
        }
    }
}

/// Unfolds one map or list.
struct Unfolding<'w, 'a> {
    world: &'w World<'a>,
    owner: EntityId,
    /// Whether something was wrong, which is told.
    failed: bool,
}

impl<'a> Expansion<'a> for Unfolding<'_, 'a> {
    type Made = (Value, Sight<'a>);

    fn world(&self) -> &World<'a> {
        self.world
    }

    fn fault(&mut self, fault: Fault) {
        self.failed = true;
        if let Fault::Diagnostic(diagnostic) = fault {
            self.world.told(self.owner, *diagnostic);
        }
    }

    fn value(&mut self, sight: &Sight<'a>, value: &Value) -> Option<Self::Made> {
        if !self.is_there(sight, value) {
            return None;
        }
        let (inner, seen) = unwrapped(sight, value);
        if let Data::Template(template) = &inner.data
            && directive::gives_optional(inner)
        {
            match self.world.work(seen, template, inner) {
                Ok(Work::Nothing) => return None,
                Ok(Work::Value(..) | Work::Things(..)) => {}
                Err(fault) => self.fault(fault),
            }
        }
        Some((value.clone(), sight.clone()))
    }

    fn spread(&mut self, sight: &Sight<'a>, value: &Value) -> Vec<Expanded<Self::Made>> {
        // Which entries it brings is asked only where it is there.
        let Some((value, sight)) = self.value(&sight.clone().typed(None), value) else { return Vec::new() };
        match self.held(&sight, &value) {
            Ok(slots) => slots,
            Err(fault) => {
                self.fault(fault);
                Vec::new()
            }
        }
    }

    fn merged(&mut self, weaker: &Expanded<Self::Made>, stronger: &Expanded<Self::Made>) -> Option<Self::Made> {
        let (key, (weaker, below), (stronger, above)) = (&stronger.key, &weaker.made, &stronger.made);
        let (weaker, stronger) = (self.world.evaluate_as(below.clone(), weaker), self.world.evaluate_as(above.clone(), stronger));
        Some((self.world.merged(self.owner, key, &weaker, &stronger), above.plain()))
    }

    fn affords(&mut self, _: &Self::Made, _: Span) -> bool {
        // What is in a round is paid for when it is worked out.
        true
    }
}

impl<'a> Unfolding<'_, 'a> {
    /// Whether the conditions hold that a value stands under, also those of what it stands for.
    fn is_there(&mut self, sight: &Sight<'a>, value: &Value) -> bool {
        for condition in directive::stands_for(value).filter_map(|value| value.get(Directive::If.word())) {
            let came_to = self.world.see(sight.clone().typed(None), condition);
            match self.world.condition(condition, came_to) {
                Ok(true) => {}
                Ok(false) => return false,
                Err(fault) => {
                    self.fault(fault);
                    return false;
                }
            }
        }
        true
    }

    /// What a value holds that is merged in.
    fn held(&self, sight: &Sight<'a>, value: &Value) -> Result<Vec<Expanded<(Value, Sight<'a>)>>, Fault> {
        let val = self.world.see(sight.clone(), value)?;
        let held = if let Val::Node(node) = val { self.world.place(node) } else { None };
        let (map, sight) = if let Val::Null = val {
            return Ok(Vec::new());
        } else if let Some(NodePlace::Value { sight, value }) = held {
            self.world.unfolded(&sight, &value)?
        } else {
            let made = self.world.value(&self.world.scope_of(sight), &val, value.origin.span, &Why::written(value.origin))?;
            (made, sight.plain())
        };
        let Some(entries) = map.as_map().map(|map| map.entries()) else {
            return Err(Fault::Diagnostic(Box::new(errors::spread_needs_map(&map, value.origin.span))));
        };
        Ok(entries.iter().map(|entry| Expanded::of(entry, (entry.value.clone(), sight.field(&entry.key)))).collect())
    }
}
