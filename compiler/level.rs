//! How grave it is what a change does to what is there outside.

use crate::variants::variants;

variants! {
    /// What a change does to what is there, the gravest first.
    pub enum Level(word, of) {
        /// What it holds is lost.
        DestroysData = "destroys-data",
        /// It is taken away, perhaps to be made anew.
        Replaces = "replaces",
        /// Whether it is replaced nobody knows before there is a plan.
        Unknown = "unknown",
        /// It is refused, or nothing arrives any more, until somebody does something by hand.
        Refused = "refused",
    }
}
