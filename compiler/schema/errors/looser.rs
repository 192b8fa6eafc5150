//! What is said about a class that asks for less than the one it inherits from.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::schema::Type;
use crate::schema::marker::Marker;
use crate::schema::notation::{notation, written};
use crate::value::Value;

/// What became looser.
pub(in crate::schema) enum Looser<'a> {
    /// The type takes more.
    Wider,
    /// A field is not there any more.
    Gone,
    /// A marker is not there any more, or one that allows more is.
    Marker(Marker),
    /// An enum allows one more value.
    Value(&'a Value),
    /// A limit moved or went away.
    Limit(Marker, Option<String>),
}

pub(in crate::schema) fn looser(path: &str, what: &Looser<'_>, parent: &Type, child: &Type) -> Diagnostic {
    let change = match what {
        Looser::Wider => format!("is `{}` now", notation(child)),
        Looser::Gone => "is gone".to_owned(),
        Looser::Value(value) => format!("may be {}", written(value)),
        Looser::Limit(marker, Some(now)) => format!("has `{}={now}`", marker.word()),
        Looser::Limit(marker, None) => format!("has no `{}`", marker.word()),
        Looser::Marker(Marker::Required) => "is no longer required".to_owned(),
        Looser::Marker(Marker::Nullable) => "may be null".to_owned(),
        Looser::Marker(Marker::Secret) => "is no longer secret".to_owned(),
        Looser::Marker(Marker::UniqueItems) => "may hold an item twice".to_owned(),
        Looser::Marker(Marker::Enum) => "may be anything".to_owned(),
        Looser::Marker(marker) => format!("has no `{}`", marker.word()),
    };
    let marker = match what {
        Looser::Wider | Looser::Gone => None,
        Looser::Value(_) => Some(Marker::Enum),
        Looser::Limit(marker, _) | Looser::Marker(marker) => Some(*marker),
    };
    let place = |type_: &Type| marker.and_then(|marker| type_.resolved().markers.place(marker)).unwrap_or(type_.origin);
    let was = match what {
        Looser::Wider => format!("was `{}`", notation(parent)),
        Looser::Gone => "was declared here".to_owned(),
        Looser::Marker(Marker::Nullable) => "could not be null".to_owned(),
        Looser::Value(_) | Looser::Marker(_) | Looser::Limit(..) => "what it inherits".to_owned(),
    };
    let label = if matches!(what, Looser::Gone) { "has no such field" } else { "asks for less" };
    Diagnostic::error(Code::LooserSchema, format!("`{path}` {change}, unlike in the class it inherits from"), place(child), label)
        .label(place(parent), was)
        .hint("ask for the same or for more: what works with the inherited class must work with this one")
}
