//! Notations of Kubernetes, each with one reader, which says what is wrong with a text: fields and expressions take the same ones for the same.

pub(crate) mod cidr;
pub(crate) mod duration;
pub(crate) mod quantity;
pub(crate) mod semver;

/// Why a text is not what it should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misshape {
    /// What is wrong, to follow a colon.
    pub reason: String,
    /// How it was most likely meant.
    pub instead: Option<String>,
}

impl Misshape {
    /// One that does not tell how it was meant.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), instead: None }
    }
}
