//! References: checked in the own stack, and read from another stack's state through an output there.

use super::address;
use super::backend::{self, ReaderArgument};
use super::errors;
use super::escape::{TerraformReading, escape};
use super::stack::{Nulls, StackText, sorted};
use crate::expression::{LatePiece, LateReference};
use crate::object::Output;
use crate::print::{Form, Tree};
use crate::value::Data;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

impl StackText<'_> {
    /// A reference as an expression; none if it was reported.
    pub(super) fn reference(&mut self, reference: &LateReference) -> Option<String> {
        if reference.output.is_none() && reference.address.starts_with("provider.") {
            self.diagnostics.push(errors::provider_as_value(reference, &self.subject));
            return None;
        }
        if self.is_own(reference) {
            self.check_declared(&reference.address, reference.span);
            return Some(reference.address.to_string());
        }
        let state = self.state_of(&reference.stack, reference)?;
        let stack = self.known.stack(self.stack.environment, &reference.stack)?;
        let Some(name) = &reference.output else {
            self.diagnostics.push(errors::not_exported(reference, None, &self.subject));
            return None;
        };
        let rest = match self.known.output(stack, name) {
            Some(output) => match further(reference, output) {
                Some(rest) => rest,
                // A part of a text or of a list, which no other stack can read by itself.
                None => {
                    self.diagnostics.push(errors::not_exported(reference, None, &self.subject));
                    return None;
                }
            },
            None if stack.body.at(&["output", name]).is_some() => reference.address.strip_prefix(&**name).unwrap_or(""),
            None => {
                let near = crate::name::nearest(name, self.known.outputs(stack));
                self.diagnostics.push(errors::not_exported(reference, near, &self.subject));
                return None;
            }
        };
        Some(format!("data.terraform_remote_state.{state}.outputs.{name}{rest}"))
    }

    /// The name of the data source that reads another stack's state.
    pub(super) fn state_of(&mut self, stack: &Arc<str>, reference: &LateReference) -> Option<Arc<str>> {
        if let Some(name) = self.remote.get(stack) {
            return Some(Arc::clone(name));
        }
        if self.known.stack(self.stack.environment, stack).is_none() {
            self.diagnostics.push(errors::not_exported(reference, None, &self.subject));
            return None;
        }
        let mut name: String = stack.chars().map(|char| if address::is_name(&format!("_{char}")) { char } else { '_' }).collect();
        if name.starts_with(|char: char| char.is_ascii_digit() || char == '-') {
            name.insert(0, '_');
        }
        if name != **stack || self.declared.has(&format!("data.terraform_remote_state.{name}")) {
            let digest: String = Sha256::digest(stack.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            name = format!("{name}_{digest}");
        }
        let name: Arc<str> = name.into();
        self.remote.insert(Arc::clone(stack), Arc::clone(&name));
        if !self.reads.contains(stack) {
            self.reads.push(Arc::clone(stack));
        }
        Some(name)
    }

    /// Adds the data sources that read other stacks' states.
    pub(super) fn remote_states(&mut self, blocks: &mut BTreeMap<Arc<str>, Tree>) {
        let mut sources = Vec::new();
        for (stack, name) in std::mem::take(&mut self.remote) {
            let Some(stack) = self.known.stack(self.stack.environment, &stack) else { continue };
            let (backend, configuration) = backend::read(stack);
            let configuration = configuration.into_iter().map(|(key, argument)| match argument {
                ReaderArgument::Value(value) => (key, self.value(value, TerraformReading::Template, Nulls::Drop)),
                ReaderArgument::Text(text) => (key, Tree::text(escape(&text))),
            });
            let configuration = sorted(configuration.collect());
            sources.push((name, Tree::map([("backend", Tree::text(backend)), ("config", configuration)])));
        }
        if sources.is_empty() {
            return;
        }
        let data = blocks.entry("data".into()).or_insert_with(|| Form::Map(Vec::new()).into());
        if let Some(types) = data.as_map_mut() {
            let kind: Arc<str> = "terraform_remote_state".into();
            let known = types.iter_mut().find(|(key, _)| *key == kind);
            match known.and_then(|(_, known)| known.as_map_mut()) {
                Some(known) => known.append(&mut sources),
                None => types.push((kind, Tree::map(sources))),
            }
        }
        if let Some(data) = blocks.remove("data") {
            blocks.insert("data".into(), data.sorted());
        }
    }
}

/// What a reference selects from the value that an output carries: `[0].id`. Its address begins with the output's name, or with the
/// address that the output stands for; none if it is something else that was read through that output.
fn further<'r>(reference: &'r LateReference, output: &Output) -> Option<&'r str> {
    let behind = |start: &str| reference.address.strip_prefix(start).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    let carried = match &output.value.data {
        Data::Late(late) => match late.pieces.as_slice() {
            [LatePiece::Reference(carried)] => Some(&carried.address),
            _ => None,
        },
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::List(_)
        | Data::Map(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Broken => None,
    };
    behind(&output.name).or_else(|| carried.and_then(|carried| behind(carried)))
}
