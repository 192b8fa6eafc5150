//! What a compiled schema is made of. Types are trees: a type that names itself is unrolled as deep as somebody looks.

use super::{Field, Marker, Record, Referent, TextFormat};
use crate::span::Span;
use crate::value::{Data, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// The type of a value: its shape, what else is asked of it, and where it is declared.
#[derive(Clone, Debug)]
pub struct Type {
    /// What kind of value it is. See [`Type::resolved`] for named ones.
    pub shape: Shape,
    /// Everything after the `|` of the shorthand.
    pub markers: Markers,
    /// Where it is declared.
    pub origin: Span,
}

/// What kind of value a type asks for.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Anything at all, null included.
    Any,
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// true or false
    Boolean,
    /// A map with any keys.
    Object,
    /// A Kubernetes quantity: `500m`, `2Gi`, 3.
    Quantity,
    /// A duration: `90s`, `1h30m`.
    Duration,
    /// A network in CIDR notation: `10.0.0.0/16`.
    Cidr,
    /// A semantic version: `1.33.0`.
    Semver,
    /// The name or address of a thing.
    Ref(Arc<Referent>),
    /// A list of items of one type.
    List(Arc<Type>),
    /// A map with any keys and values of one type.
    Map(Arc<Type>),
    /// A map with known fields.
    Record(Record),
    /// A type of the class's `types`, by name.
    Named(NamedType),
}

/// A type by its name. What the name stands for is built when somebody looks, so types may hold themselves.
#[derive(Clone)]
pub struct NamedType {
    /// The name in `types`.
    pub name: Arc<str>,
    /// All named types, not linked themselves: a linked one would hold this table, and the table it, for ever.
    types: Option<Arc<Types>>,
    target: OnceLock<Arc<Type>>,
}

/// The `types` of a class.
pub(super) type Types = BTreeMap<Arc<str>, Type>;

impl std::fmt::Debug for NamedType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Named({})", self.name)
    }
}

impl NamedType {
    /// A name that stands for nothing before it is linked.
    pub(super) fn new(name: Arc<str>) -> Self {
        Self { name, types: None, target: OnceLock::new() }
    }

    /// A name that stands for one of these types.
    pub(super) fn of(name: Arc<str>, types: &Arc<Types>) -> Self {
        Self { name, types: Some(Arc::clone(types)), target: OnceLock::new() }
    }

    /// The types of which it names one, if it is linked.
    pub(super) fn types(&self) -> Option<&Arc<Types>> {
        self.types.as_ref()
    }

    /// What the name stands for: the type of that name with the markers of the place that uses it.
    fn target(&self, outer: &Type) -> &Arc<Type> {
        self.target.get_or_init(|| {
            let mut markers = outer.markers.clone();
            let mut name = Arc::clone(&self.name);
            let types = self.types.as_ref();
            // Names of names: `compile` takes circles out, the count is a second bar.
            for _ in 0..=types.map_or(0, |types| types.len()) {
                let Some(type_) = types.and_then(|types| types.get(&name)) else { break };
                markers.take_over(&type_.markers);
                if let Shape::Named(next) = &type_.shape {
                    name = Arc::clone(&next.name);
                    continue;
                }
                let linked = types.and_then(|types| type_.shape.linked(types));
                return Arc::new(Type { shape: linked.unwrap_or_else(|| type_.shape.clone()), markers, origin: outer.origin });
            }
            Arc::new(Type { shape: Shape::Any, markers, origin: outer.origin })
        })
    }
}

impl Shape {
    /// The shape with all its names linked to these types; none if it holds no names.
    fn linked(&self, types: &Arc<Types>) -> Option<Shape> {
        match self {
            Shape::List(item) => item.linked(types).map(|item| Shape::List(Arc::new(item))),
            Shape::Map(item) => item.linked(types).map(|item| Shape::Map(Arc::new(item))),
            // Those of another class are linked already.
            Shape::Named(named) if named.types.is_some() => None,
            Shape::Named(named) => {
                let named = NamedType { name: Arc::clone(&named.name), types: Some(Arc::clone(types)), target: OnceLock::new() };
                Some(Shape::Named(named))
            }
            Shape::Record(record) => {
                let linked: Vec<_> = record.fields().iter().map(|field| field.type_.linked(types)).collect();
                if linked.iter().all(Option::is_none) {
                    return None;
                }
                let fields = record.fields().iter().zip(linked).map(|(field, linked)| Field {
                    name: Arc::clone(&field.name),
                    type_: linked.map_or_else(|| Arc::clone(&field.type_), Arc::new),
                    span: field.span,
                });
                Some(Shape::Record(record.with_fields(fields.collect())))
            }
            Shape::Any
            | Shape::String
            | Shape::Integer
            | Shape::Number
            | Shape::Boolean
            | Shape::Object
            | Shape::Quantity
            | Shape::Duration
            | Shape::Cidr
            | Shape::Semver
            | Shape::Ref(_) => None,
        }
    }
}

