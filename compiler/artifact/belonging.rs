//! Where a file of the output belongs, read off its path: the index knows paths and nothing else.

use crate::name::Kind;
use crate::path::Path;

/// The model path of the environment, or of the cluster in it, that a file belongs to; nothing for what environments share, such as bases.
/// A stack counts as the cluster of its name.
#[must_use]
pub fn belongs(path: &str) -> Option<Path> {
    let parts: Vec<&str> = path.split('/').collect();
    let (environment, rest) = match parts.as_slice() {
        ["terraform" | "argocd" | "files", environment, rest @ ..] => (environment, rest),
        ["kustomize", inner @ ..] => {
            let at = inner.iter().position(|part| *part == "overlays")?;
            (inner.get(at + 1)?, inner.get(at + 2..)?)
        }
        _ => return None,
    };
    match rest {
        [] => None,
        [_file] => Some(Path::of([environment])),
        [cluster, ..] => Some(Path::of([environment, &Kind::Cluster.plural(), cluster])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_and_clusters_are_read_off_paths() {
        for (path, expected) in [
            ("terraform/order.json", None),
            ("terraform/apps/gc0/main.tf.json", Some("apps.clusters.gc0")),
            ("argocd/apps/gc0/projects/x.yaml", Some("apps.clusters.gc0")),
            ("files/apps/inventory.ini", Some("apps")),
            ("kustomize/services/shop/base/kustomization.yaml", None),
            ("kustomize/services/shop/overlays/ops/gc0/kustomization.yaml", Some("ops.clusters.gc0")),
            ("kustomize/applications/a/web/overlays/ops/gc0/kustomization.yaml", Some("ops.clusters.gc0")),
            (".gitattributes", None),
        ] {
            assert_eq!(belongs(path).map(|path| path.to_string()).as_deref(), expected, "{path}");
        }
    }
}
