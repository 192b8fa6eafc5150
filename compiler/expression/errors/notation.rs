//! What is said where values that are written in notations meet others.

use super::Operand;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::expression::call::NotationCure;
use crate::expression::functions::Unread;
use crate::expression::val::Val;
use crate::expression::words::short;
use crate::span::Span;
use crate::unit::Notation;
use std::sync::Arc;

/// A text that is compared with what is written in a notation, and is not of it.
pub(in crate::expression) fn unread(unread: &Unread, span: Span) -> Diagnostic {
    let what = unread.notation.describe();
    let text = short(&Val::String(Arc::clone(&unread.text)));
    let message = format!("`{text}` is compared with {what}, and is none: {}", unread.misshape.reason);
    let error = Diagnostic::error(Code::BadArgument, message, span, format!("read as {what}"));
    match &unread.misshape.instead {
        Some(instead) => error.hint(format!("write `\"{instead}\"`")),
        None => error,
    }
}

/// Values of two notations that are compared by `what`, each with its place.
pub(in crate::expression) fn unlike(what: &str, left: (Notation, Span), right: (Notation, Span), span: Span) -> Diagnostic {
    let (a, b) = (left.0.describe(), right.0.describe());
    let error = Diagnostic::error(Code::WrongOperands, format!("{what} compares {a} with {b}"), span, "they have nothing in common");
    let error = if left.1 == right.1 { error } else { error.label(left.1, a).label(right.1, b) };
    error.hint("if it is their texts that should be compared, write `string(…)` around both")
}

/// A function of texts that is given what is written in a notation.
pub(super) fn needs_text(name: &str, target: Option<&Operand>, arguments: &[Operand], cure: NotationCure, span: Span) -> Diagnostic {
    let operand = target.into_iter().chain(arguments).find(|operand| operand.span == cure.span);
    let words = operand.map_or("this", |operand| operand.words);
    let is_target = target.is_some_and(|target| target.span == cure.span);
    let message = if is_target { format!("{words} has no `{name}`") } else { format!("`{name}` does not take {words}") };
    let error = Diagnostic::error(Code::WrongOperands, message, span, "");
    let error = operand.into_iter().fold(error, |error, operand| error.label(operand.span, operand.label()));
    let error = error.hint(format!("write `{}`", cure.shown));
    if cure.is_exact { error.replace(cure.span, cure.operand) } else { error }
}

/// What to do instead of an operator that does not go with what is written in a notation.
pub(super) fn hint(operator: &str, left: &Operand, right: &Operand) -> Option<&'static str> {
    let of = |notation: Notation| left.words == notation.describe() || right.words == notation.describe();
    Some(match operator {
        "+" | "-" if of(Notation::Quantity) => "quantities have `.add(…)` and `.sub(…)`, as in `self.limit.add(quantity(\"1Gi\"))`",
        "+" | "-" if of(Notation::Duration) => "add another duration, as in `… + duration(\"30s\")`, or take its text with `string(…)`",
        "*" | "/" | "%" if of(Notation::Quantity) => "`.asInteger()` and `.asApproximateFloat()` give the number of a quantity",
        "*" | "/" | "%" if of(Notation::Duration) => "`.getSeconds()` gives the number of its seconds",
        "<" | "<=" | ">" | ">=" if of(Notation::Cidr) => "blocks have no order; `.containsCIDR(…)` and `.prefixLength()` compare them",
        _ => return None,
    })
}
