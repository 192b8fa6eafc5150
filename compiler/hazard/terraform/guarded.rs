//! Resources that their cloud, or their provider, does not destroy: an argument of theirs says so. What counts is what the state has, so it is read off the
//! stack before. Of Hetzner's `delete_protection` the provider takes care itself.

use super::fate::resource;
use crate::diagnostic::Diagnostic;
use crate::name::listed;
use crate::table::{Holding, Table, resource_holds};
use serde_json::Value as Json;
use std::collections::BTreeMap;

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

/// Arguments by which a provider empties what it destroys. Without them it fails as long as something is in there.
const EMPTYING: [&str; 3] = ["force_destroy", "force_delete", "delete_contents_on_destroy"];

/// A report of what is destroyed or replaced, with what becomes of what it holds, by the bodies of before.
pub(super) fn emptied<'b>(mut said: Diagnostic, all: impl Iterator<Item = (&'b str, &'b Json)>) -> Diagnostic {
    // By the argument, those of which it is on, and those of which it is not.
    let mut words: BTreeMap<&str, [Vec<&str>; 2]> = BTreeMap::new();
    let mut saved: Vec<String> = Vec::new();
    let is_true =
        |body: &Json, argument: &str| matches!(body.get(argument), Some(Json::Bool(true))) || body.get(argument) == Some(&"true".into());
    for (address, body) in all {
        let Some((type_, _)) = resource(address).filter(|(type_, _)| resource_holds(type_) == Holding::Yes) else { continue };
        let section = Table::terraform().section(&format!("resource {type_}"));
        let has = |argument: &str| section.as_ref().is_some_and(|section| section.field(argument).is_some());
        if let Some(argument) = EMPTYING.into_iter().find(|argument| has(argument)) {
            let [goes, stops] = words.entry(argument).or_default();
            if is_true(body, argument) { goes.push(address) } else { stops.push(address) }
        }
        let copy = body.get("final_snapshot_identifier").and_then(Json::as_str);
        if let Some(copy) = copy.filter(|_| !is_true(body, "skip_final_snapshot")) {
            saved.push(format!("`{copy}` of `{address}`"));
        }
    }
    for (word, [goes, stops]) in words {
        if !goes.is_empty() {
            said = said.note(format!("`{word}` is on for {}: what is in there goes without a question", listed(goes)));
        }
        if !stops.is_empty() {
            let stops = listed(stops);
            said = said.note(format!("`{word}` is not on for {stops}: while anything is in there, Terraform fails and stops on the way"));
        }
    }
    if saved.is_empty() { said } else { said.note(format!("a last snapshot stays, {}", saved.join(", "))) }
}
