//! Wording of what preserves less than before.

use super::{PreservedChange, PreservedEffect, PreservedFlaw};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::level::Level;
use crate::span::Span;

/// A part of something preserves less; `subject` is how that is called, in words.
pub(in crate::hazard) fn told(subject: &str, flaw: &PreservedFlaw, at: Span) -> Diagnostic {
    let name = flaw.name();
    let how = match &flaw.values {
        (Some(was), Some(is)) => format!("goes from `{was}` to `{is}`"),
        (None, Some(is)) => format!("is `{is}`, and was not said"),
        (Some(was), None) => format!("was `{was}`, and is not said any more"),
        // What is no text has changed, or is gone.
        (None, None) if matches!(flaw.line.change, PreservedChange::Gone) => "is not said any more".to_owned(),
        (None, None) => "changes".to_owned(),
    };
    let code = if flaw.line.effect.is_loss() { Code::KeptShorter } else { Code::GuardRemoved };
    let (does, cure) = words(flaw.line.effect);
    let said = Diagnostic::warning(code, format!("`{name}` of {subject} {how}: {does}"), at, "changed here")
        .apart(format!("{subject} {name}"))
        .note(format!("that is written at {}", flaw.line.source))
        .hint(cure);
    if flaw.line.effect.is_loss() { said.level(Level::DestroysData) } else { said }
}

/// What an effect does, and what to do about it.
fn words(effect: PreservedEffect) -> (&'static str, &'static str) {
    match effect {
        PreservedEffect::Expires => (
            "what is older is deleted",
            "copy first what is still needed of it; what is deleted does not come back when the change is taken back",
        ),
        PreservedEffect::Forgets => (
            "what was kept by it until now is deleted",
            "copy first what is still needed of it; what is deleted does not come back when the change is taken back",
        ),
        PreservedEffect::Unprotected => (
            "from now on nothing refuses to delete it",
            "leave it, unless it is to go; what is to go needs this applied before the change that takes it away",
        ),
        PreservedEffect::Emptied => (
            "from now on what deletes it takes along all that it holds",
            "leave it, unless it is to go with what it holds; what is to go needs this applied before the change that takes it away",
        ),
        PreservedEffect::Unsaved => {
            ("from now on no copy is left when it is deleted", "leave it, unless it is to go and nobody needs what it holds")
        }
        PreservedEffect::Unbacked => (
            "nobody makes copies of what it holds from now on",
            "leave it, unless something else makes copies, or nobody needs what it holds",
        ),
        PreservedEffect::Unversioned => {
            ("what is overwritten or deleted from now on is gone", "leave it; older versions that cost too much can expire by a rule")
        }
        PreservedEffect::Unencrypted => ("what is written from now on is not encrypted", "leave it as it was"),
        PreservedEffect::Exposed => {
            ("from now on it is reached from the internet", "leave it as it was, or name the networks that may reach it")
        }
    }
}
