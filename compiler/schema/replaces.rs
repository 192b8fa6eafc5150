//! What a change of a field replaces: the thing itself, what is named, or the thing if a condition over the old and the new value holds.

use crate::expression::Template;
use crate::name::Kind;
use crate::value::{Data, Value};
use std::sync::Arc;

/// What changing a field replaces.
#[derive(Clone, Debug)]
pub enum FieldReplaces {
    /// The thing that has the field.
    Thing,
    /// What is around the thing, or all that is in it.
    Named(Kind),
    /// The thing, if this holds.
    If(Arc<Template>),
}

impl FieldReplaces {
    /// What `replaces` says; nothing where it says `false`.
    ///
    /// # Errors
    /// If it says none of these: then nothing is known.
    pub(super) fn read(value: &Value) -> Result<Option<FieldReplaces>, ()> {
        match &value.data {
            Data::Bool(true) => Ok(Some(FieldReplaces::Thing)),
            Data::Bool(false) => Ok(None),
            Data::String(word) => {
                Kind::from_singular(word).or_else(|| Kind::from_plural(word)).map(|kind| Some(FieldReplaces::Named(kind))).ok_or(())
            }
            Data::Template(template) if template.single().is_some() || template.is_broken() => {
                Ok(Some(FieldReplaces::If(Arc::clone(template))))
            }
            Data::Null
            | Data::Int(_)
            | Data::Float(_)
            | Data::List(_)
            | Data::Map(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Late(_)
            | Data::Broken => Err(()),
        }
    }

    /// In a sentence: `changing it replaces the cluster`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            FieldReplaces::Thing => "changing it replaces the thing".to_owned(),
            FieldReplaces::Named(kind) => format!("changing it replaces the {}", kind.words()),
            FieldReplaces::If(_) => "some changes of it replace the thing".to_owned(),
        }
    }
}
