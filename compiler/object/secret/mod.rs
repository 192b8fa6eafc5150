//! Secrets that would leave with the output: values that a schema calls secret, and Kubernetes Secrets with their data written out. In comes
//! what the templates became, out go reports. Nothing is changed, and no report tells a value.

mod likeness;
mod literal;
mod terraform;
mod text;
mod written;

pub(super) use terraform::{is_sensitive, stacks};
pub use written::doubt_written;

use super::errors;
use super::template::Expander;
use crate::model::{World, is_credential};
use crate::secret::holds_login;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Data, Entry, Map, Value};

/// Reports what may not stand in objects, charts, files and what is told to whoever installs them.
pub(super) fn refuse(expander: &Expander<'_, '_>, value: &Value, what: &str) {
    refuse_at(expander, value, what, None);
}

/// The same for a value that stands under a key.
pub(super) fn refuse_at(expander: &Expander<'_, '_>, value: &Value, what: &str, key: Option<Span>) {
    if expander.world.has_secrets() {
        hidden(expander, value, what, key);
    }
    for found in literal::secrets_delivered(value) {
        expander.report(errors::secret_data(&found.name, found.span));
    }
}

/// The same for the Terraform of one entity, where sensitive arguments may hold secrets. What `kubernetes_secret` holds is judged when all
/// stacks are known.
pub(super) fn refuse_in_terraform(expander: &Expander<'_, '_>, body: &Value) {
    for section in entries(body).iter().filter(|section| expander.world.secrets_in(&section.value)) {
        let check = |word: &str, type_: &str, block: &Value| {
            Arguments { expander, word, type_, path: String::new() }.refuse(block, None);
        };
        match &*section.key {
            word @ ("resource" | "data" | "ephemeral") => {
                for type_ in entries(&section.value) {
                    entries(&type_.value).iter().for_each(|block| check(word, &type_.key, &block.value));
                }
            }
            _ => hidden(expander, &section.value, "the output", Some(section.span)),
        }
    }
    for found in literal::secrets(body) {
        expander.report(errors::secret_data(&found.name, found.span));
    }
}

/// Reports credentials among the arguments of a provider: Terraform takes them from whoever runs it.
pub(super) fn refuse_in_provider(world: &World<'_>, provider: &str, block: &Value, subject: &Subject) {
    ProviderArguments { world, provider, subject, path: String::new() }.refuse(block);
}

struct ProviderArguments<'s, 'a> {
    world: &'s World<'a>,
    provider: &'s str,
    subject: &'s Subject,
    /// Where in the block.
    path: String,
}

impl ProviderArguments<'_, '_> {
    fn refuse(&mut self, value: &Value) {
        let named = !self.path.is_empty() && is_credential(self.provider, &self.path);
        let is_told = match &value.data {
            Data::Map(_) | Data::List(_) | Data::Null | Data::Bool(_) | Data::Template(_) | Data::Pending(_) | Data::Broken => false,
            Data::String(text) => !text.is_empty() && (named || holds_login(text)),
            Data::Int(_) | Data::Float(_) => named,
            // What only Terraform knows is not written down.
            Data::Late(late) => named && literal::is_partly_written(late),
        };
        if is_told || self.world.hides(value) {
            self.world.doubt(value);
            let fault = errors::secret_in_provider(self.provider, &self.path, value.origin.span);
            self.world.report(fault.about(self.subject.clone()));
            return;
        }
        for entry in entries(value) {
            let length = self.path.len();
            if length > 0 {
                self.path.push('.');
            }
            self.path.push_str(&entry.key);
            self.refuse(&entry.value);
            self.path.truncate(length);
        }
        value.as_list().unwrap_or_default().iter().for_each(|item| self.refuse(item));
    }
}

fn entries(value: &Value) -> &[Entry] {
    value.as_map().map(Map::entries).unwrap_or_default()
}

/// The arguments of one block.
struct Arguments<'s, 'w, 'a> {
    expander: &'s Expander<'w, 'a>,
    word: &'s str,
    type_: &'s str,
    /// Where in the block.
    path: String,
}

impl Arguments<'_, '_, '_> {
    /// Reports those that hold secrets although their provider does not call them sensitive.
    fn refuse(&mut self, value: &Value, key: Option<Span>) {
        if self.expander.world.definitions.tables.is_sensitive(self.word, self.type_, &self.path) {
            return;
        }
        if self.expander.world.hides(value) {
            let what = format!("`{}` of `{}`", self.path, self.type_);
            self.expander.report(errors::secret_value(&what, value.origin.span, key));
            return;
        }
        for entry in entries(value) {
            let length = self.path.len();
            if !self.path.is_empty() {
                self.path.push('.');
            }
            self.path.push_str(&entry.key);
            self.refuse(&entry.value, Some(entry.span));
            self.path.truncate(length);
        }
        value.as_list().unwrap_or_default().iter().for_each(|item| self.refuse(item, key));
    }
}

/// Reports every secret value inside; `key` is where the class puts it.
fn hidden(expander: &Expander<'_, '_>, value: &Value, what: &str, key: Option<Span>) {
    if expander.world.hides(value) {
        expander.report(errors::secret_value(what, value.origin.span, key));
        return;
    }
    for entry in entries(value) {
        hidden(expander, &entry.value, what, Some(entry.span));
    }
    for item in value.as_list().unwrap_or_default() {
        hidden(expander, item, what, key);
    }
}
