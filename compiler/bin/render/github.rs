//! Diagnostics as workflow commands of GitHub Actions, which shows them beside the lines of a change.

use super::{View, severity};
use platc::diagnostic::Diagnostic;

/// One line per diagnostic.
pub(crate) fn render(diagnostics: &[Diagnostic], view: &View<'_>) -> String {
    diagnostics.iter().map(|diagnostic| one(diagnostic, view)).collect()
}

fn one(diagnostic: &Diagnostic, view: &View<'_>) -> String {
    let mut message = diagnostic.message.clone();
    let mut place = String::new();
    if let Some(primary) = &diagnostic.primary {
        let at = view.place(primary.span);
        place =
            format!("file={},line={},endLine={},col={},endColumn={},", property(&at.file), at.line, at.end_line, at.column, at.end_column);
        if !primary.text.is_empty() {
            message = format!("{message}: {}", primary.text);
        }
    }
    for label in &diagnostic.labels {
        message.push_str(&format!("\n{}: {}", view.at(label.span), label.text));
    }
    if let Some(hint) = &diagnostic.hint {
        message.push_str(&format!("\nhelp: {hint}"));
    }
    format!("::{} {place}title={}::{}\n", severity(diagnostic.severity), property(diagnostic.code.word()), data(&message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
