//! parse: Sources → Documents. What comes in are texts in YAML or TOML, what leaves is one tree for both, every node with its span.
//! It never knows what a key means: that begins in `definition`.

mod beside;
mod block;
mod characters;
mod conflict;
mod errors;
mod format;
mod frame;
mod keys;
mod memory;
mod parts;
mod recover;
mod spoken;
mod style;
mod tag;
mod text_map;
mod toml;
mod yaml;

pub(crate) use beside::beside;
pub use format::format;
pub(crate) use memory::DocumentMemory;
pub(crate) use parts::parts;
pub(crate) use spoken::spoken;

use crate::diagnostic::Diagnostics;
use crate::limit::VALUES;
use crate::origin::{LayerId, Origin};
use crate::path::Path;
use crate::scalar::Plain;
use crate::source::{Grammar, Source, Sources};
use crate::span::{FileId, Span, TextMap};
use crate::value::{Data, Entry, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One parsed source. The same platform gives the same tree in either grammar, but for spans.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    /// The source it was parsed from.
    pub file: FileId,
    /// Always a map; an empty file is an empty map.
    pub root: Node,
    /// What stood in the parts that could not be read, which is told: `services.web`, or a shorter path for anything below it.
    pub lost: Vec<Path>,
    /// Where aliases stand, and where what they repeat was written.
    pub aliases: Vec<(Span, Span)>,
}

/// A node of the tree and its place.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// What it is.
    pub data: NodeData,
    /// Where it stands. For an alias, where the alias stands.
    pub span: Span,
}

/// What a node holds.
#[derive(Clone, PartialEq, Debug)]
pub enum NodeData {
    /// An explicit or absent value.
    Null,
    /// true or false
    Bool(bool),
    /// A 64-bit signed integer.
    Int(i64),
    /// Any other finite number.
    Float(f64),
    /// Text, quoted or not; expressions are not looked at.
    String(Scalar),
    /// An ordered list.
    List(Vec<Node>),
    /// An ordered map with unique keys.
    Map(Vec<Pair>),
    /// What stands there means nothing, which is told.
    Broken,
}

/// A text with the way back to its source.
#[derive(Clone, PartialEq, Debug)]
pub struct Scalar {
    /// The text after escapes are decoded and line folding is undone.
    pub text: Arc<str>,
    /// Where each character of the text stands; there if and only if the text contains `${`.
    pub map: Option<Arc<TextMap>>,
}

