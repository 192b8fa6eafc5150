//! Wording of what can be wrong with facts.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::facts::top;
use crate::name::{listed, nearest};
use crate::object::{Stack, Wait};
use crate::path::Path;
use crate::span::{FileId, Span};
use crate::visible::visible;

fn unknown(message: String, span: Span, label: &str, apart: &str) -> Diagnostic {
    Diagnostic::warning(Code::UnknownFact, message, span, label.to_owned()).apart(apart)
}

/// What there is, or what is nearly the same.
fn instead(diagnostic: Diagnostic, name: &str, known: &[&str], what: &str) -> Diagnostic {
    let near = nearest(name, known.iter().copied());
    diagnostic.hint(match near {
        Some(near) => format!("did you mean `{near}`? Rename it, or delete it"),
        None if known.is_empty() => "delete it".to_owned(),
        None => format!("delete it; the {what} are {}", listed(known.iter().copied())),
    })
}

pub(in crate::object) fn astray_facts(file: FileId) -> Diagnostic {
    let message = "nobody reads these facts".to_owned();
    unknown(message, top(file), "not the file of a stack", "astray")
        .hint("facts of a stack stand in `facts/<environment>/<stack>.json`; move the file there, or delete it")
}

pub(in crate::object) fn facts_of_no_environment(name: &str, file: FileId, known: Vec<&str>) -> Diagnostic {
    let message = format!("these facts are of an environment `{}`, which there is not", visible(name));
    instead(unknown(message, top(file), "nobody reads them", name), name, &known, "environments")
}

pub(in crate::object) fn facts_of_no_stack(environment: &str, name: &str, file: FileId, known: Vec<&str>) -> Diagnostic {
    let message = format!("these facts are of a stack `{}`, which there is not in `{environment}`", visible(name));
    instead(unknown(message, top(file), "nobody reads them", name), name, &known, "stacks").misses(Path::of(["facts", environment, name]))
}

pub(in crate::object) fn unknown_fact(name: &str, span: Span, stack: &Stack, known: &[&str]) -> Diagnostic {
    let message = format!("the stack `{}` has no output `{}`", stack.name, visible(name));
    let diagnostic = unknown(message, span, "no class gives it", name);
    match nearest(name, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`? Record the facts again when Terraform has applied it")),
        None => diagnostic.hint("delete it, or record the facts again when Terraform has applied the stack"),
    }
}

pub(in crate::object) fn secret_fact(name: &str, span: Span) -> Diagnostic {
    let message = format!("the facts tell the output `{}`, which is sensitive", visible(name));
    Diagnostic::error(Code::SecretFact, message, span, "readable by all who read the project")
        .apart(name)
        .note("facts are committed to git and become part of outputs")
        .hint("delete it and replace the secret, which others may have seen; `platc facts record` leaves such outputs out")
}

pub(in crate::object) fn waits_for_secret(wait: &Wait, stack: &Stack) -> Diagnostic {
    let message =
        format!("the output `{}` of the stack `{}` is sensitive, so it cannot stand in what is delivered", wait.output, stack.name);
    let made = stack.outputs.iter().find(|output| output.name == wait.output).map(|output| output.value.origin.span);
    let mut diagnostic = Diagnostic::error(Code::SecretFact, message, wait.span, "a sensitive value of Terraform");
    if let Some(made) = made.filter(|made| *made != wait.span) {
        diagnostic = diagnostic.label(made, "the output");
    }
    diagnostic.apart(&*wait.output).hint("let Terraform write it into a secret store, and have an ExternalSecret bring it to the cluster")
}
