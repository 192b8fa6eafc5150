//! What is said to authors of schemas.

pub(in crate::schema) use super::types::*;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Label};
use crate::name;
use crate::path::Path;
use crate::scalar::ScalarRefusal;
use crate::schema::literal::BadLiteral;
use crate::schema::marker::Marker;
use crate::schema::notation::{any_of, found, limits, notation, words, written};
use crate::schema::{Field, Markers, Shape, TextFormat, Type};
use crate::span::Span;
use crate::value::{Data, Value};
use std::sync::Arc;

pub(super) fn syntax(message: impl Into<String>, span: Span, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::SchemaSyntax, message, span, label)
}

pub(in crate::schema) fn stray(span: Span, char: Option<char>) -> Diagnostic {
    let shown = char.map_or_else(String::new, String::from);
    let fault = syntax(format!("`{shown}` cannot stand between markers"), span, "expected a marker such as `required=true`");
    match char {
        Some(',') => fault.hint("separate markers with blanks, without commas"),
        Some('|') => fault.hint("write one `|` after the type and blanks between the markers"),
        Some('"' | '\'') => fault.hint("a quoted text follows its marker directly: `description=\"…\"`"),
        Some(_) | None => fault.hint("markers are written `name=value`, with blanks between them"),
    }
}

pub(in crate::schema) fn marker_without_value(marker: Marker, span: Span) -> Diagnostic {
    let word = marker.word();
    let fault = syntax(format!("marker `{word}` has no value"), span, format!("takes {}", marker.takes()));
    if marker.takes().starts_with("true") {
        return fault.hint(format!("write `{word}=true`")).replace(span, format!("{word}=true"));
    }
    fault.hint(format!("write `{word}=…`"))
}

pub(in crate::schema) fn loose_word(span: Span, word: &str) -> Diagnostic {
    let fault = syntax(format!("`{word}` is not a marker"), span, "expected a marker such as `required=true`");
    match nearest_marker(word) {
        Some(meant) => fault.hint(format!("did you mean `{}=…`?", meant.word())),
        None => fault.hint("put a text of several words in quotes, such as `description=\"several words\"`"),
    }
}

/// Words of other schema languages for our markers.
fn nearest_marker(word: &str) -> Option<Marker> {
    let foreign = match word {
        "min" | "min_value" | "gte" | "least" => Some(Marker::Minimum),
        "max" | "max_value" | "lte" | "most" => Some(Marker::Maximum),
        "values" | "oneOf" | "allowed" | "options" => Some(Marker::Enum),
        "regex" | "matches" | "validation" => Some(Marker::Pattern),
        "doc" | "title" | "help" | "desc" => Some(Marker::Description),
        "sensitive" => Some(Marker::Secret),
        "immutable" | "forceNew" => Some(Marker::Replaces),
        "optional" | "null" => Some(Marker::Nullable),
        "example" => Some(Marker::Examples),
        "alias" => Some(Marker::Aliases),
        "unique" => Some(Marker::UniqueItems),
        "mergeKey" | "listKey" | "patchMergeKey" => Some(Marker::ListMapKey),
        _ => None,
    };
    foreign.or_else(|| name::nearest(word, Marker::ALL.map(Marker::word)).and_then(Marker::from_word))
}

pub(in crate::schema) fn unknown_marker(span: Span, word: &str, dollar: bool) -> Diagnostic {
    let sign = if dollar { "$" } else { "" };
    let fault = syntax(format!("there is no marker `{sign}{word}`"), span, "not a marker");
    match nearest_marker(word) {
        Some(meant) => fault.hint(format!("did you mean `{sign}{}`?", meant.word())).replace(span, format!("{sign}{}", meant.word())),
        None => {
            let fault = fault.hint(format!("markers are {}", name::listed(name::by_similarity(word, Marker::ALL.map(Marker::word)))));
            if dollar { fault.note("keys that begin with `$` are the language's; a field's name cannot") } else { fault }
        }
    }
}

