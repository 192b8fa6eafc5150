//! What classes and environments tell whoever installs (decisions 4 and 24), read with care: a wrong shape is reported where it stands. What
//! leaves are neutral words; who cannot act on one says so.

use super::errors;
use crate::definition::TOLD;
use crate::diagnostic::Diagnostics;
use crate::model::Environment;
use crate::path::Path;
use crate::print::{Form, Tree};
use crate::span::Span;
use crate::subject::Subject;
use crate::unit::duration::Duration;
use crate::value::Value;
use std::sync::Arc;

/// How an environment wants things installed.
#[derive(Clone, Debug)]
pub(crate) struct DeliveryPolicy {
    /// Branch, tag or commit of the output; none: that of the repository.
    pub revision: Option<Arc<str>>,
    /// Whether changes are installed by themselves.
    pub automated: bool,
    /// When they are and when not, as it is written.
    pub windows: Vec<Tree>,
}

/// One wish of a class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'a> {
    /// What is wished, in neutral words.
    pub what: Wanted,
    /// The same as it is written.
    pub text: &'a str,
    /// Where.
    pub at: Span,
}

/// What a class may wish of how its things are installed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wanted {
    /// The namespace is made, or is not.
    Namespace(bool),
    /// The cluster merges what is applied, or whoever installs does.
    ServerSide(bool),
    /// What is no longer wanted is removed, or stays.
    Prune(bool),
    /// It is removed when everything else is done, or at any time.
    PruneLast(bool),
    /// What is removed goes at once, and what it owns after it; or it waits for that, or leaves it.
    PruneAtOnce(bool),
    /// What is installed goes when nothing wants it installed any more, or stays.
    Remove(bool),
    /// What cannot be changed is deleted and made again, or is not.
    Recreate(bool),
    /// Only what differs is applied, or everything.
    OnlyDifferent(bool),
    /// A kind that the cluster does not know yet holds up nothing but its own object, or everything beside it.
    UnknownKindsLater(bool),
    /// Differences that are ignored are not written back either, or are.
    RespectIgnored(bool),
    /// What is no valid object is refused, or is tried.
    Validate(bool),
    /// An object that somebody else installs is refused, or is taken over.
    RefuseShared(bool),
    /// Anything else.
    Other,
}

impl Wanted {
    fn of(text: &str) -> Self {
        let (word, value) = text.split_once('=').unwrap_or((text, ""));
        match (word.trim(), value.trim()) {
            ("CreateNamespace", value) => Wanted::Namespace(value == "true"),
            ("ServerSideApply", value) => Wanted::ServerSide(value == "true"),
            ("Replace" | "Force", value) => Wanted::Recreate(value == "true"),
            ("PrunePropagationPolicy", value @ ("background" | "foreground" | "orphan")) => Wanted::PruneAtOnce(value == "background"),
            (word, "true") => Self::switched(word, true),
            (word, "false") => Self::switched(word, false),
            (_, _) => Wanted::Other,
        }
    }

    fn switched(word: &str, on: bool) -> Self {
        match word {
            "Prune" => Wanted::Prune(on),
            "PruneLast" => Wanted::PruneLast(on),
            "Delete" => Wanted::Remove(on),
            "ApplyOutOfSyncOnly" => Wanted::OnlyDifferent(on),
            "SkipDryRunOnMissingResource" => Wanted::UnknownKindsLater(on),
            "RespectIgnoreDifferences" => Wanted::RespectIgnored(on),
            "Validate" => Wanted::Validate(on),
            "FailOnSharedResource" => Wanted::RefuseShared(on),
            _ => Wanted::Other,
        }
    }
}

/// The wishes of a class.
pub(super) fn wishes<'a>(told: Option<&'a Value>, subject: &Subject, diagnostics: &mut Diagnostics) -> Vec<Wish<'a>> {
    let mut wishes = Vec::new();
    for item in list(told, "syncOptions", subject, diagnostics) {
        match item.as_str() {
            Some(text) => wishes.push(Wish { what: Wanted::of(text), text, at: item.origin.span }),
            None => diagnostics.push(errors::invalid("syncOptions", "a list of texts", item, subject)),
        }
    }
    wishes
}

