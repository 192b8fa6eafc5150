//! Whether a list of what replaces a resource is right: its lines, and the names in them, which the schema beside it has. In come both files, out
//! goes what is to be said. A word that nobody knows would else read as *in place*, which is the one thing that must not be wrong.

use super::provider::PrintedFile;
use super::replaces::is_empty;
use super::{errors, provider};
use crate::diagnostic::Diagnostics;
use crate::files::AttachedFile;
use crate::span::{FileId, Span};
use crate::table::{FieldFlag, Table, TableRecord, TypeWord, item_key, without_collections};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reports what is wrong with a list.
pub(super) fn check(list: &AttachedFile, schema: &PrintedFile, diagnostics: &mut Diagnostics) {
    let Some((file, text)) = list.plain() else { return };
    let titles: Vec<&str> = text.lines().filter_map(|line| line.trim_end().strip_prefix("resource ")).collect();
    let Some((known, records)) = provider::resources(schema, &titles) else { return };
    let mut check = ListCheck { file, known, records, open: Vec::new(), titles: BTreeMap::new(), is_lost: false, diagnostics };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if !is_empty(line) {
            check.line(line.trim_end(), at);
        }
        at += line.len();
    }
}

struct ListCheck<'a> {
    file: FileId,
    /// The types of resources that the schema has.
    known: Vec<String>,
    /// What those take that the list names.
    records: BTreeMap<String, TableRecord>,
    /// Of what the lines are that may come next, by depth.
    open: Vec<ListedRecord>,
    titles: BTreeMap<String, Span>,
    /// Whether the last title was none.
    is_lost: bool,
    diagnostics: &'a mut Diagnostics,
}

/// What lines at one depth name arguments of.
struct ListedRecord {
    name: String,
    /// None if the type is not known, which was said.
    record: Option<Arc<TableRecord>>,
    lines: BTreeMap<String, Span>,
}

impl ListCheck<'_> {
    fn span(&self, at: usize, word: &str) -> Span {
        Span::new(self.file, at, at + word.len())
    }

    fn line(&mut self, line: &str, at: usize) {
        let depth = line.len() - line.trim_start_matches(' ').len();
        let bare = line.get(depth..).unwrap_or_default();
        let place = self.span(at + depth, bare);
        if depth == 0 {
            return self.title(bare, at, place);
        }
        if depth > self.open.len() {
            // Below a title that is wrong nothing more is said.
            if !self.is_lost {
                self.diagnostics.push(errors::listed_below_nothing(place, self.open.last().map(|around| &*around.name)));
            }
            return;
        }
        self.open.truncate(depth);
        self.argument(bare, at + depth);
    }

    fn title(&mut self, bare: &str, at: usize, place: Span) {
        self.open.clear();
        self.is_lost = true;
        let Some(type_) = bare.strip_prefix("resource ").filter(|type_| !type_.is_empty() && !type_.contains(' ')) else {
            return self.diagnostics.push(errors::list_of_what(place));
        };
        self.is_lost = false;
        let place = self.span(at + bare.len() - type_.len(), type_);
        if let Some(first) = self.titles.insert(type_.to_owned(), place) {
            self.diagnostics.push(errors::listed_twice(type_, first, place));
        }
        let record = self.records.get(type_).cloned().map(Arc::new);
        if record.is_none() {
            self.diagnostics.push(errors::listed_unknown_type(type_, place, &self.known));
        }
        self.open.push(ListedRecord { name: type_.to_owned(), record, lines: BTreeMap::new() });
    }

    fn argument(&mut self, bare: &str, at: usize) {
        let mut words = Vec::new();
        let mut start = at;
        for word in bare.split(' ') {
            words.push((word, self.span(start, word)));
            start += word.len() + 1;
        }
        let mut words = words.into_iter().filter(|(word, _)| !word.is_empty());
        let Some((name, place)) = words.next() else { return };
        let Some(around) = self.open.last_mut() else { return };
        if let Some(first) = around.lines.insert(name.to_owned(), place) {
            self.diagnostics.push(errors::listed_twice(name, first, place));
        }
        let field = around.record.as_ref().and_then(|record| record.field(name));
        if let (Some(record), None) = (&around.record, field) {
            self.diagnostics.push(errors::listed_unknown_argument(&around.name, name, place, record));
        }
        let inner = field.and_then(|field| Table::terraform().record(field.type_.innermost()));
        let Some((type_, place)) = words.next() else {
            return self.diagnostics.push(errors::listed_without_type(name, place));
        };
        let bare = without_collections(type_);
        let is_known = TypeWord::from_word(bare).is_some() || Table::terraform().section(&format!("type {bare}")).is_some();
        if !is_known {
            self.diagnostics.push(errors::listed_unknown_word("type", bare, place, &TypeWord::ALL.map(TypeWord::word)));
        }
        for (flag, place) in words {
            if FieldFlag::from_word(flag).is_none() && item_key(flag).is_none() {
                self.diagnostics.push(errors::listed_unknown_word("word", flag, place, &FieldFlag::ALL.map(FieldFlag::word)));
            }
        }
        if !is_known || matches!(bare, "record" | "open") {
            self.open.push(ListedRecord { name: name.to_owned(), record: inner, lines: BTreeMap::new() });
        }
    }
}
