//! The fields that shape a definition before it has fields: the one list of them, what other tools call each, and where each may stand.

use crate::name::Kind;
use crate::variants::variants;

variants! {
    /// A field that shapes a definition. That of clusters alone comes last.
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
    }
}

/// A field with the names that other tools have for it.
pub(crate) type KnownField = (&'static str, &'static [&'static str]);

/// What shapes an environment.
pub(crate) const OF_ENVIRONMENT: [KnownField; 4] =
    [Shaping::Inherits.known(), Shaping::Abstract.known(), Shaping::Identity.known(), ("defaults", &[])];

/// What shapes a cluster: all there is.
#[allow(clippy::indexing_slicing, reason = "evaluated while this is compiled")]
const OF_CLUSTER: [KnownField; Shaping::ALL.len()] = {
    let mut known = [Shaping::Class.known(); Shaping::ALL.len()];
    let mut at = 0;
    while at < known.len() {
        known[at] = Shaping::ALL[at].known();
        at += 1;
    }
    known
};

/// What shapes a definition of a kind.
pub(crate) fn of_kind(kind: Kind) -> &'static [KnownField] {
    match kind {
        Kind::Cluster => &OF_CLUSTER,
        Kind::NodePool | Kind::Service | Kind::Tenant | Kind::Application | Kind::Infrastructure => {
            OF_CLUSTER.split_last().map(|(_, rest)| rest).unwrap_or_default()
        }
    }
}

impl Shaping {
    /// The field that shapes definitions of a kind under a name.
    pub(super) fn of(kind: Kind, name: &str) -> Option<Shaping> {
        Self::from_word(name).filter(|shaping| *shaping != Shaping::NodePools || kind == Kind::Cluster)
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
        };
        (self.word(), foreign)
    }

    /// Whether it holds parts of definitions, which may be in overlays as well. The others say what the thing is, which is the same everywhere.
    pub(crate) fn holds_parts(self) -> bool {
        match self {
            Shaping::Environments | Shaping::Clusters | Shaping::NodePools => true,
            Shaping::Class | Shaping::Inherits | Shaping::Abstract | Shaping::Identity => false,
        }
    }

    /// Whether it takes an operator, because it is merged as a whole.
    pub(super) fn takes_operators(self) -> bool {
        match self {
            Shaping::NodePools => true,
            Shaping::Class | Shaping::Inherits | Shaping::Abstract | Shaping::Identity | Shaping::Environments | Shaping::Clusters => false,
        }
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
    fn only_clusters_have_pools() {
        for kind in Kind::ALL {
            assert_eq!(Shaping::of(kind, "nodePools").is_some(), kind == Kind::Cluster);
            assert_eq!(of_kind(kind).iter().any(|(name, _)| *name == "nodePools"), kind == Kind::Cluster);
            assert_eq!(of_kind(kind).len() + usize::from(kind != Kind::Cluster), Shaping::ALL.len());
        }
    }
}
