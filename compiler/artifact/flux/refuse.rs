//! What Flux has no word for. In come the platform and its units, out go reports at the places that say it; nothing is dropped, nothing guessed.

use super::{account, elsewhere, errors};
use crate::artifact::Input;
use crate::delivery::{Elsewhere, Found, Ignored, Site, Source, Unit, Wanted, not_for_tenants};
use crate::diagnostic::Diagnostics;
use crate::model::Platform;
use crate::object::{Manifest, ObjectName};
use crate::print::Tree;
use crate::subject::Subject;
use crate::value::Value;

/// Reports what the platform and its environments want, once for each of them.
pub(super) fn platform(input: &Input<'_>, diagnostics: &mut Diagnostics) {
    let platform = &input.model.platform;
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
        if let (Some(_), Some(hub)) = (&platform.hub, platform.value.at(&["argocd", "hub"])) {
            diagnostics.push(errors::hub(hub, environment));
        }
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
    if !elsewhere::is_git(url) {
        let said = platform.value.at(&["repository", "url"]).unwrap_or(&platform.value);
        let subject = Subject::platform(&["repository", "url"]);
        diagnostics.push(errors::unknown_address(url, "`https://…` or `ssh://…`", said.origin.span, &subject));
    }
}

/// Reports what tenants and units want.
pub(super) fn units(site: &Site<'_>, diagnostics: &mut Diagnostics) {
    for tenant in site.tenants.values().filter(|tenant| !tenant.groups.is_empty()) {
        let groups = tenant.entity.value.get("groups").unwrap_or(&tenant.entity.value);
        diagnostics.push(errors::groups(groups, tenant.entity));
    }
    for unit in &site.units {
        wishes(unit, diagnostics);
        installers(unit, site, diagnostics);
        for ignored in &unit.ignored {
            difference(ignored, unit, diagnostics);
        }
        for source in &unit.sources {
            match source {
                Source::Elsewhere(elsewhere) => place(elsewhere, unit, site, diagnostics),
                Source::Output { .. } => manifests(unit, diagnostics),
            }
        }
    }
}

fn wishes(unit: &Unit<'_>, diagnostics: &mut Diagnostics) {
    for wish in &unit.wishes {
        let why = match wish.what {
            Wanted::Namespace(_)
            | Wanted::ServerSide(true)
            | Wanted::Prune(true)
            // Flux removes when all else is done, writes only what differs, and tries again until a kind is known.
            | Wanted::PruneLast
            | Wanted::Recreate(_)
            | Wanted::OnlyDifferent
            | Wanted::UnknownKindsLater => continue,
            Wanted::Prune(false) if !unit.is_opaque() => continue,
            Wanted::Prune(false) => "Helm removes what a chart no longer has, and so does Flux in a folder elsewhere",
            Wanted::ServerSide(false) => "Flux always lets the cluster merge",
            Wanted::RespectIgnored => "Flux writes all fields of what it installs",
            Wanted::Other => "Flux has no such option",
        };
        diagnostics.push(errors::wish(wish, why, unit));
    }
}

fn difference(ignored: &Ignored, unit: &Unit<'_>, diagnostics: &mut Diagnostics) {
    let text = |key: &str| ignored.tree.get(key).and_then(Tree::as_str);
    let means = |object: &ObjectName| {
        text("kind").is_none_or(|kind| *kind == *object.kind)
            && text("group").is_none_or(|group| group == object.group())
            && text("name").is_none_or(|name| *name == *object.name)
            && text("namespace").is_none_or(|namespace| object.namespace.as_deref().is_none_or(|own| own == namespace))
    };
    let releases = unit.sources.iter().any(|source| match source {
        Source::Elsewhere(elsewhere) => is_chart(elsewhere),
        Source::Output { .. } => false,
    });
    let why = if unit.manifests.iter().any(|manifest| means(&manifest.object)) {
        Some("Flux writes all fields of an object that it applies itself")
    } else if ["jqPathExpressions", "managedFieldsManagers"].iter().any(|key| ignored.tree.get(key).is_some()) {
        Some("Flux knows fields by JSON pointers only")
    } else if !releases {
        Some("Flux ignores differences of charts only")
    } else {
        None
    };
    if let Some(why) = why {
        diagnostics.push(errors::difference(ignored.at, why, unit));
    }
}

fn is_chart(elsewhere: &Elsewhere<'_>) -> bool {
    match elsewhere.found {
        Found::Chart { .. } => true,
        Found::Folder { .. } => !elsewhere.helm.is_empty(),
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
    if let (false, Some(another)) = (is_chart(elsewhere), another) {
        diagnostics.push(errors::other_namespace(another, elsewhere.at, unit));
    }
}

/// Kinds without namespaces that stay as they are when a namespace is given to all: they speak of none.
const STAYS: [&str; 6] = ["ClusterRole", "IngressClass", "PersistentVolume", "PriorityClass", "RuntimeClass", "StorageClass"];

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
        Some(namespace) => *namespace != unit.namespace || &*object.kind == "RoleBinding",
        None if &*object.kind == "Namespace" => object.name != unit.namespace,
        None => object.is_cluster_wide() && !STAYS.contains(&&*object.kind),
    });
    let bare = |manifest: &&Manifest| manifest.object.namespace.is_none() && !manifest.object.is_cluster_wide();
    if let Some(bare) = unit.manifests.iter().find(bare).filter(|_| elsewhere) {
        diagnostics.push(errors::no_namespace(bare, unit));
    }
}
