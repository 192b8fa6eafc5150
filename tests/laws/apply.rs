//! The second half of the naive interpreter: how a layer is applied to a plain JSON value, and what of an environment's defaults counts once
//! more. Who spoke of which path is written down as it happens.

use super::naive::Fault;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// A value that layers are applied to.
#[derive(Clone, Default, Debug)]
pub(super) struct State {
    pub(super) value: Map<String, Value>,
    pub(super) speaker: Speaker,
    locked: Locks,
}

impl Locks {
    /// Those of an item of a list, which is a value of its own.
    fn fresh(&self) -> Self {
        Self { speaker: self.speaker, ..Self::default() }
    }
}

/// Who speaks in a layer.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum Speaker {
    #[default]
    Default,
    Body,
    Overlay,
}

/// Locked paths; and beside, whatever was said in definitions, in order: where, and by whom.
#[derive(Clone, Default, Debug)]
struct Locks {
    paths: BTreeSet<Vec<String>>,
    said: Vec<(Vec<String>, Speaker)>,
    speaker: Speaker,
}

type Objection = (Fault, Vec<String>);

impl State {
    pub(super) fn apply(&mut self, layer: &Map<String, Value>) -> Result<(), Objection> {
        let mut value = std::mem::take(&mut self.value);
        self.locked.speaker = self.speaker;
        let outcome = map(&mut value, layer, &mut Vec::new(), &mut self.locked);
        self.value = value;
        outcome
    }

    /// The second count of an environment's defaults.
    pub(super) fn again(&mut self, said: &Map<String, Value>) -> Result<(), Objection> {
        let layer = theirs(said, &self.value, &mut Vec::new(), &self.locked.said);
        self.speaker = Speaker::Default;
        // Who spoke last is about definitions.
        let said = self.locked.said.clone();
        let outcome = self.apply(&layer);
        self.locked.said = said;
        outcome
    }
}

/// What of a default is about fields of which a body spoke last.
fn theirs(
    said: &Map<String, Value>,
    value: &Map<String, Value>,
    path: &mut Vec<String>,
    spoken: &[(Vec<String>, Speaker)],
) -> Map<String, Value> {
    let mut result = Map::new();
    for (key, new) in said {
        let (bare, operator) = split(key);
        path.push(bare.clone());
        let about = |at: &Vec<String>| at.starts_with(path) || path.starts_with(at);
        let last = spoken.iter().rev().find(|(at, _)| about(at)).map(|(_, speaker)| *speaker);
        let have = value.get(&bare);
        let is_body = last == Some(Speaker::Body);
        match (operator, new, have) {
            (' ' | '+' | '!', Value::Object(inner), Some(Value::Object(have))) => {
                let inner = theirs(inner, have, path, spoken);
                if !inner.is_empty() {
                    result.insert(key.clone(), Value::Object(inner));
                }
            }
            // Each of these keys is a field.
            ('-', Value::Array(gone), Some(Value::Object(have))) => {
                let theirs = |key: &str| {
                    let inner = [path.as_slice(), &[key.to_owned()]].concat();
                    let last = spoken.iter().rev().find(|(at, _)| at.starts_with(&inner) || inner.starts_with(at));
                    have.contains_key(key) && last.is_some_and(|(_, speaker)| *speaker == Speaker::Body)
                };
                let gone: Vec<Value> = gone.iter().filter(|gone| gone.as_str().is_some_and(theirs)).cloned().collect();
                if !gone.is_empty() {
                    result.insert(key.clone(), Value::Array(gone));
                }
            }
            _ if !is_body => {}
            // What is not there cannot be removed, and need not be.
            ('-', _, None) => {}
            ('-', Value::Array(gone), Some(Value::Array(have))) => {
                let gone: Vec<Value> = gone.iter().filter(|gone| have.contains(gone)).cloned().collect();
                if !gone.is_empty() {
                    result.insert(key.clone(), Value::Array(gone));
                }
            }
            ('+', Value::Array(more), Some(Value::Array(have))) => {
                let more: Vec<Value> = more.iter().filter(|more| !have.contains(more)).cloned().collect();
                if !more.is_empty() {
                    result.insert(key.clone(), Value::Array(more));
                }
            }
            // A group that is gone is not created.
            (_, Value::Object(_), None) if path.as_slice() == ["limits"] => {}
            // Their field, whatever shape it has.
            (' ' | '+', Value::Object(_), Some(_)) | (' ' | '+', _, Some(Value::Object(_))) => {
                result.insert(format!("{bare}="), new.clone());
            }
            _ => {
                result.insert(key.clone(), new.clone());
            }
        }
        path.pop();
    }
    result
}

