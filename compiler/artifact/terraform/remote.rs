//! References: checked in the own stack, and read from another stack's state through an output there.

use super::address;
use super::backend::{self, ReaderArgument};
use super::errors;
use super::escape::{TerraformReading, escape};
use super::stack::{Nulls, StackText, sorted};
use crate::expression::{LatePiece, LateReference};
use crate::floor;
use crate::object::{Output, StackId};
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
        let named = self.named(reference);
        let state = self.state_of(&named, reference)?;
        let stack = self.known.stack(&named)?;
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
    pub(super) fn state_of(&mut self, id: &StackId, reference: &LateReference) -> Option<Arc<str>> {
        if let Some(name) = self.remote.get(id) {
            return Some(Arc::clone(name));
        }
        if self.known.stack(id).is_none() {
            self.diagnostics.push(errors::not_exported(reference, None, &self.subject));
            return None;
        }
        let own = self.stack.id();
        let full = self.known.name_for(&own, id);
        let mut name: String = full.chars().map(|char| if address::is_name(&format!("_{char}")) { char } else { '_' }).collect();
        if name.starts_with(|char: char| char.is_ascii_digit() || char == '-') {
            name.insert(0, '_');
        }
        let is_another = |other: &StackId| other != id && self.known.name_for(&own, other) == full;
        let is_taken = self.declared.has(&format!("data.terraform_remote_state.{name}")) || self.known.stacks.keys().any(is_another);
        if name != full || is_taken {
            // Of two that are spelled alike this tells which; the slash stands in no name.
            let full = if own.environment == id.environment { full } else { floor::stack_of(self.known.model, id) };
            let digest: String = Sha256::digest(full.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            name = format!("{name}_{digest}");
        }
        let name: Arc<str> = name.into();
        self.remote.insert(id.clone(), Arc::clone(&name));
        if !self.reads.contains(id) {
            self.reads.push(id.clone());
        }
        Some(name)
    }

    /// Adds the data sources that read other stacks' states.
    pub(super) fn remote_states(&mut self, blocks: &mut BTreeMap<Arc<str>, Tree>) {
        let mut sources = Vec::new();
        for (id, name) in std::mem::take(&mut self.remote) {
            let Some(stack) = self.known.stack(&id) else { continue };
            let (backend, configuration) = backend::read(stack, &floor::to_stack(self.known.model, self.stack, stack));
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
