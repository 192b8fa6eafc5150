//! Characters that no text may hold.

use super::errors;
use crate::diagnostic::Diagnostics;
use crate::source::Source;
use crate::span::{FileId, Span};

/// So many places are reported per file; a binary file has thousands.
const REPORTS: usize = 5;

/// Whether a character is a control character other than tab and line breaks: the readers of our outputs refuse these.
pub(super) fn is_control(char: char) -> bool {
    matches!(char, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\x7f')
}

/// Reports control characters that stand in a source as they are; whether there are none.
pub(super) fn check(file: FileId, source: &Source, diagnostics: &mut Diagnostics) -> bool {
    let is_control = |byte: &u8| is_control(char::from(*byte));
    if !source.text.as_bytes().iter().any(is_control) {
        return true;
    }
    for (at, byte) in source.text.bytes().enumerate().filter(|(_, byte)| is_control(byte)).take(REPORTS) {
        diagnostics.push(errors::control_character(Span::new(file, at, at + 1), char::from(byte)));
    }
    false
}
