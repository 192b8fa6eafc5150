//! State backends: which one a stack has, whether its arguments exist, and how another stack reads its state.

use super::errors;
use crate::diagnostic::Diagnostics;
use crate::object::Stack;
use crate::subject::Subject;
use crate::value::{Entry, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Names of the arguments of every backend.
static ARGUMENTS: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| {
    #[derive(serde::Deserialize)]
    struct BackendTable {
        backends: BTreeMap<String, Vec<String>>,
    }
    serde_json::from_str::<BackendTable>(include_str!("backends.json")).map(|table| table.backends).unwrap_or_default()
});

/// Arguments that only matter to who writes a state; a reader takes no lock.
const LOCKING: [(&str, &[&str]); 3] = [
    ("s3", &["use_lockfile", "dynamodb_table", "dynamodb_endpoint"]),
    ("http", &["lock_address", "lock_method", "unlock_address", "unlock_method", "update_method"]),
    ("consul", &["lock"]),
];

/// The backend of a stack: what its classes say, else what the platform says; its type with its configuration.
pub(super) fn of(stack: &Stack) -> Option<&Entry> {
    let said = stack.body.at(&["terraform", "backend"]).or(stack.backend.as_ref())?;
    said.as_map()?.entries().first()
}

/// Whether the stack locks its state with a lock file, which Terraform knows since 1.10.
pub(super) fn uses_lockfile(stack: &Stack) -> bool {
    of(stack).is_some_and(|backend| &*backend.key == "s3" && backend.value.get("use_lockfile").and_then(Value::as_bool) == Some(true))
}

/// Reports backends and arguments that do not exist; Terraform itself would notice at `init` only.
pub(super) fn check(stack: &Stack, subject: &Subject, diagnostics: &mut Diagnostics) {
    let Some(said) = stack.body.at(&["terraform", "backend"]).or(stack.backend.as_ref()) else { return };
    let Some(map) = said.as_map() else {
        diagnostics.push(errors::shape("terraform.backend", "a map of one backend", said, subject));
        return;
    };
    if let [first, second, ..] = map.entries() {
        diagnostics.push(errors::several_backends(first, second, subject));
    }
    let Some(backend) = map.entries().first() else { return };
    let Some(arguments) = ARGUMENTS.get(&*backend.key) else {
        diagnostics.push(errors::unknown_backend(backend, ARGUMENTS.keys().map(String::as_str), subject));
        return;
    };
    let Some(configuration) = backend.value.as_map() else {
        diagnostics.push(errors::shape(&format!("backend `{}`", backend.key), "a map of arguments", &backend.value, subject));
        return;
    };
    for entry in configuration.entries() {
        if !arguments.iter().any(|argument| **argument == *entry.key) {
            diagnostics.push(errors::unknown_backend_argument(&backend.key, entry, arguments.iter().map(String::as_str), subject));
        }
    }
}

/// How the state of a stack is read by another one, from whose folder `way` leads to its own: the backend's type and its configuration.
pub(super) fn read<'s>(stack: &'s Stack, way: &str) -> (Arc<str>, Vec<(Arc<str>, ReaderArgument<'s>)>) {
    if let Some(cloud) = stack.body.at(&["terraform", "cloud"]).and_then(Value::as_map) {
        let arguments = cloud.entries().iter().map(|entry| (Arc::clone(&entry.key), ReaderArgument::Value(&entry.value)));
        return ("remote".into(), arguments.collect());
    }
    let beside = |path: &str| ReaderArgument::Text(format!("{way}/{path}"));
    let Some(backend) = of(stack) else {
        return ("local".into(), vec![("path".into(), beside("terraform.tfstate"))]);
    };
    let unneeded = LOCKING.iter().find(|(name, _)| **name == *backend.key).map_or(&[][..], |(_, arguments)| arguments);
    let entries = backend.value.as_map().map(|map| map.entries()).unwrap_or_default();
    let local = &*backend.key == "local";
    let mut configuration: Vec<(Arc<str>, ReaderArgument<'_>)> = Vec::new();
    if local && !entries.iter().any(|entry| &*entry.key == "path") {
        configuration.push(("path".into(), beside("terraform.tfstate")));
    }
    for entry in entries.iter().filter(|entry| !unneeded.contains(&&*entry.key)) {
        let value = match entry.value.as_str() {
            // Terraform takes the path from the folder it runs in, and the reader runs in another one.
            Some(path) if local && &*entry.key == "path" && !path.starts_with('/') => beside(path),
            Some(_) | None => ReaderArgument::Value(&entry.value),
        };
        configuration.push((Arc::clone(&entry.key), value));
    }
    (Arc::clone(&backend.key), configuration)
}

/// An argument of a reader.
pub(super) enum ReaderArgument<'a> {
    /// The same as for the writer.
    Value(&'a Value),
    /// Text made for the reader.
    Text(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_arguments_is_read() {
        assert!(ARGUMENTS.get("s3").is_some_and(|arguments| arguments.iter().any(|argument| argument == "use_lockfile")));
        assert_eq!(ARGUMENTS.len(), 11);
    }
}
