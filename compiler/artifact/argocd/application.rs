//! Child Applications: one for each entity that installs something on a cluster.

use super::site::{self, ArgoSite};
use super::source::ApplicationSources;
use crate::delivery::{Unit, name};
use crate::model::{Entity, Platform};
use crate::print::Tree;
use crate::syncing::OBJECT_OPTIONS;
use crate::value::Value;
use std::sync::Arc;

/// The Application of a unit.
pub(super) fn tree(unit: &Unit<'_>, sources: ApplicationSources, site: &ArgoSite<'_>, platform: &Platform) -> Tree {
    let entity = unit.entity;
    let mut labels = labels(site, platform);
    labels.push((format!("{}/kind", platform.domain).into(), Tree::text(entity.kind.singular())));
    labels.push((format!("{}/name", platform.domain).into(), by_identity(entity)));
    if let Some((_, tenant)) = unit.tenant {
        labels.push((tenant_label(platform).into(), by_identity(tenant)));
    }
    let mut annotations: Vec<(Arc<str>, Tree)> = Vec::new();
    if let Some(paths) = &sources.paths {
        annotations.push((GENERATE_PATHS.into(), Tree::text(paths.join(";"))));
    }
    annotations.push((SYNC_WAVE.into(), Tree::text(wave(unit.wave))));
    let options = options(unit, site, platform);
    if options.contains(&SERVER_SIDE) && !recreates(unit) {
        // Else what the cluster completes by itself differs for ever, and is applied for ever.
        annotations.push((COMPARE.into(), Tree::text("ServerSideDiff=true")));
    }
    let mut spec = vec![("project", Tree::text_by(site.project(unit), unit.tenant.map(|(_, tenant)| tenant.identity.value())))];
    let mut trees = sources.trees;
    match trees.len() {
        1 => spec.extend(trees.pop().map(|source| ("source", source))),
        _ => spec.push(("sources", Tree::list(trees))),
    }
    let destination =
        [("name", site.destination_tree()), ("namespace", Tree::text_by(Arc::clone(&unit.namespace), Some(unit.namespace_by())))];
    spec.push(("destination", Tree::map(destination)));
    spec.push(("revisionHistoryLimit", Tree::int(5)));
    let mut policy = Vec::new();
    if site.on.policy.automated {
        policy.push(("automated", automated(site.on.environment.value.at(&["argocd", "sync"]))));
    }
    policy.push(("retry", if sources.is_own { retry_for_ever() } else { retry_a_while() }));
    policy.push(("syncOptions", Tree::list(options.into_iter().map(Tree::text))));
    spec.push(("syncPolicy", Tree::map(policy)));
    if !unit.ignored.is_empty() {
        spec.push(("ignoreDifferences", Tree::list(unit.ignored.iter().map(|ignored| ignored.tree.clone()))));
    }
    object(
        "Application",
        platform,
        Tree::text_by(site.name(&unit.name), Some(entity.identity.value())),
        unit.with_said("labels", labels),
        unit.with_said("annotations", annotations),
        // Deleting the Application takes all along that it installed. What keeps data is not lost by a line that goes.
        if unit.keeps_data { &[] } else { &["resources-finalizer.argocd.argoproj.io"] },
        Tree::map(spec),
    )
}

/// The label of Applications of a tenant.
pub(super) fn tenant_label(platform: &Platform) -> String {
    format!("{}/tenant", platform.domain)
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
pub(super) const COMPARE: &str = "argocd.argoproj.io/compare-options";
const SERVER_SIDE: &str = "ServerSideApply=true";
pub(super) const GENERATE_PATHS: &str = "argocd.argoproj.io/manifest-generate-paths";

/// Waves are ten apart, so that there is room between them.
fn wave(depth: u32) -> String {
    (u64::from(depth) * 10).to_string()
}

/// Labels that everything on a cluster has.
pub(super) fn labels(site: &ArgoSite<'_>, platform: &Platform) -> Vec<(Arc<str>, Tree)> {
    let environment = &site.on.environment.identity;
    vec![
        ("app.kubernetes.io/part-of".into(), Tree::text_by(name::label(&platform.name), platform.value.get("name"))),
        (format!("{}/environment", platform.domain).into(), Tree::text_by(name::label(environment.text()), Some(environment.value()))),
        (format!("{}/cluster", platform.domain).into(), by_identity(site.on.entity)),
    ]
}

/// What names a thing outside, as a label.
fn by_identity(entity: &Entity) -> Tree {
    Tree::text_by(name::label(entity.identity.text()), Some(entity.identity.value()))
}

/// An object of Argo CD.
pub(super) fn object(
    kind: &str,
    platform: &Platform,
    name: Tree,
    labels: Vec<(Arc<str>, Tree)>,
    annotations: Vec<(Arc<str>, Tree)>,
    finalizers: &[&str],
    spec: Tree,
) -> Tree {
    let mut metadata = vec![("name", name), ("namespace", site::namespace_tree(platform))];
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

/// Syncing by itself, because of what is said, if anything is; an empty rendering never deletes everything.
pub(super) fn automated(said: Option<&Value>) -> Tree {
    let by = |word| Tree::bool(word).by(said);
    Tree::map([("prune", by(true)), ("selfHeal", by(true)), ("allowEmpty", by(false))])
}

/// What to do when a sync fails of which everything is in the output: it is tried until it succeeds, each time with what was committed last.
pub(super) fn retry_for_ever() -> Tree {
    retry(-1, "5m")
}

/// What to do when a sync fails that reads other repositories too. Their versions stand in the Application itself, which a sync that is tried
/// again never reads anew, so it has to end before a corrected one can begin.
fn retry_a_while() -> Tree {
    retry(4, "1m")
}

fn retry(limit: i64, longest: &str) -> Tree {
    let backoff = [("duration", Tree::text("10s")), ("factor", Tree::int(2)), ("maxDuration", Tree::text(longest))];
    Tree::map([("limit", Tree::int(limit)), ("refresh", Tree::bool(true)), ("backoff", Tree::map(backoff))])
}

/// Whether anything of it is made anew where it changes. The cluster refuses to compare what cannot be changed, so then Argo CD compares by itself.
fn recreates(unit: &Unit<'_>) -> bool {
    let is_said = |text: &str| text.split(',').any(|option| option.trim() == "Force=true");
    let objects = unit.manifests.iter().filter_map(|manifest| manifest.value.at(&["metadata", "annotations", OBJECT_OPTIONS])?.as_str());
    objects.chain(unit.wishes.iter().map(|wish| wish.text)).any(is_said)
}

fn options<'a>(unit: &Unit<'a>, site: &ArgoSite<'_>, platform: &Platform) -> Vec<&'a str> {
    let mut options: Vec<&'a str> = Vec::new();
    if site.creates_namespace(unit, platform) {
        options.push("CreateNamespace=true");
    }
    options.push(SERVER_SIDE);
    if recreates(unit) {
        // Else they would be made anew by each sync, whatever it is for.
        options.push("ApplyOutOfSyncOnly=true");
    }
    for wish in &unit.wishes {
        let key = |option: &str| option.split('=').next().map(str::to_owned);
        options.retain(|known| key(known) != key(wish.text));
        options.push(wish.text);
    }
    options
}
