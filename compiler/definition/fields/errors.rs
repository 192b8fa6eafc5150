//! Wording of what can be wrong with the fields of templates.

use super::Templated;
use super::made::traced;
use crate::code::Code;
use crate::custom::breach::Breach;
use crate::diagnostic::Diagnostic;
use crate::name::{self, by_similarity, listed, nearest};
use crate::span::Span;
use crate::table::{Setter, Table, TableRecord, TableType};
use crate::unit::Misshape;
use crate::value::{Data, Value};
use crate::visible::visible;
use std::collections::VecDeque;
use std::sync::Arc;

/// How many records are searched for a field that stands elsewhere.
const SEARCHED: usize = 2000;

pub(super) fn unknown_key(
    subject: &Templated,
    table: &Table,
    path: &[Arc<str>],
    record: &Arc<TableRecord>,
    key: &str,
    span: Span,
    edit: bool,
) -> Diagnostic {
    let diagnostic = unknown_key_briefly(subject, path, key, span);
    if let Some((near, sure)) = meant(record, key) {
        let diagnostic = diagnostic.hint(format!("did you mean `{near}`?"));
        return if sure && edit { diagnostic.replace(span, near) } else { diagnostic };
    }
    if let Some(place) = elsewhere(subject, table, key) {
        return diagnostic.hint(match place.as_str() {
            "" => format!("`{key}` stands at the top of {}", subject.name),
            place => format!("`{key}` stands in `{place}`"),
        });
    }
    let word = subject.word;
    let diagnostic = match &subject.origin {
        Some(origin) => diagnostic.note(format!("known are the {word}s of {origin}; what is newer can be brought by `$spread`")),
        None => diagnostic,
    };
    let known = by_similarity(key, settable(record));
    if known.is_empty() {
        return diagnostic.hint("leave it out");
    }
    diagnostic.hint(format!("it has {}", listed(known)))
}

pub(super) fn no_schedule(text: &str, flaw: Misshape, span: Span) -> Diagnostic {
    let message = format!("`spec.schedule` of CronJob is no schedule: `{}`", visible(text));
    let diagnostic = Diagnostic::error(Code::BadFormat, message, span, "the cluster would refuse it").note(flaw.reason);
    match flaw.instead {
        Some(instead) => diagnostic.hint(format!("write `{instead}`")).replace(span, instead),
        None => diagnostic.hint("write five fields, as in `30 4 * * 1-5`, or `@daily`, `@every 1h30m`"),
    }
}

/// `is_said`: the object says a time zone besides.
pub(super) fn zone_in_schedule(zone: &str, rest: &str, is_said: bool, span: Span) -> Diagnostic {
    let message = format!("`spec.schedule` of CronJob names the time zone `{}`", visible(zone));
    let label = if is_said { "`spec.timeZone` says one already" } else { "the cluster would refuse it here" };
    Diagnostic::error(Code::BadFormat, message, span, label)
        .hint(if is_said { "take it out here" } else { "say it in `spec.timeZone`, and take it out here" })
        .replace(span, rest)
}

/// The field that was meant, and whether that is certain enough to put it there.
pub(super) fn meant<'a>(record: &'a TableRecord, key: &str) -> Option<(&'a str, bool)> {
    if let Some(near) = nearest(key, settable(record)) {
        return Some((near, true));
    }
    let mut longer = settable(record).filter(|name| key.len() > 2 && (name.starts_with(key) || name.ends_with(key)));
    longer.next().filter(|_| longer.next().is_none()).map(|name| (name, false))
}

fn settable(record: &TableRecord) -> impl Iterator<Item = &str> {
    record.fields.iter().filter(|(_, field)| field.setter != Setter::Provider).map(|(name, _)| &**name)
}

pub(super) fn unknown_key_briefly(subject: &Templated, path: &[Arc<str>], key: &str, span: Span) -> Diagnostic {
    let Templated { name, word, .. } = subject;
    let message = format!("{name} has no {word} `{key}`{}", within(path));
    Diagnostic::error(Code::UnknownField, message, span, format!("no such {word}"))
}

