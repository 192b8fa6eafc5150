//! What must not be shown: the places of secret values in sources, and the texts that stand there. In come places, out go the answers to
//! "may this be shown?", sources with those places blacked out, and diagnostics without those texts. It knows no schema: who fills it does.

mod login;
mod unread;
mod veil;

pub use login::holds_login;
pub use veil::Veil;

use crate::source::Sources;
use crate::span::{FileId, Span};
use crate::value::{Data, Entry, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is shown in place of a secret value.
pub const HIDDEN: &str = "(secret)";

/// Texts with fewer characters are taken out of a diagnostic only if it points to a secret.
const TELLING: usize = 6;

/// Places and texts that must not be shown.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    /// Where secret values stand.
    written: Places,
    /// What is not shown because it may be a secret: nobody knows what it was meant for.
    doubtful: Places,
    /// Expressions that read a secret: what they made is one, their text is not.
    made: Places,
    /// What stands at the secret places.
    texts: BTreeSet<String>,
    /// What stands at the doubtful ones.
    doubtful_texts: BTreeSet<String>,
    /// The names of all fields that are declared secret.
    pub names: BTreeSet<Arc<str>>,
}

/// Disjoint ranges by file: their ends by their starts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Places(BTreeMap<FileId, BTreeMap<u32, u32>>);

impl Places {
    fn add(&mut self, span: Span) {
        if span.start == span.end {
            return;
        }
        let ranges = self.0.entry(span.file).or_default();
        let (mut start, mut end) = (span.start, span.end);
        while let Some((&from, &to)) = ranges.range(..=end).next_back().filter(|(_, to)| **to >= start) {
            ranges.remove(&from);
            (start, end) = (start.min(from), end.max(to));
        }
        ranges.insert(start, end);
    }

    fn append(&mut self, other: &Places) {
        for (file, ranges) in &other.0 {
            ranges.iter().for_each(|(start, end)| self.add(Span { file: *file, start: *start, end: *end }));
        }
    }

    /// Whether a range shares a byte with one of these.
    fn meet(&self, span: Span) -> bool {
        let before = self.0.get(&span.file).and_then(|ranges| ranges.range(..span.end).next_back());
        before.is_some_and(|(_, end)| *end > span.start)
    }

    /// Whether a range lies in one of these.
    fn hold(&self, span: Span) -> bool {
        let before = self.0.get(&span.file).and_then(|ranges| ranges.range(..=span.start).next_back());
        before.is_some_and(|(_, end)| *end >= span.end && *end > span.start)
    }
}

impl Secrets {
    /// Adds a secret value, with all inside it and all it overrode.
    pub fn add(&mut self, value: &Value, sources: &Sources) {
        self.place(value.origin.span);
        match &value.data {
            Data::List(list) => list.items().iter().for_each(|item| self.add(item, sources)),
            Data::Map(map) => map.entries().iter().for_each(|entry| self.add(&entry.value, sources)),
            Data::String(text) => self.text(text),
            Data::Int(int) => self.text(&int.to_string()),
            Data::Float(float) => self.text(&float.to_string()),
            // Words in quotes inside of an expression are texts of their own.
            Data::Template(_) => sources.text(value.origin.span).split(['"', '\'', '{', '}', '$']).for_each(|text| self.text(text)),
            Data::Null | Data::Bool(_) | Data::Late(_) | Data::Broken => {}
        }
        if !matches!(value.data, Data::List(_) | Data::Map(_) | Data::Null | Data::Bool(_)) {
            self.text(sources.text(value.origin.span).trim_matches(['"', '\'']));
        }
        if let Some(older) = value.overridden() {
            self.add(older, sources);
        }
    }

    /// Adds the keys inside a secret value that no schema names: they are as secret as what they lead to.
    pub fn add_keys(&mut self, value: &Value) {
        for entry in value.as_map().map(Map::entries).unwrap_or_default() {
            self.place(entry.span);
            self.text(&entry.key);
            self.add_keys(&entry.value);
        }
        value.as_list().unwrap_or_default().iter().for_each(|item| self.add_keys(item));
        if let Some(older) = value.overridden() {
            self.add_keys(older);
        }
    }

    /// Makes values that are written once and used twice secret in all uses if they are in one: `aliases` lead from where a value is
    /// repeated to where it was written.
    pub fn share(&mut self, aliases: &[(Span, Span)]) {
        // A value is found secret through any of its uses, and then each use has to be gone through again.
        let places = [&mut self.written, &mut self.doubtful];
        for places in places {
            for (alias, written) in aliases {
                if places.hold(*alias) {
                    places.add(*written);
                }
            }
            for (alias, written) in aliases {
                if places.hold(*written) {
                    places.add(*alias);
                }
            }
        }
    }

    /// Adds a place where a secret value stands.
    pub fn place(&mut self, span: Span) {
        self.written.add(span);
    }

    /// Adds a place that is not drawn because it may hold a secret.
    pub fn doubt(&mut self, span: Span) {
        self.doubtful.add(span);
    }

    /// Adds a value that is not drawn because it may be a secret.
    pub fn doubt_value(&mut self, value: &Value, sources: &Sources) {
        let mut others = Secrets::default();
        others.add(value, sources);
        self.doubtful.append(&others.written);
        self.doubtful_texts.append(&mut others.texts);
    }

    /// Adds a text that may be a secret.
    pub fn doubt_text(&mut self, text: &str) {
        let mut others = Secrets::default();
        others.text(text);
        self.doubtful_texts.append(&mut others.texts);
    }

    /// Adds the place of an expression that read a secret.
    pub fn made(&mut self, span: Span) {
        self.made.add(span);
    }

