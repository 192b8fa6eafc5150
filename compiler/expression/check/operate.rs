//! Types of operators.

use super::super::errors::{self, Operand};
use super::super::functions::Unread;
use super::super::syntax::{BinaryOperator, Expr, ExprKind, Link};
use super::super::types::{NamesOf, Ty};
use super::TypeChecker;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::unit::Notation;
use std::sync::Arc;

impl TypeChecker<'_> {
    pub(super) fn negate(&mut self, operand: &Expr) -> Ty {
        let type_ = self.expr(operand);
        match type_ {
            Ty::Int | Ty::Double | Ty::Dyn | Ty::Unknown => type_,
            Ty::OneOf(ref types) if types.iter().any(|type_| matches!(type_, Ty::Int | Ty::Double)) => Ty::Dyn,
            Ty::Late(_) | Ty::Number => self.later("-", &[(&type_, operand.span)]).unwrap_or(type_),
            Ty::Null
            | Ty::Bool
            | Ty::Uint
            | Ty::String
            | Ty::Name(_)
            | Ty::Written
            | Ty::Bytes
            | Ty::Type
            | Ty::In(_)
            | Ty::List(_)
            | Ty::Map(_)
            | Ty::Record(_)
            | Ty::OneOf(_)
            | Ty::Optional(_) => self.report(errors::wrong_operand("-", &Operand::of_type(operand.span, &type_), "a number")),
        }
    }

    pub(super) fn chain(&mut self, first: &Expr, rest: &[Link]) -> Ty {
        let before = self.found.len();
        let mut left = self.expr(first);
        let mut span = first.span;
        for link in rest {
            let right = self.expr(&link.operand);
            // Behind another operator, what is on the left is its outcome.
            let alone = (span == first.span).then_some(first);
            self.named((&left, alone), link, &right);
            self.read((&left, alone), link, &right);
            let written = left.is_written() || right.is_written();
            left = self.link((left.plain(), span), link, right.plain());
            left = if written { left.written() } else { left };
            span = span.join(link.operand.span);
        }
        // A name with a dash makes two errors of one mistake.
        let dashed = self.found.iter_mut().skip(before).position(|diagnostic| errors::dash(diagnostic, first, rest));
        if let Some(at) = dashed {
            self.found.truncate(before + at + 1);
        }
        left
    }

    /// Reports a text that is compared with what things are called, if none of them is called so.
    fn named(&mut self, (left, first): (&Ty, Option<&Expr>), link: &Link, right: &Ty) {
        let other = &link.operand;
        match (link.operator, left, right) {
            (BinaryOperator::Equal | BinaryOperator::NotEqual, Ty::Name(names), _) => self.called(names, other),
            (BinaryOperator::Equal | BinaryOperator::NotEqual, _, Ty::Name(names)) => {
                first.into_iter().for_each(|first| self.called(names, first))
            }
            (BinaryOperator::In, Ty::Name(names), _) => {
                if let ExprKind::List(elements) = &other.kind {
                    elements.iter().for_each(|element| self.called(names, &element.value));
                } else if let ExprKind::Map(pairs) = &other.kind {
                    pairs.iter().for_each(|pair| self.called(names, &pair.key));
                }
            }
            // Whether a list of names holds one is a question that may be answered with no.
            (
                BinaryOperator::Equal
                | BinaryOperator::NotEqual
                | BinaryOperator::In
                | BinaryOperator::Less
                | BinaryOperator::LessEqual
                | BinaryOperator::Greater
                | BinaryOperator::GreaterEqual
                | BinaryOperator::Add
                | BinaryOperator::Subtract
                | BinaryOperator::Multiply
                | BinaryOperator::Divide
                | BinaryOperator::Modulo,
                _,
                _,
            ) => {}
        }
    }

    /// Reports literals that are compared with what is written in a notation, and are not of it.
    fn read(&mut self, (left, first): (&Ty, Option<&Expr>), link: &Link, right: &Ty) {
        let other = &link.operand;
        if link.operator == BinaryOperator::In {
            match (left.notation(), &other.kind, right) {
                (Some(notation), ExprKind::List(elements), _) => {
                    elements.iter().for_each(|element| self.readable(notation, &element.value));
                }
                (None, _, Ty::List(item)) => {
                    if let (Some(notation), Some(first)) = (item.notation(), first) {
                        self.readable(notation, first);
                    }
                }
                (Some(_) | None, _, _) => {}
            }
        } else if is_relation(link.operator) {
            match (left.notation(), right.notation(), first) {
                (Some(notation), None, _) => self.readable(notation, other),
                (None, Some(notation), Some(first)) => self.readable(notation, first),
                (Some(_), Some(_), _) | (None, _, _) => {}
            }
        }
    }

    fn readable(&mut self, notation: Notation, literal: &Expr) {
        if let ExprKind::String(text) = &literal.kind
            && let Err(misshape) = notation.read(text)
        {
            self.report(errors::unread(&Unread { text: Arc::clone(text), notation, misshape }, literal.span));
        }
    }

    pub(super) fn called(&mut self, names: &NamesOf, literal: &Expr) {
        // That there is a name is always so, but nothing is wrong with asking.
        if let ExprKind::String(text) = &literal.kind
            && !text.is_empty()
            && !names.known.contains(&**text)
        {
            self.report(errors::unknown_identity(text, names, literal.span));
        }
    }

    fn link(&mut self, left: (Ty, Span), link: &Link, right: Ty) -> Ty {
        let (left, left_span) = left;
        // Whether a list or map that is written holds something may be known.
        let among = link.operator == BinaryOperator::In && !right.is_late() && left.is_late();
        if let Some(type_) = self.later(link.operator.text(), &[(&left, left_span), (&right, link.operand.span)]) {
            return if among && type_ != Ty::Unknown { Ty::Dyn } else { type_ };
        }
        if left == Ty::Unknown || right == Ty::Unknown {
            return if is_relation(link.operator) { Ty::Bool } else { Ty::Unknown };
        }
        if let Some(error) = thing_compared(link, (&left, left_span), &right) {
            self.report(error);
            return Ty::Bool;
        }
        let among = if let (BinaryOperator::In, Ty::List(item)) = (link.operator, &right) { item.notation() } else { right.notation() };
        if is_relation(link.operator)
            && let (Some(a), Some(b)) = (left.notation(), among)
            && a != b
        {
            let what = format!("`{}`", link.operator.text());
            self.report(errors::unlike(&what, (a, left_span), (b, link.operand.span), link.operator_span));
            return Ty::Bool;
        }
        match outcome(link.operator, &left, &right) {
            Some(type_) => type_,
            None => {
                let left = Operand::of_type(left_span, &left);
                let right = Operand::of_type(link.operand.span, &right);
                self.report(errors::wrong_operands(link.operator.text(), &left, &right, link.operator_span))
            }
        }
    }
}

