//! Values of types that have functions instead of parts: what a text means, beside how it was written. Outside of expressions the written
//! scalar stands for them again, so that `1024Mi` stays `1024Mi`; one that a function made has one spelling.

use super::val::{Val, double_text};
use crate::unit::quantity::{ONE, Quantity};
use crate::unit::{Meaning, Misshape, Notation};
use std::sync::Arc;

/// A value of a type that has functions instead of parts.
#[derive(Clone, Debug)]
pub struct Opaque {
    /// What it means. Two are equal if they mean the same.
    pub meaning: Meaning,
    /// The text or number that somebody wrote.
    written: Option<Val>,
}

impl Opaque {
    /// The outcome of a function.
    pub(super) fn made(meaning: Meaning) -> Val {
        Val::Opaque(Arc::new(Opaque { meaning, written: None }))
    }

    /// The scalar that stands for it outside of expressions.
    #[must_use]
    pub fn plain(&self) -> Val {
        self.written.clone().unwrap_or_else(|| Val::string(self.meaning.to_string()))
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> Arc<str> {
        match &self.written {
            Some(Val::String(text)) => Arc::clone(text),
            Some(Val::Int(int)) => int.to_string().into(),
            Some(Val::Double(double)) => double_text(*double).into(),
            Some(_) | None => self.meaning.to_string().into(),
        }
    }

    /// About as many bytes as its text has.
    pub(super) fn size(&self) -> usize {
        match &self.written {
            Some(Val::String(text)) => text.len(),
            Some(_) | None => 0,
        }
    }
}

impl Val {
    /// A written scalar as what it means in a notation; what cannot be of it, such as null, is what it was.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn in_notation(self, notation: Notation) -> Result<Val, Misshape> {
        match meaning(&self, notation) {
            None => Ok(self),
            Some(meaning) => Ok(Val::Opaque(Arc::new(Opaque { meaning: meaning?, written: Some(self) }))),
        }
    }
}

/// What a scalar means in a notation; none if it cannot be of it. Amounts are written as numbers too.
pub(super) fn meaning(value: &Val, notation: Notation) -> Option<Result<Meaning, Misshape>> {
    let whole = |number: i128| Ok(Meaning::Quantity(Quantity { billionths: number * ONE, binary: false }));
    match (value, notation) {
        (Val::String(text), _) => Some(notation.read(text)),
        (Val::Int(int), Notation::Quantity) => Some(whole(i128::from(*int))),
        (Val::Uint(uint), Notation::Quantity) => Some(whole(i128::from(*uint))),
        // Not-a-number and what is infinite are no amounts.
        (Val::Double(double), Notation::Quantity) => Some(notation.read(&double.to_string())),
        (Val::Opaque(opaque), _) => (opaque.meaning.notation() == notation).then(|| Ok(opaque.meaning.clone())),
        (
            Val::Null
            | Val::Bool(_)
            | Val::Int(_)
            | Val::Uint(_)
            | Val::Double(_)
            | Val::Bytes(_)
            | Val::List(_)
            | Val::Map(_)
            | Val::Type(_)
            | Val::Optional(_)
            | Val::Late(_)
            | Val::Node(_),
            _,
        ) => None,
    }
}
