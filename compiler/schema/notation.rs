//! Types and values in words, for messages, tables and editors.

use super::shorthand::Simple;
use super::{Shape, Type};
use crate::value::{Data, Value};

/// The type as the shorthand writes it; a record is a `map`.
pub(crate) fn notation(type_: &Type) -> String {
    let simple = |simple: Simple| simple.word().to_owned();
    match &type_.shape {
        Shape::Any => simple(Simple::Any),
        Shape::String => simple(Simple::String),
        Shape::Integer => simple(Simple::Integer),
        Shape::Number => simple(Simple::Number),
        Shape::Boolean => simple(Simple::Boolean),
        Shape::Object => simple(Simple::Object),
        Shape::Quantity => simple(Simple::Quantity),
        Shape::Duration => simple(Simple::Duration),
        Shape::Cidr => simple(Simple::Cidr),
        Shape::Semver => simple(Simple::Semver),
        Shape::Ref(referent) => {
            let kinds: Vec<&str> = referent.kinds.iter().map(|kind| kind.singular()).collect();
            format!("ref({})", kinds.join(", "))
        }
        Shape::List(item) => format!("[]{}", grouped(item)),
        Shape::Map(item) => format!("map[string]{}", grouped(item)),
        Shape::Union(union) => union.written().iter().map(|member| notation(member)).collect::<Vec<_>>().join(" or "),
        Shape::Record(record) => match record.is_definition() {
            Some((kind, class)) => format!("definition({}, {class})", kind.singular()),
            None => "map".to_owned(),
        },
        Shape::Named(named) => named.name.to_string(),
    }
}

/// The same where a union needs brackets.
fn grouped(type_: &Type) -> String {
    if let Shape::Union(_) = type_.shape { format!("({})", notation(type_)) } else { notation(type_) }
}

impl Type {
    /// The type in a sentence, with all that it may be: `an integer`, `a string or a list`.
    #[must_use]
    pub fn describe(&self) -> String {
        any_of(self)
    }
}

/// The type in a sentence, with all that it may be: `a string or a list`.
pub(super) fn any_of(type_: &Type) -> String {
    match type_.members() {
        [] => words(type_).to_owned(),
        members => members.iter().map(|member| words(member)).collect::<Vec<_>>().join(" or "),
    }
}

/// The type in a sentence: `an integer`.
pub(super) fn words(type_: &Type) -> &'static str {
    match &type_.resolved().shape {
        Shape::Any | Shape::Union(_) | Shape::Named(_) => "a value",
        Shape::String => "a string",
        Shape::Integer => "an integer",
        Shape::Number => "a number",
        Shape::Boolean => "true or false",
        Shape::Object | Shape::Map(_) | Shape::Record(_) => "a map",
        Shape::Quantity => "a quantity",
        Shape::Duration => "a duration",
        Shape::Cidr => "a network",
        Shape::Semver => "a version",
        Shape::Ref(_) => "the name of a thing",
        Shape::List(_) => "a list",
    }
}

/// A value as it would be written, shortened.
pub(super) fn written(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    if text.chars().count() > 60 {
        text = text.chars().take(57).chain("...".chars()).collect();
    }
    text
}

fn write(value: &Value, out: &mut String) {
    // Nobody reads more; the rest of a large value is not walked.
    if out.len() > 300 {
        return;
    }
    match &value.data {
        Data::Null => out.push_str("null"),
        Data::Bool(bool) => out.push_str(if *bool { "true" } else { "false" }),
        Data::Int(int) => out.push_str(&int.to_string()),
        Data::Float(float) => out.push_str(&float.to_string()),
        Data::String(text) => out.push_str(&format!("{:?}", text.chars().take(100).collect::<String>())),
        Data::Template(_) | Data::Pending(_) | Data::Broken => out.push_str("${…}"),
        Data::Late(_) => out.push_str("a late value"),
        Data::List(list) => {
            out.push('[');
            for (at, item) in list.items().iter().take(20).enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write(item, out);
            }
            out.push(']');
        }
        Data::Map(map) => {
            out.push('{');
            for (at, entry) in map.entries().iter().take(20).enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                out.push_str(&entry.key);
                out.push_str(": ");
                write(&entry.value, out);
            }
            out.push('}');
        }
    }
}

