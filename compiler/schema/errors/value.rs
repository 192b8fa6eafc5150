//! What is said about values that do not fit their types.

use super::COMES_FROM;
use super::cure::cure;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::name;
use crate::schema::marker::Marker;
use crate::schema::notation::{any_of, example, found, notation, words, written};
use crate::schema::place::{Place, blamed, handed, weaker};
use crate::schema::{Field, Shape, TextFormat, Type};
use crate::source::{Grammar, Sources};
use crate::span::Span;
use crate::unit::Misshape;
use crate::value::{Entry, Value};

/// A fault of a value: where it was written last, where its type is declared, and who set it before.
fn fault(
    code: Code,
    place: &Place<'_>,
    value: &Value,
    type_: &Type,
    message: String,
    label: String,
    declared: (Span, String),
) -> Diagnostic {
    let mut primary = if code == Code::WrongType { handed(value, place.checked.sources) } else { blamed(value, place.checked.sources) };
    // A value that is not written at all (`key:`) has no width; its key shows better.
    if primary.start == primary.end {
        primary = place.key.unwrap_or(primary);
    }
    let (older, more) = weaker(value);
    let mut fault = place.mark(Diagnostic::error(code, message, primary, label)).label(declared.0, declared.1);
    if primary != value.origin.span && value.origin.span.start != value.origin.span.end {
        fault = fault.label(value.origin.span, COMES_FROM);
    }
    // A default stands in the declaration, which is shown anyway.
    let inside = |span: &Span| span.file == type_.origin.file && span.start >= type_.origin.start && span.end <= type_.origin.end;
    for (at, span) in older.into_iter().filter(|span| *span != primary && !inside(span)).enumerate() {
        fault = fault.label(span, format!("{}: set here", at + 1));
    }
    if more > 0 {
        let cascade = place.subject().map_or(String::new(), |subject| format!("; `platc explain {subject}` shows all"));
        fault = fault.note(format!("{more} more layers set it{cascade}"));
    }
    fault
}

pub(super) fn subject(place: &Place<'_>) -> String {
    if place.path.is_empty() { place.checked.kind.to_owned() } else { format!("`{}`", place.name()) }
}

fn declared(type_: &Type) -> (Span, String) {
    (type_.origin, format!("declared as `{}`", notation(type_)))
}

fn limit(type_: &Type, marker: Marker) -> (Span, String) {
    match type_.resolved().markers.place(marker) {
        Some(span) => (span, format!("because of this `{}`", marker.word())),
        None => declared(type_),
    }
}

/// A value as the file at hand writes it, where it stands alone.
fn alone(sources: &Sources, span: Span, text: &str) -> String {
    let is_toml = sources.get(span.file).is_some_and(|source| source.grammar == Grammar::Toml);
    if is_toml { format!("\"{text}\"") } else { text.to_owned() }
}

/// What the user wrote, if the blamed place is this value itself and may be edited.
fn source_text<'a>(place: &Place<'a>, value: &Value) -> Option<(Span, &'a str)> {
    let span = value.origin.span;
    let text = place.checked.sources.text(span);
    let is_own = !place.checked.sources.is_library(span) && value.passed_on().is_none();
    (is_own && !text.is_empty() && !text.contains('\n')).then_some((span, text))
}

pub(in crate::schema) fn wrong_type(place: &Place<'_>, value: &Value, type_: &Type) -> Diagnostic {
    let resolved = type_.resolved();
    let message = format!("{} must be {}, found {}", subject(place), any_of(type_), found(value, resolved.markers.secret));
    let cure = cure(resolved, value);
    let label = cure.as_ref().map_or_else(|| format!("expected {}", any_of(type_)), |cure| cure.label.clone());
    let fault = fault(Code::WrongType, place, value, type_, message, label, declared(type_));
    match (cure, source_text(place, value)) {
        (Some(cure), Some((span, text))) => match (cure.edit)(text) {
            Some(text) => fault.replace(span, text),
            None => fault,
        },
        (None, _) if !resolved.markers.enum_.is_empty() => {
            let all: Vec<String> =
                resolved.markers.enum_.iter().map(|value| value.as_str().map_or_else(|| written(value), str::to_owned)).collect();
            fault.hint(format!("use one of {}", name::listed(all.iter().map(String::as_str))))
        }
        (Some(_) | None, _) => fault,
    }
}

