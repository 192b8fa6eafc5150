//! Objects against all that is known of their kinds: fields, types and bounds once expressions have said what they are, and the rules in CEL that a
//! CustomResourceDefinition brings along. In comes an object, out go reports at the lines that wrote the offending values. Rules about a change,
//! and those that use what is not known here, are left to the cluster; which ones is remembered.

use super::errors;
use super::template::Expander;
use crate::code::Code;
use crate::custom::shape::{CustomShape, ShapeForm, ShapeRule, ShapeWording};
use crate::definition::check_object;
use crate::diagnostic::Diagnostics;
use crate::expression::{self, Expr, Fault, Host, HostNode, Key, Val};
use crate::limit::EVALUATION_STEPS;
use crate::origin::{Layer, Layers};
use crate::path::{Path, Step};
use crate::span::{Span, TextMap};
use crate::value::{Data, Entry, Value};
use std::cell::Cell;
use std::sync::Arc;

/// Checks an object; `is_fixed` says that nothing of it was unknown when its class was loaded.
pub(super) fn check(expander: &Expander<'_, '_>, object: &Value, place: Span, is_fixed: bool) {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let (Some(version), Some(kind)) = (text("apiVersion"), text("kind")) else { return };
    let tables = &expander.world.definitions.tables;
    // What is fixed was checked with its class, but for what a schema says of a value as a whole.
    if is_fixed && tables.is_plain() {
        return;
    }
    let mut said = Diagnostics::default();
    let Some(known) = tables.kind(version, kind, &mut said) else { return };
    if is_fixed && known.shape.is_none() {
        return;
    }
    check_object(object, place, tables, &mut said);
    if let Some(shape) = known.shape.as_deref().filter(|shape| shape.has_rules && !said.has_errors()) {
        let layers = &expander.world.definitions.layers;
        let mut rules = RuleWalk { kind, layers, left: Cell::new(EVALUATION_STEPS), path: Path::default(), said: &mut said };
        rules.value(object, shape);
    }
    for diagnostic in said.drain() {
        if diagnostic.code != Code::MissingField {
            expander.report(diagnostic);
        } else if !expander.world.diagnostics.borrow().has_errors() {
            // What is missing was told of the class, where it was known to be; what could not be made is not missing.
            expander.world.report(diagnostic);
        }
    }
}

/// A walk through an object, with its shape.
struct RuleWalk<'a> {
    kind: &'a str,
    layers: &'a Layers,
    /// Steps that all rules may still take together.
    left: Cell<usize>,
    path: Path,
    said: &'a mut Diagnostics,
}

impl RuleWalk<'_> {
    /// Where the values are written that a rule reads of the one it stands at; first those that no class has written. Of a list it is the items that
    /// break the rule alone, if that tells them from the others, and what it reads of these.
    fn read(&self, expr: &Expr, value: &Value, shape: &CustomShape) -> Vec<Span> {
        let mut found: Vec<(bool, Span)> = Vec::new();
        let of_items = expr.item_references();
        for reference in expr.references() {
            let Some((_, path)) = reference.steps.split_first().filter(|(root, _)| **root == Step::key("self")) else { continue };
            let Some(part) = value.follow(path) else { continue };
            let mut parts: Vec<&Value> = Vec::new();
            for item in self.culprits(expr, (value, shape), path, part) {
                let read = of_items.iter().filter(|(range, _)| *range == reference.steps).filter_map(|(_, inner)| item.follow(inner));
                let before = parts.len();
                parts.extend(read);
                parts.extend((parts.len() == before).then_some(item));
            }
            if parts.is_empty() && !path.is_empty() {
                parts.push(part);
            }
            for part in parts {
                let part = (matches!(self.layers.get(part.origin.layer), Layer::Class(_)), part.origin.span);
                if part.1 != value.origin.span && !found.contains(&part) {
                    found.push(part);
                }
            }
        }
        found.sort_by_key(|(is_of_class, _)| *is_of_class);
        found.into_iter().map(|(_, span)| span).collect()
    }

    /// Items of a list at a path of a value with which the rule is broken, were each of them alone; none if all are, or none is.
    fn culprits<'v>(&self, expr: &Expr, (value, shape): (&Value, &CustomShape), path: &[Step], list: &'v Value) -> Vec<&'v Value> {
        let items = list.as_list().unwrap_or_default();
        let breaks = |item: &&Value| {
            let own = val(&with_only(value, path, item), Some(shape));
            matches!(expression::evaluate(expr, &RuleHost { own: &own, left: &self.left }), Ok(Val::Bool(false)))
        };
        let found: Vec<&Value> = items.iter().filter(breaks).collect();
        if found.len() == items.len() && items.len() > 1 { Vec::new() } else { found }
    }

    fn value(&mut self, value: &Value, shape: &CustomShape) {
        if !shape.has_rules || value.is_late() || matches!(value.data, Data::Null) {
            return;
        }
        let mut own: Option<Val> = None;
        for rule in &shape.rules {
            let Some(expr) = parsed(rule) else { continue };
            let known = own.get_or_insert_with(|| val(value, Some(shape)));
            let host = RuleHost { own: known, left: &self.left };
            match expression::evaluate(&expr, &host) {
                Ok(Val::Bool(true)) => {}
                Ok(Val::Bool(false)) => {
                    let words = rule.wording.as_ref().and_then(|wording| worded(wording, &host)).or_else(|| rule.message.clone());
                    let read = self.read(&expr, value, shape);
                    let said = errors::broken_validation(self.kind, &self.path.to_string(), (rule, words), (value.origin.span, &read));
                    self.said.push(said);
                }
                Ok(_) | Err(_) => rule.leave(),
            }
        }
        match &value.data {
            Data::Map(map) => {
                for entry in map.entries() {
                    if let Some(inner) = shape.field(&entry.key) {
                        self.path.push(Step::Key(Arc::clone(&entry.key)));
                        self.value(&entry.value, inner);
                        self.path.pop();
                    }
                }
            }
            Data::List(list) => {
                if let Some(items) = &shape.items {
                    for (at, item) in list.items().iter().enumerate() {
                        self.path.push(Step::Item(at));
                        self.value(item, items);
                        self.path.pop();
                    }
                }
            }
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => {}
        }
    }
}

