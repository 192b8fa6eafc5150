//! What is known only when all is made: what definitions of made names say, what is left of those that nobody makes, and what of it is secret.

use super::super::assemble::Makings;
use super::super::check::MadeThings;
use super::super::lines::Lines;
use super::super::{Model, check, errors, secrets};
use crate::code::Code;
use crate::definition::{Definitions, bad_flag};
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::source::Sources;

/// Checks what is written, as far as it is of no name that is told of, and reports what is of a name that nobody makes; adds what must not be shown.
pub(in crate::model) fn left(
    definitions: &Definitions,
    lines: &Lines<'_>,
    made: &Makings,
    model: &mut Model,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) {
    // A maker that is wrong may be the one that makes it.
    let is_unmade = |model: &Model, kind: Kind| definitions.makers.lost().contains(&kind) || model.absent.lacks_made(kind);
    let is_whole = !Kind::ALL.into_iter().any(|kind| is_unmade(model, kind));
    let flags = definitions.flags.iter().filter(|flag| is_whole && !made.addresses.contains_key(&flag.address));
    for written in flags.filter_map(|flag| flag.made.as_ref()) {
        diagnostics.push(bad_flag(&written.name, written.span));
    }
    let things = MadeThings { classes: &made.addresses, is_unmade: &|kind| is_unmade(model, kind), told: &made.unmade };
    check::definitions(definitions, lines, &things, sources, diagnostics);
    if definitions.makers.is_empty() {
        return;
    }
    for open in lines.open().iter().filter(|open| !made.addresses.contains_key(&open.address)) {
        if !is_unmade(model, open.kind) {
            diagnostics.push(errors::made_by_nobody(open, made.addresses.keys(), definitions));
        }
        model.absent.add_classless(open.kind, &open.name.name);
    }
    made_parents(definitions, made, model, diagnostics);
    let found = secrets::of_made(definitions, model, sources);
    model.secrets.append(&found);
}

/// Says of parents that are nowhere written that somebody makes them.
fn made_parents(definitions: &Definitions, made: &Makings, model: &Model, diagnostics: &mut Diagnostics) {
    if diagnostics.places(Code::UnknownParent).next().is_none() {
        return;
    }
    let all = definitions.definitions.iter().flat_map(|home| [home].into_iter().chain(&home.inner));
    for (definition, parent) in all.flat_map(|definition| definition.parents.iter().map(move |parent| (definition, parent))) {
        let beside = definition.address.rsplit_once('.').map(|(place, _)| format!("{place}.{}", parent.name));
        let Some(address) = beside.filter(|address| made.addresses.contains_key(address.as_str())) else { continue };
        let Some((thing, by)) = model.entities().find_map(|(_, thing)| {
            let by = thing.made.as_ref().filter(|_| thing.thing.definition.to_string() == address)?;
            Some((thing, by))
        }) else {
            continue;
        };
        let Some(maker) = by.makers.first().map(|maker| model.entity(*maker)) else { continue };
        diagnostics.edit(|fault| {
            if fault.code == Code::UnknownParent && fault.primary.as_ref().is_some_and(|label| label.span == parent.span) {
                errors::made_parent(fault, definition, (thing, &address), (maker, by.written));
            }
        });
    }
}
