//! What the `entities` of a class say, checked when it is loaded, whether or not anything uses it: kinds, classes, fields and their types, and
//! that what decides what is made reads nothing that is known later.

use super::super::check::SectionWalk;
use super::super::class_places::known_names;
use super::super::directive::Directive;
use super::super::fragment::USE;
use super::super::overriding::OVERRIDE;
use super::super::root::{self, Root, Within};
use super::super::scope::KnownTypes;
use super::super::{Class, capability, errors, named_classes, reads, shaping};
use super::{SECTION, kinds, position};
use crate::diagnostic::Diagnostic;
use crate::expression::{Reference, Ty};
use crate::name::Kind;
use crate::path::Step;
use crate::schema::{self, Checked, Mode, Type};
use crate::source::Sources;
use crate::value::{Data, Entry, Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The field that is a text, and may be a thing that is in the stack.
const STACK: &str = "stack";

/// The field that says where a thing is.
const PLACEMENT: &str = "placement";

/// Checks what a class makes.
pub(in crate::definition) fn check(class: &Class, known: KnownTypes<'_>, sources: &Sources, walk: &mut SectionWalk<'_, '_>) {
    let Some(section) = class.section(SECTION) else { return };
    for of in entries(section) {
        if of.template.is_some() || of.key.starts_with('$') {
            walk.diagnostics.push(errors::makes_no_kind(class, &of.key, of.span, kinds(class.kind)));
            continue;
        }
        let Some(kind) = Kind::from_plural(&of.key).filter(|kind| kinds(class.kind).contains(kind)) else {
            walk.diagnostics.push(errors::makes_no_kind(class, &of.key, of.span, kinds(class.kind)));
            continue;
        };
        if of.value.as_map().is_none() {
            walk.diagnostics.push(errors::makes_no_map(&of.key, &of.value));
            continue;
        }
        for entry in entries(&of.value) {
            MakingCheck { class, kind, known, sources, walk: &mut *walk }.entry(entry);
        }
    }
}

fn entries(value: &Value) -> &[Entry] {
    value.as_map().map(Map::entries).unwrap_or_default()
}

/// A check of one entry.
struct MakingCheck<'a, 'w, 'd, 'u> {
    class: &'a Class,
    kind: Kind,
    known: KnownTypes<'a>,
    sources: &'a Sources,
    walk: &'w mut SectionWalk<'d, 'u>,
}

impl MakingCheck<'_, '_, '_, '_> {
    fn entry(&mut self, entry: &Entry) {
        if entry.key.starts_with('$') && entry.template.is_none() {
            if &*entry.key != USE {
                self.walk.diagnostics.push(errors::makes_by_no_key(&entry.key, entry.span));
            }
            return;
        }
        if let Some(verbatim) = entry.value.as_map().and_then(|map| map.entry(Directive::Verbatim.word())) {
            self.walk.diagnostics.push(errors::makes_verbatim(verbatim.span));
            return;
        }
        let before = self.walk.diagnostics.len();
        let (made, unsaid) = self.made(entry);
        self.decides(entry);
        let loops = entries_of_loop(&entry.value);
        if let (Some(key), false) = (&entry.template, loops.is_empty()) {
            let used = key.references();
            let names = |reference: &Reference| match reference.steps.as_slice() {
                [Step::Key(first), Step::Key(second), ..] if &**first == "index" => Some(Arc::clone(second)),
                [Step::Key(first), ..] => Some(Arc::clone(first)),
                _ => None,
            };
            let used: BTreeSet<Arc<str>> = used.iter().filter_map(names).collect();
            // A name that nobody knows, which is told, may be meant for the iterator.
            let is_clear = used.iter().all(|name| self.walk.knows(name, loops));
            for iterator in loops.iter().filter(|iterator| is_clear && !used.contains(&iterator.key)) {
                self.walk.diagnostics.push(errors::made_iterator_not_in_key(&iterator.key, iterator.span, entry.span));
            }
        } else if let (None, [first, ..]) = (&entry.template, loops) {
            self.walk.diagnostics.push(errors::made_iterator_not_in_key(&first.key, first.span, entry.span));
        }
        let (class, kind, known, sources) = (self.class, self.kind, self.known, self.sources);
        self.walk.looped(&entry.value, |walk| {
            if let Some(key) = &entry.template {
                walk.template(key);
            }
            let mut inner = MakingCheck { class, kind, known, sources, walk };
            match (entry.value.as_map(), made) {
                (Some(map), Some(made)) => inner.fields(map, made),
                (Some(_), None) | (None, _) => {
                    inner.walk.value(&entry.value);
                }
            }
        });
        // Where something is wrong with what is passed on, that is told, and nobody knows of which class it is.
        if let Some(unsaid) = unsaid.filter(|_| self.walk.diagnostics.len() == before) {
            self.walk.diagnostics.push(unsaid);
        }
    }

    /// The class of what is made, if it is a class; and what is wrong if no class is said, unless something else is.
    fn made(&mut self, entry: &Entry) -> (Option<usize>, Option<Diagnostic>) {
        if entry.value.get("class").is_none() && super::class(self.class, self.kind, entry).is_none() {
            let given = super::given::class(self.class, entry);
            if let Some((other, _)) = given {
                self.walk.diagnostics.push(errors::passes_other_kind(self.kind, other, entry.span));
                return (None, None);
            }
            let is_let = |reference: &Reference| matches!(reference.steps.first(), Some(Step::Key(first)) if &**first == "let");
            // What `let` gives is unknown where something is wrong with that.
            let is_unclear = !self.walk.diagnostics.is_empty() && reads::of(&entry.value).iter().any(is_let);
            let is_lost = super::given::is_of_lost(self.class, entry, self.sources);
            let is_unsaid = self.class.sound && !is_unclear && !is_lost && !is_unreadable(&entry.value);
            let unsaid = || errors::makes_of_no_class(self.kind, &entry.key, entry.span, entry.value.as_map().is_none());
            return (None, is_unsaid.then(unsaid));
        }
        (self.of_class(entry), None)
    }

    /// The same where a class is said.
    fn of_class(&mut self, entry: &Entry) -> Option<usize> {
        if let Some(said) = entry.value.get("class")
            && said.as_str().is_none()
        {
            self.walk.diagnostics.push(errors::makes_of_computed_class(said.origin.span));
            return None;
        }
        let given = super::given::class(self.class, entry);
        if let Some((other, _)) = given.as_ref().filter(|(other, _)| *other != self.kind) {
            self.walk.diagnostics.push(errors::passes_other_kind(self.kind, *other, entry.span));
            return None;
        }
        let (name, span) = super::class(self.class, self.kind, entry)?;
        let Some(at) = position(self.known.classes, self.kind, &name) else {
            let others = known_names(self.kind, named_classes::own(self.known.classes, self.kind), self.sources);
            self.walk.diagnostics.push(errors::makes_of_unknown_class(self.kind, &name, span, &others));
            return None;
        };
        let found = self.known.classes.get(at)?;
        if found.is_abstract {
            self.walk.diagnostics.push(errors::makes_of_abstract_class(&found.full, span));
            return None;
        }
        found.sound.then_some(at)
    }

    fn fields(&mut self, map: &Map, made: usize) {
        let Some(made) = self.known.classes.get(made) else { return };
        for entry in map.entries() {
            match &*entry.key {
                "$for" | "class" => {}
                "$if" => self.walk.condition(&entry.value, "`$if`"),
                "$spread" | "$value" => {
                    let found = self.walk.value(&entry.value);
                    self.spread(made, entry, &found);
                }
                // It is said of all sections that cannot have it alike.
                key if key == USE => {}
                key if key.starts_with('$') && entry.template.is_none() => {
                    self.walk.diagnostics.push(errors::makes_by_no_key(key, entry.span))
                }
                key => {
                    if let Some(template) = &entry.template {
                        self.walk.diagnostics.push(errors::made_field_computed(template.span));
                        continue;
                    }
                    let found = self.walk.looped(&entry.value, |walk| walk.value(&entry.value));
                    match made.type_.field(key).filter(|_| key != OVERRIDE) {
                        Some(type_) => self.field(made, entry, type_, &found),
                        None => self.unknown(made, entry),
                    }
                }
            }
        }
    }

    /// A field against its type in the class of what is made.
    fn field(&mut self, made: &Class, entry: &Entry, type_: &Arc<Type>, found: &Ty) {
        if !entry.value.is_dynamic() && !entry.value.has_directive() {
            let whole = Value::map(vec![entry.clone()], entry.value.origin);
            let field = made.type_.record().and_then(|record| record.get(&entry.key)).cloned();
            let Some(field) = field else { return };
            let record = schema::Shape::Record(schema::Record::new(vec![field]));
            let alone = Type { shape: record, markers: schema::Markers::default(), origin: type_.origin };
            let (kind, full) = (made.kind.words(), &made.full);
            let checked = Checked { kind, class: full, subject: None, defined: Some(made.name.span), beside: &[], sources: self.sources };
            schema::check(&alone, &whole, &checked, Mode::Layer, self.walk.diagnostics);
            return;
        }
        // One that gives nothing is left out.
        let found = if let Ty::Optional(inner) = found { inner } else { found };
        let names_stack = *entry.key == *STACK && found.thing().is_some();
        if !entry.value.has_directive() && !names_stack && !capability::fits(type_, found) {
            self.walk.diagnostics.push(errors::made_of_other_type(made, &entry.key, entry.value.origin.span, type_, found.describe()));
        }
    }

    fn unknown(&mut self, made: &Class, entry: &Entry) {
        let shapes = *entry.key == *OVERRIDE || shaping::of_kind(made.kind).iter().any(|(name, _)| **name == *entry.key);
        let names: Vec<&str> = made.type_.fields().map(|(name, _)| name).collect();
        self.walk.diagnostics.push(errors::made_without_field(made, &entry.key, entry.span, shapes, &names));
    }

    /// What a map that is spread is known to hold.
    fn spread(&mut self, made: &Class, entry: &Entry, found: &Ty) {
        let record = if let Ty::OneOf(types) = found { types.iter().find(|type_| matches!(type_, Ty::Record(_))) } else { Some(found) };
        let Some(Ty::Record(record)) = record else { return };
        if record.thing.is_some() {
            self.walk.diagnostics.push(errors::spreads_a_thing(entry.value.origin.span));
            return;
        }
        let names: Vec<&str> = made.type_.fields().map(|(name, _)| name).collect();
        for (name, found) in &record.fields {
            match made.type_.field(name) {
                None => self.walk.diagnostics.push(errors::made_without_field(made, name, entry.value.origin.span, false, &names)),
                Some(type_) if !capability::fits(type_, found) => {
                    let other = errors::made_of_other_type(made, name, entry.value.origin.span, type_, found.describe());
                    self.walk.diagnostics.push(other);
                }
                Some(_) => {}
            }
        }
    }

    /// Reports what decides what is made, or where, and reads what is known only then.
    fn decides(&mut self, entry: &Entry) {
        let loops = entries_of_loop(&entry.value);
        for (at, looped) in loops.iter().enumerate() {
            self.all_of(reads::of(&looped.value), "`$for`", loops.get(..at).unwrap_or_default());
        }
        if let Some(key) = &entry.template {
            self.all_of(key.references(), "a key", loops);
        }
        let fields = "which fields there are";
        let words = [("$if", "`$if`"), ("$spread", fields), ("$value", fields), ("enabled", "`enabled`"), (PLACEMENT, PLACEMENT)];
        for (key, word) in words {
            self.all_of(entry.value.get(key).map(reads::of).unwrap_or_default(), word, loops);
        }
    }

    /// The same of what is read behind these iterators, which may be called like anything.
    fn all_of(&mut self, references: Vec<Reference>, word: &str, iterators: &[Entry]) {
        for reference in references {
            let is_iterator = |first: &Step| iterators.iter().any(|iterator| Step::Key(Arc::clone(&iterator.key)) == *first);
            if !reference.steps.first().is_some_and(is_iterator) {
                self.reads(&reference, word, &mut BTreeSet::new());
            }
        }
    }

    fn reads(&mut self, reference: &Reference, word: &str, seen: &mut BTreeSet<Arc<str>>) {
        let Some(Step::Key(first)) = reference.steps.first() else { return };
        let later = match root::root(first, Some(self.class.kind), Within::Class) {
            Some(Root::Every(kind)) => Some(format!("`{}`", kind.plural())),
            Some(Root::Makings) => Some("`entities`".to_owned()),
            Some(Root::Environments) => Some("`environments`".to_owned()),
            Some(Root::Terraform(..)) => Some("what Terraform makes".to_owned()),
            Some(Root::Own) => self.own(reference),
            Some(Root::Let) => {
                if let Some(Step::Key(name)) = reference.steps.get(1)
                    && seen.insert(Arc::clone(name))
                    && let Some(value) = self.class.section("let").and_then(|lets| lets.get(name))
                {
                    for inner in reads::of(value) {
                        self.reads(&inner, word, seen);
                    }
                }
                None
            }
            Some(Root::Around(kind)) => second(reference).and_then(|field| told_later(kind, field)),
            Some(Root::Environment) => {
                second(reference).filter(|plural| root::held_by_environment(plural).is_some()).map(|plural| format!("`{plural}`"))
            }
            Some(Root::Platform | Root::Stack | Root::Object) | None => None,
        };
        if let Some(later) = later {
            self.walk.diagnostics.push(errors::decides_by_later(word, &later, reference.span));
        }
    }

    /// What of the maker itself is known later: its outputs, who refers to it, and what it refers to.
    fn own(&self, reference: &Reference) -> Option<String> {
        let field = second(reference)?;
        let type_ = self.class.type_.field(field);
        match (type_, field) {
            (Some(type_), _) => {
                let kind = type_.resolved().shape.refers()?.kinds.first().copied()?;
                Some(format!("`{}`", kind.plural()))
            }
            (None, _) => told_later(self.class.kind, field),
        }
    }
}

/// What is read of what a reference begins with.
fn second(reference: &Reference) -> Option<&str> {
    if let Some(Step::Key(field)) = reference.steps.get(1) { Some(field) } else { None }
}

/// What every thing of a kind tells, and is known later.
fn told_later(kind: Kind, word: &str) -> Option<String> {
    match word {
        "outputs" => Some("outputs".to_owned()),
        "referrers" => Some("who refers to it".to_owned()),
        _ => root::held(kind, word).map(|kind| format!("`{}`", kind.plural())),
    }
}

/// Whether something in a value could not be read, which is told.
fn is_unreadable(value: &Value) -> bool {
    match &value.data {
        Data::Broken => true,
        Data::Template(template) => template.is_broken(),
        Data::Map(map) => map.entries().iter().any(|entry| is_unreadable(&entry.value)),
        Data::List(list) => list.items().iter().any(is_unreadable),
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Pending(_) | Data::Late(_) => false,
    }
}

fn entries_of_loop(value: &Value) -> &[Entry] {
    value.get("$for").map(entries).unwrap_or_default()
}
