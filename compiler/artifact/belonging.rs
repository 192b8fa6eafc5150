//! Where a file of the output belongs, read off its path: the index knows paths and nothing else.

use crate::model::{Entity, Model};
use crate::name::Kind;
use crate::path::Path;

/// The model path of the environment, or of the cluster in it, that a file belongs to; nothing for what environments share, such as bases.
/// A stack counts as the cluster of its name. Folders are named by identities; what no longer exists keeps those.
#[must_use]
pub fn belongs(model: &Model, path: &str) -> Option<Path> {
    let (environment, cluster) = folders(path)?;
    let found = model.environments().find(|(_, known)| **known.identity.text() == *environment);
    let name = found.map_or(environment, |(_, known)| &*known.name);
    let Some(cluster) = cluster else { return Some(Path::of([name])) };
    let of_cluster = |entity: &&Entity| {
        entity.kind == Kind::Cluster && **entity.identity.text() == *cluster && found.is_some_and(|(id, _)| id == entity.environment)
    };
    let cluster = model.entities.iter().find(of_cluster).map_or(cluster, |entity| &*entity.name);
    Some(Path::of([name, Kind::Cluster.plural(), cluster]))
}

/// The folders of the environment and of the cluster in it.
fn folders(path: &str) -> Option<(&str, Option<&str>)> {
    let parts: Vec<&str> = path.split('/').collect();
    let (environment, rest) = match parts.as_slice() {
        ["terraform" | "argocd" | "files", environment, rest @ ..] => (*environment, rest),
        ["kustomize", inner @ ..] => {
            let at = inner.iter().position(|part| *part == "overlays")?;
            (*inner.get(at + 1)?, inner.get(at + 2..)?)
        }
        _ => return None,
    };
    match rest {
        [] => None,
        [_file] => Some((environment, None)),
        [cluster, ..] => Some((environment, Some(cluster))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::MemorySystem;
    use crate::{Options, compile};

    #[test]
    fn environments_and_clusters_are_read_off_paths() {
        let text = "platform: { name: a, domain: a.example.com }\nenvironments: { production: { identity: prod }, ops: {} }\n\
            classes: { cluster: { c: {} } }\nclusters: { main: { class: c, identity: gc1, notIn: [ops] } }\n";
        let model = compile(&MemorySystem::default().with("platform.yaml", text), &Options::default()).model;
        for (path, expected) in [
            ("terraform/prod/gc1/main.tf.json", Some("production.clusters.main")),
            ("terraform/ops/gc1/main.tf.json", Some("ops.clusters.gc1")),
            ("files/prod/inventory.ini", Some("production")),
            ("terraform/order.json", None),
            ("terraform/apps/gc0/main.tf.json", Some("apps.clusters.gc0")),
            ("argocd/apps/gc0/projects/x.yaml", Some("apps.clusters.gc0")),
            ("files/apps/inventory.ini", Some("apps")),
            ("kustomize/services/shop/base/kustomization.yaml", None),
            ("kustomize/services/shop/overlays/ops/gc0/kustomization.yaml", Some("ops.clusters.gc0")),
            ("kustomize/applications/a/web/overlays/ops/gc0/kustomization.yaml", Some("ops.clusters.gc0")),
            (".gitattributes", None),
        ] {
            assert_eq!(belongs(&model, path).map(|path| path.to_string()).as_deref(), expected, "{path}");
        }
    }
}
