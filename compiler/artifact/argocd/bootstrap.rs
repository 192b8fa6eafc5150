//! What an Argo CD needs before its root: the project of roots, a closed `default` project, and the health check that makes waves wait.

use super::application;
use super::project::group_kind;
use super::root;
use super::site;
use crate::model::{Platform, Repository};
use crate::print::Tree;
use std::sync::Arc;

/// Argo CD 1.8 and later do not ask child Applications for their health unless they are told how.
const HEALTH: &str = r#"local hs = {status = "Progressing", message = "waiting for the first comparison"}
if obj.status ~= nil and obj.status.health ~= nil then
  hs.status = obj.status.health.status
  hs.message = obj.status.health.message or ""
end
return hs
"#;

/// The files of `bootstrap/`, to be applied once before the root.
pub(super) fn files(platform: &Platform, repository: &Repository) -> Vec<(&'static str, Tree)> {
    let files = vec![
        ("argocd-cm.yaml", settings(platform)),
        ("project-default.yaml", closed(platform)),
        ("project-platform-root.yaml", roots(platform, repository)),
    ];
    let names: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
    std::iter::once(("kustomization.yaml", root::kustomization(&names))).chain(files).collect()
}

/// The project of roots: they may create Applications and AppProjects beside Argo CD, and nothing else.
fn roots(platform: &Platform, repository: &Repository) -> Tree {
    let destination = [("name", Tree::text("in-cluster")), ("namespace", Tree::text(site::namespace(platform)))];
    let spec = Tree::map([
        ("description", Tree::text(format!("Roots of platform {}", platform.name))),
        ("sourceRepos", Tree::list([Tree::text(Arc::clone(&repository.url))])),
        ("destinations", Tree::list([Tree::map(destination)])),
        ("clusterResourceWhitelist", Tree::list(Vec::new())),
        ("namespaceResourceWhitelist", Tree::list([group_kind("argoproj.io", "AppProject"), group_kind("argoproj.io", "Application")])),
    ]);
    application::object("AppProject", platform, root::PROJECT, Vec::new(), Vec::new(), &[], spec)
}

/// The `default` project, which cannot be deleted, allowing nothing.
fn closed(platform: &Platform) -> Tree {
    let spec = Tree::map([
        ("sourceRepos", Tree::list(Vec::new())),
        ("sourceNamespaces", Tree::list(Vec::new())),
        ("destinations", Tree::list(Vec::new())),
        ("namespaceResourceBlacklist", Tree::list([group_kind("*", "*")])),
    ]);
    application::object("AppProject", platform, "default", Vec::new(), Vec::new(), &[], spec)
}

fn settings(platform: &Platform) -> Tree {
    let labels = [("app.kubernetes.io/name", Tree::text("argocd-cm")), ("app.kubernetes.io/part-of", Tree::text("argocd"))];
    let metadata = [("name", Tree::text("argocd-cm")), ("namespace", Tree::text(site::namespace(platform))), ("labels", Tree::map(labels))];
    Tree::map([
        ("apiVersion", Tree::text("v1")),
        ("kind", Tree::text("ConfigMap")),
        ("metadata", Tree::map(metadata)),
        ("data", Tree::map([("resource.customizations.health.argoproj.io_Application", Tree::text(HEALTH))])),
    ])
}
