//! Merge conflicts that nobody resolved, in a source that cannot be read: the marks of git, said as what they are.

use super::errors;
use crate::diagnostic::Diagnostics;
use crate::span::{FileId, Span};

/// So many are reported per file.
const REPORTS: usize = 20;

/// Reports each conflict in a text; whether there are any.
pub(super) fn report(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> bool {
    let mut found = 0;
    let mut open: Option<Span> = None;
    let mut middle: Option<Span> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(file, at, at + line.trim_end().len());
        at += line.len();
        match line.get(..7) {
            Some("<<<<<<<") => (open, middle) = (Some(span), None),
            Some("=======") if open.is_some() => middle = Some(span),
            Some(">>>>>>>") => {
                if let (Some(first), Some(middle)) = (open.take(), middle.take()) {
                    diagnostics.push(errors::merge_conflict(first, middle, span));
                    found += 1;
                }
            }
            Some(_) | None => {}
        }
        if found >= REPORTS {
            break;
        }
    }
    found > 0
}
