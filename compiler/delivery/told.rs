//! What classes and environments tell whoever installs (decisions 4 and 24), read with care: a wrong shape is reported where it stands. What
//! leaves are neutral words; who cannot act on one says so.

use crate::definition::TOLD;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Environment;
use crate::path::Path;
use crate::print::{Form, Tree};
use crate::span::Span;
use crate::subject::Subject;
use crate::syncing;
use crate::table::{is_zone, near_zone};
use crate::unit::Misshape;
use crate::unit::duration::Duration;
use crate::unit::schedule;
use crate::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How an environment wants things installed.
#[derive(Clone, Debug)]
pub(crate) struct DeliveryPolicy {
    /// Branch or tag of the output; none: that of the repository.
    pub revision: Option<Arc<str>>,
    /// Where that is said.
    pub revision_at: Option<Span>,
    /// Whether changes are installed by themselves.
    pub automated: bool,
    /// Where it is said that people install them.
    pub by_hand: Option<Span>,
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
            None => diagnostics.push(syncing::invalid("syncOptions", "a list of texts", item, subject)),
        }
    }
    let said: Vec<(&str, Span)> = wishes.iter().map(|wish| (wish.text, wish.at)).collect();
    syncing::options(&said, true, subject, &mut |diagnostic| diagnostics.push(diagnostic));
    wishes
}

/// Group and kind of what the applications of a tenant may bring; none if its class lists nothing.
pub(super) fn kinds<'a>(said: Option<&'a Value>, subject: &Subject, diagnostics: &mut Diagnostics) -> Option<BTreeSet<(&'a str, &'a str)>> {
    said?.get("kinds")?;
    let mut kinds = BTreeSet::new();
    for item in list(said, "kinds", subject, diagnostics) {
        syncing::keys("an item of `kinds`", item, &syncing::LIMIT, subject, &mut |diagnostic| diagnostics.push(diagnostic));
        let (group, kind) = (item.get("group").and_then(Value::as_str), item.get("kind").and_then(Value::as_str));
        match (group, kind) {
            // A star would let in what the list is there to keep out.
            (Some(group), Some(kind)) if !group.contains('*') && !kind.contains('*') && !kind.is_empty() => {
                kinds.insert((group, kind));
            }
            (_, _) => {
                let wanted = "a `group` and a `kind` in each item, each without stars";
                diagnostics.push(syncing::invalid("kinds", wanted, item, subject));
            }
        }
    }
    Some(kinds)
}

/// Reads what an environment says in its section for it.
pub(super) fn policy(environment: &Environment, diagnostics: &mut Diagnostics) -> DeliveryPolicy {
    let said = environment.value.get(TOLD.0);
    let subject = Subject::definition(Path::of(["environments", &*environment.name])).within(&Path::of([TOLD.0]));
    let revision = said.and_then(|said| said.get("revision"));
    if let Some(revision) = revision.filter(|revision| revision.as_str().is_none()) {
        diagnostics.push(syncing::invalid("revision", "text", revision, &subject));
    }
    let sync = said.and_then(|said| said.get("sync"));
    if let Some(sync) = sync.filter(|sync| !matches!(sync.as_str(), Some("automated" | "manual"))) {
        diagnostics.push(syncing::invalid("sync", "`automated` or `manual`", sync, &subject));
    }
    let mut windows = Vec::new();
    for window in list(said, "windows", &subject, diagnostics) {
        windows.extend(self::window(window, &subject, diagnostics));
    }
    DeliveryPolicy {
        revision: revision.and_then(Value::as_str).map(Arc::from),
        revision_at: revision.map(|revision| revision.origin.span),
        automated: sync.and_then(Value::as_str) != Some("manual"),
        by_hand: sync.filter(|sync| sync.as_str() == Some("manual")).map(|sync| sync.origin.span),
        windows,
    }
}

fn window(window: &Value, subject: &Subject, diagnostics: &mut Diagnostics) -> Option<Tree> {
    let Some(Tree { form: Form::Map(mut entries), origin, history }) = Tree::from_value(window) else {
        diagnostics.push(syncing::invalid("windows", "a list of maps", window, subject));
        return None;
    };
    let ((), wrong) = diagnostics.watch(|diagnostics| check_window(window, subject, diagnostics));
    if !["applications", "namespaces", "clusters"].iter().any(|key| window.get(key).is_some()) {
        // A window that selects nothing is refused; one that names nothing means everything.
        entries.push(("applications".into(), Tree::list([Tree::text("*")])));
    }
    (!wrong).then_some(Tree { form: Form::Map(entries), origin, history })
}

