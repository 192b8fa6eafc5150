//! What is said to authors of unions.

use super::syntax::syntax;
use crate::diagnostic::Diagnostic;
use crate::schema::notation::notation;
use crate::schema::{Shape, Type, ValueForm};
use crate::span::Span;

pub(in crate::schema) fn large_union(span: Span) -> Diagnostic {
    syntax("a union has a map, a list and a scalar at most", span, "too many types")
        .hint("leave those out that another one covers, or write `any` where anything may stand")
}

pub(in crate::schema) fn alike_members(path: &str, first: &Type, second: &Type, form: ValueForm) -> Diagnostic {
    let words = form.words();
    let message = format!("two types of the union `{path}` are {}s: nothing tells their values apart", words.trim_start_matches("a "));
    let fault = syntax(message, second.origin, format!("`{}` is {words}", notation(second)))
        .label(first.origin, format!("`{}` is {words} too", notation(first)));
    match (&first.shape, &second.shape) {
        (Shape::Integer | Shape::Number, Shape::Integer | Shape::Number) => fault.hint("write `number`, which takes integers too"),
        _ if form == ValueForm::Scalar => fault.hint("write the wider of the two, or `any | enum=[…]` for a few values"),
        _ => fault.hint("leave one of the two out; a type of `types` can have the fields of both"),
    }
}

pub(in crate::schema) fn formless_member(path: &str, member: &Type) -> Diagnostic {
    let message = format!("`{}` cannot be one type among others in `{path}`", notation(member));
    let label = if member.is_union() { "a union itself" } else { "takes everything already" };
    let hint = if member.is_union() {
        "write its types here, each with `or` between them"
    } else {
        "write the types that are meant, or `any` alone"
    };
    syntax(message, member.origin, label).hint(hint)
}
