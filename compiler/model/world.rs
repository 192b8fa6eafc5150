//! What expressions see: a [`Host`] over the entities of a model. Values are evaluated when something reads them, once, with a check for
//! circles. The same world serves values of definitions (whose templates are still in the model) and templates of classes.

use super::naming;
use super::{Entity, EntityId, Index, Model, errors};
use crate::definition::{Class, Definitions};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expression::{Fault, Host, Key, Late, LateReference, Node, Step, Target, Template, Val};
use crate::name::Kind;
use crate::origin::Origin;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Deepest chain of values that read each other.
const DEEPEST: u32 = 150;

/// The model as expressions see it.
pub(crate) struct World<'a> {
    pub(crate) definitions: &'a Definitions,
    pub(crate) model: &'a Model,
    index: &'a Index,
    /// Evaluated templates, by the entity they belong to and the template.
    memo: RefCell<BTreeMap<(EntityId, usize), State>>,
    /// Lists and maps that expressions hold while one outermost expression is evaluated.
    places: RefCell<Vec<Place>>,
    /// Values being evaluated, outermost first: where each stands.
    busy: RefCell<Vec<(usize, Span)>>,
    depth: Cell<u32>,
    pub(crate) diagnostics: RefCell<Diagnostics>,
}

#[derive(Clone)]
enum State {
    Busy,
    Done(Value),
    Failed,
}

/// What a node stands for.
#[derive(Clone)]
enum Place {
    /// A list or map of an entity's value, or of its class's `let` and `outputs`.
    Value { owner: EntityId, value: Value, scope: Within },
    /// An entity as a whole.
    Entity(EntityId),
    /// All entities of a kind that the owner can see.
    Kind { owner: EntityId, kind: Kind },
    /// The `let` of an entity's class.
    Let(EntityId),
    /// The outputs of an entity, as another one reads them.
    Outputs { owner: EntityId, reader: EntityId },
    /// A part of a Terraform address: `resource`, `resource.aws_vpc`, `data`, `module`.
    Terraform { owner: EntityId, address: Arc<str>, missing: u8 },
    /// The platform.
    Platform,
    /// An environment.
    Environment(super::EnvironmentId),
}

/// Which names an expression may use beside the entity and its surroundings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Within {
    /// A definition.
    Definition,
    /// A class: `let`, `resource`, `data` and `module` too.
    Class,
}

/// The names in scope at one place.
pub(crate) struct Scope<'w, 'a> {
    pub(crate) world: &'w World<'a>,
    pub(crate) owner: Option<EntityId>,
    pub(crate) within: Within,
    /// Iterators of loops, innermost last.
    pub(crate) locals: Vec<(Arc<str>, Val)>,
    /// Positions of the iterators.
    pub(crate) index: Vec<(Arc<str>, i64)>,
    /// `environment` and `stack`, where there is no entity.
    pub(crate) stack: Option<(super::EnvironmentId, Arc<str>)>,
}

impl<'a> World<'a> {
    pub(crate) fn new(definitions: &'a Definitions, model: &'a Model, index: &'a Index) -> Self {
        Self {
            definitions,
            model,
            index,
            memo: RefCell::new(BTreeMap::new()),
            places: RefCell::new(Vec::new()),
            busy: RefCell::new(Vec::new()),
            depth: Cell::new(0),
            diagnostics: RefCell::new(Diagnostics::default()),
        }
    }

    pub(crate) fn report(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    pub(crate) fn class(&self, entity: &Entity) -> Option<&'a Class> {
        self.definitions.classes.get(entity.class.0 as usize)
    }

    /// The scope of an entity's own values or of its class.
    pub(crate) fn scope(&self, owner: EntityId, within: Within) -> Scope<'_, 'a> {
        Scope { world: self, owner: Some(owner), within, locals: Vec::new(), index: Vec::new(), stack: None }
    }

