//! Random platforms from random bytes, and their text: half the files YAML, half TOML. Zeros give the simplest platform, so that a
//! failure shrinks to little.

use super::naive::{Definition, Environment, Platform};
use crate::support::Project;
use serde_json::{Map, Value, json};

/// Choices; when there are no more bytes, always the first.
pub(super) struct Bytes<'a> {
    rest: std::slice::Iter<'a, u8>,
}

impl<'a> Bytes<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes.iter() }
    }

    pub(super) fn below(&mut self, limit: u8) -> u8 {
        self.rest.next().copied().unwrap_or(0) % limit
    }

    pub(super) fn one_in(&mut self, chances: u8) -> bool {
        self.below(chances) == chances - 1
    }

    pub(super) fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[usize::from(self.below(u8::try_from(from.len()).unwrap()))]
    }
}

pub(super) fn platform(bytes: &mut Bytes) -> Platform {
    let mut environments = Vec::new();
    for at in 0..=bytes.below(3) {
        let parent = if at == 0 { None } else { Some(usize::from(bytes.below(at))) };
        // The first stays, so that there is one that exists.
        let is_abstract = at > 0 && bytes.one_in(4);
        let mut defaults = if bytes.one_in(3) { fields(bytes, true) } else { Map::new() };
        // Items of lists that meet by themselves are fields of their own; a test of its own speaks of them.
        defaults.retain(|key, _| !key.starts_with("marks") && !key.starts_with("ports"));
        environments.push(Environment { name: format!("e{at}"), parent, is_abstract, defaults });
    }
    let clusters: Vec<String> = (0..=bytes.below(2)).map(|at| format!("c{at}")).collect();
    let mut defaults = if bytes.one_in(3) { fields(bytes, true) } else { Map::new() };
    let keeps = |map: &mut Map<String, Value>| map.retain(|key, value| key != "limits-" || !value.is_null());
    // A group that defaults remove and complete again is a story of its own.
    keeps(&mut defaults);
    environments.iter_mut().for_each(|environment| keeps(&mut environment.defaults));
    let mut definitions = Vec::new();
    for at in 0..=bytes.below(5) {
        let mut parents: Vec<usize> = Vec::new();
        if at > 0 {
            for _ in 0..bytes.below(3) {
                let parent = usize::from(bytes.below(at));
                if !parents.contains(&parent) {
                    parents.push(parent);
                }
            }
        }
        let mut definition = Definition::new(&format!("s{at}"), parents, fields(bytes, true));
        definition.is_abstract = bytes.one_in(5);
        for e in std::iter::once(None).chain((0..environments.len()).map(Some)) {
            for c in std::iter::once(None).chain((0..clusters.len()).map(Some)) {
                if (e, c) != (None, None) && bytes.one_in(3) {
                    definition.layers.insert((e, c), fields(bytes, true));
                }
            }
        }
        definitions.push(definition);
    }
    Platform { environments, clusters, defaults, definitions }
}

/// Fields of class `thing` without operators and without anything that only some orders of merging allow.
pub(super) fn plain_fields(bytes: &mut Bytes) -> Map<String, Value> {
    fields(bytes, false)
}

/// Fields of class `thing`.
pub(super) fn fields(bytes: &mut Bytes, operators: bool) -> Map<String, Value> {
    let mut map = Map::new();
    if !bytes.one_in(3) {
        let key = key("data", bytes, operators);
        let value = if key == "data-" { removal(bytes, &["a", "b", "list", "map"]) } else { Value::Object(free(bytes, operators, 2)) };
        map.insert(key, value);
    }
    if bytes.one_in(3) {
        let key = key("marks", bytes, operators);
        let value = match key.as_str() {
            "marks-" => removal(bytes, &["x", "y", "z"]),
            // Appending what is there already would break the set, which is another rule's business.
            "marks+" => json!([format!("t{}", bytes.below(200))]),
            _ => words(bytes),
        };
        map.insert(key, value);
    }
    if bytes.one_in(3) {
        let key = key("ports", bytes, operators);
        let value = match key.as_str() {
            "ports-" => removal(bytes, &["http", "web"]),
            "ports+" => json!([{ "name": format!("p{}", bytes.below(200)) }]),
            _ => ports(bytes, operators),
        };
        map.insert(key, value);
    }
    if bytes.one_in(3) {
        let key = key("level", bytes, operators);
        let value = if key == "level-" { Value::Null } else { json!(bytes.below(9)) };
        if key != "level+" {
            map.insert(key, value);
        }
    }
    if bytes.one_in(3) {
        let key = key("limits", bytes, operators);
        let value = if key == "limits-" { removal(bytes, &["low", "high"]) } else { json!({ "high": bytes.below(9) }) };
        map.insert(key, value);
    }
    map
}

