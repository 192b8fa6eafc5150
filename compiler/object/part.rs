//! Parts of what templates become: entries of a map in the making, and what is the same for a family of things.

use crate::expression::Target;
use crate::origin::LayerId;
use crate::span::Span;
use crate::value::{Data, Entry, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What templates became, for as much as that is the same for a family of things.
#[derive(Default)]
pub(super) struct Parts(pub(super) BTreeMap<(usize, Span, bool), Option<Value>>);

/// What tells a template from others of a class, and for what it is expanded.
pub(super) fn part(value: &Value, target: Target) -> Option<(usize, Span, bool)> {
    let at = match &value.data {
        Data::Template(template) => Arc::as_ptr(template) as usize,
        Data::List(list) => Arc::as_ptr(list) as usize,
        Data::Map(map) => Arc::as_ptr(map) as usize,
        Data::Pending(pending) => Arc::as_ptr(pending) as usize,
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Late(_) | Data::Broken => return None,
    };
    Some((at, value.origin.span, target == Target::Terraform))
}

/// The entries of a map in the making.
pub(super) struct Growing {
    entries: Vec<Entry>,
    /// Which layer wrote each; none for what a `$spread` brought.
    layers: Vec<Option<LayerId>>,
    /// Positions by key, once there are more than [`FEW`].
    places: BTreeMap<Arc<str>, usize>,
}

/// Up to this many entries a linear search is faster than an index.
const FEW: usize = 16;

impl Growing {
    /// With room for so many.
    pub(super) fn of(count: usize) -> Self {
        Self { entries: Vec::with_capacity(count), layers: Vec::with_capacity(count), places: BTreeMap::new() }
    }

    /// The entry of a key, with the layer that wrote it.
    pub(super) fn get(&mut self, key: &str) -> Option<(&mut Entry, Option<LayerId>)> {
        let at = if self.entries.len() <= FEW {
            self.entries.iter().position(|entry| &*entry.key == key)
        } else {
            self.places.get(key).copied()
        };
        let at = at?;
        Some((self.entries.get_mut(at)?, self.layers.get(at).copied().flatten()))
    }

    pub(super) fn push(&mut self, entry: Entry, layer: Option<LayerId>) {
        self.entries.push(entry);
        self.layers.push(layer);
        if self.entries.len() > FEW {
            let known = self.places.len();
            let new = self.entries.iter().enumerate().skip(known);
            self.places.extend(new.map(|(at, entry)| (Arc::clone(&entry.key), at)));
        }
    }

    pub(super) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }
}

/// Whether nothing below needs work: no templates and no directives.
pub(super) fn is_fixed(value: &Value) -> bool {
    !value.is_dynamic() && !value.has_directive()
}
