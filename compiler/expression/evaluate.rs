//! From a syntax tree and a host to a value. Recursion follows the tree, whose height the parser bounds; cost is bounded by a budget.

use super::budget::{ABSORBED, Budget};
use super::functions::{Context, Trouble};
use super::later::Truth;
use super::syntax::{BinaryOperator, Element, Expr, ExprKind, ExprPair, Link};
use super::val::{Val, ValMap};
use super::{Fault, Host, compare, errors, operate, types};
use crate::code::Code;
use std::sync::Arc;

pub(super) type Evaluation = Result<Val, Fault>;

/// Evaluates an expression with a budget of its own.
pub(super) fn run(expr: &Expr, host: &dyn Host, now: bool) -> Evaluation {
    let Some(left) = host.steps_left() else { return Err(host.unaffordable(expr.span)) };
    let mut evaluator = Evaluator {
        host,
        locals: Vec::new(),
        budget: Budget::new(left),
        now,
        forgets: false,
        settles: false,
        decides: false,
        rounds: Vec::new(),
    };
    let outcome = evaluator.eval(expr);
    host.spend(evaluator.budget.taken());
    if outcome.as_ref().is_err_and(is_final) {
        host.tells_cost();
    }
    outcome
}

pub(super) struct Evaluator<'a> {
    pub(super) host: &'a dyn Host,
    /// Variables of the macros around, innermost last.
    pub(super) locals: Vec<MacroVariable>,
    pub(super) budget: Budget,
    /// Whether late values are what is known of them, because nothing is left to Terraform.
    pub(super) now: bool,
    /// Whether what is known of late values is left alone, because what is evaluated may not count.
    pub(super) forgets: bool,
    /// Whether what is known of a late condition decides: only what is known comes out.
    pub(super) settles: bool,
    /// Whether what is read now decides what comes out, and does not stand in it: a condition, a side of a comparison, an index.
    pub(super) decides: bool,
    /// Variables of Terraform's loops around.
    pub(super) rounds: Vec<Arc<str>>,
}

/// A variable of a macro.
pub(super) struct MacroVariable {
    pub(super) name: Arc<str>,
    pub(super) value: Val,
    /// Where what the macro runs over is written.
    pub(super) range: crate::span::Span,
    /// Whether it is a key of what the macro runs over, and so is a name where that has names.
    pub(super) is_key: bool,
}

impl From<crate::diagnostic::Diagnostic> for Fault {
    fn from(diagnostic: crate::diagnostic::Diagnostic) -> Self {
        Fault::Diagnostic(Box::new(diagnostic))
    }
}

