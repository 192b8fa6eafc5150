//! Wording of what stays outside when its files leave the output, and of what would be lost.

use super::installer::Installer;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::floor::SitePath;
use crate::name::{Kind, listed};
use std::collections::BTreeSet;

/// So many places are named.
const PLACES: usize = 5;

/// So many commands are shown.
const COMMANDS: usize = 20;

pub(super) fn kind_stays(kind: &str, sites: &BTreeSet<SitePath<'_>>) -> Diagnostic {
    let message = format!("kind `{kind}` is no longer installed on {}, and stays there with all objects of it", places(sites));
    warning(Code::KindsStay, message)
        .hint(format!("when nobody needs them any more, delete it on that cluster: `kubectl delete customresourcedefinition {kind}`"))
}

pub(super) fn kind_leaves(kind: &str, sites: &BTreeSet<SitePath<'_>>) -> Diagnostic {
    let message = format!("kind `{kind}` is no longer installed on {}, and Flux deletes it there with all objects of it", places(sites));
    warning(Code::ObjectsLeave, message)
        .hint("if they are to stay, first install the kind with the annotation `kustomize.toolkit.fluxcd.io/prune: disabled`")
}

pub(super) fn chart_kinds_stay(application: &str, release: &str, sites: &BTreeSet<SitePath<'_>>) -> Diagnostic {
    let message = format!("the chart of `{application}` is no longer installed on {}, and kinds that it brought stay there", places(sites));
    warning(Code::KindsStay, message).hint(format!(
        "look for them on that cluster, and delete those that nobody needs any more: `kubectl get customresourcedefinitions -l app.kubernetes.io/instance={release}`"
    ))
}

pub(super) fn namespace_handed_over(namespace: &str, (old, new): (&str, Option<&str>), sites: &BTreeSet<SitePath<'_>>) -> Diagnostic {
    let (old, places) = (thing(old), places(sites));
    let message = match new {
        Some(new) => {
            format!("namespace `{namespace}` goes from {old} to {} on {places}, and would be deleted with all that is in it", thing(new))
        }
        None => format!(
            "{old} no longer makes namespace `{namespace}` on {places}, so that it would be deleted with all that others have in it"
        ),
    };
    Diagnostic::general(Code::NamespaceHandedOver, message)
        .note("whoever installs removes it for the one, whether or not the other has it by then; what counts is the object that is there")
        .hint(format!(
            "take two steps: first protect the Namespace where {old} makes it, and build and install that; then build this (`platc explain namespace-handed-over` shows how)"
        ))
}

pub(super) fn installed_stays(environment: &str, clusters: &[(&str, Installer)]) -> Diagnostic {
    let names = listed(clusters.iter().map(|(name, _)| *name));
    let (what, verb) = if clusters.len() == 1 { ("cluster", "leaves") } else { ("clusters", "leave") };
    let message =
        format!("{what} {names} of `{environment}` {verb} the output: what is installed there stays, and nothing changes it any more");
    let mut diagnostic = warning(Code::InstalledStays, message);
    let finalizer = r#"'{"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}'"#;
    for (cluster, installer) in clusters.iter().take(PLACES) {
        diagnostic = diagnostic.note(match installer {
            Installer::Root { name, namespace } => format!(
                "all of `{cluster}` goes by `kubectl patch application {name} -n {namespace} --type merge -p {finalizer}`, then `kubectl delete application {name} -n {namespace}`, before this is committed or after"
            ),
            Installer::OfHub { name, namespace, labels } => format!(
                "all of `{cluster}` goes with its root if, before this is committed, the hub is given `kubectl patch application {name} -n {namespace} --type merge -p {finalizer}`; after that, by `kubectl delete applications -n {namespace} -l {labels}`"
            ),
            Installer::Flux { name, namespace } => format!(
                "all of `{cluster}` goes by `kubectl delete kustomizations.kustomize.toolkit.fluxcd.io {name} -n {namespace}`, before this is committed or after"
            ),
        });
    }
    diagnostic.hint("take away first what is to go, then destroy its stacks; nothing has to be done where the cluster goes as a whole and leaves no disks or load balancers behind")
}

/// A cluster to which somebody else delivers from now on.
pub(super) fn installer_stays(environment: &str, clusters: &[&str], installer: &str) -> Diagnostic {
    let names = listed(clusters.iter().copied());
    let message = format!("{installer} has installed what is on {names} of `{environment}`, and another program is to deliver there now");
    warning(Code::InstalledStays, message)
        .note("both would install the same objects, and undo what the other does")
        .hint("before the other one is applied, take away what tells the first one, and leave what it has installed: its root, and what stands below it once that has no finalizers")
}

pub(super) fn stacks_stay(output: &str, folders: &[&str]) -> Diagnostic {
    let names = listed(folders.iter().map(|folder| folder.split_once('/').map_or(*folder, |(_, name)| name)));
    let (what, verb) = if folders.len() == 1 { ("stack", "leaves") } else { ("stacks", "leave") };
    let message = format!("{what} {names} {verb} the output: what Terraform made there stays, and nobody looks after it");
    let mut diagnostic = warning(Code::StacksStay, message);
    for folder in folders.iter().take(COMMANDS) {
        diagnostic = diagnostic.note(format!("`terraform -chdir={output}/{folder} init && terraform -chdir={output}/{folder} destroy`"));
    }
    if folders.len() > COMMANDS {
        diagnostic =
            diagnostic.note(format!("and {} more, in the reverse order of `{output}/{}`", folders.len() - COMMANDS, crate::floor::ORDER));
    }
    diagnostic.hint("destroy what is to go, in the order above, in these folders as the last revision has them (`git worktree add`)")
}

fn warning(code: Code, message: String) -> Diagnostic {
    let mut diagnostic = Diagnostic::general(code, message);
    diagnostic.severity = Severity::Warning;
    diagnostic
}

/// Clusters in words, with their environments.
fn places(sites: &BTreeSet<SitePath<'_>>) -> String {
    let mut first: Vec<String> =
        sites.iter().take(PLACES).map(|(environment, cluster)| format!("cluster `{cluster}` in `{environment}`")).collect();
    let rest = sites.len().saturating_sub(PLACES);
    if rest > 0 {
        first.push(format!("{rest} more"));
    }
    match &*first {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A thing in words, by its folder.
fn thing(folder: &str) -> String {
    let parts: Vec<&str> = folder.split('/').skip(1).collect();
    let words = |plural: &str| Kind::from_plural(plural).map_or(plural.to_owned(), |kind| kind.words().to_owned());
    match &*parts {
        [kind, name] => format!("{} `{name}`", words(kind)),
        [kind, tenant, name] => format!("{} `{name}` of tenant `{tenant}`", words(kind)),
        _ => format!("`{folder}`"),
    }
}
