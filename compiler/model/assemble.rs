//! Which entities there are: every definition in every environment and on every cluster it is placed on, with its layers merged.
//! Expressions are still in the values that leave here.

mod ask;
mod count;
mod inner;
mod made;
mod makings;
mod meant;
mod missing;
mod placed;
mod under;

pub(super) use count::most;
pub(super) use makings::{Home, Makings};

use super::absent::AbsentThings;
use super::classes::FoundClass;
use super::defaults::Reached;
use super::excerpt::Excerpt;
use super::layers::{self, View};
use super::{ClassId, Entity, EntityId, Environment, EnvironmentId, Identity, Lines, Model, placement};
use crate::definition::literal::{self, Owner};
use crate::definition::overriding::{self, OVERRIDE};
use crate::definition::{Class, Definition, Definitions, reads};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expression::Reference;
use crate::ledger;
use crate::name::Kind;
use crate::origin::{LayerId, Origin};
use crate::source::Sources;
use crate::span::Span;
use crate::subject::{Subject, Thing};
use crate::value::{Data, Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What assembling reads and writes.
pub(super) struct Assembly<'a> {
    pub(super) definitions: &'a Definitions,
    pub(super) lines: &'a Lines<'a>,
    pub(super) sources: &'a Sources,
    /// What is wanted, if not all is.
    pub(super) excerpt: Option<&'a Excerpt>,
    pub(super) entities: Vec<Entity>,
    /// The value that was last looked into for what it reads, and what that is.
    pub(super) last_read: Option<(Arc<Map>, Arc<[Reference]>)>,
    /// Nothing, shared by all things that read nothing.
    pub(super) reads_nothing: Arc<[Reference]>,
    /// The same of what is overridden, which is told apart when values are evaluated.
    pub(super) overrides_nothing: Arc<[Value]>,
    /// How often a placement was compared with a cluster.
    pub(super) compared: usize,
    /// Whether it was said that there are too many things, or too many comparisons.
    pub(super) said_full: bool,
    /// Selectors of placements, by their place: whether a cluster of any environment has such labels.
    pub(super) selectors: BTreeMap<Span, bool>,
    /// Overlays for clusters of infrastructure, by their place: what is wrong with one, unless the thing is placed somewhere where it counts.
    pub(super) on_none: BTreeMap<Span, Option<Diagnostic>>,
    /// Removals of pools and applications, by their place: what is wrong with one, unless there is something to remove in any view.
    pub(super) removals: BTreeMap<Span, Option<Diagnostic>>,
    /// Defaults that things took.
    pub(super) reached: Reached,
    /// What is not there.
    pub(super) absent: AbsentThings,
    /// What is assembled now, of what makers make one after the other; none if nobody makes anything.
    pub(super) stage: Option<usize>,
    /// The clusters of each environment.
    pub(super) clusters: BTreeMap<EnvironmentId, Vec<EntityId>>,
    /// What others stand under.
    pub(super) homes: Vec<Home<'a>>,
    pub(super) made: Makings,
    pub(super) diagnostics: &'a mut Diagnostics,
}

/// What assembling gives.
pub(super) struct Assembled {
    pub(super) entities: Vec<Entity>,
    /// Selectors of placements, by their place: whether a cluster of any environment has such labels, as far as is known.
    pub(super) selectors: BTreeMap<Span, bool>,
    /// What is wrong with what counts nowhere: overlays for clusters of what is on none, and removals of what is not there.
    pub(super) in_vain: Vec<Diagnostic>,
    pub(super) reached: Reached,
    pub(super) absent: AbsentThings,
    pub(super) made: Makings,
}

/// A definition in one environment, before it is placed.
struct Unplaced<'a> {
    line: Vec<&'a Definition>,
    class: FoundClass<'a>,
    value: Value,
}

