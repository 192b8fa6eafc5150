//! facts: Sources → Facts. What Terraform has made known and somebody has kept in Git: `facts/<environment>/<stack>.json` at the root of the
//! project holds the outputs of a stack by name, without those that are sensitive. In come texts, out go values that know their lines. Whether
//! anything gives such an output is not known here.

mod errors;
mod terraform;

pub use terraform::{Recorded, TerraformOutput, compare, kept, outputs, print};

use crate::diagnostic::Diagnostics;
use crate::json;
use crate::limit::VALUES;
use crate::origin::LayerId;
use crate::source::{Grammar, Sources};
use crate::span::{FileId, Span};
use crate::value::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The folder of all facts, at the root of a project.
pub const FOLDER: &str = "facts";

/// Whether a path of the project, relative to its root, leads into the folder of facts.
#[must_use]
pub fn is_among(path: &str) -> bool {
    path.strip_prefix(FOLDER).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether it is one of a file with facts.
#[must_use]
pub fn is_path(path: &str) -> bool {
    is_among(path) && path.ends_with(".json")
}

/// The path of the facts of a stack.
#[must_use]
pub fn path(environment: &str, stack: &str) -> String {
    format!("{FOLDER}/{environment}/{stack}.json")
}

/// The facts of all stacks.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// By the identities of environment and stack.
    stacks: BTreeMap<(Arc<str>, Arc<str>), StackFacts>,
    /// Files that are those of no stack, by where they stand.
    pub(crate) astray: Vec<FileId>,
}

/// The facts of one stack.
#[derive(Clone, Debug)]
pub struct StackFacts {
    /// The file.
    pub file: FileId,
    /// A map: name of an output → what it is.
    pub outputs: Value,
}

impl Facts {
    /// The facts of a stack of an environment, both by identity.
    #[must_use]
    pub fn of(&self, environment: &str, stack: &str) -> Option<&StackFacts> {
        if self.stacks.is_empty() {
            return None;
        }
        self.stacks.get(&(Arc::from(environment), Arc::from(stack)))
    }

    /// What an output of a stack is.
    #[must_use]
    pub fn output(&self, environment: &str, stack: &str, output: &str) -> Option<&Value> {
        self.of(environment, stack)?.outputs.get(output)
    }

    /// All of them, by environment and stack.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &StackFacts)> {
        self.stacks.iter().map(|((environment, stack), facts)| (&**environment, &**stack, facts))
    }
}

/// Reads the facts among the sources. A file that is wrong is reported and has none.
#[must_use]
pub fn read(sources: &Sources, diagnostics: &mut Diagnostics) -> Facts {
    let mut facts = Facts::default();
    let mut left = VALUES;
    for (file, source) in sources.iter().filter(|(_, source)| source.grammar == Grammar::Json) {
        let parts: Vec<&str> = source.path.split('/').collect();
        let [_, environment, name] = parts.as_slice() else {
            facts.astray.push(file);
            continue;
        };
        let Some(stack) = name.strip_suffix(".json") else { continue };
        match json::parse((file, LayerId::RECORDED), &source.text, &mut left) {
            Ok(outputs) if outputs.as_map().is_some() => {
                facts.stacks.insert((Arc::from(*environment), Arc::from(stack)), StackFacts { file, outputs });
            }
            Ok(other) => diagnostics.push(errors::not_a_map(&other, &source.path)),
            Err(fault) => diagnostics.push(errors::broken(&fault, file, &source.path)),
        }
    }
    facts
}

/// The whole of a file, for what is said of it as such.
#[must_use]
pub(crate) fn top(file: FileId) -> Span {
    Span::new(file, 0, 0)
}

/// The entries of a map; none of anything else.
fn entries(value: &Value) -> &[crate::value::Entry] {
    value.as_map().map(Map::entries).unwrap_or_default()
}

#[cfg(test)]
mod tests;
