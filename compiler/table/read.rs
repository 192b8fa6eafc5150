//! From the text of a table to its parts. A line without indentation begins a section; a line below is `name type flags…`, and the fields
//! of a record stand one space deeper. What a line does not say plainly is taken as anything. Lines end as the checkout ends them: a table
//! with carriage returns is the same table.

use super::{ItemKey, Nesting, Replaces, Setter, Table, TableField, TableRecord, TableSection, TableType};
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
        let mut field =
            TableField { type_, required: false, setter: Setter::Author, block: None, replaces: Replaces::No, key: None, unordered: false };
        for flag in words {
            match flag {
                "required" => field.required = true,
                "computed" => field.setter = Setter::Either,
                "readonly" => field.setter = Setter::Provider,
                "replaces" => field.replaces = Replaces::Yes,
                "may-replace" => field.replaces = Replaces::Maybe,
                "unordered" => field.unordered = true,
                "single" => field.block = Some(Nesting::Single),
                "list" => field.block = Some(Nesting::List),
                "set" => field.block = Some(Nesting::Set),
                "map" => field.block = Some(Nesting::Map),
                other => field.key = other.strip_prefix("by:").map(ItemKey::read).or(field.key),
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
    match word {
        "any" => TableType::Any,
        "object" => TableType::Object,
        "string" => TableType::String,
        "integer" => TableType::Integer,
        "number" => TableType::Number,
        "boolean" => TableType::Boolean,
        "quantity" => TableType::Quantity,
        "int-or-string" => TableType::IntegerOrString,
        "record" | "open" => TableType::Record(Arc::new(fields(lines, indent + 1, word == "open"))),
        name => TableType::Named(name.into()),
    }
}
