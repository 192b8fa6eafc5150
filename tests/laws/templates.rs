//! How templates merge, on random classes with parents and on random overrides: the compiler comes to what a naive reader comes to who expands
//! every layer and then merges by hand. The layers are made expanded, and disguised as loops, conditions and expressions.

use super::generate::Bytes;
use super::law_of;
use crate::support::{self, Project};
use platc::query::show;
use serde_json::{Map, Value, json};
use std::cell::Cell;

#[test]
fn templates_meet_after_they_are_expanded() {
    let (fine, wrong) = (Cell::new(0), Cell::new(0));
    law_of(250, 500, |bytes| {
        let kind = KINDS[usize::from(bytes.below(u8::try_from(KINDS.len()).unwrap()))];
        let classes: Vec<Value> = (0..1 + bytes.below(3)).map(|at| pod(bytes, at > 0)).collect();
        let overrides: Vec<Value> = (0..bytes.below(4)).map(|_| pod(bytes, true)).collect();
        let mut expected: Result<Option<Value>, Wrong> = Ok(None);
        for layer in classes.iter().chain(&overrides) {
            expected = expected.and_then(|base| met(base.as_ref(), "", layer, "", kind.is_known).map(Some));
        }
        // A container that nobody gives an image has a misspelt name.
        let lacks = |pod: &Value| pod["containers"].as_array().is_some_and(|all| all.iter().any(|one| one["image"].is_null()));
        let expected = expected.and_then(|pod| if kind.is_known && pod.as_ref().is_some_and(lacks) { Err(Wrong) } else { Ok(pod) });
        let project = project(kind, &classes, &overrides, bytes);
        let compilation = platc::compile(&project.system(), &platc::Options::default());
        let said = support::said(&compilation);
        match expected {
            // Nobody asks what is wrong with what is replaced or removed as a whole.
            Err(Wrong) if said.is_empty() && classes.iter().chain(&overrides).any(drops) => Ok(()),
            Err(Wrong) if said.is_empty() => Err(format!("nothing is said against\n{}", project.text())),
            Err(Wrong) => {
                wrong.set(wrong.get() + 1);
                Ok(())
            }
            Ok(_) if !said.is_empty() => Err(format!("{said}\n{}", project.text())),
            Ok(expected) => {
                let manifest = &compilation.objects.renderings[0].manifests[0];
                let found = show::json(&show::tree(&manifest.value, &platc::secret::Secrets::default()));
                let found = found.pointer(kind.pointer).cloned();
                fine.set(fine.get() + 1);
                if found == expected {
                    return Ok(());
                }
                let text = |value: &Option<Value>| format!("{:#}\n", value.clone().unwrap_or_default());
                Err(format!("{}\n{}", support::difference(&text(&expected), &text(&found)), project.text()))
            }
        }
    });
    assert!(fine.get() > 60 && wrong.get() > 20, "{} platforms came to something, {} were wrong", fine.get(), wrong.get());
}

/// An object with a pod in it, and whether anybody knows that it is one.
#[derive(Clone, Copy)]
struct ObjectKind {
    version: &'static str,
    kind: &'static str,
    pointer: &'static str,
    is_known: bool,
}

const KINDS: [ObjectKind; 4] = [
    ObjectKind { version: "v1", kind: "Pod", pointer: "/spec", is_known: true },
    ObjectKind { version: "apps/v1", kind: "Deployment", pointer: "/spec/template/spec", is_known: true },
    ObjectKind { version: "argoproj.io/v1alpha1", kind: "Rollout", pointer: "/spec/template/spec", is_known: true },
    ObjectKind { version: "example.com/v1", kind: "Thing", pointer: "/spec/inner", is_known: false },
];

/// What a naive reader objects to.
#[derive(Debug)]
struct Wrong;

/// What is left when a layer, written with an operator at a field, meets what is there.
fn met(base: Option<&Value>, operator: &str, layer: &Value, field: &str, is_known: bool) -> Result<Value, Wrong> {
    match (operator, base, layer) {
        ("=", _, _) | (_, None, _) if operator != "-" => settled(layer, is_known),
        ("" | "+", Some(Value::Object(base)), Value::Object(layer)) => maps(base, layer, is_known).map(Value::Object),
        ("", Some(Value::Array(base)), Value::Array(layer)) if is_known && keys(field).is_some() => {
            let mut items = base.clone();
            for item in layer {
                match items.iter().position(|have| name(have, field) == name(item, field)) {
                    Some(at) => items[at] = met(Some(&items[at]), "", item, "", is_known)?,
                    None => items.push(settled(item, is_known)?),
                }
            }
            Ok(Value::Array(items))
        }
        ("+", Some(Value::Array(base)), Value::Array(layer)) => {
            let mut items = base.clone();
            for item in layer {
                let has = items.iter().any(|have| name(have, field) == name(item, field));
                if is_known && keys(field).is_some() && has {
                    return Err(Wrong);
                }
                items.push(settled(item, is_known)?);
            }
            Ok(Value::Array(items))
        }
        ("-", Some(Value::Array(base)), Value::Array(layer)) => {
            let mut items = base.clone();
            for item in layer {
                let is_meant = |have: &Value| {
                    let by_key = is_known && keys(field).is_some();
                    have == item || (by_key && (name(have, field) == name(item, field) || first(have, field) == Some(item)))
                };
                let before = items.len();
                items.retain(|have| !is_meant(have));
                if items.len() == before {
                    return Err(Wrong);
                }
            }
            Ok(Value::Array(items))
        }
        ("-", _, _) => Err(Wrong),
        _ => settled(layer, is_known),
    }
}

