//! What expressions see: a [`Host`] over the entities of a model. Values are evaluated when something reads them, once, with a check for
//! circles. The same world serves values of definitions (whose templates are still in the model) and templates of classes.

use super::allowance::{Allowance, Cost, Exhausted};
use super::found::Met;
use super::names::{Names, To};
use super::outcome::Why;
use super::scope::Scope;
use super::{Entity, EntityId, EnvironmentId, Index, Model, errors};
use crate::definition::root::Within;
use crate::definition::{Class, Definitions};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::expression::{Fault, Node, Target, Template, Val};
use crate::limit::READING_CHAIN;
use crate::name::Kind;
use crate::origin::Origin;
use crate::path::Step;
use crate::secret::Secrets;
use crate::span::Span;
use crate::value::{Cause, Data, Entry, History, Value};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Deepest chain of values that read each other.
const DEEPEST: u32 = READING_CHAIN as u32;

/// So many regular expressions are paid for once only.
const PATTERNS: usize = 32;

/// The model as expressions see it.
pub(crate) struct World<'a> {
    pub(crate) definitions: &'a Definitions,
    pub(crate) model: &'a Model,
    pub(super) index: &'a Index,
    /// Evaluated templates, by the entity they belong to and the template.
    memo: RefCell<BTreeMap<(EntityId, usize), State>>,
    /// Lists and maps that expressions hold while one outermost expression is evaluated.
    places: RefCell<Vec<Place>>,
    /// Values being evaluated, outermost first: where each stands.
    pub(super) busy: RefCell<Vec<(usize, Span)>>,
    depth: Cell<u32>,
    pub(super) allowance: Allowance,
    /// Expressions that were found to read a secret.
    pub(super) tainting: RefCell<Secrets>,
    /// Whether the evaluation at hand has read one.
    pub(super) tainted: Cell<bool>,
    /// Things that computed names gave, and all others that were met by name.
    pub(super) met: RefCell<BTreeSet<Met>>,
    /// Where the expression at hand stands.
    pub(super) at: Cell<Option<Span>>,
    /// Whether the evaluation at hand has met anything but the thing itself and what all things of its environment share.
    pub(super) outside: Cell<bool>,
    /// What it has read.
    pub(super) reads: RefCell<Vec<Cause>>,
    /// What was given to it last, if its place in the expression is not known yet.
    pub(super) given: RefCell<Option<Value>>,
    /// Things of which it is told that their expressions take too many steps.
    pub(super) told: RefCell<BTreeSet<Option<EntityId>>>,
    /// Outputs that were worked out, by the entity and the template, and whether anything else was met on the way.
    pub(super) outputs: RefCell<BTreeMap<(EntityId, usize), (Value, bool)>>,
    /// Regular expressions that were met and paid for.
    patterns: RefCell<BTreeSet<Arc<str>>>,
    pub(crate) diagnostics: RefCell<Diagnostics>,
}

#[derive(Clone)]
enum State {
    Busy,
    /// And whether anything else was met on the way.
    Done(Value, bool),
    Failed,
}

/// What a node stands for.
#[derive(Clone)]
pub(super) enum Place {
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
    Environment(EnvironmentId),
}

impl<'a> World<'a> {
    /// A world whose evaluations may cost so much together.
    pub(crate) fn new(definitions: &'a Definitions, model: &'a Model, index: &'a Index, cost: Cost) -> Self {
        Self {
            definitions,
            model,
            index,
            memo: RefCell::new(BTreeMap::new()),
            places: RefCell::new(Vec::new()),
            busy: RefCell::new(Vec::new()),
            depth: Cell::new(0),
            allowance: Allowance::new(cost),
            told: RefCell::new(BTreeSet::new()),
            outputs: RefCell::new(BTreeMap::new()),
            patterns: RefCell::new(BTreeSet::new()),
            tainting: RefCell::new(Secrets::default()),
            met: RefCell::new(BTreeSet::new()),
            at: Cell::new(None),
            outside: Cell::new(false),
            reads: RefCell::new(Vec::new()),
            given: RefCell::new(None),
            tainted: Cell::new(false),
            diagnostics: RefCell::new(Diagnostics::default()),
        }
    }

    /// Whether a regular expression is met for the first time. Only a few are kept compiled, so of many all are always new.
    pub(super) fn is_new_pattern(&self, pattern: &Arc<str>) -> bool {
        let mut known = self.patterns.borrow_mut();
        if known.contains(pattern) {
            return false;
        }
        if known.len() < PATTERNS {
            known.insert(Arc::clone(pattern));
        }
        true
    }

