//! Wording of what expressions in declarations of fields name, and of fields that stand where declarations do.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::document::Pair;
use crate::expression::{Absence, Ty};
use crate::name::{Kind, listed, nearest};
use crate::path::Path;
use crate::schema::{self, Shape, Type};
use crate::span::Span;
use std::collections::BTreeSet;

pub(in crate::definition) fn nothing_to_replace(kind: Kind, named: Kind, known: &[Kind], span: Span) -> Diagnostic {
    let message = format!("{} cannot say that changing a field replaces the {}", kind.article(), named.words());
    let fault = Diagnostic::error(Code::SchemaSyntax, message, span, "neither around it nor in it");
    let words: Vec<&str> = known.iter().map(|kind| kind.singular()).collect();
    match words.as_slice() {
        [] => fault.hint("write `replaces=true` if the thing itself is replaced"),
        _ => fault.hint(format!("write `replaces=true` if the thing itself is replaced; what else can be named: {}", listed(words))),
    }
}

pub(in crate::definition) fn beside_a_change(is_condition: bool) -> Absence {
    let (marker, rest) = if is_condition {
        ("a condition of `replaces`", "nothing else")
    } else {
        ("an expression of `hazard`", "`outside`, what the thing and its cluster are called: `outside.name`, `outside.cluster`")
    };
    Absence { label: format!("not seen by {marker}"), hint: format!("it sees `old` and `new`, the two values of the field, and {rest}") }
}

pub(in crate::definition) fn item_without_key() -> Absence {
    Absence {
        label: "an item of a list has no key".to_owned(),
        hint: "read a field of the `item`, or make it a map: `map[string]…`".to_owned(),
    }
}

pub(in crate::definition) fn around_nothing(name: &str) -> Absence {
    Absence {
        label: format!("there is an `{name}` only inside of a list or a map").replace("an `key`", "a `key`"),
        hint: "only the default of a field of list items and map values can read what it stands in".to_owned(),
    }
}

/// A default whose expression gives what the field cannot hold.
pub(in crate::definition) fn default_of_other_type(span: Span, type_: &Type, found: &Ty) -> Diagnostic {
    let items = if let Ty::List(item) = found { Some(item.describe()) } else { None };
    let given = items.map_or_else(|| found.describe().to_owned(), |items| format!("a list of items that are {items}"));
    let message = format!("this default gives {given}, where the schema says `{}`", schema::notation(type_));
    let fault = Diagnostic::error(Code::DefaultMismatch, message, span, format!("gives {given}"));
    let is_scalar = matches!(found, Ty::Bool | Ty::Int | Ty::Uint | Ty::Double);
    if is_scalar && matches!(type_.shape, Shape::String) { fault.hint("make text of it with `string(…)`") } else { fault }
}

/// Pairs that stand where names do and hold no map; `above` has nothing in it.
pub(in crate::definition) fn fields_as_names(
    (plural, words): (&str, &str),
    (first, others): (&Pair, &[Pair]),
    above: Option<&Pair>,
) -> Diagnostic {
    let message = format!("{words} `{}` must be a map", first.key.text);
    let fault = Diagnostic::error(Code::WrongType, message, first.value.span, "expected `name: …` pairs here");
    let fault = others.iter().fold(fault, |fault, other| fault.label(other.value.span, "here too"));
    match above {
        Some(above) => {
            let them = if others.is_empty() { "this line" } else { "these lines" };
            fault.label(above.key_span, "nothing stands below this").hint(format!("indent {them} to say it of `{}`", above.key.text))
        }
        None => fault.hint(format!("below `{plural}` stand names, and below each what it is: `name: {{ … }}`")),
    }
}

/// A reference to things of a class that nobody has. `other`: the kind that has one of this name; `known`: the classes of the kinds asked for.
pub(in crate::definition) fn refers_to_unknown_class(
    (kinds, name): (&[Kind], &str),
    span: Span,
    other: Option<Kind>,
    known: &BTreeSet<&str>,
) -> Diagnostic {
    let words: Vec<String> = kinds.iter().map(|kind| format!("`{}/{name}`", kind.singular())).collect();
    let message = format!("there is no class {}", words.join(" or "));
    let mut fault = Diagnostic::error(Code::UnknownClass, message, span, "so nothing can be meant here");
    for kind in kinds {
        fault = fault.misses(Path::of(["classes", kind.singular(), name])).lacking(format!("{}/{name}", kind.singular()));
    }
    match (nearest(name, known.iter().copied()), other) {
        (_, Some(other)) => fault.hint(format!(
            "`{}/{name}` is one: write `ref({})`, or a class of what is referred to",
            other.singular(),
            other.singular()
        )),
        (Some(near), None) => fault.hint(format!("did you mean `{near}`?")).replace(span, near),
        (None, None) if known.is_empty() => {
            fault.hint("no class of that kind is there yet: take `class` out, or write one below `classes`")
        }
        (None, None) => fault.hint(format!("the classes of that kind are {}", listed(known.iter().copied()))),
    }
}
