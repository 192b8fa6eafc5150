//! What `terraform providers schema -json` prints: of one type of resource, its arguments and attributes. In come texts, out go records. A file may
//! hold a thousand types; those that nobody writes are passed over without being made into anything.

use super::{KnownType, errors};
use crate::diagnostic::Diagnostics;
use crate::files::AttachedFile;
use crate::limit::SOURCE_DEPTH;
use crate::span::{FileId, Span};
use crate::table::{Nesting, Replaces, Setter, TableField, TableRecord, TableType};
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Whether a text may be what Terraform prints.
pub(super) fn is_among(text: &str) -> bool {
    text.contains("\"provider_schemas\"")
}

/// All providers of a file, by address.
#[derive(Deserialize)]
struct PrintedProviders<'a> {
    #[serde(borrow)]
    provider_schemas: BTreeMap<Cow<'a, str>, PrintedProvider<'a>>,
}

#[derive(Deserialize)]
struct PrintedProvider<'a> {
    #[serde(borrow, default)]
    provider: Option<&'a RawValue>,
    #[serde(borrow, default)]
    resource_schemas: BTreeMap<Cow<'a, str>, &'a RawValue>,
    #[serde(borrow, default)]
    data_source_schemas: BTreeMap<Cow<'a, str>, &'a RawValue>,
}

#[derive(Deserialize)]
struct PrintedSchema {
    #[serde(default)]
    block: PrintedBlock,
}

#[derive(Deserialize, Default)]
struct PrintedBlock {
    #[serde(default)]
    attributes: BTreeMap<String, PrintedAttribute>,
    #[serde(default)]
    block_types: BTreeMap<String, PrintedNested>,
}

#[derive(Deserialize)]
struct PrintedNested {
    nesting_mode: String,
    #[serde(default)]
    block: PrintedBlock,
    #[serde(default)]
    min_items: u64,
}

#[derive(Deserialize)]
struct PrintedAttribute {
    #[serde(rename = "type")]
    type_: Option<Json>,
    nested_type: Option<PrintedObject>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    computed: bool,
    #[serde(default)]
    sensitive: bool,
    #[serde(default)]
    write_only: bool,
}

#[derive(Deserialize)]
struct PrintedObject {
    #[serde(default)]
    attributes: BTreeMap<String, PrintedAttribute>,
    nesting_mode: String,
}

/// What is known of a type, or of a provider, and the path of the file below `files/` that says so. Of two files the first is taken.
pub(super) fn find(files: &[Arc<AttachedFile>], word: &str, type_: &str, diagnostics: &mut Diagnostics) -> Option<(KnownType, String)> {
    for file in files {
        let Some((id, text)) = file.plain().filter(|(_, text)| text.contains(type_)) else { continue };
        let printed: PrintedProviders<'_> = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
            Ok(printed) => printed,
            Err(error) => {
                diagnostics.push(errors::broken_provider(&error.to_string(), place(id, text, error.line(), error.column())));
                continue;
            }
        };
        let raw = printed.provider_schemas.iter().find_map(|(address, provider)| match word {
            "resource" => provider.resource_schemas.get(type_).copied(),
            "data" => provider.data_source_schemas.get(type_).copied(),
            _ => provider.provider.filter(|_| address.rsplit('/').next() == Some(type_)),
        });
        let Some(raw) = raw else { continue };
        match serde_json::from_str::<PrintedSchema>(raw.get()) {
            Ok(schema) => {
                let mut sensitive = Vec::new();
                let record = Arc::new(record(&schema.block, "", &mut sensitive, 0));
                return Some((KnownType { record, origin: Some(Arc::clone(&file.path)), sensitive }, file.below().to_owned()));
            }
            Err(error) => {
                let at = raw.get().as_ptr() as usize - text.as_ptr() as usize;
                diagnostics.push(errors::broken_provider(&error.to_string(), Span::new(id, at, at)));
            }
        }
    }
    None
}

/// The types that anything is printed of, as far as they are asked for.
pub(super) fn types(files: &[Arc<AttachedFile>], word: &str, asked: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (_, text) in files.iter().filter_map(|file| file.plain()) {
        let Ok(printed) = serde_json::from_str::<PrintedProviders<'_>>(text.trim_start_matches('\u{feff}')) else { continue };
        for provider in printed.provider_schemas.values() {
            let types = if word == "data" { &provider.data_source_schemas } else { &provider.resource_schemas };
            found.extend(types.keys().filter(|known| asked(known)).map(|known| known.to_string()));
        }
    }
    found
}

