//! The outputs of a stack: what its things tell others, and what of that Terraform must not show.

use super::escape::TerraformReading;
use super::module::Block;
use super::stack::{Nulls, StackText};
use super::{address, errors};
use crate::expression::LateReference;
use crate::print::{Form, Tree};

use crate::value::{Data, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

impl StackText<'_> {
    /// What the body says about outputs, and the outputs that members declare.
    pub(super) fn outputs(&mut self) -> BTreeMap<Arc<str>, Tree> {
        let stack = self.stack;
        let mut outputs: BTreeMap<Arc<str>, Tree> = BTreeMap::new();
        if let Some(said) = stack.body.get("output")
            && let Form::Map(entries) = self.block(Block::Output, said).form
        {
            outputs.extend(entries);
        }
        for output in &stack.outputs {
            if !address::is_name(&output.name) {
                self.diagnostics.push(errors::name(&output.name, "output", output.value.origin.span, &self.subject));
            }
            let value = self.value(&output.value, TerraformReading::Template, Nulls::Keep);
            let entry = outputs.entry(Arc::clone(&output.name)).or_insert_with(|| Form::Map(Vec::new()).into());
            let sensitive = output.sensitive || self.reads_sensitive_variable(&output.value);
            if let Some(arguments) = entry.as_map_mut().filter(|_| sensitive)
                && !arguments.iter().any(|(key, _)| &**key == "sensitive")
            {
                arguments.push(("sensitive".into(), Tree::bool(true)));
                arguments.sort_by(|(a, _), (b, _)| a.cmp(b));
            }
            if let Some(arguments) = entry.as_map_mut()
                && !arguments.iter().any(|(key, _)| &**key == "value")
            {
                arguments.push(("value".into(), value));
                arguments.sort_by(|(a, _), (b, _)| a.cmp(b));
            }
        }
        outputs
    }

    /// Whether a value reads a variable that its declaration calls sensitive.
    fn reads_sensitive_variable(&self, value: &Value) -> bool {
        let is_sensitive = |reference: &LateReference| {
            let name = reference.address.strip_prefix("var.").and_then(|rest| rest.split(['.', '[']).next());
            let said = name.and_then(|name| self.stack.body.at(&["variable", name, "sensitive"]));
            self.is_own(reference) && said.and_then(Value::as_bool) == Some(true)
        };
        match &value.data {
            Data::Late(late) => late.references().into_iter().any(is_sensitive),
            Data::List(list) => list.items().iter().any(|item| self.reads_sensitive_variable(item)),
            Data::Map(map) => map.entries().iter().any(|entry| self.reads_sensitive_variable(&entry.value)),
            Data::Null
            | Data::Bool(_)
            | Data::Int(_)
            | Data::Float(_)
            | Data::String(_)
            | Data::Template(_)
            | Data::Pending(_)
            | Data::Broken => false,
        }
    }
}
