//! What a unit installs that is not in the output: a release of a chart, or a folder of another repository, each with its source. It stands beside
//! Flux, or, for an application of a tenant, in the tenant's namespace, where it is installed with the rights of the tenant's service account.

use super::version::Version;
use super::{FluxObject, INTERVAL, NAMESPACE, account, difference, errors, object, revision, secret, unit, version};
use crate::delivery::{Elsewhere, RepositoryPart, Site, Unit, UnitSource, name};
use crate::diagnostic::Diagnostics;
use crate::model::Platform;
use crate::print::Tree;
use std::sync::Arc;

const SOURCES: &str = "source.toolkit.fluxcd.io/v1";
const RELEASES: &str = "helm.toolkit.fluxcd.io/v2";

/// The objects for all that a unit has elsewhere, in its folder.
pub(super) fn objects<'a>(
    of: &Unit<'a>,
    site: &Site<'a>,
    platform: &Platform,
    folder: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<FluxObject<'a>> {
    let mut objects = Vec::new();
    let places = of.sources.iter().filter_map(|source| match source {
        UnitSource::Elsewhere(elsewhere) => Some(elsewhere),
        UnitSource::Output { .. } => None,
    });
    for (at, elsewhere) in places.enumerate() {
        let name = if at == 0 { unit::name(of) } else { name::object(&format!("{}-{}", of.name, at + 1)) };
        let suffix = if at == 0 { String::new() } else { format!("-{}", at + 1) };
        let account = account::of(of, site);
        let namespace: Arc<str> = if account.is_some() { Arc::clone(&of.namespace) } else { NAMESPACE.into() };
        let make = |(group, kind): (&'static str, &'static str), name: &str, file: &str, spec: Vec<(&str, Tree)>| FluxObject {
            kind,
            group,
            namespace: Some(Arc::clone(&namespace)),
            name: name.to_owned(),
            file: format!("{folder}/{file}{suffix}.yaml"),
            tree: object(
                group,
                kind,
                (Some(&namespace), name),
                unit::labelled(of, site, platform),
                unit::annotated(of),
                Some(Tree::map(spec)),
            ),
            entity: (of.id, of.entity),
            held: None,
        };
        let (kind, mut source) = source(elsewhere, of, diagnostics);
        source.extend(secret::field(platform, elsewhere.repository));
        objects.push(make((SOURCES, kind), &name, "source", source));
        match elsewhere.found {
            RepositoryPart::Folder { path, .. } if elsewhere.helm.is_empty() => {
                // Beside Flux stands the Kustomization that brings this one.
                let own = name::object(&format!("{name}-folder"));
                objects.push(make((unit::API, "Kustomization"), &own, "folder", self::folder(path, &name, of, account)));
            }
            RepositoryPart::Chart { .. } | RepositoryPart::Folder { .. } => {
                objects.push(make((RELEASES, "HelmRelease"), &name, "release", release(elsewhere, (kind, &name), of, account)));
            }
        }
    }
    objects
}

/// The source of something elsewhere: its kind, and what it says.
fn source(elsewhere: &Elsewhere<'_>, of: &Unit<'_>, diagnostics: &mut Diagnostics) -> (&'static str, Vec<(&'static str, Tree)>) {
    let repository = elsewhere.repository;
    let interval = ("interval", Tree::text(INTERVAL));
    match elsewhere.found {
        RepositoryPart::Chart { name, version } => match repository.strip_prefix("oci://") {
            Some(_) => {
                let reference = match version::read(version) {
                    // A tag has no `+`, so Helm writes `_` for it.
                    Some(Version::Exact) => ("tag", Tree::text(version.replace('+', "_"))),
                    Some(Version::Range) => ("semver", Tree::text(version)),
                    Some(Version::Digest) => ("digest", Tree::text(version)),
                    Some(Version::Tag) => ("tag", Tree::text(version)),
                    None => {
                        diagnostics.push(errors::unknown_version(version, "neither a version nor a range, tag or digest", elsewhere, of));
                        ("tag", Tree::text(version))
                    }
                };
                let layer =
                    [("mediaType", Tree::text("application/vnd.cncf.helm.chart.content.v1.tar+gzip")), ("operation", Tree::text("copy"))];
                let spec = vec![
                    interval,
                    ("url", Tree::text(format!("{}/{name}", repository.trim_end_matches('/')))),
                    ("ref", Tree::map([reference])),
                    ("layerSelector", Tree::map(layer)),
                ];
                ("OCIRepository", spec)
            }
            None => {
                if !["https://", "http://"].iter().any(|scheme| repository.starts_with(scheme)) {
                    diagnostics.push(errors::unknown_address(repository, "`https://…` or `oci://…`", elsewhere.at, &of.entity.subject()));
                }
                if !matches!(version::read(version), Some(Version::Exact | Version::Range)) {
                    diagnostics.push(errors::unknown_version(version, "only registries (`oci://…`) have tags and digests", elsewhere, of));
                }
                ("HelmRepository", vec![interval, ("url", Tree::text(repository))])
            }
        },
        RepositoryPart::Folder { revision, .. } => {
            if !is_git(repository) {
                diagnostics.push(errors::unknown_address(repository, "`https://…` or `ssh://…`", elsewhere.at, &of.entity.subject()));
            }
            let reference = revision::of_folder(revision, elsewhere, of, diagnostics);
            ("GitRepository", vec![interval, ("url", Tree::text(repository)), ("ref", reference)])
        }
    }
}

