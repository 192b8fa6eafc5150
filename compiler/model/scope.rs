//! The names in scope at one place, and what lies behind them: the [`Host`] that expressions are evaluated with.

use super::existence::Later;
use super::making::there;
use super::names::To;
use super::rounds::Round;
use super::scope_parts::{FORCED, language, stack};
use super::sight::NodePlace;
use super::world::World;
use super::{EntityId, EnvironmentId, errors};
use crate::definition::declarations;
use crate::definition::root::{self, Root, Within};
use crate::diagnostic::Diagnostic;
use crate::expression::{Absence, Declaration, Fault, Host, HostNode, Key, Val};
use crate::name::Kind;
use crate::span::Span;
use crate::value::{Data, Map, Value};
use std::sync::Arc;

/// The names in scope at one place.
pub(crate) struct Scope<'w, 'a> {
    pub(crate) world: &'w World<'a>,
    pub(crate) owner: Option<EntityId>,
    pub(crate) within: Within,
    /// What stands for something only here, innermost last.
    pub(crate) locals: Vec<(Arc<str>, Val)>,
    /// The round of a loop that this is in.
    pub(crate) round: Option<Arc<Round>>,
    /// `environment` and `stack`, where there is no entity.
    pub(crate) stack: Option<(EnvironmentId, Arc<str>)>,
}

impl Host for Scope<'_, '_> {
    fn name(&self, name: &str) -> Result<Option<Val>, Fault> {
        self.world.given.take();
        if let Some((_, val)) = self.locals.iter().rev().find(|(local, _)| &**local == name) {
            return Ok(Some(val.clone()));
        }
        if let Some(round) = &self.round {
            if let Some(val) = round.val(name) {
                if let Some(value) = round.value(name) {
                    self.world.gives(value);
                }
                return Ok(Some(val.clone()));
            }
            if name == "index" {
                return Ok(Some(round.positions()));
            }
        }
        let Some(owner) = self.owner else { return Ok(self.of_stack(name)) };
        if let Some(found) = self.world.used(owner, name)? {
            return Ok(Some(found));
        }
        let world = self.world;
        let to = world.names().first(owner, self.within, name);
        if to.is_none() && root::needs_cluster(name, world.entity(owner).kind, self.within) && world.is_told_placeless(owner) {
            return Err(Fault::Reported);
        }
        world.known_early(to)?;
        let shared = match to {
            Some(To::Entity(id)) => id == owner,
            Some(To::Platform | To::Environment(_) | To::Let(_) | To::Object) | None => true,
            Some(To::Every(..) | To::In(..) | To::Environments(_) | To::Stack(_) | To::Makings(_) | To::Made(..) | To::Terraform(..)) => {
                false
            }
        };
        world.outside.set(world.outside.get() || !shared);
        Ok(to.and_then(|to| match to {
            To::Entity(id) => Some(world.node(NodePlace::Entity(id))),
            To::Every(plural) => Some(world.node(NodePlace::Every(plural))),
            To::Platform => Some(world.node(NodePlace::Platform)),
            To::Environment(id) => Some(world.node(NodePlace::Environment(id))),
            To::Environments(owner) => Some(world.node(NodePlace::Environments(owner))),
            To::In(environment, kind) => Some(world.node(NodePlace::In(environment, kind))),
            To::Stack(id) => world.entity(id).stack.as_ref().map(stack),
            To::Let(owner) => Some(world.node(NodePlace::Let(owner))),
            To::Makings(maker) => Some(world.node(NodePlace::Makings(maker))),
            To::Made(maker, kind) => Some(world.node(NodePlace::Made(maker, kind))),
            To::Terraform(address, missing) => Some(world.node(NodePlace::Terraform { owner, address: address.into(), missing })),
            // Who has an object puts it among the locals.
            To::Object => None,
        }))
    }

