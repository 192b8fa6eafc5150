//! An emitted stack, read back: what stands at which address.

use super::reference::object;
use crate::artifact::Artifacts;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The files of a stack that say what Terraform makes.
pub(super) struct EmittedStack {
    /// Bodies by address: `aws_vpc.this`, `data.aws_ami.x`, `module.network`, `local.zone`.
    pub(super) blocks: BTreeMap<String, Json>,
    /// Arguments of providers: by name, and behind a dot the alias.
    pub(super) providers: BTreeMap<String, Json>,
    /// From which address to which, of all instances.
    pub(super) moved: BTreeMap<String, String>,
    /// From which instance to which, or from what is within a module.
    pub(super) instance_moves: Vec<(InstanceAddress, InstanceAddress)>,
    /// Addresses that are taken out of the state without being destroyed.
    pub(super) let_go: BTreeSet<String>,
}

/// A resource or module, and of several instances one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct InstanceAddress {
    /// The address of the block.
    pub(super) object: String,
    /// What stands in brackets behind it.
    pub(super) key: Option<String>,
}

impl InstanceAddress {
    /// What an address leads to, and whether it goes on within that.
    fn read(address: &str) -> (Self, bool) {
        let object = object(address);
        let rest = address.strip_prefix(object.as_str()).unwrap_or_default();
        let end = if rest.starts_with("[\"") { "\"]" } else { "]" };
        let inner = rest.strip_prefix('[').and_then(|inner| inner.split_once(end));
        let key = inner.map(|(key, _)| if end == "]" { key.to_owned() } else { format!("{key}\"") });
        (Self { object, key }, !inner.map_or(rest, |(_, rest)| rest).is_empty())
    }
}

impl fmt::Display for InstanceAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(f, "{}[{key}]", self.object),
            None => f.write_str(&self.object),
        }
    }
}

impl EmittedStack {
    /// The stack of a folder; none if there is none, or it cannot be read.
    pub(super) fn read(artifacts: &Artifacts, folder: &str) -> Option<Self> {
        let file = |name: &str| -> Option<Json> { serde_json::from_str(&artifacts.get(&format!("{folder}/{name}"))?.text).ok() };
        artifacts.get(&format!("{folder}/terraform.tf.json"))?;
        let main = file("main.tf.json").unwrap_or_default();
        let mut blocks = BTreeMap::new();
        for (word, prefix) in [("resource", ""), ("data", "data.")] {
            for (type_, names) in members(main.get(word)) {
                for (name, body) in members(Some(names)) {
                    blocks.insert(format!("{prefix}{type_}.{name}"), body.clone());
                }
            }
        }
        for (word, prefix) in [("module", "module."), ("locals", "local.")] {
            blocks.extend(members(main.get(word)).map(|(name, body)| (format!("{prefix}{name}"), body.clone())));
        }
        let mut providers = BTreeMap::new();
        let said = file("providers.tf.json").unwrap_or_default();
        for (name, bodies) in members(said.get("provider")) {
            for body in several(bodies) {
                let alias = body.get("alias").and_then(Json::as_str).map_or_else(String::new, |alias| format!(".{alias}"));
                providers.insert(format!("{name}{alias}"), body.clone());
            }
        }
        let end = |block: &Json, key: &str| block.get(key).and_then(Json::as_str).map(InstanceAddress::read);
        let (mut moved, mut instance_moves) = (BTreeMap::new(), Vec::new());
        for block in main.get("moved").into_iter().flat_map(several) {
            let (Some((from, is_part)), Some((to, _))) = (end(block, "from"), end(block, "to")) else { continue };
            if is_part || from.key.is_some() || to.key.is_some() {
                instance_moves.push((from, to));
            } else {
                moved.insert(from.object, to.object);
            }
        }
        let keeps = |block: &&Json| block.pointer("/lifecycle/destroy") == Some(&Json::Bool(false));
        let let_go = main.get("removed").into_iter().flat_map(several).filter(keeps);
        let let_go = let_go.filter_map(|block| end(block, "from")).map(|(from, _)| from.object).collect();
        Some(Self { blocks, providers, moved, instance_moves, let_go })
    }

    /// Resources and modules: what is in the state.
    pub(super) fn made(&self) -> impl Iterator<Item = (&str, &Json)> {
        let is_made = |address: &str| !address.starts_with("data.") && !address.starts_with("local.");
        self.blocks.iter().map(|(address, body)| (address.as_str(), body)).filter(move |(address, _)| is_made(address))
    }

    /// The address that something has now which had another one, after as many steps as there are.
    pub(super) fn current<'a>(&'a self, address: &'a str) -> &'a str {
        let mut at = address;
        for _ in 0..=self.moved.len() {
            // Of a block that is no more an instance tells where it has gone.
            let mut instances = self.instance_moves.iter().filter(|_| !self.blocks.contains_key(at));
            let instance = || instances.find(|(from, to)| from.object == at && to.object != at).map(|(_, to)| &to.object);
            match self.moved.get(at).or_else(instance) {
                Some(to) => at = to,
                None => break,
            }
        }
        at
    }
}

/// The members of a map.
pub(super) fn members(value: Option<&Json>) -> impl Iterator<Item = (&str, &Json)> {
    value.and_then(Json::as_object).into_iter().flat_map(Map::iter).map(|(key, value)| (key.as_str(), value))
}

/// The blocks of a name: one, or a list of them.
pub(super) fn several(value: &Json) -> Vec<&Json> {
    value.as_array().map_or_else(|| vec![value], |list| list.iter().collect())
}
