//! Regular expressions: compiled within a bound, and with a word on what they cost. The engine is linear in the text, but its factor is the
//! size of the compiled expression, which a few characters can make very large. Comes in: a pattern. Leaves: a regex with its size. Whoever
//! matches pays by that size.

use crate::limit::PATTERN_BYTES;
use regex_automata::meta::{BuildError, Config, Regex};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A compiled regular expression.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    /// The regex itself. A copy of it would have memory of its own, which costs more than most matches.
    pub regex: Arc<Regex>,
    /// About so many bytes it takes when compiled, to look in one direction; at most twice as many as it really takes.
    pub size: usize,
}

/// Sizes are powers of two from here on, so that they do not follow each version of the engine.
const SMALLEST: usize = 1 << 10;

/// Why there is no regex.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    /// It is no regular expression, and why.
    Syntax(String),
    /// It is larger than [`PATTERN_BYTES`] when compiled.
    TooLarge,
}

impl Refusal {
    /// The reason in a few words.
    #[must_use]
    pub(crate) fn reason(self) -> String {
        match self {
            Refusal::Syntax(reason) => reason,
            Refusal::TooLarge => format!("it is larger than {} KiB when compiled", PATTERN_BYTES / 1024),
        }
    }
}

/// About how many steps it takes to read a pattern, before anything is compiled: a name of a class of Unicode is short, and stands for
/// hundreds of ranges. Where case does not count, each character of a class is looked up, and a class can have all there are. Nothing of a
/// pattern that is cheap to read is free of what its size takes.
#[must_use]
pub(crate) fn work(pattern: &str) -> usize {
    let folds = pattern.split("(?").skip(1).any(|flags| {
        let flags = flags.split_once([':', ')']).map_or(flags, |(flags, _)| flags);
        flags.split('-').next().is_some_and(|on| on.contains('i'))
    });
    let (class, wide) = if folds { (CLASS_FOLDED, WIDE_FOLDED) } else { (CLASS, CLASS) };
    let mut work = pattern.len().saturating_mul(20);
    let mut open = 0_usize;
    let mut before = ' ';
    let mut chars = pattern.chars().peekable();
    while let Some(char) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        let price = match char {
            '\\' => {
                chars.next();
                match next {
                    'p' | 'w' | 'd' | 's' => class,
                    'P' | 'W' | 'D' | 'S' if open > 0 => wide,
                    'P' | 'W' | 'D' | 'S' => class,
                    _ => 0,
                }
            }
            '[' => {
                open += 1;
                0
            }
            ']' => {
                open = open.saturating_sub(1);
                0
            }
            '^' if before == '[' && open > 1 => wide,
            '^' if before == '[' => CLASS,
            // A range that may end anywhere.
            '-' if open > 0 && (next == '\\' || !next.is_ascii()) => wide,
            '&' | '~' | '-' if next == char => class,
            _ => 0,
        };
        work = work.saturating_add(price);
        if !char.is_whitespace() {
            before = char;
        }
    }
    work
}

/// Steps that reading a class of Unicode takes.
const CLASS: usize = 4_000;

/// The same where case does not count.
const CLASS_FOLDED: usize = 40_000;

/// The same of a class with nearly all characters.
const WIDE_FOLDED: usize = 300_000;

/// So many bytes of compiled patterns are remembered, each of a text no longer than the second.
const KNOWN: (usize, usize) = (4 << 20, 4096);

/// Patterns by their text, with what they take together.
type KnownPatterns = (BTreeMap<Box<str>, Result<Pattern, Refusal>>, usize);

/// Patterns that were compiled before: the same field has the same value on many clusters, and before and after a change. What comes of a
/// pattern follows from its text.
static COMPILED: Mutex<KnownPatterns> = Mutex::new((BTreeMap::new(), 0));

