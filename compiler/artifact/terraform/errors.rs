//! What this backend says.

use super::address::Declared;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::expression::LateReference;
use crate::name::{listed, nearest};
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Entry, Value};
use std::sync::Arc;

fn suggest<'a>(diagnostic: Diagnostic, name: &str, known: impl Iterator<Item = &'a str> + Clone, all: &str) -> Diagnostic {
    match nearest(name, known.clone()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint(format!("{all} {}", listed(known))),
    }
}

/// `removed`: where an override takes it away.
pub(super) fn unknown_resource(object: &str, removed: Option<Span>, declared: &Declared, span: Span, subject: &Subject) -> Diagnostic {
    let known: Vec<&str> = declared.iter().collect();
    // Names of the same type come first, should nothing be close.
    let kind = object.rsplit_once('.').map_or(object, |(kind, _)| kind);
    let alike: Vec<&str> = known.iter().copied().filter(|other| other.rsplit_once('.').is_some_and(|(other, _)| other == kind)).collect();
    let diagnostic = Diagnostic::error(Code::UnknownResource, format!("the Terraform of this stack has no `{object}`"), span, "used here")
        .about(subject.clone())
        .lacking(format!("{object} for {:?}", span.file));
    if let Some(removed) = removed {
        return diagnostic
            .label(removed, "an override takes it away here")
            .hint("take away what reads it in the same `override`, too, or give it another value there; or keep it");
    }
    match nearest(object, known.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => diagnostic.hint("the stack declares nothing; add the block to the `terraform` of the class"),
        None if alike.is_empty() => diagnostic.hint(format!("the stack has {}", listed(known))),
        None => diagnostic.hint(format!("the stack has {}", listed(alike))),
    }
}

pub(super) fn not_exported(reference: &LateReference, near: Option<&str>, subject: &Subject) -> Diagnostic {
    let name = reference.output.as_ref().unwrap_or(&reference.address);
    let diagnostic = Diagnostic::error(
        Code::LateValueNotExported,
        format!("`{name}` is in the Terraform state of stack `{}`, which does not give it to other stacks", reference.stack),
        reference.span,
        "read here, in another stack",
    )
    .apart(Arc::clone(name))
    .about(subject.clone());
    match near {
        Some(near) => diagnostic.hint(format!("did you mean the output `{near}`?")),
        None => diagnostic.hint(format!("declare it under `outputs` of the class in stack `{}` and read that output", reference.stack)),
    }
}

pub(super) fn literal_required(reference: &LateReference, span: Span, subject: &Subject) -> Diagnostic {
    Diagnostic::error(
        Code::LiteralRequired,
        format!("Terraform cannot evaluate `{}` here, it needs plain text or an address of the same stack", reference.address),
        span,
        "known only after Terraform has run",
    )
    .apart(Arc::clone(&reference.address))
    .about(subject.clone())
    .hint("write a value that is known when platc runs, such as a field of the definition")
}

pub(super) fn provider_as_value(reference: &LateReference, subject: &Subject) -> Diagnostic {
    let message = format!("`{}` chooses a provider and is no value", reference.address);
    Diagnostic::error(Code::WrongType, message, reference.span, "no argument takes a provider")
        .apart(Arc::clone(&reference.address))
        .about(subject.clone())
        .hint("it may stand in `provider` of resources and data, and in `providers` of modules")
}

pub(super) fn several_backends(first: &Entry, second: &Entry, subject: &Subject) -> Diagnostic {
    Diagnostic::error(
        Code::SeveralBackends,
        format!("a stack keeps its state in one backend, not in `{}` and `{}`", first.key, second.key),
        second.span,
        "and here a second one",
    )
    .label(first.span, "one backend here")
    .about(subject.clone())
    .hint("write `backend=:` to replace an inherited backend instead of merging with it")
}

