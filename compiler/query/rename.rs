//! Names that must differ between two environments, and texts that are made of them. In comes a text of the first, out goes what it would be
//! in the second. Nothing is looked up.

use super::diff::Side;
use crate::model::Entity;
use crate::value::Value;

/// A text in which one name stands for another wherever it is a word of its own: `webapps` holds no `apps`.
#[must_use]
pub fn renamed(text: &str, from: &str, to: &str) -> String {
    Rename { pairs: vec![(from, to)] }.apply(text)
}

/// What the names of the first environment become in the second.
pub(super) struct Rename<'a> {
    /// From, to; the longest first.
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Rename<'a> {
    pub(super) fn new(first: &Side<'a>, left: &'a Entity, second: &Side<'a>, right: &'a Entity) -> Self {
        // A change of an environment must show where it changes names, so these count only between different ones.
        if first.identity() == second.identity() {
            return Self { pairs: Vec::new() };
        }
        let mut pairs: Vec<(&str, &str)> = vec![(first.identity(), second.identity())];
        texts(&left.computed, &right.computed, &mut pairs);
        if let (Some(left), Some(right)) = (left.cluster, right.cluster) {
            texts(&first.model.entity(left).computed, &second.model.entity(right).computed, &mut pairs);
        }
        pairs.retain(|(from, to)| from != to && !from.is_empty());
        pairs.sort_by_key(|(from, to)| (std::cmp::Reverse(from.len()), *from, *to));
        pairs.dedup_by_key(|(from, _)| *from);
        Self { pairs }
    }

    /// Whether the second text is what becomes of the first.
    pub(super) fn derives(&self, first: &str, second: &str) -> bool {
        first == second || self.apply(first) == second
    }

    /// The text with all names replaced where they stand as words of their own.
    pub(super) fn apply(&self, text: &str) -> String {
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        let mut before: Option<char> = None;
        while let Some(next) = rest.chars().next() {
            let found = self.pairs.iter().find_map(|(from, to)| {
                let after = rest.strip_prefix(from)?;
                let apart = |char: Option<char>| !char.is_some_and(char::is_alphanumeric);
                (apart(before) && apart(after.chars().next())).then_some((*from, *to, after))
            });
            match found {
                Some((from, to, after)) => {
                    result.push_str(to);
                    before = from.chars().next_back();
                    rest = after;
                }
                None => {
                    result.push(next);
                    before = Some(next);
                    rest = rest.get(next.len_utf8()..).unwrap_or("");
                }
            }
        }
        result
    }
}

/// Texts at the same place of two maps.
fn texts<'a>(first: &'a Value, second: &'a Value, pairs: &mut Vec<(&'a str, &'a str)>) {
    for entry in first.as_map().into_iter().flat_map(|map| map.entries()) {
        let Some(other) = second.get(&entry.key) else { continue };
        match (entry.value.as_str(), other.as_str()) {
            (Some(from), Some(to)) => pairs.push((from, to)),
            (None, _) | (_, None) => texts(&entry.value, other, pairs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_as_words() {
        let rename = Rename { pairs: vec![("gc0-apps-eu", "gc0-ops-us"), ("apps", "ops")] };
        for (first, second) in [
            ("apps", "ops"),
            ("x-apps.y/apps", "x-ops.y/ops"),
            ("gc0-apps-eu.aws", "gc0-ops-us.aws"),
            ("webapps", "webapps"),
            ("apps2", "apps2"),
            ("äapps", "äapps"),
        ] {
            assert_eq!(rename.apply(first), second);
        }
    }
}
