//! Texts with expressions in them: `${…}`, and `$${` for a literal `${`.

use super::{Expr, Fault, Host, Reference, Val};
use crate::diagnostic::Diagnostic;
use crate::span::{Span, TextMap};
use std::sync::Arc;

/// A text with at least one `${…}` or `$${` in it.
#[derive(Clone, PartialEq, Debug)]
pub struct Template {
    /// The pieces in order.
    pub pieces: Vec<Piece>,
    /// The whole scalar.
    pub span: Span,
}

/// A part of a template.
#[derive(Clone, PartialEq, Debug)]
pub enum Piece {
    /// Literal text.
    Text(Arc<str>),
    /// A written `$${`: a literal `${`.
    Dollar,
    /// An expression.
    Expr(Arc<Expr>),
}

/// Where the outcome of a template goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// Anything but Terraform: pieces join as text; late values are refused unless the template is a single expression.
    Plain,
    /// Terraform: late values and `$${…}` are kept apart from literal text.
    Terraform,
}

impl Template {
    /// Parses a text; none if it holds neither `${` nor `$${`.
    ///
    /// # Errors
    /// All faults of the text.
    pub fn parse(text: &str, map: &TextMap) -> Result<Option<Template>, Vec<Diagnostic>> {
        let _ = (text, map);
        Ok(None)
    }

    /// The expression, if there is exactly one and nothing else.
    #[must_use]
    pub fn single(&self) -> Option<&Arc<Expr>> {
        match self.pieces.as_slice() {
            [Piece::Expr(expr)] => Some(expr),
            _ => None,
        }
    }

    /// What its expressions read.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        Vec::new()
    }

    /// Evaluates and joins the pieces.
    ///
    /// # Errors
    /// If an expression has no value, or one that cannot be joined.
    pub fn evaluate(&self, host: &dyn Host, target: Target) -> Result<Val, Fault> {
        let _ = (host, target);
        Err(Fault::Reported)
    }
}
