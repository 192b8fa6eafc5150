//! Credentials in addresses and arguments. In comes a text, out goes whether it holds one that can be told by its form.

/// Whether a text is an address with a user in it, a private key, or an argument that hands a credential over.
#[must_use]
pub fn holds_login(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let words = ["--token", "--password", "--client-secret", "--secret", "--client-key", "bearer ", "token=", "password=", "secret="];
    has_user(text) || text.contains("PRIVATE KEY") || words.iter().any(|word| lower.contains(word))
}

/// Whether an address has a user in it who is not everybody.
pub(super) fn has_user(text: &str) -> bool {
    let (scheme, rest) = text.split_once("://").map_or((None, text), |(scheme, rest)| (Some(scheme), rest));
    let user = rest.split('/').next().and_then(|host| host.rsplit_once('@')).map(|(user, _)| user);
    // The user of a login by key, which needs no scheme, is everybody's.
    user.is_some_and(|user| scheme.is_some_and(|scheme| !scheme.ends_with("ssh")) || user.contains(':'))
}

/// Words that an argument ends with if it is a credential itself, and not where one is found.
const CREDENTIALS: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "token",
    "secret",
    "secret_key",
    "access_key",
    "api_key",
    "apikey",
    "private_key",
    "client_key",
    "client_key_data",
];

/// Whether an argument of that name hands a credential over: `token` and `client_secret` do, `token_file` and `key_name` do not.
#[must_use]
pub fn names_credential(argument: &str) -> bool {
    let lower = argument.to_ascii_lowercase().replace('-', "_");
    CREDENTIALS.iter().any(|word| lower.strip_suffix(word).is_some_and(|before| before.is_empty() || before.ends_with('_')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_told_by_their_names() {
        for name in ["token", "secret_key", "access_key", "client_secret", "api-key", "API_TOKEN", "proxy_password", "client_key_data"] {
            assert!(names_credential(name), "{name}");
        }
        for name in [
            "region",
            "token_file",
            "shared_credentials_files",
            "kms_key",
            "secret_name",
            "monkey",
            "tokens_path",
            "subtoken",
            "web_identity_token_file",
        ] {
            assert!(!names_credential(name), "{name}");
        }
    }

    #[test]
    fn logins_are_found() {
        for (text, expected) in [
            ("https://github.com/a/b.git", false),
            ("https://u:p@github.com/a/b.git", true),
            ("https://token@github.com/a", true),
            ("ssh://git@github.com/a/b.git", false),
            ("git@github.com:a/b.git", false),
            ("user:pass@github.com:a/b.git", true),
            ("ssh://git:pass@github.com/a/b.git", true),
            ("https://example.com/a@b:c", false),
            ("-----BEGIN PRIVATE KEY-----", true),
        ] {
            assert_eq!(holds_login(text), expected, "{text}");
        }
    }
}
