//! References: fields whose text names a thing. Comes in: a value with its type; leaves: the thing that a text names, the one that is meant where
//! nobody says which, and what is wrong with either. What a text may say is the business of [`Names`](super::Names).

use super::seen::Sight;
use super::world::World;
use super::{Entity, EntityId, errors};
use crate::definition::Class;
use crate::definition::root::Within;
use crate::diagnostic::Diagnostics;
use crate::expression::{Fault, Host, Val};
use crate::name::Kind;
use crate::origin::Origin;
use crate::path::Path;
use crate::schema::{Referent, Shape, Type};
use crate::source::Sources;
use crate::value::{Data, Entry, History, Map, Value};
use std::sync::Arc;

/// So many things that a reference could mean are told; two are too many already.
const CANDIDATES: usize = 8;

/// Everything in a value of a type that refers to a thing.
pub(crate) fn each<'v>(value: &'v Value, type_: &'v Type, found: &mut dyn FnMut(&'v Value, &'v Referent)) {
    let resolved = type_.resolved();
    match (&resolved.shape, &value.data) {
        (Shape::Ref(referent), Data::String(_)) => found(value, referent),
        (Shape::List(item), Data::List(list)) if may_refer(item) => list.items().iter().for_each(|value| each(value, item, found)),
        (Shape::Map(item), Data::Map(map)) if may_refer(item) => map.entries().iter().for_each(|entry| each(&entry.value, item, found)),
        (Shape::Record(record), Data::Map(map)) => {
            for entry in map.entries() {
                if let Some(field) = record.get(&entry.key).filter(|field| may_refer(&field.type_)) {
                    each(&entry.value, &field.type_, found);
                }
            }
        }
        (_, _) => {}
    }
}

/// Whether a reference may stand in it: not in scalars.
fn may_refer(type_: &Type) -> bool {
    matches!(type_.resolved().shape, Shape::Ref(_) | Shape::List(_) | Shape::Map(_) | Shape::Record(_))
}

impl<'a> World<'a> {
    /// The thing that the text of a reference names from where its owner is.
    pub(super) fn referred(&self, owner: EntityId, referent: &Referent, text: &str) -> Option<EntityId> {
        let id = self.names().reference(owner, &referent.kinds, text)?;
        if id != owner {
            self.outside.set(true);
            self.meets(owner, id);
        }
        Some(id)
    }

    /// Whether a thing is of the class and has the capability that a reference asks for.
    pub(super) fn suits(&self, id: EntityId, referent: &Referent) -> bool {
        let entity = self.entity(id);
        let class = self.class(entity);
        referent.kinds.contains(&entity.kind)
            && referent.class.as_ref().is_none_or(|name| class.is_some_and(|class| class.is_a(name)))
            && referent.provides.as_ref().is_none_or(|capability| class.is_some_and(|class| class.provides(capability)))
    }

    /// The things that a reference can mean, if they are told by class or capability.
    pub(super) fn candidates(&self, owner: EntityId, referent: &Referent) -> Vec<EntityId> {
        if !referent.is_narrow() {
            return Vec::new();
        }
        self.outside.set(true);
        let entity = self.entity(owner);
        // Whoever is at the same place sees the same, so they are looked through once.
        let place = (entity.environment, if entity.kind == Kind::Cluster { Some(owner) } else { entity.cluster });
        let mut known = self.suiting.borrow_mut();
        let known = known.entry(place).or_default();
        if !known.contains_key(referent) {
            let every = referent.kinds.iter().flat_map(|kind| self.names().every(owner, *kind));
            let suiting: Vec<EntityId> = every.copied().filter(|id| self.suits(*id, referent)).collect();
            known.insert(referent.clone(), suiting);
        }
        let suiting = known.get(referent).map_or(&[][..], Vec::as_slice);
        suiting.iter().copied().filter(|id| *id != owner).take(CANDIDATES).collect()
    }

