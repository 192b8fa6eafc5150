//! The wording of this room: about schemas that are not well formed, and about values that do not fit theirs.

pub(super) mod choice;
mod cure;
pub(super) mod looser;
pub(super) mod syntax;
mod types;
pub(super) mod union;
pub(super) mod unknown;
pub(super) mod value;
pub(super) mod whole;

/// Said where a value was written that was handed on.
pub(crate) const COMES_FROM: &str = "the value comes from here";
