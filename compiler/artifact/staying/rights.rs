//! Rights that nobody uses any more: by what the Argo CD of a hub has known a cluster, and the account that it has had there. A person has applied the one, and the other
//! stays so that what leaves can still be taken down. In come files before and after, out go the commands that take them away.

use super::installer::field;
use super::{OutputChange, errors, is_plain};
use crate::diagnostic::Diagnostics;
use crate::floor::{FilePlace, SitePath, Wing};
use crate::syncing;
use std::collections::{BTreeMap, BTreeSet};

/// Where a hub has what it knows other clusters by, and their roots.
const KNOWN: &str = "clusters/";
const ROOTS: &str = "roots/root-";

/// What a person has applied on a cluster before anything else.
const BOOTSTRAP: &str = "bootstrap/";

/// Kinds that give rights, or are what has them; a Secret is the token of an account.
const GIVING: [&str; 3] = ["ClusterRoleBinding", "Secret", "ServiceAccount"];

pub(super) fn report(change: &OutputChange<'_>, diagnostics: &mut Diagnostics) {
    let mut left: BTreeMap<SitePath<'_>, Vec<String>> = BTreeMap::new();
    for path in &change.gone {
        let Some(FilePlace::Delivery { wing: Wing::Argocd, site, file }) = FilePlace::of(path) else { continue };
        // Where nothing is delivered any more, all stays, and is told with that.
        if !change.after.is_delivered(site) {
            continue;
        }
        let commands = match change.read(path) {
            Some(text) if file.starts_with(KNOWN) && text.contains(syncing::UNPRUNED) && is_still_there(change, path) => known(&text),
            Some(text) if file.starts_with(BOOTSTRAP) && text.contains("kind: ClusterRoleBinding") => given(&text),
            Some(_) | None => Vec::new(),
        };
        left.entry(site).or_default().extend(commands);
    }
    left.retain(|_, commands| !commands.is_empty());
    if !left.is_empty() {
        diagnostics.push(errors::rights_stay(&left));
    }
}

/// Whether the cluster that a hub has known is there: one that leaves as a whole is told with what is installed there.
fn is_still_there(change: &OutputChange<'_>, path: &str) -> bool {
    let root = change.read(&path.replacen(KNOWN, ROOTS, 1));
    let Some(folder) = root.and_then(|text| field(&text, "    path: ")) else { return true };
    change.after.sites.keys().any(|(environment, cluster)| folder.ends_with(&format!("/{environment}/{cluster}")))
}

/// How what a hub knows a cluster by goes.
fn known(text: &str) -> Vec<String> {
    let parts = field(text, "kind: ").zip(field(text, "  name: ")).zip(field(text, "  namespace: "));
    let command = parts.map(|((kind, name), namespace)| format!("kubectl delete {} {name} -n {namespace}", kind.to_ascii_lowercase()));
    command.into_iter().collect()
}

/// How what gives rights goes, each object of a file once. Whom a binding names stays: others may use the account.
fn given(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_start_matches(['-', ' '])).collect();
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut kind = None;
    for (at, line) in lines.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| lines.get(at)).copied().unwrap_or_default();
        if let Some(word) = line.strip_prefix("kind: ").filter(|_| before.starts_with("apiVersion: ")) {
            kind = Some(word).filter(|word| GIVING.contains(word));
        }
        let is_plain_text = |name: &&str| name.bytes().all(is_plain);
        let Some(name) = line.strip_prefix("name: ").filter(|_| before == "metadata:").filter(is_plain_text) else { continue };
        let Some(kind) = kind.take() else { continue };
        let namespace = lines.get(at + 1).and_then(|next| next.strip_prefix("namespace: ")).filter(is_plain_text);
        let within = namespace.map_or_else(String::new, |namespace| format!(" -n {namespace}"));
        found.insert(format!("kubectl delete {} {name}{within}", kind.to_ascii_lowercase()));
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_a_binding_names_stays() {
        let text = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: argocd-hub\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n  \
                    kind: ClusterRole\n  name: cluster-admin\nsubjects:\n  - kind: ServiceAccount\n    name: argocd-application-controller\n    namespace: argocd\n";
        assert_eq!(given(text), ["kubectl delete clusterrolebinding argocd-hub"]);
        let list = "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ServiceAccount\n    metadata:\n      name: argocd-manager\n      namespace: kube-system\n";
        assert_eq!(given(list), ["kubectl delete serviceaccount argocd-manager -n kube-system"]);
    }
}
