//! What of a platform nobody has checked: objects of kinds that no table has, and rules of schemas that are left to the cluster. In comes what was
//! compiled, out go kinds and counts. Kinds of the standard library alone are none of the user's business.

use crate::definition::Definitions;
use crate::object::Objects;
use crate::source::Sources;
use crate::span::Span;
use std::collections::BTreeMap;

/// What nobody has checked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Unchecked {
    /// Kinds that no table has, by `apiVersion` and `kind`, with a place where one is written.
    pub kinds: BTreeMap<(String, String), Span>,
    /// Rules of schemas that could not be asked here, by `apiVersion` and `kind` in one text: how many.
    pub rules: Vec<(String, usize)>,
}

/// Looks through all objects.
#[must_use]
pub fn unchecked(definitions: &Definitions, objects: &Objects, sources: &Sources) -> Unchecked {
    let mut found = Unchecked { kinds: BTreeMap::new(), rules: definitions.tables.left_rules() };
    for manifest in objects.renderings.iter().flat_map(|rendering| &rendering.manifests) {
        let (version, kind) = (&*manifest.object.api_version, &*manifest.object.kind);
        let span = manifest.value.origin.span;
        if !sources.is_library(span) && !definitions.tables.knows(version, kind) {
            found.kinds.entry((version.to_owned(), kind.to_owned())).or_insert(span);
        }
    }
    found
}