/// Everything that could be anywhere, or what is in an excerpt of it. What makers hand on to what they make goes into the model.
pub(super) fn all<'a>(
    definitions: &'a Definitions,
    lines: &'a Lines<'a>,
    sources: &'a Sources,
    excerpt: Option<&'a Excerpt>,
    model: &mut Model,
    diagnostics: &'a mut Diagnostics,
) -> Assembled {
    let mut assembly = Assembly {
        definitions,
        lines,
        sources,
        excerpt,
        entities: Vec::new(),
        last_read: None,
        reads_nothing: Arc::from([]),
        overrides_nothing: Arc::from([]),
        compared: 0,
        said_full: false,
        selectors: BTreeMap::new(),
        on_none: BTreeMap::new(),
        removals: BTreeMap::new(),
        reached: Reached::default(),
        absent: AbsentThings::default(),
        stage: None,
        clusters: BTreeMap::new(),
        homes: Vec::new(),
        made: Makings::new(),
        diagnostics,
    };
    if definitions.makers.is_empty() {
        for (id, environment) in
            model.environments().filter(|(id, environment)| excerpt.is_none_or(|excerpt| excerpt.has(*id, environment)))
        {
            assembly.environment(id, environment);
        }
    } else {
        // What makes something is there before what it makes.
        for stage in 0..=definitions.makers.last() + 1 {
            assembly.stage = Some(stage);
            model.environments().for_each(|(id, environment)| assembly.environment(id, environment));
            assembly.ask(model, sources);
        }
    }
    assembly.done()
}

impl<'a> Assembly<'a> {
    /// All entities of one environment.
    pub(super) fn environment(&mut self, id: EnvironmentId, environment: &Environment) {
        if self.stage.is_none_or(|stage| stage == 0) {
            self.clusters(id, environment);
        }
        self.inner_of(Kind::Cluster, id, environment);
        let clusters = self.clusters.get(&id).cloned().unwrap_or_default();
        self.surrounding(id, environment, &clusters);
        if clusters.is_empty() && self.excerpt.is_some() {
            return;
        }
        for kind in [Kind::Service, Kind::Tenant] {
            self.placed(id, environment, kind, &clusters);
        }
        self.inner_of(Kind::Tenant, id, environment);
    }

    /// What stands under things of a kind in an environment.
    fn inner_of(&mut self, kind: Kind, id: EnvironmentId, environment: &Environment) {
        let homes: Vec<Home<'a>> =
            self.homes.iter().filter(|home| home.environment == id && home.definition.kind == kind).cloned().collect();
        for home in homes {
            self.inner_things(&home, environment);
        }
    }

    /// All that was found.
    pub(super) fn done(self) -> Assembled {
        let in_vain = self.on_none.into_values().chain(self.removals.into_values()).flatten().collect();
        Assembled {
            entities: self.entities,
            selectors: self.selectors,
            in_vain,
            reached: self.reached,
            absent: self.absent,
            made: self.made,
        }
    }

    fn clusters(&mut self, id: EnvironmentId, environment: &Environment) {
        let mut clusters = Vec::new();
        for definition in self.concrete(Kind::Cluster) {
            let view = View { environments: &environment.line, cluster: Some(&definition.name.name) };
            let Some(candidate) = self.candidate(definition, (id, environment), view, &[]) else { continue };
            let thing = Arc::new(Thing::new(&environment.name, Kind::Cluster, &definition.name.name, None));
            let class = candidate.class;
            let identity = Identity::of(definition);
            let stack = Some(Arc::clone(identity.text()));
            let cluster = self.add(definition, identity, id, None, None, class, candidate.value, thing, stack);
            clusters.push(cluster);
            self.homes.push(Home { definition, class: class.class, environment: id, things: vec![cluster] });
        }
        if let Some(excerpt) = self.excerpt {
            clusters.retain(|cluster| self.entities.get(cluster.0 as usize).is_some_and(|cluster| excerpt.is_on(id, &cluster.name)));
        }
        self.clusters.insert(id, clusters);
    }

