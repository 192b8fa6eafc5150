//! AppProjects: what the Applications of the platform and of each tenant may touch on a cluster. Everything is listed, nothing is `*`.

use super::application::{self, SYNC_WAVE};
use super::errors;
use super::said;
use super::site::{Application, Site, Tenant};
use crate::artifact::Input;
use crate::diagnostic::Diagnostics;
use crate::model::Repository;
use crate::print::Tree;
use crate::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Projects exist before the Applications in them.
const WAVE: &str = "-20";

/// Kinds that limit a tenant, and so are not the tenant's to change.
const LIMITS: [(&str, &str); 4] =
    [("", "LimitRange"), ("", "ResourceQuota"), ("argoproj.io", "AppProject"), ("networking.k8s.io", "NetworkPolicy")];

/// An Application with the repositories it reads.
pub(super) type Member<'s, 'a> = (&'s Application<'a>, Vec<Arc<str>>);

/// The project of everything on a cluster that belongs to no tenant.
pub(super) fn platform(
    members: &[Member<'_, '_>],
    site: &Site<'_>,
    input: &Input<'_>,
    repository: &Repository,
    diagnostics: &mut Diagnostics,
) -> Tree {
    let platform = &input.model.platform;
    let mut repositories = BTreeSet::from([Arc::clone(&repository.url)]);
    let mut namespaces: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut kinds: BTreeSet<(Arc<str>, Arc<str>)> = BTreeSet::new();
    for (member, read) in members {
        let argocd = member.rendering.argocd.as_ref();
        repositories.extend(read.iter().cloned());
        namespaces.insert(Arc::clone(&member.namespace));
        namespaces.extend(said::texts(argocd, "namespaces", &member.entity.subject(), diagnostics).into_iter().map(Arc::from));
        for object in member.objects() {
            if object.is_cluster_wide() {
                kinds.insert((object.group.into(), object.kind.into()));
            } else {
                namespaces.extend(object.namespace.map(Arc::from));
            }
        }
        kinds.extend(said_kinds(member, diagnostics));
        if site.creates_namespace(member, input.model) {
            // Argo CD asks the project even for namespaces that it creates itself.
            kinds.insert(("".into(), "Namespace".into()));
        }
    }
    let mut spec = vec![
        ("description", Tree::text(format!("Platform {} on {}", platform.name, site.full_name))),
        ("sourceRepos", texts(repositories)),
        ("destinations", destinations(site, namespaces)),
        ("clusterResourceWhitelist", Tree::list(kinds.iter().map(|(group, kind)| group_kind(group, kind)))),
    ];
    windows(site, &mut spec);
    let annotations = vec![(SYNC_WAVE, Tree::text(WAVE))];
    application::object(
        "AppProject",
        platform,
        &site.name("platform"),
        application::labels(site, platform),
        annotations,
        &[],
        Tree::map(spec),
    )
}

/// The project of a tenant: only its own repositories, its own namespaces and no cluster-wide objects.
pub(super) fn tenant(
    on: &Tenant<'_>,
    members: &[Member<'_, '_>],
    site: &Site<'_>,
    input: &Input<'_>,
    diagnostics: &mut Diagnostics,
) -> Tree {
    let platform = &input.model.platform;
    let tenant = on.entity;
    let name = site.tenant_project(tenant);
    let mut repositories: BTreeSet<Arc<str>> = BTreeSet::new();
    for url in said::texts(Some(&tenant.value), "repositories", &tenant.subject(), diagnostics) {
        repositories.insert(url.strip_prefix("oci://").unwrap_or(url).into());
    }
    let mut namespaces: BTreeSet<Arc<str>> = on.namespaces.iter().map(|namespace| Arc::from(*namespace)).collect();
    for (member, read) in members {
        repositories.extend(read.iter().cloned());
        check(member, on, diagnostics);
    }
    if namespaces.is_empty() {
        // A tenant without namespaces of its own is wherever its applications are.
        namespaces.extend(members.iter().map(|(member, _)| Arc::clone(&member.namespace)));
    }
    let mut spec = vec![
        ("description", Tree::text(format!("Tenant {} on {}", tenant.identity, site.full_name))),
        ("sourceRepos", texts(repositories)),
        ("destinations", destinations(site, namespaces)),
        ("clusterResourceWhitelist", Tree::List(Vec::new())),
        ("namespaceResourceBlacklist", Tree::list(LIMITS.map(|(group, kind)| group_kind(group, kind)))),
        ("orphanedResources", Tree::map([("warn", Tree::Bool(true))])),
    ];
    let groups = said::texts(Some(&tenant.value), "groups", &tenant.subject(), diagnostics);
    if !groups.is_empty() {
        let policy = |action: &str| Tree::text(format!("p, proj:{name}:deployer, applications, {action}, {name}/*, allow"));
        let role = [
            ("name", Tree::text("deployer")),
            ("description", Tree::text(format!("Sees and syncs the applications of tenant {}", tenant.identity))),
            ("groups", Tree::list(groups.into_iter().map(Tree::text))),
            ("policies", Tree::list([policy("get"), policy("sync")])),
        ];
        spec.push(("roles", Tree::list([Tree::map(role)])));
    }
    windows(site, &mut spec);
    let annotations = vec![(SYNC_WAVE, Tree::text(WAVE))];
    application::object("AppProject", platform, &name, application::labels(site, platform), annotations, &[], Tree::map(spec))
}

