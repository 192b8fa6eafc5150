//! Calls of functions: choosing the form that fits the arguments, and wording what goes wrong in it.

use super::errors::Operand;
use super::evaluate::{Evaluation, Evaluator};
use super::functions::{self, Family, Overload, Trouble, TyKind};
use super::later::Placed;
use super::syntax::{Expr, ExprKind};
use super::types::Ty;
use super::val::Val;
use super::words::spell;
use super::{Fault, compare, errors};
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::unit::Notation;

/// A call whose arguments are evaluated.
struct FunctionCall<'c> {
    expr: &'c Expr,
    /// Whether it is called on a value.
    target: bool,
    function: &'c str,
    span: Span,
    family: &'static Family,
    operands: &'c [&'c Expr],
}

impl Evaluator<'_> {
    pub(super) fn call(&mut self, expr: &Expr, target: Option<&Expr>, function: &str, span: Span, arguments: &[Expr]) -> Evaluation {
        let family = self.family(target, function, span)?;
        let count = arguments.len() + usize::from(target.is_some());
        fits(family, function, target.is_some(), count, span).map_err(Fault::Diagnostic)?;
        let forms = family.forms(target.is_some(), count);
        let operands: Vec<&Expr> = target.into_iter().chain(arguments).collect();
        let mut values = Vec::with_capacity(count);
        let read_before = self.host.has_read_secret();
        for (position, operand) in operands.iter().enumerate() {
            let decides = !functions::carries(function, position);
            values.push(self.deciding(decides, |this| this.eval(operand))?);
            // The alternative of a value that is there must not be able to fail.
            if values.len() == 1
                && matches!(function, "or" | "orValue")
                && let Some(Val::Optional(Some(value))) = values.first()
            {
                return Ok(if function == "or" { Val::Optional(Some(std::sync::Arc::clone(value))) } else { (**value).clone() });
            }
        }
        let mut late = false;
        for (index, (value, operand)) in values.iter_mut().zip(&operands).enumerate() {
            if forms.clone().any(|form| form.parameter(index) == TyKind::Any) {
                continue;
            }
            if let Val::Node(node) = value {
                *value = self.force(*node, operand.span)?;
            }
            late |= matches!(value, Val::Late(_));
        }
        let called = FunctionCall { expr, target: target.is_some(), function, span, family, operands: &operands };
        let known = if late { None } else { self.run(&called, &mut values)? };
        if let Some(value) = known {
            self.read_size(function, read_before);
            return Ok(value);
        }
        let placed: Vec<Placed> = values.into_iter().zip(&operands).map(|(value, operand)| (value, operand.span)).collect();
        self.later(function, &placed, expr.span, &mut |this, mut values| this.run(&called, &mut values)?.ok_or(Fault::Reported))
    }

    /// What is asked for its size tells nothing of what it holds.
    fn read_size(&self, function: &str, read_before: bool) {
        if function == "size" {
            self.host.set_read_secret(read_before);
        }
    }

    /// Calls a function; no value if it looks at what is late.
    fn run(&mut self, call: &FunctionCall<'_>, values: &mut [Val]) -> Result<Option<Val>, Fault> {
        let FunctionCall { expr, target, function, span, family, operands } = call;
        let mut forms = family.forms(*target, values.len());
        let takes = |form: &&'static Overload| values.iter().enumerate().all(|(index, value)| form.parameter(index).takes(value));
        let Some(form) = forms.find(takes) else {
            return Err(mismatch(family, function, *target, operands, values, *span));
        };
        for (index, value) in values.iter_mut().enumerate() {
            if form.parameter(index) == TyKind::Text
                && let Val::Opaque(opaque) = value
            {
                *value = Val::String(opaque.text());
            }
        }
        // Whatever a function does with a text, it looks at it; what it does beyond that it pays for itself.
        let texts = values.iter().map(compare::length).fold(0, usize::saturating_add);
        let paid = self.context().walk(texts);
        match paid.and_then(|()| (form.run)(values, &mut self.context())) {
            Ok(value) => Ok(Some(value)),
            Err(Trouble::Late(_)) => Ok(None),
            Err(Trouble::Argument(index, reason)) => Err(match (operands.get(index), values.get(index)) {
                (Some(operand), Some(value)) => errors::bad_argument(&reason, operand.span, Some(value)).into(),
                _ => errors::bad_argument(&reason, expr.span, None).into(),
            }),
            Err(Trouble::Mismatch) => Err(mismatch(family, function, *target, operands, values, *span)),
            Err(
                trouble @ (Trouble::Fault(_)
                | Trouble::Costly(_)
                | Trouble::Arithmetic(_)
                | Trouble::Unread(_)
                | Trouble::Unlike(..)
                | Trouble::Thing(..)
                | Trouble::NoValue),
            ) => Err(self.fault(trouble, expr, &format!("`{function}`"))),
        }
    }

    fn family(&self, target: Option<&Expr>, function: &str, span: Span) -> Result<&'static Family, Fault> {
        // `math.lest(x)`: the parser took `math` for a value, because there is no such function.
        if let Some(Expr { kind: ExprKind::Name { name, absolute: false }, span: name_span }) = target
            && functions::is_namespace(name)
            && !self.is_bound(name)
        {
            let full = format!("{name}.{function}");
            return Err(errors::unknown_function(&full, functions::names(), name_span.join(span)).into());
        }
        functions::family(function).ok_or_else(|| errors::unknown_function(function, functions::names(), span).into())
    }
}

