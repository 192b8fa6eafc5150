//! Versions as semver.org defines them.

use super::{Context, Gives, Kind, Overload, Trouble, free, method};
use crate::expression::compare;
use crate::expression::val::{Opaque, Val};
use std::cmp::Ordering;
use std::sync::Arc;

/// A version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Semver {
    /// Major, minor and patch.
    pub numbers: [u64; 3],
    /// What follows the dash, without it; may be empty.
    pub pre: Arc<str>,
    /// What follows the plus, without it; may be empty.
    pub build: Arc<str>,
}

impl std::fmt::Display for Semver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(f, "{major}.{minor}.{patch}")?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if !self.build.is_empty() {
            write!(f, "+{}", self.build)?;
        }
        Ok(())
    }
}

const TRUTH: Gives = Gives::Kind(Kind::Bool);
const NUMBER: Gives = Gives::Kind(Kind::Int);

pub(super) const TABLE: &[Overload] = &[
    free("semver", &[Kind::String], Gives::Kind(Kind::Semver), semver),
    free("semver", &[Kind::String, Kind::Bool], Gives::Kind(Kind::Semver), semver),
    free("isSemver", &[Kind::String], TRUTH, is_semver),
    free("isSemver", &[Kind::String, Kind::Bool], TRUTH, is_semver),
    method("major", &[Kind::Semver], NUMBER, |args, _| part(args, 0)),
    method("minor", &[Kind::Semver], NUMBER, |args, _| part(args, 1)),
    method("patch", &[Kind::Semver], NUMBER, |args, _| part(args, 2)),
    method("isLessThan", &[Kind::Semver, Kind::Semver], TRUTH, |args, context| Ok(Val::Bool(order(args, context)? == Ordering::Less))),
    method("isGreaterThan", &[Kind::Semver, Kind::Semver], TRUTH, |args, context| {
        Ok(Val::Bool(order(args, context)? == Ordering::Greater))
    }),
    method("compareTo", &[Kind::Semver, Kind::Semver], NUMBER, |args, context| Ok(Val::Int(order(args, context)? as i64))),
];

type Outcome = Result<Val, Trouble>;

fn identifiers(text: &str, strict: bool) -> bool {
    text.split('.').all(|part| {
        let legal = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let number = part.bytes().all(|byte| byte.is_ascii_digit());
        legal && !(strict && number && part.len() > 1 && part.starts_with('0'))
    })
}

impl Semver {
    /// Reads a version. Unless it is strict, a `v` before it, missing parts and leading zeros are forgiven.
    #[must_use]
    pub fn parse(text: &str, strict: bool) -> Option<Semver> {
        let text = if strict { text } else { text.trim_start_matches(['v', 'V']) };
        let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
        let (core, pre) = rest.split_once('-').map_or((rest, None), |(core, pre)| (core, Some(pre)));
        if !pre.is_none_or(|pre| identifiers(pre, strict)) || !build.is_none_or(|build| identifiers(build, false)) {
            return None;
        }
        let mut numbers = [0; 3];
        let mut parts = core.split('.');
        for (index, number) in numbers.iter_mut().enumerate() {
            match parts.next() {
                Some(part) => {
                    let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
                    let zeros = strict && part.len() > 1 && part.starts_with('0');
                    *number = part.parse().ok().filter(|_| digits && !zeros)?;
                }
                None if strict || index == 0 => return None,
                None => {}
            }
        }
        if parts.next().is_some() {
            return None;
        }
        Some(Semver { numbers, pre: pre.unwrap_or("").into(), build: build.unwrap_or("").into() })
    }

    /// The order of releases; the build does not count.
    #[must_use]
    pub fn precedence(&self, other: &Semver) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => {
                let mut a = self.pre.split('.');
                let mut b = other.pre.split('.');
                loop {
                    match (a.next(), b.next()) {
                        (None, None) => return Ordering::Equal,
                        (None, Some(_)) => return Ordering::Less,
                        (Some(_), None) => return Ordering::Greater,
                        (Some(a), Some(b)) => match identifier_order(a, b) {
                            Ordering::Equal => {}
                            order @ (Ordering::Less | Ordering::Greater) => return order,
                        },
                    }
                }
            }
        })
    }
}

fn identifier_order(a: &str, b: &str) -> Ordering {
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match (number(a), number(b)) {
        // Numbers of any length: the longer one is larger.
        (true, true) => {
            let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        }
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => a.cmp(b),
    }
}

fn parsed(args: &[Val], context: &mut Context<'_>) -> Result<Option<Semver>, Trouble> {
    context.work(args.first().map_or(0, compare::length))?;
    match args {
        [Val::String(text)] => Ok(Semver::parse(text, true)),
        [Val::String(text), Val::Bool(normalize)] => Ok(Semver::parse(text, !normalize)),
        _ => Err(Trouble::Mismatch),
    }
}

fn semver(args: &[Val], context: &mut Context<'_>) -> Outcome {
    let version = parsed(args, context)?;
    let version = version.ok_or_else(|| {
        let forgiving = "`semver(text, true)` forgives missing parts and a leading `v`";
        Trouble::Argument(0, format!("this is not a version such as `1.33.0`; {forgiving}"))
    })?;
    Ok(Val::Opaque(Arc::new(Opaque::Semver(version))))
}

fn is_semver(args: &[Val], context: &mut Context<'_>) -> Outcome {
    Ok(Val::Bool(parsed(args, context)?.is_some()))
}

fn version(value: Option<&Val>) -> Result<&Semver, Trouble> {
    if let Some(Val::Opaque(opaque)) = value
        && let Opaque::Semver(version) = &**opaque
    {
        return Ok(version);
    }
    Err(Trouble::Mismatch)
}

fn part(args: &[Val], index: usize) -> Outcome {
    let number = version(args.first())?.numbers.get(index).copied().unwrap_or(0);
    Ok(Val::Int(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn order(args: &[Val], context: &mut Context<'_>) -> Result<Ordering, Trouble> {
    context.work(args.iter().map(compare::length).min().unwrap_or(0))?;
    Ok(version(args.first())?.precedence(version(args.get(1))?))
}
