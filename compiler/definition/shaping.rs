//! The fields that shape a definition before it has fields: the one list of them, what other tools call each, and where each may stand.

use crate::name::Kind;
use crate::variants::variants;

variants! {
    /// A field that shapes a definition. Those of one kind alone come last.
    pub(crate) enum Shaping(word, from_word) {
        /// Which class it has.
        Class = "class",
        /// What it takes over.
        Inherits = "inherits",
        /// Whether it is only there to be inherited.
        Abstract = "abstract",
        /// What it is called outside, if not by its name.
        Identity = "identity",
        /// Overlays for environments.
        Environments = "environments",
        /// Overlays for clusters.
        Clusters = "clusters",
        /// The pools of a cluster.
        NodePools = "nodePools",
        /// The applications of a tenant.
        Applications = "applications",
    }
}

/// The field for labels and annotations of all that a thing emits. Defaults reach it whether or not the thing says anything of its own.
pub(crate) const METADATA: &str = "metadata";

/// A field with the names that other tools have for it.
pub(crate) type KnownField = (&'static str, &'static [&'static str]);

/// What shapes an environment.
pub(crate) const OF_ENVIRONMENT: [KnownField; 4] =
    [Shaping::Inherits.known(), Shaping::Abstract.known(), Shaping::Identity.known(), ("defaults", &[])];

/// How many fields shape definitions of every kind.
const COMMON: usize = Shaping::ALL.len() - 2;

/// What shapes definitions under which others stand.
#[allow(clippy::indexing_slicing, reason = "evaluated while this is compiled")]
const fn with(inner: Shaping) -> [KnownField; COMMON + 1] {
    let mut known = [inner.known(); COMMON + 1];
    let mut at = 0;
    while at < COMMON {
        known[at] = Shaping::ALL[at].known();
        at += 1;
    }
    known
}

const OF_CLUSTER: [KnownField; COMMON + 1] = with(Shaping::NodePools);
const OF_TENANT: [KnownField; COMMON + 1] = with(Shaping::Applications);

/// What shapes a definition of a kind.
pub(crate) fn of_kind(kind: Kind) -> &'static [KnownField] {
    match kind {
        Kind::Cluster => &OF_CLUSTER,
        Kind::Tenant => &OF_TENANT,
        Kind::NodePool | Kind::Service | Kind::Application | Kind::Infrastructure => {
            OF_CLUSTER.split_last().map(|(_, rest)| rest).unwrap_or_default()
        }
    }
}

impl Shaping {
    /// The field that shapes definitions of a kind under a name.
    pub(super) fn of(kind: Kind, name: &str) -> Option<Shaping> {
        Self::from_word(name).filter(|shaping| shaping.inner().is_none_or(|inner| inner.home() == Some(kind)))
    }

    /// The kind of the definitions that stand there, if it holds definitions.
    pub(crate) fn inner(self) -> Option<Kind> {
        match self {
            Shaping::NodePools => Some(Kind::NodePool),
            Shaping::Applications => Some(Kind::Application),
            Shaping::Class | Shaping::Inherits | Shaping::Abstract | Shaping::Identity | Shaping::Environments | Shaping::Clusters => None,
        }
    }

    const fn known(self) -> KnownField {
        let foreign: &[&str] = match self {
            Shaping::Class => &["type"],
            Shaping::Inherits => &["extends", "parent", "parents", "base", "from"],
            Shaping::Abstract => &["isAbstract", "template"],
            Shaping::Identity => &["formerly", "renamedFrom", "movedFrom", "previousName", "previousNames", "oldName"],
            Shaping::Environments => &["envs", "overlays"],
            Shaping::Clusters => &[],
            Shaping::NodePools => &["nodeGroups", "managedNodeGroups", "eksManagedNodeGroups", "workerGroups", "agentPools", "pools"],
            Shaping::Applications => &["apps", "workloads"],
        };
        (self.word(), foreign)
    }

    /// Whether it holds parts of definitions, which may be in overlays as well. The others say what the thing is, which is the same everywhere.
    pub(crate) fn holds_parts(self) -> bool {
        match self {
            Shaping::Environments | Shaping::Clusters | Shaping::NodePools | Shaping::Applications => true,
            Shaping::Class | Shaping::Inherits | Shaping::Abstract | Shaping::Identity => false,
        }
    }

    /// Whether it takes an operator, because it is merged as a whole.
    pub(super) fn takes_operators(self) -> bool {
        self.inner().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::MemorySystem;

    /// Editors describe them from `stdlib/language.yaml`.
    #[test]
    fn shaping_fields_are_declared() {
        let compilation = crate::compile(&MemorySystem::default(), &crate::Options::default());
        let declared: Vec<&str> = compilation.definitions.language.shape.fields().map(|(name, _)| name).collect();
        assert_eq!(declared, Shaping::ALL.map(Shaping::word));
    }

    #[test]
    fn only_clusters_have_pools_and_only_tenants_applications() {
        for kind in Kind::ALL {
            for (shaping, home) in [(Shaping::NodePools, Kind::Cluster), (Shaping::Applications, Kind::Tenant)] {
                assert_eq!(Shaping::of(kind, shaping.word()).is_some(), kind == home);
                assert_eq!(of_kind(kind).iter().any(|(name, _)| *name == shaping.word()), kind == home);
            }
            assert_eq!(of_kind(kind).len(), COMMON + usize::from(kind.inner().is_some()));
        }
    }
}
