//! AppProjects: what the Applications of the platform and of each tenant may touch on a cluster. Repositories are listed; the platform's own may
//! touch everything on its cluster, and a tenant's only what is listed.

use super::account;
use super::application::{self, SYNC_WAVE};
use super::site::ArgoSite;
use crate::delivery::{LIMITS, Tenant, Unit, not_for_tenants};
use crate::diagnostic::Diagnostics;
use crate::model::{Platform, Repository};
use crate::print::Tree;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Projects exist before the Applications in them.
const WAVE: &str = "-20";

/// A project decides about the limits of others.
const PROJECT: (&str, &str) = ("argoproj.io", "AppProject");

/// A unit with the repositories it reads.
pub(super) type UnitRepositories<'s, 'a> = (&'s Unit<'a>, Vec<Arc<str>>);

/// The project of the platform's own things on a cluster, those of tenants included. It allows every kind everywhere on the cluster: what a project
/// does not allow any more, Argo CD does not remove either, so a project that shrinks with its services leaves things behind.
pub(super) fn platform(members: &[UnitRepositories<'_, '_>], site: &ArgoSite<'_>, platform: &Platform, repository: &Repository) -> Tree {
    let mut repositories = BTreeSet::from([Arc::clone(&repository.url)]);
    repositories.extend(members.iter().flat_map(|(_, read)| read.iter().cloned()));
    let mut spec = vec![
        ("description", Tree::text(format!("Platform {} on {}", platform.name, site.on.full_name))),
        ("sourceRepos", texts(repositories)),
        ("destinations", destinations(site, BTreeSet::from([Arc::from("*")]))),
        ("clusterResourceWhitelist", Tree::list([group_kind("*", "*")])),
    ];
    spec.extend(account::entry(account::controller(platform), platform));
    windows(site, &mut spec);
    let annotations = vec![(SYNC_WAVE.into(), Tree::text(WAVE))];
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
    members: &[UnitRepositories<'_, '_>],
    site: &ArgoSite<'_>,
    platform: &Platform,
    diagnostics: &mut Diagnostics,
) -> Tree {
    let tenant = on.entity;
    let name = site.tenant_project(tenant);
    let mut repositories: BTreeSet<Arc<str>> = BTreeSet::new();
    for url in &on.repositories {
        repositories.insert(url.strip_prefix("oci://").unwrap_or(url).into());
    }
    let mut namespaces: BTreeSet<Arc<str>> = on.namespaces.iter().map(|namespace| Arc::from(*namespace)).collect();
    for (member, read) in members {
        repositories.extend(read.iter().cloned());
        for manifest in member.manifests {
            let kind = (manifest.object.group(), &*manifest.object.kind);
            if on.kinds.is_none() && kind == PROJECT {
                diagnostics.push(not_for_tenants(member, manifest, on));
            }
        }
    }
    if namespaces.is_empty() {
        // A tenant without namespaces of its own is wherever its applications are.
        namespaces.extend(members.iter().map(|(member, _)| Arc::clone(&member.namespace)));
    }
    let mut spec = vec![
        ("description", Tree::text(format!("Tenant {} on {}", tenant.identity, site.on.full_name))),
        ("sourceRepos", texts(repositories)),
        ("destinations", destinations(site, namespaces)),
        ("clusterResourceWhitelist", Tree::list(Vec::new())),
    ];
    spec.push(match &on.kinds {
        Some(kinds) => ("namespaceResourceWhitelist", Tree::list(kinds.iter().map(|(group, kind)| group_kind(group, kind)))),
        None => ("namespaceResourceBlacklist", Tree::list(blacklist().map(|(group, kind)| group_kind(group, kind)))),
    });
    spec.push(("orphanedResources", Tree::map([("warn", Tree::bool(true))])));
    spec.extend(account::entry(on.installer.unwrap_or(account::controller(platform)), platform));
    if !on.groups.is_empty() {
        let policy = |on: &str, action: &str| Tree::text(format!("p, proj:{name}:deployer, {on}, {action}, {name}/*, allow"));
        let role = [
            ("name", Tree::text("deployer")),
            ("description", Tree::text(format!("Sees and syncs the applications of tenant {}", tenant.identity))),
            ("groups", Tree::list(on.groups.iter().map(|group| Tree::text(*group)))),
            ("policies", Tree::list([policy("applications", "get"), policy("applications", "sync"), policy("logs", "get")])),
        ];
        spec.push(("roles", Tree::list([Tree::map(role)])));
    }
    windows(site, &mut spec);
    let annotations = vec![(SYNC_WAVE.into(), Tree::text(WAVE))];
    application::object("AppProject", platform, &name, application::labels(site, platform), annotations, &[], Tree::map(spec))
}

/// What tenants may not have, by group and kind.
fn blacklist() -> impl Iterator<Item = (&'static str, &'static str)> {
    let kinds: BTreeSet<(&str, &str)> = LIMITS.into_iter().chain([PROJECT]).collect();
    kinds.into_iter()
}

fn texts(items: BTreeSet<Arc<str>>) -> Tree {
    Tree::list(items.into_iter().map(Tree::text))
}

pub(super) fn group_kind(group: &str, kind: &str) -> Tree {
    Tree::map([("group", Tree::text(group)), ("kind", Tree::text(kind))])
}

fn destinations(site: &ArgoSite<'_>, namespaces: BTreeSet<Arc<str>>) -> Tree {
    let destination = |namespace| Tree::map([("name", Tree::text(site.destination())), ("namespace", Tree::text(namespace))]);
    Tree::list(namespaces.into_iter().map(destination))
}

fn windows(site: &ArgoSite<'_>, spec: &mut Vec<(&str, Tree)>) {
    if !site.on.policy.windows.is_empty() {
        spec.push(("syncWindows", Tree::list(site.on.policy.windows.clone())));
    }
}