    /// The thing that a field means if nobody sets it: the one of that class or capability. Several or none are nobody's.
    pub(super) fn assumed(&self, sight: Sight<'a>) -> Option<EntityId> {
        let Shape::Ref(referent) = &sight.type_?.resolved().shape else { return None };
        match self.candidates(sight.owner, referent).as_slice() {
            [only] => {
                self.meets(sight.owner, *only);
                Some(*only)
            }
            _ => None,
        }
    }

    /// The value of a thing with the references that are meant where nobody sets them.
    pub(super) fn with_assumed(&self, id: EntityId, value: Value, diagnostics: &mut Diagnostics) -> Value {
        match self.class(self.entity(id)).filter(|class| class.refers && class.sound) {
            Some(class) => self.assume(id, class, &value, &self.sight(id), diagnostics).unwrap_or(value),
            None => value,
        }
    }

    /// The same for a value inside; none if nothing is to be added.
    fn assume(&self, id: EntityId, class: &Class, value: &Value, sight: &Sight<'a>, diagnostics: &mut Diagnostics) -> Option<Value> {
        let (record, map) = (sight.type_?.record()?, value.as_map()?);
        let mut entries: Option<Vec<Entry>> = None;
        for (at, entry) in map.entries().iter().enumerate() {
            if let Some(changed) = self.assume(id, class, &entry.value, &sight.field(&entry.key), diagnostics) {
                let entries = entries.get_or_insert_with(|| map.entries().to_vec());
                entries.iter_mut().skip(at).take(1).for_each(|entry| entry.value = changed.clone());
            }
        }
        for field in record.fields() {
            let markers = &field.type_.resolved().markers;
            let Shape::Ref(referent) = &field.type_.resolved().shape else { continue };
            if !referent.is_narrow() || markers.default.is_some() || map.get(&field.name).is_some() || value.removed(&field.name).is_some()
            {
                continue;
            }
            let origin = Origin { span: field.span, layer: class.layer };
            let entity = self.entity(id);
            let meant = match self.candidates(id, referent).as_slice() {
                [] if !markers.required => continue,
                [] => {
                    diagnostics.push(errors::nothing_to_refer_to(entity, &field.name, field.span, referent));
                    Value::broken(origin)
                }
                [only] => Value::string(self.address(*only), origin),
                several => {
                    let several: Vec<&Entity> = several.iter().map(|id| self.entity(*id)).collect();
                    diagnostics.push(errors::ambiguous_reference(entity, &field.name, field.span, referent, &several));
                    Value::broken(origin)
                }
            };
            entries.get_or_insert_with(|| map.entries().to_vec()).push(Entry::plain(Arc::clone(&field.name), field.span, meant));
        }
        Some(Value { data: Data::Map(Arc::new(Map::new(entries?))), ..value.clone() })
    }

    /// Reports references of a thing that lead nowhere, or to something else than they ask for.
    pub(super) fn check_references(&self, id: EntityId, value: &Value, sources: &Sources, diagnostics: &mut Diagnostics) {
        let entity = self.entity(id);
        let Some(class) = self.class(entity).filter(|class| class.refers && class.sound) else { return };
        each(value, &class.type_, &mut |value, referent| {
            let text = value.as_str().unwrap_or_default();
            match self.names().reference(id, &referent.kinds, text) {
                Some(to) if self.suits(to, referent) => {}
                Some(to) => diagnostics.push(errors::wrong_referent(entity, value, self.entity(to), referent)),
                None => {
                    let every = referent.kinds.iter().flat_map(|kind| self.names().every(id, *kind));
                    let known: Vec<&str> =
                        every.filter(|known| self.suits(**known, referent)).map(|known| &*self.entity(*known).name).collect();
                    let is_literal = sources.text(value.origin.span).trim_matches(['"', '\'']) == text;
                    let elsewhere = self.elsewhere(referent, text);
                    diagnostics.push(errors::unknown_referent(entity, value, referent, (&known, is_literal), elsewhere.as_deref()));
                }
            }
        });
    }