/// A value in a sentence: `the string "2"`, `a map`.
pub(super) fn found(value: &Value, secret: bool) -> String {
    match &value.data {
        Data::String(_) if secret => "a string".to_owned(),
        Data::String(_) => format!("the string {}", written(value)),
        Data::Int(_) => format!("the integer {}", written(value)),
        Data::Float(_) => format!("the number {}", written(value)),
        Data::Bool(_) => format!("the boolean {}", written(value)),
        Data::Null | Data::List(_) | Data::Map(_) | Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => {
            value.describe().to_owned()
        }
    }
}

/// What the markers of a type ask of a value, in phrases: `one of "a", "b"`, `at least 1`.
pub(super) fn limits(type_: &Type) -> Vec<String> {
    let Type { shape, markers, .. } = type_.resolved();
    let mut limits = Vec::new();
    // What a secret may be says what it is.
    if markers.secret {
        limits.extend(count(markers.min_length, markers.max_length, ("character", "characters")));
        return limits;
    }
    if !markers.enum_.is_empty() && !type_.holds_secrets() {
        let values: Vec<String> = markers.enum_.iter().map(written).collect();
        limits.push(format!("one of {}", values.join(", ")));
    }
    let plain = |value: &Value| value.as_str().map_or_else(|| written(value), str::to_owned);
    match (&markers.minimum, &markers.maximum) {
        (Some(low), Some(high)) => limits.push(format!("{} to {}", plain(low), plain(high))),
        (Some(low), None) => limits.push(format!("at least {}", plain(low))),
        (None, Some(high)) => limits.push(format!("at most {}", plain(high))),
        (None, None) => {}
    }
    limits.extend(count(markers.min_length, markers.max_length, ("character", "characters")));
    let nouns = if matches!(shape, Shape::List(_)) || type_.items().is_some() { ("item", "items") } else { ("entry", "entries") };
    limits.extend(count(markers.min_items, markers.max_items, nouns));
    limits.extend(markers.pattern.as_ref().map(|pattern| format!("matches `{}`", pattern.text)));
    limits.extend(markers.format.map(|format| format!("format {}", format.word())));
    if markers.unique_items {
        limits.push("no item twice".to_owned());
    }
    limits
}

fn count(least: Option<u64>, most: Option<u64>, (one, many): (&str, &str)) -> Option<String> {
    let plural = |count: u64| if count == 1 { one } else { many };
    match (least, most) {
        (Some(least), Some(most)) if least == most => Some(format!("exactly {least} {}", plural(least))),
        (Some(least), Some(most)) => Some(format!("{least} to {most} {}", plural(most))),
        (Some(least), None) => Some(format!("at least {least} {}", plural(least))),
        (None, Some(most)) => Some(format!("at most {most} {}", plural(most))),
        (None, None) => None,
    }
}

/// A value somebody could write for the type, for examples in hints.
pub(super) fn example(type_: &Type) -> String {
    shown(type_, 3)
}

fn shown(type_: &Type, depth: usize) -> String {
    let markers = &type_.resolved().markers;
    if markers.secret {
        return "\"…\"".to_owned();
    }
    if let Some(value) = markers.examples.first().or(markers.enum_.first()).filter(|_| !type_.holds_secrets()) {
        return written(value);
    }
    match &type_.resolved().shape {
        Shape::Any | Shape::String | Shape::Ref(_) | Shape::Named(_) => "\"…\"".to_owned(),
        Shape::Union(_) if depth > 0 => type_.members().first().map_or_else(String::new, |first| shown(first, depth - 1)),
        Shape::Union(_) => "\"…\"".to_owned(),
        Shape::Integer | Shape::Number => markers.minimum.as_ref().map_or_else(|| "1".to_owned(), written),
        Shape::Boolean => "true".to_owned(),
        Shape::Object | Shape::Map(_) => "{…}".to_owned(),
        // A required field that holds its own record again has no example.
        Shape::Record(record) if depth > 0 => {
            let required = record.fields().iter().filter(|field| field.type_.resolved().markers.required);
            let fields: Vec<String> = required.take(4).map(|field| format!("{}: {}", field.name, shown(&field.type_, depth - 1))).collect();
            if fields.is_empty() { "{…}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
        }
        Shape::Record(_) => "{…}".to_owned(),
        Shape::Quantity => "500m".to_owned(),
        Shape::Duration => "90s".to_owned(),
        Shape::Cidr => "10.0.0.0/16".to_owned(),
        Shape::Semver => "1.33.0".to_owned(),
        Shape::List(_) if depth == 0 => "[…]".to_owned(),
        Shape::List(item) => format!("[{}]", shown(item, depth - 1)),
    }
}
