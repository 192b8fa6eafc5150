//! Classes that were made before. A class follows from the texts of its ancestors and itself and from the layers they are; if those are what
//! they were, so is the class, what is said about it, and what it costs.

use super::Class;
use crate::diagnostic::Diagnostics;
use crate::ledger::{self, Spent};
use crate::origin::LayerId;
use crate::span::FileId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Classes by kind and name.
#[derive(Debug, Default)]
pub struct Memory {
    known: BTreeMap<Arc<str>, Known>,
}

#[derive(Debug)]
struct Known {
    line: Line,
    class: Arc<Class>,
    said: Diagnostics,
    spent: Spent,
}

/// Where the ancestors of a class and itself are written, and as which layers.
pub(super) type Line = Vec<(FileId, LayerId)>;

impl Memory {
    /// The class that was made of a line before, which is told and paid for as if it were made again; none if it has to be.
    pub(super) fn class(&self, name: &str, line: &Line, diagnostics: &mut Diagnostics) -> Option<Arc<Class>> {
        let known = self.known.get(name).filter(|known| known.line == *line)?;
        if !ledger::spend(known.spent) {
            return None;
        }
        diagnostics.append(known.said.clone());
        Some(Arc::clone(&known.class))
    }

    /// Remembers a class. What was used up while it was made is said to whoever asked, so that it is to be made again.
    pub(super) fn keep(&mut self, class: &Arc<Class>, line: Line, said: Diagnostics, spent: Option<Spent>) {
        match spent {
            Some(spent) => _ = self.known.insert(Arc::clone(&class.full), Known { line, class: Arc::clone(class), said, spent }),
            None => _ = self.known.remove(&class.full),
        }
    }
}
