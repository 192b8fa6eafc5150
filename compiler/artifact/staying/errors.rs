//! Wording of what stays outside when its files leave the output, and of what would be lost.

use super::applications::RenamedApplication;
use super::by_hand::{HandStep, HandWork};
use super::installer::Installer;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::floor::SitePath;
use crate::level::Level;
use crate::name::{Kind, listed};
use std::collections::{BTreeMap, BTreeSet};

/// So many places are named.
const PLACES: usize = 5;

/// So many commands are shown.
const COMMANDS: usize = 20;

/// `used` are kinds of its group of which there are objects in the output.
pub(super) fn kind_stays(kind: &str, sites: &BTreeSet<SitePath<'_>>, used: &BTreeSet<&str>) -> Diagnostic {
    let message = format!("kind `{kind}` is no longer installed on {}, and stays there with all objects of it", places(sites));
    let diagnostic = warning(Code::KindsStay, message);
    if !used.is_empty() {
        return still_used(diagnostic, used);
    }
    diagnostic.hint(format!(
        "when nobody needs them any more, delete it on that cluster, which deletes all objects of it, and what these own: `kubectl delete customresourcedefinition {kind}`"
    ))
}

/// Nobody is handed a command by which that goes.
fn still_used(diagnostic: Diagnostic, used: &BTreeSet<&str>) -> Diagnostic {
    let kinds = listed(used.iter().copied());
    diagnostic.note(format!("objects that need it are still in the output: {kinds}; from now on nobody does anything about them")).hint(
        "delete none of its kinds as long as these objects are there: all objects of a kind go with it, and what these own goes with these",
    )
}

pub(super) fn kind_leaves(kind: &str, sites: &BTreeSet<SitePath<'_>>) -> Diagnostic {
    let message = format!("kind `{kind}` is no longer installed on {}, and Flux deletes it there with all objects of it", places(sites));
    warning(Code::ObjectsLeave, message)
        .level(Level::DestroysData)
        .hint("if they are to stay, first install the kind with the annotation `kustomize.toolkit.fluxcd.io/prune: disabled`")
}

pub(super) fn chart_kinds_stay(
    (application, namespace): (&str, &str),
    sites: &BTreeSet<SitePath<'_>>,
    used: &BTreeSet<&str>,
) -> Diagnostic {
    let message = format!("the chart of `{application}` is no longer installed on {}, and kinds that it brought stay there", places(sites));
    if !used.is_empty() {
        return still_used(warning(Code::KindsStay, message), used);
    }
    let names = r#"{range .status.resources[?(@.kind=="CustomResourceDefinition")]}{.name}{"\n"}{end}"#;
    warning(Code::KindsStay, message)
        .note(format!(
            "until this is installed, its Argo CD names them: `kubectl get application {application} -n {namespace} -o jsonpath='{names}'`; afterwards they are those that no Application has any more (`platc explain kinds-stay` shows how they are found)"
        ))
        .hint("delete those of them whose objects nobody needs any more, on that cluster: `kubectl delete customresourcedefinition NAME` deletes all objects of the kind, and what these own")
}

pub(super) fn policies_leave(names: &BTreeSet<&str>, label: Option<&str>, sites: &BTreeSet<SitePath<'_>>) -> Diagnostic {
    let (some, [verb, they, hold]) = match names.first().filter(|_| names.len() == 1) {
        Some(name) => (format!("admission policy `{name}`"), ["is", "it", "holds"]),
        None => (format!("{} admission policies", names.len()), ["are", "they", "hold"]),
    };
    let message = format!("{some} {verb} no longer installed on {}: what {they} refused is allowed there from then on", places(sites));
    let find = label.map_or_else(String::new, |label| format!(": `kubectl get namespaces -l {label}`"));
    warning(Code::PoliciesLeave, message)
        .note(format!(
            "{they} {hold} for all namespaces that are there, also for those of tenants that say `enabled: false`, which stay with their people{find}"
        ))
        .hint("leave that until those namespaces are deleted that must not be without them")
}

/// Argo CD itself, where Applications still go.
pub(super) fn argo_cd_stays(application: &str, sites: &BTreeSet<SitePath<'_>>) -> Diagnostic {
    let message = format!(
        "the chart of `{application}` is no longer installed on {}: Argo CD keeps running there, installs all else, and its kinds stay",
        places(sites)
    );
    warning(Code::KindsStay, message)
        .note("nobody changes its version and its values any more, unless somebody else installs it")
        .hint("leave its kinds and its namespace alone while it installs anything: all Applications go with them, and what these have installed goes with these")
}