    /// Where else there is a thing of the name that a reference says.
    fn elsewhere(&self, referent: &Referent, text: &str) -> Option<String> {
        let named = |entity: &&Entity| referent.kinds.contains(&entity.kind) && *entity.name == *text;
        self.model.entities.iter().find(named).map(|entity| entity.thing.path().to_string())
    }

    /// The things that refer to one by a field, in their order. Who asks that waits for nobody.
    pub(super) fn referrers(&self, owner: EntityId, field: &str) -> Result<Val, Fault> {
        self.outside.set(true);
        let entity = self.entity(owner);
        let mut found = Vec::new();
        let mut looked = 0;
        for id in self.index.everything(entity.environment) {
            looked += 1;
            let class = self.class(self.entity(id)).filter(|class| class.refers);
            let referent = class.and_then(|class| class.type_.field(field)?.resolved().shape.refers());
            if referent.is_none_or(|referent| !referent.kinds.contains(&entity.kind)) {
                continue;
            }
            if let Some(val) = self.entity_field(owner, id, field)?
                && self.holds_thing(&val, owner)?
            {
                found.push(id);
            }
        }
        self.allowance.spend(Some(owner), looked);
        // By identity, so that a rename moves nothing.
        let on = |entity: &'a Entity| entity.cluster.map(|cluster| &**self.entity(cluster).identity.text());
        found.sort_by_key(|id| {
            let entity = self.entity(*id);
            (entity.kind.rank(), &**entity.identity.text(), on(entity))
        });
        Ok(Val::list(found.into_iter().map(|id| self.thing_node(id)).collect()))
    }

    /// Whether a value is a thing, or a list or map with it.
    fn holds_thing(&self, val: &Val, thing: EntityId) -> Result<bool, Fault> {
        let Val::Node(node) = val else { return Ok(false) };
        if let Some(id) = Self::thing(val) {
            return Ok(id == thing);
        }
        let forced = self.scope(thing, Within::Definition).force(*node)?;
        if let Val::List(items) = &forced {
            return Ok(items.iter().any(|val| Self::thing(val) == Some(thing)));
        }
        let Val::Map(map) = &forced else { return Ok(false) };
        Ok(map.entries().iter().any(|(_, val)| Self::thing(val) == Some(thing)))
    }

    /// By what a thing can be named from everywhere in its environment.
    pub(super) fn address(&self, id: EntityId) -> Arc<str> {
        Path::from(self.entity(id).thing.path().steps().get(1..).unwrap_or_default().to_vec()).to_string().into()
    }

    /// A value that an expression has made of things, as the references that a type asks for; none if it asks for something else.
    pub(super) fn referring(&self, val: &Val, type_: Option<&Type>, origin: Origin, history: &History) -> Option<Value> {
        let type_ = type_?;
        let made = |data: Data| Value { history: history.clone(), ..Value::new(data, origin) };
        match (&type_.resolved().shape, val) {
            (Shape::Ref(_), Val::Node(_)) => Some(made(Data::String(self.address(Self::thing(val)?)))),
            (Shape::List(item), Val::List(items)) => {
                let items = items.iter().map(|val| self.referring(val, Some(item), origin, history)).collect::<Option<_>>()?;
                Some(Value { history: history.clone(), ..Value::list(items, origin) })
            }
            (Shape::Map(item), Val::Map(map)) => {
                let entry = |(key, val): &(crate::expression::Key, Val)| {
                    Some(Entry::plain(key.to_string(), origin.span, self.referring(val, Some(item), origin, history)?))
                };
                let entries = map.entries().iter().map(entry).collect::<Option<_>>()?;
                Some(Value { history: history.clone(), ..Value::map(entries, origin) })
            }
            (_, _) => None,
        }
    }
}