/// Groups of stacks, with their environments, that keep one state each.
pub(super) fn one_state(groups: &[Vec<(String, String)>], said: Span) -> Option<Diagnostic> {
    let of = |(stack, environment): &(String, String)| format!("`{stack}` of `{environment}`");
    let shown = |group: &Vec<(String, String)>| match &**group {
        [first, second] => format!("{} and {}", of(first), of(second)),
        [first, second, rest @ ..] => format!("{}, {} and {} more", of(first), of(second), rest.len()),
        [..] => String::new(),
    };
    let (first, others) = groups.split_first()?;
    let (stack, environment) = first.first()?;
    let lacks = match (first.iter().all(|(other, _)| other == stack), first.iter().all(|(_, other)| other == environment)) {
        (true, _) => "`${environment.name}`",
        (false, true) => "`${stack.name}`",
        (false, false) => "`${environment.name}` and `${stack.name}`",
    };
    let diagnostic = Diagnostic::error(
        Code::SharedState,
        format!("the stacks {} keep their state in one place", shown(first)),
        said,
        "the same for all of them",
    )
    .hint(format!("Terraform would destroy the resources of one when it applies the other: put {lacks} into it"));
    let others = others.iter().take(4).map(shown);
    Some(others.fold(diagnostic, |diagnostic, others| diagnostic.note(format!("so do {others}"))))
}

pub(super) fn unknown_backend<'a>(backend: &Entry, known: impl Iterator<Item = &'a str> + Clone, subject: &Subject) -> Diagnostic {
    let message = format!("Terraform has no state backend `{}`", backend.key);
    let diagnostic =
        Diagnostic::error(Code::UnknownBackend, message, backend.span, "no backend of Terraform or OpenTofu").about(subject.clone());
    suggest(diagnostic, &backend.key, known, "use one of")
}

pub(super) fn unknown_backend_argument<'a>(
    backend: &str,
    argument: &Entry,
    known: impl Iterator<Item = &'a str> + Clone,
    subject: &Subject,
) -> Diagnostic {
    let message = format!("the `{backend}` backend has no argument `{}`", argument.key);
    let diagnostic = Diagnostic::error(Code::UnknownBackendArgument, message, argument.span, "not an argument of this backend")
        .apart(Arc::clone(&argument.key))
        .about(subject.clone());
    suggest(diagnostic, &argument.key, known, "its arguments are")
}

pub(super) fn unknown_block(entry: &Entry, subject: &Subject) -> Diagnostic {
    let message = format!("Terraform has no block `{}`", entry.key);
    let diagnostic = Diagnostic::error(Code::UnknownTerraformBlock, message, entry.span, "not a top-level block of Terraform")
        .apart(Arc::clone(&entry.key))
        .about(subject.clone());
    let known = super::module::Block::ALL.map(super::module::Block::key);
    suggest(diagnostic, &entry.key, known.into_iter(), "use one of")
}

pub(super) fn shape(what: &str, wanted: &str, value: &Value, subject: &Subject) -> Diagnostic {
    Diagnostic::error(
        Code::InvalidTerraformShape,
        format!("Terraform needs {wanted} for `{what}`, this is {}", value.describe()),
        value.origin.span,
        format!("{wanted} expected"),
    )
    .apart(what)
    .about(subject.clone())
}

pub(super) fn name(name: &str, what: &str, span: Span, subject: &Subject) -> Diagnostic {
    Diagnostic::error(
        Code::InvalidTerraformName,
        format!("`{name}` cannot be a name below `{what}` in Terraform"),
        span,
        "a letter or `_` first, then letters, digits, `_` and `-`",
    )
    .apart(format!("{what}.{name}"))
    .about(subject.clone())
    .hint("build the name from parts that fit, for example with `${name.replace(\".\", \"-\")}` in the key")
}

pub(super) fn stack_name(name: &str, span: Span, subject: &Subject) -> Diagnostic {
    Diagnostic::error(
        Code::InvalidStackName,
        format!("the stack `{name}` cannot have a folder of that name"),
        span,
        "letters, digits, `-`, `_` and `.` only, a letter or digit first",
    )
    .about(subject.clone())
    .hint("give the stack a name such as `network`")
}
