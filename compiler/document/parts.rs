//! The documents of a text in YAML, without reading it: a line that begins with `---` ends what came before, whatever that was, so that the
//! parts can be told apart, left alone or read one by one; and the document in such a part.

use super::{Node, yaml};
use crate::diagnostic::Diagnostics;
use crate::span::FileId;
use std::ops::Range;

/// The parts of a text that may hold a document each; those that are empty are left out.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    let mut is_over = false;
    std::iter::from_fn(move || {
        while !is_over {
            let start = from;
            let end = match next(text, start) {
                Some((end, after)) => {
                    from = after;
                    end
                }
                None => {
                    is_over = true;
                    text.len()
                }
            };
            if text.get(start..end).is_some_and(holds_something) {
                return Some(start..end);
            }
        }
        None
    })
}

/// Where the next line with a mark begins, and where the mark ends.
fn next(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let rest = text.get(at..)?;
        // What follows a mark on its line belongs to its document.
        let is_first = at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n');
        if is_first
            && rest.starts_with("---")
            && rest.get(3..).is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
        {
            return Some((at, at + 3));
        }
        at += rest.find("\n---")? + 1;
    }
}

fn holds_something(part: &str) -> bool {
    part.lines().map(str::trim).any(|line| !line.is_empty() && !line.starts_with('#') && line != "...")
}

/// Parses a text of several documents, of whatever form; none if one of them cannot be read.
pub(super) fn documents(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Option<Vec<Node>> {
    let mut documents = Vec::new();
    for part in parts(text) {
        documents.push(document(file, text, part, diagnostics)?);
    }
    Some(documents)
}

/// Parses the document in a part of a text; none if it cannot be read.
pub(super) fn document(file: FileId, text: &str, part: Range<usize>, diagnostics: &mut Diagnostics) -> Option<Node> {
    match yaml::events((file, text), part, diagnostics) {
        Ok(builder) if builder.refused => None,
        Ok(builder) => builder.root,
        Err(error) => {
            diagnostics.push(*error);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_ends_what_came_before() {
        for (text, expected) in [
            ("a: 1\n", &["a: 1\n"][..]),
            ("---\na: 1\n---\nb: 2\n", &["\na: 1\n", "\nb: 2\n"]),
            ("# first\n---\na: 1\n--- # second\nb: 2\n---\n", &["\na: 1\n", " # second\nb: 2\n"]),
            ("a: |\n  x\n ---\n---\r\nb: 2", &["a: |\n  x\n ---\n", "\r\nb: 2"]),
            ("a: ----\n----: b\n", &["a: ----\n----: b\n"]),
            ("---\n---\n...\n", &[]),
            ("", &[]),
        ] {
            let found: Vec<&str> = parts(text).map(|part| text.get(part).unwrap()).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
