//! A second interpreter of design 2.3, written for clarity only: layers are JSON maps whose keys may carry operators, applied one by one
//! to a plain JSON value. It shares no code and no idea with the compiler's: locks are a set of paths, lines of ancestors are searched for.

use super::Place;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
pub(super) struct Environment {
    pub(super) name: String,
    pub(super) parent: Option<usize>,
    pub(super) is_abstract: bool,
    /// `defaults.services`
    pub(super) defaults: Map<String, Value>,
}

#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) parents: Vec<usize>,
    pub(super) is_abstract: bool,
    /// Body and overlays, by environment and cluster.
    pub(super) layers: BTreeMap<(Option<usize>, Option<usize>), Map<String, Value>>,
}

impl Definition {
    pub(super) fn new(name: &str, parents: Vec<usize>, body: Map<String, Value>) -> Self {
        Self { name: name.to_owned(), parents, is_abstract: false, layers: BTreeMap::from([((None, None), body)]) }
    }
}

/// Services of class `thing` on clusters.
#[derive(Clone, Debug)]
pub(super) struct Platform {
    pub(super) environments: Vec<Environment>,
    pub(super) clusters: Vec<String>,
    /// `platform.defaults.services`
    pub(super) defaults: Map<String, Value>,
    pub(super) definitions: Vec<Definition>,
}

/// Which layer said something.
#[derive(Clone, Debug)]
pub(super) enum Layer {
    Class,
    PlatformDefaults,
    EnvironmentDefaults(usize),
    Definition(usize, (Option<usize>, Option<usize>)),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// A map meets something else.
    Mismatch,
    /// A locked field is set again.
    Locked,
    /// What is to be removed is not there.
    Absent,
    /// An operator meets what it does not work on.
    Operator,
    /// No order of the ancestors suits everybody.
    Parents,
}

impl Fault {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Mismatch => "layers-mismatch",
            Self::Locked => "locked-field",
            Self::Absent => "nothing-to-remove",
            Self::Operator => "operator-mismatch",
            Self::Parents => "contradicting-parents",
        }
    }
}

/// The first objection: the layer and the keys, as written, that lead to it.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    pub(super) fault: Fault,
    pub(super) layer: Layer,
    pub(super) keys: Vec<String>,
}

impl Platform {
    /// All things in all environments on all clusters.
    pub(super) fn resolve(&self) -> Result<BTreeMap<Place, Value>, Wrong> {
        let mut result = BTreeMap::new();
        for (e, environment) in self.environments.iter().enumerate().filter(|(_, environment)| !environment.is_abstract) {
            for (c, cluster) in self.clusters.iter().enumerate() {
                for (d, definition) in self.definitions.iter().enumerate() {
                    if definition.is_abstract {
                        self.ancestors(d)?;
                        continue;
                    }
                    result.insert((environment.name.clone(), cluster.clone(), definition.name.clone()), self.thing(d, e, c)?);
                }
            }
        }
        Ok(result)
    }

    fn thing(&self, definition: usize, environment: usize, cluster: usize) -> Result<Value, Wrong> {
        let chain = self.chain(environment);
        let line = self.ancestors(definition)?;
        let mut layers = vec![Layer::Class, Layer::PlatformDefaults];
        layers.extend(chain.iter().map(|e| Layer::EnvironmentDefaults(*e)));
        for ancestor in line {
            let mut push = |environment, cluster| layers.push(Layer::Definition(ancestor, (environment, cluster)));
            push(None, None);
            chain.iter().for_each(|e| push(Some(*e), None));
            push(None, Some(cluster));
            chain.iter().for_each(|e| push(Some(*e), Some(cluster)));
        }
        let mut state = State::default();
        for layer in layers {
            let Some(said) = self.said(&layer) else { continue };
            state.apply(&said).map_err(|(fault, keys)| Wrong { fault, layer, keys })?;
        }
        Ok(Value::Object(state.value))
    }

