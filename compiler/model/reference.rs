//! References: fields whose text names a thing. Comes in: a value with its type; leaves: the thing that a text names, the one that is meant where
//! nobody says which, and what is wrong with either. What a text may say is the business of [`Names`](super::Names).

use super::outcome::Why;
use super::scope::Scope;
use super::seen::Sight;
use super::sight::NodePlace;
use super::world::World;
use super::{Entity, EntityId, errors};
use crate::definition::Class;
use crate::diagnostic::Diagnostics;
use crate::expression::{Fault, Val};
use crate::ledger;
use crate::name::Kind;
use crate::origin::Origin;
use crate::path::{Path, Step};
use crate::schema::{Record, Referent, Shape, Type};
use crate::source::Sources;
use crate::span::Span;
use crate::value::{Data, Entry, List, Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Letters in whose time a thing is looked at for what else there is.
const LOOKED: usize = 16;

/// Who refers to what by a field.
#[derive(Clone)]
pub(super) enum FoundReferrers {
    /// It is being found out.
    Busy,
    /// By what is referred to.
    Known(Arc<BTreeMap<EntityId, Vec<EntityId>>>),
}

/// Where else there is a thing of a name.
pub(super) enum OtherPlace {
    /// In the same environment.
    Here(Path),
    /// In another one.
    Environment(Path),
    /// Nowhere, as far as anybody looked.
    Nowhere,
}

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

    /// The things that a reference can mean, if they are told by class or capability; so many at most.
    fn candidates(&self, owner: EntityId, referent: &Referent, most: usize) -> Vec<EntityId> {
        if !referent.is_narrow() {
            return Vec::new();
        }
        self.outside.set(true);
        let entity = self.entity(owner);
        // Whoever is at the same place sees the same, so they are looked through once. Applications are seen by those of their tenant.
        let cluster = if entity.kind == Kind::Cluster { Some(owner) } else { entity.cluster };
        let tenant = if entity.kind == Kind::Tenant { Some(owner) } else { entity.tenant };
        let place = (entity.environment, cluster, tenant);
        let mut known = self.suiting.borrow_mut();
        let known = known.entry(place).or_default();
        if !known.contains_key(referent) {
            let every = referent.kinds.iter().flat_map(|kind| self.names().near(owner, *kind));
            let suiting: Vec<EntityId> = every.filter(|id| self.suits(*id, referent)).collect();
            self.allowance.spend(Some(owner), suiting.len());
            known.insert(referent.clone(), suiting);
        }
        let suiting = known.get(referent).map_or(&[][..], Vec::as_slice);
        suiting.iter().copied().filter(|id| *id != owner).take(most).collect()
    }

    /// The thing that a field means if nobody sets it: the one of that class or capability. Several or none are nobody's.
    pub(super) fn assumed(&self, sight: Sight<'a>) -> Option<EntityId> {
        let Shape::Ref(referent) = &sight.type_?.resolved().shape else { return None };
        match self.candidates(sight.owner, referent, 2).as_slice() {
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
            Some(class) => self.assume((id, class), &value, &self.sight(id), &Path::default(), diagnostics).unwrap_or(value),
            None => value,
        }
    }

    /// The same for a value inside; none if nothing is to be added.
    fn assume(
        &self,
        (id, class): (EntityId, &Class),
        value: &Value,
        sight: &Sight<'a>,
        at: &Path,
        diagnostics: &mut Diagnostics,
    ) -> Option<Value> {
        let inside = |step: Step| {
            let mut path = at.clone();
            path.push(step);
            path
        };
        if let (Shape::List(_), Some(items)) = (&sight.type_?.resolved().shape, value.as_list()) {
            let mut each =
                |(at, value): (usize, &Value)| self.assume((id, class), value, &sight.item(at), &inside(Step::Item(at)), diagnostics);
            let changed: Vec<Option<Value>> = items.iter().enumerate().map(&mut each).collect();
            if changed.iter().all(Option::is_none) {
                return None;
            }
            let items = items.iter().zip(changed).map(|(value, changed)| changed.unwrap_or_else(|| value.clone())).collect();
            return Some(Value { data: Data::List(Arc::new(List::new(items))), ..value.clone() });
        }
        let map = value.as_map()?;
        let fields = sight.type_?.record().map_or(&[][..], Record::fields);
        let mut entries: Option<Vec<Entry>> = None;
        for (at, entry) in map.entries().iter().enumerate() {
            let path = inside(Step::Key(Arc::clone(&entry.key)));
            if let Some(changed) = self.assume((id, class), &entry.value, &sight.field(&entry.key), &path, diagnostics) {
                let entries = entries.get_or_insert_with(|| map.entries().to_vec());
                entries.iter_mut().skip(at).take(1).for_each(|entry| entry.value = changed.clone());
            }
        }
        for field in fields {
            let markers = &field.type_.resolved().markers;
            let Shape::Ref(referent) = &field.type_.resolved().shape else { continue };
            if !referent.is_narrow() || markers.default.is_some() || map.get(&field.name).is_some() || value.removed(&field.name).is_some()
            {
                continue;
            }
            let path = inside(Step::Key(Arc::clone(&field.name)));
            let origin = Origin { span: field.span, layer: class.layer };
            let entity = self.entity(id);
            let meant = match self.candidates(id, referent, usize::MAX).as_slice() {
                [] if !markers.required => continue,
                [] => {
                    diagnostics.push(errors::nothing_to_refer_to(entity, &path, field.span, referent));
                    Value::broken(origin)
                }
                [only] => Value::string(self.address(*only), origin),
                several => {
                    let several: Vec<_> = several.iter().map(|one| (self.entity(*one), self.written(id, *one))).collect();
                    diagnostics.push(errors::ambiguous_reference(entity, &path, (field.span, referent), &several));
                    Value::broken(origin)
                }
            };
            entries.get_or_insert_with(|| map.entries().to_vec()).push(Entry::plain(Arc::clone(&field.name), field.span, meant));
        }
        Some(Value { data: Data::Map(Arc::new(Map::new(entries?))), ..value.clone() })
    }

    /// Reports references of a thing that lead nowhere, or to something else than they ask for.
    pub(super) fn check_references(&self, id: EntityId, value: &Value, sources: &Sources, diagnostics: &mut Diagnostics) {
        let Some(class) = self.class(self.entity(id)).filter(|class| class.refers && class.sound) else { return };
        self.check_references_in(id, value, &class.type_, sources, diagnostics);
    }

    /// The same for a value of a type.
    pub(super) fn check_references_in(&self, id: EntityId, value: &Value, type_: &Type, sources: &Sources, diagnostics: &mut Diagnostics) {
        let entity = self.entity(id);
        each(value, type_, &mut |value, referent| {
            // On another cluster the same name may lead nowhere.
            self.outside.set(true);
            let text = value.as_str().unwrap_or_default();
            match self.names().reference(id, &referent.kinds, text) {
                Some(to) if self.suits(to, referent) => {}
                Some(to) => diagnostics.push(errors::wrong_referent(entity, value, self.entity(to), referent)),
                None => {
                    let every = referent.kinds.iter().flat_map(|kind| self.names().near(id, *kind));
                    let others = every.filter(|known| *known != id && self.suits(*known, referent));
                    // Whoever makes many mistakes is not told of each what else there is.
                    let may_look = ledger::suggestion(LOOKED.saturating_mul(self.model.entities.len()));
                    let known: Vec<Arc<str>> = others.filter(|_| may_look).map(|known| self.written(id, known)).collect();
                    let known: Vec<&str> = known.iter().map(|name| &**name).collect();
                    let is_literal = sources.text(value.origin.span).trim_matches(['"', '\'']) == text;
                    let elsewhere = if may_look { self.elsewhere(entity, referent, text) } else { OtherPlace::Nowhere };
                    diagnostics.push(errors::unknown_referent(entity, value, referent, (&known, is_literal), &elsewhere));
                }
            }
        });
    }

    /// The thing under a key of a plural that an expression has made: names are keys, and what an expression reads of a thing is its identity.
    pub(super) fn called_so(&self, owner: EntityId, kind: Kind, key: &str) -> Result<Option<EntityId>, Fault> {
        let named = self.names().named(owner, kind, key);
        let identified = self.names().identified(owner, kind, key);
        match (named, identified) {
            (Some(named), Some(identified)) if named != identified => {
                let span = self.at.get().unwrap_or(self.entity(owner).defined);
                Err(Fault::Diagnostic(Box::new(errors::ambiguous_key(key, span, self.entity(named), self.entity(identified)))))
            }
            (named, identified) => Ok(named.or(identified)),
        }
    }

    /// Where else there is a thing of the name that a reference says.
    fn elsewhere(&self, owner: &Entity, referent: &Referent, text: &str) -> OtherPlace {
        self.index.bounds.look_everywhere();
        let named = |entity: &&Entity| referent.kinds.contains(&entity.kind) && *entity.name == *text;
        let is_near = |entity: &&Entity| named(entity) && entity.environment == owner.environment;
        let entities = || self.model.entities.iter();
        match entities().find(is_near) {
            Some(found) => OtherPlace::Here(found.thing.path()),
            None => entities().find(named).map_or(OtherPlace::Nowhere, |found| OtherPlace::Environment(found.thing.path())),
        }
    }

    /// How a thing is written where another one names it: by its name, or as it is called on the same cluster, if that is enough there.
    fn written(&self, owner: EntityId, id: EntityId) -> Arc<str> {
        let entity = self.entity(id);
        let address = self.address(id);
        let on_cluster = entity.cluster.and_then(|cluster| address.strip_prefix(&format!("{}.", self.address(cluster))).map(Arc::from));
        let shorter = std::iter::once(Arc::clone(&entity.name)).chain(on_cluster);
        let means = |text: &Arc<str>| self.names().reference(owner, &[entity.kind], text) == Some(id);
        shorter.into_iter().find(means).unwrap_or(address)
    }

    /// By what a thing can be named from everywhere in its environment.
    pub(super) fn address(&self, id: EntityId) -> Arc<str> {
        Path::from(self.entity(id).thing.path().steps().get(1..).unwrap_or_default().to_vec()).to_string().into()
    }

    /// What an expression has made where a type asks for references: things become their addresses, wherever they are in it.
    pub(super) fn referring(&self, scope: &Scope<'_, 'a>, val: &Val, type_: &Type, span: Span, why: &Why) -> Result<Value, Fault> {
        let made = |value: Value| Value { history: why.history.clone(), ..value };
        match (&type_.resolved().shape, val) {
            (_, Val::Node(node)) => match self.place(*node) {
                Some(NodePlace::Entity(id)) if matches!(type_.resolved().shape, Shape::Ref(_)) => {
                    Ok(made(Value::string(self.address(id), why.origin)))
                }
                // What is named there may be called otherwise here.
                Some(NodePlace::Value { sight, value }) => Ok(self.addressed(&sight, &self.evaluate_as(sight.clone(), &value))),
                Some(_) | None => self.value(scope, val, span, why),
            },
            (Shape::List(item), Val::List(items)) => {
                let items = items.iter().map(|val| self.referring(scope, val, item, span, why)).collect::<Result<_, _>>()?;
                Ok(made(Value::list(items, why.origin)))
            }
            (Shape::Map(_) | Shape::Record(_), Val::Map(map)) => {
                let mut entries = Vec::with_capacity(map.len());
                for (key, val) in map.entries() {
                    let key = key.to_string();
                    let inner = type_.field(&key).or_else(|| type_.item());
                    let value = match inner {
                        Some(inner) => self.referring(scope, val, inner, span, why)?,
                        None => self.value(scope, val, span, why)?,
                    };
                    entries.push(Entry::plain(key, why.origin.span, value));
                }
                Ok(made(Value::map(entries, why.origin)))
            }
            (_, _) => self.value(scope, val, span, why),
        }
    }

    /// A list or map with what the things in it are called in their places.
    pub(super) fn called(&self, val: Val) -> Val {
        let name = |val: &Val| Self::thing(val).map_or_else(|| val.clone(), |id| Val::String(Arc::clone(self.entity(id).identity.text())));
        if let Val::List(items) = &val {
            return Val::list(items.iter().map(name).collect());
        }
        if let Val::Map(map) = &val {
            return Val::map(map.entries().iter().map(|(key, val)| (key.clone(), name(val))));
        }
        val
    }

    /// A value as it goes into outputs: with what the things that it refers to are called outside, so that a rename changes nothing there.
    pub(super) fn named(&self, sight: &Sight<'a>, value: Value) -> Value {
        self.rewritten(sight, &value, &|id| Arc::clone(self.entity(id).identity.text())).unwrap_or(value)
    }

    /// A value with the addresses of what it refers to, so that it means the same elsewhere.
    pub(super) fn addressed(&self, sight: &Sight<'a>, value: &Value) -> Value {
        self.rewritten(sight, value, &|id| self.address(id)).unwrap_or_else(|| value.clone())
    }

    /// A value with other texts for what it refers to; none if it refers to nothing.
    fn rewritten(&self, sight: &Sight<'a>, value: &Value, text_of: &dyn Fn(EntityId) -> Arc<str>) -> Option<Value> {
        if !sight.may_refer() {
            return None;
        }
        let data = match &value.data {
            Data::String(text) => {
                let Shape::Ref(referent) = &sight.type_?.resolved().shape else { return None };
                Data::String(text_of(self.referred(sight.owner, referent, text)?))
            }
            Data::List(list) => {
                let items = list.items().iter().enumerate();
                let changed: Vec<_> = items.map(|(at, value)| self.rewritten(&sight.item(at), value, text_of)).collect();
                changed.iter().find(|changed| changed.is_some())?;
                let items = list.items().iter().zip(changed).map(|(value, changed)| changed.unwrap_or_else(|| value.clone()));
                Data::List(Arc::new(List::new(items.collect())))
            }
            Data::Map(map) => {
                let entries = map.entries().iter();
                let changed: Vec<_> = entries.map(|entry| self.rewritten(&sight.field(&entry.key), &entry.value, text_of)).collect();
                changed.iter().find(|changed| changed.is_some())?;
                let entries = map.entries().iter().zip(changed).map(|(entry, changed)| match changed {
                    Some(value) => Entry { value, ..entry.clone() },
                    None => entry.clone(),
                });
                Data::Map(Arc::new(Map::new(entries.collect())))
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => return None,
        };
        Some(Value { data, ..value.clone() })
    }
}
