//! custom: Files → Tables. What a project knows beyond the tables of platc: `platform.schemas` names CustomResourceDefinitions and what
//! `terraform providers schema -json` prints. In come files, out goes a record of fields for each kind and each type of resource that somebody
//! writes, before what platc ships. A schema is read when its kind is asked for, once; only what it is at all is seen at once. Nothing here
//! checks a template.

pub(crate) mod breach;
mod crd;
mod errors;
mod provider;
mod record;
mod replaces;
mod replaces_check;
mod schema_check;
pub(crate) mod shape;

use crate::diagnostic::Diagnostics;
use crate::files::{AttachedFile, Files};
use crate::span::Span;
use crate::table::{ObjectFields, Replaces, Table, TableRecord};
use crate::value::{Data, Value};
use crate::wildcard;
use provider::PrintedFile;
use shape::CustomShape;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// All that is known of kinds and types of resources.
#[derive(Debug, Default)]
pub struct Tables {
    /// Files with CustomResourceDefinitions.
    definitions: Vec<Arc<AttachedFile>>,
    /// What providers print.
    providers: Vec<PrintedFile>,
    /// What else stands beside those: lists of what replaces a resource, by path.
    replaces: BTreeMap<Arc<str>, Arc<AttachedFile>>,
    /// What was asked for before, by version and kind.
    kinds: Mutex<BTreeMap<(String, String), AskedTable<KnownKind>>>,
    /// By the word before it and the type of resource.
    types: Mutex<BTreeMap<(&'static str, String), AskedTable<KnownType>>>,
}

/// What there was to find, and what is to be said about it.
type AskedTable<T> = (Option<Arc<T>>, Arc<Diagnostics>);

/// What is known of a kind of object.
#[derive(Debug)]
pub(crate) struct KnownKind {
    /// Its fields.
    pub(crate) record: Arc<TableRecord>,
    /// What must hold of them, if a schema of the project says so.
    pub(crate) shape: Option<Arc<CustomShape>>,
    /// Whether its objects are in namespaces, if a definition of the project says it.
    pub(crate) is_namespaced: Option<bool>,
    /// The release or the file that says so.
    pub(crate) origin: Option<Arc<str>>,
}

/// What is known of a type of resource or data, or of a provider itself.
#[derive(Debug)]
pub(crate) struct KnownType {
    /// Its arguments and attributes.
    pub(crate) record: Arc<TableRecord>,
    /// The release or the file that says so.
    pub(crate) origin: Option<Arc<str>>,
    /// What of it is sensitive, as paths; none of what platc ships, which has a list of its own.
    pub(crate) sensitive: Vec<Arc<str>>,
}

impl Tables {
    /// The tables of a project, with what `platform.schemas` names; what names nothing, or no schema, is reported.
    #[must_use]
    pub(crate) fn load(schemas: Option<&Value>, files: &Files, diagnostics: &mut Diagnostics) -> Self {
        let mut tables = Self::default();
        let mut known: BTreeMap<&str, ()> = BTreeMap::new();
        for glob in schemas.and_then(Value::as_list).unwrap_or_default() {
            let Data::String(text) = &glob.data else { continue };
            let found: Vec<(&str, &Arc<AttachedFile>)> = files.below().filter(|(path, _)| wildcard::path(text, path)).collect();
            if found.is_empty() {
                let all: Vec<&str> = files.below().map(|(path, _)| path).collect();
                diagnostics.push(errors::no_schema(text, glob.origin.span, &all));
            }
            for (path, file) in found {
                if known.insert(path, ()).is_none() {
                    tables.add(path, file, glob, diagnostics);
                }
            }
        }
        for (path, file) in files.below().filter(|(path, _)| path.ends_with(replaces::ENDING)) {
            tables.replaces.insert(path.into(), Arc::clone(file));
        }
        tables.check_lists(diagnostics);
        tables
    }

