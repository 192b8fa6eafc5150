//! Functions on optional values. The parser knows `optMap` and `optFlatMap`.

use super::{Context, Gives, Overload, Returned, Trouble, TyKind, free, method};
use crate::expression::val::Val;
use crate::unit::Meaning;
use std::sync::Arc;

const OPTIONAL: Gives = Gives::Kind(TyKind::Optional);

pub(super) const TABLE: &[Overload] = &[
    free("optional.of", &[TyKind::Any], Gives::OptionalFirst, of),
    free("optional.none", &[], OPTIONAL, none),
    free("optional.ofNonZeroValue", &[TyKind::Any], Gives::OptionalFirst, of_non_zero),
    free("optional.unwrap", &[TyKind::List], Gives::Kind(TyKind::List), unwrap),
    method("unwrapOpt", &[TyKind::List], Gives::Kind(TyKind::List), unwrap),
    method("hasValue", &[TyKind::Optional], Gives::Kind(TyKind::Bool), has_value),
    method("value", &[TyKind::Optional], Gives::Item, value),
    method("or", &[TyKind::Optional, TyKind::Optional], Gives::Joined, or),
    method("orValue", &[TyKind::Optional, TyKind::Any], Gives::Either, or_value),
];

fn of(args: &[Val], _: &mut Context<'_>) -> Returned {
    let [value] = args else { return Err(Trouble::Mismatch) };
    Ok(Val::Optional(Some(Arc::new(value.clone()))))
}

fn none(_: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Val::Optional(None))
}

fn of_non_zero(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [value] = args else { return Err(Trouble::Mismatch) };
    let zero = match context.forced(value)? {
        Val::Null | Val::Bool(false) | Val::Int(0) | Val::Uint(0) => true,
        Val::Double(number) => number == 0.0,
        Val::String(text) => text.is_empty(),
        Val::Bytes(bytes) => bytes.is_empty(),
        Val::List(items) => items.is_empty(),
        Val::Map(map) => map.is_empty(),
        Val::Optional(inner) => inner.is_none(),
        Val::Opaque(opaque) => match &opaque.meaning {
            Meaning::Quantity(quantity) => quantity.billionths == 0,
            Meaning::Duration(duration) => duration.nanoseconds == 0,
            Meaning::Ip(_) | Meaning::Cidr(_) | Meaning::Semver(_) => false,
        },
        Val::Bool(true) | Val::Int(_) | Val::Uint(_) | Val::Type(_) | Val::Node(_) => false,
        Val::Late(late) => return Err(Trouble::Late(crate::expression::late::words(&late))),
    };
    Ok(Val::Optional((!zero).then(|| Arc::new(value.clone()))))
}

fn unwrap(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::List(items)] = args else { return Err(Trouble::Mismatch) };
    context.items(items.len())?;
    let mut values = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let Val::Optional(inner) = item else {
            return Err(Trouble::Argument(0, format!("item {index} is no optional value, but {}", item.describe())));
        };
        values.extend(inner.as_ref().map(|inner| (**inner).clone()));
    }
    Ok(Val::list(values))
}

fn has_value(args: &[Val], _: &mut Context<'_>) -> Returned {
    let [Val::Optional(inner)] = args else { return Err(Trouble::Mismatch) };
    Ok(Val::Bool(inner.is_some()))
}

fn value(args: &[Val], _: &mut Context<'_>) -> Returned {
    let [Val::Optional(inner)] = args else { return Err(Trouble::Mismatch) };
    inner.as_ref().map(|inner| (**inner).clone()).ok_or(Trouble::NoValue)
}

fn or(args: &[Val], _: &mut Context<'_>) -> Returned {
    let [first @ Val::Optional(inner), second] = args else { return Err(Trouble::Mismatch) };
    Ok(if inner.is_some() { first.clone() } else { second.clone() })
}

fn or_value(args: &[Val], _: &mut Context<'_>) -> Returned {
    let [Val::Optional(inner), other] = args else { return Err(Trouble::Mismatch) };
    Ok(inner.as_ref().map_or_else(|| other.clone(), |inner| (**inner).clone()))
}
