//! files: what lies below `files/` of a project, to be taken in by definitions or to tell what others define. In come the sources, out goes what
//! stands in a file that somebody names: its text, or its documents with their places. A file is read when it is named, once however often,
//! and nothing in it is an expression. Which files there are is known before; nothing here reaches outside.

mod errors;

use crate::diagnostic::Diagnostics;
use crate::document::{self, Node, NodeData, Pair, Scalar};
use crate::filename;
use crate::json;
use crate::limit::VALUES;
use crate::origin::LayerId;
use crate::source::{FileBody, Grammar, Source, Sources};
use crate::span::{FileId, Span};
use crate::value::{Data, Value};
use crate::variants::variants;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// The folder of all files to be taken in, at the root of a project or a library.
pub const FOLDER: &str = "files";

/// The folder of charts, in which nothing is a definition either.
const CHARTS: &str = "charts";

/// Whether a path of the project, relative to its root, leads to a file that definitions may take in.
#[must_use]
pub fn is_path(path: &str) -> bool {
    is_in(path, FOLDER)
}

/// Whether it leads to where files define nothing.
#[must_use]
pub(crate) fn is_among(path: &str) -> bool {
    is_in(path, FOLDER) || is_in(path, CHARTS)
}

fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a source names files, or may do so.
#[must_use]
pub(crate) fn may_name_files(source: &Source) -> bool {
    [FILE, OBJECTS, "schemas"].iter().any(|word| source.text.contains(word))
}

/// Stands for what a file holds.
pub const FILE: &str = "$file";
/// How it is taken in.
pub const AS: &str = "$as";
/// Stands for all objects in some files.
pub const OBJECTS: &str = "$objects";

variants! {
    /// How a file is taken in.
    pub(crate) enum FileForm(word, from_word) {
        /// As text.
        Text = "text",
        /// As the value that it holds in YAML.
        Yaml = "yaml",
        /// As the value that it holds in JSON.
        Json = "json",
        /// As bytes, encoded as text.
        Base64 = "base64",
    }
}

/// All files of a project.
#[derive(Debug, Default)]
pub struct Files {
    files: BTreeMap<Arc<str>, Arc<AttachedFile>>,
    /// Sources of a library, which has files of its own.
    library: BTreeSet<FileId>,
    /// Files that are one with another where case or Unicode form do not count.
    twins: BTreeMap<Arc<str>, Arc<str>>,
}

/// One file.
#[derive(Debug)]
pub(crate) struct AttachedFile {
    /// Its path from the root of the project.
    pub(crate) path: Arc<str>,
    body: FileBody,
    text: Option<Arc<str>>,
    yaml: OnceLock<ReadFile>,
    json: OnceLock<ReadFile>,
}

/// What could be made of a text, and what is said about it.
#[derive(Debug)]
struct ReadFile {
    documents: Option<Vec<Node>>,
    said: Diagnostics,
}

impl Files {
    /// The files among the sources. What was read of them the time before is taken over where it is the same.
    #[must_use]
    pub(crate) fn of(sources: &Sources, before: &Files) -> Self {
        let files = sources.files().iter().map(|(path, body)| {
            let text = match body {
                FileBody::Text(file) => sources.get(*file).map(|source| Arc::clone(&source.text)),
                FileBody::Bytes(_) | FileBody::Unreadable(_) => None,
            };
            let known = before.files.get(path).filter(|known| known.body == *body && known.text == text);
            let file = || AttachedFile {
                path: Arc::clone(path),
                body: body.clone(),
                text: text.clone(),
                yaml: OnceLock::new(),
                json: OnceLock::new(),
            };
            (Arc::clone(path), known.map_or_else(|| Arc::new(file()), Arc::clone))
        });
        let library = sources.iter().filter(|(_, source)| source.library).map(|(file, _)| file);
        let files: BTreeMap<Arc<str>, Arc<AttachedFile>> = files.collect();
        let paths: Vec<&str> = files.keys().map(|path| &**path).collect();
        let pairs = filename::twins(&paths).into_iter().flat_map(|(one, other)| [(one.into(), other.into()), (other.into(), one.into())]);
        let twins = pairs.collect();
        Self { files, library: library.collect(), twins }
    }