/// The only path, of the shortest, on which a record has the field: the path of the record.
fn elsewhere(subject: &Templated, table: &Table, key: &str) -> Option<String> {
    let mut queue = VecDeque::from([(String::new(), Arc::clone(&subject.record), 0)]);
    let mut found: Option<(String, usize)> = None;
    let mut searched = 0;
    while let Some((path, record, depth)) = queue.pop_front() {
        searched += 1;
        if searched > SEARCHED || found.as_ref().is_some_and(|(_, known)| *known < depth) {
            break;
        }
        if record.field(key).is_some_and(|field| field.setter != Setter::Provider) {
            if found.is_some() {
                return None;
            }
            found = Some((path, depth));
            continue;
        }
        for (field_name, field) in &record.fields {
            let type_ = if let TableType::List(item) = &field.type_ { item } else { &field.type_ };
            if let Some(inner) = table.record(type_) {
                queue.push_back((name::within(&path, field_name), inner, depth + 1));
            }
        }
    }
    found.map(|(path, _)| path)
}

pub(super) fn incomplete_object(name: &str, missing: &str, entry: Span, near: Option<Span>) -> Diagnostic {
    let message = format!("the object `{name}` has no `{missing}`");
    match near {
        Some(near) => Diagnostic::error(Code::IncompleteObject, message, near, format!("did you mean `{missing}`?")).replace(near, missing),
        None => Diagnostic::error(Code::IncompleteObject, message, entry, "not a whole Kubernetes object")
            .apart(missing)
            .hint("every object needs `apiVersion`, `kind` and `metadata.name` as text"),
    }
}

/// An object of which nothing says what it is; `others` are those beside it that are whole, from this class, its parents or files.
pub(super) fn object_of_nothing(name: &str, entry: Span, others: &[&str]) -> Diagnostic {
    let message = format!("the object `{name}` has neither `apiVersion` nor `kind`");
    let fault = Diagnostic::error(Code::IncompleteObject, message, entry, "not a whole Kubernetes object");
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let same = others.iter().copied().find(|other| bare(other) == bare(name));
    match same.or_else(|| nearest(name, others.iter().copied())) {
        Some(near) => fault.hint(format!("did you mean `{near}`? Objects meet by the text of their keys")).replace(entry, near),
        None if others.is_empty() => fault.hint("every object needs `apiVersion`, `kind` and `metadata.name` as text"),
        None => {
            let others = listed(by_similarity(name, others.iter().copied()));
            fault.hint(format!("add both, or take the key of what is to be changed: {others}"))
        }
    }
}

pub(super) fn unknown_version((version, kind): (&str, &str), versions: &[String], span: Span) -> Diagnostic {
    let (group, name) = version.split_once('/').unwrap_or_default();
    let message = format!("the schema of `{kind}` has no version `{name}`");
    let diagnostic = Diagnostic::warning(Code::UnknownObject, message, span, "no such version");
    match versions {
        [one] => diagnostic.hint(format!("it has `{one}`")).replace(span, format!("{group}/{one}")),
        _ => diagnostic.hint(format!("it has {}", listed(versions.iter().map(String::as_str)))),
    }
}

/// A kind of a version that nobody has: `near` is a kind of that, or a version in which there is such a kind, and is written at the place.
pub(super) fn unknown_kind_of((version, kind): (&str, &str), near: &str, span: Span) -> Diagnostic {
    let message = format!("nobody knows a kind `{kind}` of `{version}`");
    Diagnostic::warning(Code::UnknownObject, message, span, "in no table and no schema")
        .hint(format!("did you mean `{near}`?"))
        .replace(span, near)
}

/// A type of resource or data that nobody has, and the one that is meant.
pub(super) fn unknown_type((word, type_): (&str, &str), near: &str, span: Span) -> Diagnostic {
    let message = format!("nobody knows a {} `{type_}`", if word == "data" { "data source" } else { "resource" });
    Diagnostic::warning(Code::UnknownObject, message, span, "in no table and no schema")
        .hint(format!("did you mean `{near}`?"))
        .replace(span, near)
}

pub(super) fn broken_limit(subject: &Templated, path: &[Arc<str>], breach: &Breach, value: &Value) -> Diagnostic {
    let message = format!("{} must {}", field(subject, path), breach.words());
    let (code, place) = match breach {
        Breach::NotAllowed(_) => (Code::ValueNotAllowed, value.origin.span),
        Breach::Pattern(_) => (Code::PatternMismatch, value.origin.span),
        Breach::Range(_) => (Code::OutOfRange, value.origin.span),
        Breach::Twice(at) => {
            let item = value.as_list().and_then(|items| items.get(*at));
            (Code::DuplicateItem, item.map_or(value.origin.span, |item| item.origin.span))
        }
        Breach::Form(_) => (Code::WrongType, value.origin.span),
    };
    let diagnostic = Diagnostic::error(code, message, place, said(breach));
    let diagnostic = match (&subject.origin, breach, value.as_str()) {
        (_, Breach::NotAllowed(allowed), Some(text)) => match nearest(text, allowed.iter().map(|word| &**word)) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(place, near),
            None => diagnostic,
        },
        (_, _, _) => diagnostic,
    };
    let diagnostic = match breach {
        Breach::NotAllowed(_) | Breach::Pattern(_) | Breach::Range(_) => traced(diagnostic, value, subject),
        Breach::Twice(_) | Breach::Form(_) => diagnostic,
    };
    with_origin(diagnostic, subject)
}

