//! The words after the `|`: how each is spelled, what it takes, and which shapes it goes with.

use super::errors::syntax as errors;
use super::types::WrittenPattern;
use super::{FieldReplaces, Markers, Shape, TextFormat, Type, ValueForm, format};
use crate::diagnostic::Diagnostics;
use crate::expression::Template;
use crate::span::Span;
use crate::value::{Data, Value};
use crate::variants::variants;
use std::sync::Arc;

variants! {
    /// A word after the `|`, in the order of the manual. Each is explained at its field in [`Markers`].
    #[allow(missing_docs, reason = "each is explained at its field in `Markers`")]
    pub enum Marker(word, from_word) {
        Required = "required",
        Default = "default",
        Description = "description",
        Enum = "enum",
        Minimum = "minimum",
        Maximum = "maximum",
        Pattern = "pattern",
        Format = "format",
        MinLength = "minLength",
        MaxLength = "maxLength",
        MinItems = "minItems",
        MaxItems = "maxItems",
        UniqueItems = "uniqueItems",
        KeyPattern = "keyPattern",
        Nullable = "nullable",
        ListType = "listType",
        ListMapKey = "listMapKey",
        Deprecated = "deprecated",
        Examples = "examples",
        Secret = "secret",
        Aliases = "aliases",
        Replaces = "replaces",
        Hazard = "hazard",
        Class = "class",
        Provides = "provides",
        Order = "order",
    }
}

impl Marker {
    /// Whether what stands behind it is a value of the field, not a demand on it.
    #[must_use]
    pub fn is_value(self) -> bool {
        matches!(self, Marker::Default | Marker::Enum | Marker::Examples | Marker::Minimum | Marker::Maximum)
    }

    /// Whether expressions in it are read as such.
    pub(super) fn holds_expressions(self) -> bool {
        matches!(self, Marker::Default | Marker::Examples | Marker::Replaces | Marker::Hazard)
    }

