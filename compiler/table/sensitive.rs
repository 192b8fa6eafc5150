//! Which arguments and attributes of Terraform hold secrets, because their provider calls them sensitive or write-only.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// `resource <type>`, `data <type>` and `provider <name>`, each with the paths that are sensitive.
static SENSITIVE: LazyLock<BTreeMap<(&str, &str), Vec<&str>>> = LazyLock::new(|| {
    let lines = include_str!("data/sensitive.txt").lines().filter(|line| !line.starts_with('#'));
    let of = |line: &'static str| {
        let mut words = line.split(' ');
        Some(((words.next()?, words.next()?), words.collect()))
    };
    lines.filter_map(of).collect()
});

/// Whether a provider calls an argument or attribute sensitive, or what it stands in. `word` is `resource`, `data` or `provider`; the path
/// has dots between its parts and no positions in lists.
#[must_use]
pub fn is_sensitive(word: &str, type_: &str, path: &str) -> bool {
    let known = SENSITIVE.get(&(word, type_)).map(Vec::as_slice).unwrap_or_default();
    known.iter().any(|sensitive| path.strip_prefix(sensitive).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_asked() {
        for (word, type_, path, expected) in [
            ("resource", "aws_db_instance", "password", true),
            ("resource", "aws_db_instance", "passwords", false),
            ("resource", "aws_db_instance", "username", false),
            ("resource", "aws_lb_listener", "default_action.authenticate_oidc.client_secret", true),
            ("resource", "kubernetes_secret_v1", "data.password", true),
            ("resource", "random_password", "result", true),
            ("resource", "azurerm_key_vault_secret", "value_wo", true),
            ("data", "aws_secretsmanager_secret_version", "secret_string", true),
            ("resource", "nobody_knows", "password", false),
        ] {
            assert_eq!(is_sensitive(word, type_, path), expected, "{word} {type_} {path}");
        }
    }
}