/// How a list meets the list of a weaker layer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum ListMerge {
    /// It replaces it.
    #[default]
    Atomic,
    /// Their union, each item once.
    Set,
    /// Items with the same value of this key merge.
    Keyed(Arc<str>),
}

/// What a type asks for or says beyond its shape.
#[derive(Clone, Debug, Default)]
pub struct Markers {
    /// The field must be set.
    pub required: bool,
    /// What it is if nobody sets it.
    pub default: Option<Value>,
    /// What it is for.
    pub description: Option<Arc<str>>,
    /// The only values allowed; empty: any.
    pub enum_: Vec<Value>,
    /// Least value, of the same type.
    pub minimum: Option<Value>,
    /// Greatest value, of the same type.
    pub maximum: Option<Value>,
    /// What the text must match.
    pub pattern: Option<WrittenPattern>,
    /// What the text must be: `dns-label`, `ip`, `url`, …
    pub format: Option<TextFormat>,
    /// Least number of characters.
    pub min_length: Option<u64>,
    /// Greatest number of characters.
    pub max_length: Option<u64>,
    /// Least number of items or entries.
    pub min_items: Option<u64>,
    /// Greatest number of items or entries.
    pub max_items: Option<u64>,
    /// No two items are equal.
    pub unique_items: bool,
    /// null is allowed.
    pub nullable: bool,
    /// How the list merges.
    pub list_merge: ListMerge,
    /// Why it should not be used any more, and what to use instead.
    pub deprecated: Option<Arc<str>>,
    /// Values to show.
    pub examples: Vec<Value>,
    /// Its value must not be written out.
    pub secret: bool,
    /// Foreign names, for suggestions.
    pub aliases: Vec<Arc<str>>,
    /// Changing it replaces the thing.
    pub replaces: bool,
    /// The class of what it refers to.
    pub(super) class: Option<Arc<str>>,
    /// What that provides.
    pub(super) provides: Option<Arc<str>>,
    /// It may come before what it refers to.
    pub(super) unordered: bool,
    /// Its declaration was reported.
    pub(super) faulty: bool,
    /// The texts among the values allowed, with how many values there were when it was made.
    pub(super) texts: OnceLock<(usize, BTreeSet<Arc<str>>)>,
    pub(super) list_type: Option<Arc<str>>,
    pub(super) list_key: Option<Arc<str>>,
    /// Where each marker's value stands.
    pub places: Vec<(Marker, Span)>,
}

/// A regular expression with its text.
#[derive(Clone, Debug)]
pub struct WrittenPattern {
    /// As written.
    pub text: Arc<str>,
    /// Ready to match; anchored nowhere.
    pub regex: regex::Regex,
}

impl Markers {
    /// Fills what is not said here from the markers of the type a name stands for. `required` and what else belongs to a field, not to
    /// a type, stays as it is: a type must not decide for the fields that use it.
    fn take_over(&mut self, other: &Markers) {
        macro_rules! fill {
            ($($field:ident),*) => {$(
                if self.$field.is_none() {
                    self.$field.clone_from(&other.$field);
                }
            )*};
        }
        fill!(default, description, minimum, maximum, pattern, format, min_length, max_length, min_items, max_items, deprecated);
        if self.enum_.is_empty() {
            self.enum_.clone_from(&other.enum_);
        }
        if self.examples.is_empty() {
            self.examples.clone_from(&other.examples);
        }
        if self.list_merge == ListMerge::Atomic {
            self.list_merge.clone_from(&other.list_merge);
        }
        self.unique_items |= other.unique_items;
        self.nullable |= other.nullable;
        self.secret |= other.secret;
        self.replaces |= other.replaces;
        for (marker, span) in &other.places {
            if self.place(*marker).is_none() {
                self.places.push((*marker, *span));
            }
        }
    }

