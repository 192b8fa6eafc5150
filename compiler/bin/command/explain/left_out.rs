//! `platc explain` of something that a class leaves out: which of the places that may have done so did.

use super::super::{Exit, Failure, Session};
use super::end;
use crate::render;
use crate::render::left_out::Found;
use platc::Compilation;
use platc::print::Tree;
use platc::query::eval::eval;
use platc::query::explain::{LeftOut, WhyLeftOut};
use platc::span::Span;

/// The first place whose condition does not hold, or that has no value; else the first of which nobody can tell, because it stands in a loop.
pub(super) fn found(places: &[LeftOut], compilation: &mut Compilation) -> Option<Found> {
    let mut unknown = None;
    for place in places {
        let at = compilation.model.entity(place.owner).thing.path().to_string();
        let mut value = |span: Span| {
            let text = compilation.sources.text(span).to_owned();
            eval(compilation, &text, Some(&at), &[]).ok()
        };
        let result = place.expression.as_ref().and_then(|(span, _)| value(*span));
        let decides = match (place.why, &result) {
            (WhyLeftOut::Condition, Some(result)) => *result == Tree::bool(false),
            (WhyLeftOut::Nothing, Some(result)) => *result == Tree::null(),
            (WhyLeftOut::Facts, _) => true,
            (WhyLeftOut::Loop, _) | (_, None) => {
                unknown = unknown.or(Some(place));
                false
            }
        };
        if decides {
            return Some(Found { place: place.clone(), result, reads: reads(place, &mut value) });
        }
    }
    let place = unknown?;
    let at = compilation.model.entity(place.owner).thing.path().to_string();
    let reads = reads(place, &mut |span| {
        let text = compilation.sources.text(span).to_owned();
        eval(compilation, &text, Some(&at), &[]).ok()
    });
    Some(Found { place: place.clone(), result: None, reads })
}

fn reads(place: &LeftOut, value: &mut dyn FnMut(Span) -> Option<Tree>) -> Vec<(Span, Option<Tree>)> {
    let names = place.expression.iter().flat_map(|(_, names)| names.clone());
    names.map(|name| (name, value(name).filter(|value| *value != Tree::null()))).collect()
}

/// Tells what is left out, and by which line.
pub(super) fn tell(what: &str, found: &Found, compilation: &Compilation, session: &Session, machine: bool) -> Result<Exit, Failure> {
    let view = session.view(compilation);
    if machine {
        session.terminal.print_json(&render::left_out::json(what, found, compilation, &view))?;
    } else {
        session.terminal.print(&render::left_out::text(what, found, compilation, &view))?;
    }
    Ok(end(compilation, session))
}
