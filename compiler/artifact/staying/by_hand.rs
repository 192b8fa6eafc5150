//! What only a person applies, and what is another one now: roots, and what comes before them. Whoever installs goes on by what is on the cluster, so a root
//! that was told to follow another branch is not read by anybody. In come files before and after, out go the commands.

use super::brought::Brought;
use super::installer::field;
use super::{OutputChange, errors};
use crate::diagnostic::Diagnostics;
use crate::floor::{FilePlace, SitePath, Wing};
use std::collections::BTreeMap;

/// The root of a cluster.
const ROOT: &str = "root.yaml";
/// What comes before it.
const BOOTSTRAP: &str = "bootstrap/";
/// Patches of Argo CD's settings end so. An apply would take other settings away.
const PATCH: &str = "-patch.yaml";

/// The project that Argo CD brings, closed. Nobody deletes it, and what is not said of it any more stays as it was.
const CLOSED: &str = "project-default.yaml";

/// What a person does on one cluster.
#[derive(Default)]
pub(super) struct HandWork {
    /// In their order.
    pub(super) steps: Vec<HandStep>,
    /// Whether another Argo CD installs there than before: that of a hub, or no longer that.
    pub(super) moves: bool,
}

/// One of the things that are to be done.
pub(super) enum HandStep {
    /// A command.
    Command(String),
    /// A root that is called otherwise now, and how that of before goes without what it has installed.
    Renamed { name: String, delete: String },
}

pub(super) fn report(change: &OutputChange<'_>, output: &str, is_chosen: &dyn Fn(&str) -> bool, diagnostics: &mut Diagnostics) {
    let mut sites: BTreeMap<SitePath<'_>, Vec<(&str, &str)>> = BTreeMap::new();
    for (path, artifact) in change.now.iter() {
        let Some(FilePlace::Delivery { wing, site, file }) = FilePlace::of(path) else { continue };
        let is_by_hand = file == ROOT || (wing == Wing::Argocd && file.starts_with(BOOTSTRAP));
        let is_new_root = || file == ROOT && wing == Wing::Argocd && moves(change, site);
        if is_by_hand && is_chosen(path) && (is_another(change, path, &artifact.text) || is_new_root()) {
            sites.entry(site).or_default().push((path, file));
        }
    }
    let work = sites.into_iter().filter_map(|(site, files)| {
        let steps = hand_steps(change, output, &files).filter(|steps| !steps.is_empty())?;
        Some((site, HandWork { steps, moves: moves(change, site) }))
    });
    let work: BTreeMap<SitePath<'_>, HandWork> = work.collect();
    if !work.is_empty() {
        diagnostics.push(errors::applied_by_hand(&work));
    }
}

/// Whether a file is another one than before. What was not there before is another one only where something was applied before.
fn is_another(change: &OutputChange<'_>, path: &str, now: &str) -> bool {
    if change.former.paths.contains(path) {
        // What git makes of the ends of lines is no change.
        return change.read(path).is_some_and(|before| !before.lines().eq(now.lines()));
    }
    path.rsplit_once('/').is_some_and(|(folder, _)| {
        folder.ends_with(BOOTSTRAP.trim_end_matches('/')) && change.former.paths.contains(&format!("{folder}/kustomization.yaml"))
    })
}

/// Whether a cluster that has an Argo CD before and now has a root of its own at one time only: a hub came, went, or is another one.
fn moves(change: &OutputChange<'_>, site: SitePath<'_>) -> bool {
    let is_driven = |all: &Brought<'_>| all.sites.get(&site).is_some_and(|wings| wings.contains(&Wing::Argocd));
    let root = format!("{}/{}/{}/{ROOT}", Wing::Argocd.folder(), site.0, site.1);
    is_driven(&change.before) && is_driven(&change.after) && change.former.paths.contains(&root) != change.now.get(&root).is_some()
}

/// The steps for the files of one cluster; none if its Argo CD goes to another namespace, which takes other steps.
fn hand_steps(change: &OutputChange<'_>, output: &str, files: &[(&str, &str)]) -> Option<Vec<HandStep>> {
    let mut steps = Vec::new();
    let text = |path: &str| change.now.get(path).map(|file| file.text.clone());
    let (bootstrap, roots): (Vec<_>, Vec<_>) = files.iter().partition::<Vec<(&str, &str)>, _>(|(_, file)| file.starts_with(BOOTSTRAP));
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    // What one file does not tell takes nothing from the others.
    for (path, _) in bootstrap.iter().filter(|(_, file)| file.ends_with(PATCH)) {
        let project = folder(path).map(|folder| format!("{folder}/project-platform-root.yaml"));
        let Some(namespace) = project.and_then(|project| field(&text(&project)?, "  namespace: ")) else { continue };
        steps
            .push(HandStep::Command(format!("kubectl patch configmap argocd-cm -n {namespace} --type merge --patch-file {output}/{path}")));
    }
    if let Some(folder) = bootstrap.iter().find(|(_, file)| !file.ends_with(PATCH)).and_then(|(path, _)| folder(path)) {
        steps.push(HandStep::Command(format!("kubectl apply -k {output}/{folder}")));
        steps.extend(opened(change, &format!("{folder}/{CLOSED}")).map(HandStep::Command));
    }
    for (path, _) in roots {
        let head = |text: String| Some((field(&text, "  name: ")?, field(&text, "  namespace: ")?));
        if let (Some(old), Some(new)) = (change.read(path).and_then(head), text(path).and_then(head)) {
            if old.1 != new.1 {
                return None;
            }
            if old.0 != new.0 {
                let (name, namespace) = old;
                let delete = delete(path, &name, &namespace);
                steps.push(HandStep::Renamed { name, delete });
            }
        }
        steps.push(HandStep::Command(format!("kubectl apply -f {output}/{path}")));
    }
    Some(steps)
}

/// How a project is as Argo CD brings it again, if it is closed no more.
fn opened(change: &OutputChange<'_>, path: &str) -> Option<String> {
    let was = change.former.paths.contains(path) && change.now.get(path).is_none();
    let namespace = field(&change.read(path).filter(|_| was)?, "  namespace: ")?;
    let all = r#"{"spec":{"sourceRepos":["*"],"destinations":[{"namespace":"*","server":"*"}],"clusterResourceWhitelist":[{"group":"*","kind":"*"}],"namespaceResourceBlacklist":null}}"#;
    Some(format!("kubectl patch appproject default -n {namespace} --type merge -p '{all}'"))
}

/// How a root goes without what it has installed. One of Flux takes that along, unless it is told before.
fn delete(path: &str, name: &str, namespace: &str) -> String {
    if !path.starts_with(Wing::Flux.folder()) {
        return format!("kubectl delete application {name} -n {namespace}");
    }
    let root = format!("kustomizations.kustomize.toolkit.fluxcd.io {name} -n {namespace}");
    format!(r#"kubectl patch {root} --type merge -p '{{"spec":{{"prune":false}}}}' && kubectl delete {root}"#)
}
