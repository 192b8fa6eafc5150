//! What classes and environments say to Argo CD, read with care: a wrong shape is reported where it stands.

use super::errors;
use crate::diagnostic::Diagnostics;
use crate::model::Environment;
use crate::path::Path;
use crate::print::Tree;
use crate::subject::Subject;
use crate::unit::duration::Duration;
use crate::value::Value;
use std::sync::Arc;

/// What `environments.<e>.argocd` says.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    /// Branch, tag or commit; none: that of the repository.
    pub(super) revision: Option<Arc<str>>,
    /// Whether Applications sync by themselves.
    pub(super) automated: bool,
    /// Sync windows of its projects.
    pub(super) windows: Vec<Tree>,
}

/// Reads what an environment says.
pub(super) fn policy(environment: &Environment, diagnostics: &mut Diagnostics) -> Policy {
    let said = environment.argocd.as_ref();
    let subject = Subject::definition(Path::of(["environments", &*environment.name])).within(&Path::of(["argocd"]));
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
    Policy { revision: revision.and_then(Value::as_str).map(Arc::from), automated: sync.and_then(Value::as_str) != Some("manual"), windows }
}

fn window(window: &Value, subject: &Subject, diagnostics: &mut Diagnostics) -> Option<Tree> {
    let Some(Tree::Map(mut entries)) = Tree::from_value(window) else {
        diagnostics.push(errors::invalid("windows", "a list of maps", window, subject));
        return None;
    };
    let ((), wrong) = diagnostics.watch(|diagnostics| check_window(window, subject, diagnostics));
    if !["applications", "namespaces", "clusters"].iter().any(|key| window.get(key).is_some()) {
        // A window that selects nothing is refused; one that names nothing means everything.
        entries.push(("applications".into(), Tree::list([Tree::text("*")])));
    }
    (!wrong).then_some(Tree::Map(entries))
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
