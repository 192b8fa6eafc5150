//! What exists, decided before any value is worked out (design 2.2). Comes in: every thing that could be anywhere; leaves: those that are
//! enabled and placed where they are, in the order of the model. What decides (`enabled`, `placement`, the labels that it selects by) reads only
//! the thing's own fields, what it is in and on, its environment and the platform:
//! what exists would otherwise depend on what exists, and on the order in which one looks.

use super::absent::{self, Absent, WhyAbsent};
use super::names::To;
use super::placement::PlacementText;
use super::{Cost, Entity, EntityId, EntityIndex, Excerpt, MadeBy, Model, Within, World, errors, overriding, placement, teams};
use crate::definition::directive::Directive;
use crate::definition::root::Computed;
use crate::definition::{Definitions, reads};
use crate::diagnostic::Diagnostics;
use crate::limit::READING_CHAIN;
use crate::name::Kind;
use crate::path::Step;
use crate::source::Sources;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What counts as there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Presence {
    /// What is there.
    #[default]
    Now,
    /// As well what leaves by its own word and has Terraform: as if it still were there.
    AsIfStaying,
}

/// The word of `enabled` that says that a thing is not there and that what it made outside stays.
pub(crate) const FORGET: &str = "forget";

/// Takes out what is not enabled, with everything that is in or on it, and brings the rest into the order of the model. False if that asked
/// for more than the excerpt.
pub(super) fn decide(
    definitions: &Definitions,
    (excerpt, presence): (Option<&Excerpt>, Presence),
    model: &mut Model,
    selectors: &mut BTreeMap<Span, bool>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> bool {
    let mut absent = std::mem::take(&mut model.absent);
    let (gone, made, is_enough) = {
        let index = EntityIndex::of_excerpt(model, excerpt);
        let world = World::new(definitions, model, &index, Cost::of_platform(sources).with(model.entities.len()));
        let mut gone = BTreeSet::new();
        let mut staying = BTreeSet::new();
        for (id, entity) in model.entities() {
            let Some((value, is_forgotten)) = off(&world, id, entity) else { continue };
            if let Some(fault) = teams::withdrawing(model, definitions, entity, &value) {
                world.report(fault);
            }
            let Some(class) = world.class(entity) else { continue };
            let word = absent::by_word(definitions, &value, is_forgotten);
            let is_outside = !matches!(entity.kind, Kind::Cluster | Kind::NodePool);
            let has_terraform = is_outside && overriding::has_terraform(definitions, entity);
            if is_forgotten && !(is_outside && (class.keeps_data || has_terraform)) {
                world.report(errors::forgets_nothing(entity, value.origin.span).about(entity.subject()));
            }
            let leaves = word.absence == WhyAbsent::Forgotten || (word.absence == WhyAbsent::Disabled && class.keeps_data);
            if leaves && has_terraform {
                absent.with_terraform();
            }
            absent.add(absent::place(model, id), word, leaves || absent::is_told(entity.kind, class));
            if presence == Presence::AsIfStaying && leaves && has_terraform {
                staying.insert(id);
            }
            gone.insert(id);
        }
        for id in with_owners(model, &staying) {
            if !matches!(model.entity(id).kind, Kind::Cluster | Kind::NodePool) {
                gone.remove(&id);
            }
        }
        for (id, entity) in model.entities() {
            if gone.contains(&id) || !is_elsewhere(&world, id, entity, selectors) {
                continue;
            }
            if let Some(said) = entity.value.get("placement") {
                let is_told = world.class(entity).is_some_and(|class| absent::is_told(entity.kind, class));
                absent.add(absent::place(model, id), Absent { absence: WhyAbsent::Placement, span: said.origin.span }, is_told);
            }
            gone.insert(id);
        }
        // Clusters and tenants stand before what is on or in them, and makers before what they make, so one pass is enough.
        for (id, entity) in model.entities() {
            let is_around_gone = [entity.cluster, entity.tenant].into_iter().flatten().any(|around| gone.contains(&around));
            let is_unmade = entity.made.as_ref().is_some_and(|made| made.makers.iter().all(|maker| gone.contains(maker)));
            if is_around_gone || is_unmade {
                gone.insert(id);
            }
        }
        if let Some(exhausted) = world.allowance.exhausted() {
            diagnostics.push(errors::platform_too_costly(model, exhausted));
        }
        let found = world.into_found();
        diagnostics.append(found.diagnostics);
        (gone, found.secrets, !index.bounds.were_passed())
    };
    model.absent = absent;
    model.secrets.append(&made);
    let mut order: Vec<EntityId> = model.entities().map(|(id, _)| id).filter(|id| !gone.contains(id)).collect();
    order.sort_by_key(|id| (model.entity(*id).environment, model.entity(*id).kind.rank()));
    let mut moved: Vec<Option<EntityId>> = vec![None; model.entities.len()];
    for (at, id) in order.iter().enumerate() {
        if let Some(slot) = moved.get_mut(id.0 as usize) {
            *slot = u32::try_from(at).ok().map(EntityId);
        }
    }
    let new = |id: Option<EntityId>| id.and_then(|id| moved.get(id.0 as usize).copied().flatten());
    model.entities = order
        .iter()
        .map(|id| {
            let entity = model.entity(*id);
            let made = entity.made.as_ref().map(|made| {
                let makers = made.makers.iter().filter_map(|maker| new(Some(*maker))).collect();
                Arc::new(MadeBy { makers, ..(**made).clone() })
            });
            Entity { cluster: new(entity.cluster), tenant: new(entity.tenant), made, ..entity.clone() }
        })
        .collect();
    let owners: Vec<Option<EntityId>> = model.handed.iter().map(|handed| new(handed.owner)).collect();
    for (handed, owner) in model.handed.iter_mut().zip(owners) {
        handed.owner = owner;
    }
    is_enough
}

/// What says that a thing is not there, and whether it is to be forgotten; nothing if it is there.
fn off(world: &World<'_>, id: EntityId, entity: &Entity) -> Option<(Value, bool)> {
    let value = entity.value.get("enabled")?;
    let depends = || format!("whether {} `{}` exists", entity.kind.words(), entity.name);
    let said = decided(world, id, value, "`enabled`", depends)?;
    let is_forgotten = said.as_str() == Some(FORGET);
    (is_forgotten || said.as_bool() == Some(false)).then(|| (value.clone(), is_forgotten))
}

/// Where a thing is that may make others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum MakerState {
    There,
    /// Switched off, itself or with its tenant: what it would make can still say by its own word that it leaves.
    Off,
    /// Gone with its cluster, of which nothing can be forgotten.
    GoneWithCluster,
    Elsewhere,
}