impl Evaluator<'_> {
    /// A node as a map or list: its children are paid for.
    pub(super) fn force(&mut self, node: super::HostNode, span: crate::span::Span) -> Evaluation {
        let context = &mut self.context();
        context.forced(&Val::Node(node)).map_err(|trouble| match trouble {
            Trouble::Fault(fault) => fault,
            Trouble::Costly(what) => errors::too_costly(what, span).into(),
            Trouble::Argument(..)
            | Trouble::Arithmetic(_)
            | Trouble::Late(_)
            | Trouble::Mismatch
            | Trouble::Unread(_)
            | Trouble::Unlike(..)
            | Trouble::Thing(..)
            | Trouble::NoValue => Fault::Reported,
        })
    }

    /// An error that something else may absorb is paid for.
    pub(super) fn absorbed(&mut self, span: crate::span::Span) -> Result<(), Fault> {
        self.budget.steps(ABSORBED).map_err(|what| errors::too_costly(what, span).into())
    }

    /// What functions may use.
    pub(super) fn context(&mut self) -> Context<'_> {
        Context { host: self.host, budget: &mut self.budget }
    }

    /// An operand for a diagnostic; it says what a node is.
    pub(super) fn operand(&self, span: crate::span::Span, value: &Val) -> errors::Operand {
        if let Val::Node(node) = value {
            if let Some(words) = self.host.thing(*node) {
                return errors::Operand::of_thing(span, words);
            }
            if let Ok(value) = self.host.force(*node) {
                return errors::Operand::new(span, &value);
            }
        }
        errors::Operand::new(span, value)
    }

    /// Words a trouble that belongs to a whole expression.
    pub(super) fn fault(&self, trouble: Trouble, expr: &Expr, what: &str) -> Fault {
        let span = expr.span;
        match trouble {
            Trouble::Fault(fault) => fault,
            Trouble::Costly(what) => errors::too_costly(what, span).into(),
            Trouble::Argument(_, reason) => errors::bad_argument(&reason, span, None).into(),
            Trouble::Arithmetic(reason) => errors::arithmetic(&reason, span).into(),
            Trouble::Late(address) => errors::late_misplaced(&address, what, span).into(),
            Trouble::Mismatch => errors::bad_argument("these values do not go together", span, None).into(),
            Trouble::Unread(unread) => errors::unread(&unread, span).into(),
            Trouble::Unlike(a, b) => errors::unlike(what, (a, span), (b, span), span).into(),
            Trouble::Thing(thing, other) => errors::thing_compared((thing, span), (other, span), span).into(),
            Trouble::NoValue => errors::no_value(span).into(),
        }
    }

    pub(super) fn eval(&mut self, expr: &Expr) -> Evaluation {
        if let Err(what) = self.budget.steps(1) {
            return Err(errors::too_costly(what, expr.span).into());
        }
        match &expr.kind {
            ExprKind::Null => Ok(Val::Null),
            ExprKind::Bool(value) => Ok(Val::Bool(*value)),
            ExprKind::Int(value) => Ok(Val::Int(*value)),
            ExprKind::Uint(value) => Ok(Val::Uint(*value)),
            ExprKind::Double(value) => Ok(Val::Double(*value)),
            ExprKind::String(text) => Ok(Val::String(Arc::clone(text))),
            ExprKind::Bytes(bytes) => Ok(Val::Bytes(Arc::clone(bytes))),
            ExprKind::Name { name, absolute } => {
                self.paid(expr, |budget| budget.walk(name.len()))?;
                self.name(expr, name, *absolute).map(|value| self.told(value))
            }
            ExprKind::Select { .. } | ExprKind::Index { .. } => self.select(expr).map(|value| self.told(value)),
            ExprKind::Has(inner) => {
                let before = self.host.has_read_secret();
                let found = self.has(inner);
                // Whether something is there tells nothing of it; why that cannot be said may.
                if found.is_ok() {
                    self.host.set_read_secret(before);
                }
                found
            }
            ExprKind::Call { target, function, function_span, arguments } => {
                self.call(expr, target.as_deref(), function, *function_span, arguments)
            }
            ExprKind::Macro(inner) => self.comprehension(expr, inner),
            ExprKind::Not(operand) => self.not(operand),
            ExprKind::Negate(operand) => self.negate(expr, operand),
            ExprKind::Chain { first, rest } => self.chain(first, rest),
            ExprKind::And(operands) => self.logic(operands, false),
            ExprKind::Or(operands) => self.logic(operands, true),
            ExprKind::Conditional { condition, yes, no } => self.conditional(condition, yes, no),
            ExprKind::List(elements) => self.list(expr, elements),
            ExprKind::Map(pairs) => self.map(expr, pairs),
        }
    }

    /// Evaluates what decides what comes out, and does not stand in it.
    pub(super) fn deciding<T>(&mut self, decides: bool, evaluate: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.decides;
        self.decides |= decides;
        let outcome = evaluate(self);
        self.decides = before;
        outcome
    }

    /// Pays for what an expression is about to do.
    pub(super) fn paid(&mut self, expr: &Expr, pay: impl FnOnce(&mut Budget) -> Result<(), &'static str>) -> Result<(), Fault> {
        pay(&mut self.budget).map_err(|what| errors::too_costly(what, expr.span).into())
    }

    fn name(&mut self, expr: &Expr, name: &Arc<str>, absolute: bool) -> Evaluation {
        if !absolute && let Some(local) = self.locals.iter().rev().find(|local| local.name == *name) {
            if self.decides {
                // It may be a part of what a variable around it stands for.
                self.locals.iter().for_each(|around| self.host.decides(around.range));
            }
            return Ok(local.value.clone());
        }
        if let Some(value) = self.host.name(name)? {
            self.host.names_read(expr.span, self.decides);
            return Ok(value);
        }
        match types::constant(name) {
            Some(type_) => Ok(Val::Type(type_.into())),
            None => Err(self.unknown_name(expr, name)),
        }
    }

    pub(super) fn unknown_name(&self, expr: &Expr, name: &str) -> Fault {
        let mut names: Vec<Arc<str>> = self.locals.iter().map(|local| Arc::clone(&local.name)).collect();
        names.extend(self.host.names());
        errors::unknown_name(name, &names, self.host.absence(name), expr.span).into()
    }

    /// Whether a name has a value here.
    pub(super) fn is_bound(&self, name: &str) -> bool {
        self.locals.iter().any(|local| &*local.name == name) || self.host.names().iter().any(|known| &**known == name)
    }

    /// Whether an expression is a key of what a macro runs over.
    pub(super) fn is_key(&self, expr: &Expr) -> bool {
        let ExprKind::Name { name, absolute: false } = &expr.kind else { return false };
        self.locals.iter().rev().find(|local| local.name == *name).is_some_and(|local| local.is_key)
    }

    fn negate(&mut self, expr: &Expr, operand: &Expr) -> Evaluation {
        let value = self.eval(operand)?;
        if matches!(value, Val::Late(_)) {
            return self.later("-", &[(value, operand.span)], expr.span, &mut |this, values| {
                this.negated(expr, operand, values.first().unwrap_or(&Val::Null))
            });
        }
        self.negated(expr, operand, &value)
    }

    fn negated(&self, expr: &Expr, operand: &Expr, value: &Val) -> Evaluation {
        operate::negate(value).map_err(|trouble| match trouble {
            Trouble::Mismatch => errors::wrong_operand("-", &self.operand(operand.span, value), "a number").into(),
            Trouble::Late(_)
            | Trouble::Fault(_)
            | Trouble::Costly(_)
            | Trouble::Argument(..)
            | Trouble::Arithmetic(_)
            | Trouble::Unread(_)
            | Trouble::Unlike(..)
            | Trouble::Thing(..)
            | Trouble::NoValue => self.fault(trouble, expr, "`-`"),
        })
    }

    fn chain(&mut self, first: &Expr, rest: &[Link]) -> Evaluation {
        let outcome = self.links(first, rest);
        if let Err(Fault::Diagnostic(diagnostic)) = outcome {
            let mut diagnostic = diagnostic;
            errors::dash(&mut diagnostic, first, rest);
            return Err(Fault::Diagnostic(diagnostic));
        }
        outcome
    }

    fn links(&mut self, first: &Expr, rest: &[Link]) -> Evaluation {
        // The outcome of a comparison holds neither side.
        let compares = rest.iter().any(|link| link.operator != BinaryOperator::Add);
        let mut left = self.deciding(compares, |this| this.eval(first))?;
        let mut left_span = first.span;
        for link in rest {
            let right = self.deciding(compares, |this| this.eval(&link.operand))?;
            let result = operate::binary(link.operator, &left, &right, &mut self.context());
            left = match result {
                Ok(value) => value,
                Err(Trouble::Late(_)) => {
                    let operands = [(left, left_span), (right, link.operand.span)];
                    self.later(link.operator.text(), &operands, left_span.join(link.operand.span), &mut |this, values| {
                        let [left, right] = values.as_slice() else { return Err(Fault::Reported) };
                        let known = operate::binary(link.operator, left, right, &mut this.context());
                        known.map_err(|trouble| this.link_fault(trouble, link, (left, left_span), right))
                    })?
                }
                Err(trouble) => return Err(self.link_fault(trouble, link, (&left, left_span), &right)),
            };
            left_span = left_span.join(link.operand.span);
        }
        Ok(left)
    }

    fn link_fault(&self, trouble: Trouble, link: &Link, left: (&Val, crate::span::Span), right: &Val) -> Fault {
        let (left, left_span) = left;
        match trouble {
            Trouble::Mismatch => {
                let left = self.operand(left_span, left);
                let right = self.operand(link.operand.span, right);
                errors::wrong_operands(link.operator.text(), &left, &right, link.operator_span).into()
            }
            Trouble::Arithmetic(reason) => errors::arithmetic(&reason, left_span.join(link.operand.span)).into(),
            // What is read is the side that is not written in the notation, or something in it.
            Trouble::Unread(unread) => {
                errors::unread(&unread, if matches!(right, Val::Opaque(_)) { left_span } else { link.operand.span }).into()
            }
            Trouble::Unlike(a, b) => {
                let what = format!("`{}`", link.operator.text());
                errors::unlike(&what, (a, left_span), (b, link.operand.span), link.operator_span).into()
            }
            Trouble::Thing(thing, other) => {
                let is_left = matches!(left, Val::Node(node) if self.host.thing(*node).is_some());
                let (of_thing, of_other) = if is_left { (left_span, link.operand.span) } else { (link.operand.span, left_span) };
                errors::thing_compared((thing, of_thing), (other, of_other), link.operator_span).into()
            }
            Trouble::Fault(_) | Trouble::Costly(_) | Trouble::Argument(..) | Trouble::Late(_) | Trouble::NoValue => {
                self.fault(trouble, &link.operand, &format!("`{}`", link.operator.text()))
            }
        }
    }

    /// `&&` and `||`: a side that decides absorbs the other side's error, whichever comes first.
    fn logic(&mut self, operands: &[Expr], deciding: bool) -> Evaluation {
        let mut fault = None;
        let mut lates = Vec::new();
        // Behind what decides as far as it is known, nothing else does.
        let mut decided = false;
        for operand in operands {
            let before = self.forgets;
            self.forgets |= decided;
            let truth = self.truth(operand, if deciding { "||" } else { "&&" });
            self.forgets = before;
            match truth {
                Ok(Truth::Known(value)) if value == deciding => return Ok(Val::Bool(deciding)),
                Ok(Truth::Known(_)) => {}
                Ok(Truth::Late(late)) => {
                    decided |= self.known_truth(&late) == Some(deciding);
                    lates.push((late, operand.span));
                }
                Err(found) if is_final(&found) => return Err(found),
                Err(found) => {
                    self.absorbed(operand.span)?;
                    fault = fault.or(Some(found));
                }
            }
        }
        match fault {
            Some(fault) => Err(fault),
            None => self.late_logic(lates, deciding),
        }
    }

    fn conditional(&mut self, condition: &Expr, yes: &Expr, no: &Expr) -> Evaluation {
        match self.truth(condition, "?")? {
            Truth::Known(true) => self.eval(yes),
            Truth::Known(false) => self.eval(no),
            Truth::Late(late) => self.late_conditional((&late, condition.span), yes, no),
        }
    }

    fn list(&mut self, expr: &Expr, elements: &[Element]) -> Evaluation {
        self.paid(expr, |budget| budget.items(elements.len()))?;
        let mut items = Vec::with_capacity(elements.len());
        for element in elements {
            let value = self.eval(&element.value)?;
            if !element.optional {
                items.push(value);
            } else if let Some(value) = self.entry(value, &element.value)? {
                items.push(value);
            }
        }
        Ok(Val::list(items))
    }

    fn map(&mut self, expr: &Expr, pairs: &[ExprPair]) -> Evaluation {
        self.paid(expr, |budget| budget.entries(pairs.len()))?;
        let mut map = ValMap::new();
        for pair in pairs {
            let key = self.eval(&pair.key)?;
            let value = self.eval(&pair.value)?;
            self.paid(&pair.key, |budget| budget.walk(compare::length(&key)))?;
            let Some(key) = compare::key(&key) else {
                return Err(errors::bad_key(&self.operand(pair.key.span, &key)).into());
            };
            let value = if pair.optional { self.entry(value, &pair.value)? } else { Some(value) };
            if map.get(&key).is_some() {
                return Err(errors::key_twice(&key.to_string(), pair.key.span).into());
            }
            if let Some(value) = value {
                map.insert(key, value);
            }
        }
        Ok(Val::Map(Arc::new(map)))
    }

    /// What an optional entry `?entry` adds.
    fn entry(&self, value: Val, expr: &Expr) -> Result<Option<Val>, Fault> {
        if let Val::Optional(inner) = value {
            return Ok(inner.map(|inner| (*inner).clone()));
        }
        Err(errors::wrong_operand("?", &self.operand(expr.span, &value), errors::OPTIONAL).into())
    }
}

/// Whether an error must not be absorbed by `&&`, `||` and the macros built on them.
pub(super) fn is_final(fault: &Fault) -> bool {
    matches!(fault, Fault::Diagnostic(diagnostic) if diagnostic.code == Code::ExpressionTooCostly)
}