    /// A value of an entity (or of its class) with all templates evaluated. What cannot be evaluated is reported and left out.
    pub(crate) fn evaluate(&self, owner: EntityId, value: &Value, within: Within) -> Option<Value> {
        if !value.is_dynamic() {
            return Some(value.clone());
        }
        match &value.data {
            Data::Template(template) => self.template(owner, template, value, within).ok(),
            Data::List(list) => {
                let items = list.items().iter().filter_map(|item| self.evaluate(owner, item, within)).collect();
                Some(Value { overridden: value.overridden.clone(), ..Value::list(items, value.origin) })
            }
            Data::Map(map) => {
                let mut entries = Vec::with_capacity(map.entries().len());
                for entry in map.entries() {
                    if let Some(template) = &entry.template {
                        self.report(errors::key_with_expression(&entry.key, template.span));
                    } else if let Some(value) = self.evaluate(owner, &entry.value, within) {
                        entries.push(Entry { value, ..entry.clone() });
                    }
                }
                Some(Value { overridden: value.overridden.clone(), ..Value::map(entries, value.origin) })
            }
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) => Some(value.clone()),
        }
    }

    /// One template of an entity, evaluated once. A fault is reported here, with the entity's path, and afterwards silent.
    fn template(&self, owner: EntityId, template: &Arc<Template>, value: &Value, within: Within) -> Result<Value, Fault> {
        let key = (owner, Arc::as_ptr(template) as usize);
        let known = self.memo.borrow().get(&key).cloned();
        match known {
            Some(State::Done(value)) => return Ok(value),
            Some(State::Failed) => return Err(Fault::Reported),
            Some(State::Busy) => {
                let busy = self.busy.borrow();
                let start = busy.iter().position(|(at, _)| *at == key.1).unwrap_or(0);
                let spans: Vec<Span> = busy.get(start..).unwrap_or(&[]).iter().map(|(_, span)| *span).collect();
                return Err(Fault::Diagnostic(Box::new(errors::expression_cycle(&spans))));
            }
            None => {}
        }
        if self.depth.get() >= DEEPEST {
            return Err(Fault::Diagnostic(Box::new(errors::evaluation_too_deep(template.span, DEEPEST))));
        }
        self.memo.borrow_mut().insert(key, State::Busy);
        self.busy.borrow_mut().push((key.1, template.span));
        let scope = self.scope(owner, within);
        let result = self.nested(|| self.run(&scope, template, Target::Plain, value.origin));
        self.busy.borrow_mut().pop();
        let result = match result {
            Ok(mut result) => {
                result.overridden.clone_from(&value.overridden);
                Ok(result)
            }
            Err(Fault::Diagnostic(diagnostic)) => {
                let path = self.model.entity(owner).path.to_string();
                self.report(if diagnostic.path.is_none() { diagnostic.path(path) } else { *diagnostic });
                Err(Fault::Reported)
            }
            Err(Fault::Reported) => Err(Fault::Reported),
        };
        let state = result.as_ref().map_or(State::Failed, |value| State::Done(value.clone()));
        self.memo.borrow_mut().insert(key, state);
        result
    }

    /// Evaluates a template in a scope to a value.
    pub(crate) fn run(&self, scope: &Scope<'_, 'a>, template: &Template, target: Target, origin: Origin) -> Result<Value, Fault> {
        match self.run_optional(scope, template, target, origin)? {
            Some(value) => Ok(value),
            None => Err(Fault::Diagnostic(Box::new(errors::no_value(template.span)))),
        }
    }

    /// The same, with none where the expression gives an optional without a value.
    pub(crate) fn run_optional(
        &self,
        scope: &Scope<'_, 'a>,
        template: &Template,
        target: Target,
        origin: Origin,
    ) -> Result<Option<Value>, Fault> {
        // A bare path keeps what it leads to, origins included: `explain` and policies then point to the user's own line.
        if let Some(steps) = template.single().and_then(|expr| expr.path())
            && let Some(value) = self.walk(scope, &steps)
        {
            return Ok(Some(value));
        }
        let val = template.evaluate(scope, target)?;
        if let Val::Optional(None) = val {
            return Ok(None);
        }
        self.value(scope, &val, template.span, origin).map(Some)
    }

    /// Follows a path through definitions' values, without evaluating a whole expression; none if it leads elsewhere or nowhere.
    fn walk(&self, scope: &Scope<'_, 'a>, steps: &[Step]) -> Option<Value> {
        let mut steps = steps.iter();
        let Some(Step::Name(first)) = steps.next() else { return None };
        let owner = scope.owner?;
        if scope.locals.iter().any(|(name, _)| name == first) {
            return None;
        }
        let entity = if &**first == "self" { owner } else { self.surrounding(owner, Kind::from_singular(first)?)? };
        let mut value = self.model.entity(entity).value.clone();
        let mut moved = false;
        for step in steps {
            value = match step {
                Step::Name(name) => value.get(name)?.clone(),
                Step::Index(at) => value.as_list()?.get(usize::try_from(*at).ok()?)?.clone(),
            };
            if value.is_dynamic() {
                // Evaluating here keeps the same order and the same checks for circles as the general way.
                return None;
            }
            moved = true;
        }
        moved.then_some(value)
    }

    /// A result of an expression as a value; containers of definitions keep their origins.
    pub(crate) fn value(&self, scope: &Scope<'_, 'a>, val: &Val, span: Span, origin: Origin) -> Result<Value, Fault> {
        let data = match val {
            Val::Null => Data::Null,
            Val::Bool(bool) => Data::Bool(*bool),
            Val::Int(int) => Data::Int(*int),
            Val::Uint(uint) => match i64::try_from(*uint) {
                Ok(int) => Data::Int(int),
                Err(_) => return Err(Fault::Diagnostic(Box::new(errors::number_too_large(span)))),
            },
            Val::Double(double) if double.is_finite() => Data::Float(*double),
            Val::Double(_) => return Err(Fault::Diagnostic(Box::new(errors::number_too_large(span)))),
            Val::String(text) => Data::String(Arc::clone(text)),
            Val::Opaque(opaque) => Data::String(opaque.to_string().into()),
            Val::Late(late) => Data::Late(Arc::clone(late)),
            Val::Bytes(_) | Val::Type(_) => return Err(Fault::Diagnostic(Box::new(errors::not_a_value(val.describe(), span)))),
            Val::Optional(Some(inner)) => return self.value(scope, inner, span, origin),
            Val::Optional(None) => return Err(Fault::Diagnostic(Box::new(errors::no_value(span)))),
            Val::List(items) => {
                let items = items.iter().map(|item| self.value(scope, item, span, origin)).collect::<Result<_, _>>()?;
                return Ok(Value::list(items, origin));
            }
            Val::Map(map) => {
                let mut entries = Vec::new();
                for (key, val) in map.entries() {
                    if let Val::Optional(None) = val {
                        continue;
                    }
                    entries.push(Entry::plain(key.to_string(), origin.span, self.value(scope, val, span, origin)?));
                }
                return Ok(Value::map(entries, origin));
            }
            Val::Node(node) => return self.node_value(scope, *node, span, origin),
        };
        Ok(Value::new(data, origin))
    }

    fn node_value(&self, scope: &Scope<'_, 'a>, node: Node, span: Span, origin: Origin) -> Result<Value, Fault> {
        match self.place(node) {
            Some(Place::Value { owner, value, scope: within }) => self.evaluate(owner, &value, within).ok_or(Fault::Reported),
            Some(Place::Entity(entity)) => {
                self.evaluate(entity, &self.model.entity(entity).value, Within::Definition).ok_or(Fault::Reported)
            }
            Some(
                Place::Kind { .. }
                | Place::Let(_)
                | Place::Outputs { .. }
                | Place::Terraform { .. }
                | Place::Platform
                | Place::Environment(_),
            ) => {
                let forced = self.nested(|| scope.force(node))?;
                if let Val::Node(_) = forced {
                    return Err(Fault::Diagnostic(Box::new(errors::not_a_value("this", span))));
                }
                self.value(scope, &forced, span, origin)
            }
            None => Err(Fault::Reported),
        }
    }

    fn nested<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        self.depth.set(self.depth.get() + 1);
        let result = work();
        self.depth.set(self.depth.get() - 1);
        if self.depth.get() == 0 {
            self.places.borrow_mut().clear();
        }
        result
    }

    /// Runs `work` so that nodes made inside stay valid until it ends.
    pub(crate) fn session<T>(&self, work: impl FnOnce() -> T) -> T {
        self.depth.set(self.depth.get() + 1);
        let result = work();
        self.depth.set(self.depth.get() - 1);
        if self.depth.get() == 0 {
            self.places.borrow_mut().clear();
        }
        result
    }

    fn node(&self, place: Place) -> Val {
        let mut places = self.places.borrow_mut();
        places.push(place);
        Val::Node(Node(places.len() as u64 - 1))
    }

    fn place(&self, node: Node) -> Option<Place> {
        self.places.borrow().get(usize::try_from(node.0).ok()?).cloned()
    }

    /// A value of an entity as expressions see it: scalars at once, the rest as nodes.
    pub(crate) fn see(&self, owner: EntityId, value: &Value, within: Within) -> Result<Val, Fault> {
        Ok(match &value.data {
            Data::Null => Val::Null,
            Data::Bool(bool) => Val::Bool(*bool),
            Data::Int(int) => Val::Int(*int),
            Data::Float(float) => Val::Double(*float),
            Data::String(text) => Val::String(Arc::clone(text)),
            Data::Late(late) => Val::Late(Arc::clone(late)),
            Data::List(_) | Data::Map(_) => self.node(Place::Value { owner, value: value.clone(), scope: within }),
            Data::Template(template) => {
                let result = self.template(owner, template, value, within)?;
                return self.see(owner, &result, within);
            }
        })
    }

    /// The entity of a kind around an entity, or itself.
    pub(crate) fn surrounding(&self, owner: EntityId, kind: Kind) -> Option<EntityId> {
        let entity = self.model.entity(owner);
        if entity.kind == kind {
            return Some(owner);
        }
        match kind {
            Kind::Cluster => entity.cluster,
            Kind::Tenant => entity.tenant,
            Kind::NodePool | Kind::Service | Kind::Application | Kind::Infrastructure => None,
        }
    }

    /// All entities of a kind an entity sees, by name: those on its cluster, or those of its environment.
    pub(crate) fn visible(&self, owner: EntityId, kind: Kind) -> Vec<EntityId> {
        let entity = self.model.entity(owner);
        let cluster = match kind {
            Kind::Cluster | Kind::Infrastructure => None,
            Kind::NodePool | Kind::Service | Kind::Tenant | Kind::Application => {
                match (entity.kind, entity.cluster) {
                    (Kind::Cluster, _) => Some(owner),
                    (_, Some(cluster)) => Some(cluster),
                    // Without a cluster there is no one service of a name.
                    (_, None) => return Vec::new(),
                }
            }
        };
        self.index.of(entity.environment, kind, cluster).to_vec()
    }

    /// A field of an entity: its own fields first, then what is computed for it.
    fn entity_field(&self, reader: EntityId, entity: EntityId, key: &str) -> Result<Option<Val>, Fault> {
        let found = self.model.entity(entity);
        if let Some(value) = found.value.get(key) {
            return self.see(entity, value, Within::Definition).map(Some);
        }
        Ok(match (key, found.kind) {
            ("name", _) => Some(Val::String(Arc::clone(&found.name))),
            ("outputs", _) => Some(self.node(Place::Outputs { owner: entity, reader })),
            ("nodePools", Kind::Cluster) => Some(self.node(Place::Kind { owner: entity, kind: Kind::NodePool })),
            (_, Kind::Cluster) => match naming::field(self, entity, key)? {
                Some(value) => Some(self.see(entity, &value, Within::Definition)?),
                None => None,
            },
            (_, Kind::NodePool | Kind::Service | Kind::Tenant | Kind::Application | Kind::Infrastructure) => None,
        })
    }

    fn entity_fields(&self, entity: EntityId) -> Vec<Arc<str>> {
        let found = self.model.entity(entity);
        let mut names: Vec<Arc<str>> =
            found.value.as_map().map(Map::entries).unwrap_or_default().iter().map(|entry| Arc::clone(&entry.key)).collect();
        names.extend(["name", "outputs"].map(Arc::from));
        if found.kind == Kind::Cluster {
            names.push("nodePools".into());
            names.extend(naming::FIELDS.map(Arc::from));
        }
        names
    }

    /// Fields that the class declares but nothing has set.
    pub(crate) fn declared(&self, entity: EntityId) -> Vec<Arc<str>> {
        let class = self.class(self.model.entity(entity));
        class.map(|class| class.type_.fields().map(|(name, _)| name.into()).collect()).unwrap_or_default()
    }

    /// An output of an entity, as a reader in another place sees it.
    fn output(&self, owner: EntityId, reader: EntityId, key: &str) -> Result<Option<Val>, Fault> {
        let entity = self.model.entity(owner);
        let Some(value) = self.class(entity).and_then(|class| class.section("outputs")).and_then(|outputs| outputs.get(key)) else {
            return Ok(None);
        };
        let scope = self.scope(owner, Within::Class);
        let val = match &value.data {
            Data::Template(template) => self.nested(|| template.evaluate(&scope, Target::Terraform))?,
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::List(_) | Data::Map(_) | Data::Late(_) => {
                self.see(owner, value, Within::Class)?
            }
        };
        let reader = self.model.entity(reader);
        let same_stack = reader.environment == entity.environment && reader.stack == entity.stack;
        // A list of late values is one output, so another stack reads it as a whole.
        if same_stack || !self.value(&scope, &val, value.origin.span, value.origin)?.is_late() {
            return Ok(Some(val));
        }
        Ok(entity.stack.as_ref().map(|stack| {
            let name = naming::output(entity, key);
            Val::Late(Arc::new(Late::reference(LateReference {
                stack: Arc::clone(stack),
                address: name.as_str().into(),
                output: Some(name.into()),
                span: value.origin.span,
            })))
        }))
    }

    fn terraform(&self, owner: EntityId, address: &str, missing: u8, key: &str) -> Val {
        let joined: Arc<str> = if address.is_empty() { key.into() } else { format!("{address}.{key}").into() };
        if missing > 1 {
            return self.node(Place::Terraform { owner, address: joined, missing: missing - 1 });
        }
        let stack = self.model.entity(owner).stack.clone().unwrap_or_else(|| "".into());
        let span = self.busy.borrow().last().map_or(self.model.entity(owner).defined, |(_, span)| *span);
        Val::Late(Arc::new(Late::reference(LateReference { stack, address: joined, output: None, span })))
    }
}

