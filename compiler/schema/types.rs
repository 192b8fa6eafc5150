//! What a compiled schema is made of. Types are trees: a type that names itself is unrolled as deep as somebody looks.

use crate::span::Span;
use crate::value::Value;
use std::collections::BTreeMap;
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
    /// A list of items of one type.
    List(Arc<Type>),
    /// A map with any keys and values of one type.
    Map(Arc<Type>),
    /// A map with known fields.
    Record(Record),
    /// A type of the class's `types`, by name.
    Named(Named),
}

/// The fields of a record.
#[derive(Clone, Debug, Default)]
pub struct Record {
    fields: Vec<Field>,
    index: BTreeMap<Arc<str>, usize>,
}

/// A field of a record.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub type_: Arc<Type>,
    /// Where its name stands in the schema.
    pub span: Span,
}

impl Record {
    /// A record of these fields; of two with the same name the first counts.
    #[must_use]
    pub fn new(fields: Vec<Field>) -> Self {
        let mut index = BTreeMap::new();
        for (at, field) in fields.iter().enumerate() {
            index.entry(Arc::clone(&field.name)).or_insert(at);
        }
        Self { fields, index }
    }

    /// The fields in written order.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.index.get(name).and_then(|at| self.fields.get(*at))
    }
}

/// A type by its name, looked up when somebody looks inside.
#[derive(Clone)]
pub struct Named {
    /// The name in `types`.
    pub name: Arc<str>,
    pub(super) types: Arc<BTreeMap<Arc<str>, Arc<Type>>>,
    pub(super) target: OnceLock<Arc<Type>>,
}

impl std::fmt::Debug for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Named({})", self.name)
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
    pub pattern: Option<Pattern>,
    /// What the text must be: `dns-label`, `ip`, `url`, …
    pub format: Option<Arc<str>>,
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
    /// Where each marker stands.
    pub places: Vec<(Marker, Span)>,
}

/// A regular expression with its text.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written.
    pub text: Arc<str>,
    /// Ready to match; anchored nowhere.
    pub regex: regex::Regex,
}

/// The words after the `|`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[allow(missing_docs, reason = "each is explained at its field in `Markers`")]
pub enum Marker {
    Required,
    Default,
    Description,
    Enum,
    Minimum,
    Maximum,
    Pattern,
    Format,
    MinLength,
    MaxLength,
    MinItems,
    MaxItems,
    UniqueItems,
    Nullable,
    ListType,
    ListMapKey,
    Deprecated,
    Examples,
    Secret,
    Aliases,
    Replaces,
}

impl Markers {
    /// Where a marker stands.
    #[must_use]
    pub fn place(&self, marker: Marker) -> Option<Span> {
        self.places.iter().find(|(known, _)| *known == marker).map(|(_, span)| *span)
    }
}

impl Type {
    /// The type itself, or what its name stands for. Its shape is never [`Shape::Named`].
    #[must_use]
    pub fn resolved(&self) -> &Type {
        self
    }

    /// The type of a field, if this is a record that has it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Arc<Type>> {
        self.record().and_then(|record| record.get(name)).map(|field| &field.type_)
    }

    /// The fields of a record in written order; none of anything else.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Arc<Type>)> {
        self.record().into_iter().flat_map(|record| record.fields.iter().map(|field| (&*field.name, &field.type_)))
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
