//! Types of macros.

use super::super::comprehension::word;
use super::super::errors::{self, Operand};
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
        let (index, item) = self.round(inner, &range);
        let is_map = matches!(range, Ty::Map(_) | Ty::Record(_));
        let known = is_map || matches!(range, Ty::List(_));
        let one = if is_map { index.clone() } else { item.clone() };
        // With one variable a list gives items and a map keys; of what may be either, nothing is known.
        let one = if known { one } else { Ty::Dyn };
        let variables = if inner.variables.len() == 2 { vec![index, item] } else { vec![one.clone()] };
        let body = self.with(inner, variables, |checker| {
            if let Some(filter) = &inner.filter {
                checker.condition(inner, filter);
            }
            match inner.verb {
                Verb::All | Verb::Exists | Verb::ExistsOne | Verb::Filter => {
                    checker.condition(inner, &inner.body);
                    Ty::Bool
                }
                Verb::SortBy | Verb::List | Verb::Map | Verb::Entries | Verb::Bind | Verb::OptionalMap | Verb::OptionalFlatMap => {
                    checker.expr(&inner.body)
                }
            }
        });
        match inner.verb {
            Verb::All | Verb::Exists | Verb::ExistsOne => Ty::Bool,
            Verb::Filter | Verb::SortBy => Ty::list(one),
            Verb::List => Ty::list(body),
            Verb::Map => Ty::map(body),
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
            Ty::Dyn => (Ty::Dyn, Ty::Dyn),
            Ty::Unknown => (Ty::Unknown, Ty::Unknown),
            Ty::Late => {
                self.report(errors::late_misplaced("", "a loop", inner.range.span));
                (Ty::Unknown, Ty::Unknown)
            }
            Ty::Null
            | Ty::Bool
            | Ty::Int
            | Ty::Uint
            | Ty::Double
            | Ty::String
            | Ty::Name(_)
            | Ty::Bytes
            | Ty::Type
            | Ty::In(_)
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

    fn condition(&mut self, inner: &Macro, body: &Expr) {
        let type_ = self.expr(body);
        if type_ == Ty::Late {
            self.report(errors::late_misplaced("", "a condition", body.span));
        } else if type_ != Ty::Bool && !type_.is_open() {
            self.report(errors::wrong_operand(word(inner.verb), &Operand::of_type(body.span, &type_), errors::CONDITION));
        }
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
