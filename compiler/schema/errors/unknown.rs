//! Wording of fields that no type has.

use super::value::subject;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name;
use crate::schema::notation::{limits, notation};
use crate::schema::place::Place;
use crate::schema::unknown::Meant;
use crate::schema::{Record, Type, whole};
use crate::value::{Entry, Map, Operator};

pub(in crate::schema) fn unknown_field(place: &Place<'_>, entry: &Entry, meant: &Meant<'_>, record: &Type, map: &Map) -> Diagnostic {
    let sources = place.checked.sources;
    let class = place.checked.class;
    let label = match (place.path.is_empty(), class.is_empty()) {
        (true, true) => format!("not a field of {}", place.checked.kind),
        (false, true) => format!("not a field of `{}`", place.path),
        (true, false) => format!("not a field of class `{class}`"),
        (false, false) => format!("not a field of `{}` in class `{class}`", place.path),
    };
    let message = format!("{} has no field `{}`", subject(place), entry.key);
    let fault = place.mark_field(Diagnostic::error(Code::UnknownField, message, entry.span, label), &entry.key);
    let held = record.record().and_then(Record::is_definition).map(|(kind, name)| format!("{}/{name}", kind.singular()));
    let fault = match held.or_else(|| (place.path.is_empty() && !class.is_empty()).then(|| class.to_owned())) {
        Some(class) => fault.lacking(format!("{class} self.{}", entry.key)),
        None => fault,
    };
    if let Some((kind, _)) = record.record().and_then(Record::is_definition)
        && whole::is_of_whole(&entry.key, place.checked.beside)
    {
        return fault.hint(format!(
            "this is a definition in a field, which has no `{}`: say it in a definition of the {} that is made of it, or reach its fields from an overlay of what it stands in",
            entry.key,
            kind.words()
        ));
    }
    match meant {
        Meant::Sure(name) | Meant::Perhaps(name) => {
            let details = record.field(name).map(|type_| format!(" ({})", described(type_))).unwrap_or_default();
            // Set by the same layer, the field cannot be the one meant; set by a weaker one, it is what this was to override.
            if let Some(other) = map.entry(name).filter(|other| other.value.origin.layer == entry.value.origin.layer) {
                let stands = if other.operator == Operator::Remove { "stands here" } else { "is set here" };
                let fault = fault.label(other.span, format!("`{name}` {stands}"));
                return fault.hint(format!("remove `{}`, or write its value to `{}`", entry.key, sources.text(other.span)));
            }
            let fault = fault.hint(format!("did you mean `{name}`?{details}"));
            let source = sources.text(entry.span);
            if matches!(meant, Meant::Sure(_)) && !sources.is_library(entry.span) && source.contains(&*entry.key) {
                return fault.replace(entry.span, source.replacen(&*entry.key, name, 1));
            }
            fault
        }
        // What was written is no answer: what is meant is where it belongs.
        Meant::Elsewhere(path) if **path == *entry.key && !place.path.is_empty() => {
            fault.hint(format!("`{path}` is a field of the {} itself, not of `{}`", place.checked.kind, place.path))
        }
        Meant::Elsewhere(path) => fault.hint(format!("did you mean `{path}`?")),
        Meant::Fields(names) if names.is_empty() => fault.hint("it has no fields at all"),
        Meant::Fields(names) => fault.hint(format!("its fields are {}", name::listed(names.iter().copied()))),
    }
}

/// A value that is written with nothing in it, with an unknown field below.
pub(in crate::schema) fn outside_of(fault: Diagnostic, stranger: &Entry) -> Diagnostic {
    fault.label(stranger.span, "stands beside it").hint(format!("indent `{}` to say it in there", stranger.key))
}

/// An unknown field in a map that lacks a required one.
pub(in crate::schema) fn stranger(fault: Diagnostic, missing: &str) -> Diagnostic {
    fault.note(format!("`{missing}` is required and not set"))
}

/// The type and what is asked of it: `integer, at least 1`.
fn described(type_: &Type) -> String {
    // A pattern is long and helps nobody to recognize a field.
    let limits = limits(type_).into_iter().filter(|limit| !limit.starts_with("matches"));
    std::iter::once(format!("`{}`", notation(type_))).chain(limits).collect::<Vec<_>>().join(", ")
}
