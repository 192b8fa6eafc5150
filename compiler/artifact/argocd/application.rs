//! Child Applications: one for each entity that installs something on a cluster.

use super::said;
use super::site::{Application, Site};
use super::source::Sources;
use super::{errors, name};
use crate::artifact::Input;
use crate::diagnostic::Diagnostics;
use crate::model::Platform;
use crate::print::Tree;
use std::sync::Arc;

/// The Application of an entity.
pub(super) fn tree(
    application: &Application<'_>,
    sources: Sources,
    site: &Site<'_>,
    input: &Input<'_>,
    diagnostics: &mut Diagnostics,
) -> Tree {
    let entity = application.entity;
    let platform = &input.model.platform;
    let mut labels = labels(site, platform);
    labels.push((format!("{}/kind", platform.domain).into(), Tree::text(entity.kind.singular())));
    labels.push((format!("{}/name", platform.domain).into(), Tree::text(name::label(entity.identity.text()))));
    if let Some((_, tenant)) = application.tenant {
        labels.push((format!("{}/tenant", platform.domain).into(), Tree::text(name::label(tenant.identity.text()))));
    }
    let mut annotations = Vec::new();
    if let Some(paths) = &sources.paths {
        annotations.push((GENERATE_PATHS, Tree::text(paths.join(";"))));
    }
    annotations.push((SYNC_WAVE, Tree::text(wave(input.graph.wave(application.id)))));
    let mut spec = vec![("project", Tree::text(site.project(application)))];
    let mut trees = sources.trees;
    match trees.len() {
        1 => spec.extend(trees.pop().map(|source| ("source", source))),
        _ => spec.push(("sources", Tree::List(trees))),
    }
    let destination = [("name", Tree::text(site.destination())), ("namespace", Tree::Text(Arc::clone(&application.namespace)))];
    spec.push(("destination", Tree::map(destination)));
    spec.push(("revisionHistoryLimit", Tree::Int(5)));
    let mut policy = Vec::new();
    if site.policy.automated {
        policy.push(("automated", automated()));
    }
    policy.push(("retry", retry()));
    policy.push(("syncOptions", Tree::List(options(application, site, input, diagnostics))));
    spec.push(("syncPolicy", Tree::map(policy)));
    let differences = differences(application, diagnostics);
    if !differences.is_empty() {
        spec.push(("ignoreDifferences", Tree::List(differences)));
    }
    object("Application", platform, &application.name, labels, annotations, &["resources-finalizer.argocd.argoproj.io"], Tree::map(spec))
}

pub(super) const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";
pub(super) const GENERATE_PATHS: &str = "argocd.argoproj.io/manifest-generate-paths";

/// Waves are ten apart, so that there is room between them.
fn wave(depth: u32) -> String {
    (u64::from(depth) * 10).to_string()
}

/// Labels that everything on a cluster has.
pub(super) fn labels(site: &Site<'_>, platform: &Platform) -> Vec<(Arc<str>, Tree)> {
    vec![
        ("app.kubernetes.io/part-of".into(), Tree::text(name::label(&platform.name))),
        (format!("{}/environment", platform.domain).into(), Tree::text(name::label(site.environment.identity.text()))),
        (format!("{}/cluster", platform.domain).into(), Tree::text(name::label(site.entity.identity.text()))),
    ]
}

/// An object of Argo CD.
pub(super) fn object(
    kind: &str,
    platform: &Platform,
    name: &str,
    labels: Vec<(Arc<str>, Tree)>,
    annotations: Vec<(&str, Tree)>,
    finalizers: &[&str],
    spec: Tree,
) -> Tree {
    let mut metadata = vec![("name", Tree::text(name)), ("namespace", Tree::Text(Arc::clone(&platform.argocd_namespace)))];
    if !labels.is_empty() {
        metadata.push(("labels", Tree::Map(labels)));
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
    Tree::map([("prune", Tree::Bool(true)), ("selfHeal", Tree::Bool(true)), ("allowEmpty", Tree::Bool(false))])
}

/// What to do when a sync fails, because something it needs is not there yet for example.
pub(super) fn retry() -> Tree {
    let backoff = [("duration", Tree::text("10s")), ("factor", Tree::Int(2)), ("maxDuration", Tree::text("5m"))];
    Tree::map([("limit", Tree::Int(5)), ("backoff", Tree::map(backoff))])
}

fn options(application: &Application<'_>, site: &Site<'_>, input: &Input<'_>, diagnostics: &mut Diagnostics) -> Vec<Tree> {
    let mut options: Vec<&str> = Vec::new();
    if site.creates_namespace(application, input.model) {
        options.push("CreateNamespace=true");
    }
    options.push("ServerSideApply=true");
    for option in said::texts(application.rendering.argocd.as_ref(), "syncOptions", &application.entity.subject(), diagnostics) {
        let key = |option: &str| option.split('=').next().map(str::to_owned);
        options.retain(|known| key(known) != key(option));
        options.push(option);
    }
    options.into_iter().map(Tree::text).collect()
}

fn differences(application: &Application<'_>, diagnostics: &mut Diagnostics) -> Vec<Tree> {
    let subject = &application.entity.subject();
    let mut differences = Vec::new();
    for item in said::list(application.rendering.argocd.as_ref(), "ignoreDifferences", subject, diagnostics) {
        match Tree::from_value(item) {
            Some(tree @ Tree::Map(_)) => differences.push(tree),
            Some(_) | None => diagnostics.push(errors::invalid("ignoreDifferences", "a list of maps", item, subject)),
        }
    }
    differences
}
