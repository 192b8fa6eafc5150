//! Stacks: the Terraform of all members merged into root modules, with outputs, backend, and the order in which stacks read each other.

use super::body::{Body, Collision};
use super::provider::{self, Gathered, Used};
use super::{Output, Stack, StackId, circle, errors};
use crate::code::Code;
use crate::definition::output;
use crate::diagnostic::Diagnostics;
use crate::expression::Late;
use crate::model::{Entity, EntityId, EnvironmentId, Model, Scope, Within, World, output_name};
use crate::name::Kind;
use crate::order::order;
use crate::origin::{LayerId, Origin};
use crate::value::{Data, Entry, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Assembles the stacks of all environments.
pub(super) fn assemble(world: &World<'_>, mut bodies: BTreeMap<EntityId, Value>, diagnostics: &mut Diagnostics) -> Vec<Stack> {
    let model = world.model;
    let mut stacks: Vec<Stack> = Vec::new();
    let mut merged: Vec<Body> = Vec::new();
    let mut gathered: Vec<Gathered> = Vec::new();
    // What each member brought, for whoever must tell who reads what.
    let mut brought: Vec<BroughtBodies> = Vec::new();
    let mut places: BTreeMap<(EnvironmentId, Arc<str>), usize> = BTreeMap::new();
    for (id, entity) in model.entities() {
        let Some(name) = &entity.stack else { continue };
        let outputs = world.session(|| outputs(world, id));
        let body = bodies.remove(&id);
        if body.is_none() && outputs.is_empty() {
            continue;
        }
        let at = *places.entry((entity.environment, Arc::clone(name))).or_insert_with(|| {
            stacks.push(new(entity, name));
            merged.push(Body::default());
            gathered.push(Gathered::default());
            brought.push(Vec::new());
            stacks.len() - 1
        });
        let (Some(stack), Some(merged)) = (stacks.get_mut(at), merged.get_mut(at)) else { continue };
        if let Some(gathered) = gathered.get_mut(at) {
            gathered.add(world, id, body.as_ref());
        }
        if let Some(body) = body {
            let mut merging = Merging { world, stack, merged, entity: id, diagnostics };
            merging.body(&body);
            brought.get_mut(at).into_iter().for_each(|brought| brought.push((id, body.clone())));
        }
        stack.members.push(id);
        stack.outputs.extend(outputs);
    }
    let clusters = model.entities().filter(|(_, entity)| entity.kind == Kind::Cluster);
    let clusters = clusters.filter_map(|(id, entity)| Some(((entity.environment, Arc::clone(entity.stack.as_ref()?)), id)));
    let clusters: BTreeMap<(EnvironmentId, Arc<str>), EntityId> = clusters.collect();
    let mut used = Used::default();
    for ((stack, merged), gathered) in stacks.iter_mut().zip(merged).zip(gathered) {
        stack.body = Value::map(merged.finish(), stack.body.origin);
        let cluster = clusters.get(&(stack.environment, Arc::clone(&stack.name))).copied();
        if let Some(blocks) = provider::blocks(world, stack, cluster, &gathered, &mut used, diagnostics) {
            let mut entries = stack.body.as_map().map(Map::entries).unwrap_or_default().to_vec();
            entries.push(Entry::plain("provider", stack.body.origin.span, blocks));
            stack.body = Value::map(entries, stack.body.origin);
        }
        stack.backend = world.session(|| backend(world, stack));
        stack.reads = reads(model, stack);
    }
    provider::unused(world.definitions, model, &used, diagnostics);
    ordered(world, stacks, &brought, diagnostics)
}

fn new(entity: &Entity, name: &Arc<str>) -> Stack {
    let origin = Origin { span: entity.defined, layer: LayerId::COMPUTED };
    Stack {
        environment: entity.environment,
        name: Arc::clone(name),
        members: Vec::new(),
        body: Value::map(Vec::new(), origin),
        outputs: Vec::new(),
        backend: None,
        reads: Vec::new(),
        makers: BTreeMap::new(),
        forgets: BTreeSet::new(),
    }
}

/// The late outputs that an entity declares.
fn outputs(world: &World<'_>, id: EntityId) -> Vec<Output> {
    let entity = world.entity(id);
    let Some(section) = world.class(entity).and_then(|class| class.section("outputs")) else { return Vec::new() };
    let mut expander = super::template::Expander::new(world, id);
    let value = expander.for_terraform(section);
    let entries = value.as_ref().and_then(Value::as_map).map(Map::entries).unwrap_or_default();
    let said = |key: &str| world.session(|| world.section_entry(id, "outputs", key)).ok().flatten();
    let is_sensitive = |key: &str| said(key).is_some_and(|(said, _)| output::is_sensitive(&said));
    let late = || entries.iter().filter(|entry| entry.value.is_late());
    late().for_each(|entry| super::secret::refuse(&expander, &entry.value, "an output of Terraform"));
    late()
        .map(|entry| Output {
            name: output_name(world.model, entity, &entry.key).into(),
            value: entry.value.clone(),
            entity: id,
            sensitive: is_sensitive(&entry.key) || entry.value.sensitive().is_some(),
        })
        .collect()
}

/// Merging one member's Terraform into its stack.
struct Merging<'m, 'a> {
    world: &'m World<'a>,
    stack: &'m mut Stack,
    merged: &'m mut Body,
    entity: EntityId,
    diagnostics: &'m mut Diagnostics,
}

impl Merging<'_, '_> {
    fn body(&mut self, body: &Value) {
        let Some(map) = body.as_map() else { return };
        let mut collisions = Vec::new();
        let mut told = BTreeSet::new();
        for entry in map.entries() {
            let depth = match &*entry.key {
                // Blocks with two labels, with one, and without any.
                "resource" | "data" | "ephemeral" => 2,
                "module" | "locals" | "output" | "variable" | "check" => 1,
                // Said when its class was loaded.
                "provider" => continue,
                "terraform" => 2,
                "moved" | "import" | "removed" => 0,
                other => {
                    self.diagnostics.push(errors::unknown_block(other, entry.span));
                    continue;
                }
            };
            match &*entry.key {
                "resource" => {
                    let types = entry.value.as_map().map(Map::entries).unwrap_or_default();
                    types.iter().for_each(|type_| self.makers(&type_.key, &type_.value, &mut told));
                }
                "module" => self.makers(&entry.key, &entry.value, &mut told),
                _ => {}
            }
            let kept = if matches!(&*entry.key, "resource" | "data") { without_empty(entry) } else { entry.clone() };
            if kept.value.as_map().is_none_or(|map| !map.entries().is_empty()) {
                self.merged.put(&kept, depth, &kept.key, &mut collisions);
            }
        }
        let entity = self.world.entity(self.entity);
        for Collision { path, first, second } in collisions.into_iter().filter(|collision| !told.contains(&collision.path)) {
            self.diagnostics.push(errors::terraform_collides(&path, &self.stack.name, entity, first, second));
        }
    }

    fn makers(&mut self, type_: &Arc<str>, names: &Value, told: &mut BTreeSet<String>) {
        for block in names.as_map().map(Map::entries).unwrap_or_default() {
            let maker = *self.stack.makers.entry((Arc::clone(type_), Arc::clone(&block.key))).or_insert(self.entity);
            let (first, entity) = (self.world.entity(maker), self.world.entity(self.entity));
            let is_one = first.thing.definition == entity.thing.definition;
            if is_one && entity.kind == Kind::Infrastructure && first.cluster != entity.cluster {
                let path = if &**type_ == "module" { format!("module.{}", block.key) } else { format!("resource.{type_}.{}", block.key) };
                told.insert(path.clone());
                self.diagnostics.push(errors::one_of_several_clusters(&path, &self.stack.name, entity, block.span));
            }
        }
    }
}

/// Resources by type, without the types of which conditions have left nothing.
fn without_empty(types: &Entry) -> Entry {
    let Some(map) = types.value.as_map() else { return types.clone() };
    let kept = map.entries().iter().filter(|entry| entry.value.as_map().is_none_or(|map| !map.entries().is_empty()));
    Entry { value: Value::map(kept.cloned().collect(), types.value.origin), ..types.clone() }
}

/// `platform.terraform.backend` for a stack.
fn backend(world: &World<'_>, stack: &Stack) -> Option<Value> {
    let value = world.model.platform.value.at(&["terraform", "backend"])?;
    let value = evaluated_for(world, stack, None, value);
    value.filter(|value| value.as_map().is_some_and(|map| !map.entries().is_empty()))
}

/// What platform or environment say, with expressions evaluated for a stack: they see `platform`, `environment`, `stack`, and the cluster whose
/// stack it is.
pub(super) fn evaluated_for(world: &World<'_>, stack: &Stack, cluster: Option<EntityId>, value: &Value) -> Option<Value> {
    let scope = Scope {
        world,
        owner: None,
        within: Within::Class,
        locals: cluster.map(|cluster| ("cluster".into(), world.thing_node(cluster))).into_iter().collect(),
        round: None,
        stack: Some((stack.environment, Arc::clone(&stack.name))),
    };
    evaluated(world, &scope, value)
}

fn evaluated<'a>(world: &World<'a>, scope: &Scope<'_, 'a>, value: &Value) -> Option<Value> {
    match &value.data {
        Data::Template(template) => match world.run(scope, template, crate::expression::Target::Plain, value.origin) {
            Ok(made) => Some(made.over(value.overridden().cloned())),
            Err(crate::expression::Fault::Diagnostic(diagnostic)) => {
                let lone = scope.stack.as_ref().filter(|_| diagnostic.code == Code::UnknownName && scope.locals.is_empty());
                let note = lone.map(|(_, name)| format!("it is asked for the stack `{name}`, which is no cluster's"));
                world.report(match note {
                    Some(note) => diagnostic.note(note),
                    None => *diagnostic,
                });
                None
            }
            Err(crate::expression::Fault::Reported) => None,
        },
        Data::Map(map) => {
            let entries = map.entries().iter();
            let entries = entries.filter_map(|entry| Some(Entry { value: evaluated(world, scope, &entry.value)?, ..entry.clone() }));
            Some(Value::map(entries.collect(), value.origin).after(value))
        }
        Data::List(list) => {
            let items = list.items().iter().filter_map(|item| evaluated(world, scope, item)).collect();
            Some(Value::list(items, value.origin).after(value))
        }
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => {
            Some(value.clone())
        }
    }
}

