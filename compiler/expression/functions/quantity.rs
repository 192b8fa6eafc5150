//! Amounts as Kubernetes writes them: `500m`, `2Gi`, `1e3`.

use super::{Context, Gives, Kind, Overload, Trouble, free, method};
use crate::expression::val::{Opaque, Val};
use std::cmp::Ordering;
use std::sync::Arc;

/// An amount. Two are equal if they amount to the same, however they are written.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    /// The amount in billionths.
    billionths: i128,
    /// Whether it is written with `Ki`, `Mi`, `Gi` ….
    binary: bool,
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.billionths == other.billionths
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.billionths.cmp(&other.billionths)
    }
}

/// Billionths in one.
const ONE: i128 = 1_000_000_000;

/// The largest amount that Kubernetes keeps.
const LARGEST: i128 = i64::MAX as i128 * ONE;

/// Suffixes with a power of 1024, largest first.
const BINARY: [(&str, u32); 6] = [("Ei", 6), ("Pi", 5), ("Ti", 4), ("Gi", 3), ("Mi", 2), ("Ki", 1)];

/// Suffixes with a power of ten in billionths, largest first.
const DECIMAL: [(&str, u32); 10] =
    [("E", 27), ("P", 24), ("T", 21), ("G", 18), ("M", 15), ("k", 12), ("", 9), ("m", 6), ("u", 3), ("n", 0)];

impl Quantity {
    /// Reads an amount.
    #[must_use]
    pub fn parse(text: &str) -> Option<Quantity> {
        let (sign, rest) = text.strip_prefix('-').map_or((1, text.strip_prefix('+').unwrap_or(text)), |rest| (-1, rest));
        let length = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (number, suffix) = rest.split_at_checked(length)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || number.len() > 60 {
            return None;
        }
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let below = u32::try_from(fraction.len()).ok()?;
        let (amount, binary) = if let Some((_, power)) = BINARY.iter().find(|(known, _)| *known == suffix) {
            (scaled(digits.checked_mul(1024i128.checked_pow(*power)?)?, 9, below)?, true)
        } else if let Some((_, power)) = DECIMAL.iter().find(|(known, _)| *known == suffix) {
            (scaled(digits, *power, below)?, false)
        } else {
            let exponent = suffix.strip_prefix(['e', 'E'])?;
            let signless = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if signless.is_empty() || !signless.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let exponent: i32 = exponent.parse().ok().filter(|exponent| (-30..=30).contains(exponent))?;
            let power = 9 + exponent;
            let amount = if power >= 0 {
                scaled(digits, power.unsigned_abs(), below)?
            } else {
                scaled(digits, 0, below.checked_add(power.unsigned_abs())?)?
            };
            (amount, false)
        };
        Some(Quantity { billionths: sign * amount.min(LARGEST), binary })
    }

    /// The amount, if it is whole and fits.
    fn integer(self) -> Option<i64> {
        (self.billionths % ONE == 0).then(|| i64::try_from(self.billionths / ONE).ok()).flatten()
    }
}

/// `digits · 10^power / 10^below`, rounded up, as Kubernetes does with what is smaller than a billionth.
fn scaled(digits: i128, power: u32, below: u32) -> Option<i128> {
    if power >= below {
        return digits.checked_mul(10i128.checked_pow(power - below)?);
    }
    let divisor = 10i128.checked_pow(below - power)?;
    Some(digits / divisor + i128::from(digits % divisor != 0))
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.billionths == 0 {
            return write!(f, "0");
        }
        if self.binary && self.billionths % ONE == 0 {
            let amount = self.billionths / ONE;
            for (suffix, power) in BINARY {
                let unit = 1024i128.pow(power);
                if amount % unit == 0 {
                    return write!(f, "{}{suffix}", amount / unit);
                }
            }
            return write!(f, "{amount}");
        }
        for (suffix, power) in DECIMAL {
            let unit = 10i128.pow(power);
            if self.billionths % unit == 0 {
                return write!(f, "{}{suffix}", self.billionths / unit);
            }
        }
        Ok(())
    }
}

const TRUTH: Gives = Gives::Kind(Kind::Bool);
const NUMBER: Gives = Gives::Kind(Kind::Int);
const AMOUNT: Gives = Gives::Kind(Kind::Quantity);

