//! Child Applications: one for each entity that installs something on a cluster.

use super::site::{self, ArgoSite};
use super::source::ApplicationSources;
use crate::delivery::{Unit, name};
use crate::model::Platform;
use crate::print::Tree;
use std::sync::Arc;

/// The Application of a unit.
pub(super) fn tree(unit: &Unit<'_>, sources: ApplicationSources, site: &ArgoSite<'_>, platform: &Platform) -> Tree {
    let entity = unit.entity;
    let mut labels = labels(site, platform);
    labels.push((format!("{}/kind", platform.domain).into(), Tree::text(entity.kind.singular())));
    labels.push((format!("{}/name", platform.domain).into(), Tree::text(name::label(entity.identity.text()))));
    if let Some((_, tenant)) = unit.tenant {
        labels.push((format!("{}/tenant", platform.domain).into(), Tree::text(name::label(tenant.identity.text()))));
    }
    let mut annotations: Vec<(Arc<str>, Tree)> = Vec::new();
    if let Some(paths) = &sources.paths {
        annotations.push((GENERATE_PATHS.into(), Tree::text(paths.join(";"))));
    }
    annotations.push((SYNC_WAVE.into(), Tree::text(wave(unit.wave))));
    let mut spec = vec![("project", Tree::text(site.project(unit)))];
    let mut trees = sources.trees;
    match trees.len() {
        1 => spec.extend(trees.pop().map(|source| ("source", source))),
        _ => spec.push(("sources", Tree::list(trees))),
    }
    let destination = [("name", Tree::text(site.destination())), ("namespace", Tree::text(Arc::clone(&unit.namespace)))];
    spec.push(("destination", Tree::map(destination)));
    spec.push(("revisionHistoryLimit", Tree::int(5)));
    let mut policy = Vec::new();
    if site.on.policy.automated {
        policy.push(("automated", automated()));
    }
    policy.push(("retry", retry()));
    policy.push(("syncOptions", Tree::list(options(unit, site, platform))));
    spec.push(("syncPolicy", Tree::map(policy)));
    if !unit.ignored.is_empty() {
        spec.push(("ignoreDifferences", Tree::list(unit.ignored.iter().map(|ignored| ignored.tree.clone()))));
    }
    object(
        "Application",
        platform,
        &site.name(&unit.name),
        unit.with_said("labels", labels),
        unit.with_said("annotations", annotations),
        // Deleting the Application takes all along that it installed. What keeps data is not lost by a line that goes.
        if unit.keeps_data { &[] } else { &["resources-finalizer.argocd.argoproj.io"] },
        Tree::map(spec),
    )
}

/// The Application of a unit that waits, as it is held: only when its turn comes follows from what does not wait.
pub(super) fn held(text: &str, unit: &Unit<'_>) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    let now = format!("    {SYNC_WAVE}: \"{}\"", wave(unit.wave));
    let annotation = format!("    {SYNC_WAVE}: ");
    if let Some(line) = lines.iter_mut().find(|line| line.starts_with(&annotation)) {
        *line = &now;
    }
    lines.join("\n")
}

pub(super) const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";
pub(super) const GENERATE_PATHS: &str = "argocd.argoproj.io/manifest-generate-paths";

/// Waves are ten apart, so that there is room between them.
fn wave(depth: u32) -> String {
    (u64::from(depth) * 10).to_string()
}

/// Labels that everything on a cluster has.
pub(super) fn labels(site: &ArgoSite<'_>, platform: &Platform) -> Vec<(Arc<str>, Tree)> {
    vec![
        ("app.kubernetes.io/part-of".into(), Tree::text(name::label(&platform.name))),
        (format!("{}/environment", platform.domain).into(), Tree::text(name::label(site.on.environment.identity.text()))),
        (format!("{}/cluster", platform.domain).into(), Tree::text(name::label(site.on.entity.identity.text()))),
    ]
}

/// An object of Argo CD.
pub(super) fn object(
    kind: &str,
    platform: &Platform,
    name: &str,
    labels: Vec<(Arc<str>, Tree)>,
    annotations: Vec<(Arc<str>, Tree)>,
    finalizers: &[&str],
    spec: Tree,
) -> Tree {
    let mut metadata = vec![("name", Tree::text(name)), ("namespace", Tree::text(site::namespace(platform)))];
    if !labels.is_empty() {
        metadata.push(("labels", Tree::map(labels)));
    }
    if !annotations.is_empty() {
        metadata.push(("annotations", Tree::map(annotations)));
    }
    if !finalizers.is_empty() {
        metadata.push(("finalizers", Tree::list(finalizers.iter().map(|finalizer| Tree::text(*finalizer)))));
    }
    Tree::map([
        ("apiVersion", Tree::text("argoproj.io/v1alpha1")),
        ("kind", Tree::text(kind)),
        ("metadata", Tree::map(metadata)),
        ("spec", spec),
    ])
}

/// Syncing by itself; an empty rendering never deletes everything.
pub(super) fn automated() -> Tree {
    Tree::map([("prune", Tree::bool(true)), ("selfHeal", Tree::bool(true)), ("allowEmpty", Tree::bool(false))])
}

/// What to do when a sync fails, because something it needs is not there yet for example.
pub(super) fn retry() -> Tree {
    let backoff = [("duration", Tree::text("10s")), ("factor", Tree::int(2)), ("maxDuration", Tree::text("5m"))];
    Tree::map([("limit", Tree::int(5)), ("backoff", Tree::map(backoff))])
}

fn options(unit: &Unit<'_>, site: &ArgoSite<'_>, platform: &Platform) -> Vec<Tree> {
    let mut options: Vec<&str> = Vec::new();
    if site.creates_namespace(unit, platform) {
        options.push("CreateNamespace=true");
    }
    options.push("ServerSideApply=true");
    for wish in &unit.wishes {
        let key = |option: &str| option.split('=').next().map(str::to_owned);
        options.retain(|known| key(known) != key(wish.text));
        options.push(wish.text);
    }
    options.into_iter().map(Tree::text).collect()
}
