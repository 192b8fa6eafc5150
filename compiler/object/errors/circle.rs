//! Wording of stacks that wait for each other.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Model};
use crate::object::Stack;
use crate::object::circle::CircleStep;
use std::sync::Arc;

/// Stacks that read each other in a circle, with a place for each step, and the thing that would break it in another stack.
pub(in crate::object) fn stacks_cycle(model: &Model, steps: &[CircleStep<'_>], cure: Option<(&Entity, &Arc<str>)>) -> Diagnostic {
    // In one environment its name is no news.
    let is_one = steps.iter().all(|step| step.from.environment == step.to.environment);
    let name = |stack: &Stack| {
        if is_one { stack.name.to_string() } else { format!("{}/{}", model.environment(stack.environment).name, stack.name) }
    };
    let names: Vec<String> = steps.iter().map(|step| format!("`{}`", name(step.from))).collect();
    let message = format!("the stacks {} read outputs of each other in a circle", names.join(" and "));
    let said = |step: &CircleStep<'_>| {
        let (from, to) = (name(step.from), name(step.to));
        format!("in stack `{from}`, {} `{}` reads {} of stack `{to}`", step.reader.kind.words(), step.reader.name, step.what)
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
