//! From the text of a table to its parts. A line without indentation begins a section; a line below is `name type flags…`, and the fields
//! of a record stand one space deeper. What a line does not say plainly is taken as anything. Lines end as the checkout ends them: a table
//! with carriage returns is the same table.

use super::{ItemKey, Nesting, Replaces, Setter, Table, TableField, TableRecord, TableSection, TableType};
use crate::variants::variants;
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Lines;
use std::sync::{Arc, OnceLock};

/// Divides texts into sections, without reading them.
pub(super) fn table(texts: &[&'static str]) -> Table {
    let mut table = Table { sections: BTreeMap::new(), origins: BTreeMap::new(), sensitive: BTreeMap::new() };
    for text in texts {
        divide(text, &mut table);
    }
    table
}

fn divide(text: &'static str, table: &mut Table) {
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        let length = end(after);
        let body = after.get(..length).unwrap_or_default();
        rest = after.get(length..).unwrap_or_default();
        let line = line.trim_end_matches('\r');
        if let Some((of, release)) = line.strip_prefix("origin ").and_then(|line| line.split_once(' ')) {
            table.origins.insert(of, release);
        } else if let Some(line) = line.strip_prefix("sensitive ") {
            // The title of the section is two words, the others are paths.
            let title = line.match_indices(' ').nth(1).and_then(|(at, _)| line.split_at_checked(at));
            table.sensitive.extend(title.map(|(title, paths)| (title, paths.split_whitespace().collect())));
        } else if !line.starts_with('#') {
            let (title, open) = line.strip_suffix(" open").map_or((line, false), |title| (title, true));
            table.sections.insert(title, TableSection { text: body, open, record: OnceLock::new() });
        }
    }
}

/// Where the indented lines that a text begins with end.
fn end(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| line.starts_with(' ')).map(str::len).sum()
}

/// The fields that stand in the lines of a section.
pub(crate) fn open_record(text: &str) -> TableRecord {
    record(text, true)
}

/// The fields of a section.
pub(super) fn record(text: &str, open: bool) -> TableRecord {
    fields(&mut text.lines().peekable(), 1, open)
}

fn depth(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn fields(lines: &mut Peekable<Lines<'_>>, indent: usize, open: bool) -> TableRecord {
    let mut fields_ = BTreeMap::new();
    while let Some(line) = lines.next_if(|line| depth(line) >= indent) {
        let mut words = line.trim_start().split(' ');
        let (name, type_) = (words.next().unwrap_or_default(), words.next().unwrap_or("any"));
        let type_ = parse(type_, lines, indent);
        let mut field = TableField {
            type_,
            required: false,
            setter: Setter::Author,
            block: None,
            count: (0, None),
            replaces: Replaces::No,
            key: None,
            unordered: false,
        };
        for flag in words {
            match FieldFlag::from_word(flag) {
                Some(FieldFlag::Required) => field.required = true,
                Some(FieldFlag::Computed) => field.setter = Setter::Either,
                Some(FieldFlag::Readonly) => field.setter = Setter::Provider,
                Some(FieldFlag::Replaces) => field.replaces = Replaces::Yes,
                Some(FieldFlag::MayReplace) => field.replaces = Replaces::Maybe,
                Some(FieldFlag::Unordered) => field.unordered = true,
                Some(FieldFlag::Single) => field.block = Some(Nesting::Single),
                Some(FieldFlag::List) => field.block = Some(Nesting::List),
                Some(FieldFlag::Set) => field.block = Some(Nesting::Set),
                Some(FieldFlag::Map) => field.block = Some(Nesting::Map),
                // Nothing more is known of it than that it is a block.
                Some(FieldFlag::Block) => {}
                None => field.key = key(flag).or(field.key),
            }
        }
        field.type_ = match field.block {
            Some(Nesting::List | Nesting::Set) => TableType::List(Arc::new(field.type_)),
            Some(Nesting::Map) => TableType::Map(Arc::new(field.type_)),
            Some(Nesting::Single) | None => field.type_,
        };
        fields_.insert(Arc::from(name), field);
    }
    TableRecord { fields: fields_, open }
}

fn parse(word: &str, lines: &mut Peekable<Lines<'_>>, indent: usize) -> TableType {
    if let Some(item) = word.strip_prefix("[]") {
        return TableType::List(Arc::new(parse(item, lines, indent)));
    }
    if let Some(value) = word.strip_prefix("{}") {
        return TableType::Map(Arc::new(parse(value, lines, indent)));
    }
    match TypeWord::from_word(word) {
        Some(TypeWord::Any) => TableType::Any,
        Some(TypeWord::Object) => TableType::Object,
        Some(TypeWord::String) => TableType::String,
        Some(TypeWord::Integer) => TableType::Integer,
        Some(TypeWord::Number) => TableType::Number,
        Some(TypeWord::Boolean) => TableType::Boolean,
        Some(TypeWord::Quantity) => TableType::Quantity,
        Some(TypeWord::IntegerOrString) => TableType::IntegerOrString,
        Some(TypeWord::Record) => TableType::Record(Arc::new(fields(lines, indent + 1, false))),
        Some(TypeWord::Open) => TableType::Record(Arc::new(fields(lines, indent + 1, true))),
        None => TableType::Named(word.into()),
    }
}

/// By what items are told apart, if a word behind a type says that.
pub(crate) fn key(flag: &str) -> Option<ItemKey> {
    flag.strip_prefix("by:").map(ItemKey::read)
}

/// What is in the lists and maps that a type of a line is.
pub(crate) fn without_collections(mut type_: &str) -> &str {
    while let Some(inner) = type_.strip_prefix("[]").or_else(|| type_.strip_prefix("{}")) {
        type_ = inner;
    }
    type_
}

variants! {
    /// The types that a line may give, beside names of records.
    #[allow(missing_docs, reason = "each is explained at the type that it is")]
    pub(crate) enum TypeWord(word, from_word) {
        String = "string",
        Integer = "integer",
        Number = "number",
        Boolean = "boolean",
        Any = "any",
        Object = "object",
        Quantity = "quantity",
        IntegerOrString = "int-or-string",
        Record = "record",
        Open = "open",
    }
}

variants! {
    /// What may stand behind the type, beside the key of a list.
    #[allow(missing_docs, reason = "each is explained at the field of a table that it sets")]
    pub(crate) enum FieldFlag(word, from_word) {
        Replaces = "replaces",
        MayReplace = "may-replace",
        Required = "required",
        Computed = "computed",
        Readonly = "readonly",
        Unordered = "unordered",
        Block = "block",
        Single = "single",
        List = "list",
        Set = "set",
        Map = "map",
    }
}
