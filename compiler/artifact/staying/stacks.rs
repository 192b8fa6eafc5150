//! Stacks that leave the output. Terraform destroys nothing of a stack that nobody applies any more, and afterwards nobody knows where that was
//! written down but the last revision.

use super::{OutputChange, errors};
use crate::diagnostic::Diagnostics;
use crate::floor::{self, Wing};
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) fn report(change: &OutputChange<'_>, output: &str, diagnostics: &mut Diagnostics) {
    let gone: BTreeSet<String> = change
        .before
        .stacks
        .difference(&change.after.stacks)
        .map(|(environment, stack)| format!("{}/{environment}/{stack}", Wing::Terraform.folder()))
        .filter(|folder| has_made(change, folder))
        .collect();
    if gone.is_empty() {
        return;
    }
    let order = change.read(floor::ORDER).and_then(|text| serde_json::from_str::<Value>(&text).ok()).unwrap_or_default();
    let order = order.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(|stack| stack.get("path")?.as_str());
    // What was made last is what others do not need.
    let mut first: Vec<&str> = order.filter(|path| gone.contains(*path)).collect();
    first.reverse();
    let rest: Vec<&str> = gone.iter().map(String::as_str).filter(|path| !first.contains(path)).collect();
    diagnostics.push(errors::stacks_stay(output, &[first, rest].concat()));
}

/// Whether a stack has anything to destroy: one that something left by its own word stands there empty.
fn has_made(change: &OutputChange<'_>, folder: &str) -> bool {
    let Some(text) = change.read(&format!("{folder}/main.tf.json")) else { return false };
    let Ok(body) = serde_json::from_str::<Value>(&text) else { return true };
    ["resource", "module"].iter().any(|block| body.get(block).is_some())
}