/// Where a thing is, as far as it is asked before everything is; what is wrong with that is told afterwards.
pub(super) fn whereabouts(world: &World<'_>, id: EntityId) -> MakerState {
    let said = world.diagnostics.take();
    let entity = world.entity(id);
    let is_elsewhere = |id: EntityId| is_elsewhere(world, id, world.entity(id), &mut BTreeMap::new());
    let is_off = |id: EntityId| off(world, id, world.entity(id)).is_some();
    let cluster = if entity.kind == Kind::Cluster { Some(id) } else { entity.cluster };
    // Chains of makers are short, and end.
    let is_unmade = || {
        let makers = entity.made.as_ref().map(|made| &made.makers);
        makers.is_some_and(|makers| makers.iter().all(|maker| whereabouts(world, *maker) != MakerState::There))
    };
    let found = if [Some(id), entity.tenant].into_iter().flatten().any(is_elsewhere) {
        MakerState::Elsewhere
    } else if cluster.is_some_and(is_off) {
        MakerState::GoneWithCluster
    } else if [Some(id), entity.tenant].into_iter().flatten().any(is_off) || is_unmade() {
        MakerState::Off
    } else {
        MakerState::There
    };
    world.diagnostics.replace(said);
    found
}

/// With what leaves by its own word, its tenant and those who make it: as if it stayed, they are what it is worked out with.
fn with_owners(model: &Model, staying: &BTreeSet<EntityId>) -> BTreeSet<EntityId> {
    let mut kept = BTreeSet::new();
    let mut waiting: Vec<EntityId> = staying.iter().copied().collect();
    while let Some(id) = waiting.pop() {
        if kept.insert(id) {
            let entity = model.entity(id);
            let makers = entity.made.iter().flat_map(|made| &made.makers).copied();
            waiting.extend(entity.tenant.into_iter().chain(makers));
        }
    }
    kept
}

