//! The words of templates, checked where a class writes them, with the types of what loops and conditions give.

use super::super::directive::{self, Directive, OWNER};
use super::super::errors;
use super::{OutputType, SectionWalk, innocent};
use crate::expression::{Target, Ty};
use crate::files::FILE;
use crate::path::Step;
use crate::value::{Data, Entry, Map, Operator, Value};
use std::sync::Arc;

/// A word beside `$value` that only outputs have.
const SENSITIVE: &str = "$sensitive";
/// A word that only the section of files has.
const HIDDEN: &str = "$hidden";

/// Words that have a meaning in one place only, and which.
const ELSEWHERE: [(&str, &str); 3] =
    [(SENSITIVE, "beside the `$value` of an output"), (HIDDEN, "at the top of `files`"), (OWNER, "on an object in `manifests`")];

/// What is known of a section before anything in it is looked at: its names.
pub(in crate::definition) fn shape(section: &Value) -> Ty {
    let entries = section.as_map().map(Map::entries).unwrap_or_default();
    let is_open = entries.iter().any(|entry| entry.template.is_some() || &*entry.key == Directive::Spread.word());
    let fields = entries.iter().filter(|entry| !directive::is_word(entry) && entry.template.is_none());
    let fields = fields.map(|entry| (Arc::clone(&entry.key), Ty::Dyn)).collect();
    if is_open { Ty::open_record(fields) } else { Ty::record(fields) }
}

/// What is found in a map.
#[derive(Default)]
struct Fields {
    named: Vec<(Arc<str>, Ty)>,
    /// The type of what stands below `$value`.
    value: Option<Ty>,
    /// The type of entries whose keys are expressions.
    made: Option<Ty>,
    /// Whether there may be any others.
    is_open: bool,
}

impl SectionWalk<'_, '_> {
    /// Checks a section as a whole, which may have a condition and no loop.
    pub(in crate::definition) fn section(&mut self, name: &str, section: &Value) -> Ty {
        let Some(map) = section.as_map() else { return self.value(section) };
        self.misplaced(map);
        self.takes_files = name != "let";
        let (others, of_entries): (&[&str], &[&str]) = match name {
            "files" => (&[HIDDEN], &[]),
            "manifests" => (&[], &[OWNER]),
            _ => (&[], &[]),
        };
        self.fields(map, others, of_entries).type_()
    }

    /// The outputs of a class, by name, as far as their names are known.
    pub(super) fn outputs(&mut self, section: &Value) -> Vec<(Arc<str>, OutputType)> {
        let Some(map) = section.as_map() else { return Vec::new() };
        self.misplaced(map);
        self.takes_files = false;
        let mut found = Vec::with_capacity(map.entries().len());
        for entry in map.entries() {
            let output = |type_, is_made| OutputType { type_, span: entry.value.origin.span, is_made };
            if !directive::is_word(entry) {
                let type_ = self.entry(entry, &[SENSITIVE]);
                found.push((Arc::clone(&entry.key), output(type_, entry.template.is_some())));
                continue;
            }
            let mut merged = Fields::default();
            self.word(entry, &[], &mut merged);
            found.extend(merged.named.into_iter().map(|(name, type_)| (name, output(type_, false))));
            if merged.is_open {
                found.push((Arc::clone(&entry.key), output(Ty::Dyn, true)));
            }
        }
        found
    }

    fn misplaced(&mut self, section: &Map) {
        for directive in [Directive::For, Directive::Value, Directive::Verbatim] {
            if let Some(entry) = section.entry(directive.word()) {
                self.diagnostics.push(errors::word_in_section(&entry.key, entry.span));
            }
        }
    }

    pub(super) fn list(&mut self, items: &[Value]) -> Ty {
        let mut common: Option<Ty> = None;
        for item in items {
            let item = if self.words { self.looped(item, |walk| walk.present(item, &[])) } else { self.value(item) };
            common = Some(joined(common, item));
        }
        Ty::list(common.unwrap_or(Ty::Dyn))
    }

    /// A map with words; beside those of templates it may have some others.
    pub(super) fn map(&mut self, map: &Map, others: &[&str]) -> Ty {
        if let Some(named) = map.entry(FILE) {
            return self.file(map, named);
        }
        for directive in [Directive::Value, Directive::Verbatim] {
            let Some(alone) = map.entry(directive.word()) else { continue };
            let allowed = [Directive::If, Directive::For, Directive::Use].map(Directive::word);
            let is_beside = |entry: &&Entry| {
                entry.span != alone.span
                    && !(directive::is_word(entry) && (allowed.contains(&&*entry.key) || others.contains(&&*entry.key)))
            };
            if let Some(beside) = map.entries().iter().find(is_beside) {
                self.diagnostics.push(errors::beside_value(directive, alone.span, &beside.key, beside.span));
            }
            return self.fields(map, others, &[]).value.unwrap_or(Ty::Dyn);
        }
        self.fields(map, others, &[]).type_()
    }

