//! Brackets on one line: `[a, b]` and `{ a: 1 }`.

/// Writes brackets that begin at `start` and end before `end` with one space where one belongs. What stands between the signs is copied;
/// brackets whose signs are not plain to see are copied as a whole.
pub(super) fn render(text: &str, start: usize, end: usize, out: &mut String) {
    let source = text.get(start..end).unwrap_or("");
    match spaced(source) {
        Some(spaced) => out.push_str(&spaced),
        None => out.push_str(source),
    }
}

fn spaced(source: &str) -> Option<String> {
    let mut out = String::with_capacity(source.len() + 8);
    let mut rest = source;
    while let Some(char) = rest.chars().next() {
        let after = rest.get(char.len_utf8()..)?;
        match char {
            '{' | '[' => {
                let close = if char == '{' { '}' } else { ']' };
                let inside = after.trim_start();
                out.push(char);
                rest = inside;
                if let Some(after) = inside.strip_prefix(close) {
                    out.push(close);
                    rest = after;
                } else if char == '{' {
                    out.push(' ');
                }
            }
            '}' | ']' => {
                trim(&mut out);
                // A comma before the end says nothing.
                if out.ends_with(',') {
                    out.pop();
                }
                if char == '}' {
                    out.push(' ');
                }
                out.push(char);
                rest = after;
            }
            ',' => {
                trim(&mut out);
                out.push_str(", ");
                rest = after.trim_start();
            }
            '"' | '\'' => {
                let length = quoted_length(rest)?;
                out.push_str(rest.get(..length)?);
                rest = rest.get(length..)?;
            }
            ':' if out.ends_with(['"', '\'']) || after.starts_with([' ', ',', ']', '}']) => {
                trim(&mut out);
                out.push(':');
                rest = after.trim_start();
                if !rest.starts_with([',', ']', '}']) {
                    out.push(' ');
                }
            }
            // Aliases, anchors and tags take characters that are signs elsewhere; a comment cannot stand on one line with what follows.
            '&' | '*' | '!' | '#' if !out.ends_with(|char: char| char.is_alphanumeric()) => return None,
            ' ' | '\t' => {
                out.push(' ');
                rest = after.trim_start();
            }
            char => {
                out.push(char);
                rest = after;
            }
        }
    }
    Some(out)
}

fn trim(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
}

/// Length of a quoted text, quotes included.
fn quoted_length(text: &str) -> Option<usize> {
    let quote = text.chars().next()?;
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, char)) = chars.next() {
        if quote == '"' && char == '\\' {
            chars.next();
        } else if char == quote {
            if quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') {
                chars.next();
            } else {
                return Some(at + char.len_utf8());
            }
        }
    }
    None
}
