//! Kubernetes objects as kustomize sees them. Comes in: the value of a manifest; leaves: its key, its tree in the order a reader
//! expects, and what kustomize could not carry. Equal objects are read once. It never changes what an object means.

use super::errors;
use crate::diagnostic::Diagnostic;
use crate::object::{Manifest, ObjectName};
use crate::print::{Form, Tree};
use crate::value::{Data, Value};
use rustc_hash::FxHasher;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// By what kustomize tells objects apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct ObjectKey {
    /// Empty for the core group.
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    /// Empty for none, and for `default`, which is the same to kustomize.
    pub(super) namespace: String,
    pub(super) name: String,
}

/// One object as it is in at least one place.
#[derive(Debug)]
pub(super) struct Content<'a> {
    /// Index into [`Contents::keys`].
    pub(super) key: usize,
    pub(super) tree: Tree,
    /// Its text as the last output has it, if it waits for facts.
    pub(super) held: Option<&'a str>,
    /// Whether it is written out where it is, and part of no base: it may wait on one cluster and not on another.
    pub(super) is_apart: bool,
    /// Whether a JSON 6902 patch, to this object or leading to it, would damage it.
    pub(super) unpatchable: bool,
    /// What kustomize cannot carry, without model paths.
    pub(super) problems: Vec<Diagnostic>,
    value: &'a Value,
}

/// All distinct objects of one thing.
#[derive(Debug, Default)]
pub(super) struct Contents<'a> {
    pub(super) list: Vec<Content<'a>>,
    pub(super) keys: Vec<ObjectKey>,
    by_digest: BTreeMap<u64, Vec<usize>>,
    by_key: BTreeMap<ObjectKey, usize>,
}

impl<'a> Contents<'a> {
    /// The index of an object's content, new or known.
    pub(super) fn add(&mut self, manifest: &'a Manifest) -> usize {
        let digest = digest(&manifest.value);
        let known = self.by_digest.entry(digest).or_default();
        let same = known.iter().find(|at| self.list.get(**at).is_some_and(|content| content.value.same_data(&manifest.value)));
        if let Some(at) = same {
            return *at;
        }
        let at = self.list.len();
        known.push(at);
        let key = self.key(&manifest.object);
        let mut reader = ContentReader { object: &manifest.object, unpatchable: false, problems: Vec::new() };
        find_problems(manifest, &mut reader.problems);
        let tree = reader.read(&manifest.value).map_or(Tree::null(), arrange);
        let ContentReader { unpatchable, problems, .. } = reader;
        let is_apart = manifest.handed.as_ref().is_some_and(|handed| handed.is_late);
        self.list.push(Content { key, tree, held: None, is_apart, unpatchable, problems, value: &manifest.value });
        at
    }

    /// The index of an object's key, new or known.
    pub(super) fn key(&mut self, object: &ObjectName) -> usize {
        let key = ObjectKey::of(object);
        let fresh = self.keys.len();
        *self.by_key.entry(key.clone()).or_insert_with(|| {
            self.keys.push(key);
            fresh
        })
    }

    /// The index of an object that waits, as the last output has it.
    pub(super) fn hold(&mut self, key: usize, manifest: &'a Manifest, held: &'a str) -> usize {
        let content = Content {
            key,
            tree: Tree::null(),
            held: Some(held),
            is_apart: true,
            unpatchable: true,
            problems: Vec::new(),
            value: &manifest.value,
        };
        self.list.push(content);
        self.list.len() - 1
    }
}

impl ObjectKey {
    /// The key of an object of this name.
    pub(super) fn of(object: &ObjectName) -> Self {
        Self {
            group: object.group().to_owned(),
            version: object.version().to_owned(),
            kind: object.kind.to_string(),
            namespace: object.namespace.as_deref().filter(|namespace| *namespace != "default").unwrap_or_default().to_owned(),
            name: object.name.to_string(),
        }
    }

    /// Whether a patch whose target is this object would also change the other one: an empty group or namespace matches any.
    pub(super) fn captures(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.name == other.name
            && self.version == other.version
            && (self.group.is_empty() || self.group == other.group)
            && (self.namespace.is_empty() || self.namespace == other.namespace)
            && self != other
    }
}

/// Keys in reading order, and no annotations where kustomize would drop them anyway, so that all overlays and the direct rendering agree.
fn arrange(mut tree: Tree) -> Tree {
    let Some(entries) = tree.as_map_mut() else { return tree };
    for (key, value) in entries.iter_mut() {
        if &**key == "metadata"
            && let Some(metadata) = value.as_map_mut()
        {
            metadata.retain(|(key, value)| match (&**key, &value.form) {
                ("annotations", Form::Null) | ("namespace", Form::Null) => false,
                ("annotations", Form::Map(annotations)) => !annotations.is_empty(),
                (_, Form::Null | Form::Bool(_) | Form::Int(_) | Form::Float(_) | Form::Text(_) | Form::List(_) | Form::Map(_)) => true,
            });
            in_order(metadata, &["name", "namespace", "labels", "annotations"]);
        }
    }
    in_order(entries, &["apiVersion", "kind", "metadata"]);
    tree
}

fn in_order(entries: &mut [(Arc<str>, Tree)], first: &[&str]) {
    entries.sort_by_key(|(key, _)| first.iter().position(|known| *known == &**key).unwrap_or(first.len()));
}

