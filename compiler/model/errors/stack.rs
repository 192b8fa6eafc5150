//! Wording of what can be wrong with the stack that a thing says it joins.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::span::Span;
use crate::value::Value;
use crate::visible::visible;

/// The stack of something that is in another environment.
pub(in crate::model) fn elsewhere_stack(entity: &Entity, value: &Value, other: &str, own: &str, address: &str) -> Diagnostic {
    let text = value.as_str().unwrap_or_default();
    let message = format!("`{}` is not in `{own}`, and a stack belongs to one environment", visible(text));
    let diagnostic =
        Diagnostic::error(Code::UnknownStack, message, value.origin.span, "no stack of this environment").about(entity.subject());
    if other == own {
        return diagnostic.hint(format!("write the address without its environment: `{}`", visible(address)));
    }
    diagnostic
        .note(format!("it is in `{other}`"))
        .hint(format!("name a stack of `{own}`, or let the thing exist only where that stack is: `onlyIn: [{other}]`"))
}

/// The address of nothing.
pub(in crate::model) fn no_stack(entity: &Entity, value: &Value, near: Option<&str>) -> Diagnostic {
    let text = visible(value.as_str().unwrap_or_default());
    let diagnostic = Diagnostic::error(
        Code::UnknownStack,
        format!("there is no `{text}` whose stack could be joined"),
        value.origin.span,
        "the address of nothing",
    )
    .about(entity.subject());
    match near {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint("name a stack, or a cluster or infrastructure whose stack is meant"),
    }
}

/// A stack that is no text and no thing.
pub(in crate::model) fn late_stack(entity: &Entity, span: Span) -> Diagnostic {
    let message = "`stack` must be a thing or a name that is known before Terraform runs";
    Diagnostic::error(Code::UnknownStack, message, span, "neither a thing nor text")
        .about(entity.subject())
        .hint("give a thing, such as `${infrastructure.network}`, or the name of a stack")
}

/// Things that join each other's stack.
pub(in crate::model) fn circular_stack(places: &[(&Entity, &Value)]) -> Diagnostic {
    let names: Vec<String> = places.iter().map(|(entity, _)| format!("{} `{}`", entity.kind.words(), entity.name)).collect();
    let message = format!("{} join each other's stack in a circle", names.join(" and "));
    let mut rest = places.iter();
    let Some((first, value)) = rest.next() else { return Diagnostic::general(Code::UnknownStack, message) };
    let said = |value: &Value| format!("joins the stack of `{}`", visible(value.as_str().unwrap_or_default()));
    let mut diagnostic = Diagnostic::error(Code::UnknownStack, message, value.origin.span, said(value)).about(first.subject());
    for (_, value) in rest {
        diagnostic = diagnostic.label(value.origin.span, said(value));
    }
    diagnostic.hint(format!("remove `stack` from {} `{}`, which then has a stack that the others can join", first.kind.words(), first.name))
}
