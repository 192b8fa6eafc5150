//! What is said about a class that asks for less than the one it inherits from.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::schema::Type;
use crate::schema::choice::FieldChoice;
use crate::schema::marker::Marker;
use crate::schema::notation::{notation, written};
use crate::span::Span;
use crate::value::Value;

/// What became looser.
pub(in crate::schema) enum Looser<'a> {
    /// The type takes more.
    Wider,
    /// A field is not there any more.
    Gone,
    /// A marker is not there any more, or one that allows more is.
    Marker(Marker),
    /// A marker asks for something else.
    Other(Marker),
    /// An enum allows one more value.
    Value(&'a Value),
    /// Fields no longer exclude each other, or need not be set.
    Choice(&'a FieldChoice),
    /// A limit moved or went away.
    Limit(Marker, Option<String>),
}

/// All that became looser at one field: one edit cures it.
pub(in crate::schema) fn looser(path: &str, what: &[Looser<'_>], parent: &Type, child: &Type) -> Diagnostic {
    let changes: Vec<String> = what.iter().map(|what| change(what, child)).collect();
    let changes = match changes.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        Some(_) | None => changes.concat(),
    };
    let subject = if path.is_empty() { "the schema".to_owned() } else { format!("`{path}`") };
    let message = format!("{subject} {changes}, unlike in the class it inherits from");
    let gone = matches!(what, [Looser::Gone]);
    let other = matches!(what, [Looser::Other(_)]);
    let label = if gone {
        "has no such field"
    } else if other {
        "asks for something else"
    } else {
        "asks for less"
    };
    let here = what.first().map_or(child.origin, |what| place(what, child));
    let mut fault = Diagnostic::error(Code::LooserSchema, message, here, label);
    for what in what {
        let was = match what {
            Looser::Wider => format!("was `{}`", notation(parent)),
            Looser::Gone => "was declared here".to_owned(),
            Looser::Marker(Marker::Nullable) => "could not be null".to_owned(),
            Looser::Value(_) | Looser::Marker(_) | Looser::Other(_) | Looser::Limit(..) | Looser::Choice(_) => {
                "what it inherits".to_owned()
            }
        };
        let inherited = if let Looser::Choice(choice) = what { choice.origin } else { place(what, parent) };
        fault = fault.label(inherited, was);
    }
    if other && what.iter().any(|what| matches!(what, Looser::Other(Marker::Pattern | Marker::KeyPattern))) {
        return fault.hint("keep it, and ask for more in `rules`: what works with the inherited class must work with this one");
    }
    fault.hint("ask for the same or for more: what works with the inherited class must work with this one")
}

/// A field that a fragment declares as something else than a schema that takes it in.
pub(in crate::schema) fn other_than_fragment(path: &str, fragment: &str, parent: &Type, child: &Type) -> Diagnostic {
    let (was, now) = (notation(parent), notation(child));
    let message = format!("`{path}` is `{now}` here, and `{was}` in the fragment `{fragment}` that is used");
    Diagnostic::error(Code::LooserSchema, message, child.origin, format!("`{now}` here"))
        .label(parent.origin, format!("`{was}` in the fragment"))
        .lacking(format!("fragment/{fragment} {path} {now}"))
        .hint("declare it as the fragment does or narrower, in one of the two places; or call it otherwise, and give the fragment what it needs with the `$use` in the template")
}

/// Where the marker stands that is concerned, or the type.
pub(in crate::schema) fn place(what: &Looser<'_>, type_: &Type) -> Span {
    let marker = match what {
        Looser::Wider | Looser::Gone | Looser::Choice(_) => None,
        Looser::Value(_) => Some(Marker::Enum),
        Looser::Limit(marker, _) | Looser::Marker(marker) | Looser::Other(marker) => Some(*marker),
    };
    marker.and_then(|marker| type_.resolved().markers.place(marker)).unwrap_or(type_.origin)
}

fn change(what: &Looser<'_>, child: &Type) -> String {
    match what {
        Looser::Wider => format!("is `{}` now", notation(child)),
        Looser::Gone => "is gone".to_owned(),
        Looser::Value(value) => format!("may be {}", written(value)),
        Looser::Choice(choice) => format!("no longer has {}", choice.words()),
        Looser::Limit(marker, Some(now)) => format!("has `{}={now}`", marker.word()),
        Looser::Limit(marker, None) => format!("has no `{}`", marker.word()),
        Looser::Other(Marker::ListType | Marker::ListMapKey) => "tells its items apart in another way".to_owned(),
        Looser::Other(marker) => format!("has another `{}`", marker.word()),
        Looser::Marker(Marker::Replaces) => "no longer says that a change of it replaces".to_owned(),
        Looser::Marker(Marker::Required) => "is no longer required".to_owned(),
        Looser::Marker(Marker::Nullable) => "may be null".to_owned(),
        Looser::Marker(Marker::Secret) => "is no longer secret".to_owned(),
        Looser::Marker(Marker::UniqueItems) => "may hold an item twice".to_owned(),
        Looser::Marker(Marker::Enum) => "may be anything".to_owned(),
        Looser::Marker(marker) => format!("has no `{}`", marker.word()),
    }
}
