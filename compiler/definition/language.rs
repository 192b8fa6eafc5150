//! The fields that belong to the language: of the platform, of environments, and of every kind with classes. They are declared in
//! `stdlib/language.yaml` with the schema language itself, so that checking, editors and the reference share one statement.

use super::shaping::Shaping;
use super::{errors, root};
use crate::diagnostic::Diagnostics;
use crate::name::Kind;
use crate::origin::{LayerId, Origin};
use crate::schema::{self, Type};
use crate::source::Sources;
use crate::span::{FileId, Span};
use crate::value::{Entry, Value};
use std::sync::Arc;

/// Fields that need no class.
#[derive(Clone, Debug)]
pub struct Language {
    /// Fields of `platform`.
    pub platform: Arc<Type>,
    /// Fields of an environment but for `inherits`, `abstract`, `identity` and `defaults`.
    pub environment: Arc<Type>,
    /// Fields of a policy.
    pub policy: Arc<Type>,
    /// The keys at the top of a source.
    pub kinds: Arc<Type>,
    /// Fields that shape a definition before it has those of its class.
    pub shape: Arc<Type>,
    /// Sections of a class.
    pub class: Arc<Type>,
    /// Fields of a capability.
    pub capability: Arc<Type>,
    /// Sections of a fragment.
    pub fragment: Arc<Type>,
    /// Fields of a rule of a class.
    pub rule: Arc<Type>,
    blocks: Vec<Entry>,
}

impl Language {
    pub(super) fn load(sources: &Sources, blocks: &[Entry], diagnostics: &mut Diagnostics) -> Self {
        let compile = |name: &str, diagnostics: &mut Diagnostics| {
            let block = blocks.iter().find(|entry| &*entry.key == name).map_or_else(nothing, |entry| entry.value.clone());
            let types = blocks.iter().find(|entry| &*entry.key == "types").map(|entry| &entry.value);
            schema::compile(&block, types, sources, diagnostics)
        };
        Self {
            platform: compile("platform", diagnostics),
            environment: compile("environment", diagnostics),
            policy: compile("policy", diagnostics),
            kinds: compile("kinds", diagnostics),
            shape: compile("shape", diagnostics),
            class: compile("class", diagnostics),
            capability: compile("capability", diagnostics),
            fragment: compile("fragment", diagnostics),
            rule: compile("rule", diagnostics),
            blocks: blocks.to_vec(),
        }
    }

    /// The declarations of the language's own fields for a kind, as entries of a schema.
    pub(super) fn fields(&self, kind: Kind) -> Vec<Entry> {
        let mut fields = Vec::new();
        for name in ["definition", kind.singular()] {
            if let Some(map) = self.blocks.iter().find(|entry| &*entry.key == name).and_then(|entry| entry.value.as_map()) {
                fields.extend(map.entries().iter().cloned());
            }
        }
        fields
    }

    /// Whether a field of definitions of a kind belongs to the language, whatever their class.
    pub(crate) fn has(&self, kind: Kind, name: &str) -> bool {
        let blocks = self.blocks.iter().filter(|block| *block.key == *"definition" || *block.key == *kind.singular());
        Shaping::of(kind, name).is_some() || blocks.filter_map(|block| block.value.as_map()).any(|map| map.entry(name).is_some())
    }

    /// The schema of a class together with the language's fields of its kind; a class that declares one of those is reported.
    pub(super) fn combine(&self, kind: Kind, own: Option<&Value>, diagnostics: &mut Diagnostics) -> Value {
        let mut entries = self.fields(kind);
        let origin = own.map_or_else(|| nothing().origin, |value| value.origin);
        for entry in own.and_then(Value::as_map).map(crate::value::Map::entries).unwrap_or_default() {
            let shapes = Shaping::of(kind, &entry.key).is_some() || root::is_computed(kind, &entry.key);
            if shapes || entries.iter().any(|known| known.key == entry.key && known.value.origin.layer != entry.value.origin.layer) {
                diagnostics.push(errors::reserved_field(&entry.key, kind, entry.span));
            } else {
                entries.push(entry.clone());
            }
        }
        Value::map(entries, origin)
    }
}

/// An empty map from nowhere.
fn nothing() -> Value {
    Value::map(Vec::new(), Origin { span: Span { file: FileId(0), start: 0, end: 0 }, layer: LayerId::COMPUTED })
}