    /// What it takes, in words.
    pub(super) fn takes(self) -> &'static str {
        match self {
            Marker::Required | Marker::UniqueItems | Marker::Nullable | Marker::Secret | Marker::Order => "true or false",
            Marker::Replaces => "true or false, the name of a kind, or a condition",
            Marker::Hazard => "an expression that gives a text or null",
            Marker::Default => "a value",
            Marker::Minimum | Marker::Maximum => "a value of the field's type",
            Marker::Description | Marker::ListMapKey => "a string",
            Marker::Class => "the name of a class",
            Marker::Provides => "the name of a capability",
            Marker::Deprecated => "true, or a string that says what to use instead",
            Marker::Pattern | Marker::KeyPattern => "a regular expression in quotes",
            Marker::Format => "the name of a format",
            Marker::MinLength | Marker::MaxLength | Marker::MinItems | Marker::MaxItems => "an integer from 0",
            Marker::Enum | Marker::Examples => "a list such as [a, b]",
            Marker::Aliases => "a list such as [a, b]",
            Marker::ListType => "atomic, set or map",
        }
    }

    /// Whether it makes sense on values of a shape.
    pub(super) fn suits(self, shape: &Shape) -> bool {
        // One member that it says something about is enough.
        if let Shape::Union(union) = shape {
            return union.single().any(|member| self.suits(&member.resolved().shape)) || !self.is_of_member();
        }
        let any = matches!(shape, Shape::Any);
        match self {
            Marker::Required
            | Marker::Default
            | Marker::Description
            | Marker::Nullable
            | Marker::Deprecated
            | Marker::Examples
            | Marker::Secret
            | Marker::Aliases
            | Marker::Replaces
            | Marker::Hazard => true,
            // A thing may be written in several ways, and is the same in all of them.
            Marker::Enum => any || !matches!(shape, Shape::Object | Shape::List(_) | Shape::Map(_) | Shape::Record(_) | Shape::Ref(_)),
            Marker::Minimum | Marker::Maximum => {
                matches!(shape, Shape::Integer | Shape::Number | Shape::Quantity | Shape::Duration | Shape::Semver)
            }
            Marker::Pattern | Marker::MinLength | Marker::MaxLength => {
                matches!(shape, Shape::String | Shape::Cidr | Shape::Semver)
            }
            Marker::Format => matches!(shape, Shape::String),
            Marker::MinItems | Marker::MaxItems => matches!(shape, Shape::List(_) | Shape::Map(_) | Shape::Object),
            Marker::UniqueItems | Marker::ListType | Marker::ListMapKey => matches!(shape, Shape::List(_)),
            Marker::KeyPattern => matches!(shape, Shape::Map(_) | Shape::Object),
            Marker::Class | Marker::Provides | Marker::Order => shape.refers().is_some(),
        }
    }

    /// Whether it says something about values of one form, so that in a union it is about the member of that form.
    pub(super) fn is_of_member(self) -> bool {
        match self {
            Marker::Enum
            | Marker::Minimum
            | Marker::Maximum
            | Marker::Pattern
            | Marker::Format
            | Marker::MinLength
            | Marker::MaxLength
            | Marker::MinItems
            | Marker::MaxItems
            | Marker::UniqueItems
            | Marker::KeyPattern
            | Marker::ListType
            | Marker::ListMapKey
            | Marker::Class
            | Marker::Provides
            | Marker::Order => true,
            Marker::Required
            | Marker::Default
            | Marker::Description
            | Marker::Nullable
            | Marker::Deprecated
            | Marker::Examples
            | Marker::Secret
            | Marker::Aliases
            | Marker::Replaces
            | Marker::Hazard => false,
        }
    }

    /// The types it goes with, in words.
    pub(super) fn suited(self) -> &'static str {
        match self {
            Marker::Minimum | Marker::Maximum => "integer, number, quantity, duration and semver",
            Marker::Pattern | Marker::MinLength | Marker::MaxLength => "string, cidr and semver",
            Marker::Format => "string",
            Marker::MinItems | Marker::MaxItems => "lists and maps",
            Marker::UniqueItems | Marker::ListType | Marker::ListMapKey => "lists",
            Marker::KeyPattern => "maps with any keys",
            Marker::Enum => "scalars that are no references",
            Marker::Class | Marker::Provides | Marker::Order => "ref(…) and lists of it",
            Marker::Required
            | Marker::Default
            | Marker::Description
            | Marker::Nullable
            | Marker::Deprecated
            | Marker::Examples
            | Marker::Secret
            | Marker::Aliases
            | Marker::Replaces
            | Marker::Hazard => "every type",
        }
    }
}

/// A marker as written.
pub(super) struct WrittenMarker {
    pub(super) marker: Marker,
    /// The word.
    pub(super) word: Span,
    pub(super) value: Value,
}

/// Notes down a marker; a bad value is reported and left out.
pub(super) fn note(markers: &mut Markers, written: WrittenMarker, diagnostics: &mut Diagnostics) {
    let WrittenMarker { marker, word, value } = written;
    if let Some(first) = markers.place(marker) {
        diagnostics.push(errors::marker_twice(marker, word, first));
        return;
    }
    let place = value.origin.span;
    match take(markers, marker, value) {
        Ok(()) => markers.places.push((marker, place)),
        Err(MarkerRefusal::Kind(value)) => diagnostics.push(errors::marker_value(marker, &value)),
        Err(MarkerRefusal::Regex(value, reason)) => diagnostics.push(errors::bad_regex(&value, &reason)),
        Err(MarkerRefusal::Format(value)) => diagnostics.push(errors::unknown_format(&value)),
    }
}

enum MarkerRefusal {
    Kind(Value),
    Regex(Value, String),
    Format(Value),
}