/// What may be said of a window.
const WINDOW: [&str; 10] =
    ["kind", "schedule", "duration", "timeZone", "applications", "namespaces", "clusters", "manualSync", "andOperator", "description"];

fn check_window(window: &Value, subject: &Subject, diagnostics: &mut Diagnostics) {
    syncing::keys("a window", window, &WINDOW, subject, &mut |diagnostic| diagnostics.push(diagnostic));
    let text = |key: &str| window.get(key).and_then(Value::as_str).unwrap_or_default();
    if !matches!(text("kind"), "allow" | "deny") {
        diagnostics.push(syncing::invalid("windows[].kind", "`allow` or `deny`", window.get("kind").unwrap_or(window), subject));
    }
    let at = window.get("schedule").unwrap_or(window);
    if let Err(flaw) = schedule::check(text("schedule")) {
        diagnostics.push(misshapen("windows[].schedule", "a schedule of five fields, as in cron", flaw, at, subject));
    }
    let at = window.get("duration").unwrap_or(window);
    let wanted = "a duration such as `8h` or `1h30m`";
    match Duration::parse(text("duration")) {
        Ok(duration) if duration.nanoseconds > 0 => {}
        Ok(_) => diagnostics.push(syncing::invalid("windows[].duration", "a duration above zero", at, subject)),
        Err(flaw) => diagnostics.push(misshapen("windows[].duration", wanted, flaw, at, subject)),
    }
    for key in ["applications", "namespaces", "clusters"] {
        if window.get(key).and_then(Value::as_list).is_some_and(<[_]>::is_empty) {
            let wanted = "at least one name, or not to be there";
            diagnostics.push(syncing::invalid(&format!("windows[].{key}"), wanted, window.get(key).unwrap_or(window), subject));
        }
        texts(Some(window), key, subject, diagnostics);
    }
    for key in ["manualSync", "andOperator"] {
        if let Some(value) = window.get(key).filter(|value| value.as_bool().is_none()) {
            diagnostics.push(syncing::invalid(&format!("windows[].{key}"), "true or false", value, subject));
        }
    }
    for key in ["timeZone", "description"] {
        self::text(Some(window), key, subject, diagnostics);
    }
    if let Some(zone) = window.get("timeZone").filter(|zone| zone.as_str().is_some_and(|zone| !is_zone(zone))) {
        let wrong = syncing::invalid("windows[].timeZone", "a time zone such as `Europe/Berlin`", zone, subject);
        diagnostics.push(match near_zone(zone.as_str().unwrap_or_default()) {
            Some(near) => wrong.hint(format!("did you mean `{near}`?")).replace(zone.origin.span, near),
            None => wrong,
        });
    }
}

/// A report about a text that is not in the notation it should be in.
fn misshapen(what: &str, wanted: &str, flaw: Misshape, at: &Value, subject: &Subject) -> Diagnostic {
    let diagnostic = syncing::invalid(what, wanted, at, subject);
    let diagnostic = if at.as_str().is_some() { diagnostic.note(flaw.reason) } else { diagnostic };
    match flaw.instead {
        Some(instead) => diagnostic.hint(format!("write `{instead}`")).replace(at.origin.span, instead),
        None => diagnostic,
    }
}

/// The items of a list below what was said.
pub(super) fn list<'a>(said: Option<&'a Value>, key: &str, subject: &Subject, diagnostics: &mut Diagnostics) -> &'a [Value] {
    let Some(value) = said.and_then(|said| said.get(key)) else { return &[] };
    value.as_list().unwrap_or_else(|| {
        diagnostics.push(syncing::invalid(key, "a list", value, subject));
        &[]
    })
}

/// The texts of a list below what was said.
pub(super) fn texts<'a>(said: Option<&'a Value>, key: &str, subject: &Subject, diagnostics: &mut Diagnostics) -> Vec<&'a str> {
    let mut texts = Vec::new();
    for item in list(said, key, subject, diagnostics) {
        match item.as_str() {
            Some(text) => texts.push(text),
            None => diagnostics.push(syncing::invalid(key, "a list of texts", item, subject)),
        }
    }
    texts
}

/// A text below what was said.
pub(super) fn text<'a>(said: Option<&'a Value>, key: &str, subject: &Subject, diagnostics: &mut Diagnostics) -> Option<&'a str> {
    let value = said.and_then(|said| said.get(key))?;
    let text = value.as_str();
    if text.is_none() {
        diagnostics.push(syncing::invalid(key, "text", value, subject));
    }
    text
}
