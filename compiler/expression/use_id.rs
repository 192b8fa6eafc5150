//! The number by which an expression knows with which use of a fragment it came. It says nothing about fragments.

/// Names one use of a fragment in a class.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct UseId(pub(crate) u32);

impl UseId {
    /// From this number on they are not uses in templates but places in the schema that has a fragment's fields.
    const TAKEN: u32 = 1 << 31;
    /// From this number on they are uses in what definitions override, and of no class.
    const OVERRIDE: u32 = 1 << 30;

    /// A use in what a definition overrides.
    pub(crate) fn of_override(at: usize) -> Self {
        Self(Self::OVERRIDE | u32::try_from(at).unwrap_or(0))
    }

    /// Whether it is one.
    pub(crate) fn is_of_override(self) -> bool {
        self.0 & (Self::TAKEN | Self::OVERRIDE) == Self::OVERRIDE
    }

    /// Its place among those of its class, or among those of all overrides.
    pub(crate) fn index(self) -> usize {
        (self.0 & !Self::OVERRIDE) as usize
    }

    /// The fields of a fragment at one place of a schema.
    pub(crate) fn taken(at: usize) -> Self {
        Self(Self::TAKEN | u32::try_from(at).unwrap_or(0))
    }

    /// Which place in the schema it is, if it is one.
    pub(crate) fn as_taken(self) -> Option<usize> {
        (self.0 & Self::TAKEN != 0).then_some((self.0 & !Self::TAKEN) as usize)
    }
}
