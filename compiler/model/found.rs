//! What evaluations find out beside their values: reports, which expressions read secrets, and which things were met by name.

use super::allowance::WorkPiece;
use super::world::World;
use super::{EntityId, errors};
use crate::diagnostic::Diagnostics;
use crate::expression::Fault;
use crate::secret::Secrets;
use crate::span::Span;
use crate::value::{CAUSES, Cause, Name, Value};
use std::cell::Cell;
use std::collections::BTreeSet;

/// A thing that an expression of another one met by a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Met {
    /// Whose expression it is.
    pub from: EntityId,
    /// What it met.
    pub to: EntityId,
    /// Where the expression stands.
    pub span: Span,
}

/// What evaluations found out.
pub(crate) struct Found {
    pub(crate) diagnostics: Diagnostics,
    /// Expressions that read secrets.
    pub(crate) secrets: Secrets,
    pub(crate) met: BTreeSet<Met>,
}

impl World<'_> {
    /// A result with what it cost, once nothing more is asked of this world.
    pub(crate) fn piece<R>(self, result: impl FnOnce(Found) -> R) -> WorkPiece<R> {
        let (spent, exhausted) = (self.allowance.spent(), self.allowance.exhausted());
        WorkPiece { result: result(self.into_found()), spent, exhausted }
    }

    /// Whether work has met anything but the thing itself and what all things of its environment share.
    pub(crate) fn meets_others<T>(&self, work: impl FnOnce() -> T) -> (T, bool) {
        let before = self.outside.replace(false);
        let result = work();
        let outside = self.outside.get();
        self.outside.set(before || outside);
        (result, outside)
    }

    /// Whether work has met anything else, or said something: if not, its result is that of the whole family.
    pub(crate) fn alike<T>(&self, work: impl FnOnce() -> T) -> (T, bool) {
        let said = self.diagnostics.borrow().len();
        let (result, outside) = self.meets_others(work);
        (result, !outside && self.diagnostics.borrow().len() == said)
    }

    /// Takes note that the expression at hand, which belongs to a thing, has met another one.
    pub(super) fn meets(&self, from: EntityId, to: EntityId) {
        if let Some(span) = self.at.get().filter(|_| from != to) {
            self.met.borrow_mut().insert(Met { from, to, span });
        }
    }

    /// Evaluates an expression that stands here: what it meets and reads is its own.
    pub(crate) fn reading<T>(&self, span: Span, work: impl FnOnce() -> T) -> T {
        let outer = (self.at.replace(Some(span)), self.reads.take());
        let result = work();
        self.at.set(outer.0);
        self.reads.replace(outer.1);
        result
    }

    /// Takes note of a value that is given to the expression at hand: what it names is known when it says where.
    pub(super) fn gives(&self, value: &Value) {
        *self.given.borrow_mut() = (!value.is_dynamic() && !value.is_broken()).then(|| value.clone());
    }

    /// Takes note of where the expression at hand has named what was given to it.
    pub(super) fn notes_name(&self, span: Span, decides: bool) {
        let mut reads = self.reads.borrow_mut();
        let Some(value) = self.given.take() else { return };
        let cause = Cause { name: Name::Written(span), value, decides };
        // `self.size` on the way to `self.size.min` is no value of its own.
        let begins = |known: &Cause| matches!(known.name, Name::Written(known) if known.start == span.start && known.end < span.end);
        // In the rounds of a macro one name stands for several values.
        let same = |known: &Cause| known.name == cause.name && known.value.origin == cause.value.origin;
        if let Some(last) = reads.last_mut().filter(|last| begins(last)) {
            *last = cause;
        } else if reads.len() < CAUSES && !reads.iter().any(same) {
            reads.push(cause);
        }
    }

    /// Takes note that what the expression at hand names within this place decides what comes out.
    pub(super) fn notes_decision(&self, within: Span) {
        let is_within =
            |name: Name| matches!(name, Name::Written(at) if at.file == within.file && within.start <= at.start && at.end <= within.end);
        self.reads.borrow_mut().iter_mut().filter(|cause| is_within(cause.name)).for_each(|cause| cause.decides = true);
    }

    /// Whether there is anything that must not be shown.
    pub(crate) fn has_secrets(&self) -> bool {
        !self.model.secrets.is_empty() || !self.tainting.borrow().is_empty()
    }

    /// Takes note that an expression has read a secret: what it made is one, and what went wrong must not tell of it.
    pub(super) fn taint<T>(&self, outcome: Result<T, Fault>, template: Span, origin: Span) -> Result<T, Fault> {
        // Whoever shares the outcome would not know that it is a secret.
        self.outside.set(true);
        let mut made = self.tainting.borrow_mut();
        made.made(template);
        made.made(origin);
        match outcome {
            Err(Fault::Diagnostic(fault)) => Err(Fault::Diagnostic(Box::new(errors::without_values(*fault)))),
            outcome => outcome,
        }
    }

    /// Takes note of a value that must not be drawn, because it may hold a secret.
    pub(crate) fn doubt(&self, value: &Value) {
        self.tainting.borrow_mut().doubt(value.origin.span);
        if let Some(text) = value.as_str() {
            self.tainting.borrow_mut().doubt_text(text);
        }
    }

    /// Whether a value must not be shown.
    pub(crate) fn hides(&self, value: &Value) -> bool {
        self.model.secrets.hides(value) || self.tainting.borrow().hides(value)
    }

    /// Whether a value, or one inside it, must not be shown.
    pub(crate) fn secrets_in(&self, value: &Value) -> bool {
        self.model.secrets.hides_part(value) || self.tainting.borrow().hides_part(value)
    }

    /// All that must not be shown, as far as it is known now.
    pub(crate) fn secrets(&self) -> Secrets {
        let mut secrets = self.model.secrets.clone();
        secrets.append(&self.tainting.borrow());
        secrets
    }

    /// Whether work read a secret.
    pub(crate) fn taints<T>(&self, work: impl FnOnce() -> T) -> (T, bool) {
        let before = self.tainted.replace(false);
        let result = work();
        (result, self.tainted.replace(before))
    }

    /// Whether the evaluation at hand has read a secret; and says whether it has.
    pub(super) fn tainted(&self) -> &Cell<bool> {
        &self.tainted
    }

    /// What was found out.
    pub(crate) fn into_found(self) -> Found {
        Found { diagnostics: self.diagnostics.into_inner(), secrets: self.tainting.into_inner(), met: self.met.into_inner() }
    }
}
