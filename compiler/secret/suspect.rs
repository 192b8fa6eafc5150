//! Texts that may hold what only the expansion of templates finds: Secrets with their data, and addresses with a login in them. In comes a
//! source, out goes whether it is worth looking for any.

use super::login::has_user;

/// Whether a source speaks of a Secret, or of an address with a user in it.
#[must_use]
pub fn may_hold_credentials(text: &str) -> bool {
    let end = |char: char| char.is_whitespace() || matches!(char, '"' | '\'' | ',');
    names_a_secret(text) || text.split(end).any(|word| word.contains('@') && has_user(word))
}

/// Whether the word stands there alone: an `ExternalSecret` and a `SecretStore` hold nothing.
fn names_a_secret(text: &str) -> bool {
    let part_of_word = |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric());
    let alone = |(at, word): (usize, &str)| {
        let (before, after) = text.split_at(at);
        !part_of_word(before.chars().next_back()) && !part_of_word(after.get(word.len()..).and_then(|after| after.chars().next()))
    };
    text.match_indices("Secret").any(alone)
        || text.contains("SecretList")
        || text.contains("kubernetes_secret")
        || text.contains("secretGenerator")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_hold_credentials_is_told_from_what_does_not() {
        for (text, expected) in [
            ("kind: Secret\n", true),
            ("{kind: SecretList}", true),
            ("kind: ExternalSecret\nsecretStoreRef: { kind: ClusterSecretStore }", false),
            ("url: https://git.example.com/a@b", false),
            ("url: \"https://user:pw@git.example.com\"", true),
            ("url: https://${self.user}@git.example.com", true),
            ("resource: { kubernetes_secret: {} }", true),
            ("mail: a@example.com", false),
            ("url: ssh://git@git.example.com/a.git", false),
            ("url: git@git.example.com:a/b.git", false),
            ("{url: user:pw@git.example.com}", true),
        ] {
            assert_eq!(may_hold_credentials(text), expected, "{text}");
        }
    }
}