pub(super) fn applications_renamed(renamed: &BTreeSet<RenamedApplication>, sites: &BTreeSet<SitePath<'_>>) -> Diagnostic {
    let some = if renamed.len() == 1 {
        "an Application gets another name".to_owned()
    } else {
        format!("{} Applications get other names", renamed.len())
    };
    let message = format!("{some} on {}: what the old one has installed is deleted, and installed anew", places(sites));
    let mut diagnostic = warning(Code::ReplacedByName, message).level(Level::Replaces);
    for (before, now, namespace) in renamed.iter().take(PLACES) {
        diagnostic = diagnostic.note(format!("`{before}` becomes `{now}`, in namespace `{namespace}`"));
    }
    if renamed.len() > PLACES {
        diagnostic = diagnostic.note(format!("and {} more", renamed.len() - PLACES));
    }
    diagnostic.hint("leave the name as it was; or take the finalizers from the old ones before this is installed, so that the new ones take over what is there (`platc explain replaced-by-name` shows how)")
}

pub(super) fn project_stays((name, namespace): (&str, &str), sites: &BTreeSet<SitePath<'_>>) -> Diagnostic {
    let message = format!(
        "project `{name}` of Argo CD is no longer installed for {}, and stays there with the namespaces that it limits",
        places(sites)
    );
    warning(Code::ObjectsStay, message)
        .hint(format!("when these are deleted, delete it where that Argo CD is: `kubectl delete appproject {name} -n {namespace}`"))
}

pub(super) fn namespace_handed_over(
    namespace: &str,
    (old, new): (&str, Option<&str>),
    is_rename: bool,
    sites: &BTreeSet<SitePath<'_>>,
) -> Diagnostic {
    let identity = old.rsplit('/').next().unwrap_or(old);
    let other_name = new.filter(|_| is_rename).map(|new| {
        format!(
            "if {} is only another name of {}, give it `identity: {identity}`, and nothing changes outside; else ",
            thing(new),
            thing(old)
        )
    });
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
        .level(Level::DestroysData)
        .note("whoever installs removes it for the one, whether or not the other has it by then; what counts is the object that is there")
        .hint(format!(
            "{}take two steps: first protect the Namespace where {old} makes it, and build and install that; then build this (`platc explain namespace-handed-over` shows how)",
            other_name.unwrap_or_default()
        ))
}

pub(super) fn applied_by_hand(work: &BTreeMap<SitePath<'_>, HandWork>) -> Diagnostic {
    let sites: BTreeSet<SitePath<'_>> = work.keys().copied().collect();
    let moves = work.values().any(|work| work.moves);
    let until = if moves { "nobody installs what is committed" } else { "what is there goes on as it was" };
    let message = format!("what only a person applies changes for {}: until then, {until}", places(&sites));
    let mut diagnostic = warning(Code::AppliedByHand, message).level(Level::Refused);
    // They are instructions, so all of them are there, however many.
    for step in work.values().flat_map(|work| &work.steps) {
        diagnostic = diagnostic.note(match step {
            HandStep::Command(command) => format!("`{command}`"),
            HandStep::Renamed { name, delete } => {
                format!("root `{name}` is called otherwise now: delete that one, which takes nothing along: `{delete}`")
            }
        });
    }
    diagnostic.hint(if moves {
        "another Argo CD installs there from now on: stop the one of before first (`platc explain argo-cd-moves` shows how); then give these commands, in this order, on the clusters whose names are in them"
    } else {
        "give these commands when this is pushed, in this order, on the clusters whose names are in them"
    })
}

