//! A second interpreter of design 2.3, written for clarity only: layers are JSON maps whose keys may carry operators, applied one by one
//! to a plain JSON value. It shares no code and no idea with the compiler's: locks are a set of paths, lines of ancestors are searched for.

use super::Place;
use super::apply::{Speaker, State, split};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

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
            state.speaker = match &layer {
                Layer::Class | Layer::PlatformDefaults | Layer::EnvironmentDefaults(_) => Speaker::Default,
                Layer::Definition(_, (None, None)) => Speaker::Body,
                Layer::Definition(..) => Speaker::Overlay,
            };
            state.apply(&said).map_err(|(fault, keys)| Wrong { fault, layer, keys })?;
        }
        // What environments say once more, of what a body has said last.
        for at in chain {
            let layer = Layer::EnvironmentDefaults(at);
            let said = self.environments[at].defaults.clone();
            state.again(&said).map_err(|(fault, keys)| Wrong { fault, layer, keys })?;
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
    // The second count of a default may have it with another operator.
    let written = map.keys().find(|key| *key == first).or_else(|| map.keys().find(|key| split(key).0 == split(first).0)).cloned();
    let first = &written.unwrap_or_else(|| panic!("no {keys:?} in {map:?}"));
    match map.get_mut(first) {
        Some(Value::Object(inner)) if !rest.is_empty() => take_out(inner, rest),
        _ => {
            map.remove(first).unwrap_or_else(|| panic!("no {keys:?} in {map:?}"));
        }
    }
}
