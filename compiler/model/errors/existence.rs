//! Wording of what decides what exists and cannot.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::model::existence::{Later, Reach};
use crate::name::Kind;
use crate::span::Span;

pub(in crate::model) fn existence_reads(entity: &Entity, reach: &Reach) -> Diagnostic {
    let (what, unknown) = match reach.what {
        Later::Things(kind) => (format!("`{}`", kind.plural()), "which of them exist is being decided here"),
        Later::Outcome => ("outputs".to_owned(), "that is known only when it is decided what exists"),
    };
    let message = format!("whether {} `{}` exists cannot depend on {what}", entity.kind.words(), entity.name);
    let hint = match reach.what {
        Later::Things(_) => {
            "let both read one thing that decides: a constant of the environment or platform, or a field of their cluster or tenant"
        }
        Later::Outcome => "let `enabled` read fields of its own, of its cluster or tenant, of the environment or the platform",
    };
    let (first, labels) = match reach.chain.as_slice() {
        [] => return Diagnostic::general(Code::ExistenceReadsLater, message).hint(hint),
        [only] => return Diagnostic::error(Code::ExistenceReadsLater, message, *only, unknown).hint(hint),
        [first, rest @ ..] => (first, rest),
    };
    let mut diagnostic = Diagnostic::error(Code::ExistenceReadsLater, message, *first, "`enabled` reads this");
    for (at, span) in labels.iter().enumerate() {
        let end = if at + 1 == labels.len() { format!("which reads this: {unknown}") } else { "which reads this".to_owned() };
        diagnostic = diagnostic.label(*span, end);
    }
    diagnostic.hint(hint)
}

pub(in crate::model) fn forgets_nothing(entity: &Entity, span: Span) -> Diagnostic {
    let (what, name) = (entity.kind.words(), &entity.name);
    let message = format!("{what} `{name}` cannot be forgotten");
    let (label, hint) = match entity.kind {
        Kind::Cluster | Kind::NodePool => {
            ("a cluster and its pools are there or are not", "write `enabled: false`, and forget first what it is to leave behind")
        }
        Kind::Service | Kind::Tenant | Kind::Application | Kind::Infrastructure => (
            "its class keeps no data and has no Terraform",
            "write `enabled: false`; or say `data: true` in its class, if what it makes must not be lost",
        ),
    };
    Diagnostic::error(Code::ForgetsNothing, message, span, label).hint(hint)
}

pub(in crate::model) fn unmatched_selector(selector: Span) -> Diagnostic {
    Diagnostic::warning(
        Code::UnmatchedSelector,
        "this placement selects no cluster",
        selector,
        "no cluster of any environment has such labels",
    )
    .hint("check the `labels` of the clusters, or name the clusters")
}