/// What is wrong with comparing a thing with what is none.
fn thing_compared(link: &Link, (left, left_span): (&Ty, Span), right: &Ty) -> Option<Diagnostic> {
    let among = match (link.operator, right) {
        (BinaryOperator::Equal | BinaryOperator::NotEqual, right) => right.clone(),
        (BinaryOperator::In, Ty::List(item)) => (**item).clone(),
        (BinaryOperator::In, Ty::Map(_)) => Ty::String,
        _ => return None,
    };
    let (left_side, right_side) = ((left.describe(), left_span), (among.describe(), link.operand.span));
    match (left.thing(), among.thing()) {
        (Some(_), None) if among.is_plain() => Some(errors::thing_compared(left_side, right_side, link.operator_span)),
        (None, Some(_)) if left.is_plain() => Some(errors::thing_compared(right_side, left_side, link.operator_span)),
        _ => None,
    }
}

fn is_relation(operator: BinaryOperator) -> bool {
    match operator {
        BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply | BinaryOperator::Divide | BinaryOperator::Modulo => {
            false
        }
        BinaryOperator::Equal
        | BinaryOperator::NotEqual
        | BinaryOperator::Less
        | BinaryOperator::LessEqual
        | BinaryOperator::Greater
        | BinaryOperator::GreaterEqual
        | BinaryOperator::In => true,
    }
}

fn is_number(type_: &Ty) -> bool {
    matches!(type_, Ty::Int | Ty::Uint | Ty::Double)
}

const DURATION: Ty = Ty::In(Notation::Duration);

/// Whether values of a type are read in a notation when they are compared with what is written in it.
fn reads(written: &Ty, other: &Ty) -> bool {
    written.notation().is_some_and(|notation| *other == Ty::String || (notation == Notation::Quantity && is_number(other)))
}

/// The type of `left operator right`; none if no values of these types go together.
fn outcome(operator: BinaryOperator, left: &Ty, right: &Ty) -> Option<Ty> {
    let known = !left.is_open() && !right.is_open();
    let same = left == right;
    match operator {
        BinaryOperator::Equal | BinaryOperator::NotEqual => Some(Ty::Bool),
        BinaryOperator::Less | BinaryOperator::LessEqual | BinaryOperator::Greater | BinaryOperator::GreaterEqual => {
            let ordered = |type_: &Ty| {
                type_.is_open()
                    || is_number(type_)
                    || matches!(type_, Ty::Bool | Ty::String | Ty::Bytes)
                    || type_.notation().is_some_and(Notation::has_order)
            };
            let meets = (is_number(left) && is_number(right)) || reads(left, right) || reads(right, left);
            let fits = ordered(left) && ordered(right) && (!known || same || meets);
            fits.then_some(Ty::Bool)
        }
        BinaryOperator::In => (right.is_open() || matches!(right, Ty::List(_) | Ty::Map(_) | Ty::Record(_))).then_some(Ty::Bool),
        BinaryOperator::Add => {
            if let (Ty::List(a), Ty::List(b)) = (left, right) {
                return Some(Ty::list((**a).clone().or((**b).clone())));
            }
            let adds = |type_: &Ty| is_number(type_) || *type_ == DURATION || matches!(type_, Ty::String | Ty::Bytes);
            combined(left, right, |type_| adds(type_) || matches!(type_, Ty::List(_)))
        }
        BinaryOperator::Subtract => combined(left, right, |type_| is_number(type_) || *type_ == DURATION),
        BinaryOperator::Multiply | BinaryOperator::Divide => combined(left, right, is_number),
        BinaryOperator::Modulo => combined(left, right, |type_| matches!(type_, Ty::Int | Ty::Uint)),
    }
}

/// The type of two operands that must be of one type.
fn combined(left: &Ty, right: &Ty, legal: impl Fn(&Ty) -> bool) -> Option<Ty> {
    match (left.is_open(), right.is_open()) {
        (true, true) => Some(Ty::Dyn),
        // A list of unknown items may be added, so only its being a list is known.
        (true, false) => legal(right).then(|| if matches!(right, Ty::List(_)) { Ty::list(Ty::Dyn) } else { right.clone() }),
        (false, true) => legal(left).then(|| if matches!(left, Ty::List(_)) { Ty::list(Ty::Dyn) } else { left.clone() }),
        (false, false) => (left == right && legal(left)).then(|| left.clone()),
    }
}
