//! Faults of a class in lines that it inherits: what its ancestor writes is right there, and wrong with what the class says. In comes what was found in
//! each class, out go the same reports, those told at the class that no other has. It never decides what is wrong.

use super::{Class, Fragments, Taken};
use crate::code::Code;
use crate::diagnostic::{Diagnostics, Label};
use crate::name::Kind;
use crate::source::Sources;
use crate::span::Span;
use crate::value::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// What a class has its lines from.
pub(super) struct Lineage {
    name: Span,
    /// All that it writes itself.
    own: Option<Span>,
    /// The same of its ancestors.
    ancestors: Vec<Span>,
    /// Fragments whose fields it has, each with where it takes them in.
    uses: Vec<(Span, Span)>,
}

impl Lineage {
    /// That of a class, by all blocks and the places of its line and of itself among them.
    pub(super) fn of(class: &Class, (blocks, line, at): (&[(Kind, Entry)], &[usize], usize), fragments: &Fragments) -> Self {
        let block = |at: usize| blocks.get(at).map(|(_, entry)| entry.span.join(entry.value.origin.span));
        let ancestors = line.iter().filter(|ancestor| **ancestor != at).filter_map(|ancestor| block(*ancestor)).collect();
        let taken = |taken: &Taken| Some((fragments.get(&taken.fragment)?.span, taken.span));
        Self { name: class.name.span, own: block(at), ancestors, uses: class.taken.iter().filter_map(taken).collect() }
    }
}

/// Faults in lines of others by what and where they are, with the names of the classes that have them.
#[derive(Default)]
pub(super) struct Inherited(BTreeMap<(Code, Span), BTreeSet<Span>>);

impl Inherited {
    /// Takes note of what was found in a class; `known` is what was told before, which an ancestor of its own accord has wrong.
    pub(super) fn note(&mut self, said: &mut Diagnostics, lineage: &Lineage, known: &Diagnostics) {
        said.edit(|fault| {
            let Some(place) = fault.primary.as_ref().map(|label| label.span) else { return };
            if lineage.own.is_some_and(|own| own.overlaps(place)) {
                return;
            }
            if lineage.ancestors.iter().any(|ancestor| ancestor.overlaps(place)) {
                let classes = self.0.entry((fault.code, place)).or_default();
                let is_known = classes.is_empty() && known.places(fault.code).any(|other| other == place);
                // That of the ancestor counts as one, too.
                classes.extend(is_known.then_some(place));
                classes.insert(lineage.name);
                return;
            }
            let use_ = lineage.uses.iter().find(|(fragment, _)| fault.code == Code::ReservedField && fragment.overlaps(place));
            if let Some((_, at)) = use_ {
                fault.labels.push(Label { span: *at, text: "taken in here".to_owned() });
            }
        });
    }

    /// Tells at a class what nobody else has. What a library writes nobody here can change, so there the classes are named.
    pub(super) fn tell(&self, said: &mut Diagnostics, sources: &Sources) {
        said.edit(|fault| {
            let Some(place) = fault.primary.as_ref().map(|label| label.span) else { return };
            let label = |span: &Span| Label { span: *span, text: "in this class, which inherits the line".to_owned() };
            match self.0.get(&(fault.code, place)).map(|classes| classes.iter().collect::<Vec<_>>()).as_deref() {
                Some([class]) => {
                    fault.labels.splice(0..0, fault.primary.replace(label(class)));
                    fault.replacement = None;
                }
                Some(classes) if sources.is_library(place) => fault.labels.extend(classes.iter().map(|class| label(class))),
                Some(_) | None => {}
            }
        });
    }
}