/// Stacks that a stack refers to, in the order they are first read.
pub(super) fn reads(model: &Model, stack: &Stack) -> Vec<StackId> {
    let (own, mut found) = (stack.id(), Vec::new());
    let mut see = |late: &Late| {
        for reference in late.references() {
            let to = stack.referred(model, reference);
            if to != own && !found.contains(&to) {
                found.push(to);
            }
        }
    };
    visit(&stack.body, &mut see);
    stack.outputs.iter().for_each(|output| visit(&output.value, &mut see));
    found
}

fn visit(value: &Value, see: &mut impl FnMut(&Late)) {
    match &value.data {
        Data::Late(late) => see(late),
        Data::List(list) => list.items().iter().for_each(|item| visit(item, see)),
        Data::Map(map) => map.entries().iter().for_each(|entry| visit(&entry.value, see)),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Broken => {}
    }
}

/// Brings the stacks into the order in which they can be applied: those that are read first, else by environment and name.
fn ordered(world: &World<'_>, stacks: Vec<Stack>, brought: &[BroughtBodies], diagnostics: &mut Diagnostics) -> Vec<Stack> {
    let places: BTreeMap<StackId, u32> = (0u32..).zip(&stacks).map(|(at, stack)| (stack.id(), at)).collect();
    // The order goes by these numbers where nothing else tells.
    let sorted: Vec<u32> = places.values().copied().collect();
    let ranks: BTreeMap<u32, u32> = sorted.iter().copied().zip(0u32..).collect();
    let stack = |rank: u32| sorted.get(rank as usize).and_then(|at| Some((stacks.get(*at as usize)?, brought.get(*at as usize)?)));
    let rank = |id: &StackId| places.get(id).and_then(|at| ranks.get(at)).copied();
    let mut edges = Vec::new();
    for from in 0..u32::try_from(stacks.len()).unwrap_or(u32::MAX) {
        edges.extend(stack(from).into_iter().flat_map(|(stack, _)| &stack.reads).filter_map(rank).map(|to| (from, to)));
    }
    match order(stacks.len(), &edges) {
        Ok((order, _)) => order.into_iter().filter_map(|rank| stack(rank).map(|(stack, _)| stack.clone())).collect(),
        Err(cycles) => {
            for cycle in cycles {
                let steps = cycle.iter().filter_map(|edge| edges.get(*edge)).filter_map(|(from, _)| stack(*from));
                diagnostics.push(circle::report(world, &steps.map(|(stack, brought)| (stack, brought.as_slice())).collect::<Vec<_>>()));
            }
            stacks
        }
    }
}

/// What each member of a stack brought.
type BroughtBodies = Vec<(EntityId, Value)>;
