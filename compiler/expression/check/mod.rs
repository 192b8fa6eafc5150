//! From a syntax tree and the types of the names in scope to the type of the expression, and to what is wrong with it whatever the values
//! are. What evaluation would report too is reported with the same code, words and place. It never evaluates, and never raises a false
//! alarm: where a type is not known for certain, it is silent.

mod call;
mod comprehension;
mod operate;
mod select;

use super::errors::{self, Operand};
use super::late::{self, LateRefusal};
use super::syntax::{Element, Expr, ExprKind, ExprPair};
use super::template::is_never_text;
use super::types::{self, Ty};
use super::{Piece, Target, Template};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::Span;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The names that an expression may read, with their types.
#[derive(Clone, Debug, Default)]
pub struct TypeScope {
    /// In the order in which suggestions list them.
    pub names: Vec<(Arc<str>, Ty)>,
    /// Whose `self` and `let` are, by all names under which others may miss the same in them.
    pub owners: Vec<Arc<str>>,
    /// Names that mean something elsewhere and nothing here.
    pub absent: Vec<(Arc<str>, Absence)>,
}

/// Why a name that means something elsewhere means nothing here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Absence {
    /// The reason, as a label.
    pub label: String,
    /// What to do.
    pub hint: String,
}

impl TypeScope {
    /// The type of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Ty> {
        self.names.iter().rev().find(|(known, _)| &**known == name).map(|(_, type_)| type_)
    }
}

/// Checks an expression without evaluating it, and gives its type.
pub fn check(expr: &Expr, scope: &TypeScope, diagnostics: &mut Diagnostics) -> Ty {
    let mut checker = TypeChecker { scope, locals: Vec::new(), found: Vec::new() };
    let type_ = checker.expr(expr);
    for diagnostic in checker.found {
        diagnostics.push(diagnostic);
    }
    type_
}

impl Template {
    /// Checks the expressions and whether they can be joined, and gives the type of the outcome.
    pub fn check(&self, scope: &TypeScope, target: Target, diagnostics: &mut Diagnostics) -> Ty {
        let mut found = Diagnostics::default();
        let type_ = self.checked(scope, target, &mut found);
        found.drain().into_iter().for_each(|error| diagnostics.push(errors::or_text(error)));
        // Those that were too many to be kept are counted.
        diagnostics.append(found);
        type_
    }

    fn checked(&self, scope: &TypeScope, target: Target, diagnostics: &mut Diagnostics) -> Ty {
        if let Some(expr) = self.single() {
            return check(expr, scope, diagnostics);
        }
        let (mut late, mut written) = (false, false);
        for (piece, pasted) in self.pieces.iter().zip(self.pasted(target)) {
            match piece {
                Piece::Text(_) => {}
                Piece::Dollar => late |= target == Target::Terraform,
                Piece::Expr(expr) if pasted => diagnostics.push(errors::expression_in_terraform(expr.span, self.span)),
                Piece::Expr(expr) => match check(expr, scope, diagnostics) {
                    Ty::Late(of) => {
                        late = true;
                        if is_never_text(&of) {
                            diagnostics.push(errors::not_text(&Operand::of_type(expr.span, &Ty::Late(of))));
                        }
                    }
                    Ty::Record(record) if record.thing.is_some() => {
                        diagnostics.push(errors::thing_in_text(expr, record.thing.unwrap_or_default()));
                    }
                    type_ @ (Ty::List(_) | Ty::Map(_) | Ty::Record(_) | Ty::Null | Ty::Optional(_) | Ty::Bytes) => {
                        diagnostics.push(errors::not_text(&Operand::of_type(expr.span, &type_)));
                    }
                    type_ @ Ty::OneOf(_) if !type_.may(|type_| !matches!(type_, Ty::List(_) | Ty::Map(_) | Ty::Record(_))) => {
                        diagnostics.push(errors::not_text(&Operand::of_type(expr.span, &type_)));
                    }
                    Ty::Written => written = true,
                    Ty::Dyn
                    | Ty::OneOf(_)
                    | Ty::Bool
                    | Ty::Int
                    | Ty::Uint
                    | Ty::Double
                    | Ty::Number
                    | Ty::String
                    | Ty::Name(_)
                    | Ty::Type
                    | Ty::In(_)
                    | Ty::Unknown => {}
                },
            }
        }
        match (late, written) {
            (true, _) => Ty::late(Ty::String),
            (false, true) => Ty::Written,
            (false, false) => Ty::String,
        }
    }
}

struct TypeChecker<'a> {
    scope: &'a TypeScope,
    /// Variables of the macros around, innermost last.
    locals: Vec<(Arc<str>, Ty)>,
    found: Vec<Diagnostic>,
}

