//! A type as a table, for readers.

use super::notation::{limits, notation, written};
use super::{FieldChoice, FieldReplaces, ListMerge, Shape, Type};
use std::fmt::Write as _;
use std::sync::Arc;

/// Fields nest at most this deep.
const DEPTH: usize = 16;

/// The fields of a type as a Markdown table: field, type, default, description. Fields of nested maps follow theirs, with dots:
/// `size.min`; those of list items as `taints[].key`, those of a map's values as `pools.*.size`.
#[must_use]
pub fn reference(type_: &Type) -> String {
    let mut table = String::from("| field | type | default | description |\n|---|---|---|---|\n");
    rows(type_, "", &mut Vec::new(), DEPTH, &mut table);
    table
}

fn rows(type_: &Type, path: &str, names: &mut Vec<Arc<str>>, depth: usize, table: &mut String) {
    // A type that holds itself is shown once; its name in the type column says that it comes again.
    if depth == 0 || type_.name().is_some_and(|name| names.contains(name)) {
        return;
    }
    let open = names.len();
    names.extend(type_.name().cloned());
    match &type_.resolved().shape {
        Shape::Record(record) => {
            for field in record.fields() {
                let inner = if path.is_empty() { field.name.to_string() } else { format!("{path}.{}", field.name) };
                row(&field.type_, &inner, record.choices().iter().filter(|choice| choice.has(&field.name)), table);
                rows(&field.type_, &inner, names, depth - 1, table);
            }
        }
        Shape::List(item) => rows(item, &format!("{path}[]"), names, depth - 1, table),
        Shape::Map(item) => rows(item, &format!("{path}.*"), names, depth - 1, table),
        Shape::Union(_) => type_.members().iter().for_each(|member| rows(member, path, names, depth - 1, table)),
        Shape::Any
        | Shape::String
        | Shape::Integer
        | Shape::Number
        | Shape::Boolean
        | Shape::Object
        | Shape::Quantity
        | Shape::Duration
        | Shape::Cidr
        | Shape::Semver
        | Shape::Ref(_)
        | Shape::Named(_) => {}
    }
    names.truncate(open);
}

fn row<'c>(type_: &Type, path: &str, choices: impl Iterator<Item = &'c FieldChoice>, table: &mut String) {
    let markers = &type_.resolved().markers;
    let default = match &markers.default {
        Some(_) if type_.holds_secrets() => "a secret".to_owned(),
        Some(default) => format!("`{}`", written(default)),
        None if markers.required => "required".to_owned(),
        None => String::new(),
    };
    let mut words: Vec<String> = markers.description.iter().map(|text| sentence(text)).collect();
    let mut facts = limits(type_);
    facts.extend(choices.map(FieldChoice::words));
    match &markers.list_merge {
        ListMerge::Atomic => {}
        ListMerge::Set => facts.push("layers add items".to_owned()),
        ListMerge::Keyed(key) => facts.push(format!("layers merge items by `{key}`")),
    }
    if markers.nullable {
        facts.push("may be null".to_owned());
    }
    if markers.secret {
        facts.push("secret".to_owned());
    }
    facts.extend(markers.replaces.iter().map(FieldReplaces::words));
    facts.extend(markers.hazard.iter().map(|_| "`platc diff --against` warns of some changes".to_owned()));
    if !facts.is_empty() {
        words.push(sentence(&facts.join("; ")));
    }
    if let Some(reason) = &markers.deprecated {
        words.push(if reason.is_empty() { "Deprecated.".to_owned() } else { sentence(&format!("Deprecated: {reason}")) });
    }
    if !markers.examples.is_empty() && !type_.holds_secrets() {
        let examples: Vec<String> = markers.examples.iter().map(|value| format!("`{}`", written(value))).collect();
        words.push(format!("For example {}.", examples.join(", ")));
    }
    let cell = |text: &str| text.replace('|', "\\|").replace(['\n', '\r'], " ");
    // Writing to a string does not fail.
    let _ = writeln!(table, "| `{}` | `{}` | {} | {} |", cell(path), cell(&notation(type_)), cell(&default), cell(&words.join(" ")));
}

/// A text as a sentence: a capital first, a full stop last.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let mut out: String = chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect();
    if !out.ends_with(['.', '!', '?']) {
        out.push('.');
    }
    out
}
