//! What the compiler says about a project: one type for all of it. Rooms word it in their `errors.rs`, the program draws it. Nothing here prints.

mod gather;
mod quotes;

use crate::code::Code;
use crate::level::Level;
use crate::path::Path;
use crate::source::Sources;
use crate::span::{FileId, Span};
use crate::subject::Subject;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Nothing is emitted.
    Error,
    /// Worth knowing; does not stop anything.
    Warning,
}

/// A marked place with a few words.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there; may be empty.
    pub text: String,
}

/// An edit that cures the problem: this text in place of that span.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Replacement {
    /// What to replace.
    pub span: Span,
    /// What to write there.
    pub text: String,
}

/// One thing said (design 5).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Its word, with a page in `docs/diagnostics/`.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// One lower-case sentence without full stop, names in backquotes.
    pub message: String,
    /// Where to act: the last place in the user's own files that wrote the offending value.
    pub primary: Option<Label>,
    /// Why: declarations and the layers involved, oldest first.
    pub labels: Vec<Label>,
    /// What tells it from another mistake of this code at the same place: the field that is missing there, the rule that is broken.
    pub apart: Option<Arc<str>>,
    /// What it misses, where it says that something is not defined: `services.web`, or `environments` for any; any of these would do.
    pub absent: Vec<Path>,
    /// What is not there, in words of its room: reports of one code that share one of these have one cause, and are one.
    pub lacks: Vec<Arc<str>>,
    /// How grave it is what a change does, if it speaks of one.
    pub level: Option<Level>,
    /// What it speaks of; printed, it is a path for `platc explain`.
    pub subject: Option<Subject>,
    /// What else the same cause makes wrong.
    pub affects: Vec<Subject>,
    /// Facts that help to understand.
    pub notes: Vec<String>,
    /// What to do next, one imperative sentence.
    pub hint: Option<String>,
    /// The edit, where it is certain.
    pub replacement: Option<Replacement>,
}

/// Most secondary labels of one diagnostic.
const MARKED: usize = 100;

impl Diagnostic {
    /// An error with its primary place.
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        Self::at(code, Severity::Error, message.into(), Some(Label { span, text: label.into() }))
    }

    /// A warning with its primary place.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        Self::at(code, Severity::Warning, message.into(), Some(Label { span, text: label.into() }))
    }

    /// An error that belongs to no place in a source: a file that cannot be read, a project without `platform.yaml`.
    #[must_use]
    pub fn general(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        // Without a place, its words are all that tells it from others.
        let apart = Arc::from(message.as_str());
        Self { apart: Some(apart), ..Self::at(code, Severity::Error, message, None) }
    }

    fn at(code: Code, severity: Severity, message: String, primary: Option<Label>) -> Self {
        Self {
            code,
            severity,
            message,
            primary,
            labels: Vec::new(),
            apart: None,
            absent: Vec::new(),
            lacks: Vec::new(),
            level: None,
            subject: None,
            affects: Vec::new(),
            notes: Vec::new(),
            hint: None,
            replacement: None,
        }
    }

    /// Adds a secondary label, up to a hundred: nobody follows a circle of ten thousand steps.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        if self.labels.len() < MARKED {
            self.labels.push(Label { span, text: text.into() });
        }
        self
    }

    /// Tells it from other mistakes of its code at the same place.
    #[must_use]
    pub fn apart(mut self, by: impl Into<Arc<str>>) -> Self {
        self.apart = Some(by.into());
        self
    }

    /// Says what is missed.
    #[must_use]
    pub fn misses(mut self, absent: Path) -> Self {
        self.absent.push(absent);
        self
    }

    /// Says what is not there, which others may report as well.
    #[must_use]
    pub fn lacking(mut self, what: impl Into<Arc<str>>) -> Self {
        self.lacks.push(what.into());
        self
    }

    /// What makes one report of two: the code, the place, and what tells mistakes there apart. Words never do, because they may tell of
    /// one cause what it comes to in each environment.
    fn cause(&self) -> (Code, Option<Span>, Option<&str>) {
        (self.code, self.primary.as_ref().map(|label| label.span), self.apart.as_deref())
    }

    /// Says how grave it is what a change does.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }

    /// Says what it speaks of, unless that was said before by who knew more.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.subject.get_or_insert(subject);
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Sets the hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets the edit that cures the problem.
    #[must_use]
    pub fn replace(mut self, span: Span, text: impl Into<String>) -> Self {
        self.replacement = Some(Replacement { span, text: text.into() });
        self
    }
}

