//! The schema as a whole. Comes in: its parts, one after the other. Leaves: one document, part by part as it is written. The parts wait as
//! text, because as trees they take twenty times as much, and a project can have thousands of classes.

use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A JSON Schema (draft 7).
#[derive(Debug, Default)]
pub struct JsonSchema {
    /// What stands at the top of a source.
    pub(super) properties: Json,
    /// What the rest refers to, by name.
    pub(super) definitions: SchemaTable,
}

/// Parts by name.
#[derive(Debug, Default)]
pub(super) struct SchemaTable(BTreeMap<String, String>);

impl SchemaTable {
    pub(super) fn insert(&mut self, name: String, part: &Json) {
        self.0.insert(name, part.to_string());
    }
}

impl Serialize for JsonSchema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("$schema", "http://json-schema.org/draft-07/schema#")?;
        map.serialize_entry("additionalProperties", &false)?;
        map.serialize_entry("definitions", &self.definitions)?;
        map.serialize_entry("description", "Definitions of a Kubernetes platform.")?;
        map.serialize_entry("properties", &self.properties)?;
        map.serialize_entry("title", "platc")?;
        map.serialize_entry("type", "object")?;
        map.end()
    }
}

impl Serialize for SchemaTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, part) in &self.0 {
            map.serialize_entry(name, &serde_json::from_str::<Json>(part).map_err(S::Error::custom)?)?;
        }
        map.end()
    }
}
