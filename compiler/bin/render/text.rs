//! Diagnostics as text, drawn the way rustc draws its own. Comes in: sorted diagnostics. Leaves: styled text; the terminal's stream takes
//! the colours out where they are not wanted.

use super::{View, count, plural};
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Patch, Renderer, Snippet, normalize_untrusted_str};
use platc::diagnostic::{Diagnostic, Severity};
use platc::source::Source;
use platc::span::{FileId, Span};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::Range;

/// No more reports than this are drawn.
const SHOWN: usize = 100;
/// No more paths than this are listed behind `affects`.
const AFFECTED: usize = 5;
/// Marks that cover more lines than this are cut to their first line.
const TALL: usize = 6;
/// Marks further apart than this get a picture of their own.
const APART: usize = 4096;
/// Larger pieces of a source are named, not drawn.
const WIDE: usize = 64 * 1024;

/// All diagnostics with a summary; empty if there are none.
pub(crate) fn render(diagnostics: &[Diagnostic], view: &View<'_>, renderer: &Renderer) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail, here and below.
    for diagnostic in diagnostics.iter().take(SHOWN) {
        writeln!(text, "{}\n", report(diagnostic, view, renderer)).ok();
    }
    if diagnostics.len() > SHOWN {
        writeln!(text, "… and {} more\n", diagnostics.len() - SHOWN).ok();
    }
    let (errors, warnings) = count(diagnostics);
    let summary: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| plural(*count, word))
        .collect();
    if !summary.is_empty() {
        writeln!(text, "{}", summary.join(", ")).ok();
        let codes: BTreeSet<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.word()).collect();
        match (codes.first(), codes.len()) {
            (Some(code), 1) => writeln!(text, "for more about it, run `platc explain {code}`").ok(),
            (Some(code), _) => writeln!(text, "for more about one of them, run `platc explain` with its code: `platc explain {code}`").ok(),
            (None, _) => None,
        };
    }
    text
}

/// One diagnostic, without a line break at its end.
fn report(diagnostic: &Diagnostic, view: &View<'_>, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(&diagnostic.message).id(diagnostic.code.word()));
    for element in pictures(diagnostic, view) {
        group = group.element(element);
    }
    if let Some(subject) = &diagnostic.subject {
        group = group.element(note("path", &subject.to_string()));
    }
    if !diagnostic.affects.is_empty() {
        let shown: Vec<String> = diagnostic.affects.iter().take(AFFECTED).map(ToString::to_string).collect();
        let more = if diagnostic.affects.len() > AFFECTED { ", …" } else { "" };
        group = group.element(note("affects", &format!("{} more: {}{more}", diagnostic.affects.len(), shown.join(", "))));
    }
    for text in &diagnostic.notes {
        group = group.element(note("note", text));
    }
    let edit = diagnostic.replacement.as_ref().and_then(|replacement| {
        let window = Window::around(view, replacement.span.file, &[replacement.span])?;
        Some((window, replacement))
    });
    let Some((window, replacement)) = edit else {
        if let Some(hint) = &diagnostic.hint {
            group = group.element(Level::HELP.message(normalize_untrusted_str(hint)));
        }
        return renderer.render(&[group]);
    };
    let hint = diagnostic.hint.as_deref().unwrap_or("write this instead");
    let patch = Patch::new(window.range(replacement.span), replacement.text.as_str());
    let snippet = Snippet::source(window.text).line_start(window.line).path(view.path(replacement.span.file)).patch(patch);
    renderer.render(&[group, Level::HELP.secondary_title(normalize_untrusted_str(hint)).element(snippet)])
}

fn note<'a>(name: &'a str, text: &str) -> annotate_snippets::Message<'a> {
    Level::NOTE.with_name(name).message(normalize_untrusted_str(text))
}

/// A mark to draw.
struct Mark {
    span: Span,
    kind: AnnotationKind,
    text: String,
}