/// Whether a thing, which may be on a cluster, is not on it because of what expressions give.
fn is_elsewhere(world: &World<'_>, id: EntityId, entity: &Entity, selectors: &mut BTreeMap<Span, bool>) -> bool {
    let (Some(cluster), Some(placement)) = (entity.cluster, entity.value.get("placement")) else { return false };
    let at = world.entity(cluster);
    let labels = at.value.get("labels");
    if !placement::waits(placement, labels) {
        return false;
    }
    let depends = || format!("where {} `{}` is", entity.kind.words(), entity.name);
    let Some(placement) = decided(world, id, placement, "`placement`", depends) else { return false };
    let labels = labels.map(|labels| asked_labels(world, cluster, &placement, labels));
    let is_here = placement::on_cluster(
        (&placement, PlacementText::Made),
        &at.name,
        labels.as_ref(),
        world.definitions,
        &mut world.diagnostics.borrow_mut(),
    );
    if placement.as_map().is_some() {
        // Of a label that is wrong it is told already.
        let is_wrong =
            labels.is_some_and(|labels| labels.as_map().is_none_or(|map| map.entries().iter().any(|entry| entry.value.is_broken())));
        *selectors.entry(placement.origin.span).or_default() |= is_here || is_wrong;
    }
    let environment = world.model.environment(entity.environment);
    let is_meant = !environment.is_shared
        || entity.kind == Kind::Application
        || placement::names_environment(&entity.value, &environment.name)
        || placement::names_cluster(&placement, &at.name);
    !(is_here && is_meant)
}

/// Those labels of a cluster that a placement selects by.
fn asked_labels(world: &World<'_>, cluster: EntityId, placement: &Value, labels: &Value) -> Value {
    let at = world.entity(cluster);
    let evaluated = |value: &Value, word: &str| {
        let depends = || format!("what is on {} `{}`", at.kind.words(), at.name);
        decided(world, cluster, value, word, depends).unwrap_or_else(|| Value::broken(value.origin))
    };
    let Some(map) = labels.as_map() else { return evaluated(labels, "`labels`") };
    let asked: BTreeSet<&str> = placement.as_map().into_iter().flat_map(placement::keys).collect();
    let entries = map.entries().iter().filter(|entry| asked.contains(&*entry.key));
    let entries = entries.map(|entry| Entry { value: evaluated(&entry.value, &format!("the label `{}`", entry.key)), ..entry.clone() });
    Value::map(entries.collect(), labels.origin)
}

/// What something that decides what exists comes to; none if it reads what is not known yet, which is told.
fn decided(world: &World<'_>, id: EntityId, value: &Value, word: &str, depends: impl Fn() -> String) -> Option<Value> {
    let Some(reach) = Reach::of(world, id, value) else { return Some(world.evaluate(id, value, Within::Definition)) };
    world.report(errors::existence_reads(&depends(), word, &reach).about(world.entity(id).subject()));
    None
}

/// How something that decides what exists reads what is only known afterwards.
pub(super) struct Reach {
    /// Where the names stand that are read on the way, from what decides on; the last is the one that is not known yet.
    pub(super) chain: Vec<Span>,
    /// What the last name is.
    pub(super) what: Later,
}

/// What is only known when it is decided what exists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Later {
    /// Things of a kind.
    Things(Kind),
    /// What a thing makes.
    Made,
    /// What Terraform makes, or what a thing tells others.
    Outcome,
}

impl Reach {
    /// Finds the first read of a value of a thing that leads too far; none if all of them can be known.
    fn of(world: &World<'_>, owner: EntityId, value: &Value) -> Option<Reach> {
        if !value.is_dynamic() {
            return None;
        }
        let mut search = Search { world, asked: owner, seen: BTreeSet::new(), chain: Vec::new() };
        let what = search.value(owner, Within::Definition, value)?;
        Some(Reach { chain: search.chain, what })
    }
}

struct Search<'w, 'a> {
    world: &'w World<'a>,
    /// Whose existence it is about.
    asked: EntityId,
    /// Values that were looked at, by their place: they lead nowhere, or are being looked at.
    seen: BTreeSet<(EntityId, Span)>,
    chain: Vec<Span>,
}

impl Search<'_, '_> {
    fn value(&mut self, owner: EntityId, within: Within, value: &Value) -> Option<Later> {
        // A chain that is longer is too long for whoever works it out, and told there.
        let is_long = self.chain.len() > READING_CHAIN;
        if is_long || !value.is_dynamic() || !self.seen.insert((owner, value.origin.span)) {
            return None;
        }
        for handed in reads::handed(value).into_iter().filter_map(|number| self.world.model.handed.get(number as usize)) {
            let Some(owner) = handed.owner() else { continue };
            self.chain.push(value.origin.span);
            if let Some(found) = self.value(owner, handed.within(), handed.value()) {
                return Some(found);
            }
            self.chain.pop();
        }
        reads::of(value).iter().find_map(|reference| {
            self.chain.push(reference.span);
            let found = self.steps(owner, within, &reference.steps);
            if found.is_none() {
                self.chain.pop();
            }
            found
        })
    }

