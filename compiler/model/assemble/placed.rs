//! What is written at the top becomes things: on each cluster that it is placed on, or once in its environment.

use super::super::layers::{self, View};
use super::super::placement::PlacementText;
use super::super::{EntityId, Environment, EnvironmentId, Identity, errors, placement};
use super::{Assembly, Home, Unplaced, is_placed};
use crate::definition::Definition;
use crate::name::Kind;
use crate::subject::{Subject, Thing};
use crate::value::Value;
use std::sync::Arc;

impl<'a> Assembly<'a> {
    /// What surrounds clusters: on each that its placement names, or, without one, once.
    pub(super) fn surrounding(&mut self, id: EnvironmentId, environment: &Environment, clusters: &[EntityId]) {
        self.made_at_top(Kind::Infrastructure, id, environment);
        for definition in self.concrete(Kind::Infrastructure) {
            let view = View { environments: &environment.line, cluster: None };
            let Some(candidate) = self.candidate(definition, (id, environment), view, clusters) else { continue };
            let is_placed = is_placed(definition.kind, &candidate.value);
            self.overlays_count(definition, &candidate.line, environment, is_placed);
            if is_placed {
                clusters.iter().for_each(|cluster| {
                    self.place(definition, id, environment, &candidate, *cluster);
                });
                continue;
            }
            let identity = Identity::of(definition);
            let stack = Arc::clone(identity.text());
            let thing = Thing::new(&environment.name, definition.kind, &definition.name.name, None);
            self.add(definition, identity, id, None, None, candidate.class, candidate.value, Arc::new(thing), Some(stack));
        }
    }

    /// Takes note of the overlays for clusters that a line of infrastructure has in an environment: one that counts nowhere is a mistake.
    fn overlays_count(&mut self, own: &Definition, line: &[&'a Definition], environment: &Environment, is_placed: bool) {
        let overlays = line.iter().flat_map(|definition| definition.overlays.iter().map(move |overlay| (&definition.name.name, overlay)));
        let overlays = overlays.map(|(name, overlay)| (name, &overlay.environment, &overlay.cluster, overlay.layered.span));
        let flags = self.definitions.flags.iter().filter(|flag| flag.address == own.address);
        let flags = flags.map(|flag| (&own.name.name, &flag.environment, &flag.cluster, flag.value.origin.span));
        for (name, only_in, cluster, span) in overlays.chain(flags) {
            let Some(cluster) = cluster else { continue };
            if only_in.as_ref().is_none_or(|named| environment.line.contains(&named.name)) {
                let known = self.on_none.entry(span).or_insert_with(|| Some(errors::overlay_on_none(name, &cluster.name, span)));
                known.take_if(|_| is_placed);
            }
        }
    }

    pub(super) fn placed(&mut self, id: EnvironmentId, environment: &Environment, kind: Kind, clusters: &[EntityId]) {
        self.made_at_top(kind, id, environment);
        for definition in self.concrete(kind) {
            let view = View { environments: &environment.line, cluster: None };
            let Some(candidate) = self.candidate(definition, (id, environment), view, clusters) else { continue };
            let things: Vec<EntityId> =
                clusters.iter().filter_map(|cluster| self.place(definition, id, environment, &candidate, *cluster)).collect();
            if kind.inner().is_some() {
                self.homes.push(Home { definition, class: candidate.class.class, environment: id, things });
            }
        }
    }

    /// One thing on one cluster, if its placement says so.
    fn place(
        &mut self,
        definition: &'a Definition,
        id: EnvironmentId,
        environment: &Environment,
        candidate: &Unplaced<'a>,
        cluster: EntityId,
    ) -> Option<EntityId> {
        if self.is_full(definition) || !self.compares(definition, placement::size(&candidate.value)) {
            return None;
        }
        let owner = self.entities.get(cluster.0 as usize)?;
        let (name, stack, labels) = (Arc::clone(&owner.name), owner.stack.clone(), owner.value.get("labels").cloned());
        let cluster_identity = Arc::clone(owner.identity.text());
        let thing = || Arc::new(Thing::new(&environment.name, definition.kind, &definition.name.name, Some(&name)));
        // Without an overlay for this cluster the value is shared with all clusters of the environment.
        let value = if layers::mentions_cluster(self.definitions, &definition.address, &candidate.line, &name) {
            let view = View { environments: &environment.line, cluster: Some(&name) };
            self.merge(&definition.address, &candidate.line, definition.kind, candidate.class.class, view, &Subject::entity(&thing()))
        } else {
            candidate.value.clone()
        };
        // In a shared environment is only what names it or its cluster; what an expression names is not known yet.
        let placement = value.get("placement");
        let is_meant = !environment.is_shared
            || placement.is_some_and(Value::is_dynamic)
            || placement::names_environment(&candidate.value, &environment.name)
            || placement.is_some_and(|placement| placement::names_cluster(placement, &name));
        let before = self.diagnostics.len();
        let may_be_on = self.may_be_on(&value, &name, labels.as_ref());
        if self.diagnostics.len() > before {
            self.doubt_makings(definition.kind);
        }
        if !(may_be_on && is_meant) {
            // What is said for all clusters is remembered once.
            let is_own = layers::mentions_cluster(self.definitions, &definition.address, &candidate.line, &name);
            let only = is_own.then_some(cluster_identity);
            self.not_on(id, definition.kind, candidate.class.class, &value, (only, None, Identity::of(definition).text()));
            return None;
        }
        Some(self.add(definition, Identity::of(definition), id, Some(cluster), None, candidate.class, value, thing(), stack))
    }

    /// Whether a thing is on a cluster, as far as is known before anything is evaluated.
    pub(super) fn may_be_on(&mut self, value: &Value, cluster: &str, labels: Option<&Value>) -> bool {
        let Some(placement) = value.get("placement") else { return true };
        if placement::waits(placement, labels) {
            return true;
        }
        let is_here = placement::on_cluster((placement, PlacementText::Written), cluster, labels, self.definitions, self.diagnostics);
        if placement.as_map().is_some() {
            *self.selectors.entry(placement.origin.span).or_default() |= is_here;
        }
        is_here
    }
}