/// Everything said so far, in any order; [`Diagnostics::sorted`] gives the order to show.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// How many errors are among them.
    errors: usize,
    /// How many were not kept, and how many errors were among those.
    dropped: usize,
    dropped_errors: usize,
}

/// So many are kept. Nobody reads more, and a generated source could ask for millions.
pub(crate) const KEPT: usize = 200_000;

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.list.len() < KEPT {
            self.errors += usize::from(diagnostic.severity == Severity::Error);
            self.list.push(diagnostic);
        } else {
            self.omit(diagnostic.severity);
        }
    }

    /// Counts one that is not kept.
    pub(crate) fn omit(&mut self, severity: Severity) {
        self.dropped += 1;
        self.dropped_errors += usize::from(severity == Severity::Error);
    }

    /// Adds all of another collection.
    pub fn append(&mut self, other: Diagnostics) {
        self.dropped += other.dropped;
        self.dropped_errors += other.dropped_errors;
        for diagnostic in other.list {
            self.push(diagnostic);
        }
    }

    /// Does work that reports here, and says whether it reported an error.
    pub fn watch<R>(&mut self, work: impl FnOnce(&mut Self) -> R) -> (R, bool) {
        let before = self.errors + self.dropped_errors;
        let result = work(self);
        (result, self.errors + self.dropped_errors > before)
    }

    /// Takes all out, to be changed and pushed again.
    pub fn drain(&mut self) -> Vec<Diagnostic> {
        self.errors = 0;
        std::mem::take(&mut self.list)
    }

    /// The files in which there are errors so far.
    #[must_use]
    pub fn files(&self) -> BTreeSet<FileId> {
        let errors = self.list.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        errors.filter_map(|diagnostic| diagnostic.primary.as_ref()).map(|label| label.span.file).collect()
    }

    /// All of them, in the order in which they were said.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Where those of a code point to.
    pub fn places(&self, code: Code) -> impl Iterator<Item = Span> {
        let those = self.list.iter().filter(move |diagnostic| diagnostic.code == code);
        those.filter_map(|diagnostic| diagnostic.primary.as_ref()).map(|label| label.span)
    }

    /// Makes some of them errors.
    pub fn deny(&mut self, is_denied: impl Fn(&Diagnostic) -> bool) {
        for mut diagnostic in self.drain() {
            if is_denied(&diagnostic) {
                diagnostic.severity = Severity::Error;
            }
            self.push(diagnostic);
        }
    }

    /// Changes the words of each.
    pub fn edit(&mut self, change: impl FnMut(&mut Diagnostic)) {
        self.list.iter_mut().for_each(change);
    }

    /// Keeps only those that fit.
    pub fn retain(&mut self, fits: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(fits);
        self.errors = self.list.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    }

    /// Forgets what misses something that may stand in a part of a source that was lost: why that cannot be read is all there is to say.
    pub fn forgive(&mut self, may_be_lost: impl Fn(&Path) -> bool) {
        self.retain(|diagnostic| !diagnostic.absent.iter().any(&may_be_lost));
    }

    /// Whether anything said so far stops emitting.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors + self.dropped_errors > 0
    }

    /// How many were pushed, doubles included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len() + self.dropped
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One report per cause, sorted by file name, place and code: the same on every run. What else a cause makes wrong is collected in
    /// `affects`.
    #[must_use]
    pub fn sorted(&self, sources: &Sources) -> Vec<Diagnostic> {
        let mut keyed: Vec<_> = self
            .list
            .iter()
            .map(|diagnostic| {
                let place = diagnostic.primary.as_ref().map(|label| (sources.path(label.span.file), label.span));
                ((place, diagnostic.severity, diagnostic.code, &diagnostic.apart, &diagnostic.message, &diagnostic.subject), diagnostic)
            })
            .collect();
        keyed.sort_by_key(|(key, _)| *key);
        let mut result: Vec<Diagnostic> = Vec::new();
        let mut elsewhere = gather::NotesElsewhere::new();
        for (_, diagnostic) in keyed {
            let at = result.len().saturating_sub(1);
            if let Some(last) = result.last_mut()
                && last.cause() == diagnostic.cause()
            {
                gather::compare(&mut elsewhere, (at, last), diagnostic);
                let lacks: Vec<Arc<str>> = diagnostic.lacks.iter().filter(|lack| !last.lacks.contains(lack)).cloned().collect();
                last.lacks.extend(lacks);
                let level = last.level.into_iter().chain(diagnostic.level).min();
                if last.subject.is_none() && diagnostic.subject.is_some() {
                    // The one that knows where in the model it is knows more about the rest, too.
                    let lacks = std::mem::take(&mut last.lacks);
                    *last = Diagnostic { lacks, ..diagnostic.clone() };
                } else {
                    let subjects = diagnostic.subject.iter().chain(&diagnostic.affects);
                    last.affects.extend(subjects.filter(|subject| last.subject.as_ref() != Some(subject)).cloned());
                }
                last.level = level;
            } else {
                result.push(diagnostic.clone());
            }
        }
        gather::told_elsewhere(&mut result, elsewhere);
        gather::told_of_defaults(&mut result);
        gather::told_of_names(&mut result);
        gather::gather(&mut result);
        for diagnostic in &mut result {
            let mut seen: BTreeSet<Subject> = diagnostic.subject.iter().cloned().collect();
            diagnostic.affects.retain(|subject| seen.insert(subject.clone()));
        }
        decide_meanings(&mut result);
        for diagnostic in &mut result {
            forget_definitions(diagnostic);
            quotes::keep(diagnostic, sources);
        }
        result
    }
}

