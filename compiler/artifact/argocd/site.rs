//! Clusters as Argo CD sees them: which Argo CD drives one, and under which name.

use super::errors;
use crate::artifact::Input;
use crate::delivery::{self, Unit, name};
use crate::diagnostic::Diagnostics;
use crate::floor::{self, Wing};
use crate::model::{Entity, EntityId, Environment, EnvironmentId, Platform, Repository};
use crate::name::Kind;
use crate::path::Path;
use crate::print::Tree;
use crate::span::Span;
use crate::subject::Subject;
use crate::unit::semver::Semver;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One cluster.
pub(super) struct ArgoSite<'a> {
    /// The cluster, and what is installed there.
    pub(super) on: &'a delivery::Site<'a>,
    /// Where its files go.
    pub(super) folder: String,
    /// The cluster whose Argo CD drives it; itself without a hub.
    pub(super) host: EntityId,
    /// Whether several clusters share an Argo CD, so that names must tell them apart.
    pub(super) shared: bool,
}

/// The namespace that Argo CD runs in.
pub(super) fn namespace(platform: &Platform) -> &str {
    platform.value.at(&["argocd", "namespace"]).and_then(Value::as_str).unwrap_or("argocd")
}

/// The same, and where that is said.
pub(super) fn namespace_tree(platform: &Platform) -> Tree {
    Tree::text_by(namespace(platform), platform.value.at(&["argocd", "namespace"]))
}

impl ArgoSite<'_> {
    /// A name, told apart from those of other clusters under the same Argo CD.
    pub(super) fn name(&self, rest: &str) -> String {
        if self.shared { name::object(&format!("{}-{rest}", self.on.full_name)) } else { name::object(rest) }
    }

    /// The name that Argo CD knows the cluster by.
    pub(super) fn destination(&self) -> &str {
        if self.host == self.on.cluster { "in-cluster" } else { &self.on.full_name }
    }

    /// The same, and what it comes from.
    pub(super) fn destination_tree(&self) -> Tree {
        Tree::text_by(self.destination(), (self.host != self.on.cluster).then(|| self.on.entity.identity.value()))
    }

    /// The project of a unit.
    pub(super) fn project(&self, unit: &Unit<'_>) -> String {
        match unit.tenant {
            Some((_, tenant)) => self.tenant_project(tenant),
            None => self.name("platform"),
        }
    }

    /// The project of a tenant.
    pub(super) fn tenant_project(&self, tenant: &Entity) -> String {
        self.name(&format!("tenant-{}", tenant.identity))
    }

    /// Whether Argo CD has to create the namespace of a unit.
    pub(super) fn creates_namespace(&self, unit: &Unit<'_>, platform: &Platform) -> bool {
        let is_own = self.host == self.on.cluster && *unit.namespace == *namespace(platform);
        unit.lacks_namespace && !is_own
    }
}

/// All clusters, in the order of the model.
pub(super) fn sites<'a>(input: &Input<'a>, diagnostics: &mut Diagnostics) -> Vec<ArgoSite<'a>> {
    let hubs = hubs(input, diagnostics);
    let site = |on: &'a delivery::Site<'a>| ArgoSite {
        on,
        folder: floor::delivery(Wing::Argocd, on.environment, on.entity),
        host: hubs.get(&on.entity.environment).copied().unwrap_or(on.cluster),
        shared: input.model.platform.hub.is_some(),
    };
    input.sites.iter().map(site).collect()
}

/// What a revision is that nobody moves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum RevisionPin {
    Commit,
    /// The beginning of one, unless a branch or tag is called so.
    ShortCommit,
    Version,
}

impl RevisionPin {
    fn of(revision: &str) -> Option<Self> {
        let is_hash = revision.bytes().all(|byte| byte.is_ascii_hexdigit());
        match revision.len() {
            40 if is_hash => Some(Self::Commit),
            7..40 if is_hash => Some(Self::ShortCommit),
            _ => Semver::parse(revision.trim_start_matches("refs/tags/")).is_ok().then_some(Self::Version),
        }
    }
}

/// Reports what the roots that people apply would follow without ever leaving it. Those of other clusters are moved by the root of their hub.
pub(super) fn pinned(sites: &[ArgoSite<'_>], platform: &Platform, repository: &Repository, diagnostics: &mut Diagnostics) {
    let mut met = BTreeSet::new();
    for site in sites.iter().filter(|site| site.host == site.on.cluster) {
        let written = platform.value.at(&["repository", "revision"]).map(|revision| revision.origin.span);
        let (revision, at, subject) = match (&site.on.policy.revision, site.on.policy.revision_at) {
            (Some(revision), Some(at)) => {
                let path = Path::of(["environments", &*site.on.environment.name, "argocd", "revision"]);
                (revision, at, Subject::definition(path))
            }
            (_, _) => {
                let Some(at) = written else { continue };
                (&repository.revision, at, Subject::platform(&["repository", "revision"]))
            }
        };
        if let Some(pin) = RevisionPin::of(revision).filter(|_| met.insert(at)) {
            diagnostics.push(errors::pinned(revision, at, pin, subject));
        }
    }
}

/// Reports what goes to a namespace of which it says that others make it, and nobody does.
pub(super) fn without_owner(sites: &[ArgoSite<'_>], platform: &Platform, diagnostics: &mut Diagnostics) {
    for site in sites {
        let units = site.on.units.iter().filter(|unit| site.creates_namespace(unit, platform));
        units.filter_map(delivery::without_owner).for_each(|diagnostic| diagnostics.push(diagnostic));
    }
}

/// Reports, once for each environment that people sync by hand, that nothing there waits for what it depends on: waves order only what Argo CD syncs.
pub(super) fn by_hand(sites: &[ArgoSite<'_>], diagnostics: &mut Diagnostics) {
    let mut found: BTreeMap<Span, (&Environment, BTreeSet<Span>)> = BTreeMap::new();
    for site in sites {
        if let Some(said) = site.on.policy.by_hand {
            let after = site.on.units.iter().flat_map(|unit| unit.after.iter().copied());
            found.entry(said).or_insert((site.on.environment, BTreeSet::new())).1.extend(after);
        }
    }
    for (said, (environment, after)) in found.into_iter().filter(|(_, (_, after))| !after.is_empty()) {
        diagnostics.push(errors::by_hand(environment, said, &after));
    }
}

/// The cluster whose Argo CD drives an environment, where the platform has a hub: the hub's own one in that environment, else the first. What others
/// deliver has no Argo CD, and needs none.
fn hubs(input: &Input<'_>, diagnostics: &mut Diagnostics) -> BTreeMap<EnvironmentId, EntityId> {
    let mut hubs = BTreeMap::new();
    let Some(hub) = &input.model.platform.hub else { return hubs };
    let named = || input.sites.iter().filter(|site| site.entity.name == *hub);
    let Some(first) = named().next() else {
        if !input.sites.is_empty() {
            let is_elsewhere = input.model.entities().any(|(_, entity)| entity.kind == Kind::Cluster && entity.name == *hub);
            let clusters = input.sites.iter().map(|site| &*site.entity.name).collect();
            diagnostics.push(errors::unknown_hub(hub, is_elsewhere, &input.model.platform.value, clusters));
        }
        return hubs;
    };
    hubs.extend(input.model.environments().map(|(id, _)| (id, first.cluster)));
    hubs.extend(named().map(|site| (site.entity.environment, site.cluster)));
    hubs
}
