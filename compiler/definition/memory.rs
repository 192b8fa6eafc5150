//! Classes that were made the time before. A class follows from the texts of its ancestors and itself and from the layers they are; if those are
//! what they were, so is the class, what is said about it, and what it costs.

use super::Class;
use crate::custom::Tables;
use crate::diagnostic::Diagnostics;
use crate::files::Files;
use crate::ledger::{self, Spent};
use crate::origin::LayerId;
use crate::span::FileId;
use crate::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Classes by kind and name.
#[derive(Debug, Default)]
pub(crate) struct ClassMemory {
    /// What was made this time.
    known: BTreeMap<Arc<str>, KnownClass>,
    /// What was made the time before, and not again yet.
    before: BTreeMap<Arc<str>, KnownClass>,
    /// The tables that classes were checked with, and what names the schemas in them.
    tables: Option<(Vec<Arc<str>>, Arc<Tables>)>,
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
        self.tables = None;
    }

    /// The tables of a project, the same as before if the same files are named. Classes that were checked with others are made again.
    pub(super) fn tables(&mut self, schemas: Option<&Value>, files: &Files, diagnostics: &mut Diagnostics) -> Arc<Tables> {
        let globs = schemas.and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_str).map(Arc::from);
        let globs: Vec<Arc<str>> = globs.collect();
        if let Some((known, tables)) = &self.tables
            && *known == globs
        {
            return Arc::clone(tables);
        }
        self.forget();
        let (tables, is_wrong) = diagnostics.watch(|diagnostics| Arc::new(Tables::load(schemas, files, diagnostics)));
        // What is wrong is to be said again.
        self.tables = (!is_wrong).then(|| (globs, Arc::clone(&tables)));
        tables
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