/// Reports what the project of a tenant would refuse at the first sync.
fn check(member: &Application<'_>, tenant: &Tenant<'_>, diagnostics: &mut Diagnostics) {
    let outside = |namespace: &str| !tenant.namespaces.is_empty() && !tenant.namespaces.contains(namespace);
    if outside(&member.namespace) {
        diagnostics.push(errors::namespace_outside_tenant(member.entity, &member.namespace, None, tenant));
    }
    for object in member.objects() {
        if object.is_cluster_wide() || LIMITS.contains(&(object.group, object.kind)) {
            diagnostics.push(errors::kind_outside_tenant(member.entity, object.kind, object.value, tenant));
        } else if let Some(namespace) = object.namespace.filter(|namespace| outside(namespace)) {
            diagnostics.push(errors::namespace_outside_tenant(member.entity, namespace, Some(object.value), tenant));
        }
    }
    let argocd = member.rendering.argocd.as_ref();
    if let Some(kind) = said::list(argocd, "clusterResources", &member.entity.subject(), diagnostics).first() {
        let name = kind.get("kind").and_then(Value::as_str).unwrap_or("a cluster-wide kind");
        diagnostics.push(errors::kind_outside_tenant(member.entity, name, kind, tenant));
    }
}

/// Cluster-wide kinds that a class says its chart brings.
fn said_kinds(member: &Application<'_>, diagnostics: &mut Diagnostics) -> Vec<(Arc<str>, Arc<str>)> {
    let subject = &member.entity.subject();
    let mut kinds = Vec::new();
    for item in said::list(member.rendering.argocd.as_ref(), "clusterResources", subject, diagnostics) {
        let text = |key: &str| item.get(key).and_then(Value::as_str);
        match (text("group"), text("kind")) {
            (group, Some(kind)) if group.is_some() || item.get("group").is_none() => {
                kinds.push((group.unwrap_or_default().into(), kind.into()));
            }
            (_, _) => diagnostics.push(errors::invalid("clusterResources", "a list of `{group, kind}`", item, subject)),
        }
    }
    kinds
}

fn texts(items: BTreeSet<Arc<str>>) -> Tree {
    Tree::list(items.into_iter().map(Tree::Text))
}

pub(super) fn group_kind(group: &str, kind: &str) -> Tree {
    Tree::map([("group", Tree::text(group)), ("kind", Tree::text(kind))])
}

fn destinations(site: &Site<'_>, namespaces: BTreeSet<Arc<str>>) -> Tree {
    let destination = |namespace| Tree::map([("name", Tree::text(site.destination())), ("namespace", Tree::Text(namespace))]);
    Tree::list(namespaces.into_iter().map(destination))
}

fn windows(site: &Site<'_>, spec: &mut Vec<(&str, Tree)>) {
    if !site.policy.windows.is_empty() {
        spec.push(("syncWindows", Tree::List(site.policy.windows.clone())));
    }
}
