//! Faults of a class in lines that it has from others: what its ancestor or a fragment writes is right there and wrong with what the class says. In
//! comes what was found while the class was made, out goes the same, told at the class. It never decides what is wrong.

use crate::diagnostic::{Diagnostic, Diagnostics, Label};
use crate::span::Span;

/// What a class has its lines from.
pub(super) struct Lineage {
    /// Its name.
    pub(super) name: Span,
    /// All that it writes itself.
    pub(super) own: Option<Span>,
    /// The same of its ancestors.
    pub(super) ancestors: Vec<Span>,
    /// Fragments whose fields it has, each with where it takes them in.
    pub(super) uses: Vec<(Span, Span)>,
}

/// What was found in a class, told where it can be mended; `known` is what has been told of its ancestors, which need not be told of the class.
pub(super) fn told(mut said: Diagnostics, lineage: &Lineage, known: &Diagnostics) -> Diagnostics {
    let mut all = Diagnostics::default();
    for fault in said.drain() {
        let is_known = || known.iter().any(|other| other.code == fault.code && other.primary == fault.primary);
        let at = fault.primary.as_ref().and_then(|label| lineage.blamed(label.span)).filter(|_| !is_known());
        all.push(match at {
            Some((span, text)) => moved(fault, span, text),
            None => fault,
        });
    }
    all
}

impl Lineage {
    /// Where a fault in a line of another is told.
    fn blamed(&self, place: Span) -> Option<(Span, &'static str)> {
        if self.own.is_some_and(|own| own.overlaps(place)) {
            return None;
        }
        if self.ancestors.iter().any(|ancestor| ancestor.overlaps(place)) {
            return Some((self.name, "in this class, which inherits the line"));
        }
        let use_ = self.uses.iter().find(|(fragment, _)| fragment.overlaps(place))?;
        Some((use_.1, "in this class, which takes it in here"))
    }
}

/// A fault at another place; why it is one stands where it stood.
fn moved(fault: Diagnostic, span: Span, text: &str) -> Diagnostic {
    let primary = Some(Label { span, text: text.to_owned() });
    let labels = fault.primary.into_iter().chain(fault.labels).collect();
    Diagnostic { primary, labels, replacement: None, ..fault }
}