impl TypeChecker<'_> {
    /// Reports and gives the type that silences what follows from it.
    fn report(&mut self, diagnostic: Diagnostic) -> Ty {
        self.found.push(diagnostic);
        Ty::Unknown
    }

    fn expr(&mut self, expr: &Expr) -> Ty {
        match &expr.kind {
            ExprKind::Null => Ty::Null,
            ExprKind::Bool(_) => Ty::Bool,
            ExprKind::Int(_) => Ty::Int,
            ExprKind::Uint(_) => Ty::Uint,
            ExprKind::Double(_) => Ty::Double,
            ExprKind::String(_) => Ty::String,
            ExprKind::Bytes(_) => Ty::Bytes,
            ExprKind::Name { name, absolute } => self.name(name, *absolute, expr.span),
            ExprKind::Select { operand, field, field_span, optional } => self.select(operand, field, *field_span, *optional),
            ExprKind::Index { operand, index, optional } => self.index(operand, index, *optional),
            ExprKind::Has(inner) => self.has(inner),
            ExprKind::Call { target, function, function_span, arguments } => {
                self.call(target.as_deref(), function, *function_span, arguments)
            }
            ExprKind::Macro(inner) => self.comprehension(inner),
            ExprKind::Not(operand) => self.truths(std::slice::from_ref(&**operand), "!"),
            ExprKind::Negate(operand) => self.negate(operand),
            ExprKind::Chain { first, rest } => self.chain(first, rest),
            ExprKind::And(operands) => self.truths(operands, "&&"),
            ExprKind::Or(operands) => self.truths(operands, "||"),
            ExprKind::Conditional { condition, yes, no } => {
                let late = self.truths(std::slice::from_ref(&**condition), "?").is_late();
                let yes = self.expr(yes);
                let no = self.expr(no);
                if late { Ty::late(yes.bare().or(no.bare())) } else { yes.or(no) }
            }
            ExprKind::List(elements) => self.list(elements),
            ExprKind::Map(pairs) => self.map(pairs),
        }
    }

    fn name(&mut self, name: &Arc<str>, absolute: bool, span: Span) -> Ty {
        if !absolute && let Some((_, type_)) = self.locals.iter().rev().find(|(known, _)| known == name) {
            return type_.clone();
        }
        if let Some(type_) = self.scope.get(name) {
            return type_.clone();
        }
        if types::constant(name).is_some() {
            return Ty::Type;
        }
        let names: Vec<Arc<str>> = self.locals.iter().chain(&self.scope.names).map(|(name, _)| Arc::clone(name)).collect();
        let absence = self.scope.absent.iter().find(|(absent, _)| **absent == **name).map(|(_, absence)| absence.clone());
        self.report(errors::unknown_name(name, &names, absence, span))
    }

    fn is_bound(&self, name: &str) -> bool {
        self.locals.iter().chain(&self.scope.names).any(|(known, _)| &**known == name)
    }

    /// Operands that must be true or false.
    fn truths(&mut self, operands: &[Expr], what: &str) -> Ty {
        let mut late = false;
        for operand in operands {
            let type_ = self.expr(operand);
            late |= type_.is_late();
            let truth = type_.clone().bare();
            if truth != Ty::Bool && !truth.is_open() {
                self.report(errors::wrong_operand(what, &Operand::of_type(operand.span, &type_), errors::TRUTH));
            }
        }
        if late { Ty::late(Ty::Bool) } else { Ty::Bool }
    }

    /// What an operation gives of whose operands some are late; none if none is.
    fn later(&mut self, name: &str, operands: &[(&Ty, Span)]) -> Option<Ty> {
        let (_, first) = operands.iter().find(|(type_, _)| type_.is_late())?;
        if operands.iter().any(|(type_, _)| **type_ == Ty::Unknown) {
            return Some(Ty::Unknown);
        }
        let types: Vec<Ty> = operands.iter().map(|(type_, _)| (*type_).clone().bare()).collect();
        Some(match late::gives(name, &types) {
            Ok(type_) => Ty::late(type_),
            // Tables of providers may know more when it is evaluated.
            Err(LateRefusal::Untold(_)) => Ty::late(Ty::Dyn),
            Err(refusal) => self.report(errors::late_function("", name, refusal, *first)),
        })
    }

    fn list(&mut self, elements: &[Element]) -> Ty {
        let mut item: Option<Ty> = None;
        for element in elements {
            let type_ = self.entry(&element.value, element.optional);
            item = Some(item.map_or(type_.clone(), |item| item.or(type_)));
        }
        Ty::list(item.unwrap_or(Ty::Dyn))
    }

    fn map(&mut self, pairs: &[ExprPair]) -> Ty {
        let mut keys = BTreeSet::new();
        let mut value: Option<Ty> = None;
        for pair in pairs {
            let key = self.expr(&pair.key);
            match &key {
                Ty::Bool
                | Ty::Int
                | Ty::Uint
                | Ty::String
                | Ty::Name(_)
                | Ty::Written
                | Ty::In(_)
                | Ty::Dyn
                | Ty::OneOf(_)
                | Ty::Unknown => {}
                Ty::Null
                | Ty::Double
                | Ty::Number
                | Ty::Bytes
                | Ty::Type
                | Ty::List(_)
                | Ty::Map(_)
                | Ty::Record(_)
                | Ty::Optional(_)
                | Ty::Late(_) => {
                    self.report(errors::bad_key(&Operand::of_type(pair.key.span, &key)));
                }
            }
            if let ExprKind::String(text) = &pair.key.kind
                && !keys.insert(text)
            {
                self.report(errors::key_twice(text, pair.key.span));
            }
            let type_ = self.entry(&pair.value, pair.optional);
            value = Some(value.map_or(type_.clone(), |value| value.or(type_)));
        }
        Ty::map(value.unwrap_or(Ty::Dyn))
    }

    /// An entry of a list or map, which may be written `?entry`.
    fn entry(&mut self, value: &Expr, optional: bool) -> Ty {
        let type_ = self.expr(value);
        if !optional {
            return type_;
        }
        if type_.is_open() || matches!(type_, Ty::Optional(_)) {
            return type_.inner();
        }
        self.report(errors::wrong_operand("?", &Operand::of_type(value.span, &type_), errors::OPTIONAL))
    }
}

#[cfg(test)]
mod tests;
