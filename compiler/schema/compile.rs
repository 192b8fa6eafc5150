//! From the `schema` and `types` of a class to a type: reads every field, links names, and checks that what the schema says about itself
//! holds, defaults and examples included.

use super::cut::cut;
use super::declaration::TYPE;
use super::errors::{choice as choices, syntax as errors};
use super::literal::Text;
use super::marker::{self, Marker, WrittenMarker};
use super::named::Types;
use super::shorthand::{self, Simple};
use super::whole::{OtherClasses, no_classes};
use super::{Choosing, Field, Markers, Record, Shape, Type, choice, review};
use crate::diagnostic::Diagnostics;
use crate::expression::{Template, UseId};
use crate::ledger;
use crate::limit::{SCHEMA_DEPTH as DEPTH, SCHEMA_FIELDS as LARGEST, SCHEMA_TYPES as NAMES, SCHEMAS_FIELDS};
use crate::source::Sources;
use crate::span::{Span, TextMap};
use crate::value::{Data, Entry, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Compiles the `schema` of a class, with the class's `types`. The result is a record; faulty fields are reported and become free.
pub fn compile(schema: &Value, types: Option<&Value>, sources: &Sources, diagnostics: &mut Diagnostics) -> Arc<Type> {
    compile_with(schema, types, (&Borrowed::default(), &no_classes), sources, diagnostics).0
}

/// Types that a schema has from elsewhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct Borrowed {
    /// By the names that stand for them, unless the schema's own `types` have one of the same name.
    pub(crate) names: BTreeMap<Arc<str>, Arc<Type>>,
    /// What texts of another schema mean, by where they stand: fields may be taken in, and what they name is theirs.
    pub(crate) written: WrittenTypes,
}

/// Types by the place of the text that declares them: those that hold names.
pub(crate) type WrittenTypes = BTreeMap<Span, Type>;