/// Reads what an environment says in its section for it.
pub(super) fn policy(environment: &Environment, diagnostics: &mut Diagnostics) -> DeliveryPolicy {
    let said = environment.value.get(TOLD.0);
    let subject = Subject::definition(Path::of(["environments", &*environment.name])).within(&Path::of([TOLD.0]));
    let revision = said.and_then(|said| said.get("revision"));
    if let Some(revision) = revision.filter(|revision| revision.as_str().is_none()) {
        diagnostics.push(errors::invalid("revision", "text", revision, &subject));
    }
    let sync = said.and_then(|said| said.get("sync"));
    if let Some(sync) = sync.filter(|sync| !matches!(sync.as_str(), Some("automated" | "manual"))) {
        diagnostics.push(errors::invalid("sync", "`automated` or `manual`", sync, &subject));
    }
    let mut windows = Vec::new();
    for window in list(said, "windows", &subject, diagnostics) {
        windows.extend(self::window(window, &subject, diagnostics));
    }
    DeliveryPolicy {
        revision: revision.and_then(Value::as_str).map(Arc::from),
        automated: sync.and_then(Value::as_str) != Some("manual"),
        windows,
    }
}

fn window(window: &Value, subject: &Subject, diagnostics: &mut Diagnostics) -> Option<Tree> {
    let Some(Tree { form: Form::Map(mut entries), origin, history }) = Tree::from_value(window) else {
        diagnostics.push(errors::invalid("windows", "a list of maps", window, subject));
        return None;
    };
    let ((), wrong) = diagnostics.watch(|diagnostics| check_window(window, subject, diagnostics));
    if !["applications", "namespaces", "clusters"].iter().any(|key| window.get(key).is_some()) {
        // A window that selects nothing is refused; one that names nothing means everything.
        entries.push(("applications".into(), Tree::list([Tree::text("*")])));
    }
    (!wrong).then_some(Tree { form: Form::Map(entries), origin, history })
}

fn check_window(window: &Value, subject: &Subject, diagnostics: &mut Diagnostics) {
    let text = |key: &str| window.get(key).and_then(Value::as_str).unwrap_or_default();
    if !matches!(text("kind"), "allow" | "deny") {
        diagnostics.push(errors::invalid("windows[].kind", "`allow` or `deny`", window.get("kind").unwrap_or(window), subject));
    }
    if text("schedule").split_whitespace().count() != 5 {
        let at = window.get("schedule").unwrap_or(window);
        diagnostics.push(errors::invalid("windows[].schedule", "a cron schedule of five fields", at, subject));
    }
    if !Duration::parse(text("duration")).is_ok_and(|duration| duration.nanoseconds > 0) {
        let at = window.get("duration").unwrap_or(window);
        diagnostics.push(errors::invalid("windows[].duration", "a duration such as `8h` or `1h30m`", at, subject));
    }
}

/// The items of a list below what was said.
pub(super) fn list<'a>(said: Option<&'a Value>, key: &str, subject: &Subject, diagnostics: &mut Diagnostics) -> &'a [Value] {
    let Some(value) = said.and_then(|said| said.get(key)) else { return &[] };
    value.as_list().unwrap_or_else(|| {
        diagnostics.push(errors::invalid(key, "a list", value, subject));
        &[]
    })
}

/// The texts of a list below what was said.
pub(super) fn texts<'a>(said: Option<&'a Value>, key: &str, subject: &Subject, diagnostics: &mut Diagnostics) -> Vec<&'a str> {
    let mut texts = Vec::new();
    for item in list(said, key, subject, diagnostics) {
        match item.as_str() {
            Some(text) => texts.push(text),
            None => diagnostics.push(errors::invalid(key, "a list of texts", item, subject)),
        }
    }
    texts
}

/// A text below what was said.
pub(super) fn text<'a>(said: Option<&'a Value>, key: &str, subject: &Subject, diagnostics: &mut Diagnostics) -> Option<&'a str> {
    let value = said.and_then(|said| said.get(key))?;
    let text = value.as_str();
    if text.is_none() {
        diagnostics.push(errors::invalid(key, "text", value, subject));
    }
    text
}
