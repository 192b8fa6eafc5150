//! Types that are one of several. In come the types that a value may be of, out goes one for all of them, and what it may be.

use super::Ty;

impl Ty {
    /// One of several types; anything, if one of them is.
    #[must_use]
    pub fn one_of(types: Vec<Ty>) -> Ty {
        if types.iter().any(|type_| type_.is_open() || type_.is_late()) { Ty::Dyn } else { Ty::OneOf(types.into()) }
    }

    /// What it may be, each alone.
    #[must_use]
    pub fn each(&self) -> &[Ty] {
        if let Ty::OneOf(types) = self { types } else { std::slice::from_ref(self) }
    }

    /// Whether it may be what something holds of, as far as is known.
    #[must_use]
    pub fn may(&self, be: impl Fn(&Ty) -> bool) -> bool {
        self.each().iter().any(|type_| matches!(type_, Ty::Dyn | Ty::Unknown) || be(type_))
    }
}
