//! deliver: Model, Graph and Objects → Sites. What is installed on which cluster: for each entity that has something to install a unit, with
//! where that is found, in which namespace it goes, what it needs first, and what its class wishes. It knows no program that installs; each of
//! them has a backend, which writes the same units in its own words.

mod check;
mod errors;
pub(crate) mod name;
mod release;
mod source;
mod told;
mod unit;

pub(crate) use check::{LIMITS, not_for_tenants, without_owner};
pub(crate) use release::different_charts;
pub(crate) use source::{Elsewhere, RepositoryPart, UnitSource};
pub(crate) use told::{DeliveryPolicy, Wanted, Wish};

use crate::diagnostic::Diagnostics;
use crate::graph::Graph;
use crate::model::{Entity, EntityId, Environment, Model};
use crate::name::Kind;
use crate::object::{Manifest, Objects, Rendering};
use crate::print::Tree;
use crate::span::Span;
use crate::value::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One cluster, and what is installed there.
#[derive(Debug)]
pub(crate) struct Site<'a> {
    /// The cluster.
    pub cluster: EntityId,
    /// The cluster itself.
    pub entity: &'a Entity,
    /// Its environment.
    pub environment: &'a Environment,
    /// How the environment wants things installed.
    pub policy: DeliveryPolicy,
    /// Its name among all clusters.
    pub full_name: Arc<str>,
    /// What is installed, in the order of the model.
    pub units: Vec<Unit<'a>>,
    /// All tenants on it.
    pub tenants: BTreeMap<EntityId, Tenant<'a>>,
    /// Namespaces that something installed there brings as objects.
    pub namespaces: BTreeSet<&'a str>,
}

/// A tenant on a cluster.
#[derive(Debug)]
pub(crate) struct Tenant<'a> {
    /// The entity.
    pub entity: &'a Entity,
    /// The namespaces it brings.
    pub namespaces: BTreeSet<&'a str>,
    /// What it brings, all together.
    pub manifests: &'a [Manifest],
    /// Repositories that its applications may come from beside those they name.
    pub repositories: Vec<&'a str>,
    /// Groups of people who see and install its applications.
    pub groups: Vec<&'a str>,
    /// Group and kind of all that its applications may bring; none: whatever is in a namespace and limits nobody.
    pub kinds: Option<BTreeSet<(&'a str, &'a str)>>,
    /// The account in whose name its applications are installed, where whoever installs has one for each tenant.
    pub installer: Option<&'a str>,
    /// Whether it keeps data, so that what limits its applications outlives it.
    pub keeps_data: bool,
}

/// What is installed on a cluster for one entity.
#[derive(Debug)]
pub(crate) struct Unit<'a> {
    /// The entity.
    pub id: EntityId,
    /// The entity itself.
    pub entity: &'a Entity,
    /// What names it outside among those of its kind: `web`, `shop-front`, `shop`.
    pub outside: Arc<str>,
    /// Its name among the units of its cluster: `web`, `shop-front`, `tenant-shop`.
    pub name: String,
    /// The namespace for what names none.
    pub namespace: Arc<str>,
    /// Whether that namespace has to be made, because nobody brings it. Those that programs bring themselves are not known here.
    pub lacks_namespace: bool,
    /// The tenant to whose limits it is held; none: the platform's own.
    pub tenant: Option<(EntityId, &'a Entity)>,
    /// Where what is installed is found: charts and folders elsewhere, then a folder of the output.
    pub sources: Vec<UnitSource<'a>>,
    /// The objects it installs, as far as they are known: those of the folder of the output.
    pub manifests: &'a [Manifest],
    /// Further namespaces in which what is not known here puts objects.
    pub namespaces: Vec<&'a str>,
    /// What its class wishes of how it is installed, in written order.
    pub wishes: Vec<Wish<'a>>,
    /// Differences between what is wanted and what is there that are none: who, and which of its fields.
    pub ignored: Vec<Ignored>,
    /// The length of the longest path of needs on its cluster.
    pub wave: u32,
    /// The units of its cluster that must be there first, in the order of the model.
    pub needs: Vec<EntityId>,
    /// Labels and annotations of all that is made of it.
    pub metadata: Option<&'a Value>,
    /// Where it is said that it comes after other units of its cluster, for no other reason.
    pub after: Vec<Span>,
    /// Whether it keeps data: what it installed stays when it leaves, until a person takes it away.
    pub keeps_data: bool,
    /// Whether it lacks facts, so that what is said here of its content is not whole.
    pub waits: bool,
}

/// A difference that is none.
#[derive(Clone, Debug)]
pub(crate) struct Ignored {
    /// `group`, `kind`, `name`, `namespace` and the fields, as they are written.
    pub tree: Tree,
    /// Where that is said.
    pub at: Span,
}

