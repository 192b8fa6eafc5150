//! What must not be shown: the places of secret values in sources, and the texts that stand there. In come places, out go the answers to
//! "may this be shown?", sources with those places blacked out, and diagnostics without those texts. It knows no schema: who fills it does.

mod beside;
mod black;
mod conceal;
mod login;
mod places;
mod suspect;
mod unread;
mod veil;

pub use conceal::argument_value;
pub use login::{holds_login, names_credential};
pub use suspect::may_hold_credentials;
pub use veil::Veil;

use crate::source::Sources;
use crate::span::Span;
use crate::value::{Data, Entry, Map, Value};
use places::Places;
use std::collections::BTreeSet;
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

impl Secrets {
    /// No secrets yet, but the names of all fields that are declared so.
    #[must_use]
    pub fn named(names: BTreeSet<Arc<str>>) -> Self {
        Self { names, ..Self::default() }
    }

    /// The same secrets for other sources: their texts and names without their places.
    #[must_use]
    pub fn elsewhere(self) -> Self {
        Self { written: Places::default(), doubtful: Places::default(), made: Places::default(), ..self }
    }

    /// Adds a secret value, with all inside it and all it overrode.
    pub fn add(&mut self, value: &Value, sources: &Sources) {
        self.place(value.origin.span);
        match &value.data {
            Data::List(list) => list.items().iter().for_each(|item| self.add(item, sources)),
            Data::Map(map) => map.entries().iter().for_each(|entry| self.add(&entry.value, sources)),
            Data::String(text) => self.text(text),
            Data::Int(int) => self.text(&int.to_string()),
            Data::Float(float) => self.text(&float.to_string()),
            Data::Template(template) => template.texts().iter().for_each(|text| self.text(text)),
            // What it begins with is what it overrides.
            Data::Pending(pending) => self.add(&pending.entry.value, sources),
            Data::Null | Data::Bool(_) | Data::Late(_) | Data::Broken => {}
        }
        if !matches!(value.data, Data::List(_) | Data::Map(_) | Data::Null | Data::Bool(_)) {
            let written = sources.text(value.origin.span).trim_matches(['"', '\'']);
            self.text(written);
            // What begins with a star is read as an alias, and named in the report that there is no such anchor.
            self.text(written.trim_start_matches('*'));
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
        self.names.extend(other.names.iter().cloned());
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.made.is_empty() && self.doubtful.is_empty()
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
            | Data::Pending(_)
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

    /// The keys of a map that may be told; none of a secret one.
    pub fn keys<'v>(&self, value: &'v Value) -> impl Iterator<Item = &'v str> + use<'v> {
        let map = value.as_map().filter(|_| !self.hides(value));
        map.map(Map::entries).unwrap_or_default().iter().map(|entry| &*entry.key)
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
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => Value::string(HIDDEN, value.origin),
        }
    }

    /// Whether the text at a place is a secret, or part of one.
    #[must_use]
    pub fn covers(&self, span: Span) -> bool {
        self.written.meet(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use crate::diagnostic::Diagnostic;
    use crate::origin::{LayerId, Origin};
    use crate::source::{Grammar, Source};
    use crate::span::FileId;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD as BASE64;

    /// A source, and the places of its words.
    fn source(text: &str) -> (Sources, FileId, impl Fn(&str) -> Span) {
        let mut sources = Sources::default();
        let file = sources.add(Source { path: "a.yaml".into(), text: text.into(), grammar: Grammar::Yaml, library: false });
        let text = text.to_owned();
        (sources, file, move |word: &str| {
            let start = text.find(word).unwrap();
            Span::new(file, start, start + word.len())
        })
    }

    #[test]
    fn what_is_written_once_is_secret_wherever_it_is_repeated() {
        let (sources, file, at) = source("a: &x hunter2\nb: *x1\nc: *x2\nd: other\n");
        let aliases = [(at("*x1"), at("hunter2")), (at("*x2"), at("hunter2"))];
        for secret in ["hunter2", "*x1", "*x2"] {
            let mut secrets = Secrets::default();
            secrets.place(at(secret));
            secrets.share(&aliases);
            let black = secrets.veil().blacked_out(&sources);
            assert_eq!(black.get(file).map(|source| &*source.text), Some("a: &x *******\nb: ***\nc: ***\nd: other\n"), "{secret}");
        }
        let mut secrets = Secrets::default();
        secrets.doubt(at("*x1"));
        secrets.share(&aliases);
        assert!(secrets.hides(&Value::string("", Origin { span: at("*x2"), layer: LayerId::COMPUTED })));
    }

    #[test]
    fn what_stands_beside_a_secret_is_one() {
        for (text, value, expected) in [
            ("a: !hunter2 x # old\nb: 1\n", "x", "a: ******** x *****\nb: 1\n"),
            ("a: &hunter2 x\nb: *hunter2\n", "x", "a: ******** x\nb: ********\n"),
            ("a: #hunter2\nb: 1\n", "", "a: ********\nb: 1\n"),
            ("a: x # old\nb: hunter2 # old\n", "x", "a: x *****\nb: hunter2 # old\n"),
            ("a = x # old\n", "x", "a = x *****\n"),
            ("{ a: x, b: 1 } # all\n", "x", "{ a: x, b: 1 } # all\n"),
        ] {
            let (sources, file, at) = source(text);
            let end = at("a").end as usize + 1;
            let span = if value.is_empty() { Span::new(file, end, end) } else { at(value) };
            let entry = Entry::plain("a", at("a"), Value::string(value, Origin { span, layer: LayerId::COMPUTED }));
            let mut secrets = Secrets::default();
            secrets.add_beside(&entry, &sources);
            let black = secrets.veil().blacked_out(&sources);
            assert_eq!(black.get(file).map(|source| &*source.text), Some(expected));
        }
    }

    #[test]
    fn texts_are_black_wherever_they_stand_again() {
        let (sources, file, at) = source("a: hunter2\nb: is hunter2, not hunter3\n# aHVudGVyMg==\n");
        let mut secrets = Secrets::default();
        secrets.add(&Value::string("hunter2", Origin { span: at("hunter2"), layer: LayerId::COMPUTED }), &sources);
        let black = secrets.veil().blacked_out(&sources);
        assert_eq!(black.get(file).map(|source| &*source.text), Some("a: *******\nb: is *******, not hunter3\n# ************\n"));
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
        let black = secrets.veil().blacked_out(&sources);
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