    /// Whether these are the files of the time before, and nothing else.
    #[must_use]
    pub(crate) fn is_same(&self, before: &Files) -> bool {
        self.files.len() == before.files.len() && self.files.values().zip(before.files.values()).all(|(now, then)| Arc::ptr_eq(now, then))
    }

    /// All files with their paths below the folder.
    pub(crate) fn below(&self) -> impl Iterator<Item = (&str, &Arc<AttachedFile>)> {
        let prefix = FOLDER.len() + 1;
        self.files.iter().filter_map(move |(path, file)| Some((path.get(prefix..)?, file)))
    }

    /// The file of a path below the folder, named at a place; none, which is reported, if there is no such file or it cannot be read. A library
    /// has a folder of its own, and a class of it sees no other.
    fn named(&self, path: &str, at: Span, diagnostics: &mut Diagnostics) -> Option<&AttachedFile> {
        if filename::leaves(path) || path.starts_with('/') {
            diagnostics.push(errors::leaves(path, at));
            return None;
        }
        let library = self.library.contains(&at.file);
        let found = if library { None } else { self.files.get(format!("{FOLDER}/{path}").as_str()) };
        let Some(file) = found else {
            let known: Vec<&str> = if library { Vec::new() } else { self.below().map(|(path, _)| path).collect() };
            diagnostics.push(errors::unknown(path, at, &known));
            return None;
        };
        if let FileBody::Unreadable(reason) = &file.body {
            diagnostics.push(errors::unreadable(path, reason, at));
            return None;
        }
        if let Some(flaw) = filename::flaw(path) {
            diagnostics.push(errors::flawed(path, &flaw, at));
            return None;
        }
        if let Some(twin) = self.twins.get(&file.path) {
            diagnostics.push(errors::twins(path, twin, at));
            return None;
        }
        Some(file)
    }

    /// What a file holds, taken in at a place; none, which is reported, if that cannot be had.
    pub(crate) fn content(&self, path: &str, form: FileForm, at: Span, layer: LayerId, diagnostics: &mut Diagnostics) -> Option<Value> {
        let file = self.named(path, at, diagnostics)?;
        let origin = crate::origin::Origin { span: at, layer };
        match form {
            FileForm::Base64 => {
                let bytes = match &file.body {
                    FileBody::Bytes(bytes) => bytes,
                    FileBody::Text(_) | FileBody::Unreadable(_) => file.text.as_ref()?.as_bytes(),
                };
                Some(Value::string(BASE64.encode(bytes), origin))
            }
            FileForm::Text => Some(Value::string(file.text((path, at), diagnostics)?, origin)),
            FileForm::Yaml | FileForm::Json => match file.documents(form, (path, at), diagnostics)? {
                [document] => Some(document.verbatim(layer)),
                [] => {
                    diagnostics.push(errors::empty(path, at));
                    None
                }
                [_, second, ..] => {
                    diagnostics.push(errors::several(path, second.span, at));
                    None
                }
            },
        }
    }

    /// The documents of a file that is named at a place, one by one; of a list of objects, its items.
    pub(crate) fn objects(&self, path: &str, at: Span, diagnostics: &mut Diagnostics) -> Option<Vec<&Node>> {
        let file = self.named(path, at, diagnostics)?;
        let form = if path.ends_with(".json") { FileForm::Json } else { FileForm::Yaml };
        let documents = file.documents(form, (path, at), diagnostics)?;
        let is_list = |node: &Node| {
            node.get("kind").and_then(Node::as_text) == Some("List") && node.get("apiVersion").and_then(Node::as_text) == Some("v1")
        };
        let objects: Vec<&Node> = documents
            .iter()
            .filter(|document| document.data != NodeData::Null)
            .flat_map(|document| match document.get("items").filter(|_| is_list(document)) {
                Some(items) => items.items().iter().collect(),
                None => vec![document],
            })
            .collect();
        if objects.is_empty() {
            diagnostics.push(errors::empty(path, at));
        }
        Some(objects)
    }
}

