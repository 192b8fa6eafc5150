//! hazard: what a change does outside that neither values nor files show: what Terraform replaces or destroys, what is replaced because it is called
//! differently, what a cluster refuses, a state that is looked for elsewhere, and what classes know of their fields. In come the platform before and after, out go warnings. It
//! decides about no output, and knows no provider.

mod cluster;
mod decided;
mod delivered;
mod elsewhere;
mod errors;
mod fields;
mod fixed;
mod handed;
mod jumps;
mod leaving;
mod marked;
mod names;
mod pods;
mod preserved;
mod reclassed;
mod renamed;
mod stateful;
mod states;
mod terraform;
mod together;
mod versions;

use crate::artifact::Artifacts;
use crate::definition::Definitions;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::Graph;
use crate::model::{Entity, EntityId, Model};
use crate::name::Kind;
use crate::object::{Objects, Rendering};
use crate::path::ChosenPath;
use crate::source::Sources;
use crate::span::Span;
use reclassed::Reclassed;
use std::collections::{BTreeMap, BTreeSet};

/// A platform before a change, or after it.
#[derive(Clone, Copy)]
pub(crate) struct ChangeSide<'a> {
    /// Its classes.
    pub(crate) definitions: &'a Definitions,
    /// Its things.
    pub(crate) model: &'a Model,
    /// What they became.
    pub(crate) objects: &'a Objects,
    /// Who needs whom.
    pub(crate) graph: &'a Graph,
    /// What was emitted.
    pub(crate) artifacts: &'a Artifacts,
    /// What is written.
    pub(crate) sources: &'a Sources,
}

/// What a thing is called outside: its environment, kind, cluster, tenant and itself.
type ThingKey<'a> = (&'a str, Kind, &'a str, &'a str, &'a str);

/// A platform before and after a change.
struct PlatformChange<'a> {
    before: ChangeSide<'a>,
    now: ChangeSide<'a>,
    /// Things that are there before and after, as far as they are chosen.
    pairs: Vec<(EntityId, EntityId)>,
    /// What of before is what now, of the same things.
    now_of: BTreeMap<EntityId, EntityId>,
    /// Those of them that are of another class than before, by their paths now.
    reclassed: BTreeMap<&'a str, Reclassed>,
    /// What is chosen; none: everything.
    chosen: Option<ChosenPath<'a>>,
}

impl<'a> PlatformChange<'a> {
    /// Whether a thing of now is chosen.
    fn is_chosen(&self, id: EntityId) -> bool {
        is_chosen(self.chosen, self.now.model.entity(id))
    }

    /// Whether a thing of before is chosen.
    fn is_chosen_before(&self, id: EntityId) -> bool {
        is_chosen(self.chosen, self.before.model.entity(id))
    }

