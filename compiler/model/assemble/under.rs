//! What is made under things: applications of a tenant that it or another of its applications makes, pools that a cluster makes. In come things
//! that are there and what is made under them; out goes that, with what is written of its name.

use super::super::classes::{Choice, FoundClass};
use super::super::inner::InnerLine;
use super::super::layers::{self, View};
use super::super::making::Making;
use super::super::{EntityId, Environment, errors};
use super::made::{definition_of, there};
use super::{Assembly, Home};
use crate::definition::Definition;
use crate::name::Kind;
use crate::subject::Thing;
use std::collections::BTreeSet;
use std::sync::Arc;

impl<'a> Assembly<'a> {
    /// Names that are made under things of a definition and of which nothing is written.
    pub(super) fn only_made(&self, home: &Home<'a>) -> BTreeSet<(Kind, Arc<str>)> {
        if self.made.under.is_empty() {
            return BTreeSet::new();
        }
        let written = self.lines.inner(home.definition);
        let is_written = |name: &str| written.iter().any(|one| one.own.last().is_some_and(|own| *own.name.name == *name));
        let made = home
            .things
            .iter()
            .flat_map(|id| self.made.under.range((*id, Kind::Cluster, Arc::from(""))..).take_while(move |((of, ..), _)| of == id));
        made.map(|((_, kind, name), _)| (*kind, Arc::clone(name))).filter(|(_, name)| !is_written(name)).collect()
    }

    /// What is made under a name of which nothing is written.
    pub(super) fn made_under(&mut self, (kind, name): &(Kind, Arc<str>), home: &Home<'a>, environment: &Environment) {
        for id in &home.things {
            let Some(thing) = self.under(*id, *kind, name) else { continue };
            let address: Arc<str> = thing.definition.to_string().into();
            let inner = InnerLine { kind: *kind, address, own: Vec::new(), line: Vec::new(), choice: Choice::Open, is_broken: false };
            self.join_under(&inner, name, *id, home, environment, &thing);
        }
    }

    /// What is written of a name that somebody makes: where nobody does, it is a thing of its own if it says its class, and else nothing.
    pub(super) fn refined_under(
        &mut self,
        inner: &InnerLine<'a>,
        id: EntityId,
        home: &Home<'a>,
        environment: &Environment,
        thing: &Arc<Thing>,
    ) {
        let Some(name) = inner.own.last().map(|own| Arc::clone(&own.name.name)) else { return };
        if self.made.known.contains(&(home.environment, Arc::clone(&inner.address))) || inner.chooses_none() {
            self.join_under(inner, &name, id, home, environment, thing);
            return;
        }
        let Some((cluster, on, labels)) = self.cluster_of(id) else { return };
        let view = View { environments: &environment.line, cluster: Some(&on) };
        let Some((class, value)) = self.inner(inner, home, view, environment, thing) else { return };
        if inner.kind == Kind::NodePool {
            self.add_inner(inner, id, Some(cluster), None, class, value, Arc::clone(thing));
        } else {
            self.place_inner(inner, id, (cluster, &on, labels.as_ref()), class, value, Arc::clone(thing));
        }
    }

    /// What is made under a thing, if it is due, with what is written of it.
    fn join_under(
        &mut self,
        inner: &InnerLine<'a>,
        name: &Arc<str>,
        id: EntityId,
        home: &Home<'a>,
        environment: &Environment,
        thing: &Arc<Thing>,
    ) {
        let key = (id, inner.kind, Arc::clone(name));
        let Some(makings) = self.made.under.get(&key) else { return };
        let Some(making) = makings.iter().find(|making| !making.off).or(makings.first()).cloned() else { return };
        let Some(class) = self.class_at(&making) else { return };
        let said = if let Choice::Said(said) = inner.choice { said } else { None };
        let effective = said.unwrap_or(class);
        if !self.has_come(inner.kind, effective.at) {
            return;
        }
        let makings = there(self.made.under.remove(&key).unwrap_or_default());
        if self.is_contested(&makings, inner, said, class, thing) {
            return;
        }
        let own = definition_of(&making, name, Arc::clone(&inner.address));
        let first = std::iter::once(&own);
        let joined = InnerLine {
            kind: inner.kind,
            address: Arc::clone(&inner.address),
            own: first.clone().chain(inner.own.iter().copied()).collect::<Vec<&Definition>>(),
            line: first.chain(inner.line.iter().copied()).collect(),
            choice: Choice::Said(Some(effective)),
            is_broken: inner.is_broken,
        };
        let Some((cluster, on, labels)) = self.cluster_of(id) else { return };
        let is_own = inner.kind == Kind::NodePool || layers::mentions_cluster(self.definitions, &joined.address, &joined.line, &on);
        let view = View { environments: &environment.line, cluster: is_own.then_some(&*on) };
        let Some((class, value)) = self.inner_now(&joined, home, view, environment, thing) else { return };
        if !self.is_asked_for(&making, effective.at, &value) {
            return;
        }
        let added = if inner.kind == Kind::NodePool {
            self.add_inner(&joined, id, Some(cluster), None, class, value.clone(), Arc::clone(thing))
        } else {
            self.place_inner(&joined, id, (cluster, &on, labels.as_ref()), class, value.clone(), Arc::clone(thing))
        };
        if let Some(added) = added {
            self.made_by(added, vec![(making.maker, making, value)]);
        }
    }

    /// Reports that several make one name, or that what is written there is something else.
    fn is_contested(
        &mut self,
        makings: &[Making],
        inner: &InnerLine<'_>,
        said: Option<FoundClass<'_>>,
        class: FoundClass<'_>,
        thing: &Arc<Thing>,
    ) -> bool {
        let Some(first) = makings.first() else { return true };
        let (Some(maker), told) = (self.entities.get(first.maker.0 as usize), Arc::<str>::from(thing.definition.to_string())) else {
            return true;
        };
        let (kind, name) = (first.kind, inner.own.last().map_or(&first.key, |own| &own.name.name));
        let name = Arc::clone(name);
        let mut found = None;
        if let Some(second) = makings.get(1)
            && let Some(other) = self.entities.get(second.maker.0 as usize)
        {
            found = Some(errors::made_twice(kind, &name, (maker, first), (other, second)));
        } else if let (Some(said), Some(own)) = (said.map(|said| said.class), inner.own.last())
            && self.is_other(first, said)
        {
            found = Some(errors::made_and_written(own, (maker, first), &class.class.full, Some(&said.full)));
        }
        let is_contested = found.is_some();
        if let Some(found) = found {
            self.tell((kind, &name), told, found);
        }
        is_contested
    }
}
