//! What definitions and classes take in from files: `$file` with a path that is written out becomes what the file holds, `$objects` becomes its
//! objects by name. In come nodes, out go values that know their lines. A path with an expression waits for its template; nothing that was
//! taken in is an expression itself.

use super::errors;
use super::fragment::has_use;
use super::lower::Lowering;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Node, NodeData, Pair};
use crate::files::{AS, FILE, FileForm, OBJECTS};
use crate::inheritance::{Layering, Meeting, met};
use crate::origin::{LayerId, Origin};
use crate::path::Path;
use crate::span::Span;
use crate::subject::Subject;
use crate::value::{Data, Entry, Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The section in which objects are taken in.
const SECTION: &str = "manifests";

/// Keys that may stand beside `$file` where a template is expanded.
const BESIDE: [&str; 2] = ["$for", "$if"];

impl Lowering<'_> {
    /// What a map stands for that takes in a file; none if it takes in none, or only when a template is expanded.
    pub(super) fn taken(&mut self, node: &Node, pairs: &[Pair], layer: LayerId) -> Option<Value> {
        let named = pairs.iter().find(|pair| &*pair.key.text == FILE)?;
        let origin = Origin { span: node.span, layer };
        let is_template = self.is_template();
        let mut waits = false;
        for pair in pairs.iter().filter(|pair| ![FILE, AS].contains(&&*pair.key.text)) {
            waits |= BESIDE.contains(&&*pair.key.text);
            if !is_template || !BESIDE.contains(&&*pair.key.text) {
                self.report(errors::beside_file(&pair.key.text, pair.key_span, named.key_span));
                return Some(Value::broken(origin));
            }
        }
        let form = self.form(pairs.iter().find(|pair| &*pair.key.text == AS));
        let NodeData::String(path) = &named.value.data else {
            self.report(errors::path_not_text(named.value.span));
            return Some(Value::broken(origin));
        };
        if path.map.is_some() && is_template {
            return None;
        }
        if path.map.is_some() {
            self.report(errors::path_with_expression(named.value.span));
            return Some(Value::broken(origin));
        }
        let Some(form) = form else { return Some(Value::broken(origin)) };
        let files = Arc::clone(&self.files);
        let content = files.content(&path.text, form, named.value.span, layer, self.diagnostics);
        if waits && content.is_some() {
            return None;
        }
        let content = content.unwrap_or_else(|| Value::broken(origin));
        Some(if is_template { guarded(&content) } else { content })
    }

    /// How a file is taken in; none, which is reported, if that is not said in a known word.
    fn form(&mut self, pair: Option<&Pair>) -> Option<FileForm> {
        let Some(pair) = pair else { return Some(FileForm::Text) };
        let form = pair.value.as_text().and_then(FileForm::from_word);
        if form.is_none() {
            self.report(errors::unknown_form(pair.value.as_text(), pair.value.span));
        }
        form
    }

    /// Whether a template is expanded from what stands here.
    fn is_template(&self) -> bool {
        self.in_override || self.in_template
    }

    /// The entries of a map with the objects in files before them, which the entries of the same names change.
    pub(super) fn with_objects(&mut self, entries: Vec<Entry>, layer: LayerId) -> Vec<Entry> {
        let Some(at) = entries.iter().position(|entry| &*entry.key == OBJECTS) else { return entries };
        let mut entries = entries;
        let named = entries.remove(at);
        let before = self.diagnostics.len();
        let mut objects = self.objects(&named, layer);
        let is_wrong = self.diagnostics.len() > before;
        let mut others = Vec::new();
        for entry in entries {
            let same = objects.iter().position(|object| object.key == entry.key && entry.template.is_none());
            match same {
                Some(at) => {
                    let changed = self.changed(objects.remove(at), &entry);
                    changed.into_iter().for_each(|object| objects.insert(at, object));
                }
                // What changes an object of a file that is wrong, which is told, is no object by itself.
                None if is_wrong && !is_whole(&entry.value) => {
                    others.push(Entry { value: Value::broken(entry.value.origin), ..entry });
                }
                None => others.push(entry),
            }
        }
        objects.append(&mut others);
        objects
    }

    /// An object of a file after the entry of its key has met it, as that of a class that inherits; none if it takes it away.
    fn changed(&mut self, object: Entry, entry: &Entry) -> Option<Entry> {
        let (subject, mut found) = (Subject::Source(entry.span.file), Diagnostics::default());
        let meeting = Meeting::new(&subject, &mut found).at(Path::of([SECTION, &*entry.key]));
        // What a fragment brings is put in place of its name later, and only where nothing waits.
        let mut meeting = if has_use(&entry.value) { meeting } else { meeting.layering(Layering::Classes) };
        let changed = met(Some(object), entry, None, &mut meeting);
        // The file is nothing that has fields.
        found.drain().into_iter().for_each(|fault| self.report(Diagnostic { subject: None, ..fault }));
        changed
    }

    fn objects(&mut self, named: &Entry, layer: LayerId) -> Vec<Entry> {
        let paths = named.value.as_list().unwrap_or(std::slice::from_ref(&named.value));
        let files = Arc::clone(&self.files);
        let is_template = self.is_template();
        // By name and then by namespace: what an author wrote tells two of them apart by that alone.
        let mut found: BTreeMap<Arc<str>, Vec<(Arc<str>, &Node)>> = BTreeMap::new();
        let mut order: Vec<Arc<str>> = Vec::new();
        for path in paths {
            let Some(text) = path.as_str() else {
                self.report(errors::objects_need_paths(path.origin.span));
                continue;
            };
            let at = path.origin.span;
            for object in files.objects(text, at, self.diagnostics).unwrap_or_default() {
                let key = match object_key(object) {
                    Ok(key) => key,
                    Err(missing) => {
                        self.report(errors::no_object(missing, object.span, path.origin.span));
                        continue;
                    }
                };
                let namespace = text_at(object, &["metadata", "namespace"]).unwrap_or_default();
                let alike = found.entry(Arc::clone(&key)).or_default();
                if alike.is_empty() {
                    order.push(Arc::clone(&key));
                }
                match alike.iter().find(|(other, _)| **other == *namespace) {
                    Some((_, first)) => self.report(errors::object_twice(&key, name_span(first), name_span(object), path.origin.span)),
                    None => alike.push((namespace.into(), object)),
                }
            }
        }
        let mut entries = Vec::new();
        for key in order {
            let alike = found.remove(&key).unwrap_or_default();
            let is_alone = alike.len() == 1;
            for (namespace, object) in alike {
                let key = if is_alone || namespace.is_empty() { Arc::clone(&key) } else { format!("{key}@{namespace}").into() };
                let value = object.verbatim(layer);
                entries.push(Entry::plain(key, object.span, if is_template { guarded(&value) } else { value }));
            }
        }
        entries
    }
}

