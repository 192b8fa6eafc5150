//! Where states are kept: two stacks with one state would destroy each other's resources. In come all stacks, out goes a report for each line that
//! gives several of them one place. Where that is not said here, because whoever runs Terraform adds it, nothing is told.

use super::{backend, errors};
use crate::artifact::Input;
use crate::diagnostic::Diagnostics;
use crate::floor;
use crate::object::Stack;
use crate::print::{self, Tree};
use crate::span::Span;
use crate::value::Value;
use std::collections::BTreeMap;

/// How a backend tells states apart.
struct Distinction {
    backend: &'static str,
    /// Arguments without which nothing is known of the place.
    needed: &'static [&'static str],
    /// The other ones that tell places apart, those that tell more first; what is missing is the same for all.
    further: &'static [&'static str],
}

const DISTINCTIONS: [Distinction; 11] = [
    Distinction {
        backend: "azurerm",
        needed: &["key"],
        further: &["container_name", "storage_account_name", "environment", "endpoint", "metadata_host", "subscription_id"],
    },
    Distinction { backend: "consul", needed: &["path"], further: &["address", "datacenter"] },
    Distinction { backend: "cos", needed: &["bucket"], further: &["prefix", "key", "region", "domain", "endpoint"] },
    Distinction { backend: "gcs", needed: &["bucket"], further: &["prefix", "storage_custom_endpoint"] },
    Distinction { backend: "http", needed: &["address"], further: &[] },
    Distinction {
        backend: "kubernetes",
        needed: &["secret_suffix"],
        further: &[
            "namespace",
            "host",
            "config_path",
            "config_paths",
            "config_context",
            "config_context_cluster",
            "config_context_auth_info",
            "in_cluster_config",
        ],
    },
    Distinction { backend: "local", needed: &["path"], further: &[] },
    Distinction { backend: "oss", needed: &["bucket"], further: &["prefix", "key", "region", "endpoint", "tablestore_endpoint"] },
    Distinction { backend: "pg", needed: &["conn_str"], further: &["schema_name"] },
    Distinction { backend: REMOTE, needed: &["workspaces"], further: &["organization", "hostname"] },
    Distinction { backend: "s3", needed: &["key"], further: &["bucket", "endpoint", "endpoints"] },
];

const REMOTE: &str = "remote";

/// One place of a state, to compare by, and where it is said what it is.
pub(super) struct StatePlace {
    pub(super) key: String,
    pub(super) said: Span,
}

/// Stacks that share a place, by what says so.
type Sharing<'a> = BTreeMap<Span, Vec<Vec<&'a Stack>>>;

/// Reports stacks that keep their states in one place, once for each line that says so.
pub(super) fn check(input: &Input<'_>, diagnostics: &mut Diagnostics) {
    let mut places: BTreeMap<String, (Span, Vec<&Stack>)> = BTreeMap::new();
    for stack in &input.objects.stacks {
        if let Some(place) = place(stack, &floor::stack(input.model, stack)) {
            places.entry(place.key).or_insert((place.said, Vec::new())).1.push(stack);
        }
    }
    let mut sharing = Sharing::new();
    for (said, stacks) in places.into_values().filter(|(_, stacks)| stacks.len() > 1) {
        sharing.entry(said).or_default().push(stacks);
    }
    for (said, groups) in sharing {
        let named = |stack: &&Stack| (stack.name.to_string(), input.model.environment(stack.environment).name.to_string());
        let groups: Vec<Vec<(String, String)>> = groups.iter().map(|stacks| stacks.iter().map(named).collect()).collect();
        errors::one_state(&groups, said).into_iter().for_each(|error| diagnostics.push(error));
    }
}

/// The place of the state of a stack; none if it has one of its own anyway, or if that is not known here.
pub(super) fn place(stack: &Stack, folder: &str) -> Option<StatePlace> {
    let cloud = stack.body.at(&["terraform", "cloud"]);
    let (name, configuration) = match cloud {
        Some(cloud) => (REMOTE, cloud),
        None => backend::of(stack).map(|backend| (&*backend.key, &backend.value))?,
    };
    let distinction = DISTINCTIONS.iter().find(|distinction| distinction.backend == name)?;
    let argument = |key: &&str| configuration.get(key);
    let needed: Option<Vec<&Value>> = distinction.needed.iter().map(argument).collect();
    let needed = needed?;
    // Otherwise whoever runs Terraform chooses one of many.
    if name == REMOTE && needed.first().and_then(|workspaces| workspaces.get("name")).is_none() {
        return None;
    }
    let mut key = format!("{name}\n");
    let further = distinction.further.iter().map(argument);
    for value in needed.iter().copied().map(Some).chain(further) {
        let text = match value.map(Value::as_str) {
            // Terraform takes it from the folder that it runs in.
            Some(Some(path)) if name == "local" => resolved(folder, path),
            Some(Some(text)) => text.to_owned(),
            // What is late is an error of its own.
            Some(None) => print::json(&Tree::from_value(value?)?),
            None => String::new(),
        };
        key.push_str(&text);
        key.push('\n');
    }
    let telling = distinction.further.iter().find_map(argument).filter(|_| matches!(name, "cos" | "gcs" | "oss" | "pg"));
    let said = telling.or(needed.first().copied())?.origin.span;
    Some(StatePlace { key, said })
}

