//! Types of operators.

use super::super::errors::{self, Operand};
use super::super::syntax::{BinaryOperator, Expr, ExprKind, Link};
use super::super::types::{NamesOf, Ty};
use super::TypeChecker;
use crate::span::Span;

impl TypeChecker<'_> {
    pub(super) fn negate(&mut self, operand: &Expr) -> Ty {
        let type_ = self.expr(operand);
        match type_ {
            Ty::Int | Ty::Double | Ty::Dyn | Ty::Unknown => type_,
            Ty::Late => self.report(errors::late_misplaced("", "`-`", operand.span)),
            Ty::Null
            | Ty::Bool
            | Ty::Uint
            | Ty::String
            | Ty::Name(_)
            | Ty::Bytes
            | Ty::Type
            | Ty::Ip
            | Ty::Cidr
            | Ty::Semver
            | Ty::Quantity
            | Ty::List(_)
            | Ty::Map(_)
            | Ty::Record(_)
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
            self.named((&left, (span == first.span).then_some(first)), link, &right);
            left = self.link((left.plain(), span), link, right.plain());
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

    fn called(&mut self, names: &NamesOf, literal: &Expr) {
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
        for (type_, span) in [(&left, left_span), (&right, link.operand.span)] {
            if *type_ == Ty::Late {
                return self.report(errors::late_misplaced("", &format!("`{}`", link.operator.text()), span));
            }
        }
        if left == Ty::Unknown || right == Ty::Unknown {
            return if is_relation(link.operator) { Ty::Bool } else { Ty::Unknown };
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
                    || matches!(type_, Ty::Bool | Ty::String | Ty::Bytes | Ty::Semver | Ty::Quantity | Ty::Ip)
            };
            let fits = ordered(left) && ordered(right) && (!known || same || (is_number(left) && is_number(right)));
            fits.then_some(Ty::Bool)
        }
        BinaryOperator::In => (right.is_open() || matches!(right, Ty::List(_) | Ty::Map(_) | Ty::Record(_))).then_some(Ty::Bool),
        BinaryOperator::Add => {
            if let (Ty::List(a), Ty::List(b)) = (left, right) {
                return Some(Ty::list((**a).clone().or((**b).clone())));
            }
            let adds = |type_: &Ty| is_number(type_) || matches!(type_, Ty::String | Ty::Bytes);
            combined(left, right, |type_| adds(type_) || matches!(type_, Ty::List(_)))
        }
        BinaryOperator::Subtract | BinaryOperator::Multiply | BinaryOperator::Divide => combined(left, right, is_number),
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
