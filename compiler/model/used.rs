//! Fragments while they are expanded: what `self`, `let` and `entity` are in an expression that came with one. Who expands a template puts its
//! arguments here, and takes them away behind it.

use super::EntityId;
use super::around::Around;
use super::check;
use super::errors::{self, Broken, RuleRead, broken_rule};
use super::seen::Sight;
use super::sight::NodePlace;
use super::world::World;
use crate::definition::root::Within;
use crate::definition::{Rule, Use};
use crate::diagnostic::Severity;
use crate::expression::{Fault, Template, UseId, Val};
use crate::origin::LayerId;
use crate::path::{Path, Step};
use crate::schema::Type;
use crate::value::{Cause, Data, Map, Value};
use std::sync::Arc;

/// One use of a fragment while it is expanded.
pub(crate) struct UsedFragment<'a> {
    /// Which use it is of those in the class.
    pub(crate) id: UseId,
    /// What `self` is in it: a map. Expressions in it are defaults of the fragment, made for this use.
    pub(crate) arguments: Value,
    /// What the schema of the fragment says of that.
    pub(crate) type_: &'a Type,
    /// The layer of its defaults, if one of them reads the item that it stands in.
    pub(crate) items: Option<LayerId>,
    /// What `let` is in it, made for this use; none if the fragment has none.
    pub(crate) lets: Option<Value>,
    /// Where it stands, for whoever asks why a value is what it is.
    pub(crate) cause: Cause,
}

impl<'a> UsedFragment<'a> {
    /// How its arguments are seen.
    fn sight(&self, owner: EntityId) -> Sight<'a> {
        let around = if self.items.is_some() { Around::Nothing } else { Around::Unasked };
        Sight::of(owner, Within::Class).typed(Some(self.type_)).standing(around)
    }
}

impl<'a> World<'a> {
    /// Does work for an expression that came with a fragment, or with none.
    pub(crate) fn of_use<T>(&self, template: &Template, work: impl FnOnce() -> T) -> T {
        let before = self.use_.replace(template.use_);
        let result = work();
        self.use_.set(before);
        result
    }

    /// Begins a use of a fragment. Defaults among its arguments that are expressions are worked out, each after those that it reads.
    pub(crate) fn begin_use(&self, owner: EntityId, used: UsedFragment<'a>) {
        let sight = used.sight(owner);
        let arguments = used.arguments.clone();
        self.uses.borrow_mut().push(used);
        if arguments.is_dynamic() {
            let known = self.session(|| self.evaluate_as(sight, &arguments));
            self.forget(owner, &arguments);
            if let Some(used) = self.uses.borrow_mut().last_mut() {
                used.arguments = known;
            }
        }
    }

    /// Ends the use that was begun last.
    pub(crate) fn end_use(&self, owner: EntityId) {
        let done = self.uses.borrow_mut().pop();
        if let Some(lets) = done.and_then(|done| done.lets) {
            self.forget(owner, &lets);
        }
    }

    /// What was made for one use goes with it: its place in memory may be somebody else's next.
    fn forget(&self, owner: EntityId, value: &Value) {
        let mut memo = self.memo.borrow_mut();
        // What is in a loop has a round, of which there is no second one.
        places(value, &mut |at| _ = memo.remove(&(owner, at, 0)));
    }

    /// Whether a layer is that of the defaults of a fragment that is being expanded, and they read items.
    pub(super) fn is_layer_of_use(&self, layer: LayerId) -> bool {
        self.uses.borrow().iter().any(|used| used.items == Some(layer))
    }

    /// The arguments of a use that was begun.
    pub(crate) fn arguments(&self, id: UseId) -> Option<Value> {
        self.uses.borrow().iter().rev().find(|used| used.id == id).map(|used| used.arguments.clone())
    }