/// A path from a folder, without the ways that it takes back.
fn resolved(folder: &str, path: &str) -> String {
    let from = if path.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(path.split('/')).filter(|part| !matches!(*part, "" | ".")) {
        match part {
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("{}{}", if path.starts_with('/') { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::fixture::{Fixture, value};
    use crate::name::Kind;

    /// Whether two stacks of these backends share a state.
    fn shares(first: &str, second: &str) -> bool {
        let mut fixture = Fixture::new(&["apps"]);
        for (name, backend) in [("a", first), ("b", second)] {
            let thing = fixture.entity(0, Kind::Infrastructure, name, None, "{}");
            let is_cloud = backend.starts_with("terraform");
            let stack = fixture.stack(0, name, &[thing], if is_cloud { backend } else { "resource: {aws_vpc: {this: {}}}" });
            stack.backend = (!is_cloud).then(|| value(backend));
        }
        fixture.emit(crate::artifact::terraform::emit).contains("Error shared-state")
    }

    #[test]
    fn places_are_told_apart() {
        for (first, second, expected) in [
            ("s3: {bucket: x, key: k}", "s3: {bucket: x, key: k, use_lockfile: true, region: r}", true),
            ("s3: {bucket: x, key: k}", "s3: {bucket: y, key: k}", false),
            ("s3: {bucket: x, key: k}", "s3: {bucket: x, key: l}", false),
            // What is missing is told when Terraform runs.
            ("s3: {bucket: x}", "s3: {bucket: x}", false),
            ("gcs: {bucket: x, prefix: p}", "gcs: {bucket: x, prefix: p}", true),
            ("gcs: {bucket: x}", "gcs: {bucket: x}", true),
            ("gcs: {bucket: x, prefix: p}", "gcs: {bucket: x}", false),
            (
                "azurerm: {storage_account_name: s, container_name: c, key: k}",
                "azurerm: {storage_account_name: s, container_name: c, key: k}",
                true,
            ),
            (
                "azurerm: {storage_account_name: s, container_name: c, key: k}",
                "azurerm: {storage_account_name: s, container_name: d, key: k}",
                false,
            ),
            ("local: {path: /var/s}", "local: {path: /var/./s}", true),
            ("local: {path: s}", "local: {path: s}", false),
            ("local: {path: ../s}", "local: {path: ../s}", true),
            ("pg: {conn_str: c}", "pg: {conn_str: c, schema_name: b}", false),
            ("kubernetes: {secret_suffix: s, namespace: n}", "kubernetes: {secret_suffix: s, namespace: n}", true),
            ("remote: {organization: o, workspaces: {name: w}}", "remote: {organization: o, workspaces: {name: w}}", true),
            ("remote: {organization: o, workspaces: {prefix: w}}", "remote: {organization: o, workspaces: {prefix: w}}", false),
            (
                "terraform: {cloud: {organization: o, workspaces: {name: w}}}",
                "terraform: {cloud: {organization: o, workspaces: {name: w}}}",
                true,
            ),
            (
                "terraform: {cloud: {organization: o, workspaces: {tags: [w]}}}",
                "terraform: {cloud: {organization: o, workspaces: {tags: [w]}}}",
                false,
            ),
            ("s3: {bucket: x, key: k}", "gcs: {bucket: x, prefix: k}", false),
        ] {
            assert_eq!(shares(first, second), expected, "{first} | {second}");
        }
    }

    #[test]
    fn ways_back_lead_to_one_file() {
        for (folder, path, expected) in [
            ("terraform/apps/a", "s.tfstate", "terraform/apps/a/s.tfstate"),
            ("terraform/apps/a", "../s.tfstate", "terraform/apps/s.tfstate"),
            ("terraform/apps/a", "../b/./../s.tfstate", "terraform/apps/s.tfstate"),
            ("terraform/apps/a", "/var//s.tfstate", "/var/s.tfstate"),
            ("a", "../../x", "../x"),
        ] {
            assert_eq!(resolved(folder, path), expected, "{folder} {path}");
        }
    }
}
