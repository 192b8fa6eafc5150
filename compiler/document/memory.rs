//! What was parsed the time before. In comes a source, out goes its document and what was said about it: parsed now, or the same as last time if
//! place and text are. It never decides which sources are read.

use super::{Document, parse_one};
use crate::diagnostic::Diagnostics;
use crate::ledger::{self, Spent};
use crate::source::Source;
use crate::span::FileId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Documents by the place of their source among all sources, because spans speak of that place.
#[derive(Clone, Debug, Default)]
pub(crate) struct DocumentMemory {
    /// What was read this time.
    known: BTreeMap<FileId, KnownDocument>,
    /// What was read the time before, and not again yet.
    before: BTreeMap<FileId, KnownDocument>,
    /// Files whose documents are those of the time before.
    same: BTreeSet<FileId>,
    /// How many values were read this time.
    pub(super) values: usize,
}

#[derive(Clone, Debug)]
struct KnownDocument {
    source: Source,
    document: Option<Arc<Document>>,
    said: Diagnostics,
    /// None if the ledger was used up, so that reading it again might come to something else.
    spent: Option<Spent>,
}

impl DocumentMemory {
    /// Begins another time. What is not read in it is forgotten at its end.
    pub(crate) fn again(&mut self) {
        *self = Self { before: std::mem::take(&mut self.known), ..Self::default() };
    }

    /// Whether the document of a file is the one of the time before.
    pub(crate) fn is_same(&self, file: FileId) -> bool {
        self.same.contains(&file)
    }

    /// The document of a source; none if nothing of it can be read, which is told each time.
    pub(super) fn document(&mut self, file: FileId, source: &Source, diagnostics: &mut Diagnostics) -> Option<Arc<Document>> {
        let before = self.before.remove(&file).filter(|parsed| parsed.source == *source && parsed.spent.is_some_and(ledger::spend));
        let parsed = match before {
            Some(parsed) => {
                self.same.insert(file);
                parsed
            }
            None => {
                let mut said = Diagnostics::default();
                let (document, spent) = ledger::account(|| parse_one(file, source, &mut said).map(Arc::new));
                KnownDocument { source: source.clone(), document, said, spent }
            }
        };
        diagnostics.append(parsed.said.clone());
        let document = parsed.document.clone();
        self.known.insert(file, parsed);
        document
    }
}
