//! What this backend says.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::Entity;
use crate::name::{listed, nearest};
use crate::path::Path;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::Value;
use crate::visible::visible;
use std::collections::BTreeSet;

/// `is_elsewhere`: the hub is a cluster, but of environments that others deliver.
pub(super) fn unknown_hub(hub: &str, is_elsewhere: bool, platform: &Value, clusters: BTreeSet<&str>) -> Diagnostic {
    let span = platform.at(&["argocd", "hub"]).map_or(platform.origin.span, |value| value.origin.span);
    let (message, label) = match is_elsewhere {
        true => (format!("Argo CD's hub `{hub}` is no cluster of any environment that Argo CD delivers"), "this cluster has no Argo CD"),
        false => (format!("Argo CD's hub `{hub}` is no cluster of any environment"), "no cluster has this name"),
    };
    let diagnostic = Diagnostic::error(Code::UnknownHub, message, span, label)
        .misses(Path::of(["clusters", hub]))
        .about(Subject::platform(&["argocd", "hub"]));
    match nearest(hub, clusters.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint(format!("name one of {}", listed(clusters))),
    }
}

pub(super) fn name_collision(what: &str, name: &str, entity: &Entity, first: &Entity) -> Diagnostic {
    let (kind, other) = (entity.kind.words(), first.kind.words());
    Diagnostic::error(
        Code::ApplicationNameCollision,
        format!("{other} `{}` and {kind} `{}` would both be the {what} `{name}` of Argo CD", first.name, entity.name),
        entity.defined,
        "one of them needs another name",
    )
    .apart(what)
    .label(first.defined, "the other one")
    .about(entity.subject())
    .hint(format!("rename the {kind}, or give it another `identity`"))
}

/// `is_commit`: it is a commit, and no tag that looks as if it stayed where it is.
pub(super) fn pinned(revision: &str, at: Span, is_commit: bool, subject: Subject) -> Diagnostic {
    let what = if is_commit { "commit" } else { "version" };
    let message = format!("roots would follow {what} `{}` for ever, because a root reads where to look next from what it follows", visible(revision));
    let new = if is_commit { Diagnostic::error } else { Diagnostic::warning };
    new(Code::PinnedRevision, message, at, "no later commit would reach the clusters")
        .about(subject)
        .hint("follow a branch or a tag that you move to what should be installed, such as `apps`; a range of versions (`1.*`) is followed too")
}
