//! What is known only when all is made: what definitions of made names say, what is left of those that nobody makes, and what of it is secret.

use super::super::assemble::Makings;
use super::super::check::MadeThings;
use super::super::lines::Lines;
use super::super::{Model, check, errors, secrets};
use crate::code::Code;
use crate::definition::{Definition, Definitions, bad_flag};
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::source::Sources;
use crate::span::Span;
use std::collections::BTreeMap;

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
    let mut heirs: BTreeMap<String, Vec<(&Definition, Span)>> = BTreeMap::new();
    for (definition, parent) in all.flat_map(|definition| definition.parents.iter().map(move |parent| (definition, parent))) {
        let beside = definition.address.rsplit_once('.').map(|(place, _)| format!("{place}.{}", parent.name));
        if let Some(address) = beside.filter(|address| made.addresses.contains_key(address.as_str())) {
            heirs.entry(address).or_default().push((definition, parent.span));
        }
    }
    let mut parents = BTreeMap::new();
    for (_, thing) in model.entities() {
        let Some(by) = &thing.made else { continue };
        let (address, maker) = (thing.thing.definition.to_string(), by.makers.first().map(|maker| model.entity(*maker)));
        if let (Some(heirs), Some(maker)) = (heirs.remove(&address), maker) {
            parents.extend(heirs.into_iter().map(|(heir, span)| (span, (heir, thing, address.clone(), maker, by.written))));
        }
    }
    diagnostics.edit(|fault| {
        let place = fault.primary.as_ref().filter(|_| fault.code == Code::UnknownParent).map(|label| label.span);
        if let Some((heir, thing, address, maker, written)) = place.and_then(|place| parents.get(&place)) {
            errors::made_parent(fault, heir, (thing, address), (maker, *written));
        }
    });
}