/// The same with types from elsewhere, and fields that hold definitions of other classes; tells what its own texts mean, for whoever takes them
/// in.
pub(crate) fn compile_with(
    schema: &Value,
    types: Option<&Value>,
    (borrowed, others): (&Borrowed, OtherClasses<'_>),
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> (Arc<Type>, WrittenTypes) {
    let named = types.and_then(|types| {
        if types.as_map().is_none() && !matches!(types.data, Data::Null) {
            diagnostics.push(errors::section("types", types));
        }
        types.as_map()
    });
    let own = named.map_or(&[][..], Map::entries).iter().map(|entry| Arc::clone(&entry.key));
    let names = own.chain(borrowed.names.keys().cloned()).collect();
    if named.is_some_and(|map| map.entries().len() > NAMES) {
        diagnostics.push(errors::many_types(types.map_or(schema.origin.span, |types| types.origin.span), NAMES));
        let empty = Type { shape: Shape::Record(Record::default()), markers: Markers::default(), origin: schema.origin.span };
        return (Arc::new(empty), WrittenTypes::new());
    }
    let mut compiler = TypeCompiler { sources, names, borrowed, written: WrittenTypes::new(), others, beside: Vec::new(), diagnostics };
    let mut table: Types = borrowed.names.iter().map(|(name, type_)| (Arc::clone(name), (**type_).clone())).collect();
    for entry in named.map_or(&[][..], Map::entries) {
        if Simple::from_word(&entry.key).is_some() {
            compiler.diagnostics.push(errors::type_name_taken(entry.span, &entry.key));
        }
        let type_ = compiler.field(&entry.key, &entry.value, Some(entry.span), DEPTH);
        compiler.misplaced(&type_, &[Marker::Required, Marker::Aliases], "a type of `types`: it belongs to the fields that use the type");
        table.insert(Arc::clone(&entry.key), type_);
    }
    let reviewed: Vec<Arc<str>> = named.map_or(&[][..], Map::entries).iter().map(|entry| Arc::clone(&entry.key)).collect();
    break_circles(&reviewed, &mut table, compiler.diagnostics);
    let root = match schema.as_map() {
        Some(map) => {
            let root = compiler.map("", schema, map, None, DEPTH);
            compiler.misplaced(&root, &Marker::ALL, "all fields of a class together");
            root
        }
        None => {
            if !matches!(schema.data, Data::Null) {
                compiler.diagnostics.push(errors::section("schema", schema));
            }
            Type { shape: Shape::Record(Record::default()), markers: Markers::default(), origin: schema.origin.span }
        }
    };
    let written = compiler.written;
    let table = Arc::new(table);
    let root = Arc::new(root.linked(&table).unwrap_or(root));
    let written = written.into_iter().filter_map(|(span, type_)| Some((span, type_.linked(&table)?))).collect();
    let left = unrolled(&root, &mut Vec::new(), LARGEST);
    let affordable = ledger::fields(LARGEST - left.unwrap_or(0));
    if left.is_none() {
        diagnostics.push(errors::large_schema(root.origin, LARGEST));
    } else if affordable == Some(false) {
        diagnostics.push(errors::large_schemas(root.origin, SCHEMAS_FIELDS));
    }
    if left.is_none() || affordable != Some(true) {
        let empty = Type { shape: Shape::Record(Record::default()), markers: Markers::default(), origin: root.origin };
        return (Arc::new(empty), WrittenTypes::new());
    }
    // Types from elsewhere were reviewed there.
    for (name, type_) in table.iter().filter(|(name, _)| reviewed.contains(name)) {
        let linked = type_.linked(&table);
        review::review(linked.as_ref().unwrap_or(type_), name, sources, diagnostics);
    }
    review::review(&root, "", sources, diagnostics);
    (root, written)
}

/// What is left of a number of fields when those of a type are taken off, where a name that is inside itself ends; none if that is not
/// enough. Few names that use each other several times stand for a great many fields, and whoever completes or checks a value may have
/// to look at each of them.
fn unrolled<'t>(type_: &'t Type, inside: &mut Vec<&'t str>, left: usize) -> Option<usize> {
    let mut left = left.checked_sub(1)?;
    if let Some(name) = type_.name() {
        if inside.contains(&&**name) {
            return Some(left);
        }
        inside.push(name);
    }
    for part in type_.parts() {
        left = unrolled(part.type_(), inside, left)?;
    }
    if type_.name().is_some() {
        inside.pop();
    }
    Some(left)
}

/// Markers that say something about a field, and nothing about items of a list or values of a map.
const OF_FIELDS: [Marker; 4] = [Marker::Required, Marker::Default, Marker::Aliases, Marker::Deprecated];

struct TypeCompiler<'a> {
    sources: &'a Sources,
    /// Names in `types`, and those from elsewhere.
    names: BTreeSet<Arc<str>>,
    borrowed: &'a Borrowed,
    /// Types by the place of their text.
    written: WrittenTypes,
    others: OtherClasses<'a>,
    /// Fields that stand beside the one in hand.
    beside: Vec<Arc<str>>,
    diagnostics: &'a mut Diagnostics,
}

