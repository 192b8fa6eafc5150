//! Late values: what is known only after Terraform has run. They can be passed on and selected from, nothing else.

use super::{Key, Val};
use crate::span::Span;
use std::sync::Arc;

/// A late value: one reference, or text with references in it.
#[derive(Clone, Debug)]
pub struct Late {
    /// The pieces in order.
    pub pieces: Vec<LatePiece>,
    /// What it is, as far as facts tell: what a delivery gets, while Terraform still gets the pieces.
    pub known: Option<Val>,
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
    /// What names the environment of the stack outside; empty while a class is checked on its own.
    pub environment: Arc<str>,
    /// The stack it lives in; empty while a class is checked on its own.
    pub stack: Arc<str>,
    /// Terraform address with attribute path: `aws_eks_cluster.this.endpoint`, `data.aws_caller_identity.current.account_id`.
    pub address: Arc<str>,
    /// If the reference was read through an entity's `outputs`: the name of the Terraform output that carries it, or what it was
    /// selected from, in its stack.
    pub output: Option<Arc<str>>,
    /// Where it was written.
    pub span: Span,
}

impl Late {
    /// A late value that is one reference.
    #[must_use]
    pub fn reference(reference: LateReference) -> Self {
        Self { pieces: vec![LatePiece::Reference(reference)], known: None }
    }

    /// The references in it, in order.
    pub fn references(&self) -> impl Iterator<Item = &LateReference> {
        self.pieces.iter().filter_map(|piece| match piece {
            LatePiece::Reference(reference) => Some(reference),
            LatePiece::Text(_) | LatePiece::Raw(_) => None,
        })
    }

    /// The same, with what is known of it, and the output that each reference is read through where none is said yet.
    #[must_use]
    pub(crate) fn read_through(&self, output: &Arc<str>, known: Option<Val>) -> Self {
        let piece = |piece: &LatePiece| match piece {
            LatePiece::Reference(reference) => LatePiece::Reference(LateReference {
                output: Some(reference.output.clone().unwrap_or_else(|| Arc::clone(output))),
                ..reference.clone()
            }),
            LatePiece::Text(_) | LatePiece::Raw(_) => piece.clone(),
        };
        Self { pieces: self.pieces.iter().map(piece).collect(), known: known.or_else(|| self.known.clone()) }
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

/// The late value in a sentence: its address if it is one reference.
pub(super) fn words(late: &Late) -> String {
    late.as_reference().map(|reference| reference.address.to_string()).unwrap_or_default()
}

impl Late {
    /// About as many bytes as it takes.
    pub(crate) fn size(&self) -> usize {
        let piece = |piece: &LatePiece| match piece {
            LatePiece::Text(text) | LatePiece::Raw(text) => text.len(),
            LatePiece::Reference(reference) => 64 + reference.address.len(),
        };
        self.pieces.iter().map(piece).sum()
    }

    /// The late value of a field; none if this is text, which has no fields.
    pub(super) fn field(&self, field: &str, span: Span) -> Option<Late> {
        let plain = !field.is_empty()
            && !field.starts_with(|first: char| first.is_ascii_digit() || first == '-')
            && field.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        let known = if let Some(Val::Map(map)) = &self.known { map.get(&Key::String(field.into())).cloned() } else { None };
        if plain {
            return self.extend(&format!(".{field}"), known, span);
        }
        let escaped = field.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${").replace("%{", "%%{");
        self.extend(&format!("[\"{}\"]", escaped.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t")), known, span)
    }

    /// The late value of an item; none if this is text.
    pub(super) fn item(&self, index: i64, span: Span) -> Option<Late> {
        let known =
            if let Some(Val::List(items)) = &self.known { usize::try_from(index).ok().and_then(|at| items.get(at)).cloned() } else { None };
        self.extend(&format!("[{index}]"), known, span)
    }

    /// What lies one step inside, of which this is known.
    fn extend(&self, step: &str, known: Option<Val>, span: Span) -> Option<Late> {
        let reference = self.as_reference()?;
        let address = format!("{}{step}", reference.address).into();
        Some(Late { known, ..Late::reference(LateReference { address, span, ..reference.clone() }) })
    }
}