fn said(breach: &Breach) -> &'static str {
    match breach {
        Breach::NotAllowed(_) => "none of them",
        Breach::Pattern(_) => "does not match",
        Breach::Range(_) => "out of range",
        Breach::Twice(_) => "there before",
        Breach::Form(_) => "is of another form",
    }
}

pub(super) fn null(subject: &Templated, path: &[Arc<str>], type_: &TableType, span: Span) -> Diagnostic {
    let message = format!("{} must be {}, found null", field(subject, path), words(type_));
    Diagnostic::error(Code::WrongType, message, span, "null is no value of it").hint("leave the field out")
}

pub(super) fn two_items(subject: &Templated, path: &[Arc<str>], name: &str, (first, second): (Span, Span)) -> Diagnostic {
    let message = format!("{} has `{name}` twice", field(subject, path));
    Diagnostic::error(Code::DuplicateItem, message, second, format!("`{name}` again"))
        .label(first, "here first")
        .hint("items of this list are told apart by this; remove one, or name them differently")
}

pub(super) fn unnamed_item(subject: &Templated, path: &[Arc<str>], missing: &str, span: Span) -> Diagnostic {
    let message = format!("an item of {} has no `{missing}`, so nobody knows which it is", field(subject, path));
    let list = path.last().map_or("", |last| last);
    Diagnostic::error(Code::UnnamedItem, message, span, format!("no `{missing}`"))
        .note(format!("items of this list meet those of the parents by their `{missing}`"))
        .hint(format!("say its `{missing}`; to replace the whole list write `{list}=:`"))
}

pub(super) fn missing_key(subject: &Templated, path: &[Arc<str>], key: &str, span: Span) -> Diagnostic {
    let Templated { name, word, .. } = subject;
    let message = format!("{name} needs the {word} `{key}`{}", within(path));
    Diagnostic::warning(Code::MissingField, message, span, format!("`{key}` is missing"))
        .apart(key)
        .hint("set it; a class that leaves it to those that inherit from it is `abstract`")
}

/// An object of the whole cluster that names a namespace.
pub(super) fn in_no_namespace(subject: &Templated, span: Span) -> Diagnostic {
    let message = format!("objects of kind {} are in no namespace", subject.name);
    let diagnostic = Diagnostic::error(Code::UnknownField, message, span, "its definition says `scope: Cluster`").hint("leave it out");
    with_origin(diagnostic, subject)
}

/// An object in a namespace that names none.
pub(super) fn needs_namespace(subject: &Templated, span: Span) -> Diagnostic {
    let message = format!("{} needs the {} `namespace` in `metadata`", subject.name, subject.word);
    let diagnostic = Diagnostic::error(Code::MissingField, message, span, "its definition says `scope: Namespaced`")
        .hint("write in which namespace it is");
    with_origin(diagnostic, subject)
}

fn with_origin(diagnostic: Diagnostic, subject: &Templated) -> Diagnostic {
    match &subject.origin {
        Some(origin) => diagnostic.note(format!("so says the schema in {origin}")),
        None => diagnostic,
    }
}

pub(super) fn read_only(subject: &Templated, path: &[Arc<str>], key: &str, span: Span) -> Diagnostic {
    let message = format!("`{key}`{} of {} cannot be set, the provider sets it", within(path), subject.name);
    Diagnostic::error(Code::ReadOnlyAttribute, message, span, "can only be read").hint("leave it out; what needs it can read it from here")
}

