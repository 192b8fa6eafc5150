//! Types of calls: which forms of a function fit the types of its arguments.

use super::super::call::{cure, fits};
use super::super::errors::{self, Operand};
use super::super::functions::{self, Gives, Overload, TyKind};
use super::super::late;
use super::super::syntax::{Expr, ExprKind};
use super::super::types::Ty;
use super::TypeChecker;
use crate::span::Span;

impl TypeChecker<'_> {
    pub(super) fn call(&mut self, target: Option<&Expr>, function: &str, span: Span, arguments: &[Expr]) -> Ty {
        // `math.lest(x)`: a namespace is no value.
        if let Some(Expr { kind: ExprKind::Name { name, absolute: false }, span: name_span }) = target
            && functions::is_namespace(name)
            && !self.is_bound(name)
        {
            arguments.iter().for_each(|argument| {
                self.expr(argument);
            });
            let full = format!("{name}.{function}");
            return self.report(errors::unknown_function(&full, functions::names(), name_span.join(span)));
        }
        let operands: Vec<&Expr> = target.into_iter().chain(arguments).collect();
        let types: Vec<Ty> = operands.iter().map(|operand| self.expr(operand)).collect();
        let Some(family) = functions::family(function) else {
            return self.report(errors::unknown_function(function, functions::names(), span));
        };
        let method = target.is_some();
        if let Err(diagnostic) = fits(family, function, method, types.len(), span) {
            return self.report(*diagnostic);
        }
        let forms = family.forms(method, types.len());
        let late = types.iter().enumerate().any(|(index, type_)| {
            let takes_any = forms.clone().any(|form| form.parameter(index) == TyKind::Any);
            type_.is_late() && (!takes_any || late::is_function(function))
        });
        let placed: Vec<(&Ty, Span)> = types.iter().zip(&operands).map(|(type_, operand)| (type_, operand.span)).collect();
        if late && let Some(type_) = self.later(function, &placed) {
            return type_;
        }
        if types.contains(&Ty::Unknown) {
            return Ty::Unknown;
        }
        let takes = |form: &&'static Overload| types.iter().enumerate().all(|(index, type_)| type_.may_be(form.parameter(index)));
        let mut outcome: Option<Ty> = None;
        for form in forms.filter(takes) {
            let gives = given(form.gives, &types);
            // With several forms possible, only what they agree on is known.
            outcome = Some(outcome.map_or(gives.clone(), |known| known.or(gives)));
        }
        if let ("keys" | "entries", [map], [type_]) = (function, operands.as_slice(), types.as_slice())
            && map.is_plural(type_)
        {
            let entry = || Ty::record(vec![("key".into(), Ty::Written), ("value".into(), type_.inner())]);
            return Ty::list(if function == "keys" { Ty::Written } else { entry() });
        }
        if types.iter().any(Ty::is_written) {
            outcome = outcome.map(Ty::written);
        }
        self.parts_of_name(function, &operands, &types);
        if let (false, "string", [name @ Ty::Name(_)]) = (method, function, types.as_slice()) {
            return name.clone();
        }
        outcome.unwrap_or_else(|| {
            let exprs = operands;
            let operands: Vec<Operand> = exprs.iter().zip(&types).map(|(operand, type_)| Operand::of_type(operand.span, type_)).collect();
            let cure = cure(family, function, method, &exprs, &types);
            let (target, arguments) = operands.split_at_checked(usize::from(method)).unwrap_or((&[], &operands));
            self.report(errors::wrong_argument_types(function, target.first(), arguments, cure, &family.usage(), span))
        })
    }
}

impl TypeChecker<'_> {
    /// Reports a literal of which a name is asked whether it begins with it, ends in it or holds it, if that is so of no name.
    fn parts_of_name(&mut self, function: &str, operands: &[&Expr], types: &[Ty]) {
        let ([Ty::Name(names), _], [_, Expr { kind: ExprKind::String(text), span }]) = (types, operands) else { return };
        let (found, words) = match function {
            "startsWith" => (names.known.iter().any(|name| name.starts_with(&**text)), "begins with"),
            "endsWith" => (names.known.iter().any(|name| name.ends_with(&**text)), "ends in"),
            "contains" => (names.known.iter().any(|name| name.contains(&**text)), "holds"),
            _ => return,
        };
        if !found {
            self.report(errors::unknown_part(text, words, names, *span));
        }
    }
}

fn given(gives: Gives, types: &[Ty]) -> Ty {
    let first = || types.first().cloned().unwrap_or(Ty::Dyn);
    match gives {
        Gives::Kind(kind) => Ty::of_kind(kind),
        Gives::Strings => Ty::list(Ty::String),
        Gives::Ints => Ty::list(Ty::Int),
        Gives::First => first(),
        Gives::Item => first().inner(),
        Gives::OptionalItem => Ty::optional(first().inner()),
        Gives::OptionalFirst => Ty::optional(first()),
        Gives::Joined => first().or(types.get(1).cloned().unwrap_or(Ty::Dyn)),
        Gives::Either => first().inner().or(types.get(1).cloned().unwrap_or(Ty::Dyn)),
    }
}
