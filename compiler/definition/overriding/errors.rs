//! Wording of what can be wrong with what a definition overrides.

use super::SECTIONS;
use crate::code::Code;
use crate::definition::Class;
use crate::diagnostic::Diagnostic;
use crate::name::{listed, nearest};
use crate::span::Span;

pub(super) fn no_operator(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::MisplacedOperator, format!("`{field}` takes no operator"), span, "layers of it add to each other")
        .hint(format!("write `{field}:`, and the operator where something is to be removed or replaced in it"))
        .replace(span, field)
}

pub(super) fn unknown_section(name: &str, span: Span) -> Diagnostic {
    let message = format!("`override` has no section `{name}`");
    let fault = Diagnostic::error(Code::UnknownField, message, span, "not a section that can be overridden");
    match nearest(name, SECTIONS) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => fault.hint(format!("its sections are {}", listed(SECTIONS))),
    }
}

/// What is neither in the class nor whole: most often the name of what is to be changed is misspelt.
pub(super) fn incomplete(class: &Class, what: &str, name: &str, missing: &str, span: Span, known: &[&str]) -> Diagnostic {
    let message = format!("class `{}` makes no {what} `{name}`, and to be a new one it lacks `{missing}`", class.full);
    let fault = Diagnostic::error(Code::IncompleteOverride, message, span, "neither there nor whole").label(class.name.span, "the class");
    let own = name.rsplit('.').next().unwrap_or(name);
    match nearest(own, known.iter().copied()) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")).replace(span, near),
        None if known.is_empty() => fault.hint(format!("add `{missing}` and whatever else it needs, or remove this line")),
        None => fault.hint(format!("what can be changed: {}", listed(known.iter().copied()))),
    }
}

pub(super) fn no_type(class: &Class, what: &str, type_: &str, span: Span, known: &[&str]) -> Diagnostic {
    let message = format!("class `{}` makes no {what} of type `{type_}`, and no provider is known to have it", class.full);
    let fault = Diagnostic::error(Code::IncompleteOverride, message, span, "no such type").label(class.name.span, "the class");
    match nearest(type_, known.iter().copied()) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => fault.hint(format!("the class has {}", listed(known.iter().copied()))),
    }
}

pub(super) fn no_chart(class: &Class, missing: &str, span: Span) -> Diagnostic {
    let message = format!("class `{}` installs no chart, and to be a new one it lacks `{missing}`", class.full);
    Diagnostic::error(Code::IncompleteOverride, message, span, "no chart to change")
        .label(class.name.span, "the class")
        .hint("a chart needs `repository`, `chart` and `version`")
}

pub(super) fn nothing_there(class: &Class, what: &str, name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let message = format!("class `{}` makes no {what} `{name}`, so it cannot be removed", class.full);
    let fault = Diagnostic::error(Code::NothingToRemove, message, span, "removed here").label(class.name.span, "the class");
    let own = name.rsplit('.').next().unwrap_or(name);
    match nearest(own, known.iter().copied()) {
        Some(near) => fault.hint(format!("did you mean `{near}-`?")).replace(span, format!("{near}-")),
        None if known.is_empty() => fault.hint("remove this line"),
        None => fault.hint(format!("what can be removed: {}", listed(known.iter().copied()))),
    }
}
