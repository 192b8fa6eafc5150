//! Wording of what decides what exists and cannot.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::model::existence::{Later, Reach};
use crate::name::{Kind, listed};
use crate::span::Span;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What decides what exists, and what depends on it, in words.
pub(in crate::model) fn existence_reads(depends: &str, word: &str, reach: &Reach) -> Diagnostic {
    let (what, unknown) = match reach.what {
        Later::Things(kind) => (format!("`{}`", kind.plural()), "which of them exist is being decided here"),
        Later::Made => ("`entities`".to_owned(), "which of them exist is being decided here"),
        Later::Outcome => ("outputs".to_owned(), "that is known only when it is decided what exists"),
    };
    let message = format!("{depends} cannot depend on {what}");
    let hint = match reach.what {
        Later::Things(_) | Later::Made => {
            "let both read one thing that decides: a constant of the environment or platform, or a field of their cluster or tenant"
        }
        Later::Outcome => "let it read fields of its own, of its cluster or tenant, of the environment or the platform",
    };
    let (first, labels) = match reach.chain.as_slice() {
        [] => return Diagnostic::general(Code::ExistenceReadsLater, message).hint(hint),
        [only] => return Diagnostic::error(Code::ExistenceReadsLater, message, *only, unknown).hint(hint),
        [first, rest @ ..] => (first, rest),
    };
    let mut diagnostic = Diagnostic::error(Code::ExistenceReadsLater, message, *first, format!("{word} reads this"));
    for (at, span) in labels.iter().enumerate() {
        let end = if at + 1 == labels.len() { format!("which reads this: {unknown}") } else { "which reads this".to_owned() };
        diagnostic = diagnostic.label(*span, end);
    }
    diagnostic.hint(hint)
}

/// Infrastructure on no cluster that reads what is on one, itself or by its class.
pub(in crate::model) fn placeless(entity: &Entity, name: &str, read: Span, of_class: bool) -> Diagnostic {
    let (kind, own) = (entity.kind.words(), &entity.name);
    let message = if of_class {
        format!("{kind} `{own}` is on no cluster, and its class reads `{name}`")
    } else {
        format!("{kind} `{own}` is on no cluster, and reads `{name}`")
    };
    Diagnostic::error(Code::MissingPlacement, message, entity.defined, "has no `placement`")
        .label(read, format!("`{name}` is read here"))
        .about(entity.subject())
        .hint("say where it is with `placement: all`, the names of clusters, or a selector of their labels; what may be on a cluster or not asks `has(self.cluster)` first, and then reads `self.cluster`")
}

/// What an overlay says of infrastructure on a cluster, which is on none.
pub(in crate::model) fn overlay_on_none(definition: &str, cluster: &str, span: Span) -> Diagnostic {
    let message = format!("infrastructure `{definition}` is on no cluster, so nothing is said of it on `{cluster}`");
    Diagnostic::error(Code::MissingPlacement, message, span, "said for a cluster")
        .hint("say where it is with `placement`, or write the fields where they hold everywhere")
}

/// Something that has nothing outside of Git that could be forgotten.
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

/// A selector that fits no cluster, with the labels that clusters have.
pub(in crate::model) fn unmatched_selector(selector: Span, labels: &BTreeSet<(Arc<str>, Arc<str>)>) -> Diagnostic {
    let diagnostic = Diagnostic::warning(
        Code::UnmatchedSelector,
        "this placement selects no cluster",
        selector,
        "no cluster of any environment has such labels",
    );
    let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    match labels.is_empty() {
        true => diagnostic.hint("no cluster has labels: give them some, or name the clusters"),
        false => diagnostic.hint(format!("clusters have the labels {}; or name the clusters", listed(labels.iter().map(String::as_str)))),
    }
}

/// The removal of a pool or an application that is nowhere there.
pub(in crate::model) fn nothing_to_remove(kind: Kind, name: &str, home: (Kind, &str), span: Span, near: Option<&str>) -> Diagnostic {
    let message = format!("{} `{}` has no {} `{name}`, so it cannot be removed", home.0.words(), home.1, kind.words());
    let diagnostic = Diagnostic::error(Code::NothingToRemove, message, span, "removed here").note("no weaker layer speaks of it");
    match near {
        Some(near) => diagnostic.hint(format!("did you mean `{near}-`?")).replace(span, format!("{near}-")),
        None => diagnostic.hint("remove this line, or check the name"),
    }
}
