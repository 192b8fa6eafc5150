//! Edits where a name stands between quotes. In comes a report, out goes the same with an edit that can be read.

use super::Diagnostic;
use crate::code::Code;
use crate::source::Sources;

/// A name that takes the place of a quoted one is quoted too.
pub(super) fn keep(diagnostic: &mut Diagnostic, sources: &Sources) {
    let Some(replacement) = &mut diagnostic.replacement else { return };
    let old = sources.text(replacement.span);
    if let Some(quote) = ['"', '\''].into_iter().find(|quote| old.len() > 1 && old.starts_with(*quote) && old.ends_with(*quote))
        && !replacement.text.starts_with(['"', '\''])
        && replacement.text.chars().all(|char| char.is_ascii_alphanumeric() || "-_./".contains(char))
        && !matches!(diagnostic.code, Code::WrongType)
    {
        replacement.text = format!("{quote}{}{quote}", replacement.text);
    }
}
