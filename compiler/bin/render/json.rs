//! Diagnostics as one JSON document.

use super::{Place, View, count, severity};
use platc::diagnostic::{Diagnostic, Label};
use serde_json::{Value, json};

/// `diagnostics`, `errors` and `warnings`, to be extended by commands with their results.
pub(crate) fn render(diagnostics: &[Diagnostic], view: &View<'_>) -> serde_json::Map<String, Value> {
    let (errors, warnings) = count(diagnostics);
    let mut document = serde_json::Map::new();
    document.insert("diagnostics".to_owned(), diagnostics.iter().map(|diagnostic| one(diagnostic, view)).collect());
    document.insert("errors".to_owned(), errors.into());
    document.insert("warnings".to_owned(), warnings.into());
    document
}

fn one(diagnostic: &Diagnostic, view: &View<'_>) -> Value {
    let mut one = json!({
        "code": diagnostic.code.word(),
        "severity": severity(diagnostic.severity),
        "message": diagnostic.message,
        "primary": diagnostic.primary.as_ref().map(|primary| label(primary, view)),
        "labels": diagnostic.labels.iter().map(|secondary| label(secondary, view)).collect::<Vec<_>>(),
        "path": diagnostic.subject.as_ref().map(ToString::to_string),
        "affects": diagnostic.affects.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "notes": diagnostic.notes,
        "hint": diagnostic.hint,
        "replacement": diagnostic.replacement.as_ref().map(|edit| with_text(view.place(edit.span), &edit.text)),
    });
    if let (Some(level), Some(members)) = (diagnostic.level, one.as_object_mut()) {
        members.insert("level".to_owned(), level.word().into());
    }
    one
}

fn label(label: &Label, view: &View<'_>) -> Value {
    with_text(view.place(label.span), &label.text)
}

fn with_text(place: Place, text: &str) -> Value {
    json!({
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
        "text": text,
    })
}