    fn steps(&mut self, owner: EntityId, within: Within, steps: &[Step]) -> Option<Later> {
        let world = self.world;
        let (to, rest) = world.names().bind(owner, within, steps)?;
        match to {
            To::Every(plural) => Some(Later::Things(plural.kind)),
            To::In(_, kind) => Some(Later::Things(kind)),
            // What is read of it is not known.
            To::Environments(_) | To::Environment(_) if rest.is_empty() => Some(Later::Things(Kind::Cluster)),
            To::Entity(id) if !self.is_around(id) => Some(Later::Things(world.entity(id).kind)),
            To::Entity(id) => self.fields(id, rest),
            To::Makings(_) => Some(Later::Made),
            To::Made(_, kind) => Some(Later::Things(kind)),
            To::Terraform(..) => Some(Later::Outcome),
            To::Let(id) => {
                let section = world.class(world.entity(id)).and_then(|class| class.section("let"))?;
                let condition = || section.get(Directive::If.word());
                let written = |name: &str| section.get(name).filter(|_| section.get(Directive::Spread.word()).is_none());
                match rest.first() {
                    // What a loop or another map may have made is looked for in all of it.
                    Some(Step::Key(name)) => match written(name) {
                        Some(value) => {
                            [condition(), Some(value)].into_iter().flatten().find_map(|value| self.value(id, Within::Class, value))
                        }
                        None => self.value(id, Within::Class, section),
                    },
                    Some(Step::Item(_)) | None => self.value(id, Within::Class, section),
                }
            }
            To::Platform | To::Environments(_) | To::Environment(_) | To::Stack(_) | To::Object => None,
        }
    }

    /// Whether it is the thing itself, or one that it is in or on.
    fn is_around(&self, id: EntityId) -> bool {
        let asked = self.world.entity(self.asked);
        let is_around = |asked: EntityId| {
            let entity = self.world.entity(asked);
            id == asked || entity.cluster == Some(id) || entity.tenant == Some(id)
        };
        is_around(self.asked) || asked.made.iter().flat_map(|made| &made.makers).any(|maker| is_around(*maker))
    }

    fn fields(&mut self, id: EntityId, rest: &[Step]) -> Option<Later> {
        let entity = self.world.entity(id);
        let Some(Step::Key(field)) = rest.first() else {
            let mut entries = entity.value.as_map().map(Map::entries).unwrap_or_default().iter();
            return entries.find_map(|entry| self.value(id, Within::Definition, &entry.value));
        };
        let type_ = self.world.class(entity).and_then(|class| class.type_.field(field));
        if let Some(kind) = type_.and_then(|type_| type_.resolved().shape.refers()?.kinds.first().copied()) {
            return Some(Later::Things(kind));
        }
        match (entity.value.get(field), &**field) {
            (Some(value), _) => self.inside(id, value, rest.get(1..).unwrap_or_default()),
            (None, "outputs") => Some(Later::Outcome),
            (None, "referrers") => Some(Later::Things(entity.kind)),
            // What is read of it is not known.
            (None, "environment") if rest.len() == 1 => Some(Later::Things(Kind::Cluster)),
            (None, "cluster") => self.fields(entity.cluster?, rest.get(1..).unwrap_or_default()),
            (None, "tenant") => self.fields(entity.tenant?, rest.get(1..).unwrap_or_default()),
            // Computed names are made of a few fields.
            (None, word) if Computed::from_word(word).is_some() => {
                ["prefix", "region"].into_iter().find_map(|field| self.value(id, Within::Definition, entity.value.get(field)?))
            }
            (None, _) => None,
        }
    }
    /// Only what is read counts, not what is beside it; of layers that wait for each other, what each says there.
    fn inside(&mut self, id: EntityId, value: &Value, steps: &[Step]) -> Option<Later> {
        match (&value.data, steps.split_first()) {
            (Data::Pending(pending), Some(_)) => pending.values().find_map(|value| self.inside(id, value, steps)),
            (Data::Map(map), Some((Step::Key(key), rest))) => self.inside(id, map.get(key)?, rest),
            (Data::List(list), Some((Step::Item(at), rest))) => self.inside(id, list.items().get(*at)?, rest),
            (_, _) => self.value(id, Within::Definition, value),
        }
    }
}