fn pictures<'a>(diagnostic: &Diagnostic, view: &View<'a>) -> Vec<Element<'a>> {
    let numbered = diagnostic.labels.len() > 1;
    let primary = diagnostic.primary.iter().map(|label| Mark { span: label.span, kind: AnnotationKind::Primary, text: label.text.clone() });
    let secondary = diagnostic.labels.iter().enumerate().map(|(at, label)| Mark {
        span: label.span,
        kind: AnnotationKind::Context,
        text: if numbered { format!("({}) {}", at + 1, label.text) } else { label.text.clone() },
    });
    let mut pending: Vec<Mark> = primary.chain(secondary).collect();
    let mut elements = Vec::new();
    while let Some(first) = pending.first() {
        // Each picture takes the marks of its file that stand near the first one left, so that the primary place comes first.
        let (file, start) = (first.span.file, first.span.start as usize);
        let (near, rest): (Vec<Mark>, Vec<Mark>) =
            pending.into_iter().partition(|mark| mark.span.file == file && start.abs_diff(mark.span.start as usize) <= APART);
        pending = rest;
        picture(file, &near, view, &mut elements);
    }
    elements
}

fn picture<'a>(file: FileId, marks: &[Mark], view: &View<'a>, elements: &mut Vec<Element<'a>>) {
    let spans: Vec<Span> = marks.iter().map(|mark| mark.span).collect();
    let Some(window) = Window::around(view, file, &spans) else {
        for mark in marks.iter().filter(|_| view.sources.get(file).is_some()) {
            let position = view.sources.position(mark.span);
            elements.push(Origin::path(view.path(file)).line(position.line).char_column(position.column).into());
            if !mark.text.is_empty() {
                elements.push(note("here", &mark.text).into());
            }
        }
        return;
    };
    let annotations = marks.iter().map(|mark| {
        let annotation: Annotation<'a> = mark.kind.span(window.mark(mark.span));
        if mark.text.is_empty() { annotation } else { annotation.label(normalize_untrusted_str(&mark.text)) }
    });
    elements.push(Snippet::source(window.text).line_start(window.line).path(view.path(file)).annotations(annotations).into());
}

/// A few whole lines of a source, because the renderer indexes all it is given.
#[derive(Clone, Copy)]
struct Window<'a> {
    text: &'a str,
    /// Number of the first line.
    line: usize,
    /// Offset of the first byte in the source.
    start: usize,
}

impl<'a> Window<'a> {
    /// The lines that hold these spans; nothing for an unknown file or for too much text.
    fn around(view: &View<'a>, file: FileId, spans: &[Span]) -> Option<Self> {
        let source: &'a Source = view.sources.get(file)?;
        let text: &'a str = &source.text;
        let clamp = |offset: u32| boundary(text, offset as usize);
        let first = spans.iter().map(|span| clamp(span.start)).min()?;
        let last = spans.iter().map(|span| clamp(span.end)).max()?;
        let start = text.get(..first)?.rfind('\n').map_or(0, |at| at + 1);
        let end = text.get(last..)?.find('\n').map_or(text.len(), |at| last + at + 1);
        let window = text.get(start..end)?;
        if window.len() > WIDE {
            return None;
        }
        let line = view.sources.position(Span::new(file, start, start)).line;
        Some(Self { text: window, line, start })
    }

    /// A span relative to the window, on character boundaries.
    fn range(&self, span: Span) -> Range<usize> {
        let clamp = |offset: u32| boundary(self.text, (offset as usize).saturating_sub(self.start));
        let start = clamp(span.start);
        start..clamp(span.end).max(start)
    }

    /// The same for a mark, which does not run over many lines.
    fn mark(&self, span: Span) -> Range<usize> {
        let range = self.range(span);
        let marked = self.text.get(range.clone()).unwrap_or("");
        let trimmed = marked.trim_end().len();
        if marked.lines().count() > TALL {
            let first = marked.lines().next().map_or(0, str::len);
            return range.start..range.start + first;
        }
        range.start..range.start + if trimmed == 0 { marked.len() } else { trimmed }
    }
}

/// The last character boundary at or before an offset, which may lie beyond the end.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests;
