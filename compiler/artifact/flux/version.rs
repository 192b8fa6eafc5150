//! Which version of a chart is wanted: one, a range of them, a tag, or the very bytes. Comes in: a text. Leaves: what it is, in the notation of
//! Helm, which Flux shares. It knows no registry, so it never tells whether the version is there.

/// A version, by what it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Version {
    /// `1.2.3`, with or without `v`.
    Exact,
    /// `1.x`, `^1.2`, `>= 1 < 3`.
    Range,
    /// `sha256:…`
    Digest,
    /// Any other tag that a registry may have: `latest`.
    Tag,
}

/// What a version is; none if it can be none.
pub(super) fn read(text: &str) -> Option<Version> {
    let is_digest = |hex: &str| hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if numbers(text).is_some_and(|numbers| numbers.len() == 3 && numbers.iter().all(|number| !is_any(number))) {
        Some(Version::Exact)
    } else if is_range(text) {
        Some(Version::Range)
    } else if text.strip_prefix("sha256:").is_some_and(is_digest) {
        Some(Version::Digest)
    } else {
        is_tag(text).then_some(Version::Tag)
    }
}

/// The numbers of a version that may leave some of them open; none if it is no version.
fn numbers(text: &str) -> Option<Vec<&str>> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (core, rest) = text.find(['-', '+']).map_or((text, ""), |at| text.split_at(at));
    let numbers: Vec<&str> = core.split('.').collect();
    let is_number = |number: &&str| is_any(number) || !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let known = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '+');
    (numbers.len() <= 3 && numbers.iter().all(is_number) && rest.chars().all(known) && !rest.ends_with(['-', '+', '.'])).then_some(numbers)
}

fn is_any(number: &str) -> bool {
    matches!(number, "x" | "X" | "*")
}

/// Whether a text is a range: alternatives between `||`, each of conditions between commas or spaces, or of two ends with a dash between them.
fn is_range(text: &str) -> bool {
    text.split("||").all(|alternative| {
        let words = alternative.split(|char: char| char == ',' || char.is_whitespace()).filter(|word| !word.is_empty() && *word != "-");
        // An operator may stand apart from its version.
        let versions: Vec<&str> =
            words.map(|word| word.trim_start_matches(['=', '!', '<', '>', '~', '^'])).filter(|word| !word.is_empty()).collect();
        !versions.is_empty() && versions.iter().all(|version| numbers(version).is_some())
    })
}

fn is_tag(text: &str) -> bool {
    let is_word = |char: char| char.is_ascii_alphanumeric() || char == '_';
    text.len() <= 128 && text.starts_with(is_word) && text.chars().all(|char| is_word(char) || matches!(char, '.' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_ranges_digests_and_tags_are_told_apart() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        for (text, expected) in [
            ("1.2.3", Some(Version::Exact)),
            ("v1.2.3", Some(Version::Exact)),
            ("1.2.3-rc.1", Some(Version::Exact)),
            ("1.2.3+build", Some(Version::Exact)),
            ("1", Some(Version::Range)),
            ("1.2", Some(Version::Range)),
            ("1.x.x", Some(Version::Range)),
            ("1.2.X", Some(Version::Range)),
            ("^1.2.3", Some(Version::Range)),
            ("~> 1.2", Some(Version::Range)),
            (">=1.2.3 <2, != 1.4", Some(Version::Range)),
            ("1.2.3 - 2.0.0", Some(Version::Range)),
            ("1 || 3.x", Some(Version::Range)),
            ("*", Some(Version::Range)),
            (&*digest, Some(Version::Digest)),
            ("latest", Some(Version::Tag)),
            ("stable-2", Some(Version::Tag)),
            ("1.2.3.4", Some(Version::Tag)),
            ("1.2.3-", Some(Version::Tag)),
            ("sha256:0a", None),
            ("1 ||", None),
            ("^latest", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read(&"a".repeat(129)), None);
    }
}
