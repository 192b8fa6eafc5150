//! Words for errors of TOML syntax. The parser gives a sentence and a place; doubles get the place of the first, and the usual slips
//! of people who come from YAML get words of their own.

use super::{duplicate_key, shown, text_of};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::span::{FileId, Span};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

/// So many errors are reported per file.
const REPORTS: usize = 50;

/// A report for each error the parser found, but one for each line: what follows on the same line comes from the first.
pub(in super::super) fn toml_syntax(file: FileId, source: &str, table: &Spanned<DeTable<'_>>, found: &[Error]) -> Vec<Diagnostic> {
    let mut reports = Vec::new();
    let mut told: Option<usize> = None;
    // The last header that was there before.
    let mut twice: Option<Vec<String>> = None;
    // The parser tells lexical errors and others in turns.
    let mut found: Vec<&Error> = found.iter().collect();
    found.sort_by_key(|error| error.span().map(|span| span.start));
    for error in found {
        let range = error.span().unwrap_or(0..0);
        let span = Span::new(file, range.start.min(source.len()), range.end.min(source.len()));
        if what(error.message()).0 == "unexpected `=` in array" {
            // An array that is not closed swallows the keys below it, an error for each.
            while reports.last().is_some_and(|last: &Diagnostic| last.message == MISSING_COMMA) {
                reports.pop();
            }
            reports.push(unclosed_array(source, span));
            break;
        }
        // The end of the line that was told about last.
        if told.is_some_and(|end| range.start <= end) {
            continue;
        }
        if what(error.message()).0 == DUPLICATE {
            if twice.as_ref().is_some_and(|twice| follows(source, span, twice)) {
                continue;
            }
            twice = header_path(source, range.start, range.end).or(twice);
        }
        told = Some(source.get(range.start..).and_then(|rest| rest.find('\n')).map_or(source.len(), |found| range.start + found));
        reports.push(report(source, table.get_ref(), error.message(), span));
        if reports.len() >= REPORTS {
            break;
        }
    }
    reports
}

const DUPLICATE: &str = "duplicate key";

const MISSING_COMMA: &str = "missing comma between array elements";

/// The parser's sentence, and what it expected.
fn what(message: &str) -> (&str, Option<&str>) {
    match message.split_once(", expected ") {
        Some((what, expected)) => (what, Some(expected)),
        None => (message, None),
    }
}

fn error(message: impl Into<String>, span: Span, label: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::TomlSyntax, message, span, label)
}

fn unclosed_array(source: &str, span: Span) -> Diagnostic {
    let open = source.get(..span.start as usize).and_then(|before| before.rfind('[')).unwrap_or(0);
    error("`[` is never closed", Span::new(span.file, open, open + 1), "opened here")
        .label(span, "a key below it")
        .hint("write the missing `]`")
}

