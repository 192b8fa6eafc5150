//! Edits where a name stands between quotes. In comes a report, out goes the same with an edit that can be read.

use super::Diagnostic;
use crate::code::Code;
use crate::source::{Grammar, Sources};

/// A name that takes the place of a quoted one is quoted too, and so is one in TOML that needs quotes as a key.
pub(super) fn keep(diagnostic: &mut Diagnostic, sources: &Sources) {
    let is_value = matches!(diagnostic.code, Code::WrongType);
    let Some(replacement) = diagnostic.replacement.as_mut().filter(|edit| !is_value && !edit.text.starts_with(['"', '\''])) else { return };
    let is_word = |signs: &str| {
        !replacement.text.is_empty() && replacement.text.chars().all(|char| char.is_ascii_alphanumeric() || signs.contains(char))
    };
    let old = sources.text(replacement.span);
    let is_toml = sources.get(replacement.span.file).is_some_and(|source| source.grammar == Grammar::Toml);
    let is_bare = !old.is_empty() && old.chars().all(|char| char.is_ascii_alphanumeric() || "-_".contains(char));
    let quote = ['"', '\''].into_iter().find(|quote| old.len() > 1 && old.starts_with(*quote) && old.ends_with(*quote));
    // An expression in a key stays between quotes, too.
    if let Some(quote) = quote.filter(|_| is_word("-_./$+=!{}@ ") && !replacement.text.starts_with('{')) {
        replacement.text = format!("{quote}{}{quote}", replacement.text);
    } else if is_toml && is_bare && replacement.text.starts_with('$') && is_word("-_./$") {
        replacement.text = format!("\"{}\"", replacement.text);
    }
}
