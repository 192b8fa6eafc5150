//! The expression language of definitions: CEL with late values.

use crate::span::{Span, TextMap};
use std::sync::Arc;

/// stub, being written
#[derive(Clone, PartialEq, Debug)]
pub struct Template {
    /// The pieces in order.
    pub pieces: Vec<Piece>,
    /// The whole scalar.
    pub span: Span,
}

/// stub
#[derive(Clone, PartialEq, Debug)]
pub enum Piece {
    /// Literal text.
    Text(Arc<str>),
    /// A written `$${`: a literal `${`.
    Dollar,
}

/// stub
#[derive(Clone, PartialEq, Debug)]
pub struct Late {
    /// Pieces.
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

#[allow(unused)]
fn unused(_: TextMap) {}