    /// Checks the rules of a fragment for the use that was begun last.
    pub(crate) fn check_rules(&self, owner: EntityId, use_: &Use) {
        for rule in &use_.rules {
            self.session(|| match check::holds(self, owner, rule) {
                Ok(true) => {}
                Ok(false) => self.broken(owner, use_, rule),
                Err(fault) => check::report(self, owner, fault),
            });
        }
    }

    /// Reports a broken rule at the arguments it read: the one that it points to, else those that somebody wrote.
    fn broken(&self, owner: EntityId, use_: &Use, rule: &Rule) {
        let message = match check::run(self, owner, &rule.message) {
            Ok(message) if self.hides(&message) => "a rule about a secret is broken".to_owned(),
            Ok(message) => message.as_str().unwrap_or("a rule is broken").to_owned(),
            Err(fault) => return check::report(self, owner, fault),
        };
        let arguments = self.arguments(use_.id).unwrap_or_else(|| use_.arguments.clone());
        let references = if let Data::Template(template) = &rule.assert.data { template.references() } else { Vec::new() };
        let paths = references.into_iter().filter_map(|reference| {
            let (first, rest) = reference.steps.split_first()?;
            matches!(first, Step::Key(first) if &**first == "self").then(|| Path::from(rest.to_vec()))
        });
        let at = rule.at.as_ref().and_then(Value::as_str).and_then(|at| at.parse::<Path>().ok());
        let mut read: Vec<RuleRead> = Vec::new();
        for path in at.iter().cloned().chain(paths).filter(|path| !path.is_empty()) {
            let name = format!("self.{path}");
            if let Some(value) = arguments.follow(path.steps()).filter(|_| !read.iter().any(|known| known.name == name)) {
                read.push(RuleRead { name, value: value.clone(), own: true, secret: self.hides(value) });
            }
        }
        // A default is nobody's mistake, where anything else was read.
        let is_pointed = |read: &RuleRead| at.as_ref().is_some_and(|at| read.name == format!("self.{at}"));
        read.sort_by_key(|read| !is_pointed(read) || read.value.origin.layer == use_.fragment.layer);
        let (severity, whose) = (rule.severity == Severity::Warning, format!("fragment `{}`", use_.fragment.name.name));
        let subject =
            Broken { message: &message, read: &read, defined: use_.span, by_nobody: false, rule: rule.assert.origin.span, whose: &whose };
        let fault = broken_rule(&subject, severity);
        self.report(errors::used_here(fault, use_.span).about(self.entity(owner).subject()));
    }

    /// Takes note that a value must not be shown, with all inside it, where the schema says so.
    pub(crate) fn keeps_secret(&self, type_: &Type, value: &Value) {
        let resolved = type_.of_value(value).resolved();
        if resolved.markers.secret || type_.resolved().markers.secret {
            self.outside.set(true);
            return self.hide(value);
        }
        for entry in value.as_map().map(Map::entries).unwrap_or_default() {
            let inner = resolved.inside(&entry.key);
            inner.into_iter().for_each(|inner| self.keeps_secret(inner, &entry.value));
        }
        let item = resolved.items().filter(|_| value.as_list().is_some());
        item.into_iter().for_each(|item| value.as_list().unwrap_or_default().iter().for_each(|value| self.keeps_secret(item, value)));
    }

    fn hide(&self, value: &Value) {
        self.tainting.borrow_mut().made(value.origin.span);
        // Where it is written nobody calls it a secret, so its line is not drawn.
        self.doubt(value);
        value.as_map().map(Map::entries).unwrap_or_default().iter().for_each(|entry| self.hide(&entry.value));
        value.as_list().unwrap_or_default().iter().for_each(|item| self.hide(item));
    }

    /// Whether a fragment is being expanded, so that what comes of a template is more than the template says.
    pub(crate) fn is_in_use(&self) -> bool {
        !self.uses.borrow().is_empty()
    }

