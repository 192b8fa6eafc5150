//! The end of a compilation: from here on nobody can show what must not be shown, because it is gone from the sources and from all that
//! was said. In come the sources and diagnostics of all passes, out go the same without secrets.

use super::Secrets;
use crate::code::Code;
use crate::diagnostic::Diagnostics;
use crate::source::{Grammar, Sources};
use crate::span::{FileId, Span};
use std::collections::BTreeSet;

impl Secrets {
    /// Takes secrets out of everything. What the files in `unread` say has not arrived everywhere, so that they hold more than is known.
    #[must_use]
    pub fn conceal(&mut self, unread: &BTreeSet<FileId>, sources: &Sources, diagnostics: &mut Diagnostics) -> Sources {
        // Each file once, however many mistakes it has.
        let misspelt = diagnostics.places(Code::UnknownKind).map(|span| span.file);
        let doubtful: BTreeSet<FileId> = unread.iter().copied().chain(misspelt).collect();
        for file in &doubtful {
            let Some(source) = sources.get(*file) else { continue };
            match source.grammar {
                Grammar::Argument => self.doubt(Span::new(*file, argument_value(&source.text), source.text.len())),
                Grammar::Yaml | Grammar::Toml | Grammar::Json | Grammar::Plain => self.doubt_names(*file, &source.text),
            }
        }
        // The data of a Secret is what must not be seen, and the report of it points there.
        diagnostics.places(Code::SecretData).for_each(|span| self.doubt(span));
        let veil = self.veil();
        diagnostics.edit(|diagnostic| veil.draw(diagnostic));
        veil.blacked_out(sources)
    }

    /// Takes secrets out of what was said.
    pub fn veil_over(&self, diagnostics: &mut Diagnostics) {
        let veil = self.veil();
        diagnostics.edit(|diagnostic| veil.draw(diagnostic));
    }
}

/// Where the value begins in the source of a `--set`.
#[must_use]
pub fn argument_value(text: &str) -> usize {
    text.find("\": ").map_or(0, |at| at + 3)
}
