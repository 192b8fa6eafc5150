//! From the `schema` and `types` of a class to a type: reads every field, links names, and checks that what the schema says about itself
//! holds, defaults and examples included.

use super::errors::syntax as errors;
use super::literal::Text;
use super::marker::{self, Marker, WrittenMarker};
use super::shorthand::{self, Simple};
use super::types::Types;
use super::whole::{OtherClasses, no_classes};
use super::{Field, Markers, Record, Shape, Type, review};
use crate::diagnostic::Diagnostics;
use crate::expression::Template;
use crate::ledger;
use crate::limit::{SCHEMA_DEPTH as DEPTH, SCHEMA_FIELDS as LARGEST, SCHEMA_TYPES as NAMES, SCHEMAS_FIELDS};
use crate::source::Sources;
use crate::span::{Span, TextMap};
use crate::value::{Data, Entry, Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Compiles the `schema` of a class, with the class's `types`. The result is a record; faulty fields are reported and become free.
pub fn compile(schema: &Value, types: Option<&Value>, sources: &Sources, diagnostics: &mut Diagnostics) -> Arc<Type> {
    compile_with(schema, types, &no_classes, sources, diagnostics)
}

/// The same where fields may hold definitions of other classes.
pub fn compile_with(
    schema: &Value,
    types: Option<&Value>,
    others: OtherClasses<'_>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Arc<Type> {
    let named = types.and_then(|types| {
        if types.as_map().is_none() && !matches!(types.data, Data::Null) {
            diagnostics.push(errors::section("types", types));
        }
        types.as_map()
    });
    let names = named.map(|map| map.entries().iter().map(|entry| Arc::clone(&entry.key)).collect()).unwrap_or_default();
    if named.is_some_and(|map| map.entries().len() > NAMES) {
        diagnostics.push(errors::many_types(types.map_or(schema.origin.span, |types| types.origin.span), NAMES));
        return Arc::new(Type { shape: Shape::Record(Record::default()), markers: Markers::default(), origin: schema.origin.span });
    }
    let mut compiler = TypeCompiler { sources, names, others, diagnostics };
    let mut table: Types = BTreeMap::new();
    for entry in named.map_or(&[][..], Map::entries) {
        if Simple::from_word(&entry.key).is_some() {
            compiler.diagnostics.push(errors::type_name_taken(entry.span, &entry.key));
        }
        let type_ = compiler.field(&entry.key, &entry.value, Some(entry.span), DEPTH);
        table.insert(Arc::clone(&entry.key), type_);
    }
    break_circles(&mut table, compiler.diagnostics);
    let root = match schema.as_map() {
        Some(map) => compiler.map("", schema, map, None, DEPTH),
        None => {
            if !matches!(schema.data, Data::Null) {
                compiler.diagnostics.push(errors::section("schema", schema));
            }
            Type { shape: Shape::Record(Record::default()), markers: Markers::default(), origin: schema.origin.span }
        }
    };
    let table = Arc::new(table);
    let root = Arc::new(root.linked(&table).unwrap_or(root));
    let left = unrolled(&root, &mut Vec::new(), LARGEST);
    let affordable = ledger::fields(LARGEST - left.unwrap_or(0));
    if left.is_none() {
        diagnostics.push(errors::large_schema(root.origin, LARGEST));
    } else if affordable == Some(false) {
        diagnostics.push(errors::large_schemas(root.origin, SCHEMAS_FIELDS));
    }
    if left.is_none() || affordable != Some(true) {
        return Arc::new(Type { shape: Shape::Record(Record::default()), markers: Markers::default(), origin: root.origin });
    }
    for (name, type_) in table.iter() {
        let linked = type_.linked(&table);
        review::review(linked.as_ref().unwrap_or(type_), name, sources, diagnostics);
    }
    review::review(&root, "", sources, diagnostics);
    root
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
    for (_, field) in type_.fields() {
        left = unrolled(field, inside, left)?;
    }
    if let Some(item) = type_.item() {
        left = unrolled(item, inside, left)?;
    }
    if type_.name().is_some() {
        inside.pop();
    }
    Some(left)
}

struct TypeCompiler<'a> {
    sources: &'a Sources,
    /// Names in `types`.
    names: BTreeSet<Arc<str>>,
    others: OtherClasses<'a>,
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
        let text = self.text(value);
        let ((shape, written), wrong) =
            self.diagnostics.watch(|diagnostics| shorthand::parse(&text, (&self.names, self.others), diagnostics));
        let mut markers = Markers { faulty: wrong, ..Markers::default() };
        for mut written in written {
            if matches!(written.marker, Marker::Default | Marker::Examples) {
                written.value = self.templated(&written.value);
            }
            let ((), wrong) = self.diagnostics.watch(|diagnostics| marker::note(&mut markers, written, diagnostics));
            markers.faulty |= wrong;
        }
        self.settled(Type { shape, markers, origin: value.origin.span }, path)
    }

    /// The text of a shorthand. One with `${` in it may arrive parsed as a template; its source is read again then.
    fn text(&self, value: &Value) -> Text {
        let text = if let Data::String(text) = &value.data { Some(text) } else { None };
        Text::read(text, value.origin.span, value.origin.layer, self.sources)
    }

    /// The value with its texts read as templates, where they hold expressions.
    fn templated(&mut self, value: &Value) -> Value {
        match &value.data {
            Data::String(text) if text.contains("${") => {
                let span = value.origin.span;
                // A quote may be escaped itself, within a text in quotes.
                let raw = self.sources.text(span);
                let quoted = if raw.starts_with("\\\"") { 2 } else { usize::from(raw.starts_with(['"', '\''])) };
                let map = TextMap::verbatim(span.file, span.start as usize + quoted, span.end as usize);
                match Template::parse(text, &map) {
                    Ok(None) => value.clone(),
                    Ok(Some(template)) => Value::new(Data::Template(Arc::new(template)), value.origin),
                    Err(faults) => {
                        faults.into_iter().for_each(|fault| self.diagnostics.push(fault));
                        value.clone()
                    }
                }
            }
            Data::List(list) => Value::list(list.items().iter().map(|item| self.templated(item)).collect(), value.origin),
            Data::Map(map) => {
                let entries = map.entries().iter().map(|entry| Entry { value: self.templated(&entry.value), ..entry.clone() });
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

    /// The type that a map declares; without a place of declaration it is the whole schema.
    fn map(&mut self, path: &str, value: &Value, map: &Map, declared: Option<Span>, depth: usize) -> Type {
        let root = declared.is_none();
        let span = declared.unwrap_or(value.origin.span);
        if let [entry] = map.entries()
            && &*entry.key == "string"
            && !root
        {
            let item = self.field(path, &entry.value, Some(entry.span), depth - 1);
            return self.settled(Type { shape: Shape::Map(Arc::new(item)), markers: Markers::default(), origin: span }, path);
        }
        let mut markers = Markers::default();
        let mut shape = None;
        let mut fields = Vec::new();
        for entry in map.entries() {
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
            }
        }
        for entry in map.entries() {
            let Some(word) = entry.key.strip_prefix('$').filter(|word| *word != "type") else { continue };
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
            (None, Some(_)) => Shape::Record(Record::new(fields)),
            (None, None) if root => Shape::Record(Record::default()),
            (None, None) => {
                self.diagnostics.push(errors::no_type(path, value));
                markers.faulty = true;
                Shape::Any
            }
        };
        self.settled(Type { shape, markers, origin: span }, path)
    }

    /// Reports markers that do not suit. What a name stands for is known only after linking; `review` looks at those.
    fn settled(&mut self, mut type_: Type, path: &str) -> Type {
        if type_.name().is_none() {
            marker::settle(&mut type_, path, self.diagnostics);
        }
        type_
    }
}

/// Reports names that stand for each other and nothing else, and makes one of them free.
fn break_circles(table: &mut Types, diagnostics: &mut Diagnostics) {
    let names: Vec<Arc<str>> = table.keys().cloned().collect();
    // Names that lead to a type.
    let mut clear: BTreeSet<Arc<str>> = BTreeSet::new();
    for start in names {
        let mut way: Vec<Arc<str>> = Vec::new();
        let mut seen: BTreeSet<Arc<str>> = BTreeSet::new();
        let mut at = Some(start);
        while let Some(name) = at.filter(|name| !clear.contains(name)) {
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
        clear.append(&mut seen);
    }
}