    fn add(&mut self, path: &str, file: &Arc<AttachedFile>, glob: &Value, diagnostics: &mut Diagnostics) {
        let at = glob.origin.span;
        if path.ends_with(replaces::ENDING) {
            return;
        }
        let Some((_, text)) = file.plain() else {
            return diagnostics.push(errors::unreadable(path, file.unread().unwrap_or_default(), at));
        };
        if crd::is_among(text) {
            self.definitions.push(Arc::clone(file));
        } else if provider::is_among(text) {
            self.providers.push(PrintedFile::new(file));
        } else {
            diagnostics.push(errors::is_no_schema(path, at));
        }
    }

    /// Reports what is wrong with lists of what replaces a resource.
    fn check_lists(&self, diagnostics: &mut Diagnostics) {
        let paths: Vec<&str> = self.providers.iter().map(|printed| printed.file.below()).collect();
        for (path, list) in &self.replaces {
            let schema = self.providers.iter().find(|printed| replaces::beside(printed.file.below()) == **path);
            match (schema, list.plain()) {
                (Some(schema), _) => replaces_check::check(list, schema, diagnostics),
                (None, Some((file, _))) => {
                    let schema = format!("{}.json", path.trim_end_matches(replaces::ENDING));
                    diagnostics.push(errors::list_beside_nothing(path, Span::new(file, 0, 0), &schema, &paths));
                }
                (None, None) => {}
            }
        }
    }

    /// Whether the project knows no more than platc does.
    #[must_use]
    pub(crate) fn is_plain(&self) -> bool {
        self.definitions.is_empty() && self.providers.is_empty()
    }

    /// A kind of object; none if nobody knows it. What is wrong with its schema is said each time.
    pub(crate) fn kind(&self, version: &str, kind: &str, diagnostics: &mut Diagnostics) -> Option<Arc<KnownKind>> {
        if !self.definitions.is_empty() {
            let key = (version.to_owned(), kind.to_owned());
            let known = self.kinds.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
            let (found, said) = known.unwrap_or_else(|| {
                let mut said = Diagnostics::default();
                let found = crd::find(&self.definitions, version, kind, &mut said).map(Arc::new);
                let asked = (found, Arc::new(said));
                self.kinds.lock().unwrap_or_else(PoisonError::into_inner).insert(key, asked.clone());
                asked
            });
            if !said.is_empty() {
                diagnostics.append((*said).clone());
            }
            if found.is_some() || !said.is_empty() {
                return found;
            }
        }
        let table = Table::kubernetes();
        let record = table.section(&format!("kind {version} {kind}"))?;
        Some(Arc::new(KnownKind { record, shape: None, is_namespaced: None, origin: table.origin(version).map(Arc::from) }))
    }

    /// Kinds whose schemas have rules that could not be asked here, with how many.
    #[must_use]
    pub fn left_rules(&self) -> Vec<(String, usize)> {
        let kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = kinds.iter().map(|((version, kind), (known, _))| {
            let shape = known.as_ref().and_then(|known| known.shape.as_ref());
            (format!("{version} {kind}"), shape.map_or(0, |shape| shape.left()))
        });
        counted.filter(|(_, count)| *count > 0).collect()
    }

    /// Whether anybody knows a kind.
    #[must_use]
    pub fn knows(&self, version: &str, kind: &str) -> bool {
        self.kind(version, kind, &mut Diagnostics::default()).is_some()
    }

    /// The fields of an object, for what is known of its lists.
    #[must_use]
    pub(crate) fn fields_of(&self, object: &Value) -> ObjectFields {
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        let known = text("apiVersion").zip(text("kind")).and_then(|(version, kind)| self.kind(version, kind, &mut Diagnostics::default()));
        ObjectFields::known(known.as_ref().map(|known| &known.record))
    }

    /// The versions that schemas of the project have of a kind of a group.
    pub(crate) fn versions(&self, version: &str, kind: &str) -> Vec<String> {
        crd::versions(&self.definitions, version, kind)
    }

    /// The versions, with their groups, in which platc's tables have a kind.
    pub(crate) fn versions_of(kind: &str) -> Vec<String> {
        let kinds = Table::kubernetes().titles().filter_map(|title| title.strip_prefix("kind ")?.split_once(' '));
        kinds.filter(|(_, other)| *other == kind).map(|(version, _)| version.to_owned()).collect()
    }

