//! What an API server would refuse in the schema of a CustomResourceDefinition: words and forms that mean nothing there, and would switch a check
//! off without a word. In comes the node of an `openAPIV3Schema`, out go diagnostics. What only some servers refuse is passed by.

use super::errors;
use crate::diagnostic::Diagnostics;
use crate::document::{Node, NodeData};

/// The types that a schema can name.
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// What a key of a schema takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// One of a few words.
    Word(&'static [&'static str]),
    Text,
    Number,
    Switch,
    /// A list of anything.
    List,
    /// A list of names.
    Texts,
    /// A schema.
    Schema,
    /// A schema, or true or false.
    SchemaOrSwitch,
    /// A list of schemas.
    Schemas,
    /// Schemas by name.
    Fields,
}

impl Takes {
    fn of(key: &str) -> Option<Self> {
        Some(match key {
            "type" => Self::Word(&TYPES),
            "x-kubernetes-list-type" => Self::Word(&["atomic", "map", "set"]),
            "x-kubernetes-map-type" => Self::Word(&["atomic", "granular"]),
            "format" | "pattern" => Self::Text,
            "minimum" | "maximum" | "multipleOf" | "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties" => Self::Number,
            "nullable"
            | "exclusiveMinimum"
            | "exclusiveMaximum"
            | "x-kubernetes-int-or-string"
            | "x-kubernetes-embedded-resource"
            | "x-kubernetes-preserve-unknown-fields" => Self::Switch,
            "enum" | "x-kubernetes-validations" => Self::List,
            "required" | "x-kubernetes-list-map-keys" => Self::Texts,
            "items" | "not" => Self::Schema,
            "additionalProperties" => Self::SchemaOrSwitch,
            "allOf" | "anyOf" | "oneOf" => Self::Schemas,
            "properties" => Self::Fields,
            _ => return None,
        })
    }

    fn words(self) -> String {
        match self {
            Self::Word(words) => format!("one of {}", crate::name::listed(words.iter().copied())),
            Self::Text => "text".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Switch => "true or false".to_owned(),
            Self::List => "a list".to_owned(),
            Self::Texts => "a list of names".to_owned(),
            Self::Schema => "a schema".to_owned(),
            Self::SchemaOrSwitch => "a schema, or true or false".to_owned(),
            Self::Schemas => "a list of schemas".to_owned(),
            Self::Fields => "schemas by the names of fields".to_owned(),
        }
    }
}

/// Reports what is wrong in a schema of a kind. It nests no deeper than the document that it stands in.
pub(super) fn check(kind: &str, schema: &Node, diagnostics: &mut Diagnostics) {
    let NodeData::Map(pairs) = &schema.data else {
        if !is_nothing(schema) {
            diagnostics.push(errors::misshapen(kind, "openAPIV3Schema", &Takes::Schema.words(), schema.span));
        }
        return;
    };
    for pair in pairs.iter().filter(|pair| !is_nothing(&pair.value)) {
        let Some(takes) = Takes::of(&pair.key.text) else { continue };
        let value = &pair.value;
        if let (Takes::Word(words), Some(word)) = (takes, value.as_text()) {
            if !words.contains(&word) {
                diagnostics.push(errors::unknown_word(kind, &pair.key.text, word, words, value.span));
            }
        } else if !is_of(takes, value) {
            diagnostics.push(errors::misshapen(kind, &pair.key.text, &takes.words(), value.span));
        } else {
            below(kind, takes, value, diagnostics);
        }
    }
}

fn below(kind: &str, takes: Takes, value: &Node, diagnostics: &mut Diagnostics) {
    match (takes, &value.data) {
        (Takes::Schema | Takes::SchemaOrSwitch, NodeData::Map(_)) => check(kind, value, diagnostics),
        (Takes::Schemas, NodeData::List(items)) => items.iter().for_each(|item| check(kind, item, diagnostics)),
        (Takes::Fields, NodeData::Map(fields)) => fields.iter().for_each(|field| check(kind, &field.value, diagnostics)),
        (_, _) => {}
    }
}

fn is_of(takes: Takes, value: &Node) -> bool {
    let is_schema = |node: &Node| matches!(node.data, NodeData::Map(_)) || is_nothing(node);
    match (takes, &value.data) {
        (Takes::Text, NodeData::String(_))
        | (Takes::Number, NodeData::Int(_) | NodeData::Float(_))
        | (Takes::Switch | Takes::SchemaOrSwitch, NodeData::Bool(_))
        | (Takes::Schema | Takes::SchemaOrSwitch, NodeData::Map(_))
        | (Takes::List, NodeData::List(_)) => true,
        (Takes::Texts, NodeData::List(items)) => items.iter().all(|item| item.as_text().is_some() || is_nothing(item)),
        (Takes::Schemas, NodeData::List(items)) => items.iter().all(is_schema),
        (Takes::Fields, NodeData::Map(fields)) => fields.iter().all(|field| is_schema(&field.value)),
        (_, _) => false,
    }
}

/// Whether nothing is said, or what is wrong is told already.
fn is_nothing(node: &Node) -> bool {
    matches!(node.data, NodeData::Null | NodeData::Broken)
}
