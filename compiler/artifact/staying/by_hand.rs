//! What only a person applies, and what is another one now: roots, and what comes before them. Whoever installs goes on by what is on the cluster, so a root
//! that was told to follow another branch is not read by anybody. In come files before and after, out go the commands.

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

/// What a person does on one cluster.
#[derive(Default)]
pub(super) struct HandWork {
    /// Commands, in their order.
    pub(super) commands: Vec<String>,
    /// Name and namespace of a root that is called otherwise now.
    pub(super) renamed: Option<(String, String)>,
}

pub(super) fn report(change: &OutputChange<'_>, output: &str, is_chosen: &dyn Fn(&str) -> bool, diagnostics: &mut Diagnostics) {
    let mut sites: BTreeMap<SitePath<'_>, Vec<(&str, &str)>> = BTreeMap::new();
    for (path, artifact) in change.now.iter() {
        let Some(FilePlace::Delivery { wing, site, file }) = FilePlace::of(path) else { continue };
        let is_by_hand = file == ROOT || (wing == Wing::Argocd && file.starts_with(BOOTSTRAP));
        if is_by_hand && is_chosen(path) && is_another(change, path, &artifact.text) {
            sites.entry(site).or_default().push((path, file));
        }
    }
    let work: BTreeMap<SitePath<'_>, HandWork> =
        sites.into_iter().filter_map(|(site, files)| Some((site, hand_work(change, output, &files)?))).collect();
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

/// The commands for the files of one cluster; none if its Argo CD goes to another namespace, which takes other steps.
fn hand_work(change: &OutputChange<'_>, output: &str, files: &[(&str, &str)]) -> Option<HandWork> {
    let mut work = HandWork::default();
    let text = |path: &str| change.now.get(path).map(|file| file.text.clone());
    let (bootstrap, roots): (Vec<_>, Vec<_>) = files.iter().partition::<Vec<(&str, &str)>, _>(|(_, file)| file.starts_with(BOOTSTRAP));
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    // What one file does not tell takes nothing from the others.
    for (path, _) in bootstrap.iter().filter(|(_, file)| file.ends_with(PATCH)) {
        let project = folder(path).map(|folder| format!("{folder}/project-platform-root.yaml"));
        let Some(namespace) = project.and_then(|project| field(&text(&project)?, "  namespace: ")) else { continue };
        work.commands.push(format!("kubectl patch configmap argocd-cm -n {namespace} --type merge --patch-file {output}/{path}"));
    }
    if let Some(folder) = bootstrap.iter().find(|(_, file)| !file.ends_with(PATCH)).and_then(|(path, _)| folder(path)) {
        work.commands.push(format!("kubectl apply -k {output}/{folder}"));
    }
    for (path, _) in roots {
        let head = |text: String| Some((field(&text, "  name: ")?, field(&text, "  namespace: ")?));
        work.commands.push(format!("kubectl apply -f {output}/{path}"));
        if let (Some(old), Some(new)) = (change.read(path).and_then(head), text(path).and_then(head)) {
            if old.1 != new.1 {
                return None;
            }
            work.renamed = (old.0 != new.0).then_some(old);
        }
    }
    (!work.commands.is_empty()).then_some(work)
}
