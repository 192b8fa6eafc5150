//! Which calls are macros: they bind variables or evaluate their arguments as they like, and become nodes of their own.

use super::errors;
use super::parser::Parsed;
use super::syntax::{Expr, ExprKind, Macro, Variable, Verb};
use crate::span::Span;
use std::sync::Arc;

/// A call before it is known whether it is a macro.
pub(super) struct Call {
    pub(super) target: Option<Expr>,
    pub(super) function: Arc<str>,
    pub(super) function_span: Span,
    pub(super) arguments: Vec<Expr>,
    pub(super) span: Span,
}

pub(super) fn plain(call: Call) -> ExprKind {
    ExprKind::Call {
        target: call.target.map(Box::new),
        function: call.function,
        function_span: call.function_span,
        arguments: call.arguments,
    }
}

pub(super) fn binds_variables(function: &str, has_target: bool) -> bool {
    has_target && (function == "bind" || verb(function).is_some())
}

/// The macros with their names, the one to suggest first, and with the numbers of arguments they take. Two-variable forms have one argument
/// more.
const VERBS: [(Verb, &[&str], &[usize]); 11] = [
    (Verb::All, &["all"], &[2, 3]),
    (Verb::Exists, &["exists"], &[2, 3]),
    (Verb::ExistsOne, &["exists_one", "existsOne"], &[2, 3]),
    (Verb::Filter, &["filter"], &[2]),
    (Verb::SortBy, &["sortBy"], &[2]),
    (Verb::List, &["map"], &[2, 3]),
    (Verb::List, &["transformList"], &[3, 4]),
    (Verb::Map, &["transformMap"], &[3, 4]),
    (Verb::Entries, &["transformMapEntry"], &[3, 4]),
    (Verb::OptionalMap, &["optMap"], &[2]),
    (Verb::OptionalFlatMap, &["optFlatMap"], &[2]),
];

/// The macro of a name, with the numbers of arguments it takes.
pub(super) fn verb(function: &str) -> Option<(Verb, &'static [usize])> {
    VERBS.iter().find(|(_, names, _)| names.contains(&function)).map(|(verb, _, counts)| (*verb, *counts))
}

/// What may be written like a function and is none: macros, and the two that look at their argument without evaluating it.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    VERBS.iter().filter_map(|(_, names, _)| names.first().copied()).chain(["has", "if"])
}

pub(super) fn has(mut call: Call) -> Parsed<ExprKind> {
    let argument = call.arguments.pop().filter(|_| call.arguments.is_empty());
    let Some(argument) = argument else { return Err(Box::new(errors::has_needs_field(call.span))) };
    if matches!(argument.kind, ExprKind::Select { .. } | ExprKind::Index { .. }) {
        return Ok(ExprKind::Has(Box::new(argument)));
    }
    Err(Box::new(errors::has_needs_field(argument.span)))
}

pub(super) fn conditional(call: Call) -> Parsed<ExprKind> {
    let count = call.arguments.len();
    let [condition, yes, no] = <[Expr; 3]>::try_from(call.arguments)
        .map_err(|_| Box::new(errors::wrong_argument_count("if", count, "if(condition, yes, no)", call.function_span)))?;
    Ok(ExprKind::Conditional { condition: Box::new(condition), yes: Box::new(yes), no: Box::new(no) })
}

pub(super) fn bind(call: Call) -> Parsed<ExprKind> {
    let count = call.arguments.len();
    let [name, range, body] = <[Expr; 3]>::try_from(call.arguments)
        .map_err(|_| Box::new(errors::wrong_argument_count("cel.bind", count, "cel.bind(name, value, body)", call.function_span)))?;
    let variables = vec![variable(&name)?];
    Ok(ExprKind::Macro(Box::new(Macro { verb: Verb::Bind, range, variables, filter: None, body })))
}

fn variable(expr: &Expr) -> Parsed<Variable> {
    if let ExprKind::Name { name, absolute: false } = &expr.kind {
        return Ok(Variable { name: Arc::clone(name), span: expr.span });
    }
    Err(Box::new(errors::variable_expected(expr.span)))
}

pub(super) fn comprehension(call: Call, verb: Verb, arities: &'static [usize]) -> Parsed<ExprKind> {
    let count = call.arguments.len();
    let Some(range) = call.target.filter(|_| arities.contains(&count)) else {
        let usage = usage(&call.function);
        return Err(Box::new(errors::wrong_argument_count(&call.function, count, usage, call.function_span)));
    };
    let two = match verb {
        Verb::All | Verb::Exists | Verb::ExistsOne => count == 3,
        Verb::Map | Verb::Entries => true,
        Verb::List => &*call.function == "transformList",
        Verb::Filter | Verb::SortBy | Verb::Bind | Verb::OptionalMap | Verb::OptionalFlatMap => false,
    };
    let mut arguments = call.arguments.into_iter();
    let mut variables: Vec<Variable> = Vec::new();
    for argument in arguments.by_ref().take(1 + usize::from(two)) {
        let variable = variable(&argument)?;
        if variables.iter().any(|known| known.name == variable.name) {
            return Err(Box::new(errors::variable_twice(&variable.name, variable.span)));
        }
        variables.push(variable);
    }
    let (filter, body) = match (arguments.next(), arguments.next()) {
        (Some(filter), Some(body)) => (Some(filter), body),
        (Some(body), None) => (None, body),
        (None, _) => return Err(Box::new(errors::wrong_argument_count(&call.function, count, usage(&call.function), call.function_span))),
    };
    Ok(ExprKind::Macro(Box::new(Macro { verb, range, variables, filter, body })))
}

/// How each macro is written, for hints.
fn usage(function: &str) -> &'static str {
    match function {
        "all" => "list.all(item, condition)",
        "exists" => "list.exists(item, condition)",
        "exists_one" | "existsOne" => "list.exists_one(item, condition)",
        "filter" => "list.filter(item, condition)",
        "sortBy" => "list.sortBy(item, key)",
        "map" => "list.map(item, value)",
        "transformList" => "list.transformList(index, item, value)",
        "transformMap" => "map.transformMap(key, value, newValue)",
        "transformMapEntry" => "map.transformMapEntry(key, value, {newKey: newValue})",
        "optMap" => "optional.optMap(value, newValue)",
        "optFlatMap" => "optional.optFlatMap(value, newOptional)",
        _ => "",
    }
}
