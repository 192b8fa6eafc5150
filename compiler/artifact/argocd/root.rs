//! Root Applications: each owns the folder of one cluster, and is applied once by hand or by the root of the hub. A root ignores no differences: what it
//! ignored, Git could never change, and people pause a child by other means (`automated.enabled: false`, `skip-reconcile`).

use super::application::{self, GENERATE_PATHS, SYNC_WAVE};
use super::site::{self, ArgoSite};
use super::source;
use crate::delivery;
use crate::model::{Platform, Repository};
use crate::print::Tree;
use std::sync::Arc;

/// The project of all roots of an Argo CD.
pub(super) const PROJECT: &str = "platform-root";

/// Roots of other clusters come last, so that none of them holds up the hub itself.
pub(super) const WAVE: &str = "10000";

/// The root of a cluster.
pub(super) fn tree(site: &ArgoSite<'_>, platform: &Platform, repository: &Repository) -> Tree {
    let path = repository.below(&site.folder);
    let revision = site.on.policy.revision.as_ref().unwrap_or(&repository.revision);
    let said = |key: &str| platform.value.at(&["repository", key]);
    let source = [
        ("repoURL", Tree::text_by(Arc::clone(&repository.url), said("url"))),
        ("path", Tree::text_by(&*path, said("path"))),
        ("targetRevision", Tree::text_by(Arc::clone(revision), source::revision_by(site, platform))),
    ];
    let destination = [("name", Tree::text("in-cluster")), ("namespace", site::namespace_tree(platform))];
    // Children that are as Git wants them are not applied again, so one that is sick holds up nobody.
    let options = Tree::list([Tree::text("ApplyOutOfSyncOnly=true")]);
    let policy = [("automated", application::automated(None)), ("retry", application::retry_for_ever()), ("syncOptions", options)];
    let spec = Tree::map([
        ("project", Tree::text(PROJECT)),
        ("source", Tree::map(source)),
        ("destination", Tree::map(destination)),
        ("revisionHistoryLimit", Tree::int(5)),
        ("syncPolicy", Tree::map(policy)),
    ]);
    let mut annotations = vec![(GENERATE_PATHS.into(), Tree::text(format!("/{path}")))];
    if site.host != site.on.cluster {
        annotations.push((SYNC_WAVE.into(), Tree::text(WAVE)));
    }
    // No finalizer: a root that is removed by accident must not take everything along.
    application::object(
        "Application",
        platform,
        Tree::text_by(name(site), Some(site.on.entity.identity.value())),
        application::labels(site, platform),
        annotations,
        &[],
        spec,
    )
}

/// The name of a cluster's root.
pub(super) fn name(site: &ArgoSite<'_>) -> String {
    delivery::name::object(&format!("root-{}", site.on.full_name))
}

/// A kustomization of these files.
pub(super) fn kustomization(resources: Vec<Tree>) -> Tree {
    Tree::map([
        ("apiVersion", Tree::text("kustomize.config.k8s.io/v1beta1")),
        ("kind", Tree::text("Kustomization")),
        ("resources", Tree::list(resources)),
    ])
}