impl TypeCompiler<'_> {
    /// The type that a value in a schema declares. `path` is the field, for messages.
    /// A map over several lines is declared at its key.
    fn field(&mut self, path: &str, value: &Value, key: Option<Span>, depth: usize) -> Type {
        let span = value.origin.span;
        let lines = self.sources.text(span).contains('\n');
        let declared = key.filter(|_| lines).unwrap_or(span);
        if depth == 0 {
            self.diagnostics.push(errors::deep_schema(span));
            return Type::free(span);
        }
        match &value.data {
            Data::String(_) | Data::Template(_) | Data::Pending(_) => self.shorthand(path, value),
            Data::List(list) => match list.items() {
                [item] => {
                    let item = self.field(path, item, None, depth - 1);
                    self.misplaced(&item, &OF_FIELDS, "each item of a list");
                    self.settled(Type { shape: Shape::List(Arc::new(item)), markers: Markers::default(), origin: span }, path)
                }
                _ => {
                    self.diagnostics.push(errors::list_of_types(path, value));
                    Type::free(span)
                }
            },
            Data::Map(map) => self.map(path, value, map, Some(declared), depth),
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Late(_) | Data::Broken => {
                self.diagnostics.push(errors::not_a_type(path, value));
                Type::free(span)
            }
        }
    }

    fn shorthand(&mut self, path: &str, value: &Value) -> Type {
        if let Some(type_) = self.borrowed.written.get(&value.origin.span) {
            return type_.clone();
        }
        let text = self.text(value);
        if text.text.trim_start().starts_with('|') {
            // What cannot be read could not meet what is inherited: that is the fault, and not that nothing is.
            let (_, wrong) = self.diagnostics.watch(|diagnostics| shorthand::split(&text, diagnostics));
            if !wrong {
                self.diagnostics.push(errors::nothing_inherited(path, value.origin.span, &self.beside));
            }
            return Type::free(value.origin.span);
        }
        let ((shape, written), wrong) =
            self.diagnostics.watch(|diagnostics| shorthand::parse(&text, (&self.names, self.others), diagnostics));
        let mut markers = Markers { faulty: wrong, ..Markers::default() };
        for mut written in written {
            if written.marker.holds_expressions() {
                written.value = templated(&written.value, use_of(value), self.sources, self.diagnostics);
            }
            let ((), wrong) = self.diagnostics.watch(|diagnostics| marker::note(&mut markers, written, diagnostics));
            markers.faulty |= wrong;
        }
        let type_ = self.settled(Type { shape, markers, origin: value.origin.span }, path);
        self.written.insert(value.origin.span, type_.clone());
        type_
    }

    /// The text of a shorthand. One with `${` in it may arrive parsed as a template; its source is read again then.
    fn text(&self, value: &Value) -> Text {
        let text = if let Data::String(text) = &value.data { Some(text) } else { None };
        Text::read(text, value.origin.span, value.origin.layer, self.sources)
    }

    /// The type that a map declares; without a place of declaration it is the whole schema.
    fn map(&mut self, path: &str, value: &Value, map: &Map, declared: Option<Span>, depth: usize) -> Type {
        let root = declared.is_none();
        let span = declared.unwrap_or(value.origin.span);
        if let [entry] = map.entries()
            && &*entry.key == "string"
            && !root
        {
            let item = self.field(path, &entry.value, Some(entry.span), depth - 1);
            self.misplaced(&item, &OF_FIELDS, "each value of a map");
            return self.settled(Type { shape: Shape::Map(Arc::new(item)), markers: Markers::default(), origin: span }, path);
        }
        let mut markers = Markers::default();
        let mut shape = None;
        let mut said = None;
        let mut fields = Vec::new();
        let names = map.entries().iter().map(|entry| Arc::clone(&entry.key)).filter(|key| !key.starts_with('$')).collect();
        let around = std::mem::replace(&mut self.beside, names);
        let mut rest = map.entries();
        while let Some((entry, behind)) = rest.split_first() {
            let cut = cut(rest, self.sources);
            rest = behind.get(cut.as_ref().map_or(0, |cut| cut.entries)..).unwrap_or_default();
            if let Some(cut) = cut {
                self.diagnostics.push(errors::cut_text(&entry.key, &cut, self.sources.text(cut.whole)));
                markers.faulty = true;
                if &*entry.key == TYPE {
                    shape = Some((Shape::Any, entry.span));
                } else if !entry.key.starts_with('$') {
                    fields.push(Field { name: Arc::clone(&entry.key), type_: Arc::new(Type::free(cut.whole)), span: entry.span });
                }
                continue;
            }
            let Some(word) = entry.key.strip_prefix('$') else {
                let inner = if path.is_empty() { entry.key.to_string() } else { format!("{path}.{}", entry.key) };
                let type_ = Arc::new(self.field(&inner, &entry.value, Some(entry.span), depth - 1));
                fields.push(Field { name: Arc::clone(&entry.key), type_, span: entry.span });
                continue;
            };
            if word == "type" {
                let type_ = self.field(path, &entry.value, Some(entry.span), depth - 1);
                // The markers of a shorthand under `$type` count like those beside it.
                markers = Markers { places: [type_.markers.places, markers.places].concat(), ..type_.markers };
                shape = Some((type_.shape, entry.span));
                // A class that says no more than markers anew leaves the type where it was declared.
                said = (entry.value.origin.layer != value.origin.layer).then_some(entry.value.origin.span);
            }
        }
        self.beside = around;
        let mut chosen = Vec::new();
        for entry in map.entries() {
            let Some(word) = entry.key.strip_prefix('$').filter(|word| *word != "type") else { continue };
            if let Some(choosing) = Choosing::from_word(word) {
                if shape.is_some() {
                    self.diagnostics.push(choices::no_record(choosing, path, entry.span));
                } else {
                    chosen.extend(choice::read(choosing, entry, &fields, self.diagnostics));
                }
                continue;
            }
            match Marker::from_word(word) {
                Some(marker) => {
                    let written = WrittenMarker { marker, word: entry.span, value: entry.value.clone() };
                    marker::note(&mut markers, written, self.diagnostics);
                }
                None => self.diagnostics.push(errors::unknown_marker(entry.span, word, true)),
            }
        }
        let shape = match (shape, fields.first()) {
            (Some((shape, _)), None) => shape,
            (Some((_, place)), Some(field)) => {
                self.diagnostics.push(errors::type_and_fields(path, place, field));
                Shape::Record(Record::new(fields))
            }
            (None, Some(_)) => Shape::Record(Record::new(fields).choosing(chosen)),
            (None, None) if root => Shape::Record(Record::default()),
            (None, None) => {
                self.diagnostics.push(errors::nothing_inherited(path, value.origin.span, &self.beside));
                markers.faulty = true;
                Shape::Any
            }
        };
        self.settled(Type { shape, markers, origin: said.unwrap_or(span) }, path)
    }

    /// Reports markers that say nothing where they stand.
    fn misplaced(&mut self, type_: &Type, markers: &[Marker], what: &str) {
        for (marker, place) in type_.markers.places.iter().filter(|(marker, _)| markers.contains(marker)) {
            self.diagnostics.push(errors::marker_misplaced(*marker, *place, what));
        }
    }

    /// Reports markers that do not suit. What a name stands for is known only after linking; `review` looks at those.
    fn settled(&mut self, mut type_: Type, path: &str) -> Type {
        if !type_.is_named() {
            marker::settle(&mut type_, path, self.diagnostics);
        }
        type_
    }
}

