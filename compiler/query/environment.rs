//! How two environments differ in what they say of themselves, such as who delivers them and how, their constants, and how providers are
//! configured; and in what the platform says of all environments, if the two are of different compilations. What is for readers alone, and what
//! only carries an environment's own name, differs without a word.

use super::diff::{Difference, Side};
use super::parity::Parity;
use super::rename::renamed;
use crate::path::{Path, Step};
use crate::value::Value;

/// What an environment says for readers alone.
const UNREAD: [&str; 1] = ["description"];

/// What the platform says that reaches no output, or is compared where it does: in environments, in things, or in nothing but the order of files.
const ELSEWHERE: [&str; 8] = ["description", "output", "exclude", "promotion", "constants", "defaults", "providers", "parity"];

/// Two values of one place, where a side may have none.
type EnvironmentPair<'a> = (Path, Option<&'a Value>, Option<&'a Value>);

/// What the environments say, and the platform of both of them, as far as that differs.
pub(super) fn differences<'a>(first: &Side<'a>, second: &Side<'a>) -> Vec<Difference<'a>> {
    let mut left: Vec<EnvironmentPair<'a>> = Vec::new();
    if !std::ptr::eq(first.model, second.model) {
        let of = |side: &Side<'a>, field: &str| side.model.platform.value.get(field);
        let fields = first.definitions.language.platform.fields().map(|(field, _)| field).filter(|field| !ELSEWHERE.contains(field));
        left.extend(fields.map(|field| (Path::of(["platform", field]), of(first, field), of(second, field))));
    }
    let of = |side: &Side<'a>, field: &str| side.model.environment(side.environment).value.get(field);
    let fields = first.definitions.language.environment.fields().map(|(field, _)| field).filter(|field| !UNREAD.contains(field));
    left.extend(fields.map(|field| (Path::of([field]), of(first, field), of(second, field))));
    walked(left, first, second)
}

/// What differs of these, and of what is inside them; the last comes first.
fn walked<'a>(mut left: Vec<EnvironmentPair<'a>>, first: &Side<'a>, second: &Side<'a>) -> Vec<Difference<'a>> {
    let hides = |side: &Side<'_>, value: Option<&Value>| value.is_some_and(|value| side.model.secrets.hides(value));
    let mut differences = Vec::new();
    while let Some((path, one, other)) = left.pop() {
        let same = match (one, other) {
            (Some(one), Some(other)) => one.same_data(other),
            (one, other) => one.is_none() && other.is_none(),
        };
        let both = || one.zip(other);
        let maps = both().and_then(|(one, other)| one.as_map().zip(other.as_map()));
        let lists = both().and_then(|(one, other)| one.as_list().zip(other.as_list())).filter(|(one, other)| one.len() == other.len());
        let secret = hides(first, one) || hides(second, other);
        if same || is_its_label(&path, one, other, first, second) {
            continue;
        }
        match (maps, lists) {
            (Some((one, other)), _) if !secret => {
                let keys = one.entries().iter().chain(other.entries().iter().filter(|entry| one.entry(&entry.key).is_none()));
                left.extend(keys.rev().map(|entry| (path.join(&Path::of([&*entry.key])), one.get(&entry.key), other.get(&entry.key))));
            }
            (None, Some((one, other))) if !secret => {
                let items = one.iter().zip(other).enumerate().rev();
                let inside = |at: usize| path.join(&Path::from(vec![Step::Item(at)]));
                left.extend(items.map(|(at, (one, other))| (inside(at), Some(one), Some(other))));
            }
            (Some(_) | None, _) => {
                differences.push(Difference {
                    path,
                    first: one,
                    second: other,
                    secret,
                    replaces: None,
                    argument: None,
                    followers: Vec::new(),
                    passed_on: Vec::new(),
                });
            }
        }
    }
    differences
}

/// Whether two labels differ by nothing but the names of their environments.
fn is_its_label(path: &Path, one: Option<&Value>, other: Option<&Value>, first: &Side<'_>, second: &Side<'_>) -> bool {
    let is_label = path.keys().is_some_and(|keys| keys.len() == 2 && keys.first().is_some_and(|key| **key == *"labels"));
    let texts = one.and_then(Value::as_str).zip(other.and_then(Value::as_str));
    is_label
        && texts.is_some_and(|(one, other)| {
            [(first.name(), second.name()), (first.identity(), second.identity())].iter().any(|(from, to)| renamed(one, from, to) == other)
        })
}

/// Takes differences out that are meant, and counts them.
pub(super) fn leave_out(differences: &mut Vec<Difference<'_>>, parity: &Parity) -> usize {
    let all = differences.len();
    differences.retain(|difference| !parity.allows_of_environment(&difference.path));
    all - differences.len()
}
