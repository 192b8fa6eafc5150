//! What stands under things: the pools of a cluster, and the applications of a tenant on every cluster that has it. In come things that are
//! there already, out go those under them, with their layers merged.

use super::super::classes::FoundClass;
use super::super::inner::InnerLine;
use super::super::layers::{self, View};
use super::super::{Entity, EntityId, Environment, Identity, errors, placement};
use super::{Assembly, Home};
use crate::definition::{Class, Definition};
use crate::name::{Kind, nearest};
use crate::span::Span;
use crate::subject::{Subject, Thing};
use crate::value::Value;
use std::sync::Arc;

impl<'a> Assembly<'a> {
    /// What stands under things of one definition in an environment: pools under a cluster, applications under a tenant on every cluster that
    /// has it.
    pub(super) fn inner_things(&mut self, home: &Home<'a>, environment: &Environment) {
        let lines = self.lines;
        for inner in lines.inner(home.definition) {
            let made = self.made.addresses.contains_key(&inner.address);
            self.inner_thing(inner, home, environment, made);
        }
        for key in self.only_made(home) {
            self.made_under(&key, home, environment);
        }
    }

    /// One name under all things of a definition.
    fn inner_thing(&mut self, inner: &InnerLine<'a>, home: &Home<'a>, environment: &Environment, is_made: bool) {
        // Without an overlay for a cluster the value is shared with all clusters of the environment.
        let mut shared: Option<Option<(FoundClass<'a>, Value)>> = None;
        for id in &home.things {
            let Some(last) = inner.own.last() else { continue };
            let Some(thing) = self.under(*id, inner.kind, &last.name.name) else { continue };
            if is_made {
                self.refined_under(inner, *id, home, environment, &thing);
                continue;
            }
            // What somebody would make, and does not, is unknown: it is not what it would be without a maker.
            if inner.chooses_none() && self.may_lack(inner.kind, *id, home) {
                self.absent.add_classless(inner.kind, &last.name.name);
                continue;
            }
            let Some((cluster, name, labels)) = self.cluster_of(*id) else { continue };
            if self.is_full(last) {
                return;
            }
            let is_own = inner.kind == Kind::NodePool;
            let made = if is_own || layers::mentions_cluster(self.definitions, &inner.address, &inner.line, &name) {
                let view = View { environments: &environment.line, cluster: Some(&name) };
                self.inner(inner, home, view, environment, &thing)
            } else {
                let view = View { environments: &environment.line, cluster: None };
                shared.get_or_insert_with(|| self.inner(inner, home, view, environment, &thing)).clone()
            };
            let Some((class, value)) = made else { continue };
            if is_own {
                self.add_inner(inner, *id, Some(cluster), None, class, value, thing);
                continue;
            }
            if !self.compares(last, placement::size(&value)) {
                return;
            }
            self.place_inner(inner, *id, (cluster, &name, labels.as_ref()), class, value, thing);
        }
    }

    /// The cluster that a thing is or is on, with its name and labels.
    pub(super) fn cluster_of(&self, id: EntityId) -> Option<(EntityId, Arc<str>, Option<Value>)> {
        let entity = self.entities.get(id.0 as usize)?;
        let cluster = if entity.kind == Kind::Cluster { id } else { entity.cluster? };
        let found = self.entities.get(cluster.0 as usize)?;
        Some((cluster, Arc::clone(&found.name), found.value.get("labels").cloned()))
    }

    /// An application of a tenant on a cluster, unless it is placed elsewhere.
    pub(super) fn place_inner(
        &mut self,
        inner: &InnerLine<'_>,
        home: EntityId,
        (cluster, name, labels): (EntityId, &str, Option<&Value>),
        class: FoundClass<'a>,
        value: Value,
        thing: Arc<Thing>,
    ) -> Option<EntityId> {
        let last = *inner.own.last()?;
        if self.may_be_on(&value, name, labels) {
            return self.add_inner(inner, home, Some(cluster), Some(home), class, value, thing);
        }
        let tenant = self.entities.get(home.0 as usize)?;
        let (environment, tenant) = (tenant.environment, Arc::clone(tenant.identity.text()));
        let cluster = self.entities.get(cluster.0 as usize).map(|cluster| Arc::clone(cluster.identity.text()));
        self.not_on(environment, inner.kind, class.class, &value, (cluster, Some(tenant), identity(inner, last).text()));
        None
    }

    pub(super) fn under(&self, home: EntityId, kind: Kind, name: &str) -> Option<Arc<Thing>> {
        let home = self.entities.get(home.0 as usize)?;
        Some(Arc::new(home.thing.inner(kind, name)))
    }

    /// Whether anybody has the last word for what stands under something, and not against it.
    fn is_spoken_of(&mut self, inner: &InnerLine<'_>, home: &Home<'a>, view: View<'_>) -> bool {
        if inner.is_broken || inner.own.iter().all(|definition| definition.is_abstract) {
            return false;
        }
        let mut removed: Vec<(Span, bool)> = Vec::new();
        let exists = layers::exists(&inner.own, view, |span, is_there| removed.push((span, is_there)));
        removed.into_iter().for_each(|(span, is_there)| self.removal(inner, home.definition, span, is_there));
        exists
    }

    /// Class and fields of what stands under something, if it is there in this view.
    pub(super) fn inner(
        &mut self,
        inner: &InnerLine<'_>,
        home: &Home<'a>,
        view: View<'_>,
        environment: &Environment,
        thing: &Arc<Thing>,
    ) -> Option<(FoundClass<'a>, Value)> {
        let found = self.lines.inner_class(inner, home.class, &environment.line);
        if !self.is_due(inner.kind, found.map(|found| found.at)) {
            return None;
        }
        self.inner_now(inner, home, view, environment, thing)
    }

    /// The same of what is due.
    pub(super) fn inner_now(
        &mut self,
        inner: &InnerLine<'_>,
        home: &Home<'a>,
        view: View<'_>,
        environment: &Environment,
        thing: &Arc<Thing>,
    ) -> Option<(FoundClass<'a>, Value)> {
        if !self.is_spoken_of(inner, home, view) {
            return None;
        }
        let last = *inner.own.last()?;
        let Some(class) = self.lines.inner_class(inner, home.class, &environment.line) else {
            self.without_class(inner, last, home.class);
            self.absent.add_classless(inner.kind, &last.name.name);
            self.doubt_makings(inner.kind);
            return None;
        };
        let value = self.merge(&inner.address, &inner.line, inner.kind, class.class, view, &Subject::entity(thing));
        if self.means_what_is_made(inner, home, class.class, &value, thing) {
            self.absent.add_classless(inner.kind, &last.name.name);
            return None;
        }
        let lacks = || {
            class.class.type_.record().is_some_and(|record| {
                record.fields().iter().any(|field| field.type_.resolved().markers.required && value.get(&field.name).is_none())
            })
        };
        if !inner.is_spoken() && class.class.sound && lacks() {
            let siblings = self.lines.inner(home.definition).iter().filter(|one| one.is_spoken());
            let known: Vec<&str> = siblings.filter_map(|one| one.own.last()).map(|own| &*own.name.name).collect();
            if let Some(near) = nearest(&last.name.name, known.iter().copied()) {
                let home = (home.definition.kind, &*home.definition.name.name);
                self.diagnostics.push(errors::unknown_inner(last, near, home, thing));
                return None;
            }
        }
        if !placement::in_environment(&value, &environment.name, self.definitions, self.diagnostics) {
            let tenant = Identity::of(home.definition).text().clone();
            self.not_in(home.environment, environment, inner.kind, class.class, &value, (Some(tenant), identity(inner, last).text()));
            return None;
        }
        Some((class, value))
    }

    /// Takes note of a removal in some view: one that finds nothing in any is a mistake.
    fn removal(&mut self, inner: &InnerLine<'_>, home: &'a Definition, span: Span, is_there: bool) {
        let lines = self.lines;
        let known = self.removals.entry(span).or_insert_with(|| {
            let name = |one: &InnerLine<'a>| one.own.last().map(|own| &*own.name.name);
            let own = inner.own.last().map(|own| &*own.name.name).unwrap_or_default();
            let others: Vec<&str> =
                lines.inner(home).iter().filter(|one| one.is_spoken()).filter_map(name).filter(|other| *other != own).collect();
            Some(errors::nothing_to_remove(inner.kind, own, (home.kind, &home.name.name), span, nearest(own, others.iter().copied())))
        });
        known.take_if(|_| is_there);
    }

    /// Says why a class is missing, if nobody has said so yet.
    fn without_class(&mut self, inner: &InnerLine<'_>, last: &Definition, home: &Class) {
        if !inner.chooses_none() {
            return;
        }
        self.diagnostics.push(match &home.node_pool_class {
            Some(named) if inner.kind == Kind::NodePool => errors::unknown_class(Kind::NodePool, named, self.definitions),
            Some(_) | None if inner.kind == Kind::NodePool => errors::no_pool_class(&last.name, &home.full),
            Some(_) | None => errors::missing_class(last, self.definitions),
        });
    }

    #[allow(clippy::too_many_arguments, reason = "what is known of a thing when it is made")]
    pub(super) fn add_inner(
        &mut self,
        inner: &InnerLine<'_>,
        home: EntityId,
        cluster: Option<EntityId>,
        tenant: Option<EntityId>,
        class: FoundClass<'a>,
        value: Value,
        thing: Arc<Thing>,
    ) -> Option<EntityId> {
        let last = inner.own.last()?;
        let Entity { environment, stack, .. } = self.entities.get(home.0 as usize)?;
        let (environment, stack) = (*environment, stack.clone());
        Some(self.add(last, identity(inner, last), environment, cluster, tenant, class, value, thing, stack))
    }
}

/// What names something that stands under another: what its home has from its ancestors, or all have, is the same thing there.
fn identity(inner: &InnerLine<'_>, last: &Definition) -> Identity {
    Identity::of(inner.own.iter().rev().copied().find(|own| own.identity.is_some()).unwrap_or(last))
}
