//! What classes tell whoever installs, checked when they are loaded as far as it is written and no expression; the rest is checked when it has a value.

use super::{Class, TOLD};
use crate::diagnostic::Diagnostics;
use crate::span::Span;
use crate::subject::Subject;
use crate::syncing;
use crate::value::{Map, Value};

/// Reports words in the section `argocd` and in annotations of objects that nobody would understand.
pub(super) fn check(class: &Class, subject: &Subject, diagnostics: &mut Diagnostics) {
    let report = &mut |diagnostic| diagnostics.push(diagnostic);
    if let Some(said) = class.section(TOLD.0) {
        syncing::section(said, class.kind, subject, report);
        if let Some(source) = said.get("source") {
            syncing::keys("`source`", source, &syncing::SOURCE, subject, report);
        }
        for difference in said.get("ignoreDifferences").and_then(Value::as_list).unwrap_or_default() {
            syncing::keys("an item of `ignoreDifferences`", difference, &syncing::DIFFERENCE, subject, report);
        }
        let options = said.get("syncOptions").and_then(Value::as_list).unwrap_or_default();
        let written: Vec<(&str, Span)> = options.iter().filter_map(|option| Some((option.as_str()?, option.origin.span))).collect();
        syncing::options(&written, written.len() == options.len(), subject, report);
    }
    for entry in class.section("manifests").and_then(Value::as_map).map(Map::entries).unwrap_or_default() {
        syncing::object(&entry.value, subject, report);
    }
}