/// Readers disagree about some scalars, and some numbers do not fit, which is said before it is known what their field takes. If that is told
/// as well, it decides how the scalar is meant, and whom it affects.
fn decide_meanings(all: &mut Vec<Diagnostic>) {
    let place = |diagnostic: &Diagnostic| diagnostic.primary.as_ref().map(|label| label.span);
    let of_two_meanings =
        all.iter().enumerate().filter(|(_, diagnostic)| matches!(diagnostic.code, Code::AmbiguousScalar | Code::NumberOutOfRange));
    let places: BTreeMap<Span, usize> = of_two_meanings.filter_map(|(at, diagnostic)| Some((place(diagnostic)?, at))).collect();
    let (decisions, kept): (Vec<_>, Vec<_>) = std::mem::take(all).into_iter().enumerate().partition(|(_, diagnostic)| {
        let decides = matches!(diagnostic.code, Code::WrongType | Code::ValueNotAllowed);
        decides && place(diagnostic).is_some_and(|span| places.contains_key(&span))
    });
    let mut kept: BTreeMap<usize, Diagnostic> = kept.into_iter().collect();
    for (_, decision) in decisions {
        let Some(cause) = place(&decision).and_then(|span| places.get(&span)).and_then(|at| kept.get_mut(at)) else { continue };
        if cause.subject.is_none() {
            (cause.subject, cause.affects) = (decision.subject, decision.affects);
            if cause.code == Code::NumberOutOfRange {
                // Quotes would only bring the next error.
                cause.hint = Some("the field takes no text: write a value that fits".to_owned());
                cause.replacement = None;
                continue;
            }
            let is_meant = |text: &str| ["true", "false"].contains(&text) || text.parse::<i64>().is_ok();
            if let Some(replacement) = decision.replacement.filter(|replacement| is_meant(&replacement.text)) {
                cause.hint = Some(format!("write `{}`", replacement.text));
                cause.replacement = Some(replacement);
            }
        }
    }
    all.extend(kept.into_values());
}

/// Where a thing is known, the definition that it came from says nothing more.
fn forget_definitions(diagnostic: &mut Diagnostic) {
    let all: Vec<Subject> = diagnostic.subject.take().into_iter().chain(std::mem::take(&mut diagnostic.affects)).collect();
    let told: BTreeSet<Subject> = all.iter().filter_map(Subject::of_definition).collect();
    let mut kept = all.into_iter().filter(|subject| !told.contains(subject));
    diagnostic.subject = kept.next();
    diagnostic.affects = kept.collect();
}
