//! Wording of what can be wrong with classes that make things.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// Classes that make each other, with where each names the next.
pub(in crate::definition) fn makers_in_circle(circle: &[(&str, Span)]) -> Diagnostic {
    let names: Vec<String> = circle.iter().map(|(name, _)| format!("`{name}`")).collect();
    let message = match names.as_slice() {
        [only] => format!("class {only} makes a thing of its own class, without end"),
        _ => format!("classes make each other without end: {}", names.join(", ")),
    };
    let [(_, first), rest @ ..] = circle else { return Diagnostic::general(Code::MakerCycle, message) };
    let mut diagnostic = Diagnostic::error(Code::MakerCycle, message, *first, "makes the next");
    for (_, span) in rest {
        diagnostic = diagnostic.label(*span, "which makes the next");
    }
    diagnostic.hint("make another class for what is made, without `entities`")
}

/// A chain of makers that is too long.
pub(in crate::definition) fn makers_too_deep(class: &str, span: Span, most: usize) -> Diagnostic {
    let message = format!("class `{class}` is made by a chain of more than {most} makers");
    Diagnostic::error(Code::ExpansionTooLarge, message, span, "at the end of the chain").hint("let one maker make more of it")
}