fn report(source: &str, table: &DeTable<'_>, message: &str, span: Span) -> Diagnostic {
    let written = text_of(source, span);
    let rest = source.get(span.start as usize..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let (what, expected) = what(message);
    match what {
        DUPLICATE => duplicate(source, table, span),
        "string values must be quoted" | "invalid boolean" if !written.is_empty() => {
            // The parser stops at the first character that no bare value holds, such as the brace of an expression.
            let whole = rest.split(['#', ',', ']', '"', '\'']).next().unwrap_or("").trim_end();
            let span = Span { end: span.start + u32::try_from(whole.len()).unwrap_or(0), ..span };
            let diagnostic =
                error(format!("text must be quoted in TOML: `{}`", shown(whole)), span, "not a number, a date, `true` or `false`");
            let diagnostic = diagnostic.hint("put it between quotes");
            let sure = !whole.contains('=') && whole.len() == rest.trim_end().len();
            match super::quoted(whole).filter(|_| sure) {
                Some(quoted) => diagnostic.replace(span, quoted),
                None => diagnostic,
            }
        }
        "invalid unquoted key" | "key with no value" | "missing assignment between key-value pairs" if rest.starts_with(':') => {
            error("TOML joins key and value with `=`, not with `:`", Span { end: span.start + 1, ..span }, "a colon")
                .hint("write `=`")
                .replace(Span { end: span.start + 1, ..span }, " =")
        }
        "cannot recurse further; max recursion depth met" | "recursion limit" => super::too_deep(span, Span { start: 0, end: 0, ..span }),
        "invalid basic string" | "invalid literal string" | "invalid multi-line basic string" | "invalid multi-line literal string"
            if expected.is_some_and(|expected| expected.starts_with(['`', '\''])) =>
        {
            let open = source.get(..span.start as usize).and_then(|before| before.rfind(['"', '\''])).unwrap_or(0);
            error("this quote is never closed", Span::new(span.file, open, open + 1), "opened here")
                .hint("write the missing quote at the end of the text")
        }
        what if what.starts_with("cannot extend") => {
            error(format!("`{}` has a value already and cannot hold keys", shown(written)), span, "used as a table here")
                .hint("write the keys into one table, or rename one of them")
        }
        what => {
            let label = expected
                .filter(|expected| *expected != "nothing")
                .map_or_else(|| "not understood".to_owned(), |expected| format!("expected {expected}"));
            let diagnostic = error(sentence(what), span, label);
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
        "missing value" | "missing value for key" | "invalid value" | "string values must be quoted" => "a value is missing".to_owned(),
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
        "missing value" | "missing value for key" | "invalid value" | "string values must be quoted" => {
            "write the value after `=`; TOML has no null"
        }
        "key with no value" => "write `key = value`",
        _ => return None,
    })
}

/// A key or header that was there before, with the place of the first.
fn duplicate(source: &str, table: &DeTable<'_>, span: Span) -> Diagnostic {
    let key = bare(text_of(source, span));
    let first = match header_path(source, span.start as usize, span.end as usize) {
        Some(path) => header_before(source, span.start as usize, &path),
        None => nearest_before(table, &key, span.start as usize),
    };
    match first {
        Some(first) => duplicate_key(&key, span, Span::new(span.file, first.start, first.end)),
        None => Diagnostic::error(Code::DuplicateKey, format!("key `{}` is written twice", shown(&key)), span, "written again here")
            .hint("keep one of them, or join their values below one key"),
    }
}

fn bare(written: &str) -> String {
    written.trim_matches(['"', '\'']).to_owned()
}

/// The keys of the header that a place stands in, up to `end`.
fn header_path(source: &str, start: usize, end: usize) -> Option<Vec<String>> {
    let line_start = source.get(..start)?.rfind('\n').map_or(0, |found| found + 1);
    let header = source.get(line_start..end)?.trim_start();
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

/// The last header of this path before a place; the tree does not keep a table whose header is repeated.
fn header_before(source: &str, before: usize, path: &[String]) -> Option<Range<usize>> {
    headers_before(source, before).find(|(_, known)| known == path).map(|(range, _)| range)
}

/// The headers of lines before that of a place, the last one first.
fn headers_before(source: &str, before: usize) -> impl Iterator<Item = (Range<usize>, Vec<String>)> {
    let mut end = source.get(..before).and_then(|text| text.rfind('\n'));
    std::iter::from_fn(move || {
        loop {
            let line_end = end?;
            let start = source.get(..line_end)?.rfind('\n').map_or(0, |found| found + 1);
            end = start.checked_sub(1);
            let line = source.get(start..line_end)?.trim_end();
            if let Some(close) = line.rfind(']').filter(|_| line.trim_start().starts_with('['))
                && let Some(inside) = line.get(..close).map(|line| line.trim_end_matches(']').len())
                && let Some(path) = header_path(source, start, start + inside)
            {
                return Some((start..start + line.len(), path));
            }
        }
    })
}

/// Whether a key or header stands below a header that is there twice: its own double is no mistake of its own.
fn follows(source: &str, span: Span, twice: &[String]) -> bool {
    let at = span.start as usize;
    match header_path(source, at, span.end as usize) {
        Some(path) => path.len() > twice.len() && path.starts_with(twice),
        None => headers_before(source, at).next().is_some_and(|(_, path)| path.starts_with(twice)),
    }
}

/// The last key of this name before a place. Doubles stand in the same table, and what is between them belongs to it too.
fn nearest_before(table: &DeTable<'_>, name: &str, before: usize) -> Option<Range<usize>> {
    let mut best: Option<Range<usize>> = None;
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
