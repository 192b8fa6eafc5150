//! Equality and order of values. Numbers compare by value across their types; values of different types are unequal, never an error. What
//! is written in a notation is compared with a text, or an amount with a number, as if that were written in the notation too; a text that
//! is not of it, or is of another one, is an error, because it would be unequal whatever the field holds.

use super::budget::{DEPTH, TOO_DEEP};
use super::functions::{Context, Trouble, Unread};
use super::late;
use super::opaque::{Opaque, meaning};
use super::val::{Key, Val};
use crate::limit::NOTATION_BYTES;
use crate::unit::Meaning;
use std::cmp::Ordering;
use std::sync::Arc;

/// Whether two values are equal.
pub(super) fn equal(a: &Val, b: &Val, context: &mut Context<'_>) -> Result<bool, Trouble> {
    within(a, b, DEPTH, context)
}

fn within(a: &Val, b: &Val, depth: usize, context: &mut Context<'_>) -> Result<bool, Trouble> {
    let Some(depth) = depth.checked_sub(1) else { return Err(Trouble::Costly(TOO_DEEP)) };
    context.steps(1)?;
    if let (Val::Node(a), Val::Node(b)) = (a, b)
        && a == b
    {
        return Ok(true);
    }
    if let (Val::Node(a), Val::Node(b)) = (a, b)
        && context.thing(*a).is_some()
        && context.thing(*b).is_some()
    {
        // Two things are never alike, however much they have in common.
        return Ok(false);
    }
    match (a, b) {
        (Val::Late(late), _) | (_, Val::Late(late)) => Err(Trouble::Late(late::words(late))),
        (Val::Node(node), other) | (other, Val::Node(node)) if is_plain(other) && context.thing(*node).is_some() => {
            Err(Trouble::Thing(context.thing(*node).unwrap_or_default(), other.describe()))
        }
        (Val::Node(_), _) => within(&context.forced(a)?, b, depth, context),
        (_, Val::Node(_)) => within(a, &context.forced(b)?, depth, context),
        (Val::Null, Val::Null) => Ok(true),
        (Val::Bool(a), Val::Bool(b)) => Ok(a == b),
        (Val::String(a), Val::String(b)) => {
            context.walk(a.len().min(b.len()))?;
            Ok(a == b)
        }
        (Val::Bytes(a), Val::Bytes(b)) => {
            context.walk(a.len().min(b.len()))?;
            Ok(a == b)
        }
        (Val::Type(a), Val::Type(b)) => Ok(a == b),
        (Val::Opaque(opaque), other) | (other, Val::Opaque(opaque)) => match read(opaque, other, context)? {
            Some(other) => same(&opaque.meaning, &other, context),
            None => Ok(false),
        },
        (Val::Optional(a), Val::Optional(b)) => match (a, b) {
            (None, None) => Ok(true),
            (Some(a), Some(b)) => within(a, b, depth, context),
            (None, Some(_)) | (Some(_), None) => Ok(false),
        },
        (Val::List(a), Val::List(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (a, b) in a.iter().zip(b.iter()) {
                if !within(a, b, depth, context)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Val::Map(a), Val::Map(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (key, value) in a.entries() {
                context.walk(width(key))?;
                let Some(other) = b.get(key) else { return Ok(false) };
                if !within(value, other, depth, context)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (
            Val::Null
            | Val::Bool(_)
            | Val::Int(_)
            | Val::Uint(_)
            | Val::Double(_)
            | Val::String(_)
            | Val::Bytes(_)
            | Val::List(_)
            | Val::Map(_)
            | Val::Type(_)
            | Val::Optional(_),
            _,
        ) => Ok(numbers(a, b) == Some(Some(Ordering::Equal))),
    }
}

/// Whether it is a value that no thing could ever be. Null says that there is none.
fn is_plain(value: &Val) -> bool {
    match value {
        Val::Bool(_)
        | Val::Int(_)
        | Val::Uint(_)
        | Val::Double(_)
        | Val::String(_)
        | Val::Bytes(_)
        | Val::List(_)
        | Val::Type(_)
        | Val::Opaque(_) => true,
        Val::Null | Val::Map(_) | Val::Optional(_) | Val::Late(_) | Val::Node(_) => false,
    }
}

/// What a value means in the notation of one that it is compared with; none if it is no scalar that could.
fn read(opaque: &Opaque, other: &Val, context: &mut Context<'_>) -> Result<Option<Meaning>, Trouble> {
    let notation = opaque.meaning.notation();
    if let Val::Opaque(other) = other
        && other.meaning.notation() != notation
    {
        return Err(Trouble::Unlike(notation, other.meaning.notation()));
    }
    context.work(length(other).min(NOTATION_BYTES))?;
    match meaning(other, notation) {
        None => Ok(None),
        Some(Ok(meaning)) => Ok(Some(meaning)),
        Some(Err(misshape)) => {
            let text = super::functions::text_of(other).unwrap_or_default();
            Err(Trouble::Unread(Box::new(Unread { text, notation, misshape })))
        }
    }
}

fn same(a: &Meaning, b: &Meaning, context: &mut Context<'_>) -> Result<bool, Trouble> {
    Ok(match (a, b) {
        (Meaning::Semver(a), Meaning::Semver(b)) => {
            context.walk(a.pre.len().min(b.pre.len()) + a.build.len().min(b.build.len()))?;
            a == b
        }
        (Meaning::Ip(a), Meaning::Ip(b)) => a.to_canonical() == b.to_canonical(),
        (a, b) => a == b,
    })
}

/// The order of two operands, of which one may be a text that is read in the notation of the other. Functions that order many values at
/// once must not use it: texts among themselves have another order.
pub(super) fn order_of_operands(a: &Val, b: &Val, context: &mut Context<'_>) -> Result<Option<Ordering>, Trouble> {
    let made = |meaning: Option<Meaning>| meaning.map(Opaque::made).ok_or(Trouble::Mismatch);
    match (a, b) {
        (Val::Late(_), _) | (_, Val::Late(_)) => order(a, b, context),
        (Val::Opaque(a), _) => order(&Val::Opaque(Arc::clone(a)), &made(read(a, b, context)?)?, context),
        (_, Val::Opaque(b)) => order(&made(read(b, a, context)?)?, &Val::Opaque(Arc::clone(b)), context),
        _ => order(a, b, context),
    }
}

/// The order of two values; none if one is not a number, the error if they have no order.
pub(super) fn order(a: &Val, b: &Val, context: &mut Context<'_>) -> Result<Option<Ordering>, Trouble> {
    context.walk(length(a).min(length(b)))?;
    known_order(a, b)
}

/// Bytes that comparing a value with another may have to look at.
pub(super) fn length(value: &Val) -> usize {
    match value {
        Val::String(text) => text.len(),
        Val::Bytes(bytes) => bytes.len(),
        Val::Opaque(opaque) => match &opaque.meaning {
            // Parts are found and compared one by one.
            Meaning::Semver(version) => version.pre.len().saturating_mul(4).saturating_add(opaque.size()),
            Meaning::Ip(_) | Meaning::Cidr(_) | Meaning::Quantity(_) | Meaning::Duration(_) => opaque.size(),
        },
        Val::Null
        | Val::Bool(_)
        | Val::Int(_)
        | Val::Uint(_)
        | Val::Double(_)
        | Val::List(_)
        | Val::Map(_)
        | Val::Type(_)
        | Val::Optional(_)
        | Val::Late(_)
        | Val::Node(_) => 0,
    }
}

/// Bytes that finding a key in a map may have to look at: it is compared with a few others.
pub(super) fn width(key: &Key) -> usize {
    if let Key::String(text) = key { text.len().saturating_mul(4) } else { 0 }
}

/// The order of two values whose comparison is paid for.
pub(super) fn known_order(a: &Val, b: &Val) -> Result<Option<Ordering>, Trouble> {
    if let Some(order) = numbers(a, b) {
        return Ok(order);
    }
    match (a, b) {
        (Val::Bool(a), Val::Bool(b)) => Ok(Some(a.cmp(b))),
        (Val::String(a), Val::String(b)) => Ok(Some(a.cmp(b))),
        (Val::Bytes(a), Val::Bytes(b)) => Ok(Some(a.cmp(b))),
        (Val::Opaque(a), Val::Opaque(b)) => match (&a.meaning, &b.meaning) {
            (Meaning::Semver(a), Meaning::Semver(b)) => Ok(Some(a.precedence(b))),
            (Meaning::Quantity(a), Meaning::Quantity(b)) => Ok(Some(a.cmp(b))),
            (Meaning::Duration(a), Meaning::Duration(b)) => Ok(Some(a.cmp(b))),
            (Meaning::Ip(a), Meaning::Ip(b)) => Ok(Some(a.to_canonical().cmp(&b.to_canonical()))),
            (Meaning::Ip(_) | Meaning::Cidr(_) | Meaning::Semver(_) | Meaning::Quantity(_) | Meaning::Duration(_), _) => {
                Err(Trouble::Mismatch)
            }
        },
        (Val::Late(late), _) | (_, Val::Late(late)) => Err(Trouble::Late(late::words(late))),
        (
            Val::Null
            | Val::Bool(_)
            | Val::Int(_)
            | Val::Uint(_)
            | Val::Double(_)
            | Val::String(_)
            | Val::Bytes(_)
            | Val::List(_)
            | Val::Map(_)
            | Val::Type(_)
            | Val::Optional(_)
            | Val::Opaque(_)
            | Val::Node(_),
            _,
        ) => Err(Trouble::Mismatch),
    }
}

/// The order of two numbers; the outer none if one of them is no number, the inner one if one is not-a-number.
fn numbers(a: &Val, b: &Val) -> Option<Option<Ordering>> {
    Some(match (integer(a), integer(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        (Some(a), None) => double_order(double(b)?, a).map(Ordering::reverse),
        (None, Some(b)) => double_order(double(a)?, b),
        (None, None) => double(a)?.partial_cmp(&double(b)?),
    })
}

fn integer(value: &Val) -> Option<i128> {
    if let Val::Int(int) = value {
        Some(i128::from(*int))
    } else if let Val::Uint(uint) = value {
        Some(i128::from(*uint))
    } else {
        None
    }
}

fn double(value: &Val) -> Option<f64> {
    if let Val::Double(double) = value { Some(*double) } else { None }
}

/// The order of a double and an integer. The integer is taken as a double first: CEL says so, and 2^63 equals 2^63-1 in this sense.
#[allow(clippy::cast_precision_loss, reason = "CEL asks for the nearest double")]
fn double_order(double: f64, int: i128) -> Option<Ordering> {
    double.partial_cmp(&(int as f64))
}

/// A value as the key of a map; doubles with an integral value find integer keys.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked against the range before")]
pub(super) fn lookup_key(value: &Val) -> Option<Key> {
    if let Val::Double(double) = value {
        if double.fract() != 0.0 {
            return None;
        }
        if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(double) {
            return Some(Key::Int(*double as i64));
        }
        return (0.0..18_446_744_073_709_551_616.0).contains(double).then_some(Key::Uint(*double as u64));
    }
    key(value)
}

/// A value as a key in a map that is being made.
pub(super) fn key(value: &Val) -> Option<Key> {
    if let Val::String(text) = value {
        Some(Key::String(Arc::clone(text)))
    } else if let Val::Int(int) = value {
        Some(Key::Int(*int))
    } else if let Val::Uint(uint) = value {
        Some(Key::Uint(*uint))
    } else if let Val::Bool(bool) = value {
        Some(Key::Bool(*bool))
    } else if let Val::Opaque(opaque) = value {
        Some(Key::String(opaque.text()))
    } else {
        None
    }
}

/// A key as a value.
pub(crate) fn key_value(key: &Key) -> Val {
    match key {
        Key::Bool(value) => Val::Bool(*value),
        Key::Int(value) => Val::Int(*value),
        Key::Uint(value) => Val::Uint(*value),
        Key::String(value) => Val::String(Arc::clone(value)),
    }
}
