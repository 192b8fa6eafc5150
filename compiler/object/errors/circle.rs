//! Wording of stacks that wait for each other.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::object::circle::CircleStep;
use std::sync::Arc;

/// Stacks that read each other in a circle, with a place for each step, and the thing that would break it in another stack.
pub(in crate::object) fn stacks_cycle(steps: &[CircleStep<'_>], cure: Option<(&Entity, &Arc<str>)>) -> Diagnostic {
    let names: Vec<String> = steps.iter().map(|step| format!("`{}`", step.from)).collect();
    let message = format!("the stacks {} read outputs of each other in a circle", names.join(" and "));
    let said = |step: &CircleStep<'_>| {
        format!("in stack `{}`, {} `{}` reads {} of stack `{}`", step.from, step.reader.kind.words(), step.reader.name, step.what, step.to)
    };
    let mut steps = steps.iter();
    let Some(first) = steps.next() else { return Diagnostic::general(Code::DependencyCycle, message) };
    let mut diagnostic =
        Diagnostic::error(Code::DependencyCycle, message, first.span, said(first)).apart("stacks").about(first.reader.subject());
    for step in steps {
        diagnostic = diagnostic.label(step.span, said(step));
    }
    match cure {
        Some((entity, stack)) => {
            diagnostic.hint(format!("write `stack: {stack}` into {} `{}`, which breaks the circle", entity.kind.words(), entity.name))
        }
        None => diagnostic.hint("replace one of the outputs by a name that is known beforehand"),
    }
}
