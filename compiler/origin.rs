//! Where values come from: a span and the layer that wrote there. Every value carries its origin from birth.

use crate::span::Span;
use std::sync::Arc;

/// Names one [`Layer`] of a [`Layers`] table; valid only together with it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LayerId(pub u32);

impl LayerId {
    /// The layer of values that no definition wrote: computed names and the like.
    pub const COMPUTED: Self = Self(0);
    /// The layer of facts.
    pub const RECORDED: Self = Self(1);
}

/// The span a value was written at and the layer it was written for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Origin {
    /// Where the value stands.
    pub span: Span,
    /// Which layer it belongs to.
    pub layer: LayerId,
}

/// One contributor to values (design 2.3): what wrote them, and for whom.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Layer {
    /// Computed by the compiler, from names for example.
    Computed,
    /// Made known by Terraform, and recorded.
    Recorded,
    /// A default in the schema of a class, or the body of a class: `cluster/eks`.
    Class(Arc<str>),
    /// `platform.defaults.<kind>`.
    PlatformDefaults(Arc<str>),
    /// `environments.<environment>.defaults.<kind>`.
    EnvironmentDefaults {
        /// The environment that sets the default.
        environment: Arc<str>,
        /// Plural kind the default is for.
        kind: Arc<str>,
    },
    /// The body of a definition: `clusters.gc0`.
    Body(Arc<str>),
    /// What a definition says for one environment, for one cluster, or for one cluster in one environment.
    Overlay {
        /// The definition: `clusters.gc0`.
        address: Arc<str>,
        /// The environment, if the overlay is for one.
        environment: Option<Arc<str>>,
        /// The cluster, if the overlay is for one.
        cluster: Option<Arc<str>>,
    },
    /// `--set` on the command line.
    Flag,
}

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Computed => write!(f, "computed by platc"),
            Self::Recorded => write!(f, "recorded from Terraform"),
            Self::Class(class) => write!(f, "class {class}"),
            Self::PlatformDefaults(kind) => write!(f, "platform.defaults.{kind}"),
            Self::EnvironmentDefaults { environment, kind } => write!(f, "environments.{environment}.defaults.{kind}"),
            Self::Body(address) => write!(f, "{address}"),
            Self::Overlay { address, environment, cluster } => {
                write!(f, "{address}")?;
                if let Some(environment) = environment {
                    write!(f, ", overlay for environment {environment}")?;
                }
                if let Some(cluster) = cluster {
                    let joint = if environment.is_some() { " and cluster" } else { ", overlay for cluster" };
                    write!(f, "{joint} {cluster}")?;
                }
                Ok(())
            }
            Self::Flag => write!(f, "--set"),
        }
    }
}

/// All layers of a compilation.
#[derive(Clone, Debug)]
pub struct Layers {
    list: Vec<Layer>,
}

impl Default for Layers {
    fn default() -> Self {
        Self { list: vec![Layer::Computed, Layer::Recorded] }
    }
}

impl Layers {
    /// Adds a layer; the same layer may be added more than once and gets a new id each time.
    pub fn add(&mut self, layer: Layer) -> LayerId {
        let id = LayerId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(layer);
        id
    }

    /// The layer with this id; [`Layer::Computed`] for one that is not of this table.
    #[must_use]
    pub fn get(&self, id: LayerId) -> &Layer {
        self.list.get(id.0 as usize).unwrap_or(&Layer::Computed)
    }
}
