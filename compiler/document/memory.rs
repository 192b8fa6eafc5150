//! What was parsed before. In comes a source, out goes its document and what was said about it: parsed now, or the same as last time if
//! place and text are. It never decides which sources are read.

use super::{Document, parse_one};
use crate::diagnostic::Diagnostics;
use crate::source::Source;
use crate::span::FileId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Documents by the place of their source among all sources, because spans speak of that place.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    known: BTreeMap<FileId, Parsed>,
    /// Files whose documents are those of the time before.
    same: BTreeSet<FileId>,
}

#[derive(Clone, Debug)]
struct Parsed {
    source: Source,
    document: Option<Arc<Document>>,
    said: Diagnostics,
}

impl Memory {
    /// Begins another time: what is not read again by its end was changed.
    pub fn again(&mut self) {
        self.same.clear();
    }

    /// Whether the document of a file is the one of the time before.
    #[must_use]
    pub fn is_same(&self, file: FileId) -> bool {
        self.same.contains(&file)
    }

    /// The document of a source; none if nothing of it can be read, which is told each time.
    pub(super) fn document(&mut self, file: FileId, source: &Source, diagnostics: &mut Diagnostics) -> Option<Arc<Document>> {
        match self.known.get(&file) {
            Some(parsed) if parsed.source == *source => _ = self.same.insert(file),
            Some(_) | None => {
                let mut said = Diagnostics::default();
                let document = parse_one(file, source, &mut said).map(Arc::new);
                self.known.insert(file, Parsed { source: source.clone(), document, said });
            }
        }
        let parsed = self.known.get(&file)?;
        diagnostics.append(parsed.said.clone());
        parsed.document.clone()
    }
}
