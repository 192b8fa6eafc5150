//! The model: the platform resolved for every environment and cluster. Inheritance and expressions are gone, origins are kept.

use crate::name::Kind;
use crate::span::Span;
use crate::value::Value;
use std::sync::Arc;

/// Names one entity of a [`Model`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EntityId(pub u32);

/// Names one environment of a [`Model`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EnvironmentId(pub u32);

/// Names one class of the definitions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ClassId(pub u32);

/// The resolved platform.
#[derive(Clone, Debug)]
pub struct Model {
    /// What holds for the whole platform.
    pub platform: Platform,
    /// The environments that are not abstract: first those of `platform.promotion` in that order, then the others in written order.
    pub environments: Vec<Environment>,
    /// Everything that exists, by environment, then kind (as in [`Kind::ALL`]), cluster and name in written order.
    pub entities: Vec<Entity>,
}

/// How kustomize output is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// Bases and overlays with patches.
    Overlays,
    /// The direct rendering of each environment and cluster.
    Rendered,
}

/// `platform`, checked.
#[derive(Clone, Debug)]
pub struct Platform {
    /// `platform.name`
    pub name: Arc<str>,
    /// `platform.domain`
    pub domain: Arc<str>,
    /// `platform.output`, relative to the project, default `dist`.
    pub output: Arc<str>,
    /// `platform.repository.url`: where Argo CD finds the output.
    pub repository: Option<Repository>,
    /// `platform.kustomize.layout`
    pub layout: Layout,
    /// `platform.argocd.namespace`, default `argocd`.
    pub argocd_namespace: Arc<str>,
    /// `platform.argocd.hub`: the cluster whose Argo CD drives all others; none: one Argo CD per cluster.
    pub argocd_hub: Option<Arc<str>>,
    /// The whole definition with its origins.
    pub value: Value,
}

/// Where the output is kept.
#[derive(Clone, Debug)]
pub struct Repository {
    /// URL as Argo CD uses it.
    pub url: Arc<str>,
    /// Folder of the output in the repository, without slashes at the ends; may be empty.
    pub path: Arc<str>,
    /// Branch, tag or commit; default `main`.
    pub revision: Arc<str>,
}

/// One environment that is not abstract.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name.
    pub name: Arc<str>,
    /// Names of its line of ancestors, farthest first, itself last; abstract ones included.
    pub line: Vec<Arc<str>>,
    /// `argocd` of the environment, merged along its line: `revision`, `sync` (`automated` or `manual`), `windows`.
    pub argocd: Option<Value>,
    /// Where it is defined: the key of its name.
    pub defined: Span,
}

/// A definition after resolving: one thing in one environment and, for placed kinds, on one cluster.
#[derive(Clone, Debug)]
pub struct Entity {
    /// What kind of thing.
    pub kind: Kind,
    /// Its name: `gc0`, `default`, `cert-manager`.
    pub name: Arc<str>,
    /// The environment it is in.
    pub environment: EnvironmentId,
    /// The cluster it is in or on; none for clusters and infrastructure.
    pub cluster: Option<EntityId>,
    /// The tenant of an application, on the same cluster.
    pub tenant: Option<EntityId>,
    /// Its class.
    pub class: ClassId,
    /// The class in words: `service/cert-manager`.
    pub class_name: Arc<str>,
    /// All fields, resolved and evaluated: class fields and language fields (`labels`, `description`, …) alike.
    pub value: Value,
    /// What the compiler computes for it, such as `fullName`, `domain`, `fqdn` and `tags` of a cluster.
    pub computed: Value,
    /// Where it is defined: the key of its name.
    pub defined: Span,
    /// Its model path: `apps.clusters.gc0.services.cert-manager`.
    pub path: Arc<str>,
    /// The Terraform stack its Terraform joins.
    pub stack: Option<Arc<str>>,
}

impl Model {
    /// The entity of an id.
    ///
    /// # Panics
    /// If the id is of another model.
    #[must_use]
    #[allow(clippy::expect_used, reason = "ids are made by this model only")]
    pub fn entity(&self, id: EntityId) -> &Entity {
        self.entities.get(id.0 as usize).expect("an id of this model")
    }

    /// The environment of an id.
    ///
    /// # Panics
    /// If the id is of another model.
    #[must_use]
    #[allow(clippy::expect_used, reason = "ids are made by this model only")]
    pub fn environment(&self, id: EnvironmentId) -> &Environment {
        self.environments.get(id.0 as usize).expect("an id of this model")
    }

    /// All entities with their ids.
    pub fn entities(&self) -> impl Iterator<Item = (EntityId, &Entity)> {
        self.entities.iter().enumerate().map(|(at, entity)| (EntityId(u32::try_from(at).unwrap_or(u32::MAX)), entity))
    }

    /// All environments with their ids.
    pub fn environments(&self) -> impl Iterator<Item = (EnvironmentId, &Environment)> {
        self.environments.iter().enumerate().map(|(at, environment)| (EnvironmentId(u32::try_from(at).unwrap_or(u32::MAX)), environment))
    }
}
