//! One line told once: what Terraform replaces because a cluster is called differently is told with that.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Puts together what is said of one line of one thing.
pub(super) fn told(diagnostics: &mut Diagnostics) {
    let (mut names, rest): (Vec<Diagnostic>, Vec<Diagnostic>) =
        diagnostics.drain().into_iter().partition(|said| said.code == Code::ReplacedByName && said.primary.is_some());
    for said in rest {
        let place = said.primary.as_ref().map(|label| label.span);
        let same = |other: &&mut Diagnostic| other.primary.as_ref().map(|label| label.span) == place && other.subject == said.subject;
        match names.iter_mut().filter(|_| said.code == Code::ReplacedResource).find(same) {
            Some(name) => {
                name.level = name.level.min(said.level);
                // One line may rename clusters of several clouds: what is replaced with each is told of each.
                let apart = [name.apart.take(), said.apart].into_iter().flatten();
                name.apart = Some(apart.fold(String::new(), |all, one| format!("{all}{one}\n")).into());
                name.notes.push(said.message);
                name.notes.extend(said.notes);
            }
            None => diagnostics.push(said),
        }
    }
    names.into_iter().for_each(|said| diagnostics.push(said));
}
