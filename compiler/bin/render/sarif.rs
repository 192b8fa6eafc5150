//! Diagnostics as SARIF 2.1.0, the format of code scanning services.

use super::{Place, View, severity};
use platc::code::Code;
use platc::diagnostic::Diagnostic;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The whole log.
pub(crate) fn render(diagnostics: &[Diagnostic], view: &View<'_>) -> Value {
    let codes: BTreeSet<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "platc",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": diagnostics.iter().map(|diagnostic| result(diagnostic, view)).collect::<Vec<_>>(),
        }],
    })
}

fn rule(code: Code) -> Value {
    let page = code.page();
    let sentence = page.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or("");
    json!({ "id": code.word(), "shortDescription": { "text": sentence }, "help": { "text": page, "markdown": page } })
}

fn result(diagnostic: &Diagnostic, view: &View<'_>) -> Value {
    let mut text = diagnostic.message.clone();
    if let Some(hint) = &diagnostic.hint {
        text = format!("{text}\nhelp: {hint}");
    }
    let mut result = json!({
        "ruleId": diagnostic.code.word(),
        "level": severity(diagnostic.severity),
        "message": { "text": text },
        "locations": diagnostic.primary.iter().map(|label| location(&view.place(label.span), &label.text)).collect::<Vec<_>>(),
    });
    if let Value::Object(result) = &mut result {
        if !diagnostic.labels.is_empty() {
            let labels = diagnostic.labels.iter().map(|label| location(&view.place(label.span), &label.text)).collect::<Vec<_>>();
            result.insert("relatedLocations".to_owned(), labels.into());
        }
        if let Some(edit) = &diagnostic.replacement {
            let place = view.place(edit.span);
            let change = json!({
                "artifactLocation": { "uri": uri(&place.file) },
                "replacements": [{ "deletedRegion": region(&place), "insertedContent": { "text": edit.text } }],
            });
            result.insert("fixes".to_owned(), json!([{ "artifactChanges": [change] }]));
        }
    }
    result
}

fn location(place: &Place, text: &str) -> Value {
    let mut location = json!({ "physicalLocation": { "artifactLocation": { "uri": uri(&place.file) }, "region": region(place) } });
    if let (Value::Object(location), false) = (&mut location, text.is_empty()) {
        location.insert("message".to_owned(), json!({ "text": text }));
    }
    location
}

/// A path as a relative reference of RFC 3986: what is neither unreserved nor a slash is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

fn region(place: &Place) -> Value {
    json!({ "startLine": place.line, "startColumn": place.column, "endLine": place.end_line, "endColumn": place.end_column })
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_become_references() {
        for (path, uri) in [
            ("clusters/gc0.yaml", "clusters/gc0.yaml"),
            ("a b/50%#?.yaml", "a%20b/50%25%23%3F.yaml"),
            ("javascript:x\n\u{202e}.yaml", "javascript%3Ax%0A%E2%80%AE.yaml"),
            ("<--set>", "%3C--set%3E"),
            ("<--unset>", "%3C--unset%3E"),
        ] {
            assert_eq!(super::uri(path), uri);
        }
    }
}
