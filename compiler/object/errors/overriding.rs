//! Wording of what can be wrong with what overrides a class.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name::{listed, nearest};
use crate::span::Span;

/// An override adds something that is not whole: most often the name of what it means to change is misspelt.
pub(in crate::object) fn incomplete_addition(name: &str, missing: &str, span: Span, known: &[&str], class: &str) -> Diagnostic {
    let message = format!("class `{class}` makes no `{name}` here, and to be a new one it lacks `{missing}`");
    let fault = Diagnostic::error(Code::IncompleteOverride, message, span, "neither there nor whole");
    let own = name.rsplit('.').next().unwrap_or(name);
    match nearest(own, known.iter().copied()) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")).replace(span, near),
        None if known.is_empty() => fault.hint(format!("add `{missing}` and whatever else it needs, or remove this line")),
        None => fault.hint(format!("what can be changed: {}", listed(known.iter().copied()))),
    }
}
