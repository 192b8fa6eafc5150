//! The words of templates, on random ones: what a second reading makes of them, straight from what is meant, is what comes out of a template, of a
//! `let` that is read as a whole, of every part of it that is read alone, and of an output that another thing reads.

use super::generate::Bytes;
use super::law;
use crate::support::{self, Project};
use serde_json::{Map, Value, json};

/// What a template says.
enum Said {
    Number(i64),
    /// An iterator: what it stands for, or its position.
    Iterator(String),
    List(Vec<Part>),
    Map(Vec<(String, Part)>, Option<Vec<(String, Said)>>),
}

/// A value in a list or map, with its condition and its loop.
struct Part {
    condition: Option<Condition>,
    looped: Option<Loop>,
    said: Said,
}

enum Condition {
    Literal(bool),
    /// Whether a position is even.
    Even(String),
}

struct Loop {
    name: String,
    over: Over,
}

enum Over {
    List(Vec<i64>),
    Map(Vec<(&'static str, i64)>),
}

/// What iterators stand for: the text that reads each, and its value.
type Scope = Vec<(String, i64)>;

fn said(bytes: &mut Bytes, depth: u8, readable: &mut Vec<String>) -> Said {
    match bytes.below(if depth == 0 { 2 } else { 5 }) {
        0 => Said::Number(i64::from(bytes.below(100))),
        1 if readable.is_empty() => Said::Number(7),
        1 => Said::Iterator(readable[usize::from(bytes.below(u8::try_from(readable.len()).unwrap()))].clone()),
        2 => Said::List((0..bytes.below(3)).map(|_| part(bytes, depth - 1, readable).1).collect()),
        _ => map(bytes, depth, readable),
    }
}

fn map(bytes: &mut Bytes, depth: u8, readable: &mut Vec<String>) -> Said {
    let mut entries = Vec::new();
    for at in 0..bytes.below(4) {
        let (name, part) = part(bytes, depth.saturating_sub(1), readable);
        let key = match (&part.looped, name) {
            (Some(Loop { over: Over::List(_), .. }), Some(name)) => format!("k{at}-${{{name}}}"),
            (Some(Loop { over: Over::Map(_), .. }), Some(name)) => format!("k{at}-${{{name}.key}}"),
            (_, _) => format!("k{at}"),
        };
        entries.push((key, part));
    }
    // Some of what is merged in has the key of an entry, which stands over it.
    let is_number = |said: &Said| matches!(said, Said::Number(_) | Said::Iterator(_));
    let is_over = entries.first().is_some_and(|(_, part)| is_number(&part.said));
    let merged = bytes.one_in(3).then(|| {
        let key = |at: u8| if at == 0 && is_over { "k0".to_owned() } else { format!("s{at}") };
        (0..bytes.below(3)).map(|at| (key(at), Said::Number(i64::from(bytes.below(100))))).collect()
    });
    Said::Map(entries, merged)
}

fn part(bytes: &mut Bytes, depth: u8, readable: &mut Vec<String>) -> (Option<String>, Part) {
    let known = readable.len();
    let looped = bytes.one_in(3).then(|| {
        let name = format!("v{known}");
        let over = if bytes.one_in(2) {
            readable.push(format!("{name}.value"));
            Over::Map(["a", "b-c", "d"].into_iter().take(usize::from(bytes.below(4))).zip(10..).collect())
        } else {
            readable.push(name.clone());
            Over::List((0..i64::from(bytes.below(4))).map(|at| at * 3).collect())
        };
        readable.push(format!("index.{name}"));
        Loop { name, over }
    });
    let condition = bytes.one_in(3).then(|| match readable.last().filter(|_| bytes.one_in(2)) {
        Some(position) => Condition::Even(position.clone()),
        None => Condition::Literal(bytes.one_in(2)),
    });
    let said = said(bytes, depth, readable);
    readable.truncate(known);
    (looped.as_ref().map(|looped| looped.name.clone()), Part { condition, looped, said })
}

/// How it is written.
fn written(said: &Said) -> Value {
    match said {
        Said::Number(number) => json!(number),
        Said::Iterator(name) => json!(format!("${{{name}}}")),
        Said::List(parts) => Value::Array(parts.iter().map(written_part).collect()),
        Said::Map(entries, merged) => {
            let mut map = Map::new();
            if let Some(merged) = merged {
                let merged = merged.iter().map(|(key, said)| (key.clone(), written(said))).collect();
                map.insert("$spread".to_owned(), Value::Object(merged));
            }
            map.extend(entries.iter().map(|(key, part)| (key.clone(), written_part(part))));
            Value::Object(map)
        }
    }
}

fn written_part(part: &Part) -> Value {
    let mut words = Map::new();
    if let Some(looped) = &part.looped {
        let over = match &looped.over {
            Over::List(items) => json!(items),
            Over::Map(entries) => Value::Object(entries.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect()),
        };
        words.insert("$for".to_owned(), json!({ &looped.name: over }));
    }
    match &part.condition {
        Some(Condition::Literal(literal)) => drop(words.insert("$if".to_owned(), json!(literal))),
        Some(Condition::Even(position)) => drop(words.insert("$if".to_owned(), json!(format!("${{{position} % 2 == 0}}")))),
        None => {}
    }
    match written(&part.said) {
        Value::Object(map) => {
            words.extend(map);
            Value::Object(words)
        }
        other if words.is_empty() => other,
        other => {
            words.insert("$value".to_owned(), other);
            Value::Object(words)
        }
    }
}

/// What it comes to.
fn meant(said: &Said, scope: &mut Scope) -> Value {
    match said {
        Said::Number(number) => json!(number),
        Said::Iterator(name) => json!(value(scope, name)),
        Said::List(parts) => Value::Array(parts.iter().flat_map(|part| rounds(part, scope)).map(|(_, value)| value).collect()),
        Said::Map(entries, merged) => {
            let mut map: Map<String, Value> = Map::new();
            for (key, said) in merged.iter().flatten() {
                map.insert(key.clone(), meant(said, scope));
            }
            for (key, part) in entries {
                for (round, value) in rounds(part, scope) {
                    let base = key.split('$').next().unwrap_or_default();
                    map.insert(round.map_or_else(|| key.clone(), |round| format!("{base}{round}")), value);
                }
            }
            Value::Object(map)
        }
    }
}

fn value(scope: &Scope, name: &str) -> i64 {
    scope.iter().rev().find(|(known, _)| known == name).unwrap().1
}

/// What a part comes to in each round, with what the key has of it.
fn rounds(part: &Part, scope: &mut Scope) -> Vec<(Option<String>, Value)> {
    let Some(looped) = &part.looped else { return present(part, scope).map(|value| (None, value)).into_iter().collect() };
    let items: Vec<(String, String, i64)> = match &looped.over {
        Over::List(items) => items.iter().map(|item| (item.to_string(), looped.name.clone(), *item)).collect(),
        Over::Map(entries) => entries.iter().map(|(key, value)| ((*key).to_owned(), format!("{}.value", looped.name), *value)).collect(),
    };
    let mut found = Vec::new();
    for (at, (key, name, item)) in (0..).zip(items) {
        let known = scope.len();
        scope.push((name, item));
        scope.push((format!("index.{}", looped.name), at));
        found.extend(present(part, scope).map(|value| (Some(key), value)));
        scope.truncate(known);
    }
    found
}

fn present(part: &Part, scope: &mut Scope) -> Option<Value> {
    let is_there = match &part.condition {
        Some(Condition::Literal(literal)) => *literal,
        Some(Condition::Even(position)) => value(scope, position) % 2 == 0,
        None => true,
    };
    is_there.then(|| meant(&part.said, scope))
}

/// An expression for each part of a value, from how the whole is read.
fn parts(path: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    found.push((path.to_owned(), value.clone()));
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| parts(&format!("{path}[{}]", json!(key)), value, found)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, value)| parts(&format!("{path}[{at}]"), value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn words_mean_the_same_wherever_they_stand() {
    law(150, |bytes| {
        let whole = map(bytes, 3, &mut Vec::new());
        let (text, expected) = (written(&whole), meant(&whole, &mut Vec::new()));
        let mut reads = Vec::new();
        parts("let.x", &expected, &mut reads);
        let reads: Vec<(String, Value)> = reads.into_iter().take(40).collect();
        let alone: Map<String, Value> = reads.iter().map(|(path, _)| (path.clone(), json!(format!("${{{path}}}")))).collect();
        let classes = json!({ "classes": { "cluster": { "metal": { "description": "machines" } }, "service": {
            "one": {
                "let": { "x": text },
                "outputs": { "x": text },
                "files": {
                    "template.json": { "x": text },
                    "let.json": { "x": "${let.x}" },
                    "own.json": { "x": "${self.outputs.x}" },
                    "alone.json": alone,
                },
            },
            "two": { "files": { "other.json": { "x": "${services.one.outputs.x}" } } },
        } } });
        let files = [
            ("platform.yaml", "platform: { name: a, domain: example.com, repository: { url: https://git.example.com/a.git } }\nenvironments: { apps: {} }\nclusters: { c: { class: metal } }\nservices: { one: {}, two: {} }\n".to_owned()),
            ("classes.yaml", classes.to_string()),
        ];
        let project = Project { files: files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect() };
        let (compilation, output) = project.build();
        // That positions are read here is told, and meant.
        if compilation.diagnostics.has_errors() {
            return Err(format!("{}\n{}", project.text(), support::said(&compilation)));
        }
        let emitted = |name: &str| -> Value { serde_json::from_str(&output[&format!("files/apps/c/{name}.json")]).unwrap() };
        for name in ["template", "let", "own", "other"] {
            if emitted(name)["x"] != expected {
                return Err(format!("{}\n{name} comes to {}, not to {expected}", project.text(), emitted(name)["x"]));
            }
        }
        let alone = emitted("alone");
        match reads.iter().find(|(path, value)| alone[path] != *value) {
            Some((path, value)) => Err(format!("{}\n{path} comes to {}, not to {value}", project.text(), alone[path])),
            None => Ok(()),
        }
    });
}
