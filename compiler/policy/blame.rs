//! What an assertion that does not hold has read: the part of it that fails, and the values there.

use super::judged::Judged;
use super::read::{self, Policy};
use super::root::{self, Followed, Start};
use crate::expression::{self, Expr, ExprKind, Macro, Val, Verb};
use crate::model::{Scope, Sight, Why, Within, World};
use crate::path::{Path, Step};
use crate::span::Span;
use crate::value::{Map, Value};
use std::sync::Arc;

/// The failing part of an assertion.
pub(super) struct Blame {
    pub(super) part: Span,
    /// What it read, the value to point to first.
    pub(super) reads: Vec<PolicyRead>,
}

/// A value that was read.
pub(super) struct PolicyRead {
    /// As a path of the policy's scope: `object.spec.replicas`.
    pub(super) name: String,
    pub(super) walk: Followed,
}

/// How many rounds of one loop are looked at for the one that fails.
const ROUNDS: usize = 10_000;

/// Finds out why the assertion of a policy is not true.
pub(super) fn blame<'a>(world: &World<'a>, scope: Scope<'_, 'a>, policy: &Policy, subject: &Judged) -> Blame {
    let mut search =
        BlameSearch { world, scope, subject, policy: policy.whole, bound: Vec::new(), part: policy.assert.span, reads: Vec::new() };
    if let Some(at) = &policy.at {
        let start = if subject.value().is_some() { "object" } else { "self" };
        search.path(Path::of([start]).join(at).steps());
    }
    for expr in policy.assert.expressions() {
        search.failing(expr, true);
    }
    Blame { part: search.part, reads: search.reads }
}

/// A variable of a loop.
struct Bound {
    name: Arc<str>,
    spelled: Path,
    root: Start,
    /// The steps behind the root.
    steps: Vec<Step>,
    /// What it stands for; none for the position in a list, which nobody wrote.
    value: Option<Value>,
}

struct BlameSearch<'s, 'w, 'a> {
    world: &'w World<'a>,
    scope: Scope<'w, 'a>,
    subject: &'s Judged,
    /// The policy itself: values that stand in it are not what is wrong.
    policy: Span,
    bound: Vec<Bound>,
    part: Span,
    reads: Vec<PolicyRead>,
}

