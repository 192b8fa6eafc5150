//! What is known only when all is made: what definitions of made names say, what is left of those that nobody makes, and what of it is secret.

use super::super::assemble::Makings;
use super::super::lines::Lines;
use super::super::{Model, check, errors, secrets};
use crate::definition::{Definitions, bad_flag};
use crate::diagnostic::Diagnostics;
use crate::source::Sources;

/// Checks what is written of names that are made, and reports what of it is of no name that is; adds what must not be shown.
pub(in crate::model) fn left(
    definitions: &Definitions,
    lines: &Lines<'_>,
    made: &Makings,
    model: &mut Model,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) {
    // A maker that is wrong may be the one that makes it.
    let flags = definitions.flags.iter().filter(|flag| made.is_whole && !made.addresses.contains_key(&flag.address));
    for written in flags.filter_map(|flag| flag.made.as_ref()) {
        diagnostics.push(bad_flag(&written.name, written.span));
    }
    if definitions.makers.is_empty() {
        return;
    }
    check::definitions(definitions, lines, &made.addresses, sources, diagnostics);
    for open in lines.open().iter().filter(|open| !made.addresses.contains_key(&open.address)) {
        if made.is_whole {
            diagnostics.push(errors::made_by_nobody(open, made.addresses.keys(), definitions));
        }
        model.absent.add_classless(open.kind, &open.name.name);
    }
    let found = secrets::of_made(definitions, model, sources);
    model.secrets.append(&found);
}