/// A value in which a list at a path has one item.
fn with_only(value: &Value, path: &[Step], item: &Value) -> Value {
    let Some((step, rest)) = path.split_first() else { return Value::list(vec![item.clone()], value.origin) };
    match (&value.data, step) {
        (Data::Map(map), Step::Key(key)) => {
            let entries = map.entries().iter().map(|entry| match entry.key == *key {
                true => Entry { value: with_only(&entry.value, rest, item), ..entry.clone() },
                false => entry.clone(),
            });
            Value::map(entries.collect(), value.origin)
        }
        _ => value.clone(),
    }
}

/// The expression of a rule about what is there; none if it is about a change, or cannot be read here.
fn parsed(rule: &ShapeRule) -> Option<Arc<Expr>> {
    let parse = || {
        // Names that are escaped in CEL are not undone here.
        let is_ours = !rule.text.contains("oldSelf") && !rule.text.contains("__");
        let map = TextMap::verbatim(rule.span.file, rule.span.start as usize, rule.span.end as usize);
        let expr = is_ours.then(|| expression::parse(&rule.text, &map).ok()).flatten();
        if expr.is_none() {
            rule.leave();
        }
        expr
    };
    rule.parsed.get_or_init(parse).clone()
}

/// What the expression of a message gives; none if that cannot be read here or is no line of text, as for a server.
fn worded(wording: &ShapeWording, host: &RuleHost<'_>) -> Option<Arc<str>> {
    let is_ours = !wording.text.contains("oldSelf") && !wording.text.contains("__");
    let map = TextMap::verbatim(wording.span.file, wording.span.start as usize, wording.span.end as usize);
    let expr = is_ours.then(|| expression::parse(&wording.text, &map).ok()).flatten()?;
    match expression::evaluate(&expr, host) {
        Ok(Val::String(text)) => Some(text).filter(|text| !text.trim().is_empty() && !text.contains('\n')),
        Ok(_) | Err(_) => None,
    }
}

/// A value as the rules see it: with what a server fills in, without what it drops, and numbers as the schema has them.
fn val(value: &Value, shape: Option<&CustomShape>) -> Val {
    match &value.data {
        Data::Null | Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => Val::Null,
        Data::Bool(bool) => Val::Bool(*bool),
        #[expect(clippy::cast_precision_loss, reason = "what a schema calls a number is a double on a server, too")]
        Data::Int(int) if shape.is_some_and(|shape| shape.form == ShapeForm::Number) => Val::Double(*int as f64),
        Data::Int(int) => Val::Int(*int),
        Data::Float(float) => Val::Double(*float),
        Data::String(text) => Val::String(Arc::clone(text)),
        Data::List(list) => {
            let items = shape.and_then(|shape| shape.items.as_deref());
            Val::list(list.items().iter().map(|item| val(item, items)).collect())
        }
        Data::Map(map) => {
            let kept = map.entries().iter().filter(|entry| {
                let is_dropped = matches!(entry.value.data, Data::Null)
                    && shape.and_then(|shape| shape.field(&entry.key)).is_some_and(|inner| !inner.nullable);
                !is_dropped
            });
            let written = kept.map(|entry| {
                let inner = shape.and_then(|shape| shape.field(&entry.key));
                (Key::String(Arc::clone(&entry.key)), val(&entry.value, inner))
            });
            let absent = shape.map(|shape| &shape.fields).into_iter().flatten().filter_map(|(name, inner)| {
                let default = inner.default.as_ref().filter(|_| map.get(name).is_none())?;
                Some((Key::String(Arc::clone(name)), val(default, Some(inner))))
            });
            Val::map(written.chain(absent))
        }
    }
}

/// What a rule can see: the value that it stands at.
struct RuleHost<'a> {
    own: &'a Val,
    left: &'a Cell<usize>,
}

impl Host for RuleHost<'_> {
    fn name(&self, name: &str) -> Result<Option<Val>, Fault> {
        Ok((name == "self").then(|| self.own.clone()))
    }

    fn names(&self) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn field(&self, _node: HostNode, _key: &str) -> Result<Option<Val>, Fault> {
        Ok(None)
    }

    fn fields(&self, _node: HostNode) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn force(&self, _node: HostNode) -> Result<Val, Fault> {
        Err(Fault::Reported)
    }

    fn steps_left(&self) -> Option<usize> {
        Some(self.left.get()).filter(|left| *left > 0)
    }

    fn spend(&self, steps: usize) {
        self.left.set(self.left.get().saturating_sub(steps));
    }
}
