//! What stays on clusters although its file left the output: kinds that objects brought. Argo CD and Flux remove everything else of a thing that goes,
//! but a CustomResourceDefinition would take all objects of its kind along, so both leave it to a person. In come the paths of removed files and what
//! is still emitted, out go sentences with the command to give.

use super::Artifacts;
use crate::floor::Wing;
use std::collections::BTreeSet;

/// The file of a kind that an object brings begins so.
const KIND: &str = "customresourcedefinition-";

/// What stays of removed files, a sentence each.
#[must_use]
pub fn staying<'p>(removed: impl IntoIterator<Item = &'p str>, still: &Artifacts) -> Vec<String> {
    let emitted: BTreeSet<&str> = still.iter().filter_map(|(path, _)| kind(path)).collect();
    let (mut kinds, mut charts) = (BTreeSet::new(), BTreeSet::new());
    for path in removed {
        kinds.extend(kind(path).filter(|name| !emitted.contains(name)));
        charts.extend(chart(path));
    }
    let kinds = kinds.into_iter().map(|name| {
        format!("{name} stays on clusters with all objects of its kind; when nobody needs them: `kubectl delete customresourcedefinition {name}`")
    });
    let charts = charts.into_iter().map(|(environment, cluster, name)| {
        format!(
            "kinds that the chart of {name} brought stay on {cluster} in {environment}: `kubectl get customresourcedefinitions -l app.kubernetes.io/instance={name}`"
        )
    });
    kinds.chain(charts).collect()
}

/// The name of the kind that a file of the output brings.
fn kind(path: &str) -> Option<&str> {
    let (folder, file) = path.rsplit_once('/')?;
    folder.starts_with(Wing::Kustomize.folder()).then_some(file)?.strip_prefix(KIND)?.strip_suffix(".yaml")
}

/// Environment, cluster and name of the Application whose chart had values in this file.
fn chart(path: &str) -> Option<(&str, &str, &str)> {
    let parts: Vec<&str> = path.split('/').collect();
    let [wing, environment, cluster, "values", file] = parts[..] else { return None };
    (wing == Wing::Argocd.folder()).then_some((environment, cluster, file.strip_suffix(".yaml")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::Artifact;

    #[test]
    fn kinds_stay_unless_they_are_still_emitted() {
        let mut still = Artifacts::default();
        still.add("kustomize/services/b/base/customresourcedefinition-b.example.com.yaml", Artifact::new(String::new(), Vec::new()));
        let removed = [
            "kustomize/services/a/base/customresourcedefinition-a.example.com.yaml",
            "kustomize/services/a/overlays/apps/gc0/customresourcedefinition-a.example.com.yaml",
            "kustomize/services/a/base/customresourcedefinition-b.example.com.yaml",
            "kustomize/services/a/base/configmap-a.yaml",
            "argocd/apps/gc0/applications/a.yaml",
            "argocd/apps/gc0/values/a.yaml",
            "files/apps/gc0/customresourcedefinition-c.yaml",
        ];
        let said = staying(removed, &still);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].starts_with("a.example.com stays"));
        assert!(said[1].contains("chart of a brought stay on gc0 in apps"));
    }
}