/// An entry of a map.
#[derive(Clone, PartialEq, Debug)]
pub struct Pair {
    /// The key as written, operator included.
    pub key: Scalar,
    /// Where the key stands, quotes included.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

/// Parses some of the YAML and TOML sources in their order, unless the memory has their documents. Every mistake is reported; a part that
/// cannot be read is lost, not its file.
#[must_use]
pub(crate) fn parse(
    sources: &Sources,
    chosen: impl Fn(FileId, &Source) -> bool,
    memory: &mut DocumentMemory,
    diagnostics: &mut Diagnostics,
) -> Vec<Arc<Document>> {
    let whole = |file| {
        let root = Node { data: NodeData::Map(Vec::new()), span: Span::new(file, 0, 0) };
        Arc::new(Document { file, root, lost: vec![Path::default()], aliases: Vec::new() })
    };
    let parsed = sources.iter().filter(|(file, source)| chosen(*file, source)).map(|(file, source)| {
        if memory.values > VALUES {
            return whole(file);
        }
        let Some(document) = memory.document(file, source, diagnostics) else { return whole(file) };
        memory.values += document.root.values();
        if memory.values > VALUES {
            diagnostics.push(errors::too_many_values(Span::new(file, 0, 0)));
            return whole(file);
        }
        document
    });
    parsed.collect()
}

/// The files of which not everything could be read, as far as only parsing has reported anything.
#[must_use]
pub fn unread(documents: &[Arc<Document>], diagnostics: &Diagnostics) -> BTreeSet<FileId> {
    let lost = documents.iter().filter(|document| !document.lost.is_empty()).map(|document| document.file);
    lost.chain(diagnostics.files()).collect()
}

/// Parses one source; none if nothing of it can be read. Arguments of the command line are read as YAML.
#[must_use]
pub fn parse_one(file: FileId, source: &Source, diagnostics: &mut Diagnostics) -> Option<Document> {
    match source.grammar {
        Grammar::Yaml | Grammar::Toml | Grammar::Argument if !characters::check(file, source, diagnostics) => None,
        Grammar::Yaml | Grammar::Argument => yaml::parse(file, source, diagnostics),
        Grammar::Toml => toml::parse(file, source, diagnostics),
        // Facts are no definitions, and neither are files that definitions take in.
        Grammar::Json | Grammar::Plain => None,
    }
}

/// The documents in a text that defines nothing, of whatever form; none if one of them cannot be read, which is reported.
#[must_use]
pub(crate) fn documents(file: FileId, source: &Source, diagnostics: &mut Diagnostics) -> Option<Vec<Node>> {
    if characters::check(file, source, diagnostics) { parts::documents(file, &source.text, diagnostics) } else { None }
}

/// The document in a part of such a text.
#[must_use]
pub(crate) fn document(file: FileId, text: &str, part: std::ops::Range<usize>, diagnostics: &mut Diagnostics) -> Option<Node> {
    parts::document(file, text, part, diagnostics)
}

impl Scalar {
    /// A text without expressions.
    fn bare(text: &str) -> Scalar {
        Scalar { text: Arc::from(text), map: None }
    }
}

impl NodeData {
    /// What a plain scalar is that is not refused; text for one that is, so that what follows has something to work with.
    fn of(plain: Plain, text: impl FnOnce() -> Scalar) -> NodeData {
        match plain {
            Plain::Null => NodeData::Null,
            Plain::Bool(bool) => NodeData::Bool(bool),
            Plain::Int(int) => NodeData::Int(int),
            Plain::Float(float) => NodeData::Float(float),
            Plain::Text | Plain::OutOfRange | Plain::NotFinite | Plain::Ambiguous(_) => NodeData::String(text()),
        }
    }
}

impl Node {
    /// The value of a key, if this is a map that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        let NodeData::Map(pairs) = &self.data else { return None };
        pairs.iter().find(|pair| &*pair.key.text == key).map(|pair| &pair.value)
    }

    /// What it is, word for word: nothing in it is an expression or an operator.
    #[must_use]
    pub(crate) fn verbatim(&self, layer: LayerId) -> Value {
        let origin = Origin { span: self.span, layer };
        let data = match &self.data {
            NodeData::Null => Data::Null,
            NodeData::Broken => Data::Broken,
            NodeData::Bool(bool) => Data::Bool(*bool),
            NodeData::Int(int) => Data::Int(*int),
            NodeData::Float(float) => Data::Float(*float),
            NodeData::String(scalar) => Data::String(Arc::clone(&scalar.text)),
            NodeData::List(items) => return Value::list(items.iter().map(|item| item.verbatim(layer)).collect(), origin),
            NodeData::Map(pairs) => {
                let entry = |pair: &Pair| Entry::plain(Arc::clone(&pair.key.text), pair.key_span, pair.value.verbatim(layer));
                return Value::map(pairs.iter().map(entry).collect(), origin);
            }
        };
        Value::new(data, origin)
    }

    /// How many values this is, with all inside.
    fn values(&self) -> usize {
        match &self.data {
            NodeData::List(items) => 1 + items.iter().map(Node::values).sum::<usize>(),
            NodeData::Map(pairs) => 1 + pairs.iter().map(|pair| pair.value.values()).sum::<usize>(),
            NodeData::Null | NodeData::Bool(_) | NodeData::Int(_) | NodeData::Float(_) | NodeData::String(_) | NodeData::Broken => 1,
        }
    }

    /// The text inside, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let NodeData::String(scalar) = &self.data { Some(&scalar.text) } else { None }
    }

    /// The items inside; none if it is no list.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        if let NodeData::List(items) = &self.data { items } else { &[] }
    }
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod pages;
#[cfg(test)]
pub(crate) mod tests;
