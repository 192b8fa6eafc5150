//! Records: fields by name, in written order.

use super::{FieldChoice, Type};
use crate::name::Kind;
use crate::span::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The fields of a record.
#[derive(Clone, Debug, Default)]
pub struct Record {
    fields: Vec<Field>,
    index: BTreeMap<Arc<str>, usize>,
    /// Of which kind and class, if it is a whole definition.
    definition: Option<(Kind, Arc<str>)>,
    choices: Arc<[FieldChoice]>,
}

/// A field of a record.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub type_: Arc<Type>,
    /// Where its name stands in the schema.
    pub span: Span,
}

impl Record {
    /// A record of these fields; of two with the same name the first counts.
    #[must_use]
    pub fn new(fields: Vec<Field>) -> Self {
        let mut index = BTreeMap::new();
        for (at, field) in fields.iter().enumerate() {
            index.entry(Arc::clone(&field.name)).or_insert(at);
        }
        Self { fields, index, definition: None, choices: Arc::default() }
    }

    /// The same with fields that exclude each other.
    #[must_use]
    pub fn choosing(self, choices: impl Into<Arc<[FieldChoice]>>) -> Self {
        Self { choices: choices.into(), ..self }
    }

    /// Which fields exclude each other.
    #[must_use]
    pub fn choices(&self) -> &Arc<[FieldChoice]> {
        &self.choices
    }

    /// The same as a whole definition of a kind and class.
    #[must_use]
    pub(super) fn definition(self, of: (Kind, Arc<str>)) -> Self {
        Self { definition: Some(of), ..self }
    }

    /// Of which kind and class it is, if it is a whole definition.
    #[must_use]
    pub fn is_definition(&self) -> Option<(Kind, &Arc<str>)> {
        self.definition.as_ref().map(|(kind, name)| (*kind, name))
    }

    /// The same with other fields.
    #[must_use]
    pub(super) fn with_fields(&self, fields: Vec<Field>) -> Self {
        Self { definition: self.definition.clone(), choices: Arc::clone(&self.choices), ..Self::new(fields) }
    }

    /// The fields in written order.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Field> {
        self.index.get(name).and_then(|at| self.fields.get(*at))
    }
}
