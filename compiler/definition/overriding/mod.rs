//! `override`: what a definition, an overlay of one, or defaults change of what the class makes. In comes a field of a block, out goes one item of a
//! list, so that layers add to each other and none of them merges before the class has made what they change. `check` compares it with the
//! class it is for. Nothing is expanded here.

mod beside;
mod check;
mod errors;
mod lacking;
mod using;

pub(crate) use check::{OverrideOf, check};
pub(crate) use lacking::lacking_arguments;
pub(crate) use using::OverrideUses;

use super::lower::Lowering;
use crate::document::{NodeData, Pair};
use crate::origin::LayerId;
use crate::path::{Path, Step};
use crate::span::Span;
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

/// Where a layer takes away what stands at a path, if it does.
#[must_use]
pub(crate) fn remover(layer: &Value, path: &[&str]) -> Option<Span> {
    let (first, rest) = path.split_first()?;
    let entry = layer.as_map()?.entry(first)?;
    let is_named = |item: &Value| rest.first().is_some_and(|next| item.as_str() == Some(next));
    match (entry.operator, entry.value.as_list()) {
        (Operator::Remove, Some(items)) => items.iter().find(|item| is_named(item)).map(|item| item.origin.span),
        (Operator::Remove, None) => Some(entry.span),
        (Operator::Replace, _) if !rest.is_empty() && entry.value.follow(&steps(rest)).is_none() => Some(entry.span),
        (Operator::Merge | Operator::Append | Operator::Replace | Operator::Lock, _) => remover(&entry.value, rest),
    }
}

fn steps(keys: &[&str]) -> Vec<Step> {
    keys.iter().map(|key| Step::Key((*key).into())).collect()
}

impl Lowering<'_> {
    /// One layer of what is changed; none if it says nothing.
    pub(super) fn overriding(&mut self, field: &Pair, layer: LayerId) -> Option<Entry> {
        let (bare, operator) = super::operator::split(&field.key.text);
        if matches!(field.value.data, NodeData::Null | NodeData::Broken) {
            return None;
        }
        self.pairs(&field.value, "`override`");
        // Its sections are templates, as those of a class.
        self.in_template = true;
        let value = self.value(&field.value, layer);
        self.in_template = false;
        self.one_layer(Entry { operator, ..Entry::plain(bare, field.key_span, value) })
    }

    /// What is changed as an item of the list of layers, if it is a map of sections.
    pub(super) fn one_layer(&mut self, said: Entry) -> Option<Entry> {
        if said.operator != Operator::Merge {
            self.report(errors::no_operator(&said.key, said.span));
            return None;
        }
        let sections = said.value.as_map()?.entries();
        let unknown: Vec<&Entry> = sections.iter().filter(|section| !SECTIONS.contains(&&*section.key)).collect();
        unknown.iter().for_each(|section| self.report(errors::unknown_section(&section.key, section.span)));
        let is_map = |section: &Entry| matches!(section.value.data, Data::Map(_) | Data::Template(_) | Data::Null | Data::Broken);
        let misshapen: Vec<&Entry> = sections.iter().filter(|section| section.operator != Operator::Remove && !is_map(section)).collect();
        misshapen.iter().for_each(|section| self.report(errors::section_not_map(&section.key, section.value.origin.span)));
        let origin = said.value.origin;
        // Nothing is said where nothing is written.
        let is_said = |section: &&Entry| section.operator == Operator::Remove || !matches!(section.value.data, Data::Null);
        let kept = Value::map(sections.iter().filter(is_said).cloned().collect(), origin);
        let is_fine = unknown.is_empty() && misshapen.is_empty();
        let said = Entry { value: kept, ..said.clone() };
        // It waits for what it changes, so that nothing in it meets anything before.
        let waiting = Value::pending(None, said.clone(), Path::default(), Standing::Layer, None);
        let item = Value::list(vec![waiting], origin);
        is_fine.then(|| Entry { operator: Operator::Append, value: item, ..said.clone() })
    }
}
