//! Wording of what can be wrong with objects that are put into another's hands.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::name::{Kind, listed};
use crate::object::Manifest;
use crate::span::Span;
use std::collections::BTreeSet;

pub(in crate::object) fn owner_is_no_thing(span: Span) -> Diagnostic {
    Diagnostic::error(Code::WrongOwner, "`$owner` names no thing", span, "expected a thing")
        .hint("write `$owner: ${tenant}`, or a field that refers to an application or a service: `$owner: ${self.peer}`")
}

pub(in crate::object) fn owner_elsewhere(target: &Entity, span: Span) -> Diagnostic {
    let message = format!("{} `{}` is not on the cluster of the object", target.kind.words(), target.name);
    Diagnostic::error(Code::WrongOwner, message, span, "cannot have it").hint("only what is on the same cluster can have an object")
}

pub(in crate::object) fn owner_of_other_kind(target: &Entity, span: Span) -> Diagnostic {
    let message = format!("{} `{}` cannot have an object of another thing", target.kind.words(), target.name);
    let hint = match target.kind {
        Kind::Tenant => "name the application that takes it, whose tenant then has it",
        Kind::Cluster | Kind::NodePool | Kind::Service | Kind::Application | Kind::Infrastructure => {
            "objects can be put into the hands of the thing's own tenant, of an application's tenant, or of a service"
        }
    };
    Diagnostic::error(Code::WrongOwner, message, span, "cannot have it").hint(hint)
}

pub(in crate::object) fn not_accepted(giver: &Entity, target: &Entity, address: &str, span: Span) -> Diagnostic {
    let (kind, name) = (target.kind.words(), &target.name);
    let message = format!("{kind} `{name}` takes no objects from {} `{}`", giver.kind.words(), giver.name);
    Diagnostic::error(Code::WrongOwner, message, span, "would be put into its hands")
        .label(target.defined, "does not say that it takes it")
        .hint(format!("add to {kind} `{name}`: `acceptsFrom: [{address}]`"))
}

pub(in crate::object) fn owner_outside(giver: &Entity, owner: &Entity, manifest: &Manifest, own: &BTreeSet<&str>) -> Diagnostic {
    let (kind, name) = (owner.kind.words(), &owner.name);
    let message = format!("{} is in no namespace of {kind} `{name}`, which is to have it", manifest.object.words());
    let written = manifest.value.at(&["metadata", "namespace"]).map_or(manifest.value.origin.span, |namespace| namespace.origin.span);
    let diagnostic = Diagnostic::error(Code::WrongOwner, message, written, "not one of the owner's").apart(manifest.object.words());
    let diagnostic = match &manifest.handed {
        Some(handed) if handed.span != written => diagnostic.label(handed.span, "put into its hands here"),
        Some(_) | None => diagnostic,
    };
    let known: Vec<&str> = own.iter().copied().collect();
    let hint =
        if known.is_empty() { format!("{kind} `{name}` brings no namespace") } else { format!("its namespaces are {}", listed(known)) };
    diagnostic.about(giver.subject()).hint(hint)
}
