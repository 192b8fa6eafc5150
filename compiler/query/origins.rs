//! What values were made of. In come values as they were emitted, out go the places where they, and all that they were worked out from, are written. It reads
//! no sources.

use crate::span::Span;
use crate::value::{Data, Value};
use std::collections::BTreeSet;

/// So far back is followed what a value was made of.
const DEPTH: usize = 24;

/// Adds where a value is written and decided, and all that it was made of.
pub(super) fn gather(value: &Value, found: &mut BTreeSet<Span>) {
    inside(value, DEPTH, found);
}

fn inside(value: &Value, depth: usize, found: &mut BTreeSet<Span>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let is_new = found.insert(value.origin.span);
    found.insert(value.decided().span);
    // Another value of this place may have been made of other ones.
    if !is_new && value.made().is_empty() {
        return;
    }
    value.made().iter().for_each(|cause| inside(&cause.value, depth, found));
    match &value.data {
        Data::List(list) => list.items().iter().for_each(|item| inside(item, depth, found)),
        Data::Map(map) => map.entries().iter().for_each(|entry| inside(&entry.value, depth, found)),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => {}
    }
}

/// Whether a place has something in common with one of some.
pub(super) fn meets(at: Span, places: &BTreeSet<Span>) -> bool {
    let of_file = places.range(Span { start: 0, end: 0, ..at }..).take_while(|place| place.file == at.file);
    of_file.take_while(|place| place.start <= at.end).any(|place| at.overlaps(*place))
}