pub(in crate::schema) fn bad_format(place: &Place<'_>, value: &Value, type_: &Type, misshape: &Misshape) -> Diagnostic {
    let resolved = type_.resolved();
    let wanted = match resolved.markers.format {
        Some(TextFormat::Date) => "a date",
        Some(TextFormat::DnsLabel) => "a DNS label",
        Some(TextFormat::DnsName) => "a DNS name",
        Some(TextFormat::Email) => "an e-mail address",
        Some(TextFormat::Ip) => "an IP address",
        Some(TextFormat::Ipv4) => "an IPv4 address",
        Some(TextFormat::Ipv6) => "an IPv6 address",
        Some(TextFormat::LabelKey) => "a label's key",
        Some(TextFormat::LabelValue) => "a label's value",
        Some(TextFormat::Regex) => "a regular expression",
        Some(TextFormat::Url) => "a URL",
        None => words(type_),
    };
    let message = format!("{} must be {wanted}, found {}", subject(place), found(value, resolved.markers.secret));
    let declared = resolved.markers.format.as_ref().map_or_else(|| declared(type_), |_| limit(type_, Marker::Format));
    // What exactly is wrong may quote a part of the value.
    let reason = if resolved.markers.secret { format!("expected {wanted}") } else { misshape.reason.clone() };
    let fault = fault(Code::BadFormat, place, value, type_, message, reason, declared);
    let Some(instead) = misshape.instead.as_ref().filter(|_| !resolved.markers.secret) else { return fault };
    let fault = fault.hint(format!("write `{}`", alone(place.checked.sources, value.origin.span, instead)));
    match (source_text(place, value), value.as_str()) {
        (Some((span, source)), Some(text)) if source.contains(text) => fault.replace(span, source.replacen(text, instead, 1)),
        _ => fault,
    }
}

/// About as much work for each value listed as comparing so many letters.
const LISTED: usize = 64;

pub(in crate::schema) fn value_not_allowed(place: &Place<'_>, value: &Value, type_: &Type) -> Diagnostic {
    let markers = &type_.resolved().markers;
    let is_secret = type_.holds_secrets();
    let message = format!("{} cannot be {}", subject(place), if is_secret { "this value".to_owned() } else { written(value) });
    if is_secret {
        return fault(Code::ValueNotAllowed, place, value, type_, message, "not one of the values allowed".to_owned(), declared(type_));
    }
    // A value of any type that may be a boolean too.
    if matches!(type_.resolved().shape, Shape::Any)
        && let (Some(cure), Some((span, source))) = (cure(type_.resolved(), value), source_text(place, value))
        && let Some(text) = (cure.edit)(source)
    {
        return fault(Code::ValueNotAllowed, place, value, type_, message, cure.label, declared(type_)).replace(span, text);
    }
    // Behind very many mistakes nobody reads what was meant, and every one would list all values once more.
    let affordable = crate::ledger::suggestion(markers.enum_.len().saturating_mul(LISTED));
    let listed = if affordable { markers.enum_.as_slice() } else { &[] };
    let texts: Vec<&str> = listed.iter().filter_map(Value::as_str).collect();
    let near = |text| name::nearest(text, texts.iter().copied()).or_else(|| name::beginning(text, texts.iter().copied()));
    let meant = value.as_str().and_then(near);
    let label = meant.map_or_else(|| "not one of the values allowed".to_owned(), |meant| format!("did you mean `{meant}`?"));
    let declared = markers.place(Marker::Enum).map_or_else(|| declared(type_), |span| (span, "the values allowed".to_owned()));
    let fault = fault(Code::ValueNotAllowed, place, value, type_, message, label, declared);
    if let (Some(meant), Some((span, source)), Some(text)) = (meant, source_text(place, value), value.as_str())
        && source.contains(text)
    {
        return fault.replace(span, source.replacen(text, meant, 1));
    }
    if !affordable {
        return fault;
    }
    let all: Vec<String> = listed.iter().map(|value| value.as_str().map_or_else(|| written(value), str::to_owned)).collect();
    let like = value.as_str().unwrap_or("");
    fault.hint(format!("use one of {}", name::listed(name::by_similarity(like, all.iter().map(String::as_str)))))
}

pub(in crate::schema) fn out_of_range(place: &Place<'_>, value: &Value, type_: &Type, below: bool) -> Diagnostic {
    let markers = &type_.resolved().markers;
    let (bound, marker, words, label) = if below {
        (&markers.minimum, Marker::Minimum, "at least", "too little")
    } else {
        (&markers.maximum, Marker::Maximum, "at most", "too much")
    };
    let plain = |value: &Value| value.as_str().map_or_else(|| written(value), str::to_owned);
    let bound = bound.as_ref().map(plain).unwrap_or_default();
    let shown = if markers.secret { "another value".to_owned() } else { plain(value) };
    let bound = if markers.secret { "what is allowed".to_owned() } else { bound };
    let message = format!("{} must be {words} {bound}, found {shown}", subject(place));
    fault(Code::OutOfRange, place, value, type_, message, label.to_owned(), limit(type_, marker))
}