fn key(name: &str, bytes: &mut Bytes, operators: bool) -> String {
    let operator = if operators { bytes.pick(&["", "", "", "", "", "", "", "+", "-", "=", "!", "+", "-"]) } else { "" };
    format!("{name}{operator}")
}

fn free(bytes: &mut Bytes, operators: bool, depth: u8) -> Map<String, Value> {
    let mut map = Map::new();
    for _ in 0..=bytes.below(3) {
        // Names with a usual kind, so that layers often fit each other, and some without.
        let name = bytes.pick(&["a", "list", "map", "b", "list", "map", "any"]);
        let key = key(name, bytes, operators);
        if map.keys().any(|known: &String| known.trim_end_matches(['+', '-', '=', '!']) == name) {
            continue;
        }
        let value = match (key.chars().last(), name) {
            (Some('-'), _) => removal(bytes, &["a", "x", "y"]),
            (_, "list") => words(bytes),
            (_, "map") if depth > 0 => Value::Object(free(bytes, operators, depth - 1)),
            (_, "any") => match bytes.below(4) {
                0 => Value::Null,
                1 => json!({}),
                2 => words(bytes),
                _ => json!({ "x": 1 }),
            },
            _ => scalar(bytes, operators),
        };
        map.insert(key, value);
    }
    map
}

fn scalar(bytes: &mut Bytes, nulls: bool) -> Value {
    match bytes.below(8) {
        0 => json!(0),
        1 => json!(""),
        2 => json!(false),
        3 if nulls => Value::Null,
        4 => json!("text"),
        5 => json!("1"),
        _ => json!(i32::from(bytes.below(100))),
    }
}

fn words(bytes: &mut Bytes) -> Value {
    let mut list = Vec::new();
    for _ in 0..bytes.below(4) {
        let word = bytes.pick(&["x", "y", "z", "a"]);
        if !list.contains(&json!(word)) {
            list.push(json!(word));
        }
    }
    Value::Array(list)
}

fn ports(bytes: &mut Bytes, operators: bool) -> Value {
    let mut list = Vec::new();
    for name in ["http", "web", "admin"] {
        if bytes.one_in(2) {
            let mut port = json!({ "name": name }).as_object().unwrap().clone();
            match bytes.below(if operators { 5 } else { 3 }) {
                0 => {}
                1 => drop(port.insert("number".to_owned(), json!(bytes.below(99)))),
                2 => drop(port.insert("labels".to_owned(), json!({ "a": bytes.below(9), "list": words(bytes) }))),
                3 => drop(port.insert("number-".to_owned(), Value::Null)),
                _ => drop(port.insert("labels".to_owned(), json!({ "list+": words(bytes), "b": 1 }))),
            }
            list.push(Value::Object(port));
        }
    }
    if bytes.one_in(2) {
        list.reverse();
    }
    Value::Array(list)
}

fn removal(bytes: &mut Bytes, names: &[&str]) -> Value {
    if bytes.one_in(2) { Value::Null } else { json!([bytes.pick(names)]) }
}