pub(super) fn installed_stays(environment: &str, clusters: &[(&str, Installer)]) -> Diagnostic {
    let names = listed(clusters.iter().map(|(name, _)| *name));
    let (what, verb) = if clusters.len() == 1 { ("cluster", "leaves") } else { ("clusters", "leave") };
    let message =
        format!("{what} {names} of `{environment}` {verb} the output: what is installed there stays, and nothing changes it any more");
    let mut diagnostic = warning(Code::InstalledStays, message).level(Level::Refused);
    let finalizer = r#"'{"metadata":{"finalizers":["resources-finalizer.argocd.argoproj.io"]}}'"#;
    for (cluster, installer) in clusters.iter().take(PLACES) {
        diagnostic = diagnostic.note(match installer {
            Installer::Root { name, namespace } => format!(
                "all of `{cluster}` goes by `kubectl patch application {name} -n {namespace} --type merge -p {finalizer}`, then `kubectl delete application {name} -n {namespace}`, before this is committed or after"
            ),
            Installer::OfHub { name, namespace, labels, known } => {
                let known = known.as_ref().map_or_else(String::new, |(kind, known)| {
                    format!("; what the hub knows it by stays until then, and goes by `kubectl delete {kind} {known} -n {namespace}`")
                });
                format!(
                    "all of `{cluster}` goes with its root if, before this is committed, the hub is given `kubectl patch application {name} -n {namespace} --type merge -p {finalizer}`; after that, by `kubectl delete applications -n {namespace} -l {labels}`{known}"
                )
            }
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
        .level(Level::Refused)
        .note("both would install the same objects, and undo what the other does")
        .hint("before the other one is applied, take away what tells the first one, and leave what it has installed: its root, and what stands below it once that has no finalizers")
}

/// Folders of stacks with what in them holds data; and those that perhaps are only called differently now.
pub(super) fn stacks_stay(output: &str, folders: &[(&str, Vec<String>)], guarded: &[&str], renamed: &[(&str, &str)]) -> Diagnostic {
    let name = |folder: &'_ str| folder.split_once('/').map_or(folder, |(_, name)| name).to_owned();
    let all: Vec<String> = folders.iter().map(|(folder, _)| name(folder)).collect();
    let names = listed(all.iter().map(String::as_str));
    let (what, verb) = if folders.len() == 1 { ("stack", "leaves") } else { ("stacks", "leave") };
    let message = format!("{what} {names} {verb} the output: what Terraform made there stays, and nobody looks after it");
    let mut diagnostic = warning(Code::StacksStay, message).level(Level::Refused);
    if !guarded.is_empty() {
        let names: Vec<String> = guarded.iter().map(|folder| name(folder)).collect();
        let names = listed(names.iter().map(String::as_str));
        diagnostic = diagnostic.note(format!(
            "{names} cannot be destroyed as it is: first let its things say `deletionProtection: false` while they are still there, build that, and apply it"
        ));
    }
    for (folder, _) in folders.iter().take(COMMANDS) {
        diagnostic = diagnostic.note(format!("`terraform -chdir={output}/{folder} init && terraform -chdir={output}/{folder} destroy`"));
    }
    if folders.len() > COMMANDS {
        diagnostic =
            diagnostic.note(format!("and {} more, in the reverse order of `{output}/{}`", folders.len() - COMMANDS, crate::floor::ORDER));
    }
    for (folder, holding) in folders.iter().filter(|(_, holding)| !holding.is_empty()).take(COMMANDS) {
        let more = if holding.len() > PLACES { format!(" and {} more", holding.len() - PLACES) } else { String::new() };
        let some = listed(holding.iter().take(PLACES).map(String::as_str));
        diagnostic = diagnostic.note(format!("data is held in `{}` by {some}{more}: what destroys it loses that", name(folder)));
    }
    for (old, new) in renamed.iter().take(PLACES) {
        let identity = old.rsplit('/').next().unwrap_or(old);
        diagnostic = diagnostic.note(format!(
            "`{}` comes, and makes the same kinds of things: if it is only another name of `{}`, say `identity: {identity}` of it, and nothing leaves",
            name(new),
            name(old)
        ));
    }
    diagnostic.hint("destroy what is to go, in the order above, in these folders as the last revision has them (`git worktree add`)")
}

/// Commands that take rights away, by the cluster on which they are given.
pub(super) fn rights_stay(left: &BTreeMap<SitePath<'_>, Vec<String>>) -> Diagnostic {
    let sites: BTreeSet<SitePath<'_>> = left.keys().copied().collect();
    let message =
        format!("rights by which an Argo CD has reached other clusters stay on {}, and nobody needs them any more", places(&sites));
    let mut diagnostic = warning(Code::RightsStay, message);
    for ((environment, cluster), commands) in left {
        let all: Vec<String> = commands.iter().map(|command| format!("`{command}`")).collect();
        diagnostic = diagnostic.note(format!("on `{cluster}` of `{environment}`: {}", all.join(", ")));
    }
    diagnostic.hint(
        "give these commands when another Argo CD, or none, installs there and all is in sync; what the clusters say of the hub (`hubRoleArn`, `hubToken`) goes as well, and with it role and access entry, and so does the token in its store",
    )
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
