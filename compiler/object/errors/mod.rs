//! Wording of what can be wrong with templates and what they become.

mod circle;
mod collision;
mod fact;
mod owner;
mod overriding;
mod provider;
mod registration;

pub(super) use circle::stacks_cycle;
pub(super) use collision::objects_collide;
pub(super) use fact::{astray_facts, facts_of_no_environment, facts_of_no_stack, secret_fact, unknown_fact, waits_for_secret};
pub(super) use overriding::{container_without_image, incomplete_addition};
pub(super) use owner::{not_accepted, owner_elsewhere, owner_is_no_thing, owner_of_other_kind, owner_outside};
pub(super) use provider::{
    contradicting_providers, no_provider, no_provider_name, secret_in_provider, unconfigured_provider, unknown_provider, unused_provider,
};
pub(super) use registration::unreached_cluster;

use crate::code::Code;
use crate::custom::shape::ShapeRule;
use crate::diagnostic::Diagnostic;
use crate::expression::Late;
use crate::model::Entity;
use crate::name::{listed, nearest};
use crate::path::Path;
use crate::span::Span;
use crate::value::Value;
use crate::visible::visible;
use std::sync::Arc;

pub(super) fn late(late: &Late, span: Span, what: &str) -> Diagnostic {
    if let Some((address, stack)) = late.sensitive() {
        return sensitive(late, &address, &stack, span, what);
    }
    let message = format!("this value is known only after Terraform has run, {what} needs it now");
    let mut diagnostic = Diagnostic::error(Code::LateValueMisplaced, message, span, "a late value");
    if let Some(reference) = late.references().first() {
        let known = format!("`{}` is known once the stack `{}` is applied", reference.address, reference.stack);
        diagnostic = if reference.span == span { diagnostic.note(known) } else { diagnostic.label(reference.span, known) };
    }
    diagnostic.hint(
        "declare it in `outputs` of the class and read it there, so that facts can tell what it is; or use a name that is known beforehand",
    )
}

/// What a provider calls sensitive must not stand in Git, whether or not it is known.
fn sensitive(late: &Late, address: &str, stack: &str, span: Span, what: &str) -> Diagnostic {
    let message = format!("a sensitive value stands in {what}");
    let made = format!("`{address}` in the stack `{stack}` makes it");
    let diagnostic = Diagnostic::error(Code::SensitiveValue, message, span, "would be readable in Git");
    let read = late.references().first().map(|reference| reference.span).filter(|read| *read != span);
    let diagnostic = match read {
        Some(read) => diagnostic.label(read, made),
        None => diagnostic.note(made),
    };
    diagnostic.hint("let Terraform put it into a secret store, and bring it into the cluster with an ExternalSecret that names it there")
}

/// `is_read`: what Helm takes the integer for.
pub(super) fn helm_rounds(int: i64, is_read: f64, span: Span) -> Diagnostic {
    let message = format!("Helm would read `{int}` as `{is_read:.0}`");
    Diagnostic::error(Code::NumberOutOfRange, message, span, "an integer beyond 53 bits, in values of a chart")
        .hint("quote it, if the chart takes text for it")
}

/// Two items of a list that one layer made have one key.
pub(super) fn two_items(path: &Path, name: &str, first: Span, second: Span) -> Diagnostic {
    let message = format!("`{path}` has `{name}` twice");
    let diagnostic = Diagnostic::error(Code::DuplicateItem, message, second, format!("`{name}` again"));
    let diagnostic = if first == second { diagnostic.note("a loop makes both") } else { diagnostic.label(first, "here first") };
    diagnostic.hint("items of this list are told apart by this; leave one out, or name them differently")
}

pub(super) fn loops_too_heavy(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(
        Code::ExpansionTooLarge,
        format!("loops of one thing make more than {limit} values"),
        span,
        "the limit is passed here",
    )
    .note("every value in every round counts; 32 bytes of text count as one")
    .hint("shorten the lists, or what is below the loop")
}

/// An expression in place of arguments gave something else than a map.
pub(super) fn arguments_no_map(name: &str, value: &Value, span: Span) -> Diagnostic {
    let message = format!("arguments of the fragment `{name}` are a map, this is {}", value.describe());
    crate::model::used_here(Diagnostic::error(Code::WrongType, message, value.origin.span, "expected a map, by field"), span)
}

pub(super) fn incomplete_object(name: &str, missing: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::IncompleteObject, format!("the object `{name}` has no `{missing}`"), span, "not a whole Kubernetes object")
        .apart(missing)
        .hint("every object needs `apiVersion`, `kind` and `metadata.name` as text")
}

pub(super) fn secret_data(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::SecretData,
        format!("the Secret `{name}` would put its data into the output"),
        span,
        "readable by all who read the output",
    )
    .note("outputs are committed to git and kept in clear text by what installs them")
    .hint("emit a reference instead: an ExternalSecret, a SealedSecret, or a `secretKeyRef` to a Secret made elsewhere")
}