/// A key as written: name and operator.
pub(super) fn split(key: &str) -> (String, char) {
    match key.strip_suffix(['+', '-', '=', '!']) {
        Some(bare) => (bare.to_owned(), key.chars().last().unwrap()),
        None => (key.to_owned(), ' '),
    }
}

fn map(into: &mut Map<String, Value>, layer: &Map<String, Value>, path: &mut Vec<String>, locked: &mut Locks) -> Result<(), Objection> {
    for (key, new) in layer {
        let (bare, operator) = split(key);
        path.push(bare.clone());
        let outcome = entry(into, &bare, operator, new, path, locked);
        path.pop();
        outcome.map_err(|(fault, mut keys)| {
            keys.insert(0, key.clone());
            (fault, keys)
        })?;
    }
    Ok(())
}

fn entry(
    into: &mut Map<String, Value>,
    bare: &str,
    operator: char,
    new: &Value,
    path: &mut Vec<String>,
    locked: &mut Locks,
) -> Result<(), Objection> {
    let wrong = |fault| Err((fault, Vec::new()));
    let passes_by = locked.speaker == Speaker::Default;
    let merges = matches!((operator, new), (' ' | '+' | '!', Value::Object(inner)) if !inner.is_empty());
    match (operator, new) {
        ('-', Value::Array(gone)) if into.get(bare).is_none_or(Value::is_object) => {
            let below = gone.iter().filter_map(Value::as_str).map(|key| [path.as_slice(), &[key.to_owned()]].concat());
            let below: Vec<_> = below.map(|path| (path, locked.speaker)).collect();
            locked.said.extend(below);
        }
        // An empty map says nothing of what is in it.
        (' ' | '+' | '!', Value::Object(inner)) if inner.is_empty() => {
            locked.said.push(([path.as_slice(), &[String::new()]].concat(), locked.speaker));
        }
        _ if merges => {}
        _ => locked.said.push((path.clone(), locked.speaker)),
    }
    if locked.paths.contains(path) {
        return wrong(Fault::Locked);
    }
    // Replacing or removing a map sets everything in it.
    let old = into.get(bare).cloned();
    let whole = operator == '='
        || (operator == '-' && !new.is_array())
        || !matches!((&old, new), (Some(Value::Object(_)), Value::Object(_) | Value::Array(_)));
    if whole && old.is_some() && locked.paths.iter().any(|lock| lock.len() > path.len() && lock.starts_with(path)) {
        return wrong(Fault::Locked);
    }
    let result = match (operator, old, new) {
        ('-', None, _) if passes_by => return Ok(()),
        ('-', None, _) => return wrong(Fault::Absent),
        ('-', Some(_), Value::Null | Value::Bool(true)) => {
            into.remove(bare);
            return Ok(());
        }
        ('-', Some(Value::Array(mut items)), Value::Array(gone)) => {
            for gone in gone {
                let before = items.len();
                items.retain(|item| item != gone && !(path.as_slice() == ["ports"] && item["name"] == *gone));
                if items.len() == before && !passes_by {
                    return wrong(Fault::Absent);
                }
            }
            Value::Array(items)
        }
        ('-', Some(Value::Object(mut entries)), Value::Array(gone)) => {
            for gone in gone {
                let key = gone.as_str().unwrap_or("");
                let mut below = path.clone();
                below.push(key.to_owned());
                if locked.paths.iter().any(|lock| lock.starts_with(&below)) {
                    return wrong(Fault::Locked);
                }
                if entries.remove(key).is_none() && !passes_by {
                    return wrong(Fault::Absent);
                }
            }
            Value::Object(entries)
        }
        ('-', Some(_), _) => return wrong(Fault::Operator),
        ('+', Some(Value::Array(mut items)), Value::Array(more)) => {
            items.extend(settled(more, locked).map_err(|fault| (fault, Vec::new()))?);
            Value::Array(items)
        }
        ('+', None | Some(Value::Null), Value::Array(new)) => Value::Array(settled(new, locked).map_err(|fault| (fault, Vec::new()))?),
        ('+', Some(Value::Object(_)) | None | Some(Value::Null), Value::Object(_)) => return merged(into, bare, new, path, locked),
        ('+', _, _) => return wrong(Fault::Operator),
        ('=', _, _) => {
            into.remove(bare);
            return merged(into, bare, new, path, locked);
        }
        (_, Some(Value::Object(_)), Value::Array(_) | Value::Bool(_) | Value::Number(_) | Value::String(_))
        | (_, Some(Value::Array(_) | Value::Bool(_) | Value::Number(_) | Value::String(_)), Value::Object(_)) => {
            return wrong(Fault::Mismatch);
        }
        (_, Some(Value::Array(items)), Value::Array(new)) if path.as_slice() == ["marks"] => {
            let mut items = items;
            for item in new {
                if !items.contains(item) {
                    items.push(item.clone());
                }
            }
            Value::Array(items)
        }
        (_, Some(Value::Array(items)), Value::Array(new)) if path.as_slice() == ["ports"] => {
            let mut items = items;
            for item in new {
                match items.iter_mut().find(|known| known["name"] == item["name"]) {
                    Some(Value::Object(known)) => map(known, item.as_object().unwrap(), &mut Vec::new(), &mut locked.fresh())
                        .map_err(|(fault, _)| (fault, Vec::new()))?,
                    _ => items.extend(settled(std::slice::from_ref(item), locked).map_err(|fault| (fault, Vec::new()))?),
                }
            }
            Value::Array(items)
        }
        (_, _, Value::Object(_)) => {
            merged(into, bare, new, path, locked)?;
            if operator == '!' {
                locked.paths.insert(path.clone());
            }
            return Ok(());
        }
        (_, _, Value::Array(new)) => Value::Array(settled(new, locked).map_err(|fault| (fault, Vec::new()))?),
        (_, _, _) => new.clone(),
    };
    into.insert(bare.to_owned(), result);
    if operator == '!' {
        locked.paths.insert(path.clone());
    }
    Ok(())
}

