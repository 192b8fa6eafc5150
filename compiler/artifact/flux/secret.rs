//! With which Secret Flux reads a repository: `platform.flux.secretRefs` names one for each beginning of an address, as Argo CD has credentials for
//! the beginnings of addresses. In comes an address, out goes a name; what the Secret holds is never known here.

use super::errors;
use crate::delivery::name;
use crate::diagnostic::Diagnostics;
use crate::model::Platform;
use crate::print::Tree;
use crate::value::{Entry, Map, Value};

/// The field of a source that names the Secret for an address, if the platform has one.
pub(super) fn field(platform: &Platform, url: &str) -> Option<(&'static str, Tree)> {
    let fitting = entries(platform).iter().filter(|entry| begins(url, &entry.key));
    let closest = fitting.max_by_key(|entry| entry.key.trim_end_matches('/').len())?;
    Some(("secretRef", Tree::map([("name", Tree::from_value(&closest.value)?)])))
}

/// Reports names that no Secret can have.
pub(super) fn check(platform: &Platform, diagnostics: &mut Diagnostics) {
    for entry in entries(platform) {
        if let Some(name) = entry.value.as_str().filter(|text| text.split('.').any(|part| name::object(part) != *part)) {
            diagnostics.push(errors::secret_name(name, entry.value.origin.span));
        }
    }
}

fn entries(platform: &Platform) -> &[Entry] {
    platform.value.at(&["flux", "secretRefs"]).and_then(Value::as_map).map(Map::entries).unwrap_or_default()
}

/// Whether an address is another one, or is below it. `https://git.example.com` is no beginning of `https://git.example.com.evil.org`.
fn begins(url: &str, beginning: &str) -> bool {
    let beginning = beginning.trim_end_matches('/');
    url.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_end_where_a_part_ends() {
        for (url, beginning, expected) in [
            ("https://git.example.com/acme/a.git", "https://git.example.com", true),
            ("https://git.example.com/acme/a.git", "https://git.example.com/acme/", true),
            ("https://git.example.com/acme/a.git", "https://git.example.com/acme/a.git", true),
            ("https://git.example.com/acme/a.git", "https://git.example.com/ac", false),
            ("https://git.example.com.evil.org/a.git", "https://git.example.com", false),
            ("oci://registry.example.com/charts", "registry.example.com", false),
        ] {
            assert_eq!(begins(url, beginning), expected, "{url} {beginning}");
        }
    }
}
