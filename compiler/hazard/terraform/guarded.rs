//! Resources that their cloud, or their provider, does not destroy: an argument of theirs says so. What counts is what the state has, so it is read off the
//! stack before. Of Hetzner's `delete_protection` the provider takes care itself.

use crate::diagnostic::Diagnostic;
use crate::name::listed;
use serde_json::Value as Json;

/// A resource that is not let go, and the argument that says so.
pub(super) struct GuardedResource {
    address: String,
    argument: &'static str,
}

/// Arguments that say so, within blocks behind a slash.
const ARGUMENTS: [&str; 5] = [
    "deletion_protection",
    "deletion_protection_enabled",
    "enable_deletion_protection",
    "settings/deletion_protection_enabled",
    "termination_protection",
];

/// Types of which it is on where nothing is said.
const BY_DEFAULT: [&str; 2] = ["google_container_cluster", "google_sql_database_instance"];

/// What keeps a resource, by its body of before, if anything does.
pub(super) fn of(address: &str, old: &Json) -> Option<GuardedResource> {
    let is_on = |value: &Json| matches!(value.as_str(), Some("true" | "ACTIVE")) || value.as_bool() == Some(true);
    let is_silent = || BY_DEFAULT.contains(&address.split('.').next().unwrap_or_default());
    let is_kept = |argument: &&str| match old.pointer(&format!("/{argument}")).or_else(|| in_list(old, argument)) {
        Some(said) => is_on(said),
        None => **argument == *ARGUMENTS[0] && is_silent(),
    };
    let argument = ARGUMENTS.into_iter().find(|argument| is_kept(argument))?;
    let is_made = !address.starts_with("data.") && !address.starts_with("module.") && !address.starts_with("local.");
    is_made.then(|| GuardedResource { address: address.to_owned(), argument: argument.rsplit('/').next().unwrap_or(argument) })
}

/// A part of a block that stands in a list.
fn in_list<'j>(body: &'j Json, argument: &str) -> Option<&'j Json> {
    let (block, inner) = argument.split_once('/')?;
    body.get(block)?.as_array()?.first()?.get(inner)
}

/// A report of what is destroyed or replaced, with what stops that.
pub(super) fn told(mut said: Diagnostic, guarded: &[GuardedResource]) -> Diagnostic {
    let Some(first) = guarded.first() else { return said };
    let mut arguments: Vec<&str> = guarded.iter().map(|resource| resource.argument).collect();
    arguments.sort_unstable();
    arguments.dedup();
    for argument in &arguments {
        let addresses = guarded.iter().filter(|resource| resource.argument == *argument).map(|resource| resource.address.as_str());
        said = said.note(format!("`{argument}` of {} is on: that is refused, and Terraform stops on the way", listed(addresses)));
    }
    let hint = said.hint.take().map_or_else(String::new, |hint| format!("{hint}; "));
    said.hint(format!(
        "{hint}to let it go, first take the change back, switch `{}` off there (in classes of the library `deletionProtection: false`), and build and apply that",
        first.argument
    ))
}