pub(super) const TABLE: &[Overload] = &[
    free("quantity", &[Kind::String], AMOUNT, quantity),
    free("quantity", &[Kind::Int], AMOUNT, quantity),
    free("isQuantity", &[Kind::String], TRUTH, is_quantity),
    method("add", &[Kind::Quantity, Kind::Quantity], AMOUNT, |args, _| combined(args, 1)),
    method("add", &[Kind::Quantity, Kind::Int], AMOUNT, |args, _| combined(args, 1)),
    method("sub", &[Kind::Quantity, Kind::Quantity], AMOUNT, |args, _| combined(args, -1)),
    method("sub", &[Kind::Quantity, Kind::Int], AMOUNT, |args, _| combined(args, -1)),
    method("sign", &[Kind::Quantity], NUMBER, sign),
    method("isInteger", &[Kind::Quantity], TRUTH, is_integer),
    method("asInteger", &[Kind::Quantity], NUMBER, as_integer),
    method("asApproximateFloat", &[Kind::Quantity], Gives::Kind(Kind::Double), as_float),
    method("isLessThan", &[Kind::Quantity, Kind::Quantity], TRUTH, |args, _| Ok(Val::Bool(order(args)? == Ordering::Less))),
    method("isGreaterThan", &[Kind::Quantity, Kind::Quantity], TRUTH, |args, _| Ok(Val::Bool(order(args)? == Ordering::Greater))),
    method("compareTo", &[Kind::Quantity, Kind::Quantity], NUMBER, |args, _| Ok(Val::Int(order(args)? as i64))),
];

type Outcome = Result<Val, Trouble>;

fn made(quantity: Quantity) -> Val {
    Val::Opaque(Arc::new(Opaque::Quantity(quantity)))
}

fn amount(value: Option<&Val>) -> Result<Quantity, Trouble> {
    if let Some(Val::Opaque(opaque)) = value
        && let Opaque::Quantity(quantity) = **opaque
    {
        return Ok(quantity);
    }
    if let Some(Val::Int(int)) = value {
        return Ok(Quantity { billionths: i128::from(*int) * ONE, binary: false });
    }
    Err(Trouble::Mismatch)
}

fn quantity(args: &[Val], _: &mut Context<'_>) -> Outcome {
    if let Some(Val::String(text)) = args.first() {
        let parsed = Quantity::parse(text);
        return parsed.map(made).ok_or_else(|| Trouble::Argument(0, "this is not a quantity such as `500m` or `2Gi`".to_owned()));
    }
    Ok(made(amount(args.first())?))
}

fn is_quantity(args: &[Val], _: &mut Context<'_>) -> Outcome {
    let [Val::String(text)] = args else { return Err(Trouble::Mismatch) };
    Ok(Val::Bool(Quantity::parse(text).is_some()))
}

fn combined(args: &[Val], sign: i128) -> Outcome {
    let (a, b) = (amount(args.first())?, amount(args.get(1))?);
    let sum = b.billionths.checked_mul(sign).and_then(|b| a.billionths.checked_add(b)).filter(|sum| sum.abs() <= LARGEST);
    let sum = sum.ok_or_else(|| Trouble::Arithmetic("the outcome is larger than a quantity can be".to_owned()))?;
    Ok(made(Quantity { billionths: sum, ..a }))
}

fn sign(args: &[Val], _: &mut Context<'_>) -> Outcome {
    Ok(Val::Int(i64::try_from(amount(args.first())?.billionths.signum()).unwrap_or(0)))
}

fn is_integer(args: &[Val], _: &mut Context<'_>) -> Outcome {
    Ok(Val::Bool(amount(args.first())?.integer().is_some()))
}

fn as_integer(args: &[Val], _: &mut Context<'_>) -> Outcome {
    let whole = amount(args.first())?.integer();
    whole.map(Val::Int).ok_or_else(|| Trouble::Argument(0, "this quantity is not a whole number".to_owned()))
}

#[allow(clippy::cast_precision_loss, reason = "an approximation is asked for")]
fn as_float(args: &[Val], _: &mut Context<'_>) -> Outcome {
    Ok(Val::Double(amount(args.first())?.billionths as f64 / ONE as f64))
}

fn order(args: &[Val]) -> Result<Ordering, Trouble> {
    Ok(amount(args.first())?.cmp(&amount(args.get(1))?))
}
