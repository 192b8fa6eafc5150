//! References: fields whose text names a thing. Comes in: a value with its type; leaves: the thing that a text names, the one that is meant where
//! nobody says which, and what is wrong with either. What a text may say is the business of [`Names`](super::Names).

use super::absent::Absent;
use super::outcome::Why;
use super::scope::Scope;
use super::seen::Sight;
use super::sight::NodePlace;
use super::world::World;
use super::{Entity, EntityId, Plural, errors, teams};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expression::{Absence, Fault, Val};
use crate::ledger;
use crate::name::Kind;
use crate::path::Path;
use crate::schema::{Referent, Shape, Type, ValueForm};
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
    /// Where it can be named from here, by this text.
    Near(Path, Arc<str>, Nearness),
    /// In another one; with the name of its own, if that is a shared one, in which it would have to be named.
    Environment(Path, Option<Arc<str>>),
    /// It would be right here, but something leaves it out.
    LeftOut(Absent),
    /// It would be made right here, but for this condition.
    NotMade(Span),
    /// Nowhere, as far as anybody looked.
    Nowhere,
}

/// How near to one thing another one is that it can name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Nearness {
    /// On the same cluster, of another tenant, or both on none.
    Beside,
    /// On another cluster of its environment.
    Environment,
    /// In a shared environment.
    Shared,
}