/// Whether something is an object, or what an object is made of.
fn is_whole(value: &Value) -> bool {
    value.as_map().is_none_or(|map| ["apiVersion", "kind"].iter().all(|key| map.get(key).is_some()))
}

/// `<kind>-<name>` in lower case; which of the parts of an object is missing, if one is.
fn object_key(object: &Node) -> Result<Arc<str>, &'static str> {
    text_at(object, &["apiVersion"]).ok_or("apiVersion")?;
    let kind = text_at(object, &["kind"]).ok_or("kind")?;
    let name = text_at(object, &["metadata", "name"]).ok_or("metadata.name")?;
    Ok(format!("{kind}-{name}").to_lowercase().into())
}

fn text_at<'a>(node: &'a Node, path: &[&str]) -> Option<&'a str> {
    path.iter().try_fold(node, |node, key| node.get(key)).and_then(Node::as_text)
}

fn name_span(object: &Node) -> Span {
    object.get("metadata").and_then(|metadata| metadata.get("name")).map_or(object.span, |name| name.span)
}

/// A value in whose maps a key of the language is a key like any other, though a template is expanded from it.
pub(crate) fn guarded(value: &Value) -> Value {
    if !value.has_directive() {
        return value.clone();
    }
    match &value.data {
        Data::Map(map) if map.entries().iter().any(|entry| entry.key.starts_with('$')) => {
            Value::map(vec![Entry::plain("$verbatim", value.origin.span, value.clone())], value.origin)
        }
        Data::Map(map) => Value::map(map.entries().iter().map(inner).collect(), value.origin),
        Data::List(list) => Value::list(list.items().iter().map(guarded).collect(), value.origin),
        Data::Null
        | Data::Bool(_)
        | Data::Int(_)
        | Data::Float(_)
        | Data::String(_)
        | Data::Template(_)
        | Data::Pending(_)
        | Data::Late(_)
        | Data::Broken => value.clone(),
    }
}

fn inner(entry: &Entry) -> Entry {
    Entry { value: guarded(&entry.value), ..entry.clone() }
}

/// Whether a map is one that takes in a file when its template is expanded.
pub(crate) fn takes_file(map: &Map) -> bool {
    map.get(FILE).is_some()
}
