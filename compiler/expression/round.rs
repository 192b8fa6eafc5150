//! Macros over late collections: the body is evaluated once, with variables that Terraform's `for` binds.

use super::comprehension::word;
use super::evaluate::{Evaluation, Evaluator, is_final};
use super::late::{self, Late, LateExpr, LateFor, LateForm, LateOperand};
use super::later::{needed, refused};
use super::syntax::{Expr, Macro, Verb};
use super::types::Ty;
use super::val::Val;
use super::{Fault, errors};
use std::sync::Arc;

/// Names that mean something to Terraform.
const TAKEN: [&str; 16] = [
    "count",
    "data",
    "each",
    "ephemeral",
    "false",
    "for",
    "if",
    "in",
    "local",
    "module",
    "null",
    "path",
    "self",
    "terraform",
    "true",
    "var",
];

impl Evaluator<'_> {
    /// A macro as a `for` of Terraform, over a range that is late, or where late conditions decide.
    pub(super) fn late_loop(&mut self, expr: &Expr, inner: &Macro, range: &Val) -> Evaluation {
        let name = word(inner.verb);
        let place = inner.range.span;
        let placed = [(range.clone(), place)];
        if self.now {
            return Err(needed(name, &placed, place));
        }
        let LateOperand { expr: over, type_ } = self.late_operand(name, range, place)?;
        let type_ = type_.bare();
        let is_map = matches!(type_, Ty::Map(_) | Ty::Record(_));
        late::loops(inner.verb, inner.variables.len(), &type_).map_err(|refusal| refused(name, &placed, refusal))?;
        let depth = self.rounds.len();
        let two = inner.variables.len() == 2 || is_map;
        let names: Vec<Arc<str>> = if inner.variables.len() == 2 || !two {
            inner.variables.iter().map(|variable| self.variable(&variable.name)).collect()
        } else {
            let written = inner.variables.first().map_or_else(|| "key".into(), |variable| Arc::clone(&variable.name));
            vec![self.variable(&written), self.variable("value")]
        };
        let index = if type_.is_open() {
            Ty::Dyn
        } else if is_map {
            Ty::String
        } else {
            Ty::Int
        };
        let types = if two { vec![index, type_.inner()] } else { vec![type_.inner()] };
        let bound: Vec<Val> = names.iter().zip(&types).map(|(name, type_)| variable(name, type_.clone())).collect();
        let shown = bound.get(..inner.variables.len()).unwrap_or(&bound).to_vec();
        let filter = match &inner.filter {
            Some(filter) => Some(self.within_round(inner, &shown, filter)?),
            None => None,
        };
        let body = self.within_round(inner, &shown, &inner.body)?;
        self.rounds.truncate(depth);
        if let Some(operand) = filter.as_ref().filter(|filter| !may_be_true(&filter.type_)) {
            return Err(self.no_condition(inner, operand));
        }
        let first = || bound.first().map_or_else(|| LateExpr::new(LateForm::Null), as_expr);
        let each = |key: Option<LateExpr>, body: LateExpr, condition: Option<LateExpr>| {
            let variables = names.clone();
            LateExpr::new(LateForm::For(Arc::new(LateFor { variables, range: over.clone(), key, body, condition })))
        };
        let truth = may_be_true(&body.type_);
        let condition = filter.map(|filter| filter.expr);
        let (made, gives) = match inner.verb {
            Verb::All | Verb::Exists | Verb::ExistsOne | Verb::Filter if !truth => return Err(self.no_condition(inner, &body)),
            Verb::All => (LateExpr::call("alltrue", [each(None, body.expr, None)]), Ty::Bool),
            Verb::Exists => (LateExpr::call("anytrue", [each(None, body.expr, None)]), Ty::Bool),
            Verb::ExistsOne => {
                let count = LateExpr::call("length", [each(None, first(), Some(body.expr))]);
                (LateExpr::binary("==", count, LateExpr::int(1)), Ty::Bool)
            }
            Verb::Filter => {
                let one = types.first().cloned().unwrap_or(Ty::Dyn);
                (each(None, first(), Some(body.expr)), Ty::list(one))
            }
            Verb::List => (each(None, body.expr, condition), Ty::list(body.type_)),
            Verb::Map => (each(Some(first()), body.expr, condition), Ty::map(body.type_)),
            Verb::SortBy | Verb::Entries | Verb::Bind | Verb::OptionalMap | Verb::OptionalFlatMap => return Err(Fault::Reported),
        };
        let known = self.known_loop(expr, inner, range)?;
        self.late(made, gives, known, expr.span)
    }

    /// What a macro comes to, as far as what it runs over and what it reads is known.
    fn known_loop(&mut self, expr: &Expr, inner: &Macro, range: &Val) -> Result<Option<Val>, Fault> {
        let Some(range) = self.settled(std::iter::once(range), inner.range.span)?.and_then(|mut range| range.pop()) else {
            return Ok(None);
        };
        // Conditions that are late are settled together with their rounds.
        let before = std::mem::replace(&mut self.settles, true);
        let made = self.over(expr, inner, &range);
        self.settles = before;
        let made = match made {
            Err(fault) if !is_final(&fault) => None,
            made => made?,
        };
        match made {
            Some(made) => Ok(self.settled(std::iter::once(&made), expr.span)?.and_then(|mut made| made.pop())),
            None => Ok(None),
        }
    }

    fn within_round(&mut self, inner: &Macro, bound: &[Val], body: &Expr) -> Result<LateOperand, Fault> {
        let value = self.forgetting(true, |this| this.with(inner, bound, body))?;
        self.late_operand(word(inner.verb), &value, body.span)
    }

    fn no_condition(&self, inner: &Macro, found: &LateOperand) -> Fault {
        let operand = errors::Operand::of_type(inner.body.span, &found.type_);
        errors::wrong_operand(word(inner.verb), &operand, errors::CONDITION).into()
    }

    /// A name for a variable that means nothing else where it is bound.
    fn variable(&mut self, written: &str) -> Arc<str> {
        let plain =
            written.bytes().all(|byte| byte.is_ascii_alphanumeric()) && written.starts_with(|first: char| first.is_ascii_alphabetic());
        let base = if plain && !TAKEN.contains(&written) { written } else { "item" };
        let mut name: Arc<str> = base.into();
        let mut count = 1;
        while self.rounds.contains(&name) {
            count += 1;
            name = format!("{base}{count}").into();
        }
        self.rounds.push(Arc::clone(&name));
        name
    }
}

fn variable(name: &Arc<str>, type_: Ty) -> Val {
    Val::Late(Arc::new(Late::expr(LateExpr::new(LateForm::Variable(Arc::clone(name))), type_)))
}

fn as_expr(value: &Val) -> LateExpr {
    if let Val::Late(late) = value { late.as_expr() } else { LateExpr::new(LateForm::Null) }
}

fn may_be_true(type_: &Ty) -> bool {
    matches!(type_.clone().bare(), Ty::Bool) || type_.is_open()
}
