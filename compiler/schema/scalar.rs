//! Single values: is it of the type, and within its limits. Only the first fault of a value is reported, the others follow from it.

use super::errors::value as errors;
use super::format;
use super::place::Place;
use super::{Markers, Shape, Type};
use crate::diagnostic::Diagnostics;
use crate::unit::Misshape;
use crate::unit::cidr::Cidr;
use crate::unit::duration::Duration;
use crate::unit::quantity::Quantity;
use crate::unit::semver::Semver;
use crate::value::{Data, Value};

/// Checks a value that is no map or list of the right kind, against a type.
pub(super) fn check(type_: &Type, value: &Value, place: &Place<'_>, diagnostics: &mut Diagnostics) {
    let resolved = type_.resolved();
    if !is_of(resolved, value) {
        diagnostics.push(errors::wrong_type(place, value, type_));
        return;
    }
    let text = value.as_str().unwrap_or("");
    let shaped = match &resolved.shape {
        Shape::Quantity if value.as_str().is_some() => Quantity::parse(text).map(|_| ()),
        Shape::Duration => Duration::parse(text).map(|_| ()),
        Shape::Cidr => Cidr::network(text).map(|_| ()),
        Shape::Semver => Semver::parse(text).map(|_| ()),
        Shape::String => resolved.markers.format.map_or(Ok(()), |format| format::matches(format, text)),
        Shape::Ref(_) if text.is_empty() => Err(Misshape::new("it names nothing")),
        Shape::Any
        | Shape::Ref(_)
        | Shape::Integer
        | Shape::Number
        | Shape::Boolean
        | Shape::Object
        | Shape::Quantity
        | Shape::List(_)
        | Shape::Map(_)
        | Shape::Record(_)
        | Shape::Union(_)
        | Shape::Named(_) => Ok(()),
    };
    if let Err(misshape) = shaped {
        diagnostics.push(errors::bad_format(place, value, type_, &misshape));
        return;
    }
    let markers = &resolved.markers;
    if !markers.enum_.is_empty() && !is_one_of(resolved, markers, value) {
        diagnostics.push(errors::value_not_allowed(place, value, type_));
        return;
    }
    let amount = format::amount(&resolved.shape, value);
    let limit = |limit: &Option<Value>| limit.as_ref().and_then(|limit| format::amount(&resolved.shape, limit));
    let below = matches!((&amount, limit(&markers.minimum)), (Some(amount), Some(limit)) if *amount < limit);
    let above = matches!((&amount, limit(&markers.maximum)), (Some(amount), Some(limit)) if *amount > limit);
    if below || above {
        diagnostics.push(errors::out_of_range(place, value, type_, below));
        return;
    }
    if value.as_str().is_none() {
        return;
    }
    if markers.min_length.is_some() || markers.max_length.is_some() {
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        if markers.min_length.is_some_and(|least| length < least) || markers.max_length.is_some_and(|most| length > most) {
            diagnostics.push(errors::wrong_length(place, value, type_, length));
            return;
        }
    }
    if let Some(pattern) = &markers.pattern
        && !pattern.regex.is_match(text)
    {
        diagnostics.push(errors::pattern_mismatch(place, value, type_, &pattern.text));
    }
}

/// Whether a value is of the kind a type asks for; texts are not looked into.
pub(super) fn is_of(type_: &Type, value: &Value) -> bool {
    matches!(
        (&type_.resolved().shape, &value.data),
        (Shape::Any, _)
            | (Shape::String | Shape::Quantity | Shape::Duration | Shape::Cidr | Shape::Semver | Shape::Ref(_), Data::String(_))
            | (Shape::Integer, Data::Int(_))
            | (Shape::Number | Shape::Quantity, Data::Int(_) | Data::Float(_))
            | (Shape::Boolean, Data::Bool(_))
            | (Shape::Object | Shape::Map(_) | Shape::Record(_), Data::Map(_))
            | (Shape::List(_), Data::List(_))
    )
}

/// Whether a value is one of those that markers allow. Texts are looked up, because there may be very many.
pub(super) fn is_one_of(type_: &Type, markers: &Markers, value: &Value) -> bool {
    match (&type_.resolved().shape, &value.data) {
        (Shape::String, Data::String(text)) => markers.allows_text(text),
        _ => markers.enum_.iter().any(|allowed| same(type_, allowed, value)),
    }
}

/// Whether a value is one of an enum: 1 and 1.0 are the same number, `1Gi` and `1024Mi` the same quantity.
pub(super) fn same(type_: &Type, allowed: &Value, value: &Value) -> bool {
    let shape = &type_.resolved().shape;
    match (format::amount(shape, allowed), format::amount(shape, value)) {
        (Some(allowed), Some(value)) => allowed == value,
        (Some(_) | None, _) => allowed.same_data(value),
    }
}
