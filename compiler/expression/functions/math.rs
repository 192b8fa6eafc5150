//! `math.…`

use super::{Context, Gives, Overload, Returned, Trouble, TyKind, free, many};
use crate::expression::compare;
use crate::expression::val::Val;
use std::cmp::Ordering;

const INT: Gives = Gives::Kind(TyKind::Int);
const UINT: Gives = Gives::Kind(TyKind::Uint);
const DOUBLE: Gives = Gives::Kind(TyKind::Double);
const TRUTH: Gives = Gives::Kind(TyKind::Bool);
const ANY: Gives = Gives::Kind(TyKind::Any);

pub(super) const TABLE: &[Overload] = &[
    free("math.least", &[TyKind::List], Gives::Item, least),
    many(free("math.least", &[TyKind::Any], ANY, least)),
    free("math.greatest", &[TyKind::List], Gives::Item, greatest),
    many(free("math.greatest", &[TyKind::Any], ANY, greatest)),
    free("math.ceil", &[TyKind::Double], DOUBLE, |args, _| real(args, f64::ceil)),
    free("math.floor", &[TyKind::Double], DOUBLE, |args, _| real(args, f64::floor)),
    free("math.round", &[TyKind::Double], DOUBLE, |args, _| real(args, f64::round)),
    free("math.trunc", &[TyKind::Double], DOUBLE, |args, _| real(args, f64::trunc)),
    free("math.sqrt", &[TyKind::Double], DOUBLE, sqrt),
    free("math.sqrt", &[TyKind::Int], DOUBLE, sqrt),
    free("math.sqrt", &[TyKind::Uint], DOUBLE, sqrt),
    free("math.abs", &[TyKind::Int], INT, abs),
    free("math.abs", &[TyKind::Uint], UINT, abs),
    free("math.abs", &[TyKind::Double], DOUBLE, abs),
    free("math.sign", &[TyKind::Int], INT, sign),
    free("math.sign", &[TyKind::Uint], UINT, sign),
    free("math.sign", &[TyKind::Double], DOUBLE, sign),
    free("math.isNaN", &[TyKind::Double], TRUTH, |args, _| test(args, f64::is_nan)),
    free("math.isInf", &[TyKind::Double], TRUTH, |args, _| test(args, f64::is_infinite)),
    free("math.isFinite", &[TyKind::Double], TRUTH, |args, _| test(args, f64::is_finite)),
    free("math.bitAnd", &[TyKind::Int, TyKind::Int], INT, |args, _| bits(args, |a, b| a & b)),
    free("math.bitAnd", &[TyKind::Uint, TyKind::Uint], UINT, |args, _| bits(args, |a, b| a & b)),
    free("math.bitOr", &[TyKind::Int, TyKind::Int], INT, |args, _| bits(args, |a, b| a | b)),
    free("math.bitOr", &[TyKind::Uint, TyKind::Uint], UINT, |args, _| bits(args, |a, b| a | b)),
    free("math.bitXor", &[TyKind::Int, TyKind::Int], INT, |args, _| bits(args, |a, b| a ^ b)),
    free("math.bitXor", &[TyKind::Uint, TyKind::Uint], UINT, |args, _| bits(args, |a, b| a ^ b)),
    free("math.bitNot", &[TyKind::Int], INT, bit_not),
    free("math.bitNot", &[TyKind::Uint], UINT, bit_not),
    free("math.bitShiftLeft", &[TyKind::Int, TyKind::Int], INT, |args, _| shift(args, u64::checked_shl)),
    free("math.bitShiftLeft", &[TyKind::Uint, TyKind::Int], UINT, |args, _| shift(args, u64::checked_shl)),
    free("math.bitShiftRight", &[TyKind::Int, TyKind::Int], INT, |args, _| shift(args, u64::checked_shr)),
    free("math.bitShiftRight", &[TyKind::Uint, TyKind::Int], UINT, |args, _| shift(args, u64::checked_shr)),
];