/// Compiles a pattern, or remembers it.
///
/// # Errors
/// If it is no regular expression, or a large one.
pub(crate) fn compile(pattern: &str) -> Result<Pattern, Refusal> {
    if let Some(known) = COMPILED.lock().ok().and_then(|known| known.0.get(pattern).cloned()) {
        return known;
    }
    let compiled = compiled(pattern);
    if let Some(mut known) = COMPILED.lock().ok().filter(|_| pattern.len() <= KNOWN.1) {
        known.1 += compiled.as_ref().map_or(SMALLEST, |pattern| pattern.size) + pattern.len();
        if known.1 > KNOWN.0 {
            *known = KnownPatterns::default();
        }
        known.0.insert(pattern.into(), compiled.clone());
    }
    compiled
}

/// Most patterns are matched with a few short texts: what would make long searches faster, tables ahead of time and searches for literals, takes
/// several times as long to make as all matches together.
fn compiled(pattern: &str) -> Result<Pattern, Refusal> {
    let engines = Config::new().onepass(false).dfa(false).auto_prefilter(false);
    let bounded = engines.nfa_size_limit(Some(PATTERN_BYTES)).hybrid_cache_capacity(PATTERN_BYTES);
    match Regex::builder().configure(bounded).build(pattern) {
        // It is kept forwards and backwards, and each byte is looked at in one direction.
        Ok(regex) => Ok(Pattern { size: (regex.memory_usage() / 2).next_power_of_two().max(SMALLEST), regex: Arc::new(regex) }),
        Err(fault) => Err(refused(&fault)),
    }
}

fn refused(fault: &BuildError) -> Refusal {
    if fault.size_limit().is_some() {
        return Refusal::TooLarge;
    }
    let text = fault.syntax_error().map_or_else(|| fault.to_string(), ToString::to_string);
    Refusal::Syntax(text.lines().last().unwrap_or("").trim_start_matches("error: ").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_has_its_price() {
        for (pattern, least, most) in [
            ("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", 0, 1_000),
            ("(?i)^[^/]+-abc$", 0, 5_000),
            (r"^\w+$", CLASS, 2 * CLASS),
            (r"(?i)^\w+$", CLASS_FOLDED, 2 * CLASS_FOLDED),
            (r"(?m-i)^\w+$", CLASS, 2 * CLASS),
            (r"(?i)[a&&\pL&&\pN]", 4 * CLASS_FOLDED, 5 * CLASS_FOLDED),
            (r"(?mi:[\x{0}-\x{10ffff}])", WIDE_FOLDED, 2 * WIDE_FOLDED),
            ("(?i)[[^a]b]", WIDE_FOLDED, 2 * WIDE_FOLDED),
        ] {
            let work = work(pattern);
            assert!((least..=most).contains(&work), "{pattern}: {work}");
        }
    }

    #[test]
    fn what_is_remembered_is_the_same() {
        const TEXTS: [&str; 4] = ["a", "aaa", "ab", ""];
        for pattern in ["^a+$", "^a*$", "b", "(", "x{1000}{1000}"] {
            let all = [compiled(pattern), compile(pattern), compile(pattern)];
            let told =
                all.map(|all| all.map(|pattern| (TEXTS.map(|text| pattern.regex.is_match(text)), pattern.size)).map_err(Refusal::reason));
            assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
        }
    }

    #[test]
    fn sizes_are_bounded() {
        let size = |pattern: &str| compile(pattern).map(|pattern| pattern.size).ok();
        for (pattern, least, most) in
            [("a", 1 << 10, 1 << 10), ("^[a-z0-9-]+$", 1 << 10, 1 << 12), ("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", 1 << 12, 1 << 15)]
        {
            let size = size(pattern).unwrap();
            assert!((least..=most).contains(&size), "{pattern}: {size}");
        }
        assert!(size("(((a{100}){100}){100}){100}").is_none());
        assert!(matches!(compile("("), Err(Refusal::Syntax(_))));
    }
}