pub(in crate::schema) fn wrong_length(place: &Place<'_>, value: &Value, type_: &Type, length: u64) -> Diagnostic {
    let markers = &type_.resolved().markers;
    counted(
        place,
        value,
        type_,
        length,
        (markers.min_length, Marker::MinLength),
        (markers.max_length, Marker::MaxLength),
        ("character", "characters"),
    )
}

pub(in crate::schema) fn wrong_count(place: &Place<'_>, value: &Value, type_: &Type, count: u64) -> Diagnostic {
    let markers = &type_.resolved().markers;
    let noun = if value.as_map().is_some() { ("entry", "entries") } else { ("item", "items") };
    counted(place, value, type_, count, (markers.min_items, Marker::MinItems), (markers.max_items, Marker::MaxItems), noun)
}

fn counted(
    place: &Place<'_>,
    value: &Value,
    type_: &Type,
    count: u64,
    least: (Option<u64>, Marker),
    most: (Option<u64>, Marker),
    (one, many): (&str, &str),
) -> Diagnostic {
    let plural = |count: u64| if count == 1 { format!("1 {one}") } else { format!("{count} {many}") };
    let (words, marker) = match least.0 {
        Some(bound) if count < bound => (format!("at least {}", plural(bound)), least.1),
        Some(_) | None => (format!("at most {}", plural(most.0.unwrap_or(0))), most.1),
    };
    let message = format!("{} must have {words}, has {count}", subject(place));
    fault(Code::OutOfRange, place, value, type_, message, plural(count), limit(type_, marker))
}

/// What a text was most likely meant as that another program would replace.
fn foreign(text: &str) -> Option<&'static str> {
    let is_variable =
        |name: &str| !name.is_empty() && name.chars().all(|char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_');
    if text.contains("{{") && text.contains("}}") {
        return Some("this looks like a template of Jinja or Helm: an expression is `${…}`");
    }
    if text.strip_prefix('$').is_some_and(is_variable) {
        return Some("variables of the environment are not read: write the value, or an expression `${…}`");
    }
    None
}

pub(in crate::schema) fn pattern_mismatch(place: &Place<'_>, value: &Value, type_: &Type, pattern: &str) -> Diagnostic {
    let markers = &type_.resolved().markers;
    let message = format!("{} cannot be {}", subject(place), if markers.secret { "this value".to_owned() } else { written(value) });
    let fault =
        fault(Code::PatternMismatch, place, value, type_, message, format!("must match `{pattern}`"), limit(type_, Marker::Pattern));
    if let Some(hint) = value.as_str().and_then(foreign) {
        return fault.hint(hint);
    }
    match markers.examples.first().or(markers.default.as_ref()).filter(|_| !markers.secret) {
        Some(example) => fault.hint(format!("write for example {}", written(example))),
        None => fault,
    }
}

pub(in crate::schema) fn key_mismatch(place: &Place<'_>, entry: &Entry, type_: &Type, pattern: &str) -> Diagnostic {
    let (marker, because) = limit(type_, Marker::KeyPattern);
    let message = format!("{} cannot have the key `{}`", subject(place), entry.key);
    place
        .mark_field(Diagnostic::error(Code::PatternMismatch, message, entry.span, format!("keys must match `{pattern}`")), &entry.key)
        .label(marker, because)
}

pub(in crate::schema) fn null_not_allowed(place: &Place<'_>, value: &Value, type_: &Type) -> Diagnostic {
    let message = format!("{} cannot be null", subject(place));
    let label = if value.origin.span.start == value.origin.span.end { "nothing follows, which is null" } else { "null" };
    let fault = fault(Code::NullNotAllowed, place, value, type_, message, label.to_owned(), declared(type_));
    match place.path.steps().last() {
        Some(crate::path::Step::Key(key)) => {
            fault.hint(format!("to remove an inherited value write `{key}-:`, otherwise write {}", any_of(type_)))
        }
        Some(crate::path::Step::Item(_)) | None => fault.hint(format!("write {}, or take it out", any_of(type_))),
    }
}