impl Unit<'_> {
    /// What whoever installs it writes of it, `labels` or `annotations`, and behind that what its definition says. What is written anyway stays: its
    /// order and what finds it depend on that.
    pub(crate) fn with_said(&self, field: &str, mut written: Vec<(Arc<str>, Tree)>) -> Vec<(Arc<str>, Tree)> {
        let said = self.metadata.and_then(|metadata| metadata.get(field)).and_then(Value::as_map);
        let own = written.len();
        for entry in said.map(Map::entries).unwrap_or_default() {
            let is_new = !written.iter().take(own).any(|(known, _)| *known == entry.key);
            written.extend(Tree::from_value(&entry.value).filter(|_| is_new).map(|tree| (Arc::clone(&entry.key), tree)));
        }
        written
    }

    /// Where its namespace comes from: what a chart or the thing says, else what names the thing.
    #[must_use]
    pub(crate) fn namespace_by(&self) -> &Value {
        let said = self.sources.iter().find_map(|source| match source {
            UnitSource::Elsewhere(elsewhere) => elsewhere.said.get("namespace"),
            UnitSource::Output { .. } => None,
        });
        let says_so = |value: &&Value| value.as_str() == Some(&*self.namespace);
        said.filter(says_so).or_else(|| self.entity.value.get("namespace").filter(says_so)).unwrap_or(self.entity.identity.value())
    }

    /// Whether it installs objects that are not known here.
    #[must_use]
    pub(crate) fn is_opaque(&self) -> bool {
        self.sources.iter().any(|source| match source {
            UnitSource::Elsewhere(_) => true,
            UnitSource::Output { .. } => false,
        })
    }
}

/// Tells what is installed where: all clusters in the order of the model; none, with a warning, if the platform has no repository.
pub(crate) fn deliver<'a>(model: &'a Model, graph: &Graph, objects: &'a Objects, diagnostics: &mut Diagnostics) -> Vec<Site<'a>> {
    if model.platform.repository.is_none() {
        if objects.renderings.iter().any(installs) {
            diagnostics.push(errors::no_repository(model));
        }
        return Vec::new();
    }
    let policies: Vec<DeliveryPolicy> = model.environments.iter().map(|environment| told::policy(environment, diagnostics)).collect();
    let mut sites: Vec<Site<'a>> = Vec::new();
    let mut at: BTreeMap<EntityId, usize> = BTreeMap::new();
    for (id, entity) in model.entities().filter(|(_, entity)| entity.kind == Kind::Cluster) {
        let Some(policy) = policies.get(entity.environment.0 as usize) else { continue };
        let full_name = entity.computed.get("fullName").and_then(Value::as_str).unwrap_or(entity.identity.text());
        at.insert(id, sites.len());
        sites.push(Site {
            cluster: id,
            entity,
            environment: model.environment(entity.environment),
            policy: policy.clone(),
            full_name: full_name.into(),
            units: Vec::new(),
            tenants: BTreeMap::new(),
            namespaces: BTreeSet::new(),
        });
    }
    let place = |id: EntityId, entity: &Entity| at.get(&entity.cluster.unwrap_or(id)).copied();
    for (id, entity) in model.entities().filter(|(_, entity)| entity.kind == Kind::Tenant) {
        if let Some(site) = place(id, entity).and_then(|at| sites.get_mut(at)) {
            let subject = entity.subject();
            let mut texts = |key: &str| told::texts(Some(&entity.value), key, &subject, diagnostics);
            let (repositories, groups) = (texts("repositories"), texts("groups"));
            let namespaces = BTreeSet::new();
            let tenant =
                Tenant { entity, namespaces, manifests: &[], repositories, groups, kinds: None, installer: None, keeps_data: false };
            site.tenants.insert(id, tenant);
        }
    }
    for rendering in &objects.renderings {
        let entity = model.entity(rendering.entity);
        let tenant = place(rendering.entity, entity).and_then(|at| sites.get_mut(at)?.tenants.get_mut(&rendering.entity));
        if let Some(tenant) = tenant {
            tenant.keeps_data = rendering.keeps_data;
            tenant.kinds = told::kinds(rendering.told.as_ref(), &entity.subject(), diagnostics);
            tenant.installer = told::text(rendering.told.as_ref(), "installer", &entity.subject(), diagnostics);
        }
    }
    for rendering in objects.renderings.iter().filter(|rendering| installs(rendering)) {
        let entity = model.entity(rendering.entity);
        if let Some(site) = place(rendering.entity, entity).and_then(|at| sites.get_mut(at)) {
            // What is wrong with one that waits is told when it is whole.
            let mut unsaid = Diagnostics::default();
            let said = if rendering.waits.is_empty() { &mut *diagnostics } else { &mut unsaid };
            let unit = unit::of(rendering, model, graph, site, said);
            let brought = rendering.manifests.iter().filter(|manifest| manifest.object.is_namespace());
            let brought: BTreeSet<&str> = brought.map(|manifest| &*manifest.object.name).collect();
            site.namespaces.extend(&brought);
            if let Some(tenant) = site.tenants.get_mut(&rendering.entity) {
                tenant.namespaces = brought;
                tenant.manifests = &rendering.manifests;
            }
            site.units.push(unit);
        } else if let Some(said) =
            rendering.chart.as_ref().map(|chart| chart.span).or(source::pointer(rendering).map(|said| said.origin.span))
        {
            diagnostics.push(errors::no_cluster(entity, said));
        }
    }
    for site in &mut sites {
        unit::complete(site, model, graph);
        check::namespaces(site, diagnostics);
        release::check(site, diagnostics);
        check::options(site, diagnostics);
        check::tenants(site, diagnostics);
    }
    sites
}

/// Whether there is anything to install.
fn installs(rendering: &Rendering) -> bool {
    !rendering.manifests.is_empty() || rendering.chart.is_some() || source::pointer(rendering).is_some()
}

#[cfg(test)]
mod tests;
