//! `override`: what a definition, an overlay of one, or defaults change of what the class makes. In comes a field of a block, out goes one item of a
//! list, so that layers add to each other and none of them merges before the class has made what they change. `check` compares it with the
//! class it is for. Nothing is expanded here.

mod check;
mod errors;
mod lacking;

pub(crate) use check::{OverrideOf, check};
pub(crate) use lacking::lacking_arguments;

use super::lower::Lowering;
use crate::document::{NodeData, Pair};
use crate::origin::{LayerId, Origin};
use crate::path::Path;
use crate::value::{Data, Entry, Operator, Standing, Value};

/// What the field is called.
pub(crate) const OVERRIDE: &str = "override";

/// The sections of a class that can be changed.
pub(crate) const SECTIONS: [&str; 5] = ["terraform", "manifests", "helm", "argocd", "files"];

/// The layers in a field that holds them, weakest first.
#[must_use]
pub(crate) fn layers(field: &Value) -> Vec<&Value> {
    match &field.data {
        Data::List(list) => list.items().iter().flat_map(layers).collect(),
        Data::Pending(pending) => {
            let (base, words) = pending.words();
            // What counts once more as a default was said before.
            let said = words.into_iter().filter(|word| !matches!(word.standing, Standing::Again(_)));
            base.into_iter().chain(said.map(|word| &word.entry.value)).flat_map(layers).collect()
        }
        Data::Map(_) => vec![field],
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Template(_) | Data::Late(_) | Data::Broken => {
            Vec::new()
        }
    }
}

impl Lowering<'_> {
    /// One layer of what is changed; none if it says nothing.
    pub(super) fn overriding(&mut self, field: &Pair, layer: LayerId) -> Option<Entry> {
        let (bare, operator) = super::operator::split(&field.key.text);
        if operator != Operator::Merge {
            self.report(errors::no_operator(&bare, field.key_span));
            return None;
        }
        if matches!(field.value.data, NodeData::Null | NodeData::Broken) {
            return None;
        }
        let mut is_fine = matches!(field.value.data, NodeData::Map(_));
        for section in self.pairs(&field.value, "`override`") {
            let (bare, _) = super::operator::split(&section.key.text);
            if !SECTIONS.contains(&&*bare) {
                self.report(errors::unknown_section(&bare, section.key_span));
                is_fine = false;
            }
        }
        let value = is_fine.then(|| self.value(&field.value, layer))?;
        let origin = Origin { span: field.value.span, layer };
        // It waits for what it changes, so that nothing in it meets anything before.
        let word = Entry::plain(bare.as_str(), field.key_span, value);
        let waiting = Value::pending(None, word, Path::default(), Standing::Layer, None);
        Some(Entry { operator: Operator::Append, ..Entry::plain(bare, field.key_span, Value::list(vec![waiting], origin)) })
    }
}
