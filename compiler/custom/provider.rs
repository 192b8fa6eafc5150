//! What `terraform providers schema -json` prints: of one type of resource, its arguments and attributes. In come texts, out go records. A file may
//! hold a thousand types; those that nobody writes are passed over without being made into anything.

use super::{KnownType, errors};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::files::AttachedFile;
use crate::limit::SOURCE_DEPTH;
use crate::name::within;
use crate::span::{FileId, Span};
use crate::table::{Nesting, Replaces, Setter, TableField, TableRecord, TableType};
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

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
    #[serde(default)]
    max_items: u64,
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

/// A file that a provider's schema was printed to. It is gone through once, when a type is first asked for; what that says of each type stays text
/// until somebody asks for the type.
#[derive(Debug)]
pub(super) struct PrintedFile {
    pub(super) file: Arc<AttachedFile>,
    index: OnceLock<ReadIndex>,
}

/// Where in the text each type stands.
#[derive(Debug, Default)]
struct PrintedIndex {
    resources: BTreeMap<String, Range<usize>>,
    data: BTreeMap<String, Range<usize>>,
    /// The providers themselves, by the last part of their addresses.
    providers: BTreeMap<String, Range<usize>>,
}

/// What came of reading a file.
type ReadIndex = Result<PrintedIndex, Box<Diagnostic>>;

impl PrintedIndex {
    fn of(&self, word: &str) -> &BTreeMap<String, Range<usize>> {
        match word {
            "resource" => &self.resources,
            "data" => &self.data,
            _ => &self.providers,
        }
    }
}

impl PrintedFile {
    pub(super) fn new(file: &Arc<AttachedFile>) -> Self {
        Self { file: Arc::clone(file), index: OnceLock::new() }
    }

    /// Where all stands, with the text; none of a file that is no text.
    fn index(&self) -> Option<(FileId, &str, &ReadIndex)> {
        let (id, text) = self.file.plain()?;
        let index = self.index.get_or_init(|| {
            let printed: PrintedProviders<'_> = serde_json::from_str(text.trim_start_matches('\u{feff}'))
                .map_err(|error| Box::new(errors::broken_provider(&error.to_string(), place(id, text, error.line(), error.column()))))?;
            let range = |raw: &RawValue| {
                let start = raw.get().as_ptr() as usize - text.as_ptr() as usize;
                start..start + raw.get().len()
            };
            let mut index = PrintedIndex::default();
            for (address, provider) in &printed.provider_schemas {
                // Of two providers the first is taken.
                let add = |to: &mut BTreeMap<String, Range<usize>>, name: &str, raw: &RawValue| {
                    to.entry(name.to_owned()).or_insert_with(|| range(raw));
                };
                provider.resource_schemas.iter().for_each(|(name, raw)| add(&mut index.resources, name, raw));
                provider.data_source_schemas.iter().for_each(|(name, raw)| add(&mut index.data, name, raw));
                let name = address.rsplit('/').next().unwrap_or_default();
                provider.provider.into_iter().for_each(|raw| add(&mut index.providers, name, raw));
            }
            Ok(index)
        });
        Some((id, text, index))
    }
}

/// What is known of a type, or of a provider, and the path of the file below `files/` that says so. Of two files the first is taken.
pub(super) fn find(files: &[PrintedFile], word: &str, type_: &str, diagnostics: &mut Diagnostics) -> Option<(KnownType, String)> {
    for printed in files {
        let Some((id, text, index)) = printed.index() else { continue };
        let index = match index {
            Ok(index) => index,
            Err(fault) => {
                // Of a file that does not speak of the type nothing is missed.
                text.contains(type_).then(|| Diagnostic::clone(fault)).into_iter().for_each(|fault| diagnostics.push(fault));
                continue;
            }
        };
        let Some(range) = index.of(word).get(type_) else { continue };
        match serde_json::from_str::<PrintedSchema>(text.get(range.clone()).unwrap_or_default()) {
            Ok(schema) => {
                let mut sensitive = Vec::new();
                let record = Arc::new(record(&schema.block, "", &mut sensitive, 0));
                let known = KnownType { record, origin: Some(Arc::clone(&printed.file.path)), sensitive };
                return Some((known, printed.file.below().to_owned()));
            }
            Err(error) => diagnostics.push(errors::broken_provider(&error.to_string(), Span::new(id, range.start, range.start))),
        }
    }
    None
}

/// The types that anything is printed of, as far as they are asked for.
pub(super) fn types(files: &[PrintedFile], word: &str, asked: impl Fn(&str) -> bool) -> Vec<String> {
    let indexes = files.iter().filter_map(|printed| printed.index()?.2.as_ref().ok());
    let word = if word == "data" { word } else { "resource" };
    indexes.flat_map(|index| index.of(word).keys()).filter(|known| asked(known)).cloned().collect()
}

/// All types of resources of a file, and those of them that are wanted with what they take; none if it cannot be read, which is said where a type is asked for.
pub(super) fn resources(printed: &PrintedFile, wanted: &[&str]) -> Option<(Vec<String>, BTreeMap<String, TableRecord>)> {
    let (_, text, index) = printed.index()?;
    let known = &index.as_ref().ok()?.resources;
    let read = |type_: &&str| {
        let schema = serde_json::from_str::<PrintedSchema>(text.get(known.get(*type_)?.clone())?).ok()?;
        Some(((*type_).to_owned(), record(&schema.block, "", &mut Vec::new(), 0)))
    };
    Some((known.keys().cloned().collect(), wanted.iter().filter_map(read).collect()))
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
            let inner = Arc::new(record(&nested.block, &within(path, name), sensitive, depth + 1));
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
                // Terraform prints no bound as zero.
                count: (nested.min_items, (nested.max_items > 0).then_some(nested.max_items)),
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
        let path = within(path, name);
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
                count: (0, None),
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
