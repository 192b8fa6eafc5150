//! What stands between brackets: lists, maps and the arguments of calls.

use super::functions;
use super::lexer::Symbol;
use super::macros::{self, Call};
use super::parser::{Parsed, Parser};
use super::syntax::{Element, Expr, ExprKind, ExprPair};
use crate::span::Span;
use std::sync::Arc;

impl Parser<'_> {
    pub(super) fn list(&mut self) -> Parsed<Expr> {
        let open = self.next();
        let mut elements = Vec::new();
        let mut height = 0;
        let close = loop {
            if let Some(close) = self.take(Symbol::CloseList) {
                break close;
            }
            let optional = self.take(Symbol::Question).is_some();
            elements.push(Element { value: self.expr()?, optional });
            height = height.max(self.height);
            if self.take(Symbol::Comma).is_none() {
                break self.close(Symbol::CloseList, "`,` or `]`", self.span(open))?;
            }
        };
        self.raise(height)?;
        Ok(Expr { kind: ExprKind::List(elements), span: self.span(open).join(self.span(close)) })
    }

    pub(super) fn map(&mut self) -> Parsed<Expr> {
        let open = self.next();
        let mut pairs = Vec::new();
        let mut height = 0;
        let close = loop {
            if let Some(close) = self.take(Symbol::CloseMap) {
                break close;
            }
            let optional = self.take(Symbol::Question).is_some();
            let key = self.expr()?;
            height = height.max(self.height);
            self.expect(Symbol::Colon, "`:` and a value")?;
            pairs.push(ExprPair { key, value: self.expr()?, optional });
            height = height.max(self.height);
            if self.take(Symbol::Comma).is_none() {
                break self.close(Symbol::CloseMap, "`,` or `}`", self.span(open))?;
            }
        };
        self.raise(height)?;
        Ok(Expr { kind: ExprKind::Map(pairs), span: self.span(open).join(self.span(close)) })
    }

    /// A call from its opening parenthesis on.
    pub(super) fn call(&mut self, target: Option<Expr>, function: Arc<str>, function_span: Span) -> Parsed<Expr> {
        let open = self.expect(Symbol::Open, "`(`")?;
        let outer = self.bound.len();
        let binds = macros::binds_variables(&function, target.is_some());
        let mut arguments: Vec<Expr> = Vec::new();
        let mut height = if target.is_some() { self.height } else { 0 };
        let close = loop {
            if let Some(close) = self.take(Symbol::Close) {
                break close;
            }
            let argument = self.expr()?;
            height = height.max(self.height);
            if binds && let ExprKind::Name { name, absolute: false } = &argument.kind {
                self.bound.push(Arc::clone(name));
            }
            arguments.push(argument);
            if self.take(Symbol::Comma).is_none() {
                break self.close(Symbol::Close, "`,` or `)`", self.span(open))?;
            }
        };
        self.bound.truncate(outer);
        self.raise(height)?;
        let span = target.as_ref().map_or(function_span, |target| target.span).join(self.span(close));
        self.build(Call { target, function, function_span, arguments, span })
    }

    fn build(&self, mut call: Call) -> Parsed<Expr> {
        let span = call.span;
        // `math.least(x)`: a namespace, not a value, unless a variable of a macro has its name.
        if let Some(target) = &call.target
            && let ExprKind::Name { name, absolute: false } = &target.kind
            && !self.bound.contains(name)
        {
            let full = format!("{name}.{}", call.function);
            if full == "cel.bind" || functions::family(&full).is_some() {
                call.function = full.into();
                call.function_span = target.span.join(call.function_span);
                call.target = None;
            }
        }
        let kind = match (&*call.function, call.target.is_some()) {
            ("has", false) => macros::has(call)?,
            ("if", false) => macros::conditional(call)?,
            ("cel.bind", false) => macros::bind(call)?,
            (function, true) => match macros::verb(function) {
                Some((verb, arities)) => macros::comprehension(call, verb, arities)?,
                None => macros::plain(call),
            },
            (_, false) => macros::plain(call),
        };
        Ok(Expr { kind, span })
    }
}