    /// Whether a text is one of the values allowed.
    pub(super) fn allows_text(&self, text: &str) -> bool {
        let texts = || self.enum_.iter().filter_map(|value| if let Data::String(text) = &value.data { Some(text) } else { None });
        let (count, known) = self.texts.get_or_init(|| (self.enum_.len(), texts().cloned().collect()));
        if *count == self.enum_.len() { known.contains(text) } else { texts().any(|known| **known == *text) }
    }

    /// Where a marker stands.
    #[must_use]
    pub fn place(&self, marker: Marker) -> Option<Span> {
        self.places.iter().find(|(known, _)| *known == marker).map(|(_, span)| *span)
    }
}

impl Type {
    /// A type that takes anything: what becomes of a faulty declaration, so that it is reported once.
    pub(super) fn free(origin: Span) -> Self {
        Self { shape: Shape::Any, markers: Markers { faulty: true, ..Markers::default() }, origin }
    }

    /// The type with all its names linked to these types; none if it holds no names.
    pub(super) fn linked(&self, types: &Arc<Types>) -> Option<Type> {
        self.shape.linked(types).map(|shape| Type { shape, markers: self.markers.clone(), origin: self.origin })
    }

    /// The name, if it is a named type.
    #[must_use]
    pub fn name(&self) -> Option<&Arc<str>> {
        if let Shape::Named(named) = &self.shape { Some(&named.name) } else { None }
    }

    /// The type itself, or what its name stands for. Its shape is never [`Shape::Named`].
    #[must_use]
    pub fn resolved(&self) -> &Type {
        if let Shape::Named(named) = &self.shape { named.target(self) } else { self }
    }

    /// The type of a field, if this is a record that has it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Arc<Type>> {
        self.record().and_then(|record| record.get(name)).map(|field| &field.type_)
    }

    /// The fields of a record in written order; none of anything else.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Arc<Type>)> {
        self.record().into_iter().flat_map(|record| record.fields().iter().map(|field| (&*field.name, &field.type_)))
    }

    /// The record, if it is one.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        if let Shape::Record(record) = &self.resolved().shape { Some(record) } else { None }
    }

    /// The type of a list's items or a map's values.
    #[must_use]
    pub fn item(&self) -> Option<&Arc<Type>> {
        if let Shape::List(item) | Shape::Map(item) = &self.resolved().shape { Some(item) } else { None }
    }

    /// Whether a value is a map, a list or a scalar as this type wants one.
    #[must_use]
    pub fn holds(&self, value: &Value) -> bool {
        match &self.resolved().shape {
            Shape::Any => true,
            Shape::Object | Shape::Map(_) | Shape::Record(_) => matches!(value.data, Data::Map(_) | Data::Template(_) | Data::Pending(_)),
            Shape::List(_) => matches!(value.data, Data::List(_) | Data::Template(_) | Data::Pending(_)),
            Shape::String
            | Shape::Integer
            | Shape::Number
            | Shape::Boolean
            | Shape::Quantity
            | Shape::Duration
            | Shape::Cidr
            | Shape::Semver
            | Shape::Ref(_)
            | Shape::Named(_) => !matches!(value.data, Data::Map(_) | Data::List(_)),
        }
    }

    /// How lists of this type merge.
    #[must_use]
    pub fn list_merge(&self) -> ListMerge {
        self.resolved().markers.list_merge.clone()
    }

    /// Whether anything may stand below.
    #[must_use]
    pub fn is_free(&self) -> bool {
        matches!(self.resolved().shape, Shape::Any | Shape::Object)
    }

    /// Whether null is a value of it.
    #[must_use]
    pub fn nullable(&self) -> bool {
        let resolved = self.resolved();
        resolved.markers.nullable || matches!(resolved.shape, Shape::Any)
    }

    /// Its own default, if it declares one.
    #[must_use]
    pub fn default(&self) -> Option<&Value> {
        self.resolved().markers.default.as_ref()
    }
}
