//! The shape of what is made: which fields there are is decided with what exists, what they are is not. In comes an entry of a class, with
//! `$for`, `$if` and `$spread`; out goes a value without those, whose expressions are handed on with the names that they may use.

use super::super::outcome::Why;
use super::super::seen::Sight;
use super::super::world::World;
use super::super::{EntityId, errors};
use super::{Handed, HandedRound};
use crate::definition::root::Within;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expression::{Fault, Target, Template, Val};
use crate::inheritance::{Meeting, kept, merge, unkept};
use crate::limit::{LOOP_ENTRIES, LOOP_WEIGHT};
use crate::origin::LayerId;
use crate::schema::Type;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Operator, Value};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Shapes what one maker makes.
pub(super) struct Shaper<'w, 'a> {
    pub(super) world: &'w World<'a>,
    pub(super) maker: EntityId,
    /// How the class is seen here.
    sight: Sight<'a>,
    rounds: Vec<HandedRound>,
    before: Vec<usize>,
    /// How many were handed on before.
    first: usize,
    pub(super) handed: Vec<Handed>,
    entries: usize,
    weight: usize,
    /// Whether something was wrong.
    failed: Cell<bool>,
}

impl<'w, 'a> Shaper<'w, 'a> {
    pub(super) fn new(world: &'w World<'a>, maker: EntityId, first: usize) -> Self {
        let sight = Sight::written(maker);
        Self {
            world,
            maker,
            sight,
            rounds: Vec::new(),
            before: Vec::new(),
            first,
            handed: Vec::new(),
            entries: 0,
            weight: 0,
            failed: Cell::new(false),
        }
    }

