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

/// Faults by what and where they are.
#[derive(Default)]
pub(super) struct Inherited {
    /// Those in lines of others, with the names of the classes that have them.
    of_heirs: BTreeMap<(Code, Span), BTreeSet<Span>>,
    /// Those that a class has in lines of its own.
    own: BTreeSet<(Code, Span)>,
}

impl Inherited {
    /// Takes note of what was found in a class.
    pub(super) fn note(&mut self, said: &mut Diagnostics, lineage: &Lineage) {
        said.edit(|fault| {
            let Some(place) = fault.primary.as_ref().map(|label| label.span) else { return };
            if lineage.own.is_some_and(|own| own.overlaps(place)) {
                self.own.insert((fault.code, place));
                return;
            }
            if lineage.ancestors.iter().any(|ancestor| ancestor.overlaps(place)) {
                self.of_heirs.entry((fault.code, place)).or_default().insert(lineage.name);
                return;
            }
            let use_ = lineage.uses.iter().find(|(fragment, _)| fault.code == Code::ReservedField && fragment.overlaps(place));
            if let Some((_, at)) = use_ {
                fault.labels.push(Label { span: *at, text: "taken in here".to_owned() });
            }
        });
    }

    /// Tells at a class what nobody else has, its ancestors included. What a library writes nobody here can change, so there the classes are named.
    pub(super) fn tell(&self, said: &mut Diagnostics, sources: &Sources) {
        if self.of_heirs.is_empty() {
            return;
        }
        said.edit(|fault| {
            let Some(place) = fault.primary.as_ref().map(|label| label.span) else { return };
            let Some(classes) = self.of_heirs.get(&(fault.code, place)) else { return };
            let label = |span: &Span| Label { span: *span, text: "in this class, which inherits the line".to_owned() };
            let only = classes.first().filter(|_| classes.len() == 1 && !self.own.contains(&(fault.code, place)));
            if let Some(class) = only {
                fault.labels.splice(0..0, fault.primary.replace(label(class)));
                fault.replacement = None;
            } else if sources.is_library(place) {
                fault.labels.extend(classes.iter().map(label));
            }
        });
    }
}