impl Host for Scope<'_, '_> {
    fn name(&self, name: &str) -> Result<Option<Val>, Fault> {
        if let Some((_, val)) = self.locals.iter().rev().find(|(local, _)| &**local == name) {
            return Ok(Some(val.clone()));
        }
        if name == "index" && !self.index.is_empty() {
            return Ok(Some(Val::map(self.index.iter().map(|(name, at)| (Key::String(Arc::clone(name)), Val::Int(*at))))));
        }
        let world = self.world;
        if let Some((environment, stack)) = &self.stack {
            match name {
                "environment" => return Ok(Some(world.node(Place::Environment(*environment)))),
                "stack" => return Ok(Some(Val::map([(Key::String("name".into()), Val::String(Arc::clone(stack)))]))),
                _ => {}
            }
        }
        if name == "platform" {
            return Ok(Some(world.node(Place::Platform)));
        }
        let Some(owner) = self.owner else { return Ok(None) };
        let entity = world.model.entity(owner);
        Ok(match name {
            "self" => Some(world.node(Place::Entity(owner))),
            "environment" => Some(world.node(Place::Environment(entity.environment))),
            "stack" => entity.stack.as_ref().map(|stack| Val::map([(Key::String("name".into()), Val::String(Arc::clone(stack)))])),
            "let" if self.within == Within::Class => Some(world.node(Place::Let(owner))),
            "resource" if self.within == Within::Class => Some(world.node(Place::Terraform { owner, address: "".into(), missing: 2 })),
            "data" if self.within == Within::Class => Some(world.node(Place::Terraform { owner, address: "data".into(), missing: 2 })),
            "module" if self.within == Within::Class => Some(world.node(Place::Terraform { owner, address: "module".into(), missing: 1 })),
            _ => match (Kind::from_singular(name), Kind::from_plural(name)) {
                // `infrastructure` is its own plural: inside one it is the thing itself, elsewhere all of them.
                (Some(kind), _) if world.surrounding(owner, kind).is_some() => {
                    world.surrounding(owner, kind).map(|found| world.node(Place::Entity(found)))
                }
                (_, Some(kind)) => Some(world.node(Place::Kind { owner, kind })),
                (_, None) => None,
            },
        })
    }

