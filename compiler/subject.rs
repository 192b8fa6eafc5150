//! What a diagnostic speaks of, as data: nothing that looks at diagnostics reads their texts.

use crate::name::Kind;
use crate::path::{Path, Step};
use crate::span::FileId;
use std::fmt::{Display, Formatter};
use std::sync::Arc;

/// One thing in one environment, by its names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Thing {
    /// The environment it is in: `apps`.
    pub environment: Arc<str>,
    /// Where it is there, its cluster included: `clusters.gc0.services.web`.
    pub place: Path,
    /// The address of its definition: `services.web`.
    pub definition: Path,
}

/// What a diagnostic speaks of. Printed, it is a path for `platc explain`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject {
    /// A text as a whole.
    Source(FileId),
    /// An authored block, or a field of it, whatever becomes of it: `services.web`, `platform`, `environments.apps`, `policies.p`.
    Definition {
        /// The address of the block.
        address: Path,
        /// The field; empty for the whole.
        field: Path,
    },
    /// A thing of the model, or a field of it.
    Entity {
        /// The thing.
        thing: Arc<Thing>,
        /// The field; empty for the whole.
        field: Path,
    },
    /// A class, or a part of it: `classes.service.web`, its `manifests.web`.
    Class {
        /// Its address: `classes.service.web`.
        address: Path,
        /// The part; empty for the whole.
        field: Path,
    },
    /// A file of the output, by its path there.
    Artifact(Arc<str>),
}

impl Thing {
    /// A thing whose definition stands at the top, in an environment, on a cluster or on none.
    #[must_use]
    pub fn new(environment: &Arc<str>, kind: Kind, name: &str, cluster: Option<&str>) -> Self {
        let definition = Path::of([kind.plural(), name]);
        let place = match cluster {
            Some(cluster) => Path::of([Kind::Cluster.plural(), cluster]).join(&definition),
            None => definition.clone(),
        };
        Self { environment: Arc::clone(environment), place, definition }
    }

    /// What stands under it: `nodePools.default` of a cluster, `applications.web` of a tenant.
    #[must_use]
    pub fn inner(&self, kind: Kind, name: &str) -> Self {
        let own = Path::of([kind.plural(), name]);
        Self { environment: Arc::clone(&self.environment), place: self.place.join(&own), definition: self.definition.join(&own) }
    }

    /// The address of the definition that its own stands under; none if it stands at the top. Names are unique there.
    #[must_use]
    pub fn home(&self) -> Option<&[Step]> {
        let steps = self.definition.steps();
        steps.len().checked_sub(2).filter(|length| *length > 0).and_then(|length| steps.get(..length))
    }

    /// The model path: its environment, then where it is there.
    #[must_use]
    pub fn path(&self) -> Path {
        Path::of([&self.environment]).join(&self.place)
    }
}

impl Subject {
    /// An authored block as a whole.
    #[must_use]
    pub fn definition(address: Path) -> Self {
        Self::Definition { address, field: Path::default() }
    }

    /// A class as a whole, by the kind it is for in the singular.
    #[must_use]
    pub fn class(kind: &str, name: &str) -> Self {
        Self::Class { address: Path::of(["classes", kind, name]), field: Path::default() }
    }

    /// A field of the platform.
    #[must_use]
    pub fn platform(field: &[&str]) -> Self {
        Self::Definition { address: Path::of(["platform"]), field: Path::of(field) }
    }

    /// A thing as a whole.
    #[must_use]
    pub fn entity(thing: &Arc<Thing>) -> Self {
        Self::Entity { thing: Arc::clone(thing), field: Path::default() }
    }

    /// The field of the same subject that `inner` leads to from where it is.
    #[must_use]
    pub fn within(&self, inner: &Path) -> Self {
        match self {
            Self::Definition { address, field } => Self::Definition { address: address.clone(), field: field.join(inner) },
            Self::Entity { thing, field } => Self::Entity { thing: Arc::clone(thing), field: field.join(inner) },
            Self::Class { address, field } => Self::Class { address: address.clone(), field: field.join(inner) },
            // These have no fields.
            Self::Source(_) | Self::Artifact(_) => self.clone(),
        }
    }

    /// The field; none if it is no thing with fields.
    #[must_use]
    pub fn field(&self) -> Option<&Path> {
        match self {
            Self::Definition { field, .. } | Self::Entity { field, .. } | Self::Class { field, .. } => Some(field),
            Self::Source(_) | Self::Artifact(_) => None,
        }
    }

    /// Changes the texts of all its keys.
    pub fn edit(&mut self, change: &mut dyn FnMut(&mut String)) {
        match self {
            Self::Definition { address, field } | Self::Class { address, field } => {
                address.edit(change);
                field.edit(change);
            }
            Self::Entity { field, .. } => field.edit(change),
            Self::Source(_) | Self::Artifact(_) => {}
        }
    }

    /// The same field of the definition that a thing came from; none if it is no thing of the model.
    #[must_use]
    pub fn of_definition(&self) -> Option<Self> {
        match self {
            Self::Entity { thing, field } => Some(Self::Definition { address: thing.definition.clone(), field: field.clone() }),
            Self::Source(_) | Self::Definition { .. } | Self::Class { .. } | Self::Artifact(_) => None,
        }
    }
}

impl Display for Thing {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.path())
    }
}

impl Display for Subject {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Source(_) => Ok(()),
            Self::Definition { address, field } | Self::Class { address, field } => write!(f, "{}", address.join(field)),
            Self::Entity { thing, field } => write!(f, "{}", thing.path().join(field)),
            Self::Artifact(path) => write!(f, "{path}"),
        }
    }
}
