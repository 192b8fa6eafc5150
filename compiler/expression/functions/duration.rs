//! Lengths of time, as CEL has them.

use super::{Context, DURATION, Gives, Overload, Returned, Trouble, TyKind, free, method};
use crate::expression::compare;
use crate::expression::opaque::Opaque;
use crate::expression::val::Val;
use crate::unit::Meaning;
use crate::unit::duration::Duration;

const NUMBER: Gives = Gives::Kind(TyKind::Int);
const LENGTH: Gives = Gives::Kind(DURATION);

/// Nanoseconds in a second.
const SECOND: i64 = 1_000_000_000;

pub(super) const TABLE: &[Overload] = &[
    free("duration", &[TyKind::String], LENGTH, duration),
    free("duration", &[DURATION], LENGTH, |args, _| length(args.first()).map(made)),
    method("getHours", &[DURATION], NUMBER, |args, _| whole(args, 3600 * SECOND)),
    method("getMinutes", &[DURATION], NUMBER, |args, _| whole(args, 60 * SECOND)),
    method("getSeconds", &[DURATION], NUMBER, |args, _| whole(args, SECOND)),
    method("getMilliseconds", &[DURATION], NUMBER, milliseconds),
];

fn made(duration: Duration) -> Val {
    Opaque::made(Meaning::Duration(duration))
}

fn length(value: Option<&Val>) -> Result<Duration, Trouble> {
    if let Some(Val::Opaque(opaque)) = value
        && let Meaning::Duration(duration) = opaque.meaning
    {
        return Ok(duration);
    }
    Err(Trouble::Mismatch)
}

fn duration(args: &[Val], context: &mut Context<'_>) -> Returned {
    let [Val::String(text)] = args else { return Err(Trouble::Mismatch) };
    context.work(args.first().map_or(0, compare::length))?;
    let parsed = Duration::parse(text);
    parsed.map(made).map_err(|misshape| Trouble::Argument(0, format!("this is not a duration: {}", misshape.reason)))
}

/// How often a unit fits into a length, which is what CEL means by its hours, minutes and seconds.
fn whole(args: &[Val], unit: i64) -> Returned {
    Ok(Val::Int(length(args.first())?.nanoseconds / unit))
}

/// The milliseconds beyond its seconds: not the whole length, other than above, because CEL has it so.
fn milliseconds(args: &[Val], _: &mut Context<'_>) -> Returned {
    Ok(Val::Int(length(args.first())?.nanoseconds % SECOND / 1_000_000))
}
