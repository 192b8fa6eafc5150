//! render: diagnostics → text for people, or JSON, SARIF and workflow commands for machines. It prints nothing itself.

pub(crate) mod class_page;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod github;
pub(crate) mod graph;
pub(crate) mod json;
pub(crate) mod left_out;
pub(crate) mod lines;
pub(crate) mod markdown;
pub(crate) mod page;
pub(crate) mod passages;
pub(crate) mod patch;
pub(crate) mod reads;
pub(crate) mod report;
pub(crate) mod sarif;
pub(crate) mod table;
pub(crate) mod text;

use platc::diagnostic::Diagnostic;
use platc::diagnostic::Severity;
use platc::source::{Grammar, Sources};
use platc::span::{FileId, Span};
use serde::Serialize;

/// Sources as the user sees them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    /// The texts.
    pub(crate) sources: &'a Sources,
    /// What leads from the working directory to the project's root: empty, or ends with `/`.
    pub(crate) prefix: &'a str,
}

/// A place in words and numbers that editors understand; lines and columns count from 1, columns in characters.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) end_line: usize,
    pub(crate) end_column: usize,
}

impl View<'_> {
    /// The path of a file, relative to the working directory; files of the standard library and arguments keep their names.
    pub(crate) fn path(&self, file: FileId) -> String {
        let Some(source) = self.sources.get(file) else { return String::new() };
        match source.grammar {
            Grammar::Argument => source.path.to_string(),
            Grammar::Yaml | Grammar::Toml | Grammar::Json | Grammar::Plain if source.library => source.path.to_string(),
            Grammar::Yaml | Grammar::Toml | Grammar::Json | Grammar::Plain => format!("{}{}", self.prefix, source.path),
        }
    }

    /// Where a span begins and ends.
    pub(crate) fn place(&self, span: Span) -> Place {
        let start = self.sources.position(span);
        let end = self.sources.position(Span { start: span.end, ..span });
        Place { file: self.path(span.file), line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    }

    /// `path:line:column` of a span's start.
    pub(crate) fn at(&self, span: Span) -> String {
        let position = self.sources.position(span);
        format!("{}:{}:{}", self.path(span.file), position.line, position.column)
    }
}

/// `error` or `warning`.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// How many of each.
pub(crate) fn count(diagnostics: &[Diagnostic]) -> (usize, usize) {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    (errors, diagnostics.len() - errors)
}

/// `1 error`, `3 errors`.
pub(crate) fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
