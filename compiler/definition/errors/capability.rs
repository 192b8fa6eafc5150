//! Wording of what can be wrong with capabilities and with classes that have or ask for one.

use super::super::{Class, Named};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name::{listed, nearest};
use crate::path::Path;
use crate::schema::Field;
use crate::span::Span;

pub(in crate::definition) fn unknown_capability_field(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::UnknownField, format!("a capability has no `{name}`"), span, "not a field of a capability");
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("its fields are {}", listed(known.iter().copied()))),
    }
}

/// `others`: the outputs that the class has.
pub(in crate::definition) fn missing_output(class: &Class, capability: &Named, field: &Field, others: &[&str]) -> Diagnostic {
    let message = format!("class `{}` provides `{}`, and has no output `{}`", class.full, capability.name, field.name);
    let diagnostic = Diagnostic::error(Code::UnfulfilledCapability, message, capability.span, format!("`{}` is missing", field.name))
        .label(field.span, "the capability promises it to whoever refers to such a thing");
    match nearest(&field.name, others.iter().copied()) {
        Some(near) => diagnostic.hint(format!("there is an output `{near}`: did you mean `{}`?", field.name)),
        None => diagnostic.hint(format!("add `{}` to the `outputs` of the class, or take it out of the capability", field.name)),
    }
}

/// `found`: what the output is, in words.
pub(in crate::definition) fn other_output(class: &Class, capability: &Named, field: &Field, output: Span, found: &str) -> Diagnostic {
    let wanted = field.type_.describe();
    let message = format!("the output `{}` of class `{}` is {found}, and `{}` promises {wanted}", field.name, class.full, capability.name);
    Diagnostic::error(Code::UnfulfilledCapability, message, output, format!("this is {found}"))
        .label(field.span, format!("{wanted} is promised here"))
        .label(capability.span, "the class says that it provides it")
}

/// `near`: the capability that was most likely meant.
pub(in crate::definition) fn nobody_provides(capability: &str, span: Span, near: Option<&str>) -> Diagnostic {
    let message = format!("no class provides `{capability}`");
    let diagnostic = Diagnostic::warning(Code::UnknownCapability, message, span, "so nothing can be meant here");
    match near {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint(format!(
            "write `provides: {capability}` in the class that has it; `classes.capability.{capability}` declares it until there is one"
        )),
    }
    .misses(Path::of(["classes", "capability", capability]))
}

pub(in crate::definition) fn nobody_asks(capability: &Named, near: &str) -> Diagnostic {
    let message = format!("nothing asks for `{}`, and it is not declared", capability.name);
    Diagnostic::warning(Code::UnknownCapability, message, capability.span, "no reference finds a thing by this word")
        .hint(format!("did you mean `{near}`?"))
        .replace(capability.span, near)
}
