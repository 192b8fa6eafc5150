//! Texts that a comma has cut: in a map between braces it ends what has no quotes, and the rest is read as fields without a value. In come the
//! entries of a map, out goes what belongs together. Nothing is guessed of entries that have a value.

use crate::source::Sources;
use crate::span::Span;
use crate::value::{Data, Entry};

/// A text that was cut.
pub(super) struct CutText {
    /// How many entries behind that of its beginning it was made into.
    pub(super) entries: usize,
    /// The first comma in it.
    pub(super) comma: Span,
    /// All of it.
    pub(super) whole: Span,
}

/// The text that begins in the value of the first of some entries, if a comma has cut it.
pub(super) fn cut(entries: &[Entry], sources: &Sources) -> Option<CutText> {
    let (first, behind) = entries.split_first()?;
    if !matches!(first.value.data, Data::String(_) | Data::Template(_)) || sources.text(first.value.origin.span).starts_with(['"', '\'']) {
        return None;
    }
    let (start, mut end) = (first.value.origin.span, first.value.origin.span.end);
    let mut found = None;
    for (at, entry) in behind.iter().enumerate() {
        let (so_far, gap) = (Span { end, ..start }, Span { start: end, end: entry.span.start, ..start });
        let is_bare = matches!(entry.value.data, Data::Null) && is_without_colon(entry.span, sources);
        if entry.span.file != start.file || entry.span.start < end || !is_bare || sources.text(gap).trim() != "," {
            break;
        }
        end = entry.span.end;
        if is_open(sources.text(so_far)) || !is_word(sources.text(entry.span)) {
            found = Some((at + 1, end));
        }
    }
    let (entries, end) = found?;
    let behind = sources.text(Span { end, ..start }).get((start.end - start.start) as usize..)?;
    let comma = start.end + u32::try_from(behind.find(',')?).ok()?;
    Some(CutText { entries, comma: Span { start: comma, end: comma + 1, ..start }, whole: Span { end, ..start } })
}

/// Whether nothing but a comma or the end of the map stands behind a key.
fn is_without_colon(key: Span, sources: &Sources) -> bool {
    let text = sources.get(key.file).and_then(|source| source.text.get(key.end as usize..));
    text.is_some_and(|rest| rest.trim_start().starts_with([',', '}']))
}

/// Whether a parenthesis or a quote is open at the end of a text.
fn is_open(text: &str) -> bool {
    let (mut quoted, mut depth) = (false, 0i32);
    for char in text.chars() {
        match char {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
    }
    quoted || depth > 0
}

/// Whether a text could be a field.
fn is_word(text: &str) -> bool {
    text.starts_with('$') || text.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.'))
}