impl BlameSearch<'_, '_, '_> {
    /// Looks into an expression that is the opposite of what is wanted.
    fn failing(&mut self, expr: &Expr, wanted: bool) {
        self.part = expr.span;
        match &expr.kind {
            ExprKind::Not(operand) => self.failing(operand, !wanted),
            ExprKind::And(operands) if wanted => self.deciding(expr, operands, wanted),
            ExprKind::Or(operands) if !wanted => self.deciding(expr, operands, wanted),
            ExprKind::And(operands) | ExprKind::Or(operands) => {
                // That something is there says less than what it is.
                let (asking, others): (Vec<&Expr>, Vec<&Expr>) = operands.iter().partition(|operand| asks_presence(operand));
                for operand in others {
                    self.failing(operand, wanted);
                }
                if self.reads.is_empty() {
                    for operand in asking {
                        self.failing(operand, wanted);
                    }
                }
                self.part = expr.span;
            }
            ExprKind::Conditional { condition, yes, no } => match self.truth(condition) {
                Some(true) => self.failing(yes, wanted),
                Some(false) => self.failing(no, wanted),
                None => self.leaves(expr),
            },
            ExprKind::Macro(inner) if matches!((inner.verb, wanted), (Verb::All, true) | (Verb::Exists, false)) => {
                if !self.round(inner, wanted) {
                    self.leaves(expr);
                }
            }
            ExprKind::Macro(_)
            | ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Uint(_)
            | ExprKind::Double(_)
            | ExprKind::String(_)
            | ExprKind::Bytes(_)
            | ExprKind::Name { .. }
            | ExprKind::Select { .. }
            | ExprKind::Index { .. }
            | ExprKind::Has(_)
            | ExprKind::Call { .. }
            | ExprKind::Negate(_)
            | ExprKind::Chain { .. }
            | ExprKind::List(_)
            | ExprKind::Map(_) => self.leaves(expr),
        }
    }

    /// One operand is enough to decide: the first that does.
    fn deciding(&mut self, expr: &Expr, operands: &[Expr], wanted: bool) {
        match operands.iter().find(|operand| self.truth(operand) == Some(!wanted)) {
            Some(operand) => self.failing(operand, wanted),
            None => self.leaves(expr),
        }
    }

    fn truth(&self, expr: &Expr) -> Option<bool> {
        if let Ok(Val::Bool(bool)) = expression::evaluate(expr, &self.scope) { Some(bool) } else { None }
    }

    /// Looks for the first round of a loop that fails, and into it; whether there is one.
    fn round(&mut self, inner: &Macro, wanted: bool) -> bool {
        let range = expression::evaluate(&inner.range, &self.scope);
        let origin = read::origin(inner.range.span);
        let Ok(range) = range else { return false };
        let Ok(range_value) = self.world.value(&self.scope, &range, inner.range.span, &Why::written(origin)) else { return false };
        let plain = Sight::of(self.subject.entity, Within::Definition);
        let sight = self.world.sight_of(self.subject.entity, Within::Definition, &range).unwrap_or_else(|| plain.clone());
        let place = inner.range.path().and_then(|steps| self.resolve(&steps));
        let variables: Vec<Arc<str>> = inner.variables.iter().map(|variable| Arc::clone(&variable.name)).collect();
        let (locals, bound) = (self.scope.locals.len(), self.bound.len());
        for (step, key, value) in rounds(&range_value) {
            for (name, item, step) in bindings(&variables, &step, &key, &value, range_value.as_map().is_some()) {
                let sight = step.as_ref().map_or_else(|| plain.clone(), |step| sight.step(step));
                let Ok(val) = self.world.see(sight, &item) else { continue };
                self.scope.locals.push((Arc::clone(&name), val));
                let value = (step.is_some() || range_value.as_map().is_some()).then_some(item);
                let (spelled, root, mut steps) = match (&place, &step) {
                    (Some((spelled, walk)), Some(step)) => (spelled.join(&Path::from(vec![step.clone()])), walk.root, walk.steps.clone()),
                    _ => (Path::of([&name]), Start::Item, Vec::new()),
                };
                steps.extend(step);
                self.bound.push(Bound { name, spelled, root, steps, value });
            }
            let found = self.truth(&inner.body) == Some(!wanted);
            if found {
                self.failing(&inner.body, wanted);
            }
            self.scope.locals.truncate(locals);
            self.bound.truncate(bound);
            if found {
                return true;
            }
        }
        false
    }

    /// Notes every path that an expression reads.
    fn leaves(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Uint(_)
            | ExprKind::Double(_)
            | ExprKind::String(_)
            | ExprKind::Bytes(_) => {}
            ExprKind::Name { .. } | ExprKind::Select { .. } | ExprKind::Index { .. } => match expr.path() {
                Some(steps) => self.path(&steps),
                None => self.references(expr),
            },
            ExprKind::Macro(_) => self.references(expr),
            ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => self.leaves(inner),
            ExprKind::Call { target, arguments, .. } => {
                target.iter().map(|target| &**target).chain(arguments).for_each(|one| self.leaves(one))
            }
            ExprKind::Chain { first, rest } => {
                self.leaves(first);
                rest.iter().for_each(|link| self.leaves(&link.operand));
            }
            ExprKind::And(operands) | ExprKind::Or(operands) => operands.iter().for_each(|operand| self.leaves(operand)),
            ExprKind::Conditional { condition, yes, no } => [condition, yes, no].into_iter().for_each(|one| self.leaves(one)),
            ExprKind::List(elements) => elements.iter().for_each(|element| self.leaves(&element.value)),
            ExprKind::Map(pairs) => {
                for pair in pairs {
                    self.leaves(&pair.key);
                    self.leaves(&pair.value);
                }
            }
        }
    }

    fn references(&mut self, expr: &Expr) {
        for reference in expr.references() {
            self.path(&reference.steps);
        }
    }

    fn path(&mut self, steps: &[Step]) {
        let Some((spelled, walk)) = self.resolve(steps) else { return };
        let name = spelled.to_string();
        let here = walk.nearest.origin.span;
        let own = here.file == self.policy.file && here.start >= self.policy.start && here.end <= self.policy.end;
        // A name alone, such as `self`, says nothing, unless a loop has bound it.
        let alone = matches!(steps, [Step::Key(only)] if !self.bound.iter().any(|bound| bound.name == *only));
        if !own && !alone && !self.reads.iter().any(|read| read.name == name) {
            self.reads.push(PolicyRead { name, walk });
        }
    }

    /// What a path leads to, and how it is spelled without variables of loops.
    fn resolve(&self, steps: &[Step]) -> Option<(Path, Followed)> {
        let (Step::Key(first), rest) = steps.split_first()? else { return None };
        if let Some(bound) = self.bound.iter().rev().find(|bound| bound.name == *first) {
            let mut walk = root::follow(bound.root, bound.value.clone()?, rest);
            walk.steps = bound.steps.iter().chain(rest).cloned().collect();
            return Some((bound.spelled.join(&Path::from(rest.to_vec())), walk));
        }
        Some((Path::from(steps.to_vec()), root::walk(self.world, self.subject, self.subject.within(), steps)?))
    }
}

/// Whether an expression only asks whether something is there: `has(…)`, `!has(…)`.
fn asks_presence(mut expr: &Expr) -> bool {
    while let ExprKind::Not(inner) = &expr.kind {
        expr = inner;
    }
    matches!(expr.kind, ExprKind::Has(_))
}

/// The items of a list or entries of a map: the step to each, its index or key, and itself.
fn rounds(value: &Value) -> Vec<(Step, Value, Value)> {
    let origin = value.origin;
    let items = value.as_list().unwrap_or_default().iter().zip(0..);
    let items = items.map(|(item, at)| {
        let index = crate::value::Data::Int(i64::try_from(at).unwrap_or(i64::MAX));
        (Step::Item(at), Value::new(index, origin), item.clone())
    });
    let entries = value.as_map().map(Map::entries).unwrap_or_default().iter().map(|entry| {
        let key = Value::string(Arc::clone(&entry.key), crate::origin::Origin { span: entry.span, ..entry.value.origin });
        (Step::Key(Arc::clone(&entry.key)), key, entry.value.clone())
    });
    items.chain(entries).take(ROUNDS).collect()
}

/// The variables of a round with their values; the step to a value that has a place of its own.
fn bindings(variables: &[Arc<str>], step: &Step, key: &Value, value: &Value, is_map: bool) -> Vec<(Arc<str>, Value, Option<Step>)> {
    match variables {
        // With one variable a list gives its items, but a map its keys.
        [one] if is_map => vec![(Arc::clone(one), key.clone(), None)],
        [one] => vec![(Arc::clone(one), value.clone(), Some(step.clone()))],
        [first, second, ..] => vec![(Arc::clone(first), key.clone(), None), (Arc::clone(second), value.clone(), Some(step.clone()))],
        [] => Vec::new(),
    }
}
