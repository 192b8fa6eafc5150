//! Providers whose version goes back: what a newer one has written into a state an older one cannot read. In come the constraints of `required_providers`
//! before and after, out go those of which all that is allowed now has a lower major version than all that was.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::floor;
use crate::hazard::PlatformChange;
use crate::level::Level;
use crate::model::EntityId;
use crate::name::listed;
use crate::object::Stack;
use crate::span::Span;
use crate::value::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Where it is written, which provider, and what is allowed before and now.
type PinnedBack<'a> = (Span, &'a str, &'a str, &'a str);

/// Whose it is, and the stacks that it is of.
type PinnedIn = (EntityId, BTreeSet<String>);

pub(super) fn report(change: &PlatformChange<'_>, known: &BTreeMap<String, &Stack>, diagnostics: &mut Diagnostics) {
    let mut back: BTreeMap<PinnedBack<'_>, PinnedIn> = BTreeMap::new();
    for stack in &change.now.objects.stacks {
        let folder = floor::stack(change.now.model, stack);
        let Some((old, member)) = known.get(&folder).zip(stack.members.iter().copied().find(|member| change.is_chosen(*member))) else {
            continue;
        };
        let providers = stack.body.at(&PINNED).and_then(Value::as_map).map(Map::entries).unwrap_or_default();
        for entry in providers {
            let version = |body: &'_ Value| body.at(&PINNED)?.get(&entry.key)?.get("version").cloned();
            let (Some(was), Some(is)) = (version(&old.body), entry.value.get("version")) else { continue };
            let words = old.body.at(&PINNED).and_then(|pinned| pinned.get(&entry.key)?.get("version")?.as_str()).zip(is.as_str());
            let Some((before, now)) = words.filter(|(before, now)| is_back(before, now)) else { continue };
            let place = change.users_or(change.decided(Some(&was), is), change.now.model.entity(member));
            back.entry((place, &entry.key, before, now)).or_insert_with(|| (member, BTreeSet::new())).1.insert(folder.clone());
        }
    }
    for ((place, provider, was, is), (member, folders)) in back {
        let stacks = folders.iter().map(|folder| folder.split_once('/').map_or(folder.as_str(), |(_, name)| name));
        let message = format!("provider `{provider}` goes back from `{was}` to `{is}`, which may not read what the newer one has written");
        let word = if folders.len() == 1 { "stack" } else { "stacks" };
        diagnostics.push(
            Diagnostic::warning(Code::RefusedChange, message, place, "an older one from now on")
                .level(Level::Refused)
                .apart(format!("provider {provider}"))
                .about(change.now.model.entity(member).subject())
                .note(format!("Terraform refuses a state with resources of a later schema, and plans nothing of {word} {}", listed(stacks)))
                .hint("leave it; or go back together with the state, from a copy of before the newer one was applied"),
        );
    }
}

const PINNED: [&str; 2] = ["terraform", "required_providers"];

/// Whether all that is allowed now is of a lower major version than all that was.
fn is_back(was: &str, is: &str) -> bool {
    bounds(was).0.zip(bounds(is).1).is_some_and(|(lowest, highest)| highest < lowest)
}

/// The lowest and the highest major version that a constraint allows, if it says one.
fn bounds(constraint: &str) -> (Option<u64>, Option<u64>) {
    let (mut lowest, mut highest): (Option<u64>, Option<u64>) = (None, None);
    for part in constraint.split(',').map(str::trim) {
        let at = part.find(|char: char| char.is_ascii_digit()).unwrap_or(part.len());
        let (operator, version) = part.split_at_checked(at).unwrap_or_default();
        let mut numbers = version.trim_start_matches('v').split('.');
        let Some(major) = numbers.next().and_then(|number| number.parse::<u64>().ok()) else { continue };
        let rest: Vec<&str> = numbers.collect();
        let (low, high) = match operator.trim() {
            "" | "=" => (Some(major), Some(major)),
            // With one number alone nothing is said of the end.
            "~>" => (Some(major), (!rest.is_empty()).then_some(major)),
            ">" | ">=" => (Some(major), None),
            "<" if rest.iter().all(|number| number.bytes().all(|byte| byte == b'0')) => (None, major.checked_sub(1)),
            "<" | "<=" => (None, Some(major)),
            _ => (None, None),
        };
        lowest = lowest.max(low);
        highest = [highest, high].into_iter().flatten().min();
    }
    (lowest, highest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_back() {
        for (was, is, expected) in [
            ("~> 6.25", "~> 5.0", true),
            ("~> 6.25", "5.99.1", true),
            ("6.0.0", ">= 5.0, < 6.0.0", true),
            (">= 6.0", "<= 5.4", true),
            ("~> 6.25", "~> 6.1", false),
            ("~> 6.25", ">= 5.0", false),
            ("~> 6.25", "~> 5", false),
            (">= 5.0", "~> 5.0", false),
            ("~> 6.25", "< 6.5", false),
            ("~> 5.0", "~> 6.25", false),
            ("", "~> 5.0", false),
        ] {
            assert_eq!(is_back(was, is), expected, "{was} {is}");
        }
    }
}
