//! The excerpt of a platform that a question is about. In comes a path, out goes which environment and which clusters are resolved for it: a
//! thing sees its own environment and clusters and infrastructure of shared ones, and of what is on clusters only what is on its own. What it
//! meets there may see more, things on its own cluster; then the excerpt was too small, which is noticed, and everything is resolved instead.

use super::{Entity, EntityId, Environment, EnvironmentId};
use crate::definition::Definitions;
use crate::name::Kind;
use crate::path::{Path, Step};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is resolved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Excerpt {
    /// The environment that is asked about. Of shared ones there is what others see by name, and it is worked out when somebody reads it.
    pub(super) environment: EnvironmentId,
    on: On,
}

/// The clusters whose things are resolved.
#[derive(Clone, PartialEq, Eq, Debug)]
enum On {
    All,
    One(Arc<str>),
    /// None: infrastructure of this name is asked for, which is on no cluster unless it says so.
    None(Arc<str>),
}

impl Excerpt {
    /// The excerpt that a path leads to; none if it leads to everything or nowhere.
    pub(super) fn of(path: &Path, environments: &[Environment], definitions: &Definitions) -> Option<Self> {
        let mut keys = path.steps().iter().map_while(|step| match step {
            Step::Key(key) => Some(&**key),
            Step::Item(_) => None,
        });
        let first = keys.next()?;
        let at = environments.iter().position(|environment| *environment.name == *first)?;
        let on = match (keys.next().and_then(Kind::from_plural), keys.next()) {
            (Some(Kind::Cluster), Some(name)) => {
                let known = definitions.definition(Kind::Cluster, name).filter(|cluster| !cluster.is_abstract)?;
                On::One(Arc::clone(&known.name.name))
            }
            (Some(Kind::Infrastructure), Some(name)) => On::None(name.into()),
            (_, _) => On::All,
        };
        Some(Self { environment: EnvironmentId(u32::try_from(at).ok()?), on })
    }

    /// Whether anything of an environment is in it.
    pub(super) fn has(&self, id: EnvironmentId, environment: &Environment) -> bool {
        id == self.environment || environment.is_shared
    }

    /// Whether things on a cluster are resolved.
    pub(super) fn is_on(&self, environment: EnvironmentId, cluster: &str) -> bool {
        environment == self.environment
            && match &self.on {
                On::All => true,
                On::One(name) => **name == *cluster,
                On::None(_) => false,
            }
    }

    /// Whether what is asked for can be among the things of the excerpt: infrastructure that is not there may be on clusters.
    pub(super) fn has_found(&self, things: &[Entity]) -> bool {
        let mut own = things.iter().filter(|thing| thing.environment == self.environment);
        match &self.on {
            On::None(name) => own.any(|thing| thing.kind == Kind::Infrastructure && thing.name == *name),
            On::All | On::One(_) => true,
        }
    }
}

/// Whether anything was looked for outside of an excerpt.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    /// Clusters whose things are not there.
    empty: BTreeSet<EntityId>,
    /// Environments of which nothing is there.
    absent: BTreeSet<EnvironmentId>,
    passed: AtomicBool,
}

impl Bounds {
    pub(super) fn around(empty: impl Iterator<Item = EntityId>, absent: impl Iterator<Item = EnvironmentId>) -> Self {
        Self { empty: empty.collect(), absent: absent.collect(), passed: AtomicBool::new(false) }
    }

    /// Takes note that things of a kind in an environment, or on a cluster in it, were looked for. Pools are always there.
    pub(super) fn look(&self, environment: EnvironmentId, kind: Kind, cluster: Option<EntityId>) {
        let is_empty = kind != Kind::NodePool && cluster.is_some_and(|cluster| self.empty.contains(&cluster));
        if is_empty || self.absent.contains(&environment) {
            self.passed.store(true, Ordering::Relaxed);
        }
    }

    /// Takes note that things were looked for wherever they are.
    pub(super) fn look_everywhere(&self) {
        if !(self.empty.is_empty() && self.absent.is_empty()) {
            self.passed.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn were_passed(&self) -> bool {
        self.passed.load(Ordering::Relaxed)
    }
}