pub(in crate::schema) fn bad_literal(word: &str, span: Span, fault: &BadLiteral) -> Diagnostic {
    syntax(format!("the value of `{word}` {}", fault.message), span, "here").hint(fault.hint)
}

pub(in crate::schema) fn refused_literal(word: &str, span: Span, refusal: ScalarRefusal) -> Diagnostic {
    Diagnostic::error(refusal.code, format!("{} in `{word}`", refusal.message), span, refusal.label).hint(refusal.hint)
}

pub(in crate::schema) fn marker_twice(marker: Marker, word: Span, first: Span) -> Diagnostic {
    syntax(format!("marker `{}` is given twice", marker.word()), word, "again here")
        .label(first, "first here")
        .hint("remove one of the two")
}

pub(in crate::schema) fn marker_value(marker: Marker, value: &Value) -> Diagnostic {
    let word = marker.word();
    let empty = value.as_list().is_some_and(<[Value]>::is_empty);
    let found = if empty { "an empty list".to_owned() } else { found(value, false) };
    let message = format!("`{word}` takes {}, found {found}", marker.takes());
    let fault = syntax(message, value.origin.span, format!("not {}", marker.takes()));
    let hint = match (marker, &value.data) {
        (_, Data::String(text)) if text.ends_with(',') => Some("separate markers with blanks, without commas".to_owned()),
        (Marker::Replaces, Data::String(text)) => {
            Some(match name::nearest(text, crate::name::Kind::ALL.map(crate::name::Kind::singular)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write for example `replaces=cluster`, or `replaces=${new < old}`".to_owned(),
            })
        }
        (Marker::Hazard, _) => {
            Some("write for example `{ $type: integer, $hazard: '${new < old ? \"what it holds is lost\" : null}' }`".to_owned())
        }
        (Marker::Enum | Marker::Examples | Marker::Aliases, Data::String(text)) => {
            Some(format!("write `{word}=[{}]`", text.split(',').map(str::trim).collect::<Vec<_>>().join(", ")))
        }
        (Marker::Pattern | Marker::Description | Marker::Format, _) => {
            Some(format!("put the value in quotes: `{word}=\"{}\"`", written(value)))
        }
        _ => None,
    };
    match hint {
        Some(hint) => fault.hint(hint),
        None => fault,
    }
}

pub(in crate::schema) fn bad_regex(value: &Value, reason: &str) -> Diagnostic {
    // The last line of the reason says what is wrong; those before it draw the pattern once more.
    let reason = reason.lines().last().unwrap_or("").trim_start_matches("error: ");
    syntax("a pattern is not a regular expression", value.origin.span, reason)
        .hint("in a shorthand in double quotes a backslash is written twice: `pattern=\"^1\\\\.[0-9]+$\"`")
}

pub(in crate::schema) fn unknown_format(value: &Value) -> Diagnostic {
    let word = value.as_str().unwrap_or("");
    let fault = syntax(format!("there is no format `{word}`"), value.origin.span, "not a format");
    let foreign = match word {
        "hostname" | "host" | "fqdn" | "domain" => Some("dns-name"),
        "uri" | "link" => Some("url"),
        "ip-address" | "address" => Some("ip"),
        _ => None,
    };
    match foreign.or_else(|| name::nearest(word, TextFormat::ALL.map(TextFormat::word))) {
        Some(meant) => fault.hint(format!("did you mean `{meant}`?")),
        None => fault.hint(format!("formats are {}", TextFormat::ALL.map(|format| format!("`{}`", format.word())).join(", "))),
    }
}

