//! Small parts that the schema for editors is made of. Comes in: names. Leaves: JSON that says nothing about a class itself.

use crate::definition::Class;
use crate::definition::overriding::SECTIONS;
use crate::definition::shaping::Shaping;
use crate::name::Kind;
use serde_json::{Value as Json, json};

/// A definition may be written with nothing in it.
pub(super) fn maybe_empty() -> Json {
    json!(["object", "null"])
}

pub(super) fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// A map of names.
pub(super) fn map_of(each: &Json, description: Option<&Json>) -> Json {
    let mut map = json!({ "type": maybe_empty(), "additionalProperties": each });
    if let (Some(map), Some(text)) = (map.as_object_mut(), description) {
        map.insert("description".to_owned(), text.clone());
    }
    map
}

/// One name, or a list of them.
pub(super) fn names() -> Json {
    json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] })
}

/// A text that names what there is outside.
pub(super) fn identity() -> Json {
    json!({ "type": "string", "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", "maxLength": 63 })
}

/// What is overridden: some of the sections of a class.
pub(super) fn sections() -> Json {
    let sections = SECTIONS.map(|section| (section.to_owned(), json!({ "type": maybe_empty() })));
    let removed = SECTIONS.map(|section| (format!("^{section}[-+=!]$"), json!({})));
    json!({
        "type": maybe_empty(),
        "properties": serde_json::Map::from_iter(sections),
        "patternProperties": serde_json::Map::from_iter(removed),
        "additionalProperties": false,
    })
}

/// The last part of a definition's name in the table of a class: `cluster.eks`.
pub(super) fn id(class: &Class) -> String {
    class.full.replace('/', ".")
}

/// What shapes a definition and holds no part of one.
pub(super) fn own() -> impl Iterator<Item = Shaping> {
    Shaping::ALL.into_iter().filter(|shaping| !shaping.holds_parts())
}

/// Where the names of all classes of a kind stand.
pub(super) fn names_of(kind: Kind) -> String {
    format!("names-of.{}", kind.singular())
}

pub(super) fn add(schema: &mut Json, name: &str, property: Json) {
    if let Some(properties) = schema.pointer_mut("/properties").and_then(Json::as_object_mut) {
        properties.insert(name.to_owned(), property);
    }
}

/// Lets a field carry an operator.
pub(super) fn operators(schema: &mut Json, name: &str) {
    if let Some(patterns) = schema.pointer_mut("/patternProperties").and_then(Json::as_object_mut) {
        patterns.insert(format!("^{name}[-+=!]$"), json!({}));
    }
}

pub(super) fn allow_empty(schema: &mut Json) {
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("type".to_owned(), maybe_empty());
    }
}
