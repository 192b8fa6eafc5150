//! How two environments differ in what they say of themselves: who delivers them. Labels and the like are there to differ, and what is made of them
//! is compared where it is made.

use super::diff::{Difference, Side};
use super::parity::Parity;
use crate::path::Path;

/// Who delivers, if that differs.
pub(super) fn differences<'a>(first: &Side<'a>, second: &Side<'a>) -> Vec<Difference<'a>> {
    let of = |side: &Side<'a>| side.model.environment(side.environment).value.get("delivery");
    let (left, right) = (of(first), of(second));
    let same = match (left, right) {
        (Some(left), Some(right)) => left.same_data(right),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    if same {
        return Vec::new();
    }
    let hides = |side: &Side<'_>, value| side.model.secrets.hides(value);
    let secret = left.is_some_and(|left| hides(first, left)) || right.is_some_and(|right| hides(second, right));
    vec![Difference { path: Path::of(["delivery"]), first: left, second: right, secret, replaces: false, followers: Vec::new() }]
}

/// Takes differences out that are meant, and counts them.
pub(super) fn leave_out(differences: &mut Vec<Difference<'_>>, parity: &Parity) -> usize {
    let all = differences.len();
    differences.retain(|difference| !parity.allows_of_environment(&difference.path));
    all - differences.len()
}
