//! The Terraform backend: stacks in, root modules in Terraform's JSON syntax out, with the order to apply them in. It never decides which
//! resources there are; that is the classes' business.

mod address;
mod backend;
mod errors;
mod escape;
mod module;
mod outputs;
mod place;
mod remote;
mod stack;

use crate::artifact::{Artifact, Artifacts, Input};
use crate::diagnostic::Diagnostics;
use crate::floor;
use crate::model::Model;
use crate::object::{Output, Stack, StackId};
use crate::print::{self, Tree};
use crate::span::Span;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where the state of a stack is kept, to compare by, and where that is said; none if that is not known here. Its folder is that of its files.
#[must_use]
pub(crate) fn state_place(stack: &Stack, folder: &str) -> Option<(String, Span)> {
    place::place(stack, folder).map(|place| (place.key, place.said))
}

/// Writes `terraform/<environment>/<stack>/*.tf.json` for every stack, and `terraform/order.json`.
pub(super) fn emit(input: &Input<'_>, artifacts: &mut Artifacts, diagnostics: &mut Diagnostics) {
    let stacks = &input.objects.stacks;
    if stacks.is_empty() {
        return;
    }
    let known = KnownStacks::new(input.model, stacks);
    let modules: Vec<_> = stacks.par_iter().map(|stack| stack::emit(stack, input, &known)).collect();
    let mut order: Vec<Tree> = Vec::new();
    for (stack, module) in stacks.iter().zip(modules) {
        diagnostics.append(module.diagnostics);
        let folder = floor::stack(input.model, stack);
        for (name, page) in module.files {
            let free = artifacts.add(format!("{folder}/{name}"), Artifact::new(page, stack.members.clone()));
            debug_assert!(free, "two stacks share a folder");
        }
        let named = |id: &StackId| {
            let environment = Arc::clone(input.model.environment(id.environment).identity.text());
            [("environment", Tree::text(environment)), ("stack", Tree::text(Arc::clone(&id.name)))]
        };
        let reads = Tree::list(module.reads.iter().map(|id| Tree::map(named(id))));
        order.push(Tree::map(named(&stack.id()).into_iter().chain([("path", Tree::text(folder)), ("reads", reads)])));
    }
    place::check(input, diagnostics);
    let free = artifacts.add(floor::ORDER, Artifact::new(print::json(&Tree::list(order)), Vec::new()));
    debug_assert!(free, "an environment is called `order.json`");
}

/// The stacks by what names them, with their outputs by name: what references from other stacks are looked up in.
struct KnownStacks<'a> {
    model: &'a Model,
    stacks: BTreeMap<StackId, (&'a Stack, Outputs<'a>)>,
}

type Outputs<'a> = BTreeMap<&'a str, &'a Output>;

impl<'a> KnownStacks<'a> {
    fn new(model: &'a Model, stacks: &'a [Stack]) -> Self {
        let outputs = |stack: &'a Stack| stack.outputs.iter().map(|output| (&*output.name, output)).collect();
        Self { model, stacks: stacks.iter().map(|stack| (stack.id(), (stack, outputs(stack)))).collect() }
    }

    fn stack(&self, id: &StackId) -> Option<&'a Stack> {
        self.stacks.get(id).map(|(stack, _)| *stack)
    }

    /// What names a stack to a reader: its name, with the environment before it if that is another one.
    fn name_for(&self, reader: &StackId, id: &StackId) -> String {
        if reader.environment == id.environment {
            return id.name.to_string();
        }
        format!("{}-{}", self.model.environment(id.environment).identity, id.name)
    }

    fn output(&self, stack: &Stack, name: &str) -> Option<&'a Output> {
        self.stacks.get(&stack.id()).and_then(|(_, outputs)| outputs.get(name)).copied()
    }

    fn outputs(&self, stack: &Stack) -> Vec<&'a str> {
        self.stacks.get(&stack.id()).map(|(_, outputs)| outputs.keys().copied().collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
