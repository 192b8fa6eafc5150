//! Words for errors of TOML syntax. The parser gives a sentence and a place; doubles get the place of the first, and the usual slips
//! of people who come from YAML get words of their own.

use super::{duplicate_key, shown, text_of};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::{FileId, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

/// A report for each error the parser found.
pub(in super::super) fn toml_syntax(file: FileId, source: &str, table: &Spanned<DeTable<'_>>, found: &[Error]) -> Vec<Diagnostic> {
    found.iter().map(|error| report(file, source, table.get_ref(), error)).collect()
}

fn report(file: FileId, source: &str, table: &DeTable<'_>, error: &Error) -> Diagnostic {
    let range = error.span().unwrap_or(0..0);
    let span = Span::new(file, range.start.min(source.len()), range.end.min(source.len()));
    let written = text_of(source, span);
    let message = error.message();
    let (what, expected) = match message.split_once(", expected ") {
        Some((what, expected)) => (what, Some(expected)),
        None => (message, None),
    };
    let error = |message: String, label: &str| Diagnostic::error(Code::TomlSyntax, message, span, label);
    match what {
        "duplicate key" => duplicate(file, source, table, span),
        "string values must be quoted" => {
            let diagnostic = error(format!("text must be quoted in TOML: `{}`", shown(written)), "not a number, a date, `true` or `false`");
            let diagnostic = diagnostic.hint("put it between quotes");
            match super::quoted(written).filter(|_| !written.is_empty() && !written.contains(['=', '#'])) {
                Some(quoted) => diagnostic.replace(span, quoted),
                None => diagnostic,
            }
        }
        "extra `=`" | "missing assignment between key-value pairs" | "key with no value"
            if source.get(range.clone()).is_some_and(|text| text.starts_with(':')) =>
        {
            error("TOML joins key and value with `=`, not with `:`".to_owned(), "a colon").hint("write `=`").replace(span, " =")
        }
        "cannot recurse further; max recursion depth met" | "recursion limit" => super::too_deep(span, Span::new(file, 0, 0)),
        what => {
            let label = expected.map_or_else(|| "not understood".to_owned(), |expected| format!("expected {expected}"));
            let diagnostic = error(sentence(what), &label);
            match hint(what) {
                Some(hint) => diagnostic.hint(hint),
                None => diagnostic,
            }
        }
    }
}

/// The parser's words in ours.
fn sentence(what: &str) -> String {
    match what {
        "missing value" | "missing value for key" | "invalid value" => "a value is missing".to_owned(),
        "invalid unquoted key" => "this key must be quoted".to_owned(),
        "unquoted keys cannot be empty" => "a key is missing".to_owned(),
        "unclosed table" | "unclosed array table" => "the header is never closed".to_owned(),
        "unclosed array" => "`[` is never closed".to_owned(),
        "unclosed inline table" => "`{` is never closed".to_owned(),
        "unexpected leading zero" => "a number cannot begin with 0".to_owned(),
        "carriage return must be followed by newline" => "a carriage return stands without a line feed".to_owned(),
        "missing escaped value" => "this is not an escape".to_owned(),
        what => what.to_owned(),
    }
}

fn hint(what: &str) -> Option<&'static str> {
    Some(match what {
        "unexpected leading zero" => "quote it if it is text, write `0o…` if it is octal",
        "invalid unquoted key" => "put the key between quotes; bare keys hold letters, digits, `-` and `_`",
        "unclosed array" => "write the missing `]`",
        "unclosed inline table" => "write the missing `}`",
        "unclosed table" | "unclosed array table" => "write the missing `]` on the same line",
        "missing escaped value" => "double the backslash (`\\\\`), or put the text between `'`, where backslashes are plain",
        "missing value" | "missing value for key" | "invalid value" => "write the value after `=`; TOML has no null",
        "key with no value" => "write `key = value`",
        _ => return None,
    })
}

/// A key or header that was there before, with the place of the first.
fn duplicate(file: FileId, source: &str, table: &DeTable<'_>, span: Span) -> Diagnostic {
    let key = bare(text_of(source, span));
    let path = header_path(source, span);
    let first = match &path {
        Some(path) => at_path(table, path),
        None => nearest_before(table, &key, span.start as usize),
    };
    match first {
        Some(first) if first.start < span.start as usize => duplicate_key(&key, span, Span::new(file, first.start, first.end)),
        Some(_) | None => {
            Diagnostic::error(Code::DuplicateKey, format!("key `{}` is written twice", shown(&key)), span, "written again here")
                .hint("keep one of them, or join their values below one key")
        }
    }
}

fn bare(written: &str) -> String {
    written.trim_matches(['"', '\'']).to_owned()
}

/// The keys of the header that the span stands in, up to the span.
fn header_path(source: &str, span: Span) -> Option<Vec<String>> {
    let start = span.start as usize;
    let line_start = source.get(..start)?.rfind('\n').map_or(0, |found| found + 1);
    let header = source.get(line_start..span.end as usize)?.trim_start();
    let keys = header.strip_prefix("[[").or_else(|| header.strip_prefix('['))?;
    let line = format!("{keys}=0");
    let parsed = DeTable::parse(&line).ok()?;
    let mut path = Vec::new();
    let mut table = parsed.get_ref();
    while let Some((key, value)) = table.iter().next() {
        path.push(key.get_ref().to_string());
        match value.get_ref().as_table() {
            Some(inner) => table = inner,
            None => break,
        }
    }
    Some(path)
}

fn at_path(table: &DeTable<'_>, path: &[String]) -> Option<std::ops::Range<usize>> {
    let (first, rest) = path.split_first()?;
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == first)?;
    if rest.is_empty() {
        return Some(key.span());
    }
    match value.get_ref() {
        DeValue::Table(table) => at_path(table, rest),
        DeValue::Array(items) => at_path(items.iter().last()?.get_ref().as_table()?, rest),
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => None,
    }
}

/// The last key of this name before a place. Doubles stand in the same table, and what is between them belongs to it too.
fn nearest_before(table: &DeTable<'_>, name: &str, before: usize) -> Option<std::ops::Range<usize>> {
    let mut best: Option<std::ops::Range<usize>> = None;
    let mut tables = vec![table];
    let mut values: Vec<&DeValue<'_>> = Vec::new();
    loop {
        if let Some(table) = tables.pop() {
            for (key, value) in table {
                let span = key.span();
                if key.get_ref() == name && span.start < before && best.as_ref().is_none_or(|best| best.start < span.start) {
                    best = Some(span);
                }
                values.push(value.get_ref());
            }
        } else if let Some(value) = values.pop() {
            match value {
                DeValue::Table(table) => tables.push(table),
                DeValue::Array(items) => values.extend(items.iter().map(Spanned::get_ref)),
                DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
            }
        } else {
            return best;
        }
    }
}
