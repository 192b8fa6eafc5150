//! Versions as semver.org defines them.

use super::Misshape;
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

fn identifiers(text: &str, strict: bool) -> bool {
    text.split('.').all(|part| {
        let legal = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let number = part.bytes().all(|byte| byte.is_ascii_digit());
        legal && !(strict && number && part.len() > 1 && part.starts_with('0'))
    })
}

impl PartialOrd for Semver {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.precedence(other))
    }
}

impl Semver {
    /// Reads a version; a `v` before it is allowed, as charts and images have it.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Semver, Misshape> {
        super::short(text)?;
        Self::read(text, true).ok_or_else(|| misshape(text))
    }

    /// The same, forgiving missing parts and leading zeros.
    #[must_use]
    pub fn forgiving(text: &str) -> Option<Semver> {
        super::short(text).ok()?;
        Self::read(text, false)
    }

    fn read(text: &str, strict: bool) -> Option<Semver> {
        let text = if strict { text.strip_prefix('v').unwrap_or(text) } else { text.trim_start_matches(['v', 'V']) };
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

/// What is wrong with a text that is no version.
fn misshape(text: &str) -> Misshape {
    let plain = text.strip_prefix('v').unwrap_or(text);
    let core = plain.split(['-', '+']).next().unwrap_or(plain);
    let parts: Vec<&str> = core.split('.').collect();
    let number =
        |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) && (*part == "0" || !part.starts_with('0'));
    if !parts.iter().all(|part| number(part) && part.parse::<u64>().is_ok()) || parts.len() > 3 {
        return Misshape::new("a version has three numbers, such as `1.33.0`");
    }
    if parts.len() == 3 {
        return Misshape::new("what follows the numbers is words of letters, digits and dashes between dots");
    }
    let instead = (core.len() == plain.len()).then(|| format!("{text}{}", ".0".repeat(3 - parts.len())));
    match instead {
        Some(instead) => Misshape { reason: "a version has three numbers".to_owned(), instead: Some(instead) },
        None => Misshape::new("a version has three numbers, such as `1.33.0`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_once() {
        for text in ["1.2.3", "v1.2.3", "1.2.3-rc.1+build.5", "0.0.0"] {
            assert_eq!(Semver::parse(text).map(|version| version.to_string()).as_deref(), Ok(text.trim_start_matches('v')));
        }
        for (text, instead) in
            [("1.2", Some("1.2.0")), ("v1", Some("v1.0.0")), ("1.2.03", None), ("1.2.3.4", None), ("vv1.2.3", None), ("1.2.3-", None)]
        {
            assert_eq!(Semver::parse(text).err().map(|misshape| misshape.instead), Some(instead.map(str::to_owned)), "{text}");
        }
        assert_eq!(Semver::forgiving("V1.02").map(|version| version.to_string()).as_deref(), Some("1.2.0"));
    }
}