/// The use of a fragment that a shorthand came with.
pub(super) fn use_of(shorthand: &Value) -> Option<UseId> {
    if let Data::Template(whole) = &shorthand.data { whole.use_ } else { None }
}

/// The value with its texts read as templates, where they hold expressions; those of a fragment's use know it.
pub(super) fn templated(value: &Value, use_: Option<UseId>, sources: &Sources, diagnostics: &mut Diagnostics) -> Value {
    match &value.data {
        Data::String(text) if text.contains("${") => {
            let span = value.origin.span;
            // A quote may be escaped itself, within a text in quotes.
            let raw = sources.text(span);
            let quoted = if raw.starts_with("\\\"") { 2 } else { usize::from(raw.starts_with(['"', '\''])) };
            let map = TextMap::verbatim(span.file, span.start as usize + quoted, span.end as usize);
            match Template::parse(text, &map) {
                Ok(None) => value.clone(),
                Ok(Some(template)) => {
                    let template = use_.map_or_else(|| template.clone(), |use_| template.used(use_));
                    Value::new(Data::Template(Arc::new(template)), value.origin)
                }
                Err(faults) => {
                    faults.into_iter().for_each(|fault| diagnostics.push(fault));
                    value.clone()
                }
            }
        }
        Data::List(list) => {
            Value::list(list.items().iter().map(|item| templated(item, use_, sources, diagnostics)).collect(), value.origin)
        }
        Data::Map(map) => {
            let entries =
                map.entries().iter().map(|entry| Entry { value: templated(&entry.value, use_, sources, diagnostics), ..entry.clone() });
            Value::map(entries.collect(), value.origin)
        }
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => value.clone(),
    }
}

/// Reports names that stand for each other and nothing else, and makes one of them free. Types from elsewhere lead to none of these.
fn break_circles(names: &[Arc<str>], table: &mut Types, diagnostics: &mut Diagnostics) {
    let own: BTreeSet<&Arc<str>> = names.iter().collect();
    // Names that lead to a type.
    let mut clear: BTreeSet<Arc<str>> = BTreeSet::new();
    for start in names {
        let mut way: Vec<Arc<str>> = Vec::new();
        let mut seen: BTreeSet<Arc<str>> = BTreeSet::new();
        let mut at = Some(Arc::clone(start));
        while let Some(name) = at.filter(|name| own.contains(name) && !clear.contains(name)) {
            if !seen.insert(Arc::clone(&name)) {
                let first = way.iter().position(|other| *other == name).unwrap_or(0);
                let mut circle = way.split_off(first);
                let least = circle.iter().enumerate().min_by_key(|(_, name)| Arc::clone(name)).map_or(0, |(at, _)| at);
                circle.rotate_left(least);
                if let Some((name, origin)) = circle.first().and_then(|name| Some((Arc::clone(name), table.get(name)?.origin))) {
                    diagnostics.push(errors::circle(&circle, origin));
                    table.insert(name, Type::free(origin));
                }
                break;
            }
            at = table.get(&name).and_then(Type::name).cloned();
            way.push(name);
        }
        clear.extend(seen);
    }
}
