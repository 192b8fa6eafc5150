//! What this backend says.

use super::site::RevisionPin;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::{Entity, Environment};
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
pub(super) fn pinned(revision: &str, at: Span, pin: RevisionPin, subject: Subject) -> Diagnostic {
    let what = match pin {
        RevisionPin::Commit | RevisionPin::ShortCommit => "commit",
        RevisionPin::Version => "version",
    };
    let message =
        format!("roots would follow {what} `{}` for ever, because a root reads where to look next from what it follows", visible(revision));
    // A branch or a tag may be called like the beginning of a commit.
    let new = if pin == RevisionPin::Commit { Diagnostic::error } else { Diagnostic::warning };
    new(Code::PinnedRevision, message, at, "no later commit would reach the clusters").about(subject).hint(
        "follow a branch or a tag that you move to what should be installed, such as `apps`; a range of versions (`1.*`) is followed too",
    )
}

/// `waits`: where it is said that something comes after another thing.
pub(super) fn by_hand(environment: &Environment, said: Span, waits: &BTreeSet<Span>) -> Diagnostic {
    let message = format!("environment `{}` is synced by hand, so nothing in it waits for what it depends on", environment.name);
    let mut diagnostic = Diagnostic::warning(Code::SyncedByHand, message, said, "waves order only what is synced by itself");
    for wait in waits.iter().take(3) {
        diagnostic = diagnostic.label(*wait, "this comes first, if whoever syncs sees to it");
    }
    let path = Path::of(["environments", &*environment.name, "argocd", "sync"]);
    diagnostic
        .about(Subject::definition(path))
        .hint("sync in the order of the annotation `argocd.argoproj.io/sync-wave`, lowest first, or let the environment sync by itself, with `windows` for when")
}
