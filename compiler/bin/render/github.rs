//! Diagnostics as workflow commands of GitHub Actions, which shows them beside the lines of a change. The only place that may begin a line
//! with `::`.

use super::{View, severity};
use platc::diagnostic::Diagnostic;
use platc::visible::visible;

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
    let labels = diagnostic.labels.iter().map(|label| format!("{}: {}", view.at(label.span), label.text));
    let hint = diagnostic.hint.iter().map(|hint| format!("help: {hint}"));
    let lines: Vec<String> = std::iter::once(message).chain(labels).chain(hint).map(|line| data(&line)).collect();
    format!("::{} {place}title={}::{}\n", severity(diagnostic.severity), property(diagnostic.code.word()), lines.join("%0A"))
}

/// One line of a message.
fn data(text: &str) -> String {
    visible(text).replace('%', "%25")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
