//! Versions as semver.org defines them.

use super::{Context, Gives, Overload, Returned, SEMVER, Trouble, TyKind, free, method};
use crate::expression::compare;
use crate::expression::opaque::Opaque;
use crate::expression::val::Val;
use crate::unit::Meaning;
use crate::unit::semver::Semver;
use std::cmp::Ordering;

const TRUTH: Gives = Gives::Kind(TyKind::Bool);
const NUMBER: Gives = Gives::Kind(TyKind::Int);

pub(super) const TABLE: &[Overload] = &[
    free("semver", &[TyKind::String], Gives::Kind(SEMVER), semver),
    free("semver", &[TyKind::String, TyKind::Bool], Gives::Kind(SEMVER), semver),
    free("semver", &[SEMVER], Gives::Kind(SEMVER), |args, _| {
        version(args.first()).map(|version| Opaque::made(Meaning::Semver(version.clone())))
    }),
    free("semver", &[SEMVER, TyKind::Bool], Gives::Kind(SEMVER), |args, _| {
        version(args.first()).map(|version| Opaque::made(Meaning::Semver(version.clone())))
    }),
    free("isSemver", &[TyKind::String], TRUTH, is_semver),
    free("isSemver", &[TyKind::String, TyKind::Bool], TRUTH, is_semver),
    free("isSemver", &[SEMVER], TRUTH, |_, _| Ok(Val::Bool(true))),
    free("isSemver", &[SEMVER, TyKind::Bool], TRUTH, |_, _| Ok(Val::Bool(true))),
    method("major", &[SEMVER], NUMBER, |args, _| part(args, 0)),
    method("minor", &[SEMVER], NUMBER, |args, _| part(args, 1)),
    method("patch", &[SEMVER], NUMBER, |args, _| part(args, 2)),
    method("isLessThan", &[SEMVER, SEMVER], TRUTH, |args, context| Ok(Val::Bool(order(args, context)? == Ordering::Less))),
    method("isGreaterThan", &[SEMVER, SEMVER], TRUTH, |args, context| Ok(Val::Bool(order(args, context)? == Ordering::Greater))),
    method("compareTo", &[SEMVER, SEMVER], NUMBER, |args, context| Ok(Val::Int(order(args, context)? as i64))),
];

fn parsed(args: &[Val], context: &mut Context<'_>) -> Result<Option<Semver>, Trouble> {
    context.work(args.first().map_or(0, compare::length))?;
    match args {
        [Val::String(text)] => Ok(Semver::parse(text).ok()),
        [Val::String(text), Val::Bool(true)] => Ok(Semver::forgiving(text)),
        [Val::String(text), Val::Bool(false)] => Ok(Semver::parse(text).ok()),
        _ => Err(Trouble::Mismatch),
    }
}

fn semver(args: &[Val], context: &mut Context<'_>) -> Returned {
    let version = parsed(args, context)?;
    let version = version.ok_or_else(|| {
        let forgiving = "`semver(text, true)` forgives missing parts and leading zeros";
        Trouble::Argument(0, format!("this is not a version such as `1.33.0`; {forgiving}"))
    })?;
    Ok(Opaque::made(Meaning::Semver(version)))
}

fn is_semver(args: &[Val], context: &mut Context<'_>) -> Returned {
    Ok(Val::Bool(parsed(args, context)?.is_some()))
}

fn version(value: Option<&Val>) -> Result<&Semver, Trouble> {
    if let Some(Val::Opaque(opaque)) = value
        && let Meaning::Semver(version) = &opaque.meaning
    {
        return Ok(version);
    }
    Err(Trouble::Mismatch)
}

fn part(args: &[Val], index: usize) -> Returned {
    let number = version(args.first())?.numbers.get(index).copied().unwrap_or(0);
    Ok(Val::Int(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn order(args: &[Val], context: &mut Context<'_>) -> Result<Ordering, Trouble> {
    context.work(args.iter().map(compare::length).min().unwrap_or(0))?;
    Ok(version(args.first())?.precedence(version(args.get(1))?))
}