fn maps(base: &Map<String, Value>, layer: &Map<String, Value>, is_known: bool) -> Result<Map<String, Value>, Wrong> {
    let mut result = base.clone();
    for (key, value) in layer {
        let (field, operator) = match key.strip_suffix(['+', '-', '=']) {
            Some(field) => (field, &key[field.len()..]),
            None => (key.as_str(), ""),
        };
        if operator == "-" && value.is_null() {
            result.remove(field).ok_or(Wrong)?;
        } else {
            let left = met(result.get(field), operator, value, field, is_known)?;
            result.insert(field.to_owned(), left);
        }
    }
    Ok(result)
}

/// A layer that meets nothing.
fn settled(layer: &Value, is_known: bool) -> Result<Value, Wrong> {
    match layer {
        Value::Object(map) => maps(&Map::new(), map, is_known).map(Value::Object),
        Value::Array(items) => items.iter().map(|item| settled(item, is_known)).collect::<Result<_, _>>().map(Value::Array),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(layer.clone()),
    }
}

/// Whether a layer replaces or removes a field as a whole.
fn drops(layer: &Value) -> bool {
    match layer {
        Value::Object(map) => map.iter().any(|(key, value)| key.ends_with('=') || value.is_null() || drops(value)),
        Value::Array(items) => items.iter().any(drops),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn keys(field: &str) -> Option<&'static [&'static str]> {
    match field {
        "containers" | "env" => Some(&["name"]),
        "ports" => Some(&["containerPort", "protocol"]),
        _ => None,
    }
}

/// What names an item of a list.
fn name(item: &Value, field: &str) -> Vec<Value> {
    let keys = keys(field).unwrap_or_default().iter();
    keys.map(|key| item.get(*key).cloned().unwrap_or(if *key == "protocol" { json!("TCP") } else { Value::Null })).collect()
}

/// What may name it alone.
fn first<'v>(item: &'v Value, field: &str) -> Option<&'v Value> {
    let is_usual = item.get("protocol").is_none_or(|protocol| protocol == "TCP");
    item.get(keys(field)?.first()?).filter(|_| is_usual)
}

/// What one layer says of a pod, expanded; only what meets others has operators.
fn pod(bytes: &mut Bytes, meets: bool) -> Value {
    let mut pod = Map::new();
    let containers = |bytes: &mut Bytes| items(bytes, &["a", "b", "c"], |bytes, name| container(bytes, name, meets));
    said(&mut pod, "containers", meets, bytes, containers, |bytes| json!([bytes.pick(&["a", "b", "c"])]));
    if meets && bytes.one_in(2) {
        pod.insert("nodeSelector".into(), json!({ bytes.pick(&["x", "y"]): bytes.pick(&["1", "2"]) }));
    } else if !meets {
        pod.insert("nodeSelector".into(), json!({ "x": "0" }));
    }
    Value::Object(pod)
}

fn container(bytes: &mut Bytes, name: &str, meets: bool) -> Value {
    let mut item = Map::from_iter([("name".to_owned(), json!(name))]);
    if !meets || bytes.one_in(3) {
        item.insert("image".into(), json!(bytes.pick(&["one", "two", "three"])));
    }
    let env =
        |bytes: &mut Bytes| items(bytes, &["X", "Y", "Z"], |bytes, name| json!({ "name": name, "value": bytes.pick(&["1", "2", "3"]) }));
    said(&mut item, "env", meets, bytes, env, |bytes| json!([{ "name": bytes.pick(&["X", "Y", "Z"]) }]));
    let port = |bytes: &mut Bytes, protocol: &str| match protocol {
        "" => json!({ "containerPort": 80, "name": bytes.pick(&["p", "q"]) }),
        protocol => json!({ "containerPort": 80, "protocol": protocol }),
    };
    let ports = |bytes: &mut Bytes| items(bytes, &["", "UDP"], port);
    said(&mut item, "ports", meets, bytes, ports, |_| json!([80]));
    said(&mut item, "args", meets, bytes, |bytes| json!([bytes.pick(&["u", "v"])]), |bytes| json!([bytes.pick(&["u", "v"])]));
    Value::Object(item)
}

