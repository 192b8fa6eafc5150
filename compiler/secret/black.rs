//! Sources in which secrets are blacked out. In come texts, out go texts of the same length and lines, so that every place stays where it was.

use super::Veil;
use crate::source::Sources;
use crate::span::Span;

impl Veil<'_> {
    /// The sources with every place blacked out that must not be drawn, and every other one where the text of a secret stands once more.
    #[must_use]
    pub fn blacked_out(&self, sources: &Sources) -> Sources {
        let mut all = self.secrets.written.clone();
        all.append(&self.secrets.doubtful);
        for (file, source) in sources.iter().filter(|(_, source)| !source.library) {
            self.repeated(&source.text).into_iter().for_each(|(start, end)| all.add(Span::new(file, start, end)));
        }
        let mut result = sources.clone();
        for (file, ranges) in all.files() {
            let Some(source) = sources.get(file) else { continue };
            let mut text = String::with_capacity(source.text.len());
            let mut rest = 0;
            for (start, end) in ranges {
                let (start, end) = (boundary(&source.text, start), boundary(&source.text, end));
                text.push_str(source.text.get(rest..start).unwrap_or_default());
                text.extend(source.text.get(start..end).unwrap_or_default().chars().map(blot));
                rest = end;
            }
            text.push_str(source.text.get(rest..).unwrap_or_default());
            result.replace_text(file, text.into());
        }
        result
    }
}

/// A place between characters, at or before this one.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// A character of as many bytes that says nothing. Line breaks stay.
fn blot(char: char) -> char {
    match (char, char.len_utf8()) {
        ('\n' | '\r', _) => char,
        (_, 1) => '*',
        (_, 2) => '·',
        (_, 3) => '•',
        (_, _) => '𐩒',
    }
}