/// Everything in a value of a type that refers to a thing.
pub(crate) fn each<'v>(value: &'v Value, type_: &'v Type, found: &mut dyn FnMut(&'v Value, &'v Referent)) {
    let resolved = type_.of_value(value).resolved();
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
    matches!(type_.resolved().shape, Shape::Ref(_) | Shape::List(_) | Shape::Map(_) | Shape::Record(_) | Shape::Union(_))
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

    /// The same of what a text names: of a class that is wrong, which is told, nobody knows what it inherits and promises.
    fn may_suit(&self, id: EntityId, referent: &Referent) -> bool {
        let entity = self.entity(id);
        let is_wrong = self.class(entity).is_some_and(|class| !class.sound);
        self.suits(id, referent) || (is_wrong && referent.kinds.contains(&entity.kind))
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
                Some(to) if self.may_suit(to, referent) => {
                    let reaching = teams::reaching(self.model, self.definitions, (id, to), value.origin.span);
                    reaching.into_iter().for_each(|fault| diagnostics.push(fault));
                }
                Some(to) => diagnostics.push(self.unprovided(value, to, referent, sources).unwrap_or_else(|| {
                    let said = errors::wrong_referent(entity, value, self.entity(to), referent);
                    // Another kind may have one of that name.
                    let of_kind = |kind: &Kind| self.names().reference(id, &[*kind], text).filter(|other| self.suits(*other, referent));
                    match referent.kinds.iter().find_map(of_kind).filter(|other| *other != to) {
                        Some(meant) => errors::named_like(said, self.entity(meant)),
                        None => said,
                    }
                })),
                // Why what it names is not there was told.
                None if self.is_lost(&referent.kinds, text) => {}
                None => diagnostics.push(self.unknown(id, value, referent, sources)),
            }
        });
    }

    /// Whether what a text names, by its name or address, may be missing because of something that was reported.
    fn is_lost(&self, kinds: &[Kind], text: &str) -> bool {
        let address: Option<Path> = text.parse().ok();
        let keys = address.as_ref().and_then(Path::keys).unwrap_or_default();
        let last = keys.last_chunk::<2>().and_then(|[plural, name]| Some((Kind::from_plural(plural)?, *name)));
        kinds.iter().any(|kind| self.may_define(*kind, text))
            || last.is_some_and(|(kind, name)| kinds.contains(&kind) && self.may_define(kind, name))
    }

    /// What is wrong with a reference that leads to nothing it may lead to.
    fn unknown(&self, id: EntityId, value: &Value, referent: &Referent, sources: &Sources) -> Diagnostic {
        let (entity, text) = (self.entity(id), value.as_str().unwrap_or_default());
        // Whoever makes many mistakes is not told of each what else there is.
        let may_look = ledger::suggestion(LOOKED.saturating_mul(self.model.entities.len()));
        let near = || referent.kinds.iter().flat_map(|kind| self.names().near(id, *kind));
        let others: Vec<EntityId> = if may_look { near().chain(self.shared_with(entity, referent)).collect() } else { Vec::new() };
        let others = others.into_iter().filter(|known| *known != id && self.suits(*known, referent));
        let known: Vec<Arc<str>> = others.map(|known| self.written(id, known)).collect();
        let known: Vec<&str> = known.iter().map(|name| &**name).collect();
        let is_literal = sources.text(value.origin.span).trim_matches(['"', '\'']) == text;
        let elsewhere = if let Some(absent) = self.gone_here(id, &referent.kinds, text) {
            OtherPlace::LeftOut(absent)
        } else {
            let found = if may_look { self.elsewhere(id, &referent.kinds, text) } else { OtherPlace::Nowhere };
            // Another tenant's thing is not what one's own would be.
            let own = if found.is_anothers() { self.own_left_out(id, &referent.kinds, text) } else { None };
            own.unwrap_or(found)
        };
        if let OtherPlace::Nowhere = elsewhere {
            let others = Kind::ALL.into_iter().filter(|kind| !referent.kinds.contains(kind));
            if let Some(other) = others.into_iter().find_map(|kind| self.names().reference(id, &[kind], text)) {
                return errors::wrong_kind(entity, value, self.entity(other), (referent, &known));
            }
        }
        let fault = errors::unknown_referent(entity, value, referent, (&known, is_literal), &elsewhere);
        // Whoever says nothing gets what the library says for him, and reads of what he wrote.
        if sources.is_library(value.origin.span) && !sources.is_library(entity.defined) {
            let fields = entity.value.as_map().map(Map::entries).unwrap_or_default();
            let field = fields.iter().find(|entry| entry.value.origin.span == value.origin.span).map(|entry| &*entry.key);
            return errors::unknown_by_default(entity, fault, field);
        }
        fault
    }

    /// What a reference can mean by its name in shared environments: what is on no cluster.
    fn shared_with(&self, entity: &Entity, referent: &Referent) -> Vec<EntityId> {
        let is_shared = |other: &Entity| other.environment != entity.environment && self.model.environment(other.environment).is_shared;
        let those = self.model.entities();
        let those = those.filter(|(_, other)| referent.kinds.contains(&other.kind) && other.cluster.is_none() && is_shared(other));
        those.map(|(id, _)| id).collect()
    }

    /// The thing under a key of a plural that an expression has made: names are keys, and what an expression reads of a thing is its identity.
    pub(super) fn called_so(&self, plural: Plural, key: &str) -> Result<Option<EntityId>, Fault> {
        let named = self.names().one(plural, key);
        let identified = self.names().identified(plural, key);
        match (named, identified) {
            (Some(named), Some(identified)) if named != identified => {
                let span = self.at.get().unwrap_or(self.entity(plural.owner).defined);
                Err(Fault::Diagnostic(Box::new(errors::ambiguous_key(key, span, self.entity(named), self.entity(identified)))))
            }
            (named, identified) => Ok(named.or(identified)),
        }
    }

    /// Where else there is a thing of some kinds that has the name which is written, or is written with its kind or its home; the nearest.
    fn elsewhere(&self, id: EntityId, kinds: &[Kind], text: &str) -> OtherPlace {
        self.index.bounds.look_everywhere();
        let owner = self.entity(id);
        let address: Option<Path> = text.parse().ok();
        let keys = address.as_ref().and_then(Path::keys).unwrap_or_default();
        let homes = |entity: &Entity| [entity.tenant, entity.cluster].into_iter().flatten().map(|home| Arc::clone(&self.entity(home).name));
        let is_before = |entity: &Entity, first: &str| *first == *entity.kind.plural() || homes(entity).any(|home| *home == *first);
        let named = |entity: &Entity| {
            let is_written = matches!(keys.as_slice(), [first, name] if **name == *entity.name && is_before(entity, first));
            kinds.contains(&entity.kind) && (*entity.name == *text || is_written)
        };
        let nearness = |entity: &Entity| match () {
            () if entity.environment == owner.environment && entity.cluster == owner.cluster => Some(Nearness::Beside),
            () if entity.environment == owner.environment => Some(Nearness::Environment),
            () if self.model.environment(entity.environment).is_shared => Some(Nearness::Shared),
            () => None,
        };
        let others = self.model.entities().filter(|(other, entity)| *other != id && named(entity));
        // None is farthest.
        let Some((found, entity)) = others.min_by_key(|(_, entity)| nearness(entity).map_or(usize::MAX, |near| near as usize)) else {
            return OtherPlace::Nowhere;
        };
        let written = self.written(id, found);
        match nearness(entity).filter(|_| self.names().reference(id, &[entity.kind], &written) == Some(found)) {
            Some(near) => OtherPlace::Near(entity.thing.path(), written, near),
            None => {
                let own = self.model.environment(owner.environment);
                OtherPlace::Environment(entity.thing.path(), own.is_shared.then(|| Arc::clone(&own.name)))
            }
        }
    }

    /// Why the thing of a name is not among those that another one sees, if it is elsewhere in the environment.
    pub(super) fn absent_thing(&self, plural: Plural, name: &str) -> Option<Absence> {
        let owner = self.entity(plural.owner);
        if plural.is_held() || plural.kind == Kind::Application || !ledger::suggestion(LOOKED.saturating_mul(self.model.entities.len())) {
            return None;
        }
        let OtherPlace::Near(path, _, near) = self.elsewhere(plural.owner, &[plural.kind], name) else { return None };
        let is_on_one = owner.cluster.is_some() || owner.kind == Kind::Cluster;
        let label = match near {
            Nearness::Shared => "on a cluster of a shared environment",
            Nearness::Beside | Nearness::Environment if is_on_one => "not on the same cluster",
            Nearness::Beside | Nearness::Environment => "on a cluster, and this is on none",
        };
        let address = Path::from(path.steps().get(1..).unwrap_or_default().to_vec());
        Some(Absence { label: label.to_owned(), hint: format!("name it by its address: `{address}`") })
    }

    /// How a thing is written where another one names it: by its name, or as it is called on the same cluster, if that is enough there.
    pub(super) fn written(&self, owner: EntityId, id: EntityId) -> Arc<str> {
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
        // A thing stands where its name would.
        let form = if matches!(val, Val::Map(_)) { ValueForm::Map } else { ValueForm::Scalar };
        let type_ = type_.as_form(if matches!(val, Val::List(_)) { ValueForm::List } else { form });
        match (&type_.resolved().shape, val) {
            (_, Val::Node(node)) => match self.place(*node) {
                Some(NodePlace::Entity(id)) if matches!(type_.resolved().shape, Shape::Ref(_)) => {
                    if let Some(owner) = scope.owner.filter(|owner| !self.names().is_named_from(*owner, id)) {
                        let own = &self.model.environment(self.entity(owner).environment).name;
                        return Err(Fault::Diagnostic(Box::new(errors::refers_across(self.entity(id), own, span))));
                    }
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
                    let value = match type_.inside(&key) {
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
                let Shape::Ref(referent) = &sight.type_?.as_form(ValueForm::Scalar).resolved().shape else { return None };
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
