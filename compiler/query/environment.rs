//! How two environments differ in what they say of themselves: who delivers them, whether others see them, their constants, and how providers
//! are configured. Labels and the like are there to differ, and what is made of them is compared where it is made.

use super::diff::{Difference, Side};
use super::parity::Parity;
use crate::path::Path;
use crate::value::Value;

/// Who delivers, who sees them, which constants, and which arguments of providers, as far as that differs.
pub(super) fn differences<'a>(first: &Side<'a>, second: &Side<'a>) -> Vec<Difference<'a>> {
    let of = |side: &Side<'a>, field: &str| side.model.environment(side.environment).value.get(field);
    let hides = |side: &Side<'_>, value: Option<&Value>| value.is_some_and(|value| side.model.secrets.hides(value));
    let mut differences = Vec::new();
    let mut left: Vec<(Path, Option<&'a Value>, Option<&'a Value>)> =
        ["providers", "constants", "shared", "delivery"].map(|field| (Path::of([field]), of(first, field), of(second, field))).into();
    while let Some((path, one, other)) = left.pop() {
        let same = match (one, other) {
            (Some(one), Some(other)) => one.same_data(other),
            (one, other) => one.is_none() && other.is_none(),
        };
        let maps = one.and_then(Value::as_map).zip(other.and_then(Value::as_map));
        let secret = hides(first, one) || hides(second, other);
        match maps.filter(|_| !secret) {
            _ if same => {}
            Some((one, other)) => {
                let keys = one.entries().iter().chain(other.entries().iter().filter(|entry| one.entry(&entry.key).is_none()));
                left.extend(keys.rev().map(|entry| (path.join(&Path::of([&*entry.key])), one.get(&entry.key), other.get(&entry.key))));
            }
            None => differences.push(Difference { path, first: one, second: other, secret, replaces: false, followers: Vec::new() }),
        }
    }
    differences
}

/// Takes differences out that are meant, and counts them.
pub(super) fn leave_out(differences: &mut Vec<Difference<'_>>, parity: &Parity) -> usize {
    let all = differences.len();
    differences.retain(|difference| !parity.allows_of_environment(&difference.path));
    all - differences.len()
}