    /// The kinds of a version that anybody knows.
    pub(crate) fn kinds_of(&self, version: &str) -> Vec<String> {
        let shipped =
            Table::kubernetes().titles().filter_map(|title| title.strip_prefix("kind ")?.strip_prefix(version)?.strip_prefix(' '));
        shipped.map(str::to_owned).chain(crd::kinds(&self.definitions, version)).collect()
    }

    /// The types of resources or data that a type may be meant to be, and whether that is all there are: schemas of the project are complete.
    pub(crate) fn types_of(&self, word: &str, type_: &str) -> (Vec<String>, bool) {
        let provider = type_.split('_').next().unwrap_or_default();
        let of_provider = |known: &str| known.split('_').next() == Some(provider);
        let printed = provider::types(&self.providers, word, of_provider);
        if !printed.is_empty() {
            return (printed, true);
        }
        let shipped = Table::terraform().titles().filter_map(|title| title.strip_prefix(word)?.strip_prefix(' '));
        (shipped.filter(|known| of_provider(known)).map(str::to_owned).collect(), false)
    }

    /// A type of resource or data, or a provider: `resource`, `data` or `provider` is the word before it.
    pub(crate) fn terraform(&self, word: &'static str, type_: &str, diagnostics: &mut Diagnostics) -> Option<Arc<KnownType>> {
        let table = Table::terraform();
        let shipped = || table.section(&format!("{word} {type_}"));
        if !self.providers.is_empty() {
            let key = (word, type_.to_owned());
            let known = self.types.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
            let (found, said) = known.unwrap_or_else(|| {
                let mut said = Diagnostics::default();
                let found = provider::find(&self.providers, word, type_, &mut said).map(|(mut type_of, path)| {
                    let shipped = shipped();
                    let list = self.replaces.get(replaces::beside(&path).as_str());
                    let listed = list.and_then(|list| replaces::read(list, word, type_));
                    // A list is complete for the types that it has; a table may be older than the schema.
                    let otherwise = if listed.is_some() { Replaces::No } else { Replaces::Unknown };
                    type_of.record = Arc::new(replaces::fill(&type_of.record, listed.or(shipped).as_deref(), otherwise));
                    Arc::new(type_of)
                });
                let asked = (found, Arc::new(said));
                self.types.lock().unwrap_or_else(PoisonError::into_inner).insert(key, asked.clone());
                asked
            });
            if !said.is_empty() {
                diagnostics.append((*said).clone());
            }
            if found.is_some() {
                return found;
            }
        }
        let origin = table.origin(type_.split('_').next().unwrap_or_default()).map(Arc::from);
        Some(Arc::new(KnownType { record: shipped()?, origin, sensitive: Vec::new() }))
    }

    /// Whether a provider calls an argument or attribute sensitive, or what it stands in.
    pub(crate) fn is_sensitive(&self, word: &str, type_: &str, path: &str) -> bool {
        let within = |sensitive: &Arc<str>| path.strip_prefix(&**sensitive).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        Table::terraform().is_sensitive(word, type_, path) || self.sensitive(word, type_).iter().any(within)
    }

    /// What schemas of the project call sensitive in a type of resource.
    pub(crate) fn sensitive(&self, word: &str, type_: &str) -> Vec<Arc<str>> {
        let word = match word {
            "resource" => "resource",
            "data" => "data",
            "provider" => "provider",
            _ => return Vec::new(),
        };
        if self.providers.is_empty() {
            return Vec::new();
        }
        let known = self.terraform(word, type_, &mut Diagnostics::default());
        known.map(|known| known.sensitive.clone()).unwrap_or_default()
    }

    /// Whether a change of an argument replaces the resource; also what stands in it.
    pub(crate) fn replaces(&self, type_: &str, path: &[&str]) -> Replaces {
        let known = self.terraform("resource", type_, &mut Diagnostics::default());
        known.map_or(Replaces::Unknown, |known| replaces::at(&known.record, path))
    }
}

#[cfg(test)]
mod tests;
