//! Clusters as Argo CD sees them: which Argo CD drives one, under which name, and what it installs there.

use super::said::{self, Policy};
use super::scope::{self, Object};
use super::{errors, name};
use crate::artifact::Input;
use crate::diagnostic::Diagnostics;
use crate::model::{Entity, EntityId, Environment, EnvironmentId, Model};
use crate::name::Kind;
use crate::object::Rendering;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One cluster.
pub(super) struct Site<'a> {
    /// The cluster.
    pub(super) cluster: EntityId,
    /// The cluster itself.
    pub(super) entity: &'a Entity,
    /// Its environment.
    pub(super) environment: &'a Environment,
    /// What the environment says to Argo CD.
    pub(super) policy: Policy,
    /// Its name among all clusters.
    pub(super) full_name: Arc<str>,
    /// Where its files go: `argocd/<environment>/<cluster>`.
    pub(super) folder: String,
    /// The cluster whose Argo CD drives it; itself without a hub.
    pub(super) host: EntityId,
    /// Whether several clusters share an Argo CD, so that names must tell them apart.
    pub(super) shared: bool,
    /// What is installed, in the order of the model.
    pub(super) applications: Vec<Application<'a>>,
    /// All tenants on it.
    pub(super) tenants: BTreeMap<EntityId, Tenant<'a>>,
    /// Namespaces that something installed there brings as objects.
    pub(super) namespaces: BTreeSet<&'a str>,
}

/// A tenant on a cluster.
pub(super) struct Tenant<'a> {
    /// The entity.
    pub(super) entity: &'a Entity,
    /// The namespaces it brings.
    pub(super) namespaces: BTreeSet<&'a str>,
}

/// What one entity has Argo CD install.
pub(super) struct Application<'a> {
    /// The entity.
    pub(super) id: EntityId,
    /// The entity itself.
    pub(super) entity: &'a Entity,
    /// What it became.
    pub(super) rendering: &'a Rendering,
    /// Name of the Application.
    pub(super) name: String,
    /// The namespace for what names none.
    pub(super) namespace: Arc<str>,
    /// The tenant whose project it is in; none: the platform's.
    pub(super) tenant: Option<(EntityId, &'a Entity)>,
}

impl Site<'_> {
    /// A name, told apart from those of other clusters under the same Argo CD.
    pub(super) fn name(&self, rest: &str) -> String {
        if self.shared { name::object(&format!("{}-{rest}", self.full_name)) } else { name::object(rest) }
    }

    /// The name that Argo CD knows the cluster by.
    pub(super) fn destination(&self) -> &str {
        if self.host == self.cluster { "in-cluster" } else { &self.full_name }
    }

    /// The project of an Application.
    pub(super) fn project(&self, application: &Application<'_>) -> String {
        match application.tenant {
            Some((_, tenant)) => self.tenant_project(tenant),
            None => self.name("platform"),
        }
    }

    /// The project of a tenant.
    pub(super) fn tenant_project(&self, tenant: &Entity) -> String {
        self.name(&format!("tenant-{}", tenant.identity))
    }

    /// Whether Argo CD has to create the namespace of an Application.
    pub(super) fn creates_namespace(&self, application: &Application<'_>, model: &Model) -> bool {
        let namespace = &*application.namespace;
        let exists = matches!(namespace, "default" | "kube-system" | "kube-public" | "kube-node-lease")
            || (self.host == self.cluster && *namespace == *model.platform.argocd_namespace);
        // A tenant's project may not create namespaces; the tenant brings them.
        if application.tenant.is_some() || exists || self.namespaces.contains(namespace) {
            return false;
        }
        application.is_opaque()
            || scope::objects(&application.rendering.manifests)
                .any(|object| !object.is_cluster_wide() && object.namespace.is_none_or(|named| named == namespace))
    }
}

impl Application<'_> {
    /// Whether it installs objects that are not known here.
    pub(super) fn is_opaque(&self) -> bool {
        self.rendering.chart.is_some() || source(self.rendering).is_some()
    }

    /// The objects it installs, as far as they are known.
    pub(super) fn objects(&self) -> impl Iterator<Item = Object<'_>> {
        scope::objects(&self.rendering.manifests)
    }
}

fn source(rendering: &Rendering) -> Option<&Value> {
    rendering.argocd.as_ref().and_then(|argocd| argocd.get("source"))
}

/// Whether there is anything for Argo CD to install.
pub(super) fn installs(rendering: &Rendering) -> bool {
    !rendering.manifests.is_empty() || rendering.chart.is_some() || source(rendering).is_some()
}