pub(in crate::schema) fn marker_unsuited(marker: Marker, place: Span, field: &str, type_: &Type) -> Diagnostic {
    let word = marker.word();
    let message = format!("`{word}` says nothing about {}", any_of(type_));
    let fault = syntax(message, place, format!("`{field}` is declared `{}`", notation(type_)))
        .note(format!("`{word}` goes with {}", marker.suited()));
    let list = matches!(type_.shape, Shape::List(_) | Shape::Map(_));
    let inner = type_.item().map(|item| notation(item)).unwrap_or_default();
    let each = || {
        if matches!(type_.shape, Shape::Map(_)) {
            return format!(
                "to limit each value give its type a name: `types: {{ NAME: \"{inner} | {word}=…\" }}`, and write `map[string]NAME` here"
            );
        }
        format!("to limit each item write it as a type of its own: `$type: [\"{inner} | {word}=…\"]`")
    };
    match marker {
        Marker::MinLength | Marker::MaxLength if list && type_.item().is_some_and(|item| matches!(item.shape, Shape::String)) => {
            fault.hint(format!("to count items write `{}`; {}", word.replace("Length", "Items"), each()))
        }
        Marker::MinLength | Marker::MaxLength if list => fault.hint(format!("to count items write `{}`", word.replace("Length", "Items"))),
        Marker::MinLength | Marker::MaxLength => fault.hint("limit numbers with `minimum` and `maximum`"),
        Marker::KeyPattern if type_.record().is_some() => fault.hint("the keys of a map with fields are its fields"),
        Marker::MinItems | Marker::MaxItems => fault.hint("limit texts with `minLength` and `maxLength`"),
        Marker::Enum | Marker::Pattern | Marker::Minimum | Marker::Maximum | Marker::Format if list => fault.hint(each()),
        Marker::Minimum
        | Marker::Maximum
        | Marker::Enum
        | Marker::Pattern
        | Marker::Format
        | Marker::Required
        | Marker::Default
        | Marker::Description
        | Marker::UniqueItems
        | Marker::KeyPattern
        | Marker::Nullable
        | Marker::ListType
        | Marker::ListMapKey
        | Marker::Deprecated
        | Marker::Examples
        | Marker::Secret
        | Marker::Aliases
        | Marker::Replaces
        | Marker::Hazard
        | Marker::Class
        | Marker::Provides
        | Marker::Order => fault,
    }
}

pub(in crate::schema) fn marker_misplaced(marker: Marker, place: Span, what: &str) -> Diagnostic {
    let word = marker.word();
    let fault = syntax(format!("`{word}` says nothing about {what}"), place, "means nothing here");
    if marker == Marker::Default {
        return fault.hint("write it to the field, or to the fields of the items");
    }
    fault.hint(format!("take `{word}` out, or write it to the field"))
}

pub(in crate::schema) fn bad_limit(marker: Marker, value: &Value, type_: &Type) -> Diagnostic {
    let message = format!("`{}` must be {}, found {}", marker.word(), words(type_), found(value, false));
    syntax(message, value.origin.span, format!("not {}", words(type_)))
}

pub(in crate::schema) fn crossed_limits(low: Marker, high: Marker, markers: &Markers) -> Diagnostic {
    let place = |marker| markers.place(marker);
    let (Some(first), Some(second)) = (place(low), place(high)) else {
        return Diagnostic::general(Code::SchemaSyntax, format!("`{}` lies above `{}`", low.word(), high.word()));
    };
    syntax(format!("`{}` lies above `{}`, so nothing fits", low.word(), high.word()), first, "more than the greatest allowed")
        .label(second, "the greatest allowed")
}

pub(in crate::schema) fn list_key_missing(place: Span) -> Diagnostic {
    syntax("`listType=map` does not say which key tells items apart", place, "needs `listMapKey`")
        .hint("add `listMapKey=name`, naming a field that every item has")
}

pub(in crate::schema) fn list_type_missing(place: Span, key: &str) -> Diagnostic {
    syntax("`listMapKey` goes with `listType=map` only", place, "says nothing without `listType=map`")
        .hint(format!("write `listType=map listMapKey={key}`"))
}