/// Items that meet nothing: their operators are carried out on nothing.
fn settled(items: &[Value], locked: &Locks) -> Result<Vec<Value>, Fault> {
    let mut result = Vec::new();
    for item in items {
        let Value::Object(layer) = item else {
            result.push(item.clone());
            continue;
        };
        let mut fresh = Map::new();
        map(&mut fresh, layer, &mut Vec::new(), &mut locked.fresh()).map_err(|(fault, _)| fault)?;
        result.push(Value::Object(fresh));
    }
    Ok(result)
}

/// A map over a map or over nothing; anything else over nothing.
fn merged(into: &mut Map<String, Value>, bare: &str, new: &Value, path: &mut Vec<String>, locked: &mut Locks) -> Result<(), Objection> {
    let Value::Object(layer) = new else {
        let value = if let Value::Array(items) = new {
            Value::Array(settled(items, locked).map_err(|fault| (fault, Vec::new()))?)
        } else {
            new.clone()
        };
        into.insert(bare.to_owned(), value);
        return Ok(());
    };
    let mut inner = match into.get(bare) {
        Some(Value::Object(inner)) => inner.clone(),
        // A record that somebody speaks of for the first time, or anew, begins with its defaults.
        _ if path.as_slice() == ["limits"] => json!({ "low": 1, "high": 9 }).as_object().cloned().unwrap_or_default(),
        _ => Map::new(),
    };
    map(&mut inner, layer, path, locked)?;
    into.insert(bare.to_owned(), Value::Object(inner));
    Ok(())
}