    fn fields(&mut self, map: &Map, others: &[&str], of_entries: &[&str]) -> Fields {
        let mut fields = Fields::default();
        // What fragments brought stands before what names them, or behind it.
        if let Some(used) = map.get(Directive::Use.word()) {
            self.uses(used);
        }
        for entry in map.entries() {
            if !directive::is_word(entry) {
                let type_ = self.entry(entry, of_entries);
                fields.is_open |= !matches!(entry.operator, Operator::Merge | Operator::Lock);
                match &entry.template {
                    Some(_) => fields.made = Some(joined(fields.made.take(), type_)),
                    None => fields.add(&entry.key, type_),
                }
                continue;
            }
            self.word(entry, others, &mut fields);
        }
        fields
    }

    fn word(&mut self, entry: &Entry, others: &[&str], fields: &mut Fields) {
        match Directive::from_word(&entry.key) {
            Some(Directive::If) => self.condition(&entry.value, "`$if`"),
            Some(Directive::For | Directive::Verbatim | Directive::Use) => {}
            Some(Directive::Value) => fields.value = Some(self.value(&entry.value)),
            Some(Directive::Spread) => {
                let type_ = self.value(&entry.value);
                self.spread(entry, &type_, fields);
            }
            None if !others.contains(&&*entry.key) => {
                let known = ELSEWHERE.iter().find(|(word, _)| *word == &*entry.key);
                self.diagnostics.push(match known {
                    Some((word, place)) => errors::word_elsewhere(word, place, entry.span),
                    None => errors::unknown_directive(&entry.key, entry.span),
                });
            }
            None if &*entry.key == OWNER => self.owner(&entry.value),
            None if &*entry.key == SENSITIVE && entry.value.as_bool().is_none() => {
                self.diagnostics.push(errors::sensitive_unclear(&entry.value));
            }
            None => {}
        }
    }

    fn owner(&mut self, said: &Value) {
        let early = self.early.take();
        let type_ = self.value(said);
        self.early = early;
        let is_thing = type_.may(|type_| matches!(type_, Ty::Record(record) if record.thing.is_some()));
        if !is_thing {
            self.diagnostics.push(errors::owner_is_no_thing(said.origin.span, type_.describe()));
        }
    }

    fn spread(&mut self, entry: &Entry, type_: &Ty, fields: &mut Fields) {
        if let Ty::Record(record) = type_ {
            record.fields.iter().for_each(|(name, type_)| fields.add(name, type_.clone()));
            fields.is_open |= record.open;
            return;
        }
        if !type_.may(|type_| matches!(type_, Ty::Record(_) | Ty::Map(_) | Ty::Null | Ty::Optional(_) | Ty::Late(_))) {
            self.diagnostics.push(errors::spread_needs_map(type_.describe(), entry.value.origin.span));
        }
        fields.is_open = true;
    }

    /// An entry of a map with its loop; what is in it may have further words.
    fn entry(&mut self, entry: &Entry, others: &[&str]) -> Ty {
        // There is nothing in it: it takes something away.
        if entry.operator == Operator::Remove && matches!(entry.value.data, Data::Null) {
            return Ty::Dyn;
        }
        self.looped(&entry.value, |walk| {
            if let Some(key) = &entry.template {
                walk.template(key);
            }
            walk.iterators_in_key(entry);
            walk.present(&entry.value, others)
        })
    }