    /// Definitions of a kind that are not only to be inherited.
    fn concrete(&self, kind: Kind) -> Vec<&'a Definition> {
        self.definitions.of_kind(kind).filter(|definition| !definition.is_abstract).collect()
    }

    /// A definition merged for an environment, unless it does not exist there, has no class, or inherits from what cannot be found.
    ///
    /// What is wrong with the merge counts only if it is what some thing is made of: not if each of the clusters has a merge of its own.
    fn candidate(
        &mut self,
        definition: &'a Definition,
        (id, environment): (EnvironmentId, &Environment),
        view: View<'_>,
        clusters: &[EntityId],
    ) -> Option<Unplaced<'a>> {
        if self.is_full(definition) {
            return None;
        }
        if self.is_made(id, &definition.address) {
            return None;
        }
        let line = self.lines.definition(definition);
        let found = self.lines.class(definition, &environment.line);
        if !self.is_due(definition.kind, found.map(|found| found.at)) {
            return None;
        }
        let Some(class) = found else {
            self.absent.add_classless(definition.kind, &definition.name.name);
            self.doubt_makings(definition.kind);
            return None;
        };
        let thing = Thing::new(&environment.name, definition.kind, &definition.name.name, None);
        let said = std::mem::take(self.diagnostics);
        let value = self.merge(&definition.address, &line, definition.kind, class.class, view, &Subject::entity(&Arc::new(thing)));
        let found = std::mem::replace(self.diagnostics, said);
        let names = clusters.iter().filter_map(|id| self.entities.get(id.0 as usize)).map(|cluster| &*cluster.name);
        let is_once = clusters.is_empty() || !is_placed(definition.kind, &value);
        let mentions = |name: &str| layers::mentions_cluster(self.definitions, &definition.address, &line, name);
        if is_once || names.into_iter().any(|name| !mentions(name)) {
            self.diagnostics.append(found);
        }
        if self.stage.is_some() {
            self.made.written.insert((id, Arc::clone(&definition.address)));
        }
        // Of what is placed on clusters, its placement may name one there.
        let may_be_placed = definition.kind != Kind::Cluster && is_placed(definition.kind, &value);
        let is_meant = !environment.is_shared || may_be_placed || placement::names_environment(&value, &environment.name);
        let (is_in, is_wrong) = self.diagnostics.watch(|said| placement::in_environment(&value, &environment.name, self.definitions, said));
        if is_wrong {
            self.doubt_makings(definition.kind);
        }
        if !(is_in && is_meant) {
            self.not_in(id, environment, definition.kind, class.class, &value, (None, Identity::of(definition).text()));
            return None;
        }
        Some(Unplaced { line, class, value })
    }

    fn merge(&mut self, address: &str, line: &[&Definition], kind: Kind, class: &'a Class, view: View<'_>, subject: &Subject) -> Value {
        let span = line.last().map_or(class.name.span, |definition| definition.name.span);
        let flags = layers::flags(self.definitions, address, view, class, self.sources);
        let mut layers = layers::layers(self.definitions, kind, line, view);
        layers.extend(flags.iter().map(layers::flag));
        let value =
            layers::merged(&layers, Some(class), subject, Origin { span, layer: LayerId::COMPUTED }, &mut self.reached, self.diagnostics);
        literal::check(Owner::Definition(kind), &value, &class.type_, self.diagnostics);
        value
    }

    /// What a value reads. A value that several things share is walked through once.
    fn reads(&mut self, value: &Value) -> Arc<[Reference]> {
        if !value.is_dynamic() {
            return Arc::clone(&self.reads_nothing);
        }
        if let (Data::Map(map), Some((known, reads))) = (&value.data, &self.last_read)
            && Arc::ptr_eq(map, known)
        {
            return Arc::clone(reads);
        }
        let said = value.get(OVERRIDE).map(overriding::layers).unwrap_or_default();
        let in_fragments = said.into_iter().flat_map(|layer| self.definitions.override_uses.reads(layer));
        let reads: Arc<[Reference]> = reads::of(value).into_iter().chain(in_fragments).collect();
        if let Data::Map(map) = &value.data {
            self.last_read = Some((Arc::clone(map), Arc::clone(&reads)));
        }
        reads
    }

    #[allow(clippy::too_many_arguments, reason = "the one place where entities are made")]
    fn add(
        &mut self,
        definition: &Definition,
        identity: Identity,
        environment: EnvironmentId,
        cluster: Option<EntityId>,
        tenant: Option<EntityId>,
        class: FoundClass<'_>,
        value: Value,
        thing: Arc<Thing>,
        stack: Option<Arc<str>>,
    ) -> EntityId {
        let origin = Origin { span: definition.name.span, layer: LayerId::COMPUTED };
        let reads = self.reads(&value);
        ledger::thing();
        self.entities.push(Entity {
            kind: definition.kind,
            name: Arc::clone(&definition.name.name),
            identity,
            environment,
            cluster,
            tenant,
            class: ClassId(u32::try_from(class.at).unwrap_or(u32::MAX)),
            class_name: Arc::clone(&class.class.full),
            class_value: class.value(),
            value,
            computed: Value::map(Vec::new(), origin),
            defined: definition.name.span,
            path: thing.to_string().into(),
            thing,
            stack,
            made: None,
            reads,
            overrides: Arc::clone(&self.overrides_nothing),
        });
        EntityId(u32::try_from(self.entities.len() - 1).unwrap_or(u32::MAX))
    }
}

/// Whether what is merged for an environment is on clusters: of infrastructure what says on which.
fn is_placed(kind: Kind, value: &Value) -> bool {
    kind != Kind::Infrastructure || value.get("placement").is_some()
}
