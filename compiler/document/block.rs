//! Block texts of YAML (`|`, `>`) at the end of a file. In comes such a text with its place, out goes what kubectl reads there: a last line
//! without a line break ends without one, where the parser of this room adds it.

/// The text without the line break that no source has.
pub(super) fn as_written<'a>(text: &'a str, source: &str, start: usize, end: usize) -> &'a str {
    let Some(rest) = text.strip_suffix('\n').filter(|_| end >= source.len()) else { return text };
    let line_of = |at: usize| {
        let before = source.get(..at).unwrap_or_default();
        before.rfind(['\n', '\r']).map_or(0, |found| found + 1)
    };
    let last = source.get(line_of(source.len())..).unwrap_or_default();
    let indentation = start - line_of(start);
    // A comment behind the text, and blanks that only go on with its indentation, are no line of it.
    let is_line = last.len() > indentation && last.bytes().take(indentation).all(|byte| byte == b' ');
    if is_line { rest } else { text }
}