    /// Whether something was wrong, so that more would be made.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.get()
    }

    pub(super) fn report(&self, diagnostic: Diagnostic) {
        self.failed.set(true);
        self.world.report(diagnostic.about(self.world.entity(self.maker).subject()));
    }

    pub(super) fn fault(&self, fault: Fault) {
        self.failed.set(true);
        if let Fault::Diagnostic(diagnostic) = fault {
            self.report(*diagnostic);
        }
    }

    /// Does work for each round of the loop that a value carries; once if it carries none.
    pub(super) fn each(&mut self, value: &Value, work: &mut dyn FnMut(&mut Self)) {
        let Some(over) = value.as_map().and_then(|map| map.get("$for")) else { return work(self) };
        let rounds = match self.world.rounds_of(&self.sight, over, &self.before) {
            Ok(rounds) => rounds,
            Err(fault) => return self.fault(fault),
        };
        let outer = self.sight.clone();
        for (at, sight) in rounds.iter().enumerate() {
            self.entries = self.entries.saturating_add(1);
            if self.entries > LOOP_ENTRIES || self.weight > LOOP_WEIGHT {
                if self.entries == LOOP_ENTRIES + 1 {
                    self.report(errors::makes_too_much(over.origin.span, LOOP_ENTRIES));
                }
                break;
            }
            self.sight = sight.clone();
            self.rounds.push(HandedRound { over: over.clone(), at });
            self.before.push(at);
            work(self);
            self.before.pop();
            self.rounds.pop();
        }
        self.sight = outer;
    }

    /// What the innermost loop at hand stands for, if there is one.
    pub(super) fn item(&self) -> Option<&Value> {
        let iterators = self.rounds.last()?.over.as_map().map(Map::entries)?;
        self.sight.round()?.value(&iterators.last()?.key)
    }

    /// Whether the condition of a value holds.
    pub(super) fn holds(&mut self, map: &Map) -> bool {
        let Some(condition) = map.entry("$if") else { return true };
        let held = if let Data::Template(template) = &condition.value.data {
            self.run(template)
        } else {
            Ok(condition.value.as_bool().map_or(Val::Null, Val::Bool))
        };
        match held {
            Ok(Val::Bool(bool)) => bool,
            Ok(_) => {
                self.report(errors::condition_not_bool(condition.value.origin.span, &condition.value));
                false
            }
            Err(fault) => {
                self.fault(fault);
                false
            }
        }
    }

    /// A key as text.
    pub(super) fn key(&mut self, entry: &Entry) -> Option<Arc<str>> {
        let Some(template) = &entry.template else { return Some(Arc::clone(&entry.key)) };
        let (key, tainted) = self.world.taints(|| self.run(template));
        if tainted || self.world.scope_of(&self.sight).is_tainted() {
            self.report(errors::secret_key(template.span));
            return None;
        }
        match key {
            Ok(Val::String(text)) => Some(text),
            Ok(Val::Int(int)) => Some(int.to_string().into()),
            Ok(other) => {
                self.report(errors::made_key_not_text(other.describe(), template.span));
                None
            }
            Err(fault) => {
                self.fault(fault);
                None
            }
        }
    }

    fn run(&self, template: &Template) -> Result<Val, Fault> {
        self.world.session(|| self.world.reading(template.span, || template.evaluate(&self.world.scope_of(&self.sight), Target::Plain)))
    }

    /// The shape of a definition that is there: a map, or what an expression gives as a whole. `type_` is that of such definitions.
    pub(super) fn body(&mut self, value: &Value, type_: Option<&Type>) -> Option<Value> {
        match value.as_map() {
            Some(map) => match map.get("$value") {
                Some(whole) => self.whole(whole, type_),
                None => Some(self.fields(map, value, type_)),
            },
            None => self.whole(value, type_),
        }
    }

    /// The shape of a value; none if its condition does not hold.
    fn shape(&mut self, value: &Value, type_: Option<&Type>) -> Option<Value> {
        match &value.data {
            Data::Template(_) => Some(self.hand(value, &Sight::of(self.maker, Within::Class))),
            Data::List(list) => {
                let of_items = type_.and_then(Type::items).map(AsRef::as_ref);
                let mut items = Vec::new();
                for item in list.items() {
                    self.each(item, &mut |this| items.extend(this.shape(item, of_items)));
                }
                Some(Value::list(items, value.origin))
            }
            Data::Map(map) => {
                if !self.holds(map) {
                    return None;
                }
                match (map.get("$verbatim"), map.get("$value")) {
                    (Some(verbatim), _) => Some(verbatim.clone()),
                    (None, Some(said)) => self.shape(said, type_),
                    (None, None) => Some(self.fields(map, value, type_)),
                }
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => Some(value.clone()),
        }
    }

    /// The fields of a map, with their operators: they are a layer. What a `$spread` brings is a layer over what stands before it, and below what
    /// follows.
    fn fields(&mut self, map: &Map, value: &Value, type_: Option<&Type>) -> Value {
        let mut made = Value::map(Vec::new(), value.origin);
        let mut written: Vec<Entry> = Vec::new();
        let mut known: BTreeMap<Arc<str>, (Span, LayerId)> = BTreeMap::new();
        for entry in map.entries() {
            match &*entry.key {
                // What no fragment can be used in is told when the class is loaded.
                "$if" | "$for" | "$use" => {}
                "$spread" => {
                    if let Some(spread) = self.whole(&entry.value, type_) {
                        made = self.met(&made, &Value::map(std::mem::take(&mut written), value.origin), type_);
                        made = self.met(&made, &spread, type_);
                    }
                }
                key if key.starts_with('$') && entry.template.is_none() => self.report(errors::no_directive_there(key, entry.span)),
                _ => self.each(&entry.value, &mut |this| {
                    let Some(key) = this.key(entry) else { return };
                    let of_key = type_.and_then(|type_| type_.inside(&key)).map(AsRef::as_ref);
                    let Some(value) = this.shape(&entry.value, of_key) else { return };
                    let layer = entry.value.origin.layer;
                    if matches!(entry.operator, Operator::Merge | Operator::Lock)
                        && let Some((other, _)) = known.insert(Arc::clone(&key), (entry.span, layer)).filter(|(_, other)| *other == layer)
                    {
                        return this.report(errors::keys_meet(&key, other, entry.span));
                    }
                    this.weight = this.weight.saturating_add(value.weight());
                    written.push(Entry { key, value, template: None, operator: entry.operator, span: entry.span });
                }),
            }
        }
        let written = Value::map(written, value.origin);
        if is_empty(&made) { written } else { unkept(&self.met(&made, &written, type_)) }
    }

    /// A map over another, by the rules of layers.
    fn met(&mut self, weaker: &Value, stronger: &Value, type_: Option<&Type>) -> Value {
        if is_empty(stronger) || is_empty(weaker) && stronger.is_plain() {
            let value = if is_empty(weaker) { stronger } else { weaker };
            return Value { origin: weaker.origin, ..value.clone() };
        }
        self.weight = self.weight.saturating_add(stronger.weight());
        let mut found = Diagnostics::default();
        let subject = self.world.entity(self.maker).subject();
        let mut meeting = Meeting::new(&subject, &mut found).waiting().open();
        let met = merge(Some(weaker).filter(|weaker| !is_empty(weaker)), stronger, Operator::Merge, type_, &mut meeting);
        if found.has_errors() {
            self.failed.set(true);
        }
        self.world.diagnostics.borrow_mut().append(found);
        Value { origin: weaker.origin, ..met }
    }

    /// A map that an expression gives as a whole, with what is written in it as it is written; none if it gives none.
    fn whole(&mut self, value: &Value, type_: Option<&Type>) -> Option<Value> {
        let Data::Template(template) = &value.data else { return self.shape(value, type_) };
        let world = self.world;
        let carried = world.session(|| {
            let scope = world.scope_of(&self.sight);
            let val = world.reading(template.span, || template.evaluate(&scope, Target::Plain))?;
            if let Val::Null | Val::Optional(None) = val {
                return Ok(None);
            }
            let why = Why::written(value.origin);
            world.carried(&scope, &val, template.span, &why).map(Some)
        });
        match carried {
            Ok(Some((whole, sight))) if whole.as_map().is_some() => Some(self.hand(&whole, &sight)),
            Ok(Some((whole, _))) => {
                self.report(errors::no_map_to_make_of(whole.describe(), template.span));
                None
            }
            Ok(None) => None,
            Err(fault) => {
                self.fault(fault);
                None
            }
        }
    }

    /// A value with its expressions handed on.
    fn hand(&mut self, value: &Value, sight: &Sight<'a>) -> Value {
        if !value.is_dynamic() {
            return value.clone();
        }
        let data = match &value.data {
            Data::Template(template) if template.handed().is_none() => {
                let number = self.number(value, sight);
                Data::Template(Arc::new(template.handed_on(number)))
            }
            Data::Pending(_) => {
                let number = self.number(value, sight);
                Data::Template(Arc::new(Template::standing_for(number, value.origin.span)))
            }
            Data::List(list) => {
                let items = list.items().iter().enumerate().map(|(at, item)| self.hand(item, &sight.item(at))).collect();
                Data::List(Arc::new(crate::value::List::new(items)))
            }
            Data::Map(map) => {
                let entries = map.entries().iter().flat_map(kept);
                let entries = entries.map(|entry| Entry { value: self.hand(&entry.value, &sight.field(&entry.key)), ..entry });
                Data::Map(Arc::new(Map::new(entries.collect())))
            }
            Data::Template(_)
            | Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Late(_)
            | Data::Broken => value.data.clone(),
        };
        Value { data, origin: value.origin, history: value.history.clone() }
    }

    fn number(&mut self, value: &Value, sight: &Sight<'a>) -> u32 {
        let (owner, within) = (sight.owner, sight.within);
        let rounds = if within == Within::Class && owner == self.maker { self.rounds.as_slice().into() } else { Arc::from([]) };
        self.handed.push(Handed { owner: Some(owner), within, rounds, value: value.clone() });
        u32::try_from(self.first + self.handed.len() - 1).unwrap_or(u32::MAX)
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_map().is_none_or(|map| map.entries().is_empty())
}
