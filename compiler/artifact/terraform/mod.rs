//! The Terraform backend: stacks in, root modules in Terraform's JSON syntax out, with the order to apply them in. It never decides which
//! resources there are; that is the classes' business.

mod address;
mod backend;
mod errors;
mod escape;
mod module;
mod remote;
mod stack;

use crate::artifact::{Artifact, Artifacts, Input};
use crate::diagnostic::Diagnostics;
use crate::floor;
use crate::model::EnvironmentId;
use crate::object::{Output, Stack};
use crate::print::{self, Tree};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Writes `terraform/<environment>/<stack>/*.tf.json` for every stack, and `terraform/order.json`.
pub(super) fn emit(input: &Input<'_>, artifacts: &mut Artifacts, diagnostics: &mut Diagnostics) {
    let stacks = &input.objects.stacks;
    if stacks.is_empty() {
        return;
    }
    let known = KnownStacks::new(stacks);
    let modules: Vec<_> = stacks.par_iter().map(|stack| stack::emit(stack, input, &known)).collect();
    let mut order: Vec<(EnvironmentId, Vec<Tree>)> = Vec::new();
    for (stack, module) in stacks.iter().zip(modules) {
        diagnostics.append(module.diagnostics);
        let folder = floor::stack(input.model, stack);
        for (name, page) in module.files {
            let free = artifacts.add(format!("{folder}/{name}"), Artifact::new(page, stack.members.clone()));
            debug_assert!(free, "two stacks share a folder");
        }
        let entry = Tree::map([
            ("stack", Tree::text(stack.name.clone())),
            ("path", Tree::text(folder)),
            ("reads", Tree::list(module.reads.into_iter().map(Tree::text))),
        ]);
        match order.iter_mut().find(|(environment, _)| *environment == stack.environment) {
            Some((_, entries)) => entries.push(entry),
            None => order.push((stack.environment, vec![entry])),
        }
    }
    let order =
        Tree::map(order.into_iter().map(|(id, entries)| (Arc::clone(input.model.environment(id).identity.text()), Tree::list(entries))));
    let free = artifacts.add(floor::ORDER, Artifact::new(print::json(&order), Vec::new()));
    debug_assert!(free, "an environment is called `order.json`");
}

/// The stacks by environment and name, with their outputs by name: what references from other stacks are looked up in.
struct KnownStacks<'a> {
    stacks: BTreeMap<(EnvironmentId, &'a str), (&'a Stack, Outputs<'a>)>,
}

type Outputs<'a> = BTreeMap<&'a str, &'a Output>;

impl<'a> KnownStacks<'a> {
    fn new(stacks: &'a [Stack]) -> Self {
        let outputs = |stack: &'a Stack| stack.outputs.iter().map(|output| (&*output.name, output)).collect();
        Self { stacks: stacks.iter().map(|stack| ((stack.environment, &*stack.name), (stack, outputs(stack)))).collect() }
    }

    fn stack(&self, environment: EnvironmentId, name: &str) -> Option<&'a Stack> {
        self.stacks.get(&(environment, name)).map(|(stack, _)| *stack)
    }

    fn output(&self, stack: &Stack, name: &str) -> Option<&'a Output> {
        self.stacks.get(&(stack.environment, &*stack.name)).and_then(|(_, outputs)| outputs.get(name)).copied()
    }

    fn outputs(&self, stack: &Stack) -> Vec<&'a str> {
        self.stacks.get(&(stack.environment, &*stack.name)).map(|(_, outputs)| outputs.keys().copied().collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