    /// The things that install objects now. What installs none any more has no Application either: that takes along what it has installed.
    fn installing(&self) -> BTreeSet<ThingKey<'a>> {
        let installs = self.now.objects.renderings.iter().filter(|rendering| !rendering.manifests.is_empty());
        installs.map(|rendering| key(self.now.model, self.now.model.entity(rendering.entity))).collect()
    }

    /// Whether a thing of before has a class that keeps data.
    fn keeps_data(&self, id: EntityId) -> bool {
        let class = self.before.definitions.classes.get(self.before.model.entity(id).class.0 as usize);
        class.is_some_and(|class| class.keeps_data)
    }

    /// What a thing of before is now, if it is there.
    fn now_of(&self, id: EntityId) -> Option<&'a Entity> {
        self.now_of.get(&id).map(|now| self.now.model.entity(*now))
    }

    /// Where it is decided that a thing of before, which is this one now, is another one; of one that is gone, where that is said.
    fn place_of(&self, id: EntityId) -> Option<Span> {
        let old = self.before.model.entity(id);
        match self.now_of(id) {
            Some(new) => Some(self.another(new).unwrap_or_else(|| self.users_or(self.decided_of(old, new), new))),
            None => self.absent(old),
        }
    }

    /// A place, unless it is one of the library, of which nobody has changed anything: then where the thing got another class, else the thing.
    fn users_or(&self, place: Span, thing: &Entity) -> Span {
        if !self.now.sources.is_library(place) {
            return place;
        }
        self.reclassed(thing).unwrap_or(thing.defined)
    }

    /// Where a thing of now got another class than it had.
    fn reclassed(&self, thing: &Entity) -> Option<Span> {
        self.reclassed.get(&*thing.path).and_then(|class| class.at)
    }

    /// The same, if nothing of the class that it had is in the other one: whatever else is said, that makes all of it another thing.
    fn another(&self, thing: &Entity) -> Option<Span> {
        self.reclassed.get(&*thing.path).filter(|class| !class.is_kin).map(|class| class.at.unwrap_or(thing.defined))
    }

    /// A report of a thing of which nothing is left, with the place where it was written; of what was made, where whoever made it was.
    fn stood(&self, old: Option<&Entity>, said: Diagnostic) -> Diagnostic {
        let Some(mut thing) = old else { return said };
        while let Some(maker) = thing.made.as_ref().and_then(|made| made.makers.first()) {
            thing = self.before.model.entity(*maker);
        }
        said.note(format!("before the change it stood at {}", self.before.sources.place(thing.defined)))
    }

    /// Where it is said that a thing of before is not there.
    fn absent(&self, old: &Entity) -> Option<Span> {
        let identity = |id: Option<EntityId>| id.map(|id| &**self.before.model.entity(id).identity.text());
        let environment = self.before.model.environment(old.environment).identity.text();
        let (id, _) = self.now.model.environments().find(|(_, now)| now.identity.text() == environment)?;
        let around = (identity(old.cluster), identity(old.tenant));
        let said = self.now.model.absent.why(id, old.kind, around, old.identity.text());
        // What was made is gone because of what its maker says.
        said.map(|absent| absent.span).or_else(|| old.made.iter().flat_map(|made| &made.makers).find_map(|maker| self.place_of(*maker)))
    }

    /// What things became that are there before and after, where nothing waits.
    fn renderings(&self) -> impl Iterator<Item = (&'a Entity, &'a Rendering, &'a Rendering)> + '_ {
        let known = |objects: &'a Objects| -> BTreeMap<EntityId, &'a Rendering> {
            let whole = objects.renderings.iter().filter(|rendering| rendering.waits.is_empty());
            whole.map(|rendering| (rendering.entity, rendering)).collect()
        };
        let (before, now) = (known(self.before.objects), known(self.now.objects));
        self.pairs.iter().filter_map(move |(old, new)| Some((self.now.model.entity(*new), *before.get(old)?, *now.get(new)?)))
    }
}

/// Reports what a change does to the things that are chosen.
pub(crate) fn hazards<'a>(before: ChangeSide<'a>, now: ChangeSide<'a>, chosen: Option<ChosenPath<'a>>, diagnostics: &mut Diagnostics) {
    let known: BTreeMap<ThingKey<'_>, EntityId> = before.model.entities().map(|(id, entity)| (key(before.model, entity), id)).collect();
    let both = |(id, entity): (EntityId, &Entity)| known.get(&key(now.model, entity)).map(|old| (*old, id));
    let pairs: Vec<(EntityId, EntityId)> = now.model.entities().filter(|(_, entity)| is_chosen(chosen, entity)).filter_map(both).collect();
    let now_of = pairs.iter().copied().collect();
    let reclassed = reclassed::all(&pairs, (before, now));
    let change = PlatformChange { before, now, pairs, now_of, reclassed, chosen };
    fields::report(&change, diagnostics);
    names::report(&change, diagnostics);
    renamed::report(&change, diagnostics);
    delivered::report(&change, diagnostics);
    cluster::report(&change, diagnostics);
    states::report(&change, diagnostics);
    leaving::report(&change, diagnostics);
    stateful::report(&change, diagnostics);
    preserved::report(&change, diagnostics);
    handed::report(&change, diagnostics);
    terraform::report(&change, diagnostics);
    together::told(diagnostics);
    marked::told(&change, diagnostics);
}

fn is_chosen(chosen: Option<ChosenPath<'_>>, entity: &Entity) -> bool {
    chosen.is_none_or(|chosen| chosen(&entity.thing.path()))
}

fn key<'a>(model: &'a Model, entity: &'a Entity) -> ThingKey<'a> {
    let identity = |id: Option<EntityId>| id.map_or("", |id| &**model.entity(id).identity.text());
    let environment = model.environment(entity.environment).identity.text();
    (environment, entity.kind, identity(entity.cluster), identity(entity.tenant), entity.identity.text())
}
