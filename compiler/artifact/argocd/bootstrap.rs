//! What an Argo CD needs before its root: the project of roots, a closed `default` project if the platform wants that, and the health check by which
//! waves wait.

use super::account;
use super::application;
use super::project::group_kind;
use super::root;
use super::site;
use crate::model::{Platform, Repository};
use crate::print::Tree;
use crate::value::Value;
use std::sync::Arc;

/// How healthy a child is, as far as waves care (decision 49). They order first installations: whatever is paused, is synced by hand, is a root or a tenant's,
/// was installed before, or had a quarter of an hour for it, counts as healthy, so that it holds up no commit.
const HEALTH: &str = r#"local hs = {status = "Healthy", message = ""}
local labels, annotations = obj.metadata.labels or {}, obj.metadata.annotations or {}
local status, automated = obj.status or {}, (obj.spec.syncPolicy or {}).automated
if automated == nil or automated.enabled == false or annotations["argocd.argoproj.io/skip-reconcile"] == "true" then
  return hs
end
if obj.spec.project == "PROJECT" or labels["TENANT"] ~= nil or #(status.history or {}) > 1 then
  return hs
end
if os ~= nil and obj.metadata.creationTimestamp < os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() - 900) then
  return hs
end
local now, phase = (status.health or {}).status, (status.operationState or {}).phase
local installed = #(status.history or {}) > 0 or (status.sync or {}).status == "Synced"
if installed and (now == "Healthy" or now == "Suspended") then
  return hs
end
hs.message = "not yet healthy after its first installation"
if now == "Degraded" or phase == "Failed" or phase == "Error" then
  hs.status = "Degraded"
else
  hs.status = "Progressing"
end
return hs
"#;

/// The files of `bootstrap/`: a merge patch for Argo CD's settings, which an apply would replace, and what is applied before the root.
pub(super) fn files(platform: &Platform, repository: &Repository) -> Vec<(&'static str, Tree)> {
    let mut files = vec![("project-platform-root.yaml", roots(platform, repository))];
    if platform.value.at(&["argocd", "closeDefaultProject"]).and_then(Value::as_bool) == Some(true) {
        files.push(("project-default.yaml", closed(platform)));
    }
    let mut names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    files.push(("argocd-cm-patch.yaml", settings(platform)));
    if account::is_impersonated(platform) {
        files.push(("argocd-cm-impersonation-patch.yaml", account::switch()));
    }
    std::iter::once(("kustomization.yaml", root::kustomization(names.into_iter().map(Tree::text).collect()))).chain(files).collect()
}

/// The project of roots: they may create Applications and AppProjects beside Argo CD, that of a hub also what tells of other clusters, and nothing else.
fn roots(platform: &Platform, repository: &Repository) -> Tree {
    let destination = [("name", Tree::text("in-cluster")), ("namespace", site::namespace_tree(platform))];
    let mut kinds = vec![group_kind("argoproj.io", "AppProject"), group_kind("argoproj.io", "Application")];
    if platform.hub.is_some() {
        kinds.extend([group_kind("", "Secret"), group_kind("external-secrets.io", "ExternalSecret")]);
    }
    let mut spec = vec![
        ("description", Tree::text(format!("Roots of platform {}", platform.name))),
        ("sourceRepos", Tree::list([Tree::text_by(Arc::clone(&repository.url), platform.value.at(&["repository", "url"]))])),
        ("destinations", Tree::list([Tree::map(destination)])),
        ("clusterResourceWhitelist", Tree::list(Vec::new())),
        ("namespaceResourceWhitelist", Tree::list(kinds)),
    ];
    spec.extend(account::entry(account::controller(platform), platform));
    application::object("AppProject", platform, Tree::text(root::PROJECT), Vec::new(), Vec::new(), &[], Tree::map(spec))
}

/// The `default` project, which cannot be deleted, allowing nothing.
fn closed(platform: &Platform) -> Tree {
    let spec = Tree::map([
        ("sourceRepos", Tree::list(Vec::new())),
        ("sourceNamespaces", Tree::list(Vec::new())),
        ("destinations", Tree::list(Vec::new())),
        ("namespaceResourceBlacklist", Tree::list([group_kind("*", "*")])),
    ]);
    application::object("AppProject", platform, Tree::text("default"), Vec::new(), Vec::new(), &[], spec)
}

fn settings(platform: &Platform) -> Tree {
    let health = HEALTH.replace("TENANT", &application::tenant_label(platform)).replace("PROJECT", root::PROJECT);
    // Argo CD gives scripts a clock only together with Lua's other libraries.
    let data = [("health", Tree::text(health)), ("useOpenLibs", Tree::text("true"))];
    let data = data.map(|(of, text)| (format!("resource.customizations.{of}.argoproj.io_Application"), text));
    // A file of values at any address, named in a tenant's repository, would be fetched by Argo CD with whatever it can reach.
    let schemes = ("helm.valuesFileSchemes".to_owned(), Tree::text("none"));
    // Jsonnet of a tenant's repository reads any file of the server that renders it.
    let jsonnet = ("jsonnet.enable".to_owned(), Tree::text("false"));
    // By a label, which is the default before 3.0, whoever names an object so would have Argo CD take it for its own.
    let tracking = ("application.resourceTrackingMethod".to_owned(), Tree::text("annotation"));
    Tree::map([("data", Tree::map(data.into_iter().chain([tracking, schemes, jsonnet])))])
}
