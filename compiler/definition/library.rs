//! Which files of the standard library a project needs: a class is read when it is first named. In come the documents so far, out go the
//! files that they name and that are not among them. It knows no classes but by the paths of their files, and never says that a name is
//! unknown.
//!
//! A name is any text or key of a document, wherever it stands: that finds more than what is used, and never less, whatever the language
//! lets stand for a class.

use super::Class;
use super::index::{TOP, steps};
use crate::document::{Document, Node, NodeData};
use crate::name::Kind;
use crate::source::{Grammar, Source, Sources};
use crate::span::FileId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Whether a source is a class of the standard library: its kind and its name, which say what is in it.
#[must_use]
pub fn class_of(source: &Source) -> Option<(Kind, &str)> {
    let (kind, file) = source.path.strip_prefix("std/").filter(|_| source.library)?.split_once('/')?;
    Some((Kind::from_singular(kind)?, file.strip_suffix(".yaml")?))
}

/// The name of a fragment of the standard library, if a source is one.
pub(super) fn fragment_of(source: &Source) -> Option<&str> {
    within(source, "std/fragment/")
}

/// What a source of the standard library is called, if it stands below a path.
fn within<'s>(source: &'s Source, path: &str) -> Option<&'s str> {
    source.path.strip_prefix(path).filter(|_| source.library)?.strip_suffix(".yaml")
}

/// The name by which a project needs a source of the standard library; none if it needs it always, or it is no such source.
pub(crate) fn name_of(source: &Source) -> Option<&str> {
    class_of(source).map(|(_, name)| name).or_else(|| fragment_of(source)).or_else(|| within(source, "std/capability/"))
}

/// What every abstract class of the library says, in a line of its own; its files are ours.
const ABSTRACT: &str = "\n      abstract: true\n";

/// Kind and name of what was not read and things may be of: what is abstract is no proposal to anybody.
pub(super) fn unread(sources: &Sources, read: &[Arc<Class>]) -> Vec<(Kind, Arc<str>)> {
    let known: BTreeSet<(Kind, &str)> = read.iter().map(|class| (class.kind, &*class.name.name)).collect();
    let all = sources.iter().filter(|(_, source)| !source.text.contains(ABSTRACT)).filter_map(|(_, source)| class_of(source));
    all.filter(|class| !known.contains(class)).map(|(kind, name)| (kind, name.into())).collect()
}

/// The classes of the standard library that documents name for the first time.
#[derive(Debug)]
pub(crate) struct LibraryNeeds<'a> {
    sources: &'a Sources,
    /// Files by name, until they are needed.
    waiting: BTreeMap<&'a str, Vec<FileId>>,
}

impl<'a> LibraryNeeds<'a> {
    /// Of a project that has named nothing yet.
    pub(crate) fn new(sources: &'a Sources) -> Self {
        let mut waiting: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
        for (file, source) in sources.iter() {
            if let Some(name) = name_of(source) {
                waiting.entry(name).or_default().push(file);
            }
        }
        Self { sources, waiting }
    }

    /// The files that these documents need beside those that others needed before. Policies speak of whatever class a thing may have one day,
    /// so they need all; and so does a misspelt key, which may stand for any.
    pub(crate) fn of(&mut self, documents: &[Arc<Document>]) -> BTreeSet<FileId> {
        let mut needed = BTreeSet::new();
        for document in documents {
            let NodeData::Map(pairs) = &document.root.data else { continue };
            match self.sources.get(document.file) {
                // The language names no class, and has a key that no other file has.
                Some(source) if source.library && name_of(source).is_none() => continue,
                // A key of the command line is a path.
                Some(source) if source.grammar == Grammar::Argument => {
                    for pair in pairs {
                        steps(&pair.key.text).into_iter().flatten().for_each(|step| self.key(step, &mut needed));
                        self.names(&pair.value, &mut needed);
                    }
                    continue;
                }
                Some(_) | None => {}
            }
            if pairs.iter().any(|pair| &*pair.key.text == "policies" || !TOP.contains(&&*pair.key.text)) {
                needed.extend(self.all());
            }
            self.names(&document.root, &mut needed);
        }
        needed
    }

    /// Everything that nobody needed so far.
    pub(crate) fn all(&mut self) -> BTreeSet<FileId> {
        std::mem::take(&mut self.waiting).into_values().flatten().collect()
    }

    fn names(&mut self, node: &Node, needed: &mut BTreeSet<FileId>) {
        match &node.data {
            NodeData::String(scalar) => {
                self.name(&scalar.text, needed);
                super::held::names(&scalar.text).for_each(|(_, name)| self.name(name, needed));
                types(&scalar.text).for_each(|name| self.name(name, needed));
            }
            NodeData::List(items) => items.iter().for_each(|item| self.names(item, needed)),
            NodeData::Map(pairs) => {
                for pair in pairs {
                    self.key(&pair.key.text, needed);
                    self.names(&pair.value, needed);
                }
            }
            NodeData::Null | NodeData::Bool(_) | NodeData::Int(_) | NodeData::Float(_) | NodeData::Broken => {}
        }
    }

    /// A plural stands for the class that its things have when they name none.
    fn key(&mut self, key: &str, needed: &mut BTreeSet<FileId>) {
        self.name(key, needed);
        if let Some(kind) = Kind::from_plural(key) {
            self.name(kind.singular(), needed);
        }
    }

    fn name(&mut self, name: &str, needed: &mut BTreeSet<FileId>) {
        if let Some(files) = self.waiting.remove(name) {
            needed.extend(files);
        }
    }
}

/// The types that a shorthand may name: what stands before its markers, without the lists and maps around it.
fn types(text: &str) -> impl Iterator<Item = &str> {
    let named = text.split_once('|').map_or(text, |(types, _)| types);
    named.split(" or ").map(|type_| type_.trim().trim_start_matches("[]").trim_start_matches("map[string]").trim_start_matches("[]"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::document::{DocumentMemory, parse};

    #[test]
    fn a_fragment_is_read_when_it_is_named() {
        let mut sources = Sources::default();
        let mut add =
            |path: &str, text: &str, library| sources.add(Source { path: path.into(), text: text.into(), grammar: Grammar::Yaml, library });
        let named = add("std/fragment/labelled.yaml", "classes: { fragment: { labelled: { template: { $use: inner } } } }\n", true);
        let inner = add("std/fragment/inner.yaml", "classes: { fragment: { inner: { template: {} } } }\n", true);
        let type_ = add("std/fragment/login.yaml", "classes: { fragment: { login: { schema: { a: string } } } }\n", true);
        add("std/fragment/other.yaml", "classes: { fragment: { other: { template: {} } } }\n", true);
        add(
            "web.yaml",
            "classes: { service: { web: { schema: { b: 'map[string]login | default={}' }, files: { a.yaml: { $use: labelled } } } } }\n",
            false,
        );
        let mut needs = LibraryNeeds::new(&sources);
        let mut read = |wanted: &dyn Fn(FileId, &Source) -> bool| {
            let documents = parse(&sources, wanted, &mut DocumentMemory::default(), &mut Diagnostics::default());
            needs.of(&documents)
        };
        let first = read(&|_, source| name_of(source).is_none());
        assert_eq!(first, BTreeSet::from([named, type_]));
        assert_eq!(read(&|file, _| first.contains(&file)), BTreeSet::from([inner]));
    }
}
