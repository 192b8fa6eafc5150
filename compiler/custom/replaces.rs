//! What replaces a resource, which no schema of a provider tells: from the tables of platc for the types that those have, or from a list in
//! their form that stands beside the schema, `<name>.replaces.txt`. What neither of them says is not known, which is never taken for *in place*.
//! Whether a list is right is seen next door.

use crate::files::AttachedFile;
use crate::table::{Replaces, Table, TableField, TableRecord, TableType, read_record};
use std::sync::Arc;

/// How files with such lists are called.
pub(super) const ENDING: &str = ".replaces.txt";

/// The path of the list beside a schema.
pub(super) fn beside(path: &str) -> String {
    format!("{}{ENDING}", path.trim_end_matches(".json"))
}

/// What a list says of a type.
pub(super) fn read(list: &AttachedFile, word: &str, type_: &str) -> Option<Arc<TableRecord>> {
    let (_, text) = list.plain()?;
    let title = format!("{word} {type_}");
    let mut lines = text.lines().skip_while(|line| line.trim_end() != title);
    lines.next()?;
    let below = lines.take_while(|line| line.starts_with(' ') || is_empty(line)).filter(|line| !is_empty(line));
    Some(Arc::new(read_record(&below.fold(String::new(), |text, line| text + line.trim_end() + "\n"))))
}

/// Whether a line of a list says nothing.
pub(super) fn is_empty(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#')
}

/// A record with what another one knows of what replaces it. What that does not name is `otherwise`.
pub(super) fn fill(record: &TableRecord, known: Option<&TableRecord>, otherwise: Replaces) -> TableRecord {
    let fields = record.fields.iter().map(|(name, field)| {
        let other = known.and_then(|known| known.field(name));
        let type_ = inner(&field.type_, other.map(|other| &other.type_), otherwise);
        let replaces = other.map_or(if known.is_some() { otherwise } else { field.replaces }, |other| other.replaces);
        (Arc::clone(name), TableField { type_, replaces, ..field.clone() })
    });
    TableRecord { fields: fields.collect(), open: record.open }
}

fn inner(type_: &TableType, known: Option<&TableType>, otherwise: Replaces) -> TableType {
    match (type_, known) {
        (TableType::Record(record), Some(TableType::Record(known))) => TableType::Record(Arc::new(fill(record, Some(known), otherwise))),
        (TableType::List(item), Some(known)) => TableType::List(Arc::new(inner(item, Some(repeated(known)), otherwise))),
        (TableType::Map(item), Some(known)) => TableType::Map(Arc::new(inner(item, Some(repeated(known)), otherwise))),
        (type_, _) => type_.clone(),
    }
}

/// What is repeated, of a type that is; how often a block stands, the schema says.
fn repeated(type_: &TableType) -> &TableType {
    if let TableType::List(item) | TableType::Map(item) = type_ { item } else { type_ }
}

/// Whether a change of what stands at a path replaces the resource. A block that replaces does so where it comes or goes; what changes in it goes by itself.
pub(super) fn at(record: &TableRecord, path: &[&str]) -> Replaces {
    let Some((name, rest)) = path.split_first() else { return Replaces::No };
    let Some(field) = record.field(name) else { return Replaces::Unknown };
    if rest.is_empty() || (field.replaces != Replaces::No && field.block.is_none()) {
        return field.replaces;
    }
    Table::terraform().record(field.type_.innermost()).map_or(field.replaces, |record| at(&record, rest))
}
