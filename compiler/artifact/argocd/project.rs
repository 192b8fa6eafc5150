//! AppProjects: what the Applications of the platform and of each tenant may touch on a cluster. Repositories are listed; the platform's own may
//! touch everything on its cluster, and a tenant's only what is listed.

use super::account;
use super::application::{self, COMPARE, SYNC_WAVE};
use super::site::ArgoSite;
use crate::delivery::{LIMITS, Tenant, Unit, not_for_tenants};
use crate::diagnostic::Diagnostics;
use crate::model::{Platform, Repository};
use crate::print::Tree;
use crate::syncing;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Projects exist before the Applications in them.
const WAVE: &str = "-20";

/// A project decides about the limits of others.
const PROJECT: (&str, &str) = ("argoproj.io", "AppProject");

/// A unit with the repositories it reads, and where they are named.
pub(super) type UnitRepositories<'s, 'a> = (&'s Unit<'a>, Vec<(Arc<str>, Tree)>);

/// The project of the platform's own things on a cluster, those of tenants included. It allows every kind everywhere on the cluster: what a project
/// does not allow any more, Argo CD does not remove either, so a project that shrinks with its services leaves things behind.
pub(super) fn platform(members: &[UnitRepositories<'_, '_>], site: &ArgoSite<'_>, platform: &Platform, repository: &Repository) -> Tree {
    let own = Tree::text_by(Arc::clone(&repository.url), platform.value.at(&["repository", "url"]));
    let read = members.iter().flat_map(|(_, read)| read.iter().cloned());
    let repositories = listed(std::iter::once((Arc::clone(&repository.url), own)).chain(read));
    let mut spec = vec![
        ("description", Tree::text_by(format!("Platform {} on {}", platform.name, site.on.full_name), platform.value.get("name"))),
        ("sourceRepos", repositories),
        ("destinations", destinations(site, BTreeSet::from([Arc::from("*")]))),
        ("clusterResourceWhitelist", Tree::list([group_kind("*", "*")])),
    ];
    spec.extend(account::entry(account::controller(platform), platform));
    windows(site, &mut spec);
    let annotations = vec![(SYNC_WAVE.into(), Tree::text(WAVE))];
    application::object(
        "AppProject",
        platform,
        Tree::text(site.name("platform")),
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
    let said = tenant.value.get("repositories");
    let mut repositories: Vec<(Arc<str>, Tree)> = Vec::new();
    for url in &on.repositories {
        let item = said.and_then(Value::as_list).and_then(|items| items.iter().find(|item| item.as_str() == Some(url)));
        let plain: Arc<str> = url.strip_prefix("oci://").unwrap_or(url).into();
        repositories.push((Arc::clone(&plain), Tree::text_by(plain, item.or(said))));
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
        ("description", Tree::text_by(format!("Tenant {} on {}", tenant.identity, site.on.full_name), Some(tenant.identity.value()))),
        ("sourceRepos", listed(repositories)),
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
    let mut annotations = vec![(SYNC_WAVE.into(), Tree::text(WAVE))];
    if on.keeps_data {
        // It stays with the namespaces, whose limits stay too: whoever installs something there once more finds it limited. The way down takes it along.
        annotations.push((syncing::OBJECT_OPTIONS.into(), Tree::text(syncing::UNPRUNED)));
        annotations.push((COMPARE.into(), Tree::text("IgnoreExtraneous")));
    }
    let name = Tree::text_by(name, Some(tenant.identity.value()));
    application::object("AppProject", platform, name, application::labels(site, platform), annotations, &[], Tree::map(spec))
}

/// What tenants may not have, by group and kind.
fn blacklist() -> impl Iterator<Item = (&'static str, &'static str)> {
    let kinds: BTreeSet<(&str, &str)> = LIMITS.into_iter().chain([PROJECT]).collect();
    kinds.into_iter()
}

/// Texts in their order; of those that several name, the first stands.
fn listed(items: impl IntoIterator<Item = (Arc<str>, Tree)>) -> Tree {
    let mut known = BTreeMap::new();
    items.into_iter().for_each(|(text, tree)| _ = known.entry(text).or_insert(tree));
    Tree::list(known.into_values())
}

pub(super) fn group_kind(group: &str, kind: &str) -> Tree {
    Tree::map([("group", Tree::text(group)), ("kind", Tree::text(kind))])
}

fn destinations(site: &ArgoSite<'_>, namespaces: BTreeSet<Arc<str>>) -> Tree {
    let destination = |namespace| Tree::map([("name", site.destination_tree()), ("namespace", Tree::text(namespace))]);
    Tree::list(namespaces.into_iter().map(destination))
}

fn windows(site: &ArgoSite<'_>, spec: &mut Vec<(&str, Tree)>) {
    if !site.on.policy.windows.is_empty() {
        spec.push(("syncWindows", Tree::list(site.on.policy.windows.clone())));
    }
}
