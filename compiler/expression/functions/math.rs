//! `math.…`

use super::{Context, Gives, Kind, Overload, Trouble, free, many};
use crate::expression::compare;
use crate::expression::val::Val;
use std::cmp::Ordering;

const INT: Gives = Gives::Kind(Kind::Int);
const UINT: Gives = Gives::Kind(Kind::Uint);
const DOUBLE: Gives = Gives::Kind(Kind::Double);
const TRUTH: Gives = Gives::Kind(Kind::Bool);
const ANY: Gives = Gives::Kind(Kind::Any);

pub(super) const TABLE: &[Overload] = &[
    free("math.least", &[Kind::List], Gives::Item, least),
    many(free("math.least", &[Kind::Any], ANY, least)),
    free("math.greatest", &[Kind::List], Gives::Item, greatest),
    many(free("math.greatest", &[Kind::Any], ANY, greatest)),
    free("math.ceil", &[Kind::Double], DOUBLE, |args, _| real(args, f64::ceil)),
    free("math.floor", &[Kind::Double], DOUBLE, |args, _| real(args, f64::floor)),
    free("math.round", &[Kind::Double], DOUBLE, |args, _| real(args, f64::round)),
    free("math.trunc", &[Kind::Double], DOUBLE, |args, _| real(args, f64::trunc)),
    free("math.sqrt", &[Kind::Double], DOUBLE, sqrt),
    free("math.sqrt", &[Kind::Int], DOUBLE, sqrt),
    free("math.sqrt", &[Kind::Uint], DOUBLE, sqrt),
    free("math.abs", &[Kind::Int], INT, abs),
    free("math.abs", &[Kind::Uint], UINT, abs),
    free("math.abs", &[Kind::Double], DOUBLE, abs),
    free("math.sign", &[Kind::Int], INT, sign),
    free("math.sign", &[Kind::Uint], UINT, sign),
    free("math.sign", &[Kind::Double], DOUBLE, sign),
    free("math.isNaN", &[Kind::Double], TRUTH, |args, _| test(args, f64::is_nan)),
    free("math.isInf", &[Kind::Double], TRUTH, |args, _| test(args, f64::is_infinite)),
    free("math.isFinite", &[Kind::Double], TRUTH, |args, _| test(args, f64::is_finite)),
    free("math.bitAnd", &[Kind::Int, Kind::Int], INT, |args, _| bits(args, |a, b| a & b)),
    free("math.bitAnd", &[Kind::Uint, Kind::Uint], UINT, |args, _| bits(args, |a, b| a & b)),
    free("math.bitOr", &[Kind::Int, Kind::Int], INT, |args, _| bits(args, |a, b| a | b)),
    free("math.bitOr", &[Kind::Uint, Kind::Uint], UINT, |args, _| bits(args, |a, b| a | b)),
    free("math.bitXor", &[Kind::Int, Kind::Int], INT, |args, _| bits(args, |a, b| a ^ b)),
    free("math.bitXor", &[Kind::Uint, Kind::Uint], UINT, |args, _| bits(args, |a, b| a ^ b)),
    free("math.bitNot", &[Kind::Int], INT, bit_not),
    free("math.bitNot", &[Kind::Uint], UINT, bit_not),
    free("math.bitShiftLeft", &[Kind::Int, Kind::Int], INT, |args, _| shift(args, u64::checked_shl)),
    free("math.bitShiftLeft", &[Kind::Uint, Kind::Int], UINT, |args, _| shift(args, u64::checked_shl)),
    free("math.bitShiftRight", &[Kind::Int, Kind::Int], INT, |args, _| shift(args, u64::checked_shr)),
    free("math.bitShiftRight", &[Kind::Uint, Kind::Int], UINT, |args, _| shift(args, u64::checked_shr)),
];

type Outcome = Result<Val, Trouble>;

fn extreme(args: &[Val], wanted: Ordering, context: &mut Context<'_>) -> Outcome {
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

fn least(args: &[Val], context: &mut Context<'_>) -> Outcome {
    extreme(args, Ordering::Less, context)
}

fn greatest(args: &[Val], context: &mut Context<'_>) -> Outcome {
    extreme(args, Ordering::Greater, context)
}

fn real(args: &[Val], function: fn(f64) -> f64) -> Outcome {
    let [Val::Double(value)] = args else { return Err(Trouble::Mismatch) };
    Ok(Val::Double(function(*value)))
}

fn test(args: &[Val], function: fn(f64) -> bool) -> Outcome {
    let [Val::Double(value)] = args else { return Err(Trouble::Mismatch) };
    Ok(Val::Bool(function(*value)))
}

#[allow(clippy::cast_precision_loss, reason = "a root is a real number")]
fn sqrt(args: &[Val], _: &mut Context<'_>) -> Outcome {
    match args {
        [Val::Double(value)] => Ok(Val::Double(value.sqrt())),
        [Val::Int(value)] => Ok(Val::Double((*value as f64).sqrt())),
        [Val::Uint(value)] => Ok(Val::Double((*value as f64).sqrt())),
        _ => Err(Trouble::Mismatch),
    }
}

fn abs(args: &[Val], _: &mut Context<'_>) -> Outcome {
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

fn sign(args: &[Val], _: &mut Context<'_>) -> Outcome {
    match args {
        [Val::Int(value)] => Ok(Val::Int(value.signum())),
        [Val::Uint(value)] => Ok(Val::Uint((*value).min(1))),
        [Val::Double(value)] => Ok(Val::Double(if *value == 0.0 || value.is_nan() { *value } else { value.signum() })),
        _ => Err(Trouble::Mismatch),
    }
}

fn bits(args: &[Val], function: fn(u64, u64) -> u64) -> Outcome {
    match args {
        [Val::Int(a), Val::Int(b)] => Ok(Val::Int(function(a.cast_unsigned(), b.cast_unsigned()).cast_signed())),
        [Val::Uint(a), Val::Uint(b)] => Ok(Val::Uint(function(*a, *b))),
        _ => Err(Trouble::Mismatch),
    }
}

fn bit_not(args: &[Val], _: &mut Context<'_>) -> Outcome {
    match args {
        [Val::Int(value)] => Ok(Val::Int(!value)),
        [Val::Uint(value)] => Ok(Val::Uint(!value)),
        _ => Err(Trouble::Mismatch),
    }
}

/// Shifts the bits; what is shifted out is lost, and a right shift fills with zeros.
fn shift(args: &[Val], function: fn(u64, u32) -> Option<u64>) -> Outcome {
    let [value, Val::Int(count)] = args else { return Err(Trouble::Mismatch) };
    let count = u64::try_from(*count).map_err(|_| Trouble::Argument(1, "bits cannot be shifted by a negative number".to_owned()))?;
    let shifted = |bits: u64| u32::try_from(count).ok().and_then(|count| function(bits, count)).unwrap_or(0);
    if let Val::Int(value) = value {
        return Ok(Val::Int(shifted(value.cast_unsigned()).cast_signed()));
    }
    if let Val::Uint(value) = value { Ok(Val::Uint(shifted(*value))) } else { Err(Trouble::Mismatch) }
}
