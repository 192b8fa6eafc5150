//! What stands under things: the pools of a cluster, and the applications of a tenant on every cluster that has it. In come things that are
//! there already, out go those under them, with their layers merged.

use super::super::inner::InnerLine;
use super::super::layers::{self, View};
use super::super::{Entity, EntityId, Environment, EnvironmentId, Identity, errors, placement};
use super::Assembly;
use crate::definition::{Class, Definition};
use crate::name::{Kind, nearest};
use crate::span::Span;
use crate::subject::{Subject, Thing};
use crate::value::Value;
use std::sync::Arc;

/// What things stand under, as it is written.
#[derive(Clone, Copy)]
struct Home<'a> {
    definition: &'a Definition,
    class: &'a Class,
}

impl<'a> Assembly<'a> {
    /// The pools of a cluster.
    pub(super) fn in_cluster(
        &mut self,
        definition: &'a Definition,
        class: &'a Class,
        (at, environment): (EnvironmentId, &Environment),
        cluster: EntityId,
    ) {
        let home = Home { definition, class };
        let lines = self.lines;
        for inner in lines.inner(definition) {
            let Some(thing) = self.under(cluster, inner) else { continue };
            let view = View { environments: &environment.line, cluster: Some(&definition.name.name) };
            if let Some((class, value)) = self.inner(inner, home, view, (at, environment), &thing) {
                self.add_inner(inner, cluster, Some(cluster), None, class, value, thing);
            }
        }
    }

    /// The applications of a tenant that is on some clusters.
    pub(super) fn on_clusters(
        &mut self,
        definition: &'a Definition,
        class: &'a Class,
        (at, environment): (EnvironmentId, &Environment),
        homes: &[EntityId],
    ) {
        let home = Home { definition, class };
        let lines = self.lines;
        for inner in lines.inner(definition) {
            // Without an overlay for a cluster the value is shared with all clusters of the environment.
            let mut shared: Option<Option<((usize, &'a Class), Value)>> = None;
            for id in homes {
                let Some(last) = inner.own.last() else { continue };
                let found = self.entities.get(id.0 as usize).and_then(|entity| entity.cluster);
                let Some(cluster) = found.and_then(|cluster| self.entities.get(cluster.0 as usize)) else { continue };
                let (name, labels) = (Arc::clone(&cluster.name), cluster.value.get("labels").cloned());
                let Some(thing) = self.under(*id, inner) else { continue };
                if self.is_full(last) {
                    return;
                }
                let made = if layers::mentions_cluster(self.definitions, &inner.address, &inner.line, &name) {
                    let view = View { environments: &environment.line, cluster: Some(&name) };
                    self.inner(inner, home, view, (at, environment), &thing)
                } else {
                    let view = View { environments: &environment.line, cluster: None };
                    shared.get_or_insert_with(|| self.inner(inner, home, view, (at, environment), &thing)).clone()
                };
                let Some((class, value)) = made else { continue };
                if !self.compares(last, placement::size(&value)) {
                    return;
                }
                if self.may_be_on(&value, &name, labels.as_ref()) {
                    self.add_inner(inner, *id, found, Some(*id), class, value, thing);
                } else if let Some(tenant) = self.entities.get(id.0 as usize) {
                    let (environment, tenant) = (tenant.environment, Arc::clone(tenant.identity.text()));
                    let cluster =
                        found.and_then(|cluster| self.entities.get(cluster.0 as usize)).map(|cluster| Arc::clone(cluster.identity.text()));
                    self.not_on(environment, inner.kind, class.1, &value, (cluster, Some(tenant), identity(inner, last).text()));
                }
            }
        }
    }

    fn under(&self, home: EntityId, inner: &InnerLine<'a>) -> Option<Arc<Thing>> {
        let last = inner.own.last()?;
        let home = self.entities.get(home.0 as usize)?;
        Some(Arc::new(home.thing.inner(inner.kind, &last.name.name)))
    }

    /// Class and fields of what stands under something, if it is there in this view.
    fn inner(
        &mut self,
        inner: &InnerLine<'a>,
        home: Home<'a>,
        view: View<'_>,
        (id, environment): (EnvironmentId, &Environment),
        thing: &Arc<Thing>,
    ) -> Option<((usize, &'a Class), Value)> {
        if inner.is_broken || inner.own.iter().all(|definition| definition.is_abstract) {
            return None;
        }
        let mut removed: Vec<(Span, bool)> = Vec::new();
        let exists = layers::exists(&inner.own, view, |span, is_there| removed.push((span, is_there)));
        removed.into_iter().for_each(|(span, is_there)| self.removal(inner, home.definition, span, is_there));
        if !exists {
            return None;
        }
        let last = *inner.own.last()?;
        let Some(class) = self.lines.inner_class(inner, home.class, &environment.line) else {
            self.without_class(inner, last, home.class);
            self.absent.add_classless(inner.kind, &last.name.name);
            return None;
        };
        let value = self.merge(&inner.address, &inner.line, inner.kind, class.1, view, &Subject::entity(thing));
        let lacks = || {
            class.1.type_.record().is_some_and(|record| {
                record.fields().iter().any(|field| field.type_.resolved().markers.required && value.get(&field.name).is_none())
            })
        };
        if !inner.is_spoken() && class.1.sound && lacks() {
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
            self.not_in(id, environment, inner.kind, class.1, &value, (Some(tenant), identity(inner, last).text()));
            return None;
        }
        Some((class, value))
    }

    /// Takes note of a removal in some view: one that finds nothing in any is a mistake.
    fn removal(&mut self, inner: &InnerLine<'a>, home: &'a Definition, span: Span, is_there: bool) {
        let lines = self.lines;
        let known = self.removals.entry(span).or_insert_with(|| {
            let name = |one: &InnerLine<'a>| one.own.last().map(|own| &*own.name.name);
            let own = name(inner).unwrap_or_default();
            let others: Vec<&str> =
                lines.inner(home).iter().filter(|one| one.is_spoken()).filter_map(name).filter(|other| *other != own).collect();
            Some(errors::nothing_to_remove(inner.kind, own, (home.kind, &home.name.name), span, nearest(own, others.iter().copied())))
        });
        known.take_if(|_| is_there);
    }

    /// Says why a class is missing, if nobody has said so yet.
    fn without_class(&mut self, inner: &InnerLine<'a>, last: &'a Definition, home: &Class) {
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
    fn add_inner(
        &mut self,
        inner: &InnerLine<'a>,
        home: EntityId,
        cluster: Option<EntityId>,
        tenant: Option<EntityId>,
        class: (usize, &'a Class),
        value: Value,
        thing: Arc<Thing>,
    ) {
        let Some(last) = inner.own.last() else { return };
        let Some(Entity { environment, stack, .. }) = self.entities.get(home.0 as usize) else { return };
        let (environment, stack) = (*environment, stack.clone());
        self.add(last, identity(inner, last), environment, cluster, tenant, class, value, thing, stack);
    }
}

/// What names something that stands under another: what its home has from its ancestors, or all have, is the same thing there.
fn identity(inner: &InnerLine<'_>, last: &Definition) -> Identity {
    Identity::of(inner.own.iter().rev().copied().find(|own| own.identity.is_some()).unwrap_or(last))
}