    /// Adds a text that stands at a secret place, or is made of one.
    fn text(&mut self, text: &str) {
        if text.chars().count() > 1 && !matches!(text, "true" | "false" | "null") {
            self.texts.insert(text.to_owned());
            self.texts.extend(text.lines().map(str::trim).filter(|line| line.len() >= TELLING).map(str::to_owned));
        }
    }

    /// Adds what others know.
    pub fn append(&mut self, other: &Secrets) {
        self.written.append(&other.written);
        self.doubtful.append(&other.doubtful);
        self.made.append(&other.made);
        self.texts.extend(other.texts.iter().cloned());
        self.doubtful_texts.extend(other.doubtful_texts.iter().cloned());
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.written.0.is_empty() && self.made.0.is_empty() && self.doubtful.0.is_empty()
    }

    /// Whether a value must not be shown: it stands where a secret does, or an expression made it of one. What is inside a map or a list
    /// is asked for by itself.
    #[must_use]
    pub fn hides(&self, value: &Value) -> bool {
        if self.is_empty() {
            return false;
        }
        let span = value.origin.span;
        match &value.data {
            Data::List(_) | Data::Map(_) => self.written.hold(span) || self.made.hold(span) || self.doubtful.hold(span),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Late(_)
            | Data::Broken => self.written.meet(span) || self.made.hold(span) || self.doubtful.meet(span),
        }
    }

    /// Whether anything inside a value must not be shown, or the value itself.
    #[must_use]
    pub fn hides_part(&self, value: &Value) -> bool {
        !self.is_empty()
            && (self.hides(value)
                || value.as_list().unwrap_or_default().iter().any(|item| self.hides_part(item))
                || value.as_map().map(Map::entries).unwrap_or_default().iter().any(|entry| self.hides_part(&entry.value)))
    }

    /// A value in which everything that must not be shown is replaced.
    #[must_use]
    pub fn shown(&self, value: &Value) -> Value {
        if !self.hides_part(value) {
            return value.clone();
        }
        match &value.data {
            Data::Map(map) if !self.hides(value) => {
                let entry = |entry: &Entry| Entry { value: self.shown(&entry.value), ..entry.clone() };
                Value::map(map.entries().iter().map(entry).collect(), value.origin)
            }
            Data::List(list) if !self.hides(value) => Value::list(list.items().iter().map(|item| self.shown(item)).collect(), value.origin),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::List(_)
            | Data::Map(_)
            | Data::Template(_)
            | Data::Late(_)
            | Data::Broken => Value::string(HIDDEN, value.origin),
        }
    }

    /// Whether the text at a place is a secret, or part of one.
    #[must_use]
    pub fn covers(&self, span: Span) -> bool {
        self.written.meet(span)
    }

    /// The sources with every place blacked out that must not be drawn. Lines and columns stay where they were.
    #[must_use]
    pub fn blacked_out(&self, sources: &Sources) -> Sources {
        let mut all = self.written.clone();
        all.append(&self.doubtful);
        let mut result = sources.clone();
        for (file, ranges) in &all.0 {
            let Some(source) = sources.get(*file) else { continue };
            let mut text = String::with_capacity(source.text.len());
            for (at, char) in source.text.char_indices() {
                let at = u32::try_from(at).unwrap_or(u32::MAX);
                let black = ranges.range(..=at).next_back().is_some_and(|(_, end)| *end > at);
                text.push(if black { blot(char) } else { char });
            }
            result.replace_text(*file, text.into());
        }
        result
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use crate::diagnostic::Diagnostic;
    use crate::origin::{LayerId, Origin};
    use crate::source::{Grammar, Source};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD as BASE64;

    #[test]
    fn places_meet_and_hold() {
        let span = |start, end| Span { file: FileId(0), start, end };
        let mut places = Places::default();
        for (start, end) in [(10, 20), (40, 50), (5, 5), (18, 30), (29, 41)] {
            places.add(span(start, end));
        }
        assert_eq!(places.0.get(&FileId(0)), Some(&BTreeMap::from([(10, 50)])));
        for (start, end, meet, hold) in [(0, 10, false, false), (0, 11, true, false), (10, 50, true, true), (49, 51, true, false)] {
            assert_eq!((places.meet(span(start, end)), places.hold(span(start, end))), (meet, hold), "{start}..{end}");
        }
    }

    #[test]
    fn nothing_is_left_of_a_secret() {
        let text = "a: { token: \"hünter\\n2\", b: 1 }\n";
        let mut sources = Sources::default();
        let file = sources.add(Source { path: "a.yaml".into(), text: text.into(), grammar: Grammar::Yaml, library: false });
        let at = Span::new(file, 12, 24);
        let value = Value::string("hünter\n2", Origin { span: at, layer: LayerId::COMPUTED });
        let mut secrets = Secrets::default();
        secrets.add(&value, &sources);
        assert!(secrets.hides(&value));
        assert_eq!(sources.text(at), "\"hünter\\n2\"");
        let black = secrets.blacked_out(&sources);
        assert_eq!(black.get(file).map(|source| &*source.text), Some("a: { token: **·********, b: 1 }\n"));
        let base64 = BASE64.encode("hünter\n2");
        let mut diagnostic =
            Diagnostic::error(Code::BadFormat, "found `hünter\n2`", at, "not \"hünter\\n2\"").hint(base64).replace(at, "x");
        secrets.veil().draw(&mut diagnostic);
        assert_eq!(diagnostic.message, "found `(secret)`");
        assert_eq!(diagnostic.primary.unwrap().text, "not \"(secret)\"");
        assert_eq!(diagnostic.hint.as_deref(), Some("(secret)"));
        assert_eq!(diagnostic.replacement, None);
    }
}