/// All clusters with what is installed on them, in the order of the model.
pub(super) fn sites<'a>(input: &Input<'a>, diagnostics: &mut Diagnostics) -> Vec<Site<'a>> {
    let model = input.model;
    let policies: Vec<Policy> = model.environments.iter().map(|environment| said::policy(environment, diagnostics)).collect();
    let hubs = hubs(model, diagnostics);
    let mut sites: Vec<Site<'a>> = Vec::new();
    let mut at: BTreeMap<EntityId, usize> = BTreeMap::new();
    for (id, entity) in model.entities().filter(|(_, entity)| entity.kind == Kind::Cluster) {
        let environment = model.environment(entity.environment);
        let Some(policy) = policies.get(entity.environment.0 as usize) else { continue };
        let full_name = entity.computed.get("fullName").and_then(Value::as_str).unwrap_or(entity.identity.text());
        at.insert(id, sites.len());
        sites.push(Site {
            cluster: id,
            entity,
            environment,
            policy: policy.clone(),
            full_name: full_name.into(),
            folder: format!("argocd/{}/{}", environment.identity, entity.identity),
            host: hubs.get(&entity.environment).copied().unwrap_or(id),
            shared: model.platform.argocd_hub.is_some(),
            applications: Vec::new(),
            tenants: BTreeMap::new(),
            namespaces: BTreeSet::new(),
        });
    }
    let place = |id: EntityId, entity: &Entity| at.get(&entity.cluster.unwrap_or(id)).copied();
    for (id, entity) in model.entities().filter(|(_, entity)| entity.kind == Kind::Tenant) {
        if let Some(site) = place(id, entity).and_then(|at| sites.get_mut(at)) {
            site.tenants.insert(id, Tenant { entity, namespaces: BTreeSet::new() });
        }
    }
    for rendering in &input.objects.renderings {
        let entity = model.entity(rendering.entity);
        if let Some(site) = place(rendering.entity, entity).and_then(|at| sites.get_mut(at))
            && installs(rendering)
        {
            let application = application(rendering, model, site, diagnostics);
            let brought = scope::objects(&rendering.manifests).filter(Object::is_namespace).map(|object| object.name);
            let brought: BTreeSet<&str> = brought.collect();
            site.namespaces.extend(&brought);
            if let Some(tenant) = site.tenants.get_mut(&rendering.entity) {
                tenant.namespaces = brought;
            }
            site.applications.push(application);
        }
    }
    sites
}

/// The cluster whose Argo CD drives an environment, where the platform has a hub: the hub's own one in that environment, else the first.
fn hubs(model: &Model, diagnostics: &mut Diagnostics) -> BTreeMap<EnvironmentId, EntityId> {
    let mut hubs = BTreeMap::new();
    let Some(hub) = &model.platform.argocd_hub else { return hubs };
    let clusters = || model.entities().filter(|(_, entity)| entity.kind == Kind::Cluster);
    let mut named = clusters().filter(|(_, entity)| entity.name == *hub);
    let Some((first, _)) = named.next() else {
        if clusters().next().is_some() {
            diagnostics.push(errors::unknown_hub(hub, &model.platform.value, clusters().map(|(_, entity)| &*entity.name).collect()));
        }
        return hubs;
    };
    hubs.extend(model.environments().map(|(id, _)| (id, first)));
    hubs.extend(clusters().filter(|(_, entity)| entity.name == *hub).map(|(id, entity)| (entity.environment, id)));
    hubs
}

fn application<'a>(rendering: &'a Rendering, model: &'a Model, site: &Site<'a>, diagnostics: &mut Diagnostics) -> Application<'a> {
    let entity = model.entity(rendering.entity);
    let tenant = entity.tenant.map(|id| (id, model.entity(id)));
    let own = &entity.identity;
    let rest = match (entity.kind, tenant) {
        (Kind::Service, _) => own.to_string(),
        (Kind::Application, Some((_, tenant))) => format!("{}-{own}", tenant.identity),
        (Kind::Cluster | Kind::Tenant | Kind::Application | Kind::Infrastructure, _) => format!("{}-{own}", entity.kind.singular()),
        (Kind::NodePool, _) => format!("node-pool-{own}"),
    };
    let said = said::text(rendering.argocd.as_ref(), "namespace", &entity.subject(), diagnostics).map(Arc::from);
    let field = || entity.value.get("namespace").and_then(Value::as_str).map(Arc::from);
    let chart = || rendering.chart.as_ref().map(|chart| Arc::clone(&chart.namespace));
    // Where the objects themselves say it, no further namespace is needed.
    let objects = || {
        let written = scope::objects(&rendering.manifests).find_map(|object| object.namespace);
        let brought = || scope::objects(&rendering.manifests).find(Object::is_namespace);
        written.or_else(|| brought().map(|object| object.name)).map(Arc::from)
    };
    // Nothing else would be allowed in the project of a tenant with one namespace.
    let only = || {
        let namespaces = &site.tenants.get(&entity.tenant?)?.namespaces;
        if namespaces.len() == 1 { namespaces.first().map(|namespace| Arc::from(*namespace)) } else { None }
    };
    let namespace = said.or_else(chart).or_else(field).or_else(objects).or_else(only);
    Application {
        id: rendering.entity,
        entity,
        rendering,
        name: site.name(&rest),
        namespace: namespace.unwrap_or_else(|| Arc::clone(entity.identity.text())),
        tenant,
    }
}
