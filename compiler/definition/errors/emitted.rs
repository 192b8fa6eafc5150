//! Wording of what can be wrong with charts and files, whether it is seen where a class writes them or in what a thing emits.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name::{listed, nearest};
use crate::span::Span;
use crate::value::Value;
use crate::visible::visible;

pub(crate) fn unknown_part(section: &str, name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(Code::UnknownField, format!("`{section}` has no field `{name}`"), span, "not a field of this section");
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("the fields are {}", listed(known.iter().copied()))),
    }
}

pub(crate) fn incomplete_chart(missing: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::IncompleteObject, format!("the Helm chart has no `{missing}`"), span, "not a whole chart")
        .apart(missing)
        .hint("a chart needs `repository`, `chart` and `version` as text")
}

pub(crate) fn unsafe_path(path: &str, flaw: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnsafePath, format!("`{}` cannot be the path of a file", visible(path)), span, flaw.to_owned())
        .hint("write a relative path of plain names, with `/` between them")
}

pub(crate) fn hidden_path(path: &str, part: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::UnsafePath, format!("`{path}` is a hidden file"), span, format!("`{part}` begins with a dot"))
        .hint("write `$hidden: true` among the `files` of the class if it is meant to write hidden files")
}

/// A field of a chart that is of another type.
pub(in crate::definition) fn wrong_part(field: &str, wanted: &str, value: &Value, text: &str) -> Diagnostic {
    let message = format!("`{field}` of `helm` must be {wanted}, found {}", value.describe());
    let fault = Diagnostic::error(Code::WrongType, message, value.origin.span, format!("expected {wanted}"));
    let is_scalar = value.as_map().is_none() && value.as_list().is_none();
    if wanted == "text" && is_scalar && !text.is_empty() {
        return fault.hint("put it in quotes").replace(value.origin.span, format!("\"{text}\""));
    }
    fault
}