impl AttachedFile {
    /// Its text with the place of it, if it is one.
    pub(crate) fn plain(&self) -> Option<(FileId, &Arc<str>)> {
        match (&self.body, &self.text) {
            (FileBody::Text(file), Some(text)) => Some((*file, text)),
            (FileBody::Text(_) | FileBody::Bytes(_) | FileBody::Unreadable(_), _) => None,
        }
    }

    /// Its path below the folder.
    pub(crate) fn below(&self) -> &str {
        self.path.split_once('/').map_or(&*self.path, |(_, path)| path)
    }

    /// The file that cannot be read, and why.
    pub(crate) fn unread(&self) -> Option<&str> {
        match &self.body {
            FileBody::Unreadable(reason) => Some(reason),
            FileBody::Bytes(_) => Some("it is not UTF-8 text"),
            FileBody::Text(_) => None,
        }
    }

    /// Its text, if it is the same on every machine.
    fn text(&self, (path, at): (&str, Span), diagnostics: &mut Diagnostics) -> Option<Arc<str>> {
        let (file, text) = self.readable((path, at), diagnostics)?;
        if let Some(place) = text.find('\r') {
            diagnostics.push(errors::carriage_return(path, Span::new(file, place, place + 1), at));
            return None;
        }
        Some(Arc::clone(text))
    }

    fn readable(&self, (path, at): (&str, Span), diagnostics: &mut Diagnostics) -> Option<(FileId, &Arc<str>)> {
        let Some((file, text)) = self.plain() else {
            diagnostics.push(errors::not_text(path, at));
            return None;
        };
        if text.starts_with('\u{feff}') {
            diagnostics.push(errors::byte_order_mark(path, Span::new(file, 0, 3), at));
            return None;
        }
        Some((file, text))
    }

    /// Its documents; what is wrong with them is told once, wherever they are taken in.
    fn documents(&self, form: FileForm, (path, at): (&str, Span), diagnostics: &mut Diagnostics) -> Option<&[Node]> {
        let (file, text) = self.readable((path, at), diagnostics)?;
        let read = match form {
            FileForm::Json => self.json.get_or_init(|| json_of(file, text)),
            FileForm::Text | FileForm::Yaml | FileForm::Base64 => self.yaml.get_or_init(|| yaml_of(file, text)),
        };
        diagnostics.append(read.said.clone());
        read.documents.as_deref()
    }
}

fn yaml_of(file: FileId, text: &Arc<str>) -> ReadFile {
    let source = Source { path: "".into(), text: Arc::clone(text), grammar: Grammar::Plain, library: false };
    let mut said = Diagnostics::default();
    let documents = document::documents(file, &source, &mut said).filter(|_| !said.has_errors());
    ReadFile { documents, said }
}

fn json_of(file: FileId, text: &str) -> ReadFile {
    let mut said = Diagnostics::default();
    let documents = match json::parse((file, LayerId::COMPUTED), text, &mut { VALUES }) {
        Ok(value) => Some(vec![node(&value)]),
        Err(fault) => {
            said.push(errors::broken(&fault, file));
            None
        }
    };
    ReadFile { documents, said }
}

/// A value as the node that it would be in YAML.
fn node(value: &Value) -> Node {
    let bare = |text: &Arc<str>| Scalar { text: Arc::clone(text), map: None };
    let data = match &value.data {
        Data::Bool(bool) => NodeData::Bool(*bool),
        Data::Int(int) => NodeData::Int(*int),
        Data::Float(float) => NodeData::Float(*float),
        Data::String(text) => NodeData::String(bare(text)),
        Data::List(list) => NodeData::List(list.items().iter().map(node).collect()),
        Data::Map(map) => {
            let pair = |entry: &crate::value::Entry| Pair { key: bare(&entry.key), key_span: entry.span, value: node(&entry.value) };
            NodeData::Map(map.entries().iter().map(pair).collect())
        }
        Data::Null | Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => NodeData::Null,
    };
    Node { data, span: value.origin.span }
}

#[cfg(test)]
mod tests;
