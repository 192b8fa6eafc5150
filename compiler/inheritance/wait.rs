//! What has to wait for an expression: only once it is known whether that gives a map, a list or something else can two layers meet by the
//! rules. In come what a layer meets, what it says and the type; out comes whether they wait. What replaces an expression whatever it gives
//! never waits, so that nobody asks what it would have given.

use crate::schema::{ListMerge, Shape, Type, ValueForm};
use crate::value::{Data, Entry, Operator, Value};

/// Whether an entry and what it meets wait for an expression.
pub(super) fn waits(base: Option<&Value>, entry: &Entry, type_: Option<&Type>) -> bool {
    let layer = &entry.value;
    match entry.operator {
        Operator::Replace => false,
        Operator::Remove if matches!(layer.data, Data::Null | Data::Bool(_)) => false,
        // What is to be removed is found by what it is.
        Operator::Remove => {
            base.is_some_and(|base| is_open(base) || is_open(layer) || holds_expressions(layer) || is_list(base) && base.is_dynamic())
        }
        Operator::Append => is_open(layer) || base.is_some_and(is_open),
        Operator::Merge | Operator::Lock => base.is_some_and(|base| meet_later(base, layer, type_)),
    }
}

/// Whether only an expression knows which fields a default speaks of, so that it cannot be told which of them somebody lacks.
pub(super) fn fits_later(entry: &Entry, type_: Option<&Type>) -> bool {
    matches!(entry.operator, Operator::Merge | Operator::Append | Operator::Lock)
        && is_open(&entry.value)
        && type_.is_some_and(|type_| type_.record().is_some())
}

fn meet_later(base: &Value, layer: &Value, type_: Option<&Type>) -> bool {
    let lists = type_.map(Type::list_merge).unwrap_or_default();
    let (maps, free) = (holds_maps(type_), type_.is_none_or(Type::is_free));
    match (is_open(base), is_open(layer)) {
        (true, true) => maps || lists != ListMerge::Atomic,
        (true, false) => maps && layer.as_map().is_some() || lists != ListMerge::Atomic && is_list(layer),
        (false, true) => match &base.data {
            Data::Map(_) => maps,
            Data::List(_) => free || lists != ListMerge::Atomic,
            // A map that comes to stand in place of something else is a mistake.
            Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) => free,
            Data::Null | Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => false,
        },
        (false, false) => match (base.as_list(), layer.as_list(), lists) {
            (Some(_), Some(_), ListMerge::Set) => holds_expressions(base) || holds_expressions(layer),
            (Some(weaker), Some(stronger), ListMerge::Keyed(key)) => weaker.iter().chain(stronger).any(|item| is_nameless(item, &key)),
            (_, _, _) => false,
        },
    }
}

/// Whether a finished value takes the place of whatever is below it.
pub(crate) fn replaces(value: &Value, type_: Option<&Type>) -> bool {
    match &value.data {
        Data::Map(_) => false,
        Data::List(_) => type_.map(Type::list_merge).unwrap_or_default() == ListMerge::Atomic,
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => true,
    }
}

/// Whether an expression alone decides what a value is. Text around one is text.
pub(crate) fn is_open(value: &Value) -> bool {
    match &value.data {
        Data::Template(template) => template.is_open(),
        Data::Pending(_) => true,
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::List(_) | Data::Map(_) => false,
        Data::Late(_) | Data::Broken => false,
    }
}

/// Whether it is not known by which key an item of a list meets others.
pub(crate) fn is_nameless(item: &Value, key: &str) -> bool {
    is_open(item) || item.get(key).is_some_and(Value::is_dynamic)
}

fn is_list(value: &Value) -> bool {
    value.as_list().is_some()
}

pub(crate) fn holds_expressions(value: &Value) -> bool {
    is_list(value) && value.is_dynamic()
}

/// Whether maps meet maps in a value of a type.
pub(crate) fn holds_maps(type_: Option<&Type>) -> bool {
    type_.is_none_or(|type_| match &type_.as_form(ValueForm::Map).resolved().shape {
        Shape::Any | Shape::Object | Shape::Map(_) | Shape::Record(_) => true,
        Shape::String
        | Shape::Integer
        | Shape::Number
        | Shape::Boolean
        | Shape::Quantity
        | Shape::Duration
        | Shape::Cidr
        | Shape::Semver
        | Shape::List(_)
        | Shape::Ref(_)
        | Shape::Union(_)
        | Shape::Named(_) => false,
    })
}
