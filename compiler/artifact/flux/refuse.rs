//! What Flux has no word for. In come the platform and its units, out go reports at the places that say it; nothing is dropped, nothing guessed.

use super::{NAMESPACE, account, difference, elsewhere, errors, secret};
use crate::artifact::Input;
use crate::delivery::{Elsewhere, Site, Unit, UnitSource, Wanted, not_for_tenants};
use crate::diagnostic::Diagnostics;
use crate::model::Platform;
use crate::name::Kind;
use crate::object::Manifest;
use crate::print::Tree;
use crate::span::Span;
use crate::subject::Subject;
use crate::syncing;
use crate::value::Value;

/// Reports what the platform and its environments want, once for each of them.
pub(super) fn platform(input: &Input<'_>, diagnostics: &mut Diagnostics) {
    let platform = &input.model.platform;
    secret::check(platform, diagnostics);
    // Whoever else delivers may have a hub.
    let is_alone = input.sites.len() == input.model.entities().filter(|(_, entity)| entity.kind == Kind::Cluster).count();
    if let (true, Some(_), Some(hub)) = (is_alone && !input.sites.is_empty(), &platform.hub, platform.value.at(&["argocd", "hub"])) {
        diagnostics.push(errors::hub(hub));
    }
    let mut met = Vec::new();
    for site in input.sites.iter().filter(|site| {
        !met.contains(&&site.environment.name) && {
            met.push(&site.environment.name);
            true
        }
    }) {
        let environment = site.environment;
        let said = |key: &str| environment.value.at(&["argocd", key]);
        let subject = Subject::definition(crate::path::Path::of(["environments", &*environment.name]));
        if let Some(sync) = said("sync").filter(|_| !site.policy.automated) {
            diagnostics.push(errors::manual(sync, &subject));
        }
        if let Some(windows) = said("windows").filter(|_| !site.policy.windows.is_empty()) {
            diagnostics.push(errors::windows(windows, &subject));
        }
    }
}

/// Reports an address of the output that Flux cannot read.
pub(super) fn url(url: &str, platform: &Platform, diagnostics: &mut Diagnostics) {
    let span = platform.value.at(&["repository", "url"]).unwrap_or(&platform.value).origin.span;
    let subject = Subject::platform(&["repository", "url"]);
    if !elsewhere::is_git(url) {
        diagnostics.push(errors::unknown_address(url, "`https://…` or `ssh://…`", span, &subject));
    }
    key(url, NAMESPACE, span, platform, &subject, diagnostics);
}

/// Reports an address that is read over ssh, for which no Secret is named.
fn key(url: &str, namespace: &str, span: Span, platform: &Platform, subject: &Subject, diagnostics: &mut Diagnostics) {
    if url.starts_with("ssh://") && secret::field(platform, url).is_none() {
        diagnostics.push(errors::no_secret(url, namespace, span, subject));
    }
}

/// Reports what tenants and units want.
pub(super) fn units(site: &Site<'_>, platform: &Platform, diagnostics: &mut Diagnostics) {
    for tenant in site.tenants.values().filter(|tenant| !tenant.groups.is_empty()) {
        let groups = tenant.entity.value.get("groups").unwrap_or(&tenant.entity.value);
        diagnostics.push(errors::groups(groups, tenant.entity));
    }
    for unit in &site.units {
        wishes(unit, diagnostics);
        installers(unit, site, diagnostics);
        for ignored in &unit.ignored {
            difference::check(ignored, unit, diagnostics);
        }
        for source in &unit.sources {
            match source {
                UnitSource::Elsewhere(elsewhere) => {
                    let namespace = account::of(unit, site).map_or(NAMESPACE, |_| &*unit.namespace);
                    key(elsewhere.repository, namespace, elsewhere.at, platform, &unit.entity.subject(), diagnostics);
                    place(elsewhere, unit, site, diagnostics);
                }
                UnitSource::Output { .. } => manifests(unit, diagnostics),
            }
        }
    }
}

