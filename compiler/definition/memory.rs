//! Classes that were made the time before. A class follows from the texts of its ancestors and itself and from the layers they are; if those are
//! what they were, so is the class, what is said about it, and what it costs.

use super::Class;
use crate::diagnostic::Diagnostics;
use crate::ledger::{self, Spent};
use crate::origin::LayerId;
use crate::span::FileId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Classes by kind and name.
#[derive(Debug, Default)]
pub(crate) struct ClassMemory {
    /// What was made this time.
    known: BTreeMap<Arc<str>, KnownClass>,
    /// What was made the time before, and not again yet.
    before: BTreeMap<Arc<str>, KnownClass>,
}

#[derive(Debug)]
struct KnownClass {
    written: WrittenLayers,
    class: Arc<Class>,
    said: Diagnostics,
    spent: Spent,
}

/// Where the ancestors of a class and itself are written, and as which layers.
pub(super) type WrittenLayers = Vec<(FileId, LayerId)>;

impl ClassMemory {
    /// Begins another time. What is not made in it is forgotten at its end: whether files are the same is known from one time to the next only.
    pub(super) fn again(&mut self) {
        self.before = std::mem::take(&mut self.known);
    }

    /// Forgets what was made the time before.
    pub(crate) fn forget(&mut self) {
        self.known.clear();
    }

    /// The class that was made of the same layers before, told and paid for as if it were made again; none if it has to be.
    pub(super) fn class(&mut self, name: &str, written: &WrittenLayers, diagnostics: &mut Diagnostics) -> Option<Arc<Class>> {
        let known = self.before.remove(name).filter(|known| known.written == *written && ledger::spend(known.spent))?;
        diagnostics.append(known.said.clone());
        let class = Arc::clone(&known.class);
        self.known.insert(Arc::clone(&class.full), known);
        Some(class)
    }

    /// Remembers a class, unless something was used up while it was made: that is said to whoever asked, so that it is to be made again.
    pub(super) fn keep(&mut self, class: &Arc<Class>, written: WrittenLayers, said: Diagnostics, spent: Option<Spent>) {
        if let Some(spent) = spent {
            self.known.insert(Arc::clone(&class.full), KnownClass { written, class: Arc::clone(class), said, spent });
        }
    }
}