    /// The type of a value where it is there.
    fn present(&mut self, value: &Value, others: &[&str]) -> Ty {
        let type_ = match &value.data {
            Data::Map(map) => self.map(map, others),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::List(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => self.value(value),
        };
        // One that gives nothing is left out.
        let may_be_left_out = || directive::gives_optional(value.get(Directive::Value.word()).unwrap_or(value));
        if let Ty::Optional(inner) = &type_
            && may_be_left_out()
        {
            return (**inner).clone();
        }
        type_
    }

    /// Checks that the key of a loop differs from round to round.
    fn iterators_in_key(&mut self, entry: &Entry) {
        let references = entry.template.iter().flat_map(|template| template.references());
        let used: Vec<Arc<str>> = references
            .filter_map(|reference| match reference.steps.split_first() {
                Some((Step::Key(first), [Step::Key(iterator), ..])) if &**first == "index" => Some(Arc::clone(iterator)),
                Some((Step::Key(first), _)) => Some(Arc::clone(first)),
                Some((Step::Item(_), _)) | None => None,
            })
            .collect();
        let iterators = entry.value.get(Directive::For.word()).and_then(Value::as_map).map(Map::entries).unwrap_or_default();
        // A name that nobody knows, which is told, may be meant for the iterator.
        if used.iter().any(|name| !self.knows(name, iterators)) {
            return;
        }
        if let Some(unused) = iterators.iter().find(|iterator| !used.contains(&iterator.key)) {
            self.diagnostics.push(errors::iterator_not_in_key(&unused.key, unused.span, entry.span));
        }
    }

    /// Whether a name stands for something, or is that of an iterator.
    pub(in crate::definition) fn knows(&self, name: &str, iterators: &[Entry]) -> bool {
        self.scope.get(name).is_some() || iterators.iter().any(|iterator| *iterator.key == *name)
    }

    /// Works with the iterators of a value's own `$for` in scope.
    pub(in crate::definition) fn looped<T>(&mut self, value: &Value, work: impl FnOnce(&mut Self) -> T) -> T {
        let Some(loops) = value.get(Directive::For.word()) else { return work(self) };
        let iterators = loops.as_map().map(Map::entries).unwrap_or_default();
        if iterators.is_empty() && !loops.is_broken() {
            self.diagnostics.push(errors::loop_needs_map(loops.origin.span));
        }
        let (depth, counted) = (self.scope.names.len(), self.positions.len());
        let mut positions = match self.scope.get("index") {
            Some(Ty::Record(record)) => record.fields.clone(),
            Some(_) | None => Vec::new(),
        };
        for iterator in iterators {
            if !is_identifier(&iterator.key) {
                self.diagnostics.push(errors::iterator_name(&iterator.key, iterator.span));
            }
            let target = std::mem::replace(&mut self.target, Target::Plain);
            let early = self.early.take();
            let emits = std::mem::replace(&mut self.emits, false);
            let over = self.value(&iterator.value);
            (self.target, self.early, self.emits) = (target, early, emits);
            let item = self.iterated(iterator, &over);
            self.counts(iterator);
            positions.push((Arc::clone(&iterator.key), Ty::Int));
            let index = ("index".into(), Ty::record(positions.clone()));
            // The next list may read the positions of the iterators before it.
            match self.scope.names.get_mut(depth) {
                Some(known) => *known = index,
                None => self.scope.names.push(index),
            }
            self.scope.names.push((Arc::clone(&iterator.key), item));
        }
        let result = work(self);
        self.scope.names.truncate(depth);
        self.positions.truncate(counted);
        result
    }

    /// What an iterator stands for that runs over something of a type.
    fn iterated(&mut self, iterator: &Entry, over: &Ty) -> Ty {
        let key = if innocent::runs_over_plural(iterator, over) { Ty::Written } else { Ty::String };
        let pair = |value: Ty| Ty::record(vec![("key".into(), key.clone()), ("value".into(), value)]);
        match over {
            Ty::List(item) => (**item).clone(),
            Ty::Map(value) => pair((**value).clone()),
            Ty::Record(record) => {
                let types = record.fields.iter().map(|(_, type_)| type_.clone());
                let common = types.fold(None, |common, type_| Some(joined(common, type_))).filter(|_| !record.open);
                pair(common.unwrap_or(Ty::Dyn))
            }
            Ty::OneOf(_) if over.may(|type_| matches!(type_, Ty::List(_) | Ty::Map(_) | Ty::Record(_))) => Ty::Dyn,
            Ty::Dyn | Ty::Unknown => Ty::Dyn,
            Ty::Late(_) => {
                self.diagnostics.push(errors::decided_late(iterator.value.origin.span, "`$for`"));
                Ty::Unknown
            }
            Ty::Null
            | Ty::Bool
            | Ty::Int
            | Ty::Uint
            | Ty::Double
            | Ty::Number
            | Ty::String
            | Ty::Name(_)
            | Ty::Written
            | Ty::Bytes
            | Ty::Type
            | Ty::In(_)
            | Ty::OneOf(_)
            | Ty::Optional(_) => {
                self.diagnostics.push(errors::loop_needs_list(over, iterator.value.origin.span));
                Ty::Unknown
            }
        }
    }
}

impl Fields {
    /// An entry of a name; one that was merged in before is no longer what it was.
    fn add(&mut self, name: &Arc<str>, type_: Ty) {
        match self.named.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = Ty::Dyn,
            None => self.named.push((Arc::clone(name), type_)),
        }
    }

    fn type_(self) -> Ty {
        match self.made {
            Some(made) if self.named.is_empty() && !self.is_open => Ty::map(made),
            made if made.is_some() || self.is_open => Ty::open_record(self.named),
            Some(_) | None => Ty::record(self.named),
        }
    }
}

/// The type of what may be of one type or another.
fn joined(common: Option<Ty>, type_: Ty) -> Ty {
    match common {
        Some(known) if known != type_ => Ty::Dyn,
        Some(_) | None => type_,
    }
}

/// Whether expressions can name it.
fn is_identifier(name: &str) -> bool {
    let is_letter = |char: char| char.is_ascii_alphabetic() || char == '_';
    name.starts_with(is_letter) && name.chars().all(|char| is_letter(char) || char.is_ascii_digit())
}
