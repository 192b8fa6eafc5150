//! Diagnostics as text, drawn the way rustc draws its own. Comes in: sorted diagnostics. Leaves: styled lines, in which all that users wrote
//! is visible; the terminal's stream takes the colours out where they are not wanted.

mod window;

use super::lines::Lines;
use super::{View, count, plural};
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Patch, Renderer, Snippet};
use platc::diagnostic::{Diagnostic, Severity};
use platc::span::{FileId, Span};
use platc::visible::visible;
use std::collections::BTreeSet;
use window::Window;

/// No more reports than this are drawn.
const SHOWN: usize = 100;
/// No more paths than this are listed behind `affects`.
const AFFECTED: usize = 5;
/// No more characters than this of one text are drawn.
const LONGEST: usize = 2_000;
/// Marks further apart than this get a picture of their own.
const APART: usize = 4096;

/// All diagnostics with a summary; empty if there are none.
pub(crate) fn render(diagnostics: &[Diagnostic], view: &View<'_>, renderer: &Renderer) -> Lines {
    let mut lines = Lines::default();
    for diagnostic in diagnostics.iter().take(SHOWN) {
        lines.drawn(&report(diagnostic, view, renderer));
        lines.line("");
    }
    if diagnostics.len() > SHOWN {
        lines.line(&format!("… and {} more", diagnostics.len() - SHOWN));
        lines.line("");
    }
    let (errors, warnings) = count(diagnostics);
    let summary: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| plural(*count, word))
        .collect();
    if !summary.is_empty() {
        lines.line(&summary.join(", "));
        let codes: BTreeSet<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code.word()).collect();
        match (codes.first(), codes.len()) {
            (Some(code), 1) => lines.line(&format!("for more about it, run `platc explain {code}`")),
            (Some(code), _) => {
                lines.line(&format!("for more about one of them, run `platc explain` with its code: `platc explain {code}`"))
            }
            (None, _) => {}
        }
    }
    lines
}

/// One diagnostic, without a line break at its end.
fn report(diagnostic: &Diagnostic, view: &View<'_>, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(short(&diagnostic.message)).id(diagnostic.code.word()));
    for element in pictures(diagnostic, view) {
        group = group.element(element);
    }
    if let Some(subject) = &diagnostic.subject {
        group = group.element(note("path", &subject.to_string()));
    }
    if let Some(does) = diagnostic.level {
        group = group.element(note("does", does.word()));
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
            group = group.element(Level::HELP.message(short(hint)));
        }
        return renderer.render(&[group]);
    };
    let hint = diagnostic.hint.as_deref().unwrap_or("write this instead");
    let patch = Patch::new(window.range(replacement.span), window::escaped(&replacement.text).0);
    let snippet = Snippet::source(window.text).line_start(window.line).path(path(view, replacement.span.file)).patch(patch);
    renderer.render(&[group, Level::HELP.secondary_title(short(hint)).element(snippet)])
}

/// A text as it is drawn: what nobody reads to its end is cut, such as a message about a key of a megabyte. The other formats have all of it.
fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", visible(text.get(..end).unwrap_or_default())),
        None => visible(text).into_owned(),
    }
}

fn note<'a>(name: &'a str, text: &str) -> annotate_snippets::Message<'a> {
    Level::NOTE.with_name(name).message(short(text))
}

fn path(view: &View<'_>, file: FileId) -> String {
    visible(&view.path(file)).into_owned()
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
            elements.push(Origin::path(path(view, file)).line(position.line).char_column(position.column).into());
            if !mark.text.is_empty() {
                elements.push(note("here", &mark.text).into());
            }
        }
        return;
    };
    let annotations: Vec<_> = marks
        .iter()
        .map(|mark| {
            let annotation: Annotation<'a> = mark.kind.span(window.mark(mark.span));
            if mark.text.is_empty() { annotation } else { annotation.label(short(&mark.text)) }
        })
        .collect();
    elements.push(Snippet::source(window.text).line_start(window.line).path(path(view, file)).annotations(annotations).into());
}

#[cfg(test)]
mod tests;
