//! An emitted stack, read back: what stands at which address.

use super::reference::object;
use crate::artifact::Artifacts;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

/// The files of a stack that say what Terraform makes.
pub(super) struct EmittedStack {
    /// Bodies by address: `aws_vpc.this`, `data.aws_ami.x`, `module.network`, `local.zone`.
    pub(super) blocks: BTreeMap<String, Json>,
    /// Arguments of providers: by name, and behind a dot the alias.
    pub(super) providers: BTreeMap<String, Json>,
    /// From which address to which.
    pub(super) moved: BTreeMap<String, String>,
    /// Addresses that are taken out of the state without being destroyed.
    pub(super) let_go: BTreeSet<String>,
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
        let end = |block: &Json, key: &str| block.get(key).and_then(Json::as_str).map(|address| object(address).to_owned());
        let moved = main.get("moved").into_iter().flat_map(several);
        let moved = moved.filter_map(|block| Some((end(block, "from")?, end(block, "to")?))).collect();
        let keeps = |block: &&Json| block.pointer("/lifecycle/destroy") == Some(&Json::Bool(false));
        let let_go = main.get("removed").into_iter().flat_map(several).filter(keeps).filter_map(|block| end(block, "from")).collect();
        Some(Self { blocks, providers, moved, let_go })
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
            match self.moved.get(at) {
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
