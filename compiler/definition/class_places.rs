//! Where classes stand, and which of two with one name is meant: the project's own, or the one of the library that it hides. In come the classes
//! as they are written, out go the places of their parents.

use super::errors;
use super::library::class_of;
use super::listed::names;
use super::section::Section;
use crate::diagnostic::Diagnostics;
use crate::inheritance::Parent;
use crate::name::Kind;
use crate::source::Sources;
use crate::value::{Entry, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Kind and name of a class, as it stands in messages, layers and origins.
pub(super) fn full_name(kind: Kind, name: &str, is_hidden: bool) -> Arc<str> {
    format!("{}{}/{name}", if is_hidden { "std/" } else { "" }, kind.singular()).into()
}

/// The name of a class by its kind and name.
pub(crate) fn short_name(full: &str) -> &str {
    full.rsplit_once('/').map_or(full, |(_, name)| name)
}

/// Positions of classes by kind, name, and whether they are of the library.
pub(super) type ClassPlaces<'a> = BTreeMap<(Kind, &'a str, bool), usize>;

/// The classes that one inherits from, each with where it is named; a name that no class has is reported.
pub(super) fn parents(
    kind: Kind,
    entry: &Entry,
    blocks: &[(Kind, Entry)],
    places: &ClassPlaces<'_>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<Parent> {
    let mut result = Vec::new();
    for named in names(entry.value.get("inherits"), "inherits", diagnostics) {
        let place = |is_library| places.get(&(kind, &*named.name, is_library)).copied();
        // The library means its own; a class of the project that hides one means the hidden one by its own name.
        let is_own = !sources.is_library(entry.span) && (named.name != entry.key || place(true).is_none());
        let found = if is_own { place(false).or_else(|| place(true)) } else { place(true) };
        match found {
            Some(index) => {
                let parent = blocks.get(index).map(|(_, block)| block);
                let instead = parent.and_then(|parent| parent.value.get(Section::Deprecated.word())).and_then(Value::as_str);
                // Who is deprecated too has said so already, and the library knows its own.
                if let (Some(instead), None, false) = (instead, entry.value.get(Section::Deprecated.word()), sources.is_library(entry.span))
                {
                    diagnostics.push(errors::deprecated_class(kind, &named.name, instead, named.span));
                }
                result.push(Parent { index, span: named.span });
            }
            None => {
                let known = known_names(kind, written(kind, blocks), sources);
                diagnostics.push(errors::unknown_parent_class(kind, &named.name, named.span, &known));
            }
        }
    }
    result
}

/// The names of all classes of a kind, by name: of those that are read, and those of the library, which are read when somebody names them.
pub(super) fn known_names<'a>(kind: Kind, read: impl Iterator<Item = &'a str>, sources: &'a Sources) -> Vec<&'a str> {
    let library = sources.iter().filter_map(|(_, source)| class_of(source)).filter(|(other, _)| *other == kind);
    let known: BTreeSet<&str> = read.chain(library.map(|(_, name)| name)).collect();
    known.into_iter().collect()
}

/// The names of classes of a kind as they are written.
pub(super) fn written(kind: Kind, blocks: &[(Kind, Entry)]) -> impl Iterator<Item = &str> {
    blocks.iter().filter(move |(other, _)| *other == kind).map(|(_, block)| &*block.key)
}
