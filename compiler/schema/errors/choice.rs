//! What is said of fields that exclude each other: to authors of schemas, and to those who set two of them or none.

use super::value::head;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name;
use crate::schema::choice::{Choosing, FieldChoice};
use crate::schema::marker::Marker;
use crate::schema::notation::{example, found};
use crate::schema::place::Place;
use crate::schema::{Field, Record};
use crate::span::Span;
use crate::value::{Entry, Value};

fn syntax(message: String, span: Span, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::SchemaSyntax, message, span, label)
}

pub(in crate::schema) fn not_names(choosing: Choosing, list: &Value) -> Diagnostic {
    let word = choosing.word();
    let found = match list.as_list() {
        Some([_]) => "one".to_owned(),
        Some([]) => "none".to_owned(),
        Some(_) | None => found(list, false),
    };
    syntax(format!("`${word}` takes two or more fields, found {found}"), list.origin.span, "not a list of fields")
        .hint(format!("write `${word}: [a, b]`, or, where several choices are independent, `${word}: [[a, b], [c, d]]`"))
}

pub(in crate::schema) fn too_many(choosing: Choosing, span: Span, most: usize) -> Diagnostic {
    syntax(format!("`${}` names too much", choosing.word()), span, format!("{most} are the most"))
        .hint("make them values of a map with `maxItems=1`, or a field that says which is meant")
}

pub(in crate::schema) fn no_member(choosing: Choosing, name: &str, span: Span, fields: &[Field]) -> Diagnostic {
    let fault = syntax(format!("`${}` names `{name}`, which is no field beside it", choosing.word()), span, "not a field here");
    let known = || fields.iter().map(|field| &*field.name);
    match name::nearest(name, known()) {
        Some(meant) => fault.hint(format!("did you mean `{meant}`?")).replace(span, meant),
        None if fields.is_empty() => fault.hint("it stands beside the fields that it names"),
        None => fault.hint(format!("the fields are {}", name::listed(known()))),
    }
}

pub(in crate::schema) fn member_twice(choosing: Choosing, name: &str, span: Span) -> Diagnostic {
    syntax(format!("`${}` names `{name}` twice", choosing.word()), span, "again here").hint("remove one of the two")
}

pub(in crate::schema) fn no_record(choosing: Choosing, path: &str, span: Span) -> Diagnostic {
    syntax(format!("`${}` says nothing about `{path}`, which has no fields", choosing.word()), span, "goes with fields only")
        .hint("write it beside the fields that it names")
}

pub(in crate::schema) fn in_a_line(choosing: Choosing, span: Span) -> Diagnostic {
    let word = choosing.word();
    syntax(format!("`{word}` is not a marker of a field"), span, "it stands beside the fields that it names")
        .hint(format!("write `${word}: [a, b]` in the map that has the fields"))
}

pub(in crate::schema) fn required_member(choice: &FieldChoice, field: &Field) -> Diagnostic {
    let place = field.type_.resolved().markers.place(Marker::Required).unwrap_or(field.span);
    let message = format!("`{}` is required, so none of those that exclude it could ever be set", field.name);
    let fault = syntax(message, place, "required here").label(choice.origin, choice.words());
    match choice.choosing {
        Choosing::ExactlyOne => fault.hint("remove `required`: one of them has to be set in any case"),
        Choosing::AtMostOne => fault.hint("remove `required`, or write `$exactlyOne` if one has to be set"),
    }
}

pub(in crate::schema) fn two_defaults(choice: &FieldChoice, first: &Field, second: &Field) -> Diagnostic {
    let place = |field: &Field| field.type_.resolved().markers.place(Marker::Default).unwrap_or(field.span);
    syntax(format!("`{}` and `{}` exclude each other, and both have a default", first.name, second.name), place(second), "a default")
        .label(place(first), "a default too")
        .label(choice.origin, choice.words())
        .hint("remove one of the two defaults")
}

pub(in crate::schema) fn two_set(place: &Place<'_>, choice: &FieldChoice, first: &Entry, second: &Entry) -> Diagnostic {
    let message = format!("`{}` and `{}` exclude each other", first.key, second.key);
    place
        .mark(Diagnostic::error(Code::ExclusiveFields, message, second.span, "set here"))
        .label(first.span, format!("`{}` is set here", first.key))
        .label(choice.origin, choice.words())
        .hint(format!("remove one of the two; a stronger layer that sets `{}` removes `{}` by itself", second.key, first.key))
}

pub(in crate::schema) fn none_set(place: &Place<'_>, choice: &FieldChoice, record: &Record, value: &Value) -> Diagnostic {
    let top = place.path.is_empty();
    let span = place.checked.defined.filter(|_| top).unwrap_or_else(|| head(value, place));
    let span = place.checked.defined.filter(|_| place.checked.sources.is_library(span)).unwrap_or(span);
    let what = if top { place.checked.kind.to_owned() } else { format!("`{}`", place.name()) };
    let first = choice.members.first().and_then(|member| record.get(member));
    let fault = place
        .mark(Diagnostic::error(Code::MissingField, format!("{what} needs {}", choice.words()), span, "none of them is set"))
        .apart(&*choice.members.concat())
        .label(choice.origin, "because of this `$exactlyOne`");
    match first {
        Some(first) => fault.hint(format!("add `{}: {}`, or another of them", first.name, example(&first.type_))),
        None => fault,
    }
}
