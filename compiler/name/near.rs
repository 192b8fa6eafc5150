//! The nearest match for a name that does not exist: what most likely was meant. Comes in: a name and those that there are.

use crate::ledger;

/// The candidate that `name` was most likely meant to be, or none if no candidate is close.
///
/// Spellings that differ only in case, dashes, underscores or dots count as equal; otherwise the normalized Damerau-Levenshtein
/// similarity decides: names are near each other that one edit parts, or few of many letters. Of equally similar candidates the one wins
/// that has the same letters but for doubled ones, then the one with the longer common beginning; if that is a tie too, there is none.
/// A run looks for so many names only, which is kept in the ledger: behind thousands of mistakes nobody reads suggestions.
/// Names that only count differently (`gc0` and `gc1`) and short names with another letter (`aks` and `eks`) are other names, not slips.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(name);
    let mut best: Option<(Likeness, &'a str)> = None;
    let mut tied = false;
    let letters = Letters::of(name);
    for candidate in candidates.into_iter().take(COMPARED) {
        // Sorting out costs a letter for each letter, a comparison each with each.
        if !ledger::suggestion(1 + candidate.len().min(LENGTH) / 4) {
            return None;
        }
        if candidate == name || !letters.may_be_near(&Letters::of(candidate)) {
            continue;
        }
        if !ledger::suggestion(letters.length * candidate.len().min(LENGTH)) {
            return None;
        }
        let other = fold(candidate);
        let same = other == folded || alike(&other) == alike(&folded);
        let (edits, similarity) = if same { (0, 1.0) } else { distance(&folded, &other) };
        let short = folded.len().max(other.len()) < 3;
        if ((edits > 1 || short) && similarity < LEAST) || (!same && (counted(name, candidate) || replaced(&folded, &other))) {
            continue;
        }
        let prefix = folded.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
        let likeness = (similarity, undoubled(&folded) == undoubled(&other), prefix);
        match &best {
            Some((most, known)) if likeness == *most && *known != candidate => tied = true,
            Some((most, _)) if likeness <= *most => {}
            Some(_) | None => {
                best = Some((likeness, candidate));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(_, candidate)| candidate)
}

/// A name is compared with so many others. There may be as many wrong names as right ones, and each of them is compared.
const COMPARED: usize = 5_000;

/// So many characters of a name are compared.
const LENGTH: usize = 100;

/// How many characters of each of a few groups a name has: a comparison that costs little and sorts most names out.
struct Letters {
    groups: [u8; 16],
    length: usize,
}

impl Letters {
    fn of(name: &str) -> Self {
        let mut letters = Self { groups: [0; 16], length: 0 };
        for char in folded(name).take(LENGTH).map(look) {
            letters.length += 1;
            if let Some(count) = letters.groups.get_mut(char as usize % 16) {
                *count += 1;
            }
        }
        letters
    }

    /// At least so many edits part two names: each changes the counts of two groups by one at most.
    fn edits_at_least(&self, other: &Self) -> usize {
        let (mut more, mut less) = (0, 0);
        for (a, b) in self.groups.iter().zip(&other.groups) {
            more += usize::from(a.saturating_sub(*b));
            less += usize::from(b.saturating_sub(*a));
        }
        more.max(less)
    }

    fn may_be_near(&self, other: &Self) -> bool {
        let edits = self.edits_at_least(other);
        edits <= 1 || share(edits, self.length.max(other.length)) >= LEAST
    }
}

/// The only candidate that `name` is the beginning of, or that is the beginning of `name`: `env` of `environment`. At least three letters.
#[must_use]
pub fn beginning<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(name);
    if folded.len() < 3 {
        return None;
    }
    let begins = |candidate: &&str| {
        if !ledger::suggestion(1 + candidate.len() / 4) {
            return false;
        }
        let other = fold(candidate);
        let (short, long) = if folded.len() < other.len() { (&folded, &other) } else { (&other, &folded) };
        short.len() >= 3 && long.len() > short.len() && long.starts_with(short.as_str())
    };
    let mut found = candidates.into_iter().filter(begins);
    found.next().filter(|_| found.next().is_none())
}

/// Similarity, whether only doubled letters differ, and the length of the common beginning.
type Likeness = (f64, bool, usize);

/// The least similarity of a slip of more than one edit.
const LEAST: f64 = 0.7;

/// Whether two names count through the same thing: their words differ in numbers or single letters only.
fn counted(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    let counts = |word: &str| word.len() == 1 || word.bytes().all(|byte| byte.is_ascii_digit());
    // Swapped digits of a long number are a slip: `sha265`.
    let swapped = |a: &str, b: &str| a.len() > 2 && a.len() == b.len() && !replaced_letters(a, b);
    a.len() > 1 && a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a == b || (counts(a) && counts(b) && !swapped(a, b)))
}

/// Words of a name: at dashes and the like, and between letters and digits.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for char in name.chars().take(100) {
        let sort = if char.is_alphabetic() { 1 } else { 2 * u8::from(char.is_numeric()) };
        if sort != 0 {
            if before != Some(sort) {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(char.to_lowercase());
            }
        }
        before = Some(sort);
    }
    words
}