/// The platform as files: a definition each, at random in YAML or TOML.
pub(super) fn project(platform: &Platform, bytes: &mut Bytes) -> Project {
    let named = |at: usize| platform.environments[at].name.clone();
    let mut project = Project::default();
    let mut add = |path: &str, value: Value| {
        if bytes.one_in(2)
            && let Some(text) = toml(&value)
        {
            project.files.insert(format!("{path}.toml"), text);
        } else {
            project.files.insert(format!("{path}.yaml"), format!("{value}\n"));
        }
    };
    let defaults = json!({ "services": platform.defaults });
    add(
        "platform",
        json!({ "platform": {
        "name": "acme",
        "domain": "infra.example.com",
        "repository": { "url": "https://git.example.com/acme/platform.git" },
        "defaults": defaults,
    } }),
    );
    let mut environments = Map::new();
    for environment in &platform.environments {
        let mut body = Map::new();
        if let Some(parent) = environment.parent {
            body.insert("inherits".to_owned(), named(parent).into());
        }
        if environment.is_abstract {
            body.insert("abstract".to_owned(), true.into());
        }
        if !environment.defaults.is_empty() {
            body.insert("defaults".to_owned(), json!({ "services": environment.defaults }));
        }
        environments.insert(environment.name.clone(), body.into());
    }
    add("environments", json!({ "environments": environments }));
    let clusters: Map<String, Value> = platform.clusters.iter().map(|name| (name.clone(), json!({ "class": "bare" }))).collect();
    add("clusters", json!({ "clusters": clusters }));
    add(
        "classes",
        json!({ "classes": { "cluster": { "bare": {} }, "service": { "thing": {
        "types": { "port": { "name": "string | required=true", "number": "integer", "labels": "object" } },
        "schema": {
            "data": "object",
            "marks": "[]string | listType=set",
            "ports": "[]port | listType=map listMapKey=name",
            "level": "integer | default=5",
            "limits": { "low": "integer | default=1", "high": "integer | default=9" },
        },
        "manifests": {
            "thing": {
                "apiVersion": "example.com/v1",
                "kind": "Thing",
                "metadata": { "name": "${self.name}", "namespace": "default", "labels": { "level": "level-${self.?level.orValue(0)}" } },
                "spec": { "data": "${self.?data}", "ports": "${self.?ports}", "limits": "${self.?limits}" },
            },
            // There only where the list is not empty, so that some places have more objects than others.
            "marks": {
                "$if": "${size(self.?marks.orValue([])) > 0}",
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": { "name": "${self.name}", "namespace": "default" },
                "data": { "marks": "${self.?marks.orValue([]).join(\"\\n\")}" },
            },
        },
    } } } }),
    );
    for definition in &platform.definitions {
        let mut body = json!({ "class": "thing" }).as_object().unwrap().clone();
        if !definition.parents.is_empty() {
            let parents: Vec<&str> = definition.parents.iter().map(|at| platform.definitions[*at].name.as_str()).collect();
            body.insert("inherits".to_owned(), json!(parents));
        }
        if definition.is_abstract {
            body.insert("abstract".to_owned(), true.into());
        }
        for ((environment, cluster), layer) in &definition.layers {
            let mut place = &mut body;
            let steps = [environment.map(|at| ("environments", named(at))), cluster.map(|at| ("clusters", platform.clusters[at].clone()))];
            for (key, name) in steps.into_iter().flatten() {
                for step in [key, &name] {
                    place = place.entry(step).or_insert_with(|| json!({})).as_object_mut().unwrap();
                }
            }
            place.extend(layer.clone());
        }
        let name = &definition.name;
        add(name, json!({ "services": { name: body } }));
    }
    project
}

/// The same as TOML, if it has no null but those that remove a field.
pub(super) fn toml(value: &Value) -> Option<String> {
    let Value::Object(top) = value else { return None };
    let mut text = String::new();
    for (key, value) in top {
        text.push_str(&format!("{} = {}\n", Value::from(key.as_str()), inline(value, false)?));
    }
    Some(text)
}

fn inline(value: &Value, removes: bool) -> Option<String> {
    Some(match value {
        Value::Null if removes => "true".to_owned(),
        Value::Null => return None,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| inline(item, false)).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::Object(map) => {
            let entries: Option<Vec<String>> = map
                .iter()
                .map(|(key, value)| Some(format!("{} = {}", Value::from(key.as_str()), inline(value, key.ends_with('-'))?)))
                .collect();
            format!("{{ {} }}", entries?.join(", "))
        }
    })
}
