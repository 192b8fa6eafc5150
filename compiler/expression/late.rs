//! Late values: what is known only after Terraform has run. They can be passed on and selected from, nothing else.

use crate::span::Span;
use std::sync::Arc;

/// A late value: one reference, or text with references in it.
#[derive(Clone, PartialEq, Debug)]
pub struct Late {
    /// The pieces in order.
    pub pieces: Vec<LatePiece>,
}

/// A part of a late value.
#[derive(Clone, PartialEq, Debug)]
pub enum LatePiece {
    /// Literal text, to be escaped by the backend.
    Text(Arc<str>),
    /// Terraform template text, to be written as it is: `${length(local.x)}`.
    Raw(Arc<str>),
    /// A reference into a stack.
    Reference(LateReference),
}

/// A reference to something Terraform knows after it ran.
#[derive(Clone, PartialEq, Debug)]
pub struct LateReference {
    /// The stack it lives in; empty while a class is checked on its own.
    pub stack: Arc<str>,
    /// Terraform address with attribute path: `aws_eks_cluster.this.endpoint`, `data.aws_caller_identity.current.account_id`.
    pub address: Arc<str>,
    /// If the reference was read through an entity's `outputs`: the name of the Terraform output that carries it in its stack.
    pub output: Option<Arc<str>>,
    /// Where it was written.
    pub span: Span,
}

impl Late {
    /// A late value that is one reference.
    #[must_use]
    pub fn reference(reference: LateReference) -> Self {
        Self { pieces: vec![LatePiece::Reference(reference)] }
    }

    /// The reference, if that is all there is.
    #[must_use]
    pub fn as_reference(&self) -> Option<&LateReference> {
        match self.pieces.as_slice() {
            [LatePiece::Reference(reference)] => Some(reference),
            _ => None,
        }
    }
}
