//! Stacks that leave the output. Terraform destroys nothing of a stack that nobody applies any more, and afterwards nobody knows where that was
//! written down but the last revision.

use super::{OutputChange, errors, is_plain};
use crate::diagnostic::Diagnostics;
use crate::floor::{self, Wing};
use crate::table::{Holding, resource_holds};
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
    let all = [first, rest].concat();
    let holding: Vec<(&str, Vec<String>)> = all.iter().map(|folder| (*folder, holding(change, folder))).collect();
    let come = change.after.stacks.difference(&change.before.stacks).map(|(environment, stack)| floor::stack_named(environment, stack));
    let come: Vec<(String, Vec<String>)> = come
        .map(|folder| {
            let types = change.now.get(&format!("{folder}/main.tf.json")).map(|file| types(&file.text)).unwrap_or_default();
            (folder, types)
        })
        .collect();
    let renamed = all.iter().filter_map(|old| {
        let types = change.read(&format!("{old}/main.tf.json")).map(|text| types(&text)).unwrap_or_default();
        let is_same = |(new, others): &&(String, Vec<String>)| *others == types && parent(new) == parent(old);
        let mut same = come.iter().filter(is_same);
        // Of several nobody knows which.
        same.next().filter(|_| !types.is_empty() && same.next().is_none()).map(|(new, _)| (*old, new.as_str()))
    });
    let renamed: Vec<(&str, &str)> = renamed.collect();
    let guarded: Vec<&str> = all.iter().copied().filter(|folder| is_guarded(change, folder)).collect();
    diagnostics.push(errors::stacks_stay(output, &holding, &guarded, &renamed));
}

/// The folder of the environment of a stack.
fn parent(folder: &str) -> Option<&str> {
    folder.rsplit_once('/').map(|(parent, _)| parent)
}

/// Addresses in a stack of what holds data.
fn holding(change: &OutputChange<'_>, folder: &str) -> Vec<String> {
    let all = change.read(&format!("{folder}/main.tf.json")).map(|text| made(&text)).unwrap_or_default();
    let holds = all.into_iter().filter(|(type_, name)| resource_holds(type_) == Holding::Yes && name.bytes().all(is_plain));
    holds.map(|(type_, name)| format!("{type_}.{name}")).collect()
}

/// Whether `terraform destroy` of a stack is refused: Terraform is told to destroy something never, or the cloud is.
fn is_guarded(change: &OutputChange<'_>, folder: &str) -> bool {
    let Some(body) = change.read(&format!("{folder}/main.tf.json")).and_then(|text| serde_json::from_str::<Value>(&text).ok()) else {
        return false;
    };
    let resources = body.get("resource").and_then(Value::as_object).into_iter().flatten();
    let mut resources = resources.filter_map(|(_, all)| all.as_object()).flatten().map(|(_, resource)| resource);
    let says = |value: Option<&Value>| value.is_some_and(|value| *value == Value::Bool(true));
    let guards = ["deletion_protection", "deletion_protection_enabled", "enable_deletion_protection", "disable_api_termination"];
    resources.any(|resource| says(resource.pointer("/lifecycle/prevent_destroy")) || guards.iter().any(|guard| says(resource.get(guard))))
}

/// What kinds of things a stack makes: the same ones where it is only called differently.
fn types(text: &str) -> Vec<String> {
    made(text).into_iter().map(|(type_, _)| type_).collect()
}

/// Types and names of what a stack makes, in order; a module is of the type `module`.
fn made(text: &str) -> Vec<(String, String)> {
    let body: Value = serde_json::from_str(text).unwrap_or_default();
    let names = |type_: &str, names: &Value| -> Vec<(String, String)> {
        names.as_object().into_iter().flatten().map(|(name, _)| (type_.to_owned(), name.clone())).collect()
    };
    let resources = body.get("resource").and_then(Value::as_object).into_iter().flatten();
    let mut made: Vec<(String, String)> = resources.flat_map(|(type_, all)| names(type_, all)).collect();
    made.extend(body.get("module").map(|all| names("module", all)).unwrap_or_default());
    made.sort();
    made
}

/// Whether a stack has anything to destroy: one that something left by its own word stands there empty.
fn has_made(change: &OutputChange<'_>, folder: &str) -> bool {
    let Some(text) = change.read(&format!("{folder}/main.tf.json")) else { return false };
    let Ok(body) = serde_json::from_str::<Value>(&text) else { return true };
    ["resource", "module"].iter().any(|block| body.get(block).is_some())
}