    fn said(&self, layer: &Layer) -> Option<Map<String, Value>> {
        match layer {
            Layer::Class => json!({ "level": 5, "limits": { "low": 1, "high": 9 } }).as_object().cloned(),
            Layer::PlatformDefaults => Some(self.defaults.clone()),
            Layer::EnvironmentDefaults(at) => Some(self.environments[*at].defaults.clone()),
            Layer::Definition(at, which) => self.definitions[*at].layers.get(which).cloned(),
        }
    }

    /// Takes out what an objection is about.
    pub(super) fn remove(&mut self, wrong: &Wrong) {
        let root = match &wrong.layer {
            Layer::Class => panic!("the class has no operators: {wrong:?}"),
            Layer::PlatformDefaults => &mut self.defaults,
            Layer::EnvironmentDefaults(at) => &mut self.environments[*at].defaults,
            Layer::Definition(at, _) if wrong.keys.is_empty() => {
                self.definitions[*at].parents.pop();
                return;
            }
            Layer::Definition(at, which) => self.definitions[*at].layers.get_mut(which).unwrap(),
        };
        take_out(root, &wrong.keys);
    }

    fn chain(&self, environment: usize) -> Vec<usize> {
        chain(environment, |at| self.environments[at].parent)
    }

    fn ancestors(&self, definition: usize) -> Result<Vec<usize>, Wrong> {
        let layer = Layer::Definition(definition, (None, None));
        line(definition, &|at| self.definitions[at].parents.clone()).ok_or(Wrong { fault: Fault::Parents, layer, keys: Vec::new() })
    }
}

/// An environment's line of ancestors, farthest first.
pub(super) fn chain(environment: usize, parent: impl Fn(usize) -> Option<usize>) -> Vec<usize> {
    let mut chain = vec![environment];
    while let Some(parent) = parent(chain[0]) {
        chain.insert(0, parent);
    }
    chain
}

/// The C3 line of ancestors, farthest first, itself last. Seen from the strongest: itself, then repeatedly the strongest candidate that no
/// remaining list wants behind another.
pub(super) fn line(of: usize, parents: &dyn Fn(usize) -> Vec<usize>) -> Option<Vec<usize>> {
    let nearest: Vec<usize> = parents(of).into_iter().rev().collect();
    let mut lists: Vec<Vec<usize>> = Vec::new();
    for parent in &nearest {
        let mut line = line(*parent, parents)?;
        line.reverse();
        lists.push(line);
    }
    lists.push(nearest);
    let mut strongest_first = vec![of];
    loop {
        lists.retain(|list| !list.is_empty());
        if lists.is_empty() {
            strongest_first.reverse();
            return Some(strongest_first);
        }
        let next = lists.iter().map(|list| list[0]).find(|head| !lists.iter().any(|list| list[1..].contains(head)))?;
        strongest_first.push(next);
        lists.iter_mut().for_each(|list| list.retain(|at| *at != next));
    }
}

pub(super) fn take_out(map: &mut Map<String, Value>, keys: &[String]) {
    let (first, rest) = keys.split_first().unwrap();
    match map.get_mut(first) {
        Some(Value::Object(inner)) if !rest.is_empty() => take_out(inner, rest),
        _ => {
            map.remove(first).unwrap_or_else(|| panic!("no {keys:?} in {map:?}"));
        }
    }
}

/// A value that layers are applied to.
#[derive(Clone, Default, Debug)]
pub(super) struct State {
    pub(super) value: Map<String, Value>,
    locked: BTreeSet<Vec<String>>,
}

type Objection = (Fault, Vec<String>);

impl State {
    pub(super) fn apply(&mut self, layer: &Map<String, Value>) -> Result<(), Objection> {
        let mut value = std::mem::take(&mut self.value);
        let outcome = map(&mut value, layer, &mut Vec::new(), &mut self.locked);
        self.value = value;
        outcome
    }
}

/// A key as written: name and operator.
fn split(key: &str) -> (String, char) {
    match key.strip_suffix(['+', '-', '=', '!']) {
        Some(bare) => (bare.to_owned(), key.chars().last().unwrap()),
        None => (key.to_owned(), ' '),
    }
}

