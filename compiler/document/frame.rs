//! What is put together of the events of a YAML parser: maps and lists that are open, with what they cost to copy.

use super::keys::Keys;
use super::{Node, Pair, Scalar};
use crate::span::Span;

/// A node with what it costs to copy it and how deep it is.
pub(super) struct Built {
    pub(super) node: Node,
    pub(super) nodes: usize,
    pub(super) depth: usize,
}

/// A map or list whose end has not come yet.
pub(super) struct Frame {
    pub(super) holds: Holds,
    pub(super) flow: bool,
    pub(super) anchor: usize,
    pub(super) span: Span,
    pub(super) nodes: usize,
    pub(super) depth: usize,
    /// Whether a key in it was none.
    pub(super) broken: bool,
}

pub(super) enum Holds {
    List(Vec<Node>),
    Map { pairs: Vec<Pair>, keys: Keys, key: PendingKey },
}

/// The key that waits for its value.
pub(super) enum PendingKey {
    None,
    /// `bool`: whether the pair is kept; a double is parsed, but dropped.
    Some(Scalar, Span, bool),
}

pub(super) enum Anchor {
    Open,
    Done { node: Node, nodes: usize, depth: usize },
}
