//! Which types of Terraform resources and kinds of objects hold data: what is replaced of them is lost, and not only made anew. A list written by hand; what
//! the tables know and the list has not holds none, and of all else nobody here knows.

use super::Table;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Whether something of a kind holds data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Holding {
    /// Git has all that it is.
    No,
    /// What is lost with it nobody can make again.
    Yes,
    /// Nobody here knows the kind.
    Unknown,
}

static HOLDING: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("holding.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// API groups of Kubernetes itself: of each kind in them it is known what it holds.
const OWN_GROUPS: [&str; 7] = ["", "apps", "autoscaling", "batch", "networking.k8s.io", "policy", "rbac.authorization.k8s.io"];

/// What makes claims, which stay or go as it says: the data is behind it, not in it.
const CLAIMING: &str = "apps/StatefulSet";

/// Kinds that install what stands elsewhere: nobody here knows what that is.
const INSTALLERS: [&str; 4] = [
    "argoproj.io/Application",
    "argoproj.io/ApplicationSet",
    "helm.toolkit.fluxcd.io/HelmRelease",
    "kustomize.toolkit.fluxcd.io/Kustomization",
];

/// Kinds that the table has the fields of, whatever their version: `cert-manager.io/Certificate`.
static KNOWN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let of = |title: &str| {
        let (version, kind) = title.strip_prefix("kind ")?.split_once(' ')?;
        Some(format!("{}/{kind}", version.split_once('/').map_or("", |(group, _)| group)))
    };
    Table::kubernetes().titles().filter_map(of).collect()
});

/// Whether a type of resource of Terraform, or a module, holds data.
#[must_use]
pub(crate) fn resource_holds(type_: &str) -> Holding {
    if HOLDING.contains(type_) {
        return Holding::Yes;
    }
    let is_known = Table::terraform().section(&format!("resource {type_}")).is_some();
    if is_known { Holding::No } else { Holding::Unknown }
}

/// Whether a kind of object on a cluster holds data, or makes what does.
#[must_use]
pub(crate) fn object_holds(group: &str, kind: &str) -> Holding {
    let name = format!("{group}/{kind}");
    if HOLDING.contains(name.as_str()) || name == CLAIMING {
        return Holding::Yes;
    }
    let is_known = OWN_GROUPS.contains(&group) || (KNOWN.contains(&name) && !INSTALLERS.contains(&name.as_str()));
    if is_known { Holding::No } else { Holding::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_read() {
        let lines: Vec<&str> = include_str!("holding.txt").lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.is_sorted(), "the list is in order");
        assert_eq!(lines.len(), HOLDING.len(), "each type stands there once");
    }

    #[test]
    fn what_nobody_knows_may_hold_data() {
        for (type_, holding) in [
            ("aws_db_instance", Holding::Yes),
            ("aws_iam_role", Holding::No),
            ("acme_safe", Holding::Unknown),
            ("module", Holding::Unknown),
        ] {
            assert_eq!(resource_holds(type_), holding, "{type_}");
        }
        for (group, kind, holding) in [
            ("", "PersistentVolumeClaim", Holding::Yes),
            ("apps", "StatefulSet", Holding::Yes),
            ("postgresql.cnpg.io", "Cluster", Holding::Yes),
            ("", "ConfigMap", Holding::No),
            ("monitoring.coreos.com", "PodMonitor", Holding::No),
            ("argoproj.io", "Application", Holding::Unknown),
            ("acme.example", "Safe", Holding::Unknown),
        ] {
            assert_eq!(object_holds(group, kind), holding, "{group}/{kind}");
        }
        assert!(INSTALLERS.iter().all(|kind| KNOWN.contains(*kind)));
    }
}