fn map(
    into: &mut Map<String, Value>,
    layer: &Map<String, Value>,
    path: &mut Vec<String>,
    locked: &mut BTreeSet<Vec<String>>,
) -> Result<(), Objection> {
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
    locked: &mut BTreeSet<Vec<String>>,
) -> Result<(), Objection> {
    let wrong = |fault| Err((fault, Vec::new()));
    if locked.contains(path) {
        return wrong(Fault::Locked);
    }
    // Replacing or removing a map sets everything in it.
    let old = into.get(bare).cloned();
    let whole = operator == '='
        || (operator == '-' && !new.is_array())
        || !matches!((&old, new), (Some(Value::Object(_)), Value::Object(_) | Value::Array(_)));
    if whole && old.is_some() && locked.iter().any(|lock| lock.len() > path.len() && lock.starts_with(path)) {
        return wrong(Fault::Locked);
    }
    let result = match (operator, old, new) {
        ('-', None, _) => return wrong(Fault::Absent),
        ('-', Some(_), Value::Null | Value::Bool(true)) => {
            into.remove(bare);
            return Ok(());
        }
        ('-', Some(Value::Array(mut items)), Value::Array(gone)) => {
            for gone in gone {
                let before = items.len();
                items.retain(|item| item != gone && !(path.as_slice() == ["ports"] && item["name"] == *gone));
                if items.len() == before {
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
                if locked.iter().any(|lock| lock.starts_with(&below)) {
                    return wrong(Fault::Locked);
                }
                if entries.remove(key).is_none() {
                    return wrong(Fault::Absent);
                }
            }
            Value::Object(entries)
        }
        ('-', Some(_), _) => return wrong(Fault::Operator),
        ('+', Some(Value::Array(mut items)), Value::Array(more)) => {
            items.extend(settled(more).map_err(|fault| (fault, Vec::new()))?);
            Value::Array(items)
        }
        ('+', None | Some(Value::Null), Value::Array(new)) => Value::Array(settled(new).map_err(|fault| (fault, Vec::new()))?),
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
                    Some(Value::Object(known)) => map(known, item.as_object().unwrap(), &mut Vec::new(), &mut BTreeSet::new())
                        .map_err(|(fault, _)| (fault, Vec::new()))?,
                    _ => items.extend(settled(std::slice::from_ref(item)).map_err(|fault| (fault, Vec::new()))?),
                }
            }
            Value::Array(items)
        }
        (_, _, Value::Object(_)) => {
            merged(into, bare, new, path, locked)?;
            if operator == '!' {
                locked.insert(path.clone());
            }
            return Ok(());
        }
        (_, _, Value::Array(new)) => Value::Array(settled(new).map_err(|fault| (fault, Vec::new()))?),
        (_, _, _) => new.clone(),
    };
    into.insert(bare.to_owned(), result);
    if operator == '!' {
        locked.insert(path.clone());
    }
    Ok(())
}

/// Items that meet nothing: their operators are carried out on nothing.
fn settled(items: &[Value]) -> Result<Vec<Value>, Fault> {
    let mut result = Vec::new();
    for item in items {
        let Value::Object(layer) = item else {
            result.push(item.clone());
            continue;
        };
        let mut fresh = Map::new();
        map(&mut fresh, layer, &mut Vec::new(), &mut BTreeSet::new()).map_err(|(fault, _)| fault)?;
        result.push(Value::Object(fresh));
    }
    Ok(result)
}

/// A map over a map or over nothing; anything else over nothing.
fn merged(
    into: &mut Map<String, Value>,
    bare: &str,
    new: &Value,
    path: &mut Vec<String>,
    locked: &mut BTreeSet<Vec<String>>,
) -> Result<(), Objection> {
    let Value::Object(layer) = new else {
        let value =
            if let Value::Array(items) = new { Value::Array(settled(items).map_err(|fault| (fault, Vec::new()))?) } else { new.clone() };
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