    /// What a name stands for in the use at hand; none if it is no name of a fragment's own.
    pub(super) fn used(&self, owner: EntityId, name: &str) -> Result<Option<Val>, Fault> {
        let Some(id) = self.use_.get() else { return Ok(None) };
        if let Some(at) = id.as_taken() {
            return self.of_taken(owner, at, name);
        }
        let uses = self.uses.borrow();
        let Some(used) = uses.iter().rev().find(|used| used.id == id) else { return Ok(None) };
        Ok(match name {
            "self" => {
                let (sight, arguments) = (used.sight(owner), used.arguments.clone());
                drop(uses);
                Some(self.see(sight, &arguments)?)
            }
            "let" => used.lets.clone().map(|value| self.node(NodePlace::Value { sight: Sight::written(owner), value })),
            "entity" => Some(self.node(NodePlace::Entity(owner))),
            _ => None,
        })
    }

    /// The same for a default that a schema has taken in from a fragment.
    fn of_taken(&self, owner: EntityId, at: usize, name: &str) -> Result<Option<Val>, Fault> {
        let thing = || Ok(Some(self.node(NodePlace::Entity(owner))));
        let path = self.class(self.entity(owner)).and_then(|class| class.taken.get(at)).map(|taken| &taken.path);
        match (name, path) {
            ("entity", _) => thing(),
            ("self", Some(path)) if !path.is_empty() => {
                let Some(value) = self.entity(owner).value.follow(path.steps()) else { return Ok(None) };
                let sight = path.steps().iter().fold(self.sight(owner), |sight, step| sight.step(step));
                self.see(sight, value).map(Some)
            }
            ("self", _) => thing(),
            _ => Ok(None),
        }
    }

    /// Where a path leads that begins with a name of the fragment at hand: to a value of its arguments, or to none that can be followed without
    /// evaluating more; none if it does not begin so.
    #[allow(clippy::option_option, reason = "whether it is a path of the fragment, and whether it leads to a value")]
    pub(super) fn walk_arguments(&self, owner: EntityId, steps: &[Step]) -> Option<Option<(Value, Sight<'a>)>> {
        let id = self.use_.get()?;
        let (Step::Key(first), fields) = steps.split_first()? else { return None };
        if !["self", "let", "entity"].contains(&&**first) {
            return None;
        }
        if id.as_taken().is_some() {
            return Some(None);
        }
        let uses = self.uses.borrow();
        let used = uses.iter().rev().find(|used| used.id == id).filter(|_| &**first == "self" && !fields.is_empty());
        let Some(used) = used else { return Some(None) };
        let mut sight = Sight::of(owner, Within::Class).typed(Some(used.type_));
        let mut value = &used.arguments;
        for step in fields {
            let Some(inner) = value.step(step) else { return Some(None) };
            (value, sight) = (inner, sight.step(step));
            let is_thing = sight.type_.is_some_and(|type_| type_.resolved().shape.refers().is_some());
            if is_thing || value.is_dynamic() {
                return Some(None);
            }
        }
        Some(Some((value.clone(), sight)))
    }

    /// The use that the expression at hand came with, as a cause of what it makes.
    pub(super) fn use_cause(&self) -> Option<Cause> {
        let id = self.use_.get()?;
        self.uses.borrow().iter().rev().find(|used| used.id == id).map(|used| used.cause.clone())
    }
}

/// Where all expressions, lists and maps of a value are in memory.
fn places(value: &Value, found: &mut dyn FnMut(usize)) {
    match &value.data {
        Data::Template(template) => found(Arc::as_ptr(template) as usize),
        Data::List(list) => {
            found(Arc::as_ptr(list) as usize);
            list.items().iter().for_each(|item| places(item, found));
        }
        Data::Map(map) => {
            found(Arc::as_ptr(map) as usize);
            map.entries().iter().for_each(|entry| places(&entry.value, found));
        }
        Data::Pending(pending) => pending.values().for_each(|value| places(value, found)),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Broken => {}
    }
}
