//! What stands beside the value of a secret field. Many a password begins with `#`, `!` or `&`, and is read as a comment, a tag or an anchor;
//! comments tell former ones. In comes a field, its surroundings become secret.

use super::Secrets;
use crate::source::Sources;
use crate::span::Span;
use crate::value::Entry;

/// What separates a key from its value.
const OPENING: [char; 5] = [':', '=', ' ', '\n', '\r'];
/// With what comments, tags, anchors, aliases and blocks begin.
const SIGILS: [char; 6] = ['#', '!', '&', '*', '|', '>'];

impl Secrets {
    /// Adds what stands between the key of a secret field and its value, and the comment behind it.
    pub fn add_beside(&mut self, entry: &Entry, sources: &Sources) {
        let (key, value) = (entry.span, entry.value.origin.span);
        let Some(source) = sources.get(key.file) else { return };
        let part = |start: u32, end: usize| source.text.get(start as usize..end).unwrap_or_default();
        let line = |start: u32| part(start, source.text.len()).lines().next().unwrap_or_default();
        // A value that was repeated by an alias, or joined from several tables, stands elsewhere.
        let follows = value.file == key.file && value.start >= key.end && value.start < value.end;
        if follows {
            let between = part(key.end, value.start as usize).trim_end();
            let said = between.trim_start_matches(OPENING);
            self.place_last(key, between, said);
            said.split_whitespace().for_each(|word| self.text(word.trim_start_matches(SIGILS)));
            let behind = line(value.end);
            self.place_last(value, behind, if behind.trim_start().starts_with('#') { behind.trim_start() } else { "" });
        } else {
            let behind = line(key.end);
            let said = behind.trim_start_matches(OPENING);
            if said.starts_with(SIGILS) {
                self.place_last(key, behind, said);
                self.text(said.trim_matches(SIGILS).trim());
            }
        }
    }

    /// Adds the end of a text that stands behind a place.
    fn place_last(&mut self, before: Span, text: &str, end: &str) {
        let start = before.end as usize + text.len() - end.len();
        self.place(Span::new(before.file, start, start + end.len()));
    }
}
