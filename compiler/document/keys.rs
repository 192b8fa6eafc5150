//! The keys of one map while it is parsed: finds doubles without comparing each with each.

use crate::span::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Up to this many keys are compared one by one.
const LINEAR: usize = 16;

/// Keys seen so far, each with its first place.
#[derive(Default)]
pub(super) struct Keys {
    few: Vec<(Arc<str>, Span)>,
    many: BTreeMap<Arc<str>, Span>,
}

impl Keys {
    /// Adds a key; if it is there already, says where.
    pub(super) fn insert(&mut self, key: &Arc<str>, span: Span) -> Option<Span> {
        if self.many.is_empty() {
            if let Some((_, first)) = self.few.iter().find(|(known, _)| known == key) {
                return Some(*first);
            }
            self.few.push((Arc::clone(key), span));
            if self.few.len() > LINEAR {
                self.many = self.few.drain(..).collect();
            }
            return None;
        }
        if let Some(first) = self.many.get(key) {
            return Some(*first);
        }
        self.many.insert(Arc::clone(key), span);
        None
    }
}