    fn names(&self) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = self.locals.iter().map(|(name, _)| Arc::clone(name)).collect();
        if !self.index.is_empty() {
            names.push("index".into());
        }
        names.push("platform".into());
        if self.stack.is_some() || self.owner.is_some() {
            names.extend(["environment", "stack"].map(Arc::from));
        }
        let Some(owner) = self.owner else { return names };
        names.push("self".into());
        names
            .extend(Kind::ALL.into_iter().filter(|kind| self.world.surrounding(owner, *kind).is_some()).map(|kind| kind.singular().into()));
        names.extend(Kind::ALL.map(|kind| kind.plural().into()));
        if self.within == Within::Class {
            names.extend(["let", "resource", "data", "module"].map(Arc::from));
        }
        names
    }

    fn field(&self, node: Node, key: &str) -> Result<Option<Val>, Fault> {
        let world = self.world;
        let reader = self.owner;
        match world.place(node) {
            Some(Place::Value { owner, value, scope }) => match value.get(key) {
                Some(value) => world.see(owner, value, scope).map(Some),
                None => Ok(None),
            },
            Some(Place::Entity(entity)) => world.entity_field(reader.unwrap_or(entity), entity, key),
            Some(Place::Kind { owner, kind }) => {
                let found = world.visible(owner, kind).into_iter().find(|id| &*world.model.entity(*id).name == key);
                Ok(found.map(|id| world.node(Place::Entity(id))))
            }
            Some(Place::Let(owner)) => {
                let class = world.class(world.model.entity(owner));
                match class.and_then(|class| class.section("let")).and_then(|section| section.get(key)) {
                    Some(value) => world.see(owner, value, Within::Class).map(Some),
                    None => Ok(None),
                }
            }
            Some(Place::Outputs { owner, reader }) => world.output(owner, reader, key),
            Some(Place::Terraform { owner, address, missing }) => Ok(Some(world.terraform(owner, &address, missing, key))),
            Some(Place::Platform) => match world.model.platform.value.get(key) {
                Some(value) if !value.is_dynamic() => Ok(Some(match &value.data {
                    Data::List(_) | Data::Map(_) => {
                        world.node(Place::Value { owner: EntityId(0), value: value.clone(), scope: Within::Definition })
                    }
                    Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Template(_) | Data::Late(_) => {
                        world.see(EntityId(0), value, Within::Definition)?
                    }
                })),
                Some(_) | None => Ok(None),
            },
            Some(Place::Environment(environment)) => {
                let environment = world.model.environment(environment);
                match key {
                    "name" => Ok(Some(Val::String(Arc::clone(&environment.name)))),
                    _ => match environment.value.get(key) {
                        Some(value) => world.see(EntityId(0), value, Within::Definition).map(Some),
                        None => Ok(None),
                    },
                }
            }
            None => Ok(None),
        }
    }

    fn fields(&self, node: Node) -> Vec<Arc<str>> {
        let world = self.world;
        let keys = |value: Option<&Value>| -> Vec<Arc<str>> {
            value.and_then(Value::as_map).map(Map::entries).unwrap_or_default().iter().map(|entry| Arc::clone(&entry.key)).collect()
        };
        match world.place(node) {
            Some(Place::Value { value, .. }) => keys(Some(&value)),
            Some(Place::Entity(entity)) => world.entity_fields(entity),
            Some(Place::Kind { owner, kind }) => {
                world.visible(owner, kind).into_iter().map(|id| Arc::clone(&world.model.entity(id).name)).collect()
            }
            Some(Place::Let(owner)) => keys(world.class(world.model.entity(owner)).and_then(|class| class.section("let"))),
            Some(Place::Outputs { owner, .. }) => keys(world.class(world.model.entity(owner)).and_then(|class| class.section("outputs"))),
            Some(Place::Terraform { .. }) | None => Vec::new(),
            Some(Place::Platform) => keys(Some(&world.model.platform.value)),
            Some(Place::Environment(environment)) => {
                let mut names = keys(Some(&world.model.environment(environment).value));
                names.insert(0, "name".into());
                names
            }
        }
    }

    fn force(&self, node: Node) -> Result<Val, Fault> {
        match self.world.place(node) {
            Some(Place::Value { owner, value, scope }) => match &value.data {
                Data::List(list) => {
                    let items = list.items().iter().map(|item| self.world.see(owner, item, scope)).collect::<Result<_, _>>()?;
                    Ok(Val::list(items))
                }
                Data::Map(map) => {
                    let mut entries = Vec::with_capacity(map.entries().len());
                    for entry in map.entries() {
                        entries.push((Key::String(Arc::clone(&entry.key)), self.world.see(owner, &entry.value, scope)?));
                    }
                    Ok(Val::map(entries))
                }
                Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Template(_) | Data::Late(_) => {
                    self.world.see(owner, &value, scope)
                }
            },
            Some(
                Place::Entity(_)
                | Place::Kind { .. }
                | Place::Let(_)
                | Place::Outputs { .. }
                | Place::Terraform { .. }
                | Place::Platform
                | Place::Environment(_),
            ) => {
                let mut entries = Vec::new();
                for name in self.fields(node) {
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
