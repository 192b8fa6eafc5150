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

/// A container that nobody gives an image: most often the name of the one that was to be changed is misspelt.
pub(in crate::object) fn container_without_image(
    (name, place): (&str, Span),
    container: Span,
    whole: &[String],
    is_of_class: bool,
) -> Diagnostic {
    let code = if is_of_class { Code::MissingField } else { Code::IncompleteOverride };
    let fault = Diagnostic::error(code, format!("the container `{name}` has no `image`"), container, "neither there nor whole");
    let known = || whole.iter().map(String::as_str);
    match nearest(name, known()) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")).replace(place, near),
        None if whole.is_empty() => fault.hint("say its `image`"),
        None => fault.hint(format!("say its `image`, or take the name of one that is there: {}", listed(known()))),
    }
}