    fn names(&self) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = self.locals.iter().map(|(name, _)| Arc::clone(name)).collect();
        names.extend(self.round.iter().flat_map(|round| round.names()));
        names.extend(self.world.use_.get().map(|_| Arc::from("entity")));
        let (kind, within) = match self.owner {
            Some(owner) => (Some(self.world.entity(owner).kind), self.within),
            None => (None, Within::Stack),
        };
        let roots = root::roots(kind, within).filter(|(name, root)| match root {
            Root::Object => false,
            Root::Environment | Root::Stack => self.owner.is_some() || self.stack.is_some(),
            Root::Own
            | Root::Around(_)
            | Root::Every(_)
            | Root::Platform
            | Root::Environments
            | Root::Let
            | Root::Makings
            | Root::Terraform(..) => !names.iter().any(|known| &**known == *name),
        });
        let roots: Vec<Arc<str>> = roots.map(|(name, _)| name.into()).collect();
        names.extend(roots);
        names
    }

    fn absence(&self, name: &str) -> Option<Absence> {
        let (owner, within) = (self.owner?, self.within);
        let kind = self.world.entity(owner).kind;
        let on_none = || root::absence_on_none(name, kind, within).filter(|_| self.world.names().first(owner, within, name).is_none());
        let around = || declarations::absence(name).filter(|_| within == Within::Definition);
        root::absence(name, Some(kind), within).or_else(on_none).or_else(around)
    }

    fn absent_field(&self, node: HostNode, key: &str) -> Option<Absence> {
        self.world.absent_field(node, key)
    }

    fn names_read(&self, span: Span, decides: bool) {
        self.world.notes_name(span, decides);
    }

    fn decides(&self, within: Span) {
        self.world.notes_decision(within);
    }

    fn field(&self, node: HostNode, key: &str) -> Result<Option<Val>, Fault> {
        let world = self.world;
        world.given.take();
        let reader = self.owner;
        match world.place(node) {
            Some(NodePlace::Value { sight, value }) if sight.is_written() => match world.unfolded_entry(&sight, &value, key)? {
                Some((value, sight)) => world.see(sight, &value).map(Some),
                None => Ok(None),
            },
            Some(NodePlace::Value { sight, value }) => match value.get(key) {
                Some(value) => world.see(sight.entering_field(&Arc::from(key), value), value).map(there),
                None if value.removed(key).is_some() => Ok(None),
                None => Ok(world.assumed(sight.field(key))?.map(|id| world.thing_node(id))),
            },
            Some(NodePlace::Entity(entity)) => world.entity_field(reader.unwrap_or(entity), entity, key),
            Some(NodePlace::Every(plural)) => match world.names().one(plural, key) {
                Some(id) => {
                    world.meets(reader.unwrap_or(plural.owner), id);
                    Ok(Some(world.node(NodePlace::Entity(id))))
                }
                None if world.may_define(plural.kind, key) => Err(Fault::Reported),
                None => Ok(None),
            },
            Some(NodePlace::In(environment, kind)) => match world.index.named(environment, kind, None, key) {
                Some(id) => {
                    world.meets(reader.unwrap_or(id), id);
                    Ok(Some(world.node(NodePlace::Entity(id))))
                }
                None if world.may_define(kind, key) => Err(Fault::Reported),
                None => Ok(None),
            },
            Some(NodePlace::Environments(owner)) => {
                Ok(world.names().environment(owner, key).map(|id| world.node(NodePlace::Environment(id))))
            }
            Some(NodePlace::Let(owner)) => match world.section_entry(owner, "let", key)? {
                Some((value, sight)) => world.see(sight, &value).map(Some),
                None => Ok(None),
            },
            Some(NodePlace::Makings(maker)) => Ok(world.makes(maker, key).map(|kind| world.node(NodePlace::Made(maker, kind)))),
            Some(NodePlace::Made(maker, kind)) => world.made_thing(reader, (maker, kind), key),
            Some(NodePlace::Referrers(owner)) => world.referrers(owner, key),
            Some(NodePlace::Outputs { owner, reader }) => world.output(owner, reader, key),
            Some(NodePlace::Terraform { owner, address, missing }) => Ok(Some(world.terraform(owner, &address, missing, key))),
            Some(NodePlace::Platform) => match world.model.platform.value.get(key) {
                Some(value) if !value.is_dynamic() => Ok(Some(match &value.data {
                    Data::List(_) | Data::Map(_) => world
                        .node(NodePlace::Value { sight: language(&world.definitions.language.platform).field(key), value: value.clone() }),
                    Data::Null
                    | Data::Bool(_)
                    | Data::Int(_)
                    | Data::Float(_)
                    | Data::String(_)
                    | Data::Template(_)
                    | Data::Pending(_)
                    | Data::Late(_)
                    | Data::Broken => world.see(language(&world.definitions.language.platform).field(key), value)?,
                })),
                Some(_) | None => Ok(None),
            },
            Some(NodePlace::Environment(environment)) => {
                if let Some(kind) = root::held_by_environment(key) {
                    world.too_early(Later::Things(kind))?;
                    world.outside.set(true);
                    return Ok(Some(world.node(NodePlace::In(environment, kind))));
                }
                let environment = world.model.environment(environment);
                match key {
                    "name" => {
                        world.gives(environment.identity.value());
                        Ok(Some(Val::String(Arc::clone(environment.identity.text()))))
                    }
                    _ => match environment.value.get(key) {
                        // What is evaluated for each stack has no value here.
                        Some(value) if value.is_dynamic() => Ok(None),
                        Some(value) => world.see(language(&world.definitions.language.environment).field(key), value).map(Some),
                        None => Ok(None),
                    },
                }
            }
            None => Ok(None),
        }
    }

    fn keyed(&self, node: HostNode, key: &str) -> Result<Option<Val>, Fault> {
        let Some(NodePlace::Every(plural)) = self.world.place(node) else { return self.field(node, key) };
        match self.world.called_so(plural, key)? {
            Some(id) => {
                self.world.meets(self.owner.unwrap_or(plural.owner), id);
                Ok(Some(self.world.node(NodePlace::Entity(id))))
            }
            None => self.field(node, key),
        }
    }

    fn fields(&self, node: HostNode) -> Vec<Arc<str>> {
        let world = self.world;
        let keys = |value: Option<&Value>| -> Vec<Arc<str>> {
            value.and_then(Value::as_map).map(Map::entries).unwrap_or_default().iter().map(|entry| Arc::clone(&entry.key)).collect()
        };
        match world.place(node) {
            Some(NodePlace::Value { sight, value }) => keys(Some(&world.unfolded(&sight, &value).map_or(value, |(value, _)| value))),
            Some(NodePlace::Entity(entity)) => world.entity_fields(entity),
            Some(NodePlace::Every(plural)) => world.names().all(plural).iter().map(|id| Arc::clone(&world.entity(*id).name)).collect(),
            Some(NodePlace::In(environment, kind)) => {
                world.index.of(environment, kind, None).iter().map(|id| Arc::clone(&world.entity(*id).name)).collect()
            }
            Some(NodePlace::Environments(owner)) => world.names().environments(owner),
            Some(NodePlace::Let(owner)) => keys(world.whole_section(owner, "let").as_ref()),
            Some(NodePlace::Outputs { owner, .. }) => keys(world.whole_section(owner, "outputs").as_ref()),
            Some(NodePlace::Makings(maker)) => world.makes_kinds(maker),
            Some(NodePlace::Made(maker, kind)) => world.index.makings(maker, kind).map(Arc::clone).collect(),
            Some(NodePlace::Referrers(owner)) => world.referring_fields(world.entity(owner).kind),
            Some(NodePlace::Terraform { .. }) | None => Vec::new(),
            Some(NodePlace::Platform) => keys(Some(&world.model.platform.value)),
            Some(NodePlace::Environment(environment)) => {
                let mut names = keys(Some(&world.model.environment(environment).value));
                names.insert(0, "name".into());
                names
            }
        }
    }

    fn has_fields(&self, node: HostNode) -> bool {
        match self.world.place(node) {
            Some(NodePlace::Value { sight, value }) if !sight.is_written() => value.as_map().is_some_and(|map| !map.entries().is_empty()),
            Some(NodePlace::Every(plural)) => !self.world.names().all(plural).is_empty(),
            Some(NodePlace::In(environment, kind)) => !self.world.index.of(environment, kind, None).is_empty(),
            Some(NodePlace::Entity(_) | NodePlace::Environment(_) | NodePlace::Environments(_) | NodePlace::Referrers(_)) => true,
            Some(
                NodePlace::Value { .. }
                | NodePlace::Let(_)
                | NodePlace::Makings(_)
                | NodePlace::Made(..)
                | NodePlace::Outputs { .. }
                | NodePlace::Terraform { .. }
                | NodePlace::Platform,
            )
            | None => !self.fields(node).is_empty(),
        }
    }

    fn is_new_pattern(&self, pattern: &Arc<str>) -> bool {
        self.world.is_new_pattern(pattern)
    }

    fn declared(&self, node: HostNode) -> Vec<Arc<str>> {
        let Some(place) = self.world.place(node) else { return Vec::new() };
        let fields = self.world.type_of(&place).map(|type_| type_.fields().map(|(name, _)| name.into()));
        let plurals = Kind::ALL.map(Kind::plural).into_iter().filter(|plural| root::held_by_environment(plural).is_some());
        let held = plurals.filter(|_| matches!(place, NodePlace::Environment(_))).map(Arc::from);
        fields.into_iter().flatten().chain(held).collect()
    }

    fn elsewhere(&self, node: HostNode, key: &str) -> Option<Absence> {
        self.world.lacking(node, self.owner, key)
    }

    fn switched_off(&self, node: HostNode, key: &str, read: Span) -> Option<Box<Diagnostic>> {
        self.world.switched_off(node, key, read).map(Box::new)
    }

    fn declaration(&self, node: HostNode, key: &str) -> Option<Declaration> {
        self.world.declaration(node, key)
    }

    fn item(&self, node: HostNode, at: usize) -> Result<Option<Val>, Fault> {
        match self.world.place(node) {
            Some(NodePlace::Value { sight, value }) => match value.as_list().and_then(|items| items.get(at)) {
                Some(item) => self.world.see(sight.entering_item(at, item), item).map(Some),
                None => Ok(None),
            },
            Some(
                NodePlace::Entity(_)
                | NodePlace::Every(_)
                | NodePlace::In(..)
                | NodePlace::Environments(_)
                | NodePlace::Referrers(_)
                | NodePlace::Let(_)
                | NodePlace::Makings(_)
                | NodePlace::Made(..)
                | NodePlace::Outputs { .. }
                | NodePlace::Terraform { .. }
                | NodePlace::Platform
                | NodePlace::Environment(_),
            )
            | None => Ok(None),
        }
    }

    fn steps_left(&self) -> Option<usize> {
        self.world.allowance.steps(self.owner)
    }

    fn unaffordable(&self, span: Span) -> Fault {
        // That the platform as a whole is too costly is told by whoever gives out its steps.
        if self.world.is_exhausted() || !self.world.told.borrow_mut().insert(self.owner) {
            return Fault::Reported;
        }
        Fault::Diagnostic(Box::new(errors::thing_too_costly(span)))
    }

    fn tells_cost(&self) {
        self.world.told.borrow_mut().insert(self.owner);
    }

    fn spend(&self, steps: usize) {
        self.world.allowance.spend(self.owner, steps);
    }

    fn thing(&self, node: HostNode) -> Option<&'static str> {
        World::thing(&Val::Node(node)).map(|id| self.world.entity(id).kind.article())
    }

    fn written(&self, node: HostNode) -> Result<Val, Fault> {
        let forced = self.force(node)?;
        // A plural holds its things; what a thing or a value refers to is elsewhere, and may refer back.
        match self.world.place(node) {
            Some(NodePlace::Every(_) | NodePlace::In(..) | NodePlace::Environments(_)) | None => Ok(forced),
            Some(_) => Ok(self.world.called(forced)),
        }
    }

    fn has_read_secret(&self) -> bool {
        self.world.tainted().get()
    }

    fn set_read_secret(&self, read: bool) {
        self.world.tainted().set(read);
    }

    fn force(&self, node: HostNode) -> Result<Val, Fault> {
        match self.world.place(node) {
            Some(NodePlace::Value { sight, value }) if sight.is_written() => {
                let (value, sight) = self.world.unfolded(&sight, &value)?;
                self.parts(&sight, &value)
            }
            Some(NodePlace::Value { sight, value }) => self.parts(&sight, &value),
            Some(
                NodePlace::Entity(_)
                | NodePlace::Every(_)
                | NodePlace::In(..)
                | NodePlace::Environments(_)
                | NodePlace::Referrers(_)
                | NodePlace::Let(_)
                | NodePlace::Makings(_)
                | NodePlace::Made(..)
                | NodePlace::Outputs { .. }
                | NodePlace::Terraform { .. }
                | NodePlace::Platform
                | NodePlace::Environment(_),
            ) => {
                let mut entries = Vec::new();
                let names = self.fields(node);
                self.spend(names.len().saturating_mul(FORCED));
                for name in names {
                    if let Some(val) = self.field(node, &name)? {
                        entries.push((Key::String(name), val));
                    }
                }
                Ok(Val::map(entries))
            }
            None => Err(Fault::Reported),
        }
    }
}
