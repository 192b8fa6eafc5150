//! Names that Kubernetes takes, for what is installed. Comes in any text; leaves itself if it fits, else a shortened form with a hash of the
//! whole.

use sha2::{Digest, Sha256};

/// The limit of label values; names that become the value of a label somewhere are held to it too.
pub(crate) const LIMIT: usize = 63;

/// The text as the name of an object: lower-case letters, digits and dashes, at most [`LIMIT`] of them.
#[must_use]
pub(crate) fn object(text: &str) -> String {
    let fits = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
    let ends = text.starts_with(|char: char| char.is_ascii_alphanumeric()) && text.ends_with(|char: char| char.is_ascii_alphanumeric());
    if ends && text.len() <= LIMIT && text.chars().all(fits) {
        return text.to_owned();
    }
    let digest: String = Sha256::digest(text.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let cleaned = text.chars().map(|char| if fits(char.to_ascii_lowercase()) { char.to_ascii_lowercase() } else { '-' });
    let head: String = cleaned.take(LIMIT - digest.len() - 1).collect();
    match head.trim_matches('-') {
        "" => format!("x{digest}"),
        head => format!("{head}-{digest}"),
    }
}

/// The text as the value of a label.
#[must_use]
pub(crate) fn label(text: &str) -> String {
    let ends = text.starts_with(|char: char| char.is_ascii_alphanumeric()) && text.ends_with(|char: char| char.is_ascii_alphanumeric());
    let fits = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
    if ends && text.len() <= LIMIT && text.chars().all(fits) { text.to_owned() } else { object(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let name = object(text);
        assert!(name.len() <= LIMIT);
        expected.assert_eq(&name);
    }

    #[test]
    fn names_that_fit_stay() {
        check("ingress-nginx", expect!["ingress-nginx"]);
    }

    #[test]
    fn others_get_a_hash() {
        check("Shop_Front", expect!["shop-front-478cce86"]);
        check("...", expect!["xab5df625"]);
        check(&"long-".repeat(20), expect!["long-long-long-long-long-long-long-long-long-long-long-cd9ddee2"]);
        assert_ne!(object("a_b"), object("a.b"));
    }

    #[test]
    fn labels_keep_their_case() {
        assert_eq!(label("nodePool"), "nodePool");
        assert_eq!(label("v1.2_x"), "v1.2_x");
    }
}
