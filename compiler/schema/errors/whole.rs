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
    let fault =
        Diagnostic::error(Code::UnknownClass, message, span, "not a class").misses(absent).lacking(format!("{}/{name}", kind.singular()));
    match nearest(name, known.iter().copied()) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => fault,
        None => fault.hint(format!("the classes of that kind are {}", listed(known.iter().copied()))),
    }
}

/// A definition in a schema that is read before classes are: that of a fragment or of a capability.
pub(in crate::schema) fn definition_without_classes(span: Span) -> Diagnostic {
    Diagnostic::error(Code::SchemaSyntax, "only the schema of a class holds definitions of others", span, "no definition can stand here")
        .note("fragments and capabilities are read before classes, which may use them")
        .hint(
            "declare the field in the `schema` of the class, beside its `$use`, and hand what is read of it to the fragment as an argument",
        )
}