    /// What its names stand for.
    pub(crate) fn names(&self) -> Names<'_> {
        Names::new(self.model, self.index)
    }

    /// The entity of an id.
    pub(crate) fn entity(&self, id: EntityId) -> &'a Entity {
        self.model.entity(id)
    }

    /// With what the cost was used up, if it was.
    pub(crate) fn exhausted(&self) -> Option<Exhausted> {
        self.allowance.exhausted()
    }

    /// Whether the cost is used up, so that whatever is still done is thrown away.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.allowance.exhausted().is_some()
    }

    /// Pays for walking through values of so much weight, and for keeping some of them.
    pub(crate) fn charge(&self, owner: EntityId, walked: usize, kept: usize) {
        self.allowance.charge(owner, Cost { steps: walked, weight: kept });
    }

    pub(crate) fn report(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    pub(crate) fn class(&self, entity: &Entity) -> Option<&'a Class> {
        self.definitions.classes.get(entity.class.0 as usize).map(AsRef::as_ref)
    }

    /// The scope of an entity's own values or of its class.
    pub(crate) fn scope(&self, owner: EntityId, within: Within) -> Scope<'_, 'a> {
        Scope {
            world: self,
            owner: Some(owner),
            within,
            locals: Vec::new(),
            items: Vec::new(),
            index: Vec::new(),
            stack: None,
            tainted: false,
        }
    }

    /// A value of an entity (or of its class) with all templates evaluated. What cannot be evaluated is reported and broken in its place.
    pub(crate) fn evaluate(&self, owner: EntityId, value: &Value, within: Within) -> Value {
        if !value.is_dynamic() {
            return value.clone();
        }
        let broken = || Value::broken(value.origin).after(value);
        match &value.data {
            Data::Template(template) => match self.template(owner, template, value, within) {
                Ok(value) => value,
                // A circle that closes here has nobody above who would report it.
                Err(Fault::Diagnostic(diagnostic)) => {
                    self.report(diagnostic.about(self.entity(owner).subject()));
                    broken()
                }
                Err(Fault::Reported) => broken(),
            },
            Data::List(list) => {
                let items = list.items().iter().map(|item| self.evaluate(owner, item, within)).collect();
                Value::list(items, value.origin).after(value)
            }
            Data::Map(map) => {
                let mut entries = Vec::with_capacity(map.entries().len());
                for entry in map.entries() {
                    if let Some(template) = entry.template.as_ref().filter(|template| !template.is_broken()) {
                        self.report(errors::key_with_expression(&entry.key, template.span));
                    } else {
                        entries.push(Entry { value: self.evaluate(owner, &entry.value, within), ..entry.clone() });
                    }
                }
                Value::map(entries, value.origin).after(value)
            }
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Broken => value.clone(),
        }
    }

    /// One template of an entity, evaluated once. A fault is reported here, with the entity's path, and afterwards silent.
    fn template(&self, owner: EntityId, template: &Arc<Template>, value: &Value, within: Within) -> Result<Value, Fault> {
        let key = (owner, Arc::as_ptr(template) as usize);
        let known = self.memo.borrow().get(&key).cloned();
        match known {
            Some(State::Done(value, outside)) => {
                self.outside.set(self.outside.get() || outside);
                return Ok(value);
            }
            Some(State::Failed) => {
                // It was told of another thing, so this one is not known to be like its family.
                self.outside.set(true);
                return Err(Fault::Reported);
            }
            Some(State::Busy) | None => {}
        }
        let scope = self.scope(owner, within);
        self.enter(owner, template)?;
        let (result, outside) = self.meets_others(|| self.session(|| self.run(&scope, template, Target::Plain, value.origin)));
        self.leave(owner, template);
        let result = match result {
            Ok(result) => Ok(result.over(value.overridden().cloned())),
            Err(Fault::Diagnostic(diagnostic)) => {
                self.report(diagnostic.about(self.entity(owner).subject()));
                Err(Fault::Reported)
            }
            Err(Fault::Reported) => Err(Fault::Reported),
        };
        let state = result.as_ref().map_or(State::Failed, |value| State::Done(value.clone(), outside));
        self.memo.borrow_mut().insert(key, state);
        result
    }

    /// Begins to work on a template of an entity, unless that is what is being done: then the values wait for each other. Whoever has begun
    /// says when it is done with [`World::leave`].
    pub(super) fn enter(&self, owner: EntityId, template: &Template) -> Result<(), Fault> {
        let key = (owner, std::ptr::from_ref(template) as usize);
        if let Some(State::Busy) = self.memo.borrow().get(&key) {
            let busy = self.busy.borrow();
            let start = busy.iter().position(|(at, _)| *at == key.1).unwrap_or(0);
            let spans: Vec<Span> = busy.get(start..).unwrap_or(&[]).iter().map(|(_, span)| *span).collect();
            return Err(Fault::Diagnostic(Box::new(errors::expression_cycle(&spans))));
        }
        if self.depth.get() >= DEEPEST {
            return Err(Fault::Diagnostic(Box::new(errors::evaluation_too_deep(template.span, DEEPEST))));
        }
        self.memo.borrow_mut().insert(key, State::Busy);
        self.busy.borrow_mut().push((key.1, template.span));
        Ok(())
    }

    /// Ends what was begun; nothing is known of it.
    pub(super) fn leave(&self, owner: EntityId, template: &Template) {
        self.busy.borrow_mut().pop();
        self.memo.borrow_mut().remove(&(owner, std::ptr::from_ref(template) as usize));
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
        let nodes = self.places.borrow().len();
        let before = self.tainted.replace(scope.tainted || self.model.secrets.covers(template.span));
        let outcome = self.reading(template.span, || self.outcome(scope, template, target, origin));
        let outcome = if self.tainted.replace(before) { self.taint(outcome, template.span, origin.span) } else { outcome };
        // A value holds no nodes, so those that were made on the way to it are of no use to anybody.
        self.places.borrow_mut().truncate(nodes);
        outcome?.map(|value| self.affordable(scope.owner, value, template.span)).transpose()
    }

    fn outcome(&self, scope: &Scope<'_, 'a>, template: &Template, target: Target, origin: Origin) -> Result<Option<Value>, Fault> {
        // A bare path keeps what it leads to, origins included: `explain` and policies then point to the user's own line.
        if let (Some(steps), Some(expr)) = (template.path(), template.single())
            && let Some(value) = self.walk(scope, steps)
        {
            return Ok(Some(value.handed_on(expr.span)));
        }
        let val = template.evaluate(scope, target)?;
        if let Val::Optional(None) = val {
            return Ok(None);
        }
        let history = History::made(self.reads.take());
        self.value(scope, &val, template.span, &Why { origin, history }).map(Some)
    }

    /// Follows a path through definitions' values, without evaluating a whole expression; none if it leads elsewhere or nowhere.
    fn walk(&self, scope: &Scope<'_, 'a>, steps: &[Step]) -> Option<Value> {
        let Some(Step::Key(first)) = steps.first() else { return None };
        if scope.locals.iter().any(|(name, _)| name == first) {
            return None;
        }
        let owner = scope.owner?;
        let (To::Entity(entity), fields) = self.names().bind(owner, scope.within, steps)? else { return None };
        if entity != owner {
            self.outside.set(true);
            self.meets(owner, entity);
        }
        let mut value = &self.entity(entity).value;
        for step in fields {
            value = value.step(step)?;
            if value.is_dynamic() {
                // Evaluating here keeps the same order and the same checks for circles as the general way.
                return None;
            }
        }
        (!fields.is_empty()).then(|| value.clone())
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

    pub(super) fn node(&self, place: Place) -> Val {
        let mut places = self.places.borrow_mut();
        places.push(place);
        Val::Node(Node(places.len() as u64 - 1))
    }

    /// The values in a list that a node stands for; nothing if it is no list of values.
    pub(crate) fn items(&self, node: Node) -> Vec<Value> {
        match self.place(node) {
            Some(Place::Value { value, .. }) => value.as_list().unwrap_or_default().to_vec(),
            Some(_) | None => Vec::new(),
        }
    }

    pub(super) fn place(&self, node: Node) -> Option<Place> {
        self.places.borrow().get(usize::try_from(node.0).ok()?).cloned()
    }

    /// A value of an entity as expressions see it: scalars at once, the rest as nodes.
    pub(crate) fn see(&self, owner: EntityId, value: &Value, within: Within) -> Result<Val, Fault> {
        if self.hides(value) {
            self.tainted.set(true);
        }
        self.gives(value);
        Ok(match &value.data {
            Data::Null => Val::Null,
            Data::Bool(bool) => Val::Bool(*bool),
            Data::Int(int) => Val::Int(*int),
            Data::Float(float) => Val::Double(*float),
            Data::String(text) => Val::String(Arc::clone(text)),
            Data::Late(late) => Val::Late(Arc::clone(late)),
            Data::Broken => return Err(Fault::Reported),
            Data::List(_) | Data::Map(_) => self.node(Place::Value { owner, value: value.clone(), scope: within }),
            Data::Template(template) => {
                let result = self.template(owner, template, value, within)?;
                return self.see(owner, &result, within);
            }
        })
    }
}
