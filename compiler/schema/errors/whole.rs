//! What is said to authors of schemas about fields that hold definitions of other classes.

use super::syntax::syntax;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name::{Kind, listed, nearest};
use crate::path::Path;
use crate::span::Span;

pub(in crate::schema) fn definition_of_nothing(span: Span) -> Diagnostic {
    syntax("a definition is one of a kind and a class", span, "says only one of both")
        .hint("write both, as in `definition(infrastructure, bucket)`")
}

/// `known`: the classes of the kind.
pub(in crate::schema) fn definition_of_unknown(span: Span, kind: Kind, name: &str, known: &[&str]) -> Diagnostic {
    let message = format!("there is no class `{}/{name}`", kind.singular());
    let absent = Path::of(["classes", kind.singular(), name]);
    let fault = Diagnostic::error(Code::UnknownClass, message, span, "not a class").misses(absent);
    match nearest(name, known.iter().copied()) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => fault,
        None => fault.hint(format!("the classes of that kind are {}", listed(known.iter().copied()))),
    }
}
