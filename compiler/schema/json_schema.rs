//! A type as JSON Schema, for editors. Definitions are layers: fields may come from elsewhere, keys may carry operators, and every scalar
//! may be an expression. So the schema is looser than `check`, and never marks what platc takes.

use super::{FieldReplaces, ListMerge, Markers, Record, Shape, Type, notation};
use crate::name::Kind;
use crate::value::{Data, Value};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// Of so many fields each pair is ruled out; editors need no more.
const CHOICES: usize = 8;

/// Types nest at most this deep; deeper, anything goes.
const DEPTH: usize = 64;

/// Where, in the schema of a source, the names of all things of a kind stand.
#[must_use]
pub fn things_of(kind: Kind) -> String {
    format!("things-of.{}", kind.singular())
}

/// Where, in the schema of a source, it stands how a file is taken in.
pub const TAKEN_FILE: &str = "taken-file";

/// The type as JSON Schema (draft 2020-12, in the subset that yaml-language-server and Taplo read).
///
/// Fields are `required` only in items of lists that do not merge: anything else may be completed by another layer.
#[must_use]
pub fn json_schema(type_: &Type) -> Json {
    let mut whole = schema(type_, false, &mut Vec::new(), DEPTH);
    // A definition as a whole is never an expression, and editors complete better without a choice at the top.
    match whole.get_mut("anyOf").and_then(|choices| choices.get_mut(0)) {
        Some(first) => first.take(),
        None => whole,
    }
}

/// `whole`: no other layer adds to the value. `names`: the named types this one is inside of.
fn schema(type_: &Type, whole: bool, names: &mut Vec<Arc<str>>, depth: usize) -> Json {
    // A type that holds itself would have no end; references do not survive being put into a larger schema.
    if depth == 0 || type_.name().is_some_and(|name| names.contains(name)) {
        return json!({});
    }
    let open = names.len();
    names.extend(type_.name().cloned());
    let resolved = type_.resolved();
    let mut plain = Map::new();
    shape(resolved, whole, names, depth, &mut plain);
    limits(resolved, &mut plain);
    names.truncate(open);
    let mut alternatives = match resolved.members() {
        [] => vec![Json::Object(plain)],
        members => members.iter().flat_map(|member| choices(schema(member, whole, names, depth - 1))).collect(),
    };
    if resolved.nullable() && !matches!(resolved.shape, Shape::Any) {
        alternatives.push(json!({"type": "null"}));
    }
    let free_text = (matches!(resolved.shape, Shape::Any) && resolved.markers.enum_.is_empty())
        || (matches!(resolved.shape, Shape::String) && alternatives.iter().all(|only| *only == json!({"type": "string"})))
        || (resolved.is_union() && alternatives.contains(&json!({"type": "string"})));
    if !free_text {
        alternatives.push(expression());
    }
    if alternatives.iter().all(|only| only.as_object().is_none_or(|only| !only.is_empty())) {
        alternatives.push(taken_file());
    }
    let mut out = match (alternatives.pop(), alternatives.is_empty()) {
        (Some(Json::Object(only)), true) => only,
        (last, _) => {
            alternatives.extend(last);
            Map::from_iter([("anyOf".to_owned(), Json::Array(alternatives))])
        }
    };
    annotations(&resolved.markers, resolved, &mut out);
    Json::Object(out)
}

/// Any text with an expression in it.
fn expression() -> Json {
    json!({"type": "string", "pattern": "\\$\\{"})
}

/// What a file holds, which may stand for any value.
fn taken_file() -> Json {
    json!({ "$ref": format!("#/definitions/{TAKEN_FILE}") })
}

/// What a value may be, each alone; that it may be an expression or come from a file is said of the whole.
fn choices(schema: Json) -> Vec<Json> {
    match schema.get("anyOf").and_then(Json::as_array) {
        Some(choices) if schema.as_object().is_some_and(|schema| schema.len() == 1) => {
            choices.iter().filter(|choice| **choice != expression() && **choice != taken_file()).cloned().collect()
        }
        Some(_) | None => vec![schema],
    }
}

fn shape(type_: &Type, whole: bool, names: &mut Vec<Arc<str>>, depth: usize, out: &mut Map<String, Json>) {
    let mut set = |key: &str, value: Json| out.insert(key.to_owned(), value);
    match &type_.shape {
        // Each member stands for itself.
        Shape::Any | Shape::Union(_) | Shape::Named(_) => {}
        Shape::Ref(referent) => {
            // What there is, for completion; an address or an expression may stand there too.
            let known = referent.kinds.iter().map(|kind| json!({ "$ref": format!("#/definitions/{}", things_of(*kind)) }));
            set("anyOf", known.chain([json!({ "type": "string" })]).collect());
        }
        Shape::String | Shape::Duration | Shape::Cidr | Shape::Semver => {
            set("type", json!("string"));
        }
        Shape::Integer => {
            set("type", json!("integer"));
        }
        Shape::Number => {
            set("type", json!("number"));
        }
        Shape::Boolean => {
            set("type", json!("boolean"));
        }
        Shape::Quantity => {
            set("type", json!(["string", "number"]));
        }
        Shape::Object => {
            set("type", json!("object"));
        }
        Shape::List(item) => {
            set("type", json!("array"));
            let atomic = type_.markers.list_merge == ListMerge::Atomic;
            set("items", schema(item, atomic, names, depth - 1));
        }
        Shape::Map(item) => {
            set("type", json!("object"));
            if let Some(pattern) = &type_.markers.key_pattern {
                // A key may carry an operator.
                set("propertyNames", json!({ "anyOf": [{ "pattern": &*pattern.text }, { "pattern": "[-+=!]$" }] }));
            }
            set("additionalProperties", schema(item, whole, names, depth - 1));
            if !whole {
                // `key-:` takes an entry out, and has nothing or `true` behind it.
                set("patternProperties", json!({"[-+=!]$": {}}));
            }
        }
        Shape::Record(record) => {
            set("type", json!("object"));
            let mut properties = Map::new();
            let mut required = Vec::new();
            let mut keys = Vec::new();
            for field in record.fields() {
                properties.insert(field.name.to_string(), schema(&field.type_, whole, names, depth - 1));
                keys.push(regex_syntax::escape(&field.name));
                let markers = &field.type_.resolved().markers;
                if whole && markers.required && markers.default.is_none() {
                    required.push(Json::from(&*field.name));
                }
            }
            set("properties", Json::Object(properties));
            if !keys.is_empty() {
                let operators = format!("^({})[-+=!]$", keys.join("|"));
                set("patternProperties", json!({operators: {}}));
            }
            if !required.is_empty() {
                set("required", Json::Array(required));
            }
            set("additionalProperties", json!(false));
            let pairs = exclusions(record);
            if !pairs.is_empty() {
                set("allOf", Json::Array(pairs));
            }
        }
    }
}