fn wishes(unit: &Unit<'_>, diagnostics: &mut Diagnostics) {
    for wish in &unit.wishes {
        let why = match wish.what {
            // What Flux does anyway, or what asks for nothing.
            Wanted::Namespace(_)
            | Wanted::ServerSide(true)
            | Wanted::Prune(true)
            | Wanted::Remove(true)
            | Wanted::PruneAtOnce(true)
            | Wanted::Validate(true)
            | Wanted::RespectIgnored(false)
            | Wanted::RefuseShared(false)
            // It removes when all else is done, writes only what differs, and tries again until a kind is known.
            | Wanted::PruneLast(_)
            | Wanted::OnlyDifferent(_)
            | Wanted::UnknownKindsLater(_)
            | Wanted::Recreate(_) => continue,
            Wanted::Prune(false) if !unit.is_opaque() => continue,
            Wanted::Prune(false) => "Helm removes what a chart no longer has, and so does Flux in a folder elsewhere",
            Wanted::Remove(false) => "Flux removes what nothing wants installed any more",
            Wanted::PruneAtOnce(false) => "Flux removes at once, and the cluster what belongs to it afterwards",
            Wanted::ServerSide(false) => "Flux always lets the cluster merge",
            Wanted::RespectIgnored(true) => "Flux writes all fields of what it installs",
            Wanted::Validate(false) => "the cluster checks whatever Flux applies",
            Wanted::RefuseShared(true) => "Flux takes over what is there",
            // What nobody has is told already.
            Wanted::Other if !syncing::is_option(wish.text) => continue,
            Wanted::Other => "Flux has no such option",
        };
        diagnostics.push(errors::wish(wish, why, unit));
    }
}

fn place(elsewhere: &Elsewhere<'_>, unit: &Unit<'_>, site: &Site<'_>, diagnostics: &mut Diagnostics) {
    if let Some((key, _)) = elsewhere.helm.further.first() {
        diagnostics.push(errors::helm(key, elsewhere.at, unit));
    }
    let recurses = |tree: &Tree| {
        tree.as_map().is_some_and(|entries| entries.iter().all(|(key, value)| &**key == "recurse" && *value == Tree::bool(true)))
    };
    if elsewhere.directory.as_ref().is_some_and(|tree| !recurses(tree)) {
        diagnostics.push(errors::directory(elsewhere.at, unit));
    }
    if let Some((_, tenant)) = unit.tenant
        && account::of(unit, site).is_none()
    {
        diagnostics.push(errors::no_account(unit, tenant));
    }
    let another = unit.namespaces.iter().find(|namespace| ***namespace != *unit.namespace);
    if let (false, Some(another)) = (elsewhere.is_chart(), another) {
        diagnostics.push(errors::other_namespace(another, elsewhere.at, unit));
    }
}

/// Kinds without namespaces that stay as they are when a namespace is given to all: they speak of none.
const STAYS: [(&str, &str); 6] = [
    ("", "PersistentVolume"),
    ("networking.k8s.io", "IngressClass"),
    ("node.k8s.io", "RuntimeClass"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("scheduling.k8s.io", "PriorityClass"),
    ("storage.k8s.io", "StorageClass"),
];

/// Reports what would have Flux install for a tenant with rights that are not the tenant's.
fn installers(unit: &Unit<'_>, site: &Site<'_>, diagnostics: &mut Diagnostics) {
    let Some(tenant) = unit.tenant.and_then(|(id, _)| site.tenants.get(&id)) else { return };
    for manifest in unit.manifests.iter().filter(|manifest| manifest.object.group().ends_with(".toolkit.fluxcd.io")) {
        diagnostics.push(not_for_tenants(unit, manifest, tenant));
    }
}

/// Reports objects that say something to Argo CD, and those of which only some name their namespace.
fn manifests(unit: &Unit<'_>, diagnostics: &mut Diagnostics) {
    for manifest in unit.manifests {
        let annotations = manifest.value.at(&["metadata", "annotations"]).and_then(Value::as_map);
        let told = annotations.and_then(|map| map.entries().iter().find(|entry| entry.key.starts_with("argocd.argoproj.io/")));
        if let Some(told) = told {
            diagnostics.push(errors::annotation(&manifest.object, &told.key, told.span, unit));
        }
    }
    let objects = || unit.manifests.iter().map(|manifest| &manifest.object);
    // With a namespace for all, Flux would move these too, or what they speak of.
    let elsewhere = objects().any(|object| match &object.namespace {
        Some(namespace) => *namespace != unit.namespace || (object.group(), &*object.kind) == ("rbac.authorization.k8s.io", "RoleBinding"),
        None if object.is_namespace() => object.name != unit.namespace,
        None => object.is_cluster_wide() && !STAYS.contains(&(object.group(), &*object.kind)),
    });
    let bare = |manifest: &&Manifest| manifest.object.namespace.is_none() && !manifest.object.is_cluster_wide();
    if let Some(bare) = unit.manifests.iter().find(bare).filter(|_| elsewhere) {
        diagnostics.push(errors::no_namespace(bare, unit));
    }
}
