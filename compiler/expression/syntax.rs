//! The syntax tree of expressions, and the names it reads.

use crate::span::Span;
use std::sync::Arc;

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    /// Text.
    String(Arc<str>),
}

/// A path into what is in scope, as far as it is constant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// Root first: `["services", "cert-manager", "values"]`; ends before the first step that is no constant name.
    pub steps: Vec<Arc<str>>,
    /// Where the steps stand.
    pub span: Span,
}

/// A step of a constant path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// The root, a field, or a constant string index.
    Name(Arc<str>),
    /// A constant integer index.
    Index(i64),
}

impl Expr {
    /// The names it reads that are not bound inside it, in written order.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        Vec::new()
    }

    /// The steps, if it is nothing but a name followed by selects and constant indexes.
    #[must_use]
    pub fn path(&self) -> Option<Vec<Step>> {
        None
    }
}
