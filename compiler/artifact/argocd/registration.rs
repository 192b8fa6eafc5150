//! Clusters that a hub drives: the file by which its Argo CD knows one, and what a cluster has for an Argo CD that comes with a token. In come
//! clusters and what their classes became, out go files.

use super::application::SYNC_WAVE;
use super::root;
use super::site::ArgoSite;
use crate::artifact::Input;
use crate::object::Rendering;
use crate::print::{Printout, Spelling, Tree};
use std::sync::Arc;

/// The path of the file, in the folder of the hub.
pub(super) fn file(site: &ArgoSite<'_>) -> String {
    format!("clusters/{}.yaml", crate::delivery::name::object(&site.on.full_name))
}

/// Its text: what is held of it while it waits for facts, alone. None if the class says nothing of it, or nothing is known yet.
pub(super) fn of(site: &ArgoSite<'_>, input: &Input<'_>, path: &str) -> Option<Printout> {
    let rendering = rendering(site, input)?;
    let Some(object) = &rendering.registration else {
        return input.held.get(path).filter(|_| !rendering.waits.is_empty()).map(|held| held.to_owned().into());
    };
    let tree = Tree::from_value(object)?;
    // Last, as roots of other clusters are: what ails one holds up nothing of the hub.
    let wave = (Arc::from(SYNC_WAVE), Tree::text(root::WAVE));
    Some(Printout::print(&annotated(tree, wave), Spelling::Yaml, input.traces(path)))
}

fn rendering<'a>(site: &ArgoSite<'_>, input: &Input<'a>) -> Option<&'a Rendering> {
    let renderings = &input.objects.renderings;
    let at = renderings.binary_search_by_key(&site.on.cluster, |rendering| rendering.entity).ok()?;
    renderings.get(at)
}

/// The object with one more annotation.
fn annotated(mut object: Tree, annotation: (Arc<str>, Tree)) -> Tree {
    let metadata = object.as_map_mut().and_then(|map| map.iter_mut().find(|(key, _)| &**key == "metadata"));
    if let Some(metadata) = metadata.and_then(|(_, metadata)| metadata.as_map_mut()) {
        match metadata.iter_mut().find(|(key, _)| &**key == "annotations") {
            Some((_, annotations)) => annotations.as_map_mut().into_iter().for_each(|map| map.push(annotation.clone())),
            None => metadata.push(("annotations".into(), Tree::map([annotation]))),
        }
    }
    object
}

/// Whether the hub's Argo CD comes to a cluster with a token that a store keeps.
pub(super) fn needs_token(site: &ArgoSite<'_>, input: &Input<'_>) -> bool {
    let said = rendering(site, input).and_then(|rendering| rendering.told.as_ref());
    said.is_some_and(|told| told.at(&["cluster", "externalSecret"]).is_some())
}

/// The account that such an Argo CD has there, and the Secret that Kubernetes fills with its token.
pub(super) fn grant() -> [(&'static str, Tree); 2] {
    let text = |text: &str| Tree::text(text);
    let metadata = |more: Vec<(&'static str, Tree)>| {
        Tree::map([("name", text(ACCOUNT)), ("namespace", text(NAMESPACE))].into_iter().chain(more).collect::<Vec<_>>())
    };
    let object = |version: &str, kind: &str, metadata: Tree, rest: Vec<(&'static str, Tree)>| {
        let head = [("apiVersion", text(version)), ("kind", text(kind)), ("metadata", metadata)];
        Tree::map(head.into_iter().chain(rest).collect::<Vec<_>>())
    };
    let role = Tree::map([("apiGroup", text(RBAC)), ("kind", text("ClusterRole")), ("name", text("cluster-admin"))]);
    let subject = Tree::map([("kind", text("ServiceAccount")), ("name", text(ACCOUNT)), ("namespace", text(NAMESPACE))]);
    let of_account = Tree::map([("kubernetes.io/service-account.name", text(ACCOUNT))]);
    let items = Tree::list([
        object("v1", "ServiceAccount", metadata(Vec::new()), Vec::new()),
        object(
            &format!("{RBAC}/v1"),
            "ClusterRoleBinding",
            Tree::map([("name", text(ACCOUNT))]),
            vec![("roleRef", role), ("subjects", Tree::list([subject]))],
        ),
        object("v1", "Secret", metadata(vec![("annotations", of_account)]), vec![("type", text("kubernetes.io/service-account-token"))]),
    ]);
    let list = Tree::map([("apiVersion", text("v1")), ("kind", text("List")), ("items", items)]);
    [("kustomization.yaml", root::kustomization(&["argocd-manager.yaml".to_owned()])), ("argocd-manager.yaml", list)]
}

const ACCOUNT: &str = "argocd-manager";
const NAMESPACE: &str = "kube-system";
const RBAC: &str = "rbac.authorization.k8s.io";
