//! Texts that are made of keys of plurals, which are the names under which things are written: which types hold some, and what functions hand on.

use super::types::Ty;

impl Ty {
    /// Whether it is made of names under which things are written.
    pub(crate) fn is_written(&self) -> bool {
        match self {
            Ty::Written => true,
            Ty::List(inner) | Ty::Map(inner) | Ty::Optional(inner) | Ty::Late(inner) => inner.is_written(),
            Ty::Record(record) => record.thing.is_none() && record.fields.iter().any(|(_, type_)| type_.is_written()),
            Ty::OneOf(types) => types.iter().any(Ty::is_written),
            Ty::Dyn
            | Ty::Null
            | Ty::Bool
            | Ty::Int
            | Ty::Uint
            | Ty::Double
            | Ty::String
            | Ty::Name(_)
            | Ty::Bytes
            | Ty::Type
            | Ty::In(_)
            | Ty::Number
            | Ty::Unknown => false,
        }
    }

    /// The same, if it is text or texts, as made of names under which things are written.
    pub(super) fn written(self) -> Ty {
        if self == Ty::String {
            Ty::Written
        } else if self == Ty::list(Ty::String) {
            Ty::list(Ty::Written)
        } else {
            self
        }
    }

    /// The same, with a name as any text.
    pub(crate) fn plain(self) -> Ty {
        if matches!(self, Ty::Name(_) | Ty::Written) { Ty::String } else { self }
    }
}
