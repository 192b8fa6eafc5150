//! Objects that a thing puts into another's hands with `$owner`. In come renderings of all things, out go the same where such objects stand among
//! those of their owner. Whether they are there, what they read and whether they wait stays the giver's business, and orders nothing.

use super::template::Expander;
use super::{HandedObject, Manifest, Rendering, Wait, errors};
use crate::definition::directive::OWNER;
use crate::diagnostic::Diagnostics;
use crate::expression::{Fault, Target, Val};
use crate::model::{ACCEPTS, Entity, EntityId, Model, Sight, giver_address, giver_identity};
use crate::name::Kind;
use crate::origin::Origin;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use crate::wildcard;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl<'a> Expander<'_, 'a> {
    /// The word that stands in what an object came to until it is read off: the number of its owner.
    pub(super) fn owner(&mut self, sight: &Sight<'a>, said: &Entry) -> Option<Entry> {
        let span = said.value.origin.span;
        let found = match &said.value.data {
            Data::Template(template) => {
                let scope = self.world.scope_of(sight);
                self.world.reading(template.span, || template.evaluate(&scope, Target::Plain))
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::List(_)
            | Data::Map(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => Ok(Val::Null),
        };
        match found {
            Ok(val) => match self.world.thing_of(&val) {
                Some(id) => {
                    let owner = self.allowed(id, span)?;
                    // What is its own is in nobody else's hands.
                    if owner == self.id {
                        return None;
                    }
                    let value = Value::new(Data::Int(i64::from(owner.0)), Origin { span, ..said.value.origin });
                    Some(Entry::plain(Arc::clone(&said.key), said.span, value))
                }
                None => {
                    self.report(errors::owner_is_no_thing(span));
                    None
                }
            },
            Err(Fault::Diagnostic(fault)) => {
                self.report(*fault);
                None
            }
            Err(Fault::Reported) => None,
        }
    }

    /// Who has the object if it is put into a thing's hands: the tenant of the giver, or of an application that takes from it, or a service that does.
    fn allowed(&self, to: EntityId, span: Span) -> Option<EntityId> {
        let model = self.world.model;
        let (giver, target) = (model.entity(self.id), model.entity(to));
        let refused = |fault| {
            self.report(fault);
            None
        };
        let owner = match target.kind {
            Kind::Application => target.tenant?,
            Kind::Service => to,
            Kind::Cluster | Kind::NodePool | Kind::Tenant | Kind::Infrastructure if to == self.id || giver.tenant == Some(to) => to,
            Kind::Cluster | Kind::NodePool | Kind::Tenant | Kind::Infrastructure => {
                return refused(errors::owner_of_other_kind(target, span));
            }
        };
        if owner == self.id || giver.tenant == Some(owner) {
            return Some(owner);
        }
        if target.cluster.is_none() || target.cluster != giver.cluster {
            return refused(errors::owner_elsewhere(target, span));
        }
        if accepts(model, target, giver) {
            return Some(owner);
        }
        refused(errors::not_accepted(giver, target, &giver_address(model, giver), span))
    }
}

/// Whether a thing takes objects from another one.
fn accepts(model: &Model, target: &Entity, giver: &Entity) -> bool {
    let said = target.value.get(ACCEPTS).and_then(Value::as_list).unwrap_or_default();
    let called = [giver_address(model, giver), giver_identity(model, giver)];
    said.iter().filter_map(Value::as_str).any(|pattern| called.iter().any(|address| wildcard::name(pattern, address)))
}

/// What an object came to, without the word, and who has it.
pub(super) fn taken(object: &Value) -> (Value, Option<(EntityId, Span)>) {
    let Some(map) = object.as_map().filter(|map| map.position(OWNER).is_some()) else { return (object.clone(), None) };
    let owner = map.entry(OWNER).and_then(|entry| Some((EntityId(u32::try_from(entry.value.as_int()?).ok()?), entry.value.origin.span)));
    let rest = map.entries().iter().filter(|entry| &*entry.key != OWNER).cloned().collect();
    (Value { data: Data::Map(Arc::new(Map::new(rest))), ..object.clone() }, owner)
}

/// Puts objects into the hands of their owners, each behind the owner's own.
pub(super) fn hand_over(model: &Model, renderings: &mut Vec<Rendering>, diagnostics: &mut Diagnostics) {
    let mut handed: BTreeMap<EntityId, Vec<Manifest>> = BTreeMap::new();
    for rendering in renderings.iter_mut().filter(|rendering| rendering.manifests.iter().any(|manifest| manifest.handed.is_some())) {
        let (own, given): (Vec<_>, Vec<_>) =
            std::mem::take(&mut rendering.manifests).into_iter().partition(|manifest| manifest.handed.is_none());
        rendering.manifests = own;
        for manifest in given {
            let Some(owner) = manifest.handed.as_ref().map(|handed| handed.owner) else { continue };
            handed.entry(owner).or_default().push(manifest);
        }
    }
    if handed.is_empty() {
        return;
    }
    // Of whom something is wrong, which is told, not all is made.
    let is_whole = !diagnostics.has_errors();
    for (owner, given) in handed {
        let at = renderings.binary_search_by_key(&owner, |rendering| rendering.entity);
        let at = at.unwrap_or_else(|at| {
            renderings.insert(at, Rendering::empty(owner));
            at
        });
        let Some(rendering) = renderings.get_mut(at) else { continue };
        outside(model, rendering, &given, is_whole, diagnostics);
        // Where all that there is waits, nothing could be installed.
        if !rendering.is_something() && given.iter().all(Manifest::waits) {
            rendering.waits.extend(given.iter().filter_map(|manifest| manifest.handed.as_ref()).flat_map(|handed| handed.waits.clone()));
        }
        rendering.manifests.extend(given);
    }
    renderings.retain(Rendering::is_something);
}

/// Reports objects in the hands of a tenant that are not in one of its namespaces.
fn outside(model: &Model, rendering: &Rendering, given: &[Manifest], is_whole: bool, diagnostics: &mut Diagnostics) {
    let owner = model.entity(rendering.entity);
    if owner.kind != Kind::Tenant {
        return;
    }
    let own = rendering.manifests.iter().filter(|manifest| manifest.object.is_namespace()).map(|manifest| &*manifest.object.name);
    let own: BTreeSet<&str> = own.collect();
    for manifest in given.iter().filter(|_| is_whole || !own.is_empty()) {
        let is_in_it = manifest.object.namespace.as_deref().is_some_and(|namespace| own.contains(namespace));
        if let Some(handed) = manifest.handed.as_ref().filter(|_| !is_in_it) {
            diagnostics.push(errors::owner_outside(model.entity(handed.giver), owner, manifest, &own));
        }
    }
}

impl HandedObject {
    /// An object that a thing puts into another's hands.
    pub(super) fn new(giver: EntityId, (owner, span): (EntityId, Span), waits: Vec<Wait>, is_late: bool) -> Self {
        Self { giver, owner, span, waits, is_late }
    }
}