/// Whether a function can be called like this with so many arguments.
pub(super) fn fits(family: &Family, function: &str, method: bool, count: usize, span: Span) -> Result<(), Box<Diagnostic>> {
    if family.forms(method, count).next().is_some() {
        return Ok(());
    }
    if !family.has_style(method) {
        return Err(Box::new(errors::wrong_style(function, &family.usage(), span)));
    }
    Err(Box::new(errors::wrong_argument_count(function, count - usize::from(method), &family.usage(), span)))
}

fn mismatch(family: &Family, function: &str, method: bool, exprs: &[&Expr], values: &[Val], span: Span) -> Fault {
    let operands: Vec<Operand> = exprs.iter().zip(values).map(|(operand, value)| Operand::new(operand.span, value)).collect();
    let types: Vec<Ty> = values.iter().map(Ty::of_notation).collect();
    let cure = cure(family, function, method, exprs, &types);
    let (target, arguments) = operands.split_at_checked(usize::from(method)).unwrap_or((&[], &operands));
    errors::wrong_argument_types(function, target.first(), arguments, cure, &family.usage(), span).into()
}

/// How a function is meant that takes a text or a number, and is given what is written in a notation.
pub(super) struct NotationCure {
    /// The operand.
    pub(super) span: Span,
    /// What to write in its place.
    pub(super) operand: String,
    /// What to write, as it is shown.
    pub(super) shown: String,
    /// Whether the operand is one that can be written as it is shown.
    pub(super) is_exact: bool,
}

/// Finds out whether operands that are written in a notation would do as texts, or as numbers. The types of others need not be known.
pub(super) fn cure(family: &Family, function: &str, method: bool, operands: &[&Expr], types: &[Ty]) -> Option<NotationCure> {
    let (at, (notation, operand)) =
        types.iter().zip(operands).enumerate().find_map(|(at, (type_, operand))| Some((at, (type_.notation()?, operand))))?;
    let as_text = |type_: &Ty| if type_.notation().is_some() { Ty::String } else { type_.clone() };
    let fits = |form: &&'static Overload| types.iter().enumerate().all(|(index, type_)| as_text(type_).may_be(form.parameter(index)));
    if !family.forms(method, types.len()).any(|form| fits(&form)) {
        return None;
    }
    let spelled = spell(operand);
    let is_exact = spelled.is_some();
    let spelled = spelled.unwrap_or_else(|| "…".to_owned());
    // The text of an amount has a unit, so it is no number.
    let number = match (function, notation) {
        ("int" | "uint", Notation::Quantity) => Some("asInteger"),
        ("double", Notation::Quantity) => Some("asApproximateFloat"),
        ("int" | "uint" | "double", Notation::Duration) => Some("getSeconds"),
        _ => None,
    };
    if let Some(number) = number {
        let text = format!("{spelled}.{number}()");
        return Some(NotationCure { span: operand.span, operand: text.clone(), shown: text, is_exact: false });
    }
    let text = format!("string({spelled})");
    let shown = if method && at == 0 { format!("{text}.{function}(…)") } else { text.clone() };
    Some(NotationCure { span: operand.span, operand: text, shown, is_exact })
}
