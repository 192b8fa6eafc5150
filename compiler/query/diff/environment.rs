//! How two environments differ in what they say of themselves, such as who delivers them and how, their constants, and how providers are
//! configured; and in what the platform says of all environments, if the two are of different compilations. What is for readers alone differs
//! without a word.

use super::values::{Compared, compare_plain};
use super::verdict::Judge;
use super::{Side, are_of_one_time};
use crate::path::Path;
use crate::value::Value;

/// What an environment says for readers alone.
const UNREAD: [&str; 1] = ["description"];

/// What the platform says that reaches no output, or is compared where it does: in environments, in things, or in nothing but the order of files.
const ELSEWHERE: [&str; 8] = ["description", "output", "exclude", "promotion", "constants", "defaults", "providers", "parity"];

/// Two values of one place, where a side may have none.
type EnvironmentPair<'a> = (Path, Option<&'a Value>, Option<&'a Value>);

/// What the environments say, and the platform of both of them, as far as that differs.
pub(super) fn compared<'a>(first: &Side<'a>, second: &Side<'a>, judge: &mut Judge<'a>) -> Compared<'a> {
    let mut pairs: Vec<EnvironmentPair<'a>> = Vec::new();
    if !are_of_one_time(first.model, second.model) {
        let of = |side: &Side<'a>, field: &str| side.model.platform.value.get(field);
        let fields = first.definitions.language.platform.fields().map(|(field, _)| field).filter(|field| !ELSEWHERE.contains(field));
        pairs.extend(fields.map(|field| (Path::of(["platform", field]), of(first, field), of(second, field))));
    }
    let of = |side: &Side<'a>, field: &str| side.model.environment(side.environment).value.get(field);
    let fields = first.definitions.language.environment.fields().map(|(field, _)| field).filter(|field| !UNREAD.contains(field));
    pairs.extend(fields.map(|field| (Path::of([field]), of(first, field), of(second, field))));
    compare_plain((first, second), pairs, judge)
}
