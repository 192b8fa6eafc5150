//! Types of macros.

use super::super::comprehension::word;
use super::super::errors::{self, Operand};
use super::super::late::{self, LateRefusal};
use super::super::syntax::{Expr, Macro, Verb};
use super::super::types::Ty;
use super::TypeChecker;
use std::sync::Arc;

impl TypeChecker<'_> {
    pub(super) fn comprehension(&mut self, inner: &Macro) -> Ty {
        let range = self.expr(&inner.range);
        match inner.verb {
            Verb::Bind => return self.with(inner, vec![range], |checker| checker.expr(&inner.body)),
            Verb::OptionalMap | Verb::OptionalFlatMap => return self.optional(inner, &range),
            Verb::All | Verb::Exists | Verb::ExistsOne | Verb::Filter | Verb::SortBy | Verb::List | Verb::Map | Verb::Entries => {}
        }
        let late = range.is_late();
        let of = if late { range.clone().bare() } else { range.clone() };
        if late && let Err(refusal) = late::loops(inner.verb, inner.variables.len(), &of) {
            if refusal == LateRefusal::Untold(0) {
                return Ty::Dyn;
            }
            return self.report(errors::late_function("", word(inner.verb), refusal, inner.range.span));
        }
        let (index, item) = self.round(inner, &of);
        let index = if inner.range.is_plural(&of) { Ty::Written } else { index };
        let (index, item) = if late { (Ty::late(index), Ty::late(item)) } else { (index, item) };
        let is_map = matches!(of, Ty::Map(_) | Ty::Record(_));
        let known = is_map || matches!(of, Ty::List(_));
        let one = if is_map { index.clone() } else { item.clone() };
        // With one variable a list gives items and a map keys; of what may be either, nothing is known.
        let one = if known { one } else { Ty::Dyn };
        let variables = if inner.variables.len() == 2 { vec![index, item] } else { vec![one.clone()] };
        let body = self.with(inner, variables, |checker| {
            if let Some(filter) = &inner.filter {
                checker.condition(inner, filter);
            }
            match inner.verb {
                Verb::All | Verb::Exists | Verb::ExistsOne | Verb::Filter => checker.condition(inner, &inner.body),
                Verb::SortBy | Verb::List | Verb::Map | Verb::Entries | Verb::Bind | Verb::OptionalMap | Verb::OptionalFlatMap => {
                    checker.expr(&inner.body)
                }
            }
        });
        // A late condition decides later.
        let later = |type_: Ty| if late { Ty::late(type_.bare()) } else { type_ };
        match inner.verb {
            Verb::All | Verb::Exists | Verb::ExistsOne => later(if body.is_late() { Ty::Dyn } else { Ty::Bool }),
            Verb::Filter | Verb::SortBy => later(if body.is_late() { Ty::Dyn } else { Ty::list(one) }),
            Verb::List => later(Ty::list(body)),
            Verb::Map => later(Ty::map(body)),
            Verb::Entries => {
                if body.is_open() || matches!(body, Ty::Map(_) | Ty::Record(_)) {
                    return Ty::map(body.inner());
                }
                self.report(errors::wrong_operand(word(inner.verb), &Operand::of_type(inner.body.span, &body), errors::NEW_ENTRIES))
            }
            Verb::Bind | Verb::OptionalMap | Verb::OptionalFlatMap => body,
        }
    }

    /// The types of index and item, or of key and value.
    fn round(&mut self, inner: &Macro, range: &Ty) -> (Ty, Ty) {
        match range {
            Ty::List(item) => (Ty::Int, (**item).clone()),
            Ty::Map(value) => (Ty::Dyn, (**value).clone()),
            Ty::Record(_) => (Ty::String, range.inner()),
            Ty::OneOf(types) if types.iter().any(|type_| matches!(type_, Ty::List(_) | Ty::Map(_) | Ty::Record(_))) => {
                (Ty::Dyn, range.inner())
            }
            Ty::Dyn => (Ty::Dyn, Ty::Dyn),
            Ty::Unknown => (Ty::Unknown, Ty::Unknown),
            Ty::Null
            | Ty::Bool
            | Ty::Int
            | Ty::Uint
            | Ty::Double
            | Ty::Number
            | Ty::Late(_)
            | Ty::String
            | Ty::Name(_)
            | Ty::Written
            | Ty::Bytes
            | Ty::Type
            | Ty::In(_)
            | Ty::OneOf(_)
            | Ty::Optional(_) => {
                self.report(errors::wrong_operand(word(inner.verb), &Operand::of_type(inner.range.span, range), errors::RANGE));
                (Ty::Unknown, Ty::Unknown)
            }
        }
    }

    fn with(&mut self, inner: &Macro, types: Vec<Ty>, body: impl FnOnce(&mut Self) -> Ty) -> Ty {
        let outer = self.locals.len();
        self.locals.extend(inner.variables.iter().map(|variable| Arc::clone(&variable.name)).zip(types));
        let type_ = body(self);
        self.locals.truncate(outer);
        type_
    }

    fn condition(&mut self, inner: &Macro, body: &Expr) -> Ty {
        let type_ = self.expr(body);
        let truth = type_.clone().bare();
        if truth != Ty::Bool && !truth.is_open() {
            self.report(errors::wrong_operand(word(inner.verb), &Operand::of_type(body.span, &type_), errors::CONDITION));
        }
        type_
    }

    fn optional(&mut self, inner: &Macro, range: &Ty) -> Ty {
        if !range.is_open() && !matches!(range, Ty::Optional(_)) {
            return self.report(errors::wrong_operand(word(inner.verb), &Operand::of_type(inner.range.span, range), errors::OPTIONAL));
        }
        let body = self.with(inner, vec![range.inner()], |checker| checker.expr(&inner.body));
        if inner.verb == Verb::OptionalMap {
            return Ty::optional(body);
        }
        if body.is_open() || matches!(body, Ty::Optional(_)) {
            return body;
        }
        self.report(errors::wrong_operand(word(inner.verb), &Operand::of_type(inner.body.span, &body), "an optional value"))
    }
}