/// Whether two names of at most three letters differ in another way than by a letter too many, too few, or in the wrong place.
fn replaced(a: &str, b: &str) -> bool {
    a.chars().count() <= 3 && b.chars().count() == a.chars().count() && replaced_letters(a, b)
}

/// Whether two names hold different letters, in any order.
fn replaced_letters(a: &str, b: &str) -> bool {
    let sorted = |text: &str| {
        let mut chars: Vec<char> = text.chars().collect();
        chars.sort_unstable();
        chars
    };
    sorted(a) != sorted(b)
}

/// A name with one character for those that look alike: `gco` and `gc0`.
fn alike(name: &str) -> String {
    name.chars().map(look).collect()
}

fn look(char: char) -> char {
    match char {
        'o' => '0',
        'l' | 'i' => '1',
        other => other,
    }
}

fn undoubled(name: &str) -> String {
    let mut chars: Vec<char> = name.chars().collect();
    chars.dedup();
    chars.into_iter().collect()
}

/// The candidates, those most like `name` first; equally similar ones keep their order.
#[must_use]
pub fn by_similarity<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = fold(name);
    let candidates: Vec<&str> = candidates.into_iter().take(COMPARED).collect();
    if !ledger::suggestion(candidates.iter().map(|candidate| name.len().min(LENGTH) * candidate.len().min(LENGTH)).sum()) {
        return candidates;
    }
    let mut scored: Vec<(f64, &str)> = candidates.into_iter().map(|candidate| (similarity(&folded, &fold(candidate)), candidate)).collect();
    scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    scored.into_iter().map(|(_, candidate)| candidate).collect()
}

fn fold(name: &str) -> String {
    folded(name).collect()
}

fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|char| !matches!(char, '-' | '_' | '.')).flat_map(char::to_lowercase)
}

/// 1 for equal, 0 for nothing in common: one minus edits by the longer length.
fn similarity(a: &str, b: &str) -> f64 {
    distance(a, b).1
}

/// How many edits (insert, delete, replace, swap neighbours) part two names, and their similarity.
fn distance(a: &str, b: &str) -> (usize, f64) {
    let a: Vec<char> = a.chars().take(LENGTH).collect();
    let b: Vec<char> = b.chars().take(LENGTH).collect();
    let longest = a.len().max(b.len());
    if longest == 0 {
        return (0, 1.0);
    }
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    let mut row: Vec<usize> = Vec::with_capacity(b.len() + 1);
    for (i, x) in a.iter().enumerate() {
        row.clear();
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (at(&previous, j + 1) + 1).min(at(&row, j) + 1).min(at(&previous, j) + usize::from(x != y));
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            row.push(cost);
        }
        std::mem::swap(&mut before, &mut previous);
        std::mem::swap(&mut previous, &mut row);
    }
    let edits = previous.last().copied().unwrap_or(longest);
    (edits, share(edits, longest))
}

/// The part of a length that edits leave.
#[allow(clippy::cast_precision_loss, reason = "at most 100 characters")]
fn share(edits: usize, longest: usize) -> f64 {
    if longest == 0 { 1.0 } else { 1.0 - edits as f64 / longest as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near() {
        let check =
            |name: &str, known: &[&'static str], meant: Option<&str>| assert_eq!(nearest(name, known.iter().copied()), meant, "{name}");
        check("regoin", &["version", "region"], Some("region"));
        check("node_pools", &["nodePools"], Some("nodePools"));
        check("esk", &["eks"], Some("eks"));
        check("gco", &["gc0"], Some("gc0"));
        check("sha265", &["sha256", "sha512"], Some("sha256"));
        // Doubled letters are the likelier slip.
        check("opps", &["apps", "ops"], Some("ops"));
    }

    #[test]
    fn other_names_are_not_near() {
        let check = |name: &str, known: &[&'static str]| assert_eq!(nearest(name, known.iter().copied()), None, "{name}");
        check("aks", &["eks"]);
        check("gc1", &["gc0"]);
        check("team-b", &["team-a"]);
        check("eu-west-1d", &["eu-west-1a"]);
        check("solver", &["server"]);
        check("", &["a", ""]);
        // Nobody can know which.
        check("stag", &["stage", "stags"]);
    }

    #[test]
    fn beginnings() {
        assert_eq!(beginning("env", ["environment", "self"]), Some("environment"));
        assert_eq!(beginning("editor", ["edit", "view"]), Some("edit"));
        assert_eq!(beginning("en", ["environment"]), None);
        assert_eq!(beginning("env", ["environment", "envoy"]), None);
    }

    #[test]
    fn no_near_name_is_sorted_out() {
        let names = ["", "a", "abc", "acb", "replicas", "replica_count", "rplcas", "nodePools", "node-pools", "é", "aaaaaaaaaaaaaaaa"];
        for a in names {
            for b in names {
                assert!(Letters::of(a).edits_at_least(&Letters::of(b)) <= distance(&fold(a), &fold(b)).0, "{a} {b}");
            }
        }
    }
}
