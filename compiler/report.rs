//! Diagnostics for other Rust programs: a [`Report`] owns all that is needed to show one, and is a standard error as well as a
//! [`miette::Diagnostic`]. The program draws its diagnostics itself and does not need this.

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::source::Sources;
use crate::span::FileId;
use miette::{LabeledSpan, NamedSource, SourceCode};
use std::fmt::Display;
use std::sync::Arc;

/// A diagnostic together with the sources it speaks of.
#[derive(Debug)]
pub struct Report {
    /// The diagnostic.
    pub diagnostic: Diagnostic,
    source: Option<NamedSource<Arc<str>>>,
    labels: Vec<LabeledSpan>,
    /// Labels in other files, a report for each, because miette shows one file at a time.
    related: Vec<FurtherFile>,
}

impl Report {
    /// A report with the texts of all files that the diagnostic marks.
    #[must_use]
    pub fn new(diagnostic: Diagnostic, sources: &Sources) -> Self {
        let all = || diagnostic.primary.iter().chain(&diagnostic.labels);
        let first = all().next().map(|label| label.span.file);
        let mut others: Vec<FileId> = Vec::new();
        for label in all() {
            if Some(label.span.file) != first && !others.contains(&label.span.file) {
                others.push(label.span.file);
            }
        }
        let within = |file: FileId| all().filter(|label| label.span.file == file).map(|label| labeled(label, sources)).collect::<Vec<_>>();
        let related = others
            .into_iter()
            .filter_map(|file| Some(FurtherFile { source: named(file, sources)?, labels: within(file), severity: severity(&diagnostic) }))
            .collect();
        let labels = first.map(within).unwrap_or_default();
        Self { source: first.and_then(|file| named(file, sources)), labels, related, diagnostic }
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(self.diagnostic.code.word()))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(severity(&self.diagnostic))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.diagnostic.hint.as_ref().map(|hint| Box::new(hint) as Box<dyn Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        Some(Box::new(self.related.iter().map(|other| other as &dyn miette::Diagnostic)))
    }
}

/// The labels of one further file.
#[derive(Debug)]
struct FurtherFile {
    source: NamedSource<Arc<str>>,
    labels: Vec<LabeledSpan>,
    severity: miette::Severity,
}

impl Display for FurtherFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "involved: {}", self.source.name())
    }
}

impl std::error::Error for FurtherFile {}

impl miette::Diagnostic for FurtherFile {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

fn named(file: FileId, sources: &Sources) -> Option<NamedSource<Arc<str>>> {
    sources.get(file).map(|source| NamedSource::new(&*source.path, Arc::clone(&source.text)))
}

fn labeled(label: &Label, sources: &Sources) -> LabeledSpan {
    let length = sources.get(label.span.file).map_or(0, |source| source.text.len());
    let start = (label.span.start as usize).min(length);
    let end = (label.span.end as usize).clamp(start, length);
    LabeledSpan::new((!label.text.is_empty()).then(|| label.text.clone()), start, end - start)
}

fn severity(diagnostic: &Diagnostic) -> miette::Severity {
    match diagnostic.severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use crate::source::{Grammar, Source};
    use crate::span::Span;
    use expect_test::expect;

    #[test]
    fn one_report_with_the_other_files_related() {
        let mut sources = Sources::default();
        let mut add =
            |path: &str, text: &str| sources.add(Source { path: path.into(), text: text.into(), grammar: Grammar::Yaml, library: false });
        let (a, b) = (add("a.yaml", "x: 1\n"), add("b.yaml", "y: 2\n"));
        let diagnostic = Diagnostic::error(Code::MissingPlatform, "no `platform`", Span::new(a, 0, 1), "here")
            .label(Span::new(b, 3, 40), "and there")
            .hint("write it");
        let report = Report::new(diagnostic, &sources);
        let mut text = String::new();
        miette::NarratableReportHandler::new().render_report(&mut text, &report).unwrap();
        expect![[r#"
            no `platform`
                Diagnostic severity: error
            Begin snippet for a.yaml starting at line 1, column 1

            snippet line 1: x: 1
                label at line 1, column 1: here
            diagnostic help: write it
            diagnostic code: missing-platform

            Error: involved: b.yaml
                Diagnostic severity: error

            Begin snippet for b.yaml starting at line 1, column 1

            snippet line 1: y: 2
                label at line 1, column 4: and there
        "#]]
        .assert_eq(&text);
    }
}