/// The largest integer that survives a 64-bit float.
const WIDEST: i64 = 9_007_199_254_740_991;

/// Reads a value once, for all that has to be known about it.
struct ContentReader<'a> {
    object: &'a ObjectName,
    unpatchable: bool,
    problems: Vec<Diagnostic>,
}

impl ContentReader<'_> {
    /// The tree of a value. What makes it unpatchable: kustomize prints a patched object and reads it again, numbers as 64-bit floats, and
    /// text that begins with a tab and has a line feed in a form that its own reader refuses.
    fn read(&mut self, value: &Value) -> Option<Tree> {
        let form = match &value.data {
            Data::Null => Form::Null,
            Data::Bool(bool) => Form::Bool(*bool),
            Data::Int(int) => {
                self.unpatchable |= !(-WIDEST..=WIDEST).contains(int);
                Form::Int(*int)
            }
            // `1.0` is `1` after kustomize; both are the same number to Kubernetes.
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a whole number within the range of both")]
            Data::Float(float) if float.fract() == 0.0 && float.abs() <= WIDEST as f64 => Form::Int(*float as i64),
            Data::Float(float) => Form::Float(*float),
            Data::String(text) => {
                self.unpatchable |= text.starts_with('\t') && text.contains('\n');
                if let Some(char) = refused(text) {
                    self.problems.push(errors::unprintable_text(self.object, char, value.origin.span));
                }
                Form::Text(Arc::clone(text))
            }
            Data::List(list) => {
                let mut items = Vec::with_capacity(list.items().len());
                for item in list.items() {
                    items.push(self.read(item)?);
                }
                Form::List(items)
            }
            Data::Map(map) => {
                let mut entries = Vec::with_capacity(map.entries().len());
                for entry in map.entries() {
                    if &*entry.key == "<<" {
                        self.problems.push(errors::merge_key(self.object, entry.span));
                    } else if let Some(char) = refused(&entry.key) {
                        self.problems.push(errors::unprintable_key(self.object, char, entry.span));
                    }
                    entries.push((Arc::clone(&entry.key), self.read(&entry.value)?));
                }
                Form::Map(entries)
            }
            Data::Broken => return None,
            Data::Template(_) | Data::Pending(_) | Data::Late(_) => {
                self.problems.push(errors::unevaluated(self.object, value.origin.span));
                return None;
            }
        };
        Some(Tree::from(form).out_of(value))
    }
}

fn find_problems(manifest: &Manifest, problems: &mut Vec<Diagnostic>) {
    let Manifest { object, value: whole, .. } = manifest;
    if object.kind.ends_with("List")
        && let Some(items) = whole.as_map().and_then(|whole| whole.entry("items"))
    {
        problems.push(errors::object_list(object, items.span));
    }
    if let Some(namespace) = whole.at(&["metadata", "namespace"])
        && !matches!(namespace.data, Data::String(_) | Data::Null)
    {
        problems.push(errors::not_text(object, "the namespace", namespace));
    }
    for field in ["labels", "annotations"] {
        let Some(value) = whole.at(&["metadata", field]).filter(|value| !matches!(value.data, Data::Null)) else { continue };
        let Some(entries) = value.as_map() else {
            problems.push(errors::not_a_map(object, field, value));
            continue;
        };
        for entry in entries.entries() {
            if entry.value.as_str().is_none() {
                let what = format!("the {} `{}`", field.trim_end_matches('s'), entry.key);
                problems.push(errors::not_text(object, &what, &entry.value));
            }
            if field == "annotations" && is_reserved(&entry.key) {
                problems.push(errors::reserved_annotation(object, &entry.key, entry.span));
            }
        }
    }
}

/// Annotations that kustomize acts on or takes away.
fn is_reserved(annotation: &str) -> bool {
    let exact =
        ["config.kubernetes.io/index", "config.kubernetes.io/path", "config.kubernetes.io/origin", "config.kubernetes.io/local-config"];
    exact.contains(&annotation)
        || annotation == "config.k8s.io/id"
        || annotation.starts_with("internal.config.kubernetes.io/")
        || annotation.starts_with("kustomize.config.k8s.io/")
}

/// The first character that cannot pass kustomize, however it is written: it prints what it has read without escaping these, and its
/// reader refuses them, or takes U+0085 for a blank.
fn refused(text: &str) -> Option<char> {
    if text.bytes().all(|byte| byte < 0x7f) {
        return None;
    }
    text.chars().find(|char| matches!(char, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'))
}

/// A digest of a value's data. It needs no agreement with equality but that equal values in equal order give the same.
fn digest(value: &Value) -> u64 {
    fn feed(value: &Value, hasher: &mut FxHasher) {
        match &value.data {
            Data::Null => 0u8.hash(hasher),
            Data::Bool(bool) => bool.hash(hasher),
            Data::Int(int) => int.hash(hasher),
            Data::Float(float) => float.to_bits().hash(hasher),
            Data::String(text) => text.hash(hasher),
            Data::List(list) => {
                list.items().len().hash(hasher);
                list.items().iter().for_each(|item| feed(item, hasher));
            }
            Data::Map(map) => {
                map.entries().len().hash(hasher);
                for entry in map.entries() {
                    entry.key.hash(hasher);
                    feed(&entry.value, hasher);
                }
            }
            Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => 1u8.hash(hasher),
        }
    }
    let mut hasher = FxHasher::default();
    feed(value, &mut hasher);
    hasher.finish()
}