/// All types of resources of a file, and those of them that are wanted with what they take; none if it cannot be read, which is said where a type is asked for.
pub(super) fn resources(file: &AttachedFile, wanted: &[&str]) -> Option<(Vec<String>, BTreeMap<String, TableRecord>)> {
    let (_, text) = file.plain()?;
    let printed: PrintedProviders<'_> = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let types = || printed.provider_schemas.values().flat_map(|provider| &provider.resource_schemas);
    let read = |type_: &&str| {
        let (_, raw) = types().find(|(name, _)| name == type_)?;
        let schema = serde_json::from_str::<PrintedSchema>(raw.get()).ok()?;
        Some(((*type_).to_owned(), record(&schema.block, "", &mut Vec::new(), 0)))
    };
    Some((types().map(|(name, _)| name.to_string()).collect(), wanted.iter().filter_map(read).collect()))
}

/// Where a line and a column of an error are.
fn place(file: FileId, text: &str, line: usize, column: usize) -> Span {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let at = (start + column.saturating_sub(1)).min(text.len());
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    Span::new(file, at, at)
}

fn record(block: &PrintedBlock, path: &str, sensitive: &mut Vec<Arc<str>>, depth: usize) -> TableRecord {
    let mut fields = attributes(&block.attributes, path, sensitive, depth);
    if depth < SOURCE_DEPTH {
        for (name, nested) in &block.block_types {
            let inner = Arc::new(record(&nested.block, &joined(path, name), sensitive, depth + 1));
            let type_ = TableType::Record(inner);
            let (type_, nesting) = match &*nested.nesting_mode {
                "list" => (TableType::List(Arc::new(type_)), Nesting::List),
                "set" => (TableType::List(Arc::new(type_)), Nesting::Set),
                "map" => (TableType::Map(Arc::new(type_)), Nesting::Map),
                _ => (type_, Nesting::Single),
            };
            let field = TableField {
                type_,
                required: nested.min_items > 0,
                setter: Setter::Author,
                block: Some(nesting),
                replaces: Replaces::Unknown,
                key: None,
                unordered: nesting == Nesting::Set,
            };
            fields.insert(name.as_str().into(), field);
        }
    }
    TableRecord { fields, open: false }
}

fn attributes(
    attributes_: &BTreeMap<String, PrintedAttribute>,
    path: &str,
    sensitive: &mut Vec<Arc<str>>,
    depth: usize,
) -> BTreeMap<Arc<str>, TableField> {
    let field = |(name, attribute): (&String, &PrintedAttribute)| {
        let path = joined(path, name);
        if attribute.sensitive || attribute.write_only {
            sensitive.push(path.as_str().into());
        }
        let type_ = match (&attribute.nested_type, &attribute.type_) {
            (Some(object), _) if depth < SOURCE_DEPTH => nested(object, &path, sensitive, depth + 1),
            (_, Some(type_)) => type_of(type_, depth),
            (_, None) => TableType::Any,
        };
        let setter = match (attribute.required || attribute.optional, attribute.computed) {
            (true, false) | (false, false) => Setter::Author,
            (true, true) => Setter::Either,
            (false, true) => Setter::Provider,
        };
        (
            Arc::from(name.as_str()),
            TableField {
                type_,
                required: attribute.required,
                setter,
                block: None,
                replaces: Replaces::Unknown,
                key: None,
                unordered: attribute.type_.as_ref().is_some_and(is_set),
            },
        )
    };
    attributes_.iter().map(field).collect()
}

fn nested(object: &PrintedObject, path: &str, sensitive: &mut Vec<Arc<str>>, depth: usize) -> TableType {
    let fields = attributes(&object.attributes, path, sensitive, depth);
    let record = TableType::Record(Arc::new(TableRecord { fields, open: false }));
    match &*object.nesting_mode {
        "list" | "set" => TableType::List(Arc::new(record)),
        "map" => TableType::Map(Arc::new(record)),
        _ => record,
    }
}

/// A type as Terraform writes it: `"string"`, `["list", "string"]`, `["object", {…}]`.
fn type_of(type_: &Json, depth: usize) -> TableType {
    let inner = |inner: &Json| if depth < SOURCE_DEPTH { type_of(inner, depth + 1) } else { TableType::Any };
    match type_ {
        Json::String(word) => match &**word {
            "string" => TableType::String,
            "number" => TableType::Number,
            "bool" => TableType::Boolean,
            _ => TableType::Any,
        },
        Json::Array(parts) => match (parts.first().and_then(Json::as_str), parts.get(1)) {
            (Some("list" | "set"), Some(item)) => TableType::List(Arc::new(inner(item))),
            (Some("map"), Some(value)) => TableType::Map(Arc::new(inner(value))),
            (Some("object"), Some(Json::Object(fields))) => {
                let fields = fields.iter().map(|(name, type_)| (Arc::from(name.as_str()), super::record::field(inner(type_), false)));
                TableType::Record(Arc::new(TableRecord { fields: fields.collect(), open: false }))
            }
            _ => TableType::Any,
        },
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => TableType::Any,
    }
}

/// Whether a type is a set, whose order means nothing.
fn is_set(type_: &Json) -> bool {
    type_.get(0).and_then(Json::as_str) == Some("set")
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