pub(in crate::schema) fn late_value(place: &Place<'_>, value: &Value, type_: &Type, found: &str) -> Diagnostic {
    if let crate::schema::Shape::Ref(_) = type_.resolved().shape {
        let message = format!("{} must be known when platc runs", subject(place));
        let label = "known only after Terraform has run".to_owned();
        return fault(Code::LateValueMisplaced, place, value, type_, message, label, declared(type_))
            .hint("name the thing itself: references decide what exists and in which order");
    }
    let message = format!("{} is {}, but Terraform makes {found} of this", subject(place), any_of(type_));
    fault(Code::WrongType, place, value, type_, message, format!("will be {found}"), declared(type_))
        .hint("select a part of it, or change it with the functions that work over late values")
}

pub(in crate::schema) fn duplicate_item(place: &Place<'_>, value: &Value, first: &Value, by: Option<&str>, type_: &Type) -> Diagnostic {
    let told = by.and_then(|key| type_.item()?.field(key)).or(type_.item());
    let is_secret = type_.resolved().markers.secret || told.is_none_or(|type_| type_.holds_secrets());
    let shown = if is_secret { "an item".to_owned() } else { written(value) };
    let message = match by {
        Some(key) if is_secret => format!("{} has two items with the same `{key}`", subject(place)),
        Some(key) => format!("{} has two items whose `{key}` is {shown}", subject(place)),
        None => format!("{} has {shown} twice", subject(place)),
    };
    let marker = if type_.resolved().markers.unique_items { Marker::UniqueItems } else { Marker::ListType };
    let declared = match type_.resolved().markers.place(marker) {
        Some(span) => (span, format!("because of this `{}`", marker.word())),
        None => declared(type_),
    };
    place
        .mark(Diagnostic::error(Code::DuplicateItem, message, blamed(value, place.checked.sources), "again here"))
        .label(blamed(first, place.checked.sources), "first here")
        .label(declared.0, declared.1)
        .hint("remove one of the two")
}

pub(in crate::schema) fn item_without_key(place: &Place<'_>, item: &Value, key: &str, type_: &Type) -> Diagnostic {
    let message = format!("{} needs the field `{key}`", subject(place));
    let fault = Diagnostic::error(Code::MissingField, message, head(item, place), format!("`{key}` is not set")).apart(key);
    place.mark_field(fault, key).label(limit(type_, Marker::ListMapKey).0, "items are told apart by this key")
}

/// A short place for a map: its first key rather than all of its lines.
pub(super) fn head(value: &Value, place: &Place<'_>) -> Span {
    let first = value.as_map().and_then(|map| map.entries().first()).map(|entry| entry.span);
    match place.path.steps().last() {
        Some(crate::path::Step::Item(_)) => first.unwrap_or(value.origin.span),
        Some(crate::path::Step::Key(_)) | None => place.key.or(first).unwrap_or(value.origin.span),
    }
}

pub(in crate::schema) fn missing_field(place: &Place<'_>, field: &Field, value: &Value) -> Diagnostic {
    let sources = place.checked.sources;
    let top = place.path.is_empty();
    let span = place.checked.defined.filter(|_| top).unwrap_or_else(|| head(value, place));
    // A map that only the standard library wrote is no place to act; the definition is.
    let span = place.checked.defined.filter(|_| sources.is_library(span)).unwrap_or(span);
    let label =
        if top { format!("`{}` is not set, here or in what it inherits", field.name) } else { format!("`{}` is not set", field.name) };
    let by = if place.checked.class.is_empty() { "required".to_owned() } else { format!("required by class `{}`", place.checked.class) };
    let required = field.type_.resolved().markers.place(Marker::Required).unwrap_or(field.span);
    let message = format!("{} needs the field `{}`", subject(place), field.name);
    let mut fault = place
        .mark_field(Diagnostic::error(Code::MissingField, message, span, label), &field.name)
        .apart(&*field.name)
        .label(required, by)
        .hint(format!("add `{}: {}`", field.name, example(&field.type_)));
    if let Some(description) = &field.type_.resolved().markers.description {
        fault = fault.note(format!("`{}`: {description}", field.name));
    }
    fault
}

pub(in crate::schema) fn deprecated(place: &Place<'_>, entry: &Entry, reason: &str) -> Diagnostic {
    let label = if reason.is_empty() { "will go away" } else { reason };
    let message = format!("the field `{}` is deprecated", entry.key);
    place.mark_field(Diagnostic::warning(Code::DeprecatedField, message, entry.span, label), &entry.key)
}
