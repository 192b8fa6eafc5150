//! What a name may be where one is written: of classes, of things, and in the fields that shape a definition. Comes in: definitions. Leaves: the
//! choices that editors complete.

use super::SchemaMaker;
use super::parts::{identity, names, names_of, reference};
use crate::definition::shaping::Shaping;
use crate::name::Kind;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

impl SchemaMaker<'_> {
    /// The names of all classes of a kind, in one place.
    pub(super) fn names_of_classes(&self, kind: Kind) -> Json {
        let mut shape = self.shape(Shaping::Class.word());
        let known: Vec<&str> = self.classes(kind).into_iter().filter(|class| !class.is_hidden).map(|class| &*class.name.name).collect();
        if let Some(map) = shape.as_object_mut().filter(|_| !known.is_empty()) {
            map.insert("enum".to_owned(), json!(known));
        }
        shape
    }

    /// The names of all things of a kind, which references may say.
    pub(super) fn names_of_things(&self, kind: Kind) -> Json {
        let top = self.definitions.of_kind(kind).filter(|definition| !definition.is_abstract && kind.home().is_none());
        let inner = self.definitions.definitions.iter().flat_map(|home| &home.inner).chain(&self.definitions.common.inner);
        let all = top.chain(inner.filter(|inner| inner.kind == kind));
        let known: BTreeSet<&str> = all.map(|definition| &*definition.name.name).collect();
        if known.is_empty() { json!({ "type": "string" }) } else { json!({ "enum": known }) }
    }

    /// A field that shapes a definition.
    pub(super) fn shaping(&self, kind: Kind, field: Shaping) -> Json {
        let mut shape = self.shape(field.word());
        let Some(map) = shape.as_object_mut() else { return shape };
        match field {
            Shaping::Class => return reference(&names_of(kind)),
            Shaping::Identity => map.extend(identity().as_object().cloned().unwrap_or_default()),
            Shaping::Inherits => map.extend(names().as_object().cloned().unwrap_or_default()),
            Shaping::Abstract => {
                map.remove("anyOf");
                map.insert("type".to_owned(), json!("boolean"));
            }
            // What holds parts of definitions differs from class to class.
            Shaping::Environments | Shaping::Clusters | Shaping::NodePools | Shaping::Applications => {}
        }
        shape
    }
}
