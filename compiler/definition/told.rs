//! What classes tell whoever installs, checked when they are loaded as far as it is written and no expression; the rest is checked when it has a value.

use super::{Class, TOLD};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::name::Kind;
use crate::span::Span;
use crate::subject::Subject;
use crate::syncing;
use crate::value::{Map, Value};

/// Reports words in the section `argocd` of a class and in annotations of its objects that nobody would understand.
pub(super) fn check(class: &Class, subject: &Subject, diagnostics: &mut Diagnostics) {
    let report = &mut |diagnostic| diagnostics.push(diagnostic);
    let sections = [TOLD.0, OBJECTS].into_iter().filter_map(|name| Some((name, class.section(name)?)));
    sections.for_each(|(name, said)| section(name, said, class.kind, true, subject, report));
}

/// The same of one section, of a class or of what overrides it; `is_whole`: nothing else is said beside it.
pub(super) fn section(name: &str, said: &Value, kind: Kind, is_whole: bool, subject: &Subject, report: &mut dyn FnMut(Diagnostic)) {
    if name == OBJECTS {
        let objects = said.as_map().map(Map::entries).unwrap_or_default();
        objects.iter().for_each(|entry| syncing::object(&entry.value, subject, report));
    }
    if name != TOLD.0 {
        return;
    }
    syncing::section(said, kind, subject, report);
    if let Some(source) = said.get("source") {
        syncing::keys("`source`", source, &syncing::SOURCE, subject, report);
    }
    for difference in said.get("ignoreDifferences").and_then(Value::as_list).unwrap_or_default() {
        syncing::keys("an item of `ignoreDifferences`", difference, &syncing::DIFFERENCE, subject, report);
    }
    let options = said.get("syncOptions").and_then(Value::as_list).unwrap_or_default();
    let written: Vec<(&str, Span)> = options.iter().filter_map(|option| Some((option.as_str()?, option.origin.span))).collect();
    syncing::options(&written, is_whole && written.len() == options.len(), subject, report);
}

/// The section with Kubernetes objects.
const OBJECTS: &str = "manifests";