/// Whether Flux can read a git repository of this address.
pub(super) fn is_git(url: &str) -> bool {
    ["https://", "http://", "ssh://"].iter().any(|scheme| url.starts_with(scheme))
}

/// A folder of another repository. All of it goes to the namespace of the unit: what stands there is not known here.
fn folder(path: &str, source: &str, of: &Unit<'_>, account: Option<Arc<str>>) -> Vec<(&'static str, Tree)> {
    let mut spec = vec![
        ("interval", Tree::text(INTERVAL)),
        ("retryInterval", Tree::text("1m")),
        ("timeout", Tree::text("5m")),
        ("path", Tree::text(format!("./{path}"))),
        ("prune", Tree::bool(true)),
        ("wait", Tree::bool(true)),
        ("sourceRef", Tree::map([("kind", Tree::text("GitRepository")), ("name", Tree::text(source))])),
        ("targetNamespace", Tree::text(Arc::clone(&of.namespace))),
    ];
    spec.extend(account.map(|account| ("serviceAccountName", Tree::text(account))));
    if unit::recreates(of) {
        spec.push(("force", Tree::bool(true)));
    }
    spec
}

/// A release of a chart. What Helm keeps of it stands where it is installed, so that two of one name do not meet.
fn release(elsewhere: &Elsewhere<'_>, (kind, source): (&str, &str), of: &Unit<'_>, account: Option<Arc<str>>) -> Vec<(&'static str, Tree)> {
    let reference = || Tree::map([("kind", Tree::text(kind)), ("name", Tree::text(source))]);
    let chart = match elsewhere.found {
        RepositoryPart::Chart { .. } if kind == "OCIRepository" => ("chartRef", reference()),
        RepositoryPart::Chart { name, version } => {
            let spec = [
                ("chart", Tree::text(name)),
                ("version", Tree::text(version)),
                ("sourceRef", reference()),
                ("interval", Tree::text(INTERVAL)),
            ];
            ("chart", Tree::map([("spec", Tree::map(spec))]))
        }
        RepositoryPart::Folder { path, .. } => {
            let spec = [
                ("chart", Tree::text(format!("./{path}"))),
                // Whoever writes into the folder need not raise the version too.
                ("reconcileStrategy", Tree::text("Revision")),
                ("sourceRef", reference()),
                ("interval", Tree::text(INTERVAL)),
            ];
            ("chart", Tree::map([("spec", Tree::map(spec))]))
        }
    };
    let release = elsewhere.helm.release.as_ref().unwrap_or(&of.outside);
    let mut upgrade = vec![("crds", Tree::text("CreateReplace"))];
    if unit::recreates(of) {
        upgrade.push(("force", Tree::bool(true)));
    }
    upgrade.push(("remediation", Tree::map([("retries", Tree::int(5))])));
    let mut drift = vec![("mode", Tree::text("enabled"))];
    if !of.ignored.is_empty() {
        drift.push(("ignore", Tree::list(of.ignored.iter().map(|ignored| difference::rule(&ignored.tree)))));
    }
    let mut spec = vec![
        ("interval", Tree::text(INTERVAL)),
        chart,
        ("releaseName", Tree::text(Arc::clone(release))),
        ("targetNamespace", Tree::text(Arc::clone(&of.namespace))),
        ("storageNamespace", Tree::text(Arc::clone(&of.namespace))),
    ];
    spec.extend(account.map(|account| ("serviceAccountName", Tree::text(account))));
    spec.push(("install", Tree::map([("crds", Tree::text("CreateReplace")), ("remediation", Tree::map([("retries", Tree::int(-1))]))])));
    spec.push(("upgrade", Tree::map(upgrade)));
    spec.push(("driftDetection", Tree::map(drift)));
    spec.extend(elsewhere.helm.values.clone().map(|values| ("values", values)));
    spec
}
