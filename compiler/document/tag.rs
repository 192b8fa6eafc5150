//! Tags of YAML's core schema, the only ones that say what a node is anyway.

use super::NodeData;
use granit_parser::Tag;

/// Whether a tag is this one of the core schema: `str`, `map`.
pub(super) fn is_core(tag: &Tag, name: &str) -> bool {
    tag.is_yaml_core_schema_tag(name)
}

/// What the core schema calls the node.
pub(super) fn core_name(data: &NodeData) -> &'static str {
    match data {
        NodeData::Null | NodeData::Broken => "null",
        NodeData::Bool(_) => "bool",
        NodeData::Int(_) => "int",
        NodeData::Float(_) => "float",
        NodeData::String(_) => "str",
        NodeData::List(_) => "seq",
        NodeData::Map(_) => "map",
    }
}
