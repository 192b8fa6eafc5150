//! What people change without meaning anything by it, and what classes must not emit therefore: the position of something in a list or map that users
//! write, and the name under which a thing is written, which a rename changes.

use super::super::errors;
use super::SectionWalk;
use crate::expression::{Template, Ty};
use crate::path::Step;
use crate::value::{Data, Entry};

impl SectionWalk<'_, '_> {
    /// Warns of an expression that carries one of these into the output.
    pub(super) fn innocent(&mut self, template: &Template, type_: &Ty) {
        if self.emits && type_.is_written() {
            self.diagnostics.push(errors::written_name(template.span));
        }
        if self.positions.is_empty() {
            return;
        }
        for reference in template.references() {
            let [Step::Key(index), Step::Key(iterator), ..] = reference.steps.as_slice() else { continue };
            let counted = self.positions.iter().rev().find(|(name, _)| name == iterator);
            if let (true, Some((_, over))) = (&**index == "index", counted) {
                self.diagnostics.push(errors::position(iterator, reference.span, *over));
            }
        }
    }

    /// Remembers an iterator whose position users decide about.
    pub(super) fn counts(&mut self, iterator: &Entry) {
        let is_own = match &iterator.value.data {
            Data::List(list) => list.items().iter().all(|item| item.get("$for").is_none()),
            Data::Template(template) => template.single().is_some_and(|expr| expr.is_list_of_its_own()),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Map(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => false,
        };
        if !is_own {
            self.positions.push((iterator.key.clone(), iterator.value.origin.span));
        }
    }
}

/// Whether an iterator runs over all things of a kind, so that its keys are names under which these are written.
pub(super) fn runs_over_plural(iterator: &Entry, over: &Ty) -> bool {
    matches!(&iterator.value.data, Data::Template(template) if template.single().is_some_and(|expr| expr.is_plural(over)))
}