/// A layer sets one field of a choice at most.
fn exclusions(record: &Record) -> Vec<Json> {
    let choices = record.choices().iter().filter(|choice| choice.members.len() <= CHOICES);
    let pairs = choices.flat_map(|choice| {
        let members = choice.members.iter().enumerate();
        members.flat_map(|(at, first)| choice.members.iter().skip(at + 1).map(move |second| (first, second)))
    });
    pairs.map(|(first, second)| json!({ "not": { "required": [&**first, &**second] } })).collect()
}

fn limits(type_: &Type, out: &mut Map<String, Json>) {
    // Each member has its own.
    if type_.is_union() {
        return;
    }
    let markers = &type_.markers;
    let mut set = |key: &str, value: Option<Json>| {
        if let Some(value) = value {
            out.insert(key.to_owned(), value);
        }
    };
    // What a secret may be says what it is.
    set("enum", (!markers.enum_.is_empty() && !type_.holds_secrets()).then(|| markers.enum_.iter().map(plain).collect()));
    set("pattern", markers.pattern.as_ref().map(|pattern| json!(&*pattern.text)));
    set("minLength", markers.min_length.map(Json::from));
    set("maxLength", markers.max_length.map(Json::from));
    let numeric = matches!(type_.shape, Shape::Integer | Shape::Number) && !markers.secret;
    set("minimum", markers.minimum.as_ref().filter(|_| numeric).map(plain));
    set("maximum", markers.maximum.as_ref().filter(|_| numeric).map(plain));
    let (least, most) = if matches!(type_.shape, Shape::List(_)) { ("minItems", "maxItems") } else { ("minProperties", "maxProperties") };
    // A layer may add to a list or map that merges.
    let merges = !matches!(type_.shape, Shape::List(_)) || markers.list_merge != ListMerge::Atomic;
    set(least, markers.min_items.filter(|_| !merges).map(Json::from));
    set(most, markers.max_items.map(Json::from));
    set("uniqueItems", markers.unique_items.then_some(Json::Bool(true)));
}

fn annotations(markers: &Markers, type_: &Type, out: &mut Map<String, Json>) {
    let mut words: Vec<String> = markers.description.iter().map(|text| text.to_string()).collect();
    let mut facts = Vec::new();
    if markers.required {
        facts.push("required".to_owned());
    }
    // What JSON Schema cannot say is said in words.
    if matches!(type_.shape, Shape::Quantity | Shape::Duration | Shape::Cidr | Shape::Semver) {
        facts.push(std::iter::once(notation::notation(type_)).chain(notation::limits(type_)).collect::<Vec<_>>().join(", "));
    }
    facts.extend(markers.replaces.iter().map(FieldReplaces::words));
    facts.extend(markers.hazard.iter().map(|_| "`platc diff --against` warns of some changes".to_owned()));
    if let Some(reason) = &markers.deprecated {
        facts.push(if reason.is_empty() { "deprecated".to_owned() } else { format!("deprecated: {reason}") });
        out.insert("deprecated".to_owned(), json!(true));
    }
    if !facts.is_empty() {
        words.push(format!("({})", facts.join("; ")));
    }
    if !words.is_empty() {
        out.insert("description".to_owned(), Json::from(words.join(" ")));
    }
    if let Some(default) = markers.default.as_ref().filter(|_| !type_.holds_secrets()) {
        out.insert("default".to_owned(), plain(default));
    }
    if !markers.examples.is_empty() && !type_.holds_secrets() {
        out.insert("examples".to_owned(), markers.examples.iter().map(plain).collect());
    }
}

/// A value of a schema as JSON.
fn plain(value: &Value) -> Json {
    match &value.data {
        Data::Null | Data::Late(_) | Data::Broken => Json::Null,
        Data::Bool(bool) => Json::from(*bool),
        Data::Int(int) => Json::from(*int),
        Data::Float(float) => Json::from(*float),
        Data::String(text) => Json::from(&**text),
        Data::Template(_) | Data::Pending(_) => Json::from("${…}"),
        Data::List(list) => list.items().iter().map(plain).collect(),
        Data::Map(map) => Json::Object(map.entries().iter().map(|entry| (entry.key.to_string(), plain(&entry.value))).collect()),
    }
}
