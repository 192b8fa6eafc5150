//! Regular expressions: compiled within a bound, and with a word on what they cost. The engine is linear in the text, but its factor is the
//! size of the compiled expression, which a few characters can make very large. Comes in: a pattern. Leaves: a regex with its size. Whoever
//! matches pays by that size.

use crate::limit::PATTERN_BYTES;
use regex::{Regex, RegexBuilder};

/// A compiled regular expression.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The regex itself.
    pub regex: Regex,
    /// About so many bytes it takes when compiled; at most twice as many as it really takes.
    pub size: usize,
}

/// Sizes are powers of two from here on.
const SMALLEST: usize = 1 << 10;

/// Why there is no regex.
pub enum Refusal {
    /// It is no regular expression, and why.
    Syntax(String),
    /// It is larger than [`PATTERN_BYTES`] when compiled.
    TooLarge,
}

impl Refusal {
    /// The reason in a few words.
    #[must_use]
    pub fn reason(self) -> String {
        match self {
            Refusal::Syntax(reason) => reason,
            Refusal::TooLarge => format!("it is larger than {} KiB when compiled", PATTERN_BYTES / 1024),
        }
    }
}

/// Compiles a pattern. The size is found by trying: what does not fit is given up early, so all tries together take about as long as the
/// last one.
///
/// # Errors
/// If it is no regular expression, or a large one.
pub fn compile(pattern: &str) -> Result<Pattern, Refusal> {
    let mut size = SMALLEST;
    loop {
        match RegexBuilder::new(pattern).size_limit(size).dfa_size_limit(PATTERN_BYTES).build() {
            Ok(regex) => return Ok(Pattern { regex, size }),
            Err(regex::Error::CompiledTooBig(_)) if size < PATTERN_BYTES => size *= 2,
            Err(regex::Error::CompiledTooBig(_)) => return Err(Refusal::TooLarge),
            Err(fault) => {
                let text = fault.to_string();
                return Err(Refusal::Syntax(text.lines().last().unwrap_or("").trim_start_matches("error: ").to_owned()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
