//! Parts of what templates become: entries of a map in the making, and what is the same for a family of things.

use crate::expression::Target;
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
        Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::String(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => {
            return None;
        }
    };
    Some((at, value.origin.span, target == Target::Terraform))
}

/// The entries of a map in the making.
pub(super) struct Growing {
    entries: Vec<Entry>,
    /// Positions by key, once there are more than [`FEW`].
    places: BTreeMap<Arc<str>, usize>,
}

/// Up to this many entries a linear search is faster than an index.
const FEW: usize = 16;

impl Growing {
    /// With room for so many.
    pub(super) fn of(count: usize) -> Self {
        Self { entries: Vec::with_capacity(count), places: BTreeMap::new() }
    }

    pub(super) fn get(&mut self, key: &str) -> Option<&mut Entry> {
        if self.entries.len() <= FEW {
            return self.entries.iter_mut().find(|entry| &*entry.key == key);
        }
        self.places.get(key).and_then(|at| self.entries.get_mut(*at))
    }

    pub(super) fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
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
