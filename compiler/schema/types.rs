//! What a compiled schema is made of. Types are trees: a type that names itself is unrolled as deep as somebody looks.

use super::named::NamedType;
use super::union::ValueForm;
use super::{FieldReplaces, Marker, Record, Referent, TextFormat, Union};
use crate::expression::Template;
use crate::span::Span;
use crate::value::{Data, Value};
use std::collections::BTreeSet;
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
    /// A map, a list or a scalar, at least two of them.
    Union(Union),
    /// A type of the class's `types`, by name.
    Named(NamedType),
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
    /// What the keys must match.
    pub key_pattern: Option<WrittenPattern>,
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
    /// What changing it replaces.
    pub replaces: Option<FieldReplaces>,
    /// What must be done before some changes of it, or what they lose: an expression over both values that gives a text, or null.
    pub hazard: Option<Arc<Template>>,
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
    pub regex: Arc<regex_automata::meta::Regex>,
}

impl Markers {
    /// Fills what is not said here from the markers of the type a name stands for. `required` and what else belongs to a field, not to
    /// a type, stays as it is: a type must not decide for the fields that use it.
    pub(super) fn take_over(&mut self, other: &Markers) {
        macro_rules! fill {
            ($($field:ident),*) => {$(
                if self.$field.is_none() {
                    self.$field.clone_from(&other.$field);
                }
            )*};
        }
        fill!(
            default,
            description,
            minimum,
            maximum,
            pattern,
            key_pattern,
            format,
            min_length,
            max_length,
            min_items,
            max_items,
            deprecated,
            hazard
        );
        if self.enum_.is_empty() {
            self.enum_.clone_from(&other.enum_);
        }
        if self.examples.is_empty() {
            self.examples.clone_from(&other.examples);
        }
        if self.list_type.is_none() && self.list_key.is_none() {
            self.list_type.clone_from(&other.list_type);
            self.list_key.clone_from(&other.list_key);
            self.list_merge.clone_from(&other.list_merge);
        }
        if self.class.is_none() {
            self.class.clone_from(&other.class);
        }
        if self.provides.is_none() {
            self.provides.clone_from(&other.provides);
        }
        self.unordered |= other.unordered;
        self.unique_items |= other.unique_items;
        self.nullable |= other.nullable;
        self.secret |= other.secret;
        if self.replaces.is_none() && self.place(Marker::Replaces).is_none() {
            self.replaces.clone_from(&other.replaces);
        }
        for (marker, span) in &other.places {
            if self.place(*marker).is_none() {
                self.places.push((*marker, *span));
            }
        }
    }

    /// How lists meet, which is said in two words; none if they do not go together.
    pub(super) fn merging(&self) -> Option<ListMerge> {
        match (self.list_type.as_deref(), &self.list_key) {
            (Some("map"), Some(key)) => Some(ListMerge::Keyed(Arc::clone(key))),
            (Some("set"), None) => Some(ListMerge::Set),
            (Some("map"), None) | (Some(_) | None, Some(_)) => None,
            (Some(_), None) | (None, None) => Some(ListMerge::Atomic),
        }
    }

    /// Takes a marker out.
    pub(super) fn drop(&mut self, marker: Marker) {
        self.places.retain(|(known, _)| *known != marker);
        match marker {
            Marker::Required => self.required = false,
            Marker::Default => self.default = None,
            Marker::Description => self.description = None,
            Marker::Enum => self.enum_.clear(),
            Marker::Minimum => self.minimum = None,
            Marker::Maximum => self.maximum = None,
            Marker::Pattern => self.pattern = None,
            Marker::Format => self.format = None,
            Marker::MinLength => self.min_length = None,
            Marker::MaxLength => self.max_length = None,
            Marker::MinItems => self.min_items = None,
            Marker::MaxItems => self.max_items = None,
            Marker::UniqueItems => self.unique_items = false,
            Marker::KeyPattern => self.key_pattern = None,
            Marker::Nullable => self.nullable = false,
            Marker::ListType | Marker::ListMapKey => {
                self.list_type = None;
                self.list_key = None;
                self.list_merge = ListMerge::Atomic;
            }
            Marker::Deprecated => self.deprecated = None,
            Marker::Examples => self.examples.clear(),
            Marker::Secret => self.secret = false,
            Marker::Aliases => self.aliases.clear(),
            Marker::Replaces => self.replaces = None,
            Marker::Hazard => self.hazard = None,
            Marker::Class => self.class = None,
            Marker::Provides => self.provides = None,
            Marker::Order => self.unordered = false,
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
    pub(crate) fn free(origin: Span) -> Self {
        Self { shape: Shape::Any, markers: Markers { faulty: true, ..Markers::default() }, origin }
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
        let resolved = self.resolved();
        match &resolved.shape {
            Shape::Any => true,
            Shape::Object | Shape::Map(_) | Shape::Record(_) => matches!(value.data, Data::Map(_) | Data::Template(_) | Data::Pending(_)),
            Shape::List(_) => matches!(value.data, Data::List(_) | Data::Template(_) | Data::Pending(_)),
            Shape::Union(union) => union.members(&resolved.markers).iter().any(|member| member.holds(value)),
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
        self.as_form(ValueForm::List).resolved().markers.list_merge.clone()
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
        resolved.markers.nullable || matches!(resolved.shape, Shape::Any) || self.members().iter().any(|member| member.nullable())
    }

    /// Whether its declaration is wrong, which is told.
    #[must_use]
    pub fn is_faulty(&self) -> bool {
        self.resolved().markers.faulty
    }

    /// Whether it is anything, or a list or map of that: what becomes of a type that there is not.
    pub(super) fn is_of_anything(&self) -> bool {
        let resolved = self.resolved();
        if let Shape::List(item) | Shape::Map(item) = &resolved.shape {
            return item.is_of_anything();
        }
        matches!(resolved.shape, Shape::Any)
    }

    /// Its own default, if it declares one.
    #[must_use]
    pub fn default(&self) -> Option<&Value> {
        self.resolved().markers.default.as_ref()
    }
}
