//! Amounts as Kubernetes writes them: `500m`, `2Gi`, `1e3`.

use super::{Context, Gives, Overload, QUANTITY, Returned, Trouble, TyKind, free, method};
use crate::expression::opaque::Opaque;
use crate::expression::val::Val;
use crate::unit::Meaning;
use crate::unit::quantity::{LARGEST, ONE, Quantity};
use std::cmp::Ordering;

const TRUTH: Gives = Gives::Kind(TyKind::Bool);
const NUMBER: Gives = Gives::Kind(TyKind::Int);
const AMOUNT: Gives = Gives::Kind(QUANTITY);

pub(super) const TABLE: &[Overload] = &[
    free("quantity", &[TyKind::String], AMOUNT, quantity),
    free("quantity", &[TyKind::Int], AMOUNT, quantity),
    free("quantity", &[QUANTITY], AMOUNT, quantity),
    free("isQuantity", &[TyKind::String], TRUTH, is_quantity),
    free("isQuantity", &[QUANTITY], TRUTH, |_, _| Ok(Val::Bool(true))),
    method("add", &[QUANTITY, QUANTITY], AMOUNT, |args, _| combined(args, 1)),
    method("add", &[QUANTITY, TyKind::Int], AMOUNT, |args, _| combined(args, 1)),
    method("sub", &[QUANTITY, QUANTITY], AMOUNT, |args, _| combined(args, -1)),
    method("sub", &[QUANTITY, TyKind::Int], AMOUNT, |args, _| combined(args, -1)),
    method("sign", &[QUANTITY], NUMBER, sign),
    method("isInteger", &[QUANTITY], TRUTH, is_integer),
    method("asInteger", &[QUANTITY], NUMBER, as_integer),
    method("asApproximateFloat", &[QUANTITY], Gives::Kind(TyKind::Double), as_float),
    method("isLessThan", &[QUANTITY, QUANTITY], TRUTH, |args, _| Ok(Val::Bool(order(args)? == Ordering::Less))),
    method("isGreaterThan", &[QUANTITY, QUANTITY], TRUTH, |args, _| Ok(Val::Bool(order(args)? == Ordering::Greater))),
    method("compareTo", &[QUANTITY, QUANTITY], NUMBER, |args, _| Ok(Val::Int(order(args)? as i64))),
];

fn made(quantity: Quantity) -> Val {
    Opaque::made(Meaning::Quantity(quantity))
}

fn amount(value: Option<&Val>) -> Result<Quantity, Trouble> {
    if let Some(Val::Opaque(opaque)) = value
        && let Meaning::Quantity(quantity) = opaque.meaning
    {
        return Ok(quantity);
    }
    if let Some(Val::Int(int)) = value {
        return Ok(Quantity { billionths: i128::from(*int) * ONE, binary: false });
    }
    Err(Trouble::Mismatch)
}

fn quantity(args: &[Val], _: &mut Context<'_>) -> Returned {
    if let Some(Val::String(text)) = args.first() {
        let parsed = Quantity::parse(text);
        return parsed.map(made).map_err(|_| Trouble::Argument(0, "this is not a quantity such as `500m` or `2Gi`".to_owned()));
    }
    Ok(made(amount(args.first())?))
}

fn is_quantity(args: &[Val], _: &mut Context<'_>) -> Returned {
    let [Val::String(text)] = args else { return Err(Trouble::Mismatch) };
    Ok(Val::Bool(Quantity::parse(text).is_ok()))
}

fn combined(args: &[Val], sign: i128) -> Returned {
    let (a, b) = (amount(args.first())?, amount(args.get(1))?);
    let sum = b.billionths.checked_mul(sign).and_then(|b| a.billionths.checked_add(b)).filter(|sum| sum.abs() <= LARGEST);
    let sum = sum.ok_or_else(|| Trouble::Arithmetic("the outcome is larger than a quantity can be".to_owned()))?;
    Ok(made(Quantity { billionths: sum, ..a }))
}

fn sign(args: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Val::Int(i64::try_from(amount(args.first())?.billionths.signum()).unwrap_or(0)))
}

fn is_integer(args: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Val::Bool(amount(args.first())?.integer().is_some()))
}

fn as_integer(args: &[Val], _: &mut Context<'_>) -> Returned {
    let whole = amount(args.first())?.integer();
    whole.map(Val::Int).ok_or_else(|| Trouble::Argument(0, "this quantity is not a whole number".to_owned()))
}

#[allow(clippy::cast_precision_loss, reason = "an approximation is asked for")]
fn as_float(args: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Val::Double(amount(args.first())?.billionths as f64 / ONE as f64))
}

fn order(args: &[Val]) -> Result<Ordering, Trouble> {
    Ok(amount(args.first())?.cmp(&amount(args.get(1))?))
}