fn take(markers: &mut Markers, marker: Marker, value: Value) -> Result<(), MarkerRefusal> {
    match marker {
        Marker::Required => markers.required = truth(value)?,
        Marker::UniqueItems => markers.unique_items = truth(value)?,
        Marker::Nullable => markers.nullable = truth(value)?,
        Marker::Secret => markers.secret = truth(value)?,
        Marker::Replaces => markers.replaces = FieldReplaces::read(&value).map_err(|()| MarkerRefusal::Kind(value))?,
        Marker::Hazard => markers.hazard = Some(warning(value)?),
        Marker::Default => markers.default = Some(value),
        Marker::Minimum => markers.minimum = Some(value),
        Marker::Maximum => markers.maximum = Some(value),
        Marker::Description => markers.description = Some(text(value)?),
        Marker::MinLength => markers.min_length = Some(count(value)?),
        Marker::MaxLength => markers.max_length = Some(count(value)?),
        Marker::MinItems => markers.min_items = Some(count(value)?),
        Marker::MaxItems => markers.max_items = Some(count(value)?),
        Marker::Enum => {
            markers.enum_ = list(value.clone())?;
            if markers.enum_.is_empty() {
                return Err(MarkerRefusal::Kind(value));
            }
        }
        Marker::Examples => markers.examples = list(value)?,
        Marker::Aliases => {
            for item in list(value)? {
                markers.aliases.push(text(item)?);
            }
        }
        Marker::Deprecated => match &value.data {
            Data::Bool(true) => markers.deprecated = Some(Arc::from("")),
            Data::Bool(false) => {}
            Data::String(reason) => markers.deprecated = Some(Arc::clone(reason)),
            Data::Null
            | Data::Int(_)
            | Data::Float(_)
            | Data::List(_)
            | Data::Map(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => {
                return Err(MarkerRefusal::Kind(value));
            }
        },
        Marker::Pattern => markers.pattern = Some(pattern(value)?),
        Marker::KeyPattern => markers.key_pattern = Some(pattern(value)?),
        Marker::Format => {
            let name = text(value.clone())?;
            markers.format = Some(TextFormat::from_word(&name).ok_or(MarkerRefusal::Format(value))?);
        }
        Marker::ListType => {
            let word = text(value.clone())?;
            if !matches!(&*word, "atomic" | "set" | "map") {
                return Err(MarkerRefusal::Kind(value));
            }
            markers.list_type = Some(word);
        }
        Marker::ListMapKey => markers.list_key = Some(text(value)?),
        Marker::Class => markers.class = Some(text(value)?),
        Marker::Provides => markers.provides = Some(text(value)?),
        Marker::Order => markers.unordered = !truth(value)?,
    }
    Ok(())
}

/// An expression that gives a text, or null.
fn warning(value: Value) -> Result<Arc<Template>, MarkerRefusal> {
    match &value.data {
        Data::Template(template) if template.single().is_some() || template.is_broken() => Ok(Arc::clone(template)),
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
        | Data::Broken => Err(MarkerRefusal::Kind(value)),
    }
}

fn pattern(value: Value) -> Result<WrittenPattern, MarkerRefusal> {
    let text = text(value.clone())?;
    let regex = compiled(&text).map_err(|reason| MarkerRefusal::Regex(value, reason))?;
    Ok(WrittenPattern { text, regex })
}

fn truth(value: Value) -> Result<bool, MarkerRefusal> {
    value.as_bool().ok_or(MarkerRefusal::Kind(value))
}

fn text(value: Value) -> Result<Arc<str>, MarkerRefusal> {
    if let Data::String(text) = &value.data { Ok(Arc::clone(text)) } else { Err(MarkerRefusal::Kind(value)) }
}

fn count(value: Value) -> Result<u64, MarkerRefusal> {
    value.as_int().and_then(|int| u64::try_from(int).ok()).ok_or(MarkerRefusal::Kind(value))
}

fn list(value: Value) -> Result<Vec<Value>, MarkerRefusal> {
    value.as_list().map(<[Value]>::to_vec).ok_or(MarkerRefusal::Kind(value))
}

/// Reports markers that do not go with the shape of the type, or with each other, and takes them out. Whether all was well.
pub(super) fn settle(type_: &mut Type, field: &str, diagnostics: &mut Diagnostics) -> bool {
    !diagnostics.watch(|diagnostics| settle_each(type_, field, diagnostics)).1
}

fn settle_each(type_: &mut Type, field: &str, diagnostics: &mut Diagnostics) {
    let resolved = type_.resolved().clone();
    for (marker, place) in type_.markers.places.clone() {
        if !marker.suits(&resolved.shape) {
            // What type was meant is told already, or what is wrong with it.
            let is_unknown = type_.markers.faulty && resolved.is_of_anything();
            if !is_unknown {
                diagnostics.push(errors::marker_unsuited(marker, place, field, &resolved));
            }
            type_.markers.drop(marker);
        }
    }
    let scalar = resolved.as_form(ValueForm::Scalar).resolved();
    let shape = &scalar.shape;
    for marker in [Marker::Minimum, Marker::Maximum] {
        let limit = if marker == Marker::Minimum { &type_.markers.minimum } else { &type_.markers.maximum };
        if let Some(value) = limit
            && format::amount(shape, value).is_none()
        {
            diagnostics.push(errors::bad_limit(marker, value, scalar));
            type_.markers.drop(marker);
        }
    }
    crossed(&mut type_.markers, shape, diagnostics);
    if type_.shape.refers().is_some() && !type_.is_union() {
        type_.shape = type_.shape.clone().narrowed(&type_.markers);
    }
    settle_merging(&mut type_.markers, diagnostics);
}

/// `listType` and `listMapKey` say one thing in two words.
fn settle_merging(markers: &mut Markers, diagnostics: &mut Diagnostics) {
    let place = |marker| markers.place(marker);
    match (markers.merging(), &markers.list_key) {
        (Some(merge), _) => markers.list_merge = merge,
        (None, key) => {
            let fault = match key.as_ref().filter(|_| markers.list_type.as_deref() != Some("map")) {
                Some(key) => place(Marker::ListMapKey).map(|place| errors::list_type_missing(place, key)),
                // The key may be what could not be read, which is told.
                None => place(Marker::ListType).filter(|_| !markers.faulty).map(errors::list_key_missing),
            };
            fault.into_iter().for_each(|fault| diagnostics.push(fault));
            markers.drop(Marker::ListType);
        }
    }
}

fn crossed(markers: &mut Markers, shape: &Shape, diagnostics: &mut Diagnostics) {
    let amount = |limit: &Option<Value>| limit.as_ref().and_then(|value| format::amount(shape, value));
    let values = matches!((amount(&markers.minimum), amount(&markers.maximum)), (Some(low), Some(high)) if low > high);
    let length = matches!((markers.min_length, markers.max_length), (Some(low), Some(high)) if low > high);
    let items = matches!((markers.min_items, markers.max_items), (Some(low), Some(high)) if low > high);
    let pairs = [
        (values, Marker::Minimum, Marker::Maximum),
        (length, Marker::MinLength, Marker::MaxLength),
        (items, Marker::MinItems, Marker::MaxItems),
    ];
    for (wrong, low, high) in pairs {
        if wrong {
            diagnostics.push(errors::crossed_limits(low, high, markers));
            markers.drop(low);
            markers.drop(high);
        }
    }
}

/// Steps of reading a pattern that count like a byte of it when compiled.
const STEPS_A_BYTE: usize = 8;

/// The regex of a pattern, within what one and all of them may take.
fn compiled(pattern: &str) -> Result<Arc<regex_automata::meta::Regex>, String> {
    let too_many = || format!("all patterns of this platform take more than {} MiB when compiled", crate::limit::PATTERNS_BYTES >> 20);
    if !crate::ledger::has_patterns() {
        return Err(too_many());
    }
    // What takes long to read is paid for like what is large.
    let work = crate::pattern::work(pattern) / STEPS_A_BYTE;
    if !crate::ledger::pattern(work) {
        return Err(too_many());
    }
    let compiled = crate::pattern::compile(pattern).map_err(crate::pattern::Refusal::reason)?;
    if crate::ledger::pattern(compiled.size) { Ok(compiled.regex) } else { Err(too_many()) }
}