pub(super) fn repository_with_login(span: Span) -> Diagnostic {
    Diagnostic::error(Code::SecretInOutput, "the address of the repository holds a login", span, "a user or a password")
        .note("outputs are committed to git and kept in clear text by what installs them")
        .hint("write the address alone, and keep the login in a Secret made elsewhere")
}

/// A field that becomes part of an output by itself.
pub(super) fn secret_field(field: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::SecretInOutput,
        format!("`{field}` is written into the output and would tell a secret"),
        span,
        "a secret, or made of one",
    )
    .note("outputs are committed to git and kept in clear text by what installs them")
    .hint("make it of what may be known")
}

/// So many further values that a rule reads are shown.
const READ: usize = 4;

/// A rule of a schema that an object breaks, at what it reads of the value that it is about.
pub(super) fn broken_validation(
    kind: &str,
    path: &str,
    (rule, words): (&ShapeRule, Option<Arc<str>>),
    (whole, read): (Span, &[Span]),
) -> Diagnostic {
    let what = if path.is_empty() { kind.to_owned() } else { format!("`{path}` of {kind}") };
    let said = words.map_or_else(|| format!("must fulfil `{}`", visible(&rule.text)), |words| visible(&words).to_string());
    let message = format!("{what} breaks a rule of its schema: {said}");
    let diagnostic = match read {
        [] => Diagnostic::error(Code::BrokenValidation, message, whole, "what the rule is about"),
        [first, others @ ..] => {
            let diagnostic = Diagnostic::error(Code::BrokenValidation, message, *first, "the rule reads this");
            others.iter().take(READ).fold(diagnostic, |diagnostic, other| diagnostic.label(*other, "and this"))
        }
    };
    diagnostic.apart(Arc::clone(&rule.text)).label(rule.span, "this rule")
}

pub(super) fn secret_path(span: Span) -> Diagnostic {
    Diagnostic::error(Code::SecretInOutput, "the path of a file would be made of a secret", span, "reads a secret")
        .note("which file was taken in can be seen in the output")
        .hint("make paths of what may be known")
}

pub(super) fn path_not_text(path: &Value, span: Span) -> Diagnostic {
    let message = format!("the path of a file must be text, found {}", path.describe());
    Diagnostic::error(Code::UnfitFile, message, span, "expected text").hint("the path begins below `files/`")
}

pub(super) fn secret_value(what: &str, value: Span, from: Option<Span>) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::SecretInOutput, format!("{what} would hold a secret"), value, "a secret, or made of one");
    let diagnostic = match from.filter(|from| *from != value) {
        Some(from) => diagnostic.label(from, "it goes into the output here"),
        None => diagnostic,
    };
    diagnostic
        .note("outputs are committed to git and kept in clear text by what installs them")
        .hint("emit a reference: an ExternalSecret, a `secretKeyRef`, or in Terraform an argument that its provider calls sensitive")
}

/// The same where one of the two objects names no namespace.
pub(super) fn namespace_by_default(collision: Diagnostic) -> Diagnostic {
    collision.note("an object that names no namespace goes to that of what brings it")
}

pub(super) fn hidden_unclear(value: &Value, span: Span) -> Diagnostic {
    let message = format!("`$hidden` is {}", value.describe());
    Diagnostic::error(Code::NotLiteral, message, span, "expected `true`").hint("write `$hidden: true`, or nothing")
}

pub(super) fn unknown_block(name: &str, span: Span) -> Diagnostic {
    let known =
        ["terraform", "variable", "locals", "resource", "data", "ephemeral", "module", "output", "moved", "import", "removed", "check"];
    let message = format!("Terraform has no block `{name}`");
    let diagnostic = Diagnostic::error(Code::UnknownTerraformBlock, message, span, "not a top-level block of Terraform");
    match nearest(name, known) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("the blocks are {}", listed(known))),
    }
}

pub(super) fn terraform_collides(path: &str, stack: &str, entity: &Entity, first: Span, second: Span) -> Diagnostic {
    let message = format!("`{path}` is declared twice in the stack `{stack}`");
    let mut diagnostic =
        Diagnostic::error(Code::ObjectCollision, message, entity.defined, format!("brought by {} `{}`", entity.kind.words(), entity.name))
            .apart(path)
            .label(first, "first here");
    if second != first {
        diagnostic = diagnostic.label(second, "again here");
    }
    diagnostic.about(entity.subject()).hint("put the name of the thing into the name of the block: `\"…-${self.name}\"`")
}

/// A resource that would be the same of infrastructure on several clusters, in a stack that they share.
pub(super) fn one_of_several_clusters(path: &str, stack: &str, entity: &Entity, span: Span) -> Diagnostic {
    let (kind, name) = (entity.kind.words(), &entity.name);
    let message = format!("{kind} `{name}` is on several clusters, and all would have one `{path}` in the stack `{stack}`");
    let joined = entity.value.get("stack").map_or(entity.defined, |said| said.origin.span);
    Diagnostic::error(Code::ObjectCollision, message, joined, "joins them in one stack")
        .apart(path)
        .label(span, "the same on each cluster")
        .about(entity.subject())
        .hint("put the name of the cluster into the name of the block: `\"…-${cluster.name}\"`, or define it without `placement` if there is to be one")
}