pub(super) fn wrong_literal(subject: &Templated, path: &[Arc<str>], value: &Value, type_: &TableType) -> Diagnostic {
    let message = format!("{} must be {}, found {}", field(subject, path), words(type_), found(value));
    let span = value.origin.span;
    let bare = |text: &str| {
        (*type_ == TableType::Integer && text.parse::<i64>().is_ok())
            || (*type_ == TableType::Number && text.parse::<f64>().is_ok())
            || (*type_ == TableType::Boolean && matches!(text, "true" | "false"))
    };
    let diagnostic = match (&value.data, type_) {
        // What an expression has made is not cured by other quotes.
        _ if subject.is_made && !value.made().is_empty() => {
            Diagnostic::error(code(subject, path), message, span, format!("expected {}", words(type_)))
        }
        (Data::String(text), _) if bare(text) => {
            Diagnostic::error(code(subject, path), message, span, "remove the quotes").replace(span, &**text)
        }
        (Data::Int(_) | Data::Float(_) | Data::Bool(_), TableType::String) => {
            Diagnostic::error(code(subject, path), message, span, "put it in quotes")
        }
        _ => Diagnostic::error(code(subject, path), message, span, format!("expected {}", words(type_))),
    };
    traced(diagnostic, value, subject)
}

pub(super) fn wrong_expression(subject: &Templated, path: &[Arc<str>], found: &str, type_: &TableType, span: Span) -> Diagnostic {
    let message = format!("{} must be {}, this expression gives {found}", field(subject, path), words(type_));
    let diagnostic = Diagnostic::error(code(subject, path), message, span, format!("expected {}", words(type_)));
    match (type_, found) {
        (TableType::String, "an integer" | "a number" | "a boolean") => diagnostic.hint("convert it: `string(…)`"),
        (TableType::Integer, "a string") => diagnostic.hint("convert it: `int(…)`"),
        (TableType::List(_), "a string" | "an integer" | "a boolean" | "a number") => diagnostic.hint("make it a list: `[…]`"),
        _ => diagnostic,
    }
}

pub(super) fn unknown_attribute(kind: &str, path: &[Arc<str>], record: &TableRecord, name: &str, span: Span) -> Diagnostic {
    let message = format!("`{kind}` has no attribute `{name}`{}", within(path));
    let diagnostic = Diagnostic::error(Code::UnknownField, message, span, "no such attribute");
    match nearest(name, record.names()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")).replace(span, near),
        None => diagnostic.hint(format!("it has {}", listed(by_similarity(name, record.names())))),
    }
}

pub(super) fn attribute_of_list(kind: &str, path: &[Arc<str>], name: &str, span: Span) -> Diagnostic {
    let list = joined(path);
    let message = format!("`{list}` of `{kind}` is a list, it has no attribute `{name}`");
    Diagnostic::error(Code::UnknownField, message, span, "attribute of a list").hint(format!("take its first item: `{list}[0].{name}`"))
}

/// Labels, annotations and the namespace have a code of their own, because kustomize would change them silently.
fn code(subject: &Templated, path: &[Arc<str>]) -> Code {
    let metadata = path.first().is_some_and(|first| &**first == "metadata") && !subject.terraform;
    let text = path.get(1).is_some_and(|second| matches!(&**second, "labels" | "annotations" | "namespace"));
    if metadata && text { Code::MetadataNotText } else { Code::WrongType }
}

fn field(subject: &Templated, path: &[Arc<str>]) -> String {
    format!("`{}` of {}", joined(path), subject.name)
}

fn within(path: &[Arc<str>]) -> String {
    if path.is_empty() { String::new() } else { format!(" in `{}`", joined(path)) }
}

/// `spec.containers[].name`
fn joined(path: &[Arc<str>]) -> String {
    path.join(".").replace(".[]", "[]")
}

fn words(type_: &TableType) -> &'static str {
    match type_ {
        TableType::Any => "anything",
        TableType::String => "a string",
        TableType::Integer => "an integer",
        TableType::Number => "a number",
        TableType::Boolean => "true or false",
        TableType::Quantity => "a quantity",
        TableType::IntegerOrString => "an integer or a string",
        TableType::List(_) => "a list",
        TableType::Object | TableType::Map(_) | TableType::Record(_) | TableType::Named(_) => "a map",
    }
}

fn found(value: &Value) -> String {
    match &value.data {
        Data::String(text) if text.chars().count() <= 40 => format!("the string {text:?}"),
        Data::Int(int) => format!("the integer {int}"),
        Data::Float(float) => format!("the number {float}"),
        Data::Bool(bool) => format!("`{bool}`"),
        Data::Null
        | Data::String(_)
        | Data::List(_)
        | Data::Map(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => value.describe().to_owned(),
    }
}
