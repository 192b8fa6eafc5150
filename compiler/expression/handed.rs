//! Templates that were handed to another thing than whose words they are made of: each has a number, under which somebody else keeps what it
//! means. Nothing is evaluated here.

use super::template::{Piece, Template};
use crate::span::Span;

impl Template {
    /// The same where it was handed to another thing, which does not know its names: what they mean is kept under a number.
    #[must_use]
    pub fn handed_on(&self, number: u32) -> Template {
        Template { handed: Some(number), ..self.clone() }
    }

    /// A text that stands for a value which waits for expressions of another thing, kept under a number.
    #[must_use]
    pub fn standing_for(number: u32, span: Span) -> Template {
        Template { handed: Some(number), ..Template::of(vec![Piece::Text("".into())], span) }
    }

    /// Whether an expression alone decides what it comes to.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let stands_for_all = || matches!(self.pieces.as_slice(), [Piece::Text(text)] if text.is_empty());
        self.single().is_some() || (self.handed.is_some() && stands_for_all())
    }

    /// The number under which it is kept what it means, if it was handed to another thing.
    #[must_use]
    pub fn handed(&self) -> Option<u32> {
        self.handed
    }
}