/// Perhaps says something of a field.
fn said(
    map: &mut Map<String, Value>,
    field: &str,
    meets: bool,
    bytes: &mut Bytes,
    list: impl Fn(&mut Bytes) -> Value,
    gone: impl Fn(&mut Bytes) -> Value,
) {
    let (operator, value) = match bytes.below(if meets { 12 } else { 3 }) {
        0 if field != "containers" => return,
        0..=6 => ("", list(bytes)),
        7 | 8 => ("+", list(bytes)),
        9 => ("-", gone(bytes)),
        10 => ("=", list(bytes)),
        _ if field == "containers" => return,
        _ => ("-", Value::Null),
    };
    map.insert(format!("{field}{operator}"), value);
}

/// Some of the items that have names.
fn items(bytes: &mut Bytes, names: &[&str], item: impl Fn(&mut Bytes, &str) -> Value) -> Value {
    let mut list = Vec::new();
    for name in names {
        if list.is_empty() || bytes.one_in(2) {
            list.push(item(bytes, name));
        }
    }
    if bytes.one_in(3) {
        list.reverse();
    }
    Value::Array(list)
}

/// The same as a template: with loops, conditions that leave out what is not there, and expressions.
fn disguised(value: &Value, bytes: &mut Bytes) -> Value {
    if is_plain(value) && bytes.one_in(5) {
        return format!("${{{}}}", alone(value)).into();
    }
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), disguised(value, bytes))).collect::<Map<_, _>>().into(),
        Value::Array(items) => {
            let mut list: Vec<Value> = Vec::new();
            for item in items {
                if let Some(never) = item.as_object().filter(|_| bytes.one_in(6)) {
                    let never =
                        never.iter().map(|(key, value)| (key.clone(), value.clone())).chain([("$if".into(), json!("${self.never}"))]);
                    list.push(Value::Object(never.collect()));
                }
                let mut made = disguised(item, bytes);
                if let (Some(name), Some(map)) = (item.get("name"), made.as_object_mut().filter(|_| bytes.one_in(3))) {
                    map.insert("$for".into(), json!({ "round": [name] }));
                    map.insert("name".into(), json!("${round}"));
                } else if let Some(map) = made.as_object_mut().filter(|_| bytes.one_in(4)) {
                    map.insert("$if".into(), json!("${!self.never}"));
                }
                list.push(made);
            }
            Value::Array(list)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// Whether an expression can give it.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().all(|(key, value)| !key.ends_with(['+', '-', '=']) && is_plain(value)),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Null => false,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// The same where it is all there is: what computes nothing is refused there.
fn alone(value: &Value) -> String {
    match value {
        Value::Number(number) if number.is_f64() => format!("{number} + 0.0"),
        Value::Number(number) => format!("{number} + 0"),
        Value::Null => "[null][0]".to_owned(),
        Value::String(_) | Value::Array(_) | Value::Object(_) | Value::Bool(_) => expression(value),
    }
}

fn expression(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::String(text) => format!("'{text}'"),
        Value::Array(items) => format!("[{}]", joined(items.iter().map(expression).collect())),
        Value::Object(map) => format!("{{{}}}", joined(map.iter().map(|(key, value)| format!("'{key}': {}", expression(value))).collect())),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn project(kind: ObjectKind, classes: &[Value], overrides: &[Value], bytes: &mut Bytes) -> Project {
    let mut around = |pod: &Value| {
        let pod = disguised(pod, bytes);
        kind.pointer.split('/').skip(1).collect::<Vec<_>>().iter().rev().fold(pod, |inner, key| json!({ *key: inner }))
    };
    let mut written = Map::new();
    for (at, layer) in classes.iter().enumerate() {
        let mut object = around(layer);
        let mut class = json!({});
        if at == 0 {
            object["apiVersion"] = json!(kind.version);
            object["kind"] = json!(kind.kind);
            object["metadata"] = json!({ "name": "o", "namespace": "n" });
            if kind.kind == "Deployment" {
                object["spec"]["selector"] = json!({});
            }
            class["schema"] = json!({ "never": "boolean | default=false" });
        } else {
            class["inherits"] = json!(format!("k{}", at - 1));
        }
        class["manifests"] = json!({ "o": object });
        written.insert(format!("k{at}"), class);
    }
    let mut layers = overrides.iter().map(|layer| json!({ "override": { "manifests": { "o": around(layer) } } }));
    // The body, and overlays for the environment, for the cluster and for both: each stronger than the one before.
    let mut service = layers.next().unwrap_or_else(|| json!({}));
    service["class"] = json!(format!("k{}", classes.len() - 1));
    if let Some(layer) = layers.next() {
        service["environments"] = json!({ "e": layer });
    }
    if let Some(layer) = layers.next() {
        service["clusters"] = json!({ "c": layer });
    }
    let document = json!({
        "platform": { "name": "acme", "domain": "example.com" },
        "environments": { "e": {} },
        "clusters": { "c": { "class": "bare" } },
        "services": { "s": service },
        "classes": { "cluster": { "bare": {} }, "service": written },
    });
    let mut project = Project::default();
    project.files.insert("platform.yaml".into(), format!("{document:#}\n"));
    project
}
