//! Names: kinds, addresses, and lists of names for sentences.

mod near;

pub use near::{beginning, by_similarity, nearest};

use crate::variants::variants;
use std::sync::Arc;

variants! {
    /// A kind that has classes (design 2.2), in the order outputs list them. `platform`, `environments`, `policies` and `classes` are not
    /// among them. In the plural it is the key of its definitions: `nodePools`.
    pub enum Kind(plural, from_plural) {
        /// Kubernetes control plane with its pools.
        Cluster = "clusters",
        /// Equally shaped machines of a cluster.
        NodePool = "nodePools",
        /// What surrounds clusters.
        Infrastructure = "infrastructure",
        /// What the platform installs on clusters.
        Service = "services",
        /// A team or customer.
        Tenant = "tenants",
        /// A tenant's workload.
        Application = "applications",
    }
}

impl Kind {
    /// Position in [`Kind::ALL`].
    #[must_use]
    pub fn rank(self) -> usize {
        self as usize
    }

    /// The key of its classes and its name in expressions: `nodePool`.
    #[must_use]
    pub fn singular(self) -> &'static str {
        match self {
            Kind::Cluster => "cluster",
            Kind::NodePool => "nodePool",
            Kind::Service => "service",
            Kind::Tenant => "tenant",
            Kind::Application => "application",
            Kind::Infrastructure => "infrastructure",
        }
    }

    /// The kind in a sentence: `node pool`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Kind::NodePool => "node pool",
            Kind::Cluster | Kind::Service | Kind::Tenant | Kind::Application | Kind::Infrastructure => self.singular(),
        }
    }

    /// The same with its article: `an application`.
    #[must_use]
    pub fn article(self) -> &'static str {
        match self {
            Kind::Cluster => "a cluster",
            Kind::NodePool => "a node pool",
            Kind::Service => "a service",
            Kind::Tenant => "a tenant",
            Kind::Application => "an application",
            Kind::Infrastructure => "infrastructure",
        }
    }

    /// The kind under whose definitions those of this kind stand: a pool stands under its cluster, an application under its tenant. At the
    /// top of a source they are bases, which are only there to be inherited.
    #[must_use]
    pub fn home(self) -> Option<Kind> {
        match self {
            Kind::NodePool => Some(Kind::Cluster),
            Kind::Application => Some(Kind::Tenant),
            Kind::Cluster | Kind::Service | Kind::Tenant | Kind::Infrastructure => None,
        }
    }

    /// The kind of what stands under definitions of this kind.
    #[must_use]
    pub fn inner(self) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.home() == Some(self))
    }

    /// The kind of a singular key.
    #[must_use]
    pub fn from_singular(key: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.singular() == key)
    }
}

/// A list of names for a sentence: `a`, `b` or `c`, at most eight, the rest counted.
#[must_use]
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(8).map(|name| format!("`{name}`")).collect();
    if names.len() > 8 {
        return format!("{} and {} more", shown.join(", "), names.len() - 8);
    }
    shown.join(", ")
}

/// The address of a definition: `clusters.gc0`.
#[must_use]
pub fn address(kind: Kind, name: &str) -> Arc<str> {
    format!("{}.{name}", kind.plural()).into()
}

/// The path of a name in something that has a path itself, or is the whole.
#[must_use]
pub(crate) fn within(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn what_stands_under_a_kind_has_it_for_a_home() {
        let pairs = Kind::ALL.into_iter().filter_map(|kind| Some((kind, kind.home()?)));
        assert_eq!(pairs.collect::<Vec<_>>(), [(Kind::NodePool, Kind::Cluster), (Kind::Application, Kind::Tenant)]);
        assert_eq!((Kind::Tenant.inner(), Kind::Service.inner()), (Some(Kind::Application), None));
    }
}