pub(in crate::schema) fn list_key_unknown(place: Span, key: &str, item: &Type) -> Diagnostic {
    let fault = syntax(format!("items of this list have no field `{key}`"), place, format!("items are `{}`", notation(item)));
    if item.record().is_none() {
        return fault.hint("write `listType=set` for a list whose items are no maps");
    }
    match name::nearest(key, item.fields().map(|(name, _)| name)) {
        Some(meant) => fault.hint(format!("did you mean `{meant}`?")),
        None => fault.hint(format!("fields of an item are {}", name::listed(item.fields().map(|(name, _)| name)))),
    }
}

pub(in crate::schema) fn section(name: &str, value: &Value) -> Diagnostic {
    let inside = if name == "types" { "a map of names to types" } else { "a map of fields to types" };
    syntax(format!("`{name}` must be {inside}, found {}", found(value, false)), value.origin.span, format!("expected {inside}"))
}

pub(in crate::schema) fn large_schema(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(Code::SchemaSyntax, format!("this schema has more than {limit} fields"), span, "too many fields")
        .note("a name of `types` counts with all its fields each time it is used")
        .hint("use names in fewer places, or `object` where anything may stand")
}

pub(in crate::schema) fn large_schemas(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(Code::SchemaSyntax, format!("the schemas of all classes have more than {limit} fields"), span, "the limit is passed here")
        .note("a class has the fields of the classes it inherits from and those of the language too, and names of `types` count where they are used")
        .hint("use fewer classes, or `object` where anything may stand")
}

pub(in crate::schema) fn many_types(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(Code::SchemaSyntax, format!("this class has more than {limit} types"), span, "too many names")
        .hint("share types of the same shape, or use `object` where anything may stand")
}

pub(in crate::schema) fn deep_schema(span: Span) -> Diagnostic {
    syntax("a schema is nested too deeply", span, "32 levels are the most")
        .hint("give an inner map a name in `types` and use that name here")
}

pub(in crate::schema) fn type_and_fields(path: &str, place: Span, field: &Field) -> Diagnostic {
    syntax(format!("`{path}` has both `$type` and fields"), place, "says what the value is")
        .label(field.span, "so does this field")
        .hint("leave out `$type` for a map with fields, or remove the fields")
}

pub(in crate::schema) fn nothing_inherited(path: &str, span: Span, beside: &[Arc<str>]) -> Diagnostic {
    let fault = syntax(format!("`{path}` has no type"), span, "no class above declares it").misses(Path::of(["classes"]));
    let field = path.rsplit('.').next().unwrap_or(path);
    match name::nearest(field, beside.iter().map(|name| &**name).filter(|name| *name != field)) {
        Some(near) => fault.hint(format!("did you mean `{near}`? Only what an inherited field says anew needs no type")),
        None => fault.hint("write a type, `object` for a map with any keys; only what an inherited field says anew needs none"),
    }
}

pub(in crate::schema) fn own_value(role: &str, path: &str, value: &Value, type_: &Type, fault: Diagnostic) -> Diagnostic {
    let message = format!("{} {role} of `{path}` does not fit its own schema", if role == "default" { "the" } else { "an" });
    let mut own = Diagnostic::error(Code::DefaultMismatch, message, value.origin.span, fault.message);
    let asked = limits(type_);
    let asked = if asked.is_empty() { String::new() } else { format!(", {}", asked.join(", ")) };
    // What a class above asks for stands elsewhere.
    let outside =
        |label: &Label| label.span.file != type_.origin.file || label.span.start < type_.origin.start || label.span.end > type_.origin.end;
    if let Some(label) = fault.labels.first().filter(|label| outside(label) && label.span != value.origin.span) {
        own = own.label(label.span, label.text.clone());
    }
    own.notes.push(format!("the type is `{}`{asked}", notation(type_)));
    own.hint = fault.hint.filter(|hint| hint.starts_with("write") || hint.starts_with("did you mean"));
    own
}