fn extreme(args: &[Val], wanted: Ordering, context: &mut Context<'_>) -> Returned {
    let numbers: &[Val] = if let [Val::List(items)] = args { items } else { args };
    let Some((first, rest)) = numbers.split_first() else {
        return Err(Trouble::Argument(0, "an empty list has no least and no greatest number".to_owned()));
    };
    context.steps(numbers.len())?;
    let mut best = first;
    for number in numbers {
        if !matches!(number, Val::Int(_) | Val::Uint(_) | Val::Double(_)) {
            if let Val::Late(late) = number {
                return Err(Trouble::Late(crate::expression::late::words(late)));
            }
            return Err(Trouble::Mismatch);
        }
    }
    for number in rest {
        if compare::order(number, best, context)? == Some(wanted) {
            best = number;
        }
    }
    Ok(best.clone())
}

fn least(args: &[Val], context: &mut Context<'_>) -> Returned {
    extreme(args, Ordering::Less, context)
}

fn greatest(args: &[Val], context: &mut Context<'_>) -> Returned {
    extreme(args, Ordering::Greater, context)
}

fn real(args: &[Val], function: fn(f64) -> f64) -> Returned {
    let [Val::Double(value)] = args else { return Err(Trouble::Mismatch) };
    Ok(Val::Double(function(*value)))
}

fn test(args: &[Val], function: fn(f64) -> bool) -> Returned {
    let [Val::Double(value)] = args else { return Err(Trouble::Mismatch) };
    Ok(Val::Bool(function(*value)))
}

#[allow(clippy::cast_precision_loss, reason = "a root is a real number")]
fn sqrt(args: &[Val], _: &mut Context<'_>) -> Returned {
    match args {
        [Val::Double(value)] => Ok(Val::Double(value.sqrt())),
        [Val::Int(value)] => Ok(Val::Double((*value as f64).sqrt())),
        [Val::Uint(value)] => Ok(Val::Double((*value as f64).sqrt())),
        _ => Err(Trouble::Mismatch),
    }
}

fn abs(args: &[Val], _: &mut Context<'_>) -> Returned {
    match args {
        [Val::Int(value)] => value
            .checked_abs()
            .map(Val::Int)
            .ok_or_else(|| Trouble::Arithmetic("the outcome of `math.abs` does not fit into 64 bits".to_owned())),
        [Val::Uint(value)] => Ok(Val::Uint(*value)),
        [Val::Double(value)] => Ok(Val::Double(value.abs())),
        _ => Err(Trouble::Mismatch),
    }
}

fn sign(args: &[Val], _: &mut Context<'_>) -> Returned {
    match args {
        [Val::Int(value)] => Ok(Val::Int(value.signum())),
        [Val::Uint(value)] => Ok(Val::Uint((*value).min(1))),
        [Val::Double(value)] => Ok(Val::Double(if *value == 0.0 || value.is_nan() { *value } else { value.signum() })),
        _ => Err(Trouble::Mismatch),
    }
}

fn bits(args: &[Val], function: fn(u64, u64) -> u64) -> Returned {
    match args {
        [Val::Int(a), Val::Int(b)] => Ok(Val::Int(function(a.cast_unsigned(), b.cast_unsigned()).cast_signed())),
        [Val::Uint(a), Val::Uint(b)] => Ok(Val::Uint(function(*a, *b))),
        _ => Err(Trouble::Mismatch),
    }
}

fn bit_not(args: &[Val], _: &mut Context<'_>) -> Returned {
    match args {
        [Val::Int(value)] => Ok(Val::Int(!value)),
        [Val::Uint(value)] => Ok(Val::Uint(!value)),
        _ => Err(Trouble::Mismatch),
    }
}

/// Shifts the bits; what is shifted out is lost, and a right shift fills with zeros.
fn shift(args: &[Val], function: fn(u64, u32) -> Option<u64>) -> Returned {
    let [value, Val::Int(count)] = args else { return Err(Trouble::Mismatch) };
    let count = u64::try_from(*count).map_err(|_| Trouble::Argument(1, "bits cannot be shifted by a negative number".to_owned()))?;
    let shifted = |bits: u64| u32::try_from(count).ok().and_then(|count| function(bits, count)).unwrap_or(0);
    if let Val::Int(value) = value {
        return Ok(Val::Int(shifted(value.cast_unsigned()).cast_signed()));
    }
    if let Val::Uint(value) = value { Ok(Val::Uint(shifted(*value))) } else { Err(Trouble::Mismatch) }
}
