//! Clusters that a hub drives: the file by which its Argo CD knows one, and what a cluster has for that Argo CD. In come
//! clusters and what their classes became, out go files.

use super::account;
use super::application::{COMPARE, SYNC_WAVE};
use super::root;
use super::site::{self, ArgoSite};
use crate::artifact::Input;
use crate::model::Platform;
use crate::object::Rendering;
use crate::print::{Form, Printout, Spelling, Tree};
use crate::syncing::{self, Annotation};
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
    Some(Printout::print(&TOLD.iter().fold(tree, annotated), Spelling::Yaml, input.traces(path)))
}

fn rendering<'a>(site: &ArgoSite<'_>, input: &Input<'a>) -> Option<&'a Rendering> {
    let renderings = &input.objects.renderings;
    let at = renderings.binary_search_by_key(&site.on.cluster, |rendering| rendering.entity).ok()?;
    renderings.get(at)
}

/// What the object says to the hub, unless it says so itself. It comes last, as roots of other clusters do: what ails one holds up nothing of the hub. It stays,
/// because without it nothing can be taken down on a cluster that leaves; a person deletes it behind that.
const TOLD: [Annotation; 3] = [
    Annotation { key: SYNC_WAVE, text: root::WAVE, unless: &[] },
    Annotation { key: syncing::OBJECT_OPTIONS, text: syncing::UNPRUNED, unless: &["Prune"] },
    Annotation { key: COMPARE, text: "IgnoreExtraneous", unless: &["IgnoreExtraneous"] },
];

/// The object with one more annotation. What it says under the same key stays; where that is a list, the new follows.
fn annotated(mut object: Tree, annotation: &Annotation) -> Tree {
    let metadata = object.as_map_mut().and_then(|map| map.iter_mut().find(|(key, _)| &**key == "metadata"));
    if let Some(metadata) = metadata.and_then(|(_, metadata)| metadata.as_map_mut()) {
        match metadata.iter_mut().find(|(key, _)| &**key == "annotations") {
            Some((_, annotations)) => annotations.as_map_mut().into_iter().for_each(|map| add(map, annotation)),
            None => metadata.push(("annotations".into(), Tree::map([(annotation.key, Tree::text(annotation.text))]))),
        }
    }
    object
}

fn add(annotations: &mut Vec<(Arc<str>, Tree)>, more: &Annotation) {
    match annotations.iter_mut().find(|(key, _)| **key == *more.key) {
        None => annotations.push((more.key.into(), Tree::text(more.text))),
        Some((_, said)) => {
            if let Form::Text(own) = &said.form
                && !more.is_said(own)
            {
                said.form = Form::Text(more.beside(own).into());
            }
        }
    }
}

/// The files of `bootstrap/` of a cluster that another one's Argo CD drives: what that finds there before it can install anything.
pub(super) fn bootstrap(site: &ArgoSite<'_>, input: &Input<'_>) -> Vec<(&'static str, Tree)> {
    let mut files = Vec::new();
    if account::is_impersonated(&input.model.platform) {
        files.push(("argocd-controller.yaml", controller(&input.model.platform)));
    }
    if needs_token(site, input) {
        files.push(("argocd-manager.yaml", manager()));
    }
    if !files.is_empty() {
        let names = files.iter().map(|(name, _)| Tree::text(*name)).collect();
        files.push(("kustomization.yaml", root::kustomization(names)));
    }
    files
}

/// Whether the hub's Argo CD comes to a cluster with a token that a store keeps.
fn needs_token(site: &ArgoSite<'_>, input: &Input<'_>) -> bool {
    let said = rendering(site, input).and_then(|rendering| rendering.told.as_ref());
    said.is_some_and(|told| told.at(&["cluster", "externalSecret"]).is_some())
}

/// The rights of the account in whose name projects of the platform install. Argo CD acts in that name on the cluster itself, where nobody else has given it
/// any; the account needs not be there.
fn controller(platform: &Platform) -> Tree {
    admin(BINDING, account::controller(platform), site::namespace(platform))
}

/// The account that an Argo CD with a token has there, and the Secret that Kubernetes fills with the token.
fn manager() -> Tree {
    let metadata = |more: Vec<(&'static str, Tree)>| {
        Tree::map([("name", Tree::text(ACCOUNT)), ("namespace", Tree::text(NAMESPACE))].into_iter().chain(more).collect::<Vec<_>>())
    };
    let of_account = Tree::map([("kubernetes.io/service-account.name", Tree::text(ACCOUNT))]);
    let items = Tree::list([
        object("v1", "ServiceAccount", metadata(Vec::new()), Vec::new()),
        admin(ACCOUNT, ACCOUNT, NAMESPACE),
        object(
            "v1",
            "Secret",
            metadata(vec![("annotations", of_account)]),
            vec![("type", Tree::text("kubernetes.io/service-account-token"))],
        ),
    ]);
    Tree::map([("apiVersion", Tree::text("v1")), ("kind", Tree::text("List")), ("items", items)])
}

/// A binding by which an account may do everything.
fn admin(name: &str, account: &str, namespace: &str) -> Tree {
    let role = [("apiGroup", RBAC), ("kind", "ClusterRole"), ("name", "cluster-admin")];
    let subject = [("kind", "ServiceAccount"), ("name", account), ("namespace", namespace)];
    let texts = |pairs: [(&'static str, &str); 3]| Tree::map(pairs.map(|(key, text)| (key, Tree::text(text))));
    let rest = vec![("roleRef", texts(role)), ("subjects", Tree::list([texts(subject)]))];
    object(&format!("{RBAC}/v1"), "ClusterRoleBinding", Tree::map([("name", Tree::text(name))]), rest)
}

fn object(version: &str, kind: &str, metadata: Tree, rest: Vec<(&'static str, Tree)>) -> Tree {
    let head = [("apiVersion", Tree::text(version)), ("kind", Tree::text(kind)), ("metadata", metadata)];
    Tree::map(head.into_iter().chain(rest).collect::<Vec<_>>())
}

/// Not called like the account: an Argo CD of the cluster itself, from before there was a hub, has a binding of that name.
const BINDING: &str = "argocd-hub";
const ACCOUNT: &str = "argocd-manager";
const NAMESPACE: &str = "kube-system";
const RBAC: &str = "rbac.authorization.k8s.io";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lists_are_added_to() {
        for (key, own, expected) in [
            (SYNC_WAVE, "5", "5"),
            (syncing::OBJECT_OPTIONS, "Validate=false", "Validate=false,Prune=false"),
            (syncing::OBJECT_OPTIONS, "Prune=true", "Prune=true"),
            (COMPARE, "", "IgnoreExtraneous"),
        ] {
            let object = Tree::map([("metadata", Tree::map([("annotations", Tree::map([(key, Tree::text(own))]))]))]);
            let mut told = TOLD.iter().fold(object, annotated);
            let metadata = told.as_map_mut().and_then(|map| map.first_mut()).and_then(|(_, metadata)| metadata.as_map_mut());
            let annotations = metadata.and_then(|map| map.first_mut()).and_then(|(_, annotations)| annotations.as_map_mut()).unwrap();
            let (_, found) = annotations.iter().find(|(known, _)| &**known == key).unwrap();
            assert!(matches!(&found.form, Form::Text(text) if &**text == expected), "{key} {own}");
            assert_eq!(annotations.len(), TOLD.len(), "{key}");
        }
    }
}
