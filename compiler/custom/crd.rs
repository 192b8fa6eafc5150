//! CustomResourceDefinitions: which file has the one of a kind, and what it says of one version. In come texts, out goes what is known of the
//! kind. Parts of a file that do not name it are not read.

use super::{KnownKind, errors, record};
use super::{schema_check, shape};
use crate::diagnostic::Diagnostics;
use crate::document::{self, Node};
use crate::files::AttachedFile;
use crate::span::{FileId, Span};
use std::ops::Range;
use std::sync::Arc;

/// What the objects are called that define kinds.
const KIND: &str = "CustomResourceDefinition";

/// Whether a text may hold definitions of kinds.
pub(super) fn is_among(text: &str) -> bool {
    text.contains(KIND)
}

/// What is known of a kind of a version: `argoproj.io/v1alpha1`. Of two definitions of a kind neither is taken.
pub(super) fn find(files: &[Arc<AttachedFile>], version: &str, kind: &str, diagnostics: &mut Diagnostics) -> Option<KnownKind> {
    let (group, name) = version.split_once('/')?;
    let mut found: Option<FoundDefinition<'_>> = None;
    let mut is_twice = false;
    for one in defined(files, group, kind, diagnostics) {
        if let Some(first) = &found {
            diagnostics.push(errors::defined_twice(kind, first.name, one.name));
            is_twice = true;
        }
        found = found.or(Some(one));
    }
    let found = found.filter(|_| !is_twice)?;
    let version = found.versions().iter().find(|version| version.get("name").and_then(Node::as_text) == Some(name))?;
    let schema = version.get("schema").and_then(|schema| schema.get("openAPIV3Schema"))?;
    schema_check::check(kind, schema, diagnostics);
    let shape = shape::read(schema);
    let is_namespaced = match found.root.get("spec").and_then(|spec| spec.get("scope")).and_then(Node::as_text) {
        Some("Namespaced") => Some(true),
        Some("Cluster") => Some(false),
        Some(_) | None => None,
    };
    Some(KnownKind { record: record::object(&shape), shape: Some(Arc::new(shape)), is_namespaced, origin: Some(found.path.into()) })
}

/// The versions of a kind of a group.
pub(super) fn versions(files: &[Arc<AttachedFile>], version: &str, kind: &str) -> Vec<String> {
    let Some((group, _)) = version.split_once('/') else { return Vec::new() };
    let found = defined(files, group, kind, &mut Diagnostics::default());
    let names = found.iter().flat_map(|found| found.versions()).filter_map(|version| version.get("name")?.as_text().map(str::to_owned));
    names.collect()
}

/// The definition of a kind.
struct FoundDefinition<'a> {
    path: &'a str,
    root: Node,
    /// Where the kind is named.
    name: Span,
}

impl FoundDefinition<'_> {
    fn versions(&self) -> &[Node] {
        self.root.get("spec").and_then(|spec| spec.get("versions")).map(Node::items).unwrap_or_default()
    }
}

fn defined<'a>(files: &'a [Arc<AttachedFile>], group: &str, kind: &str, diagnostics: &mut Diagnostics) -> Vec<FoundDefinition<'a>> {
    let mut all = Vec::new();
    for file in files {
        let Some((id, text)) = file.plain() else { continue };
        for part in document::parts(text) {
            let names = text.get(part.clone()).is_some_and(|text| is_among(text) && text.contains(group) && text.contains(kind));
            if let Some((root, name)) = names.then(|| read((id, text), part, (group, kind), diagnostics)).flatten() {
                all.push(FoundDefinition { path: &file.path, root, name });
            }
        }
    }
    all
}

/// A part of a file, if it defines the kind.
fn read(
    (file, text): (FileId, &str),
    part: Range<usize>,
    (group, kind): (&str, &str),
    diagnostics: &mut Diagnostics,
) -> Option<(Node, Span)> {
    let mut said = Diagnostics::default();
    let start = part.start;
    let root = document::document(file, text, part, &mut said);
    // What another reader takes for something else is a description here, or the name of a value; only what cannot be read at all matters.
    let Some(root) = root else {
        diagnostics.push(errors::broken(said, Span::new(file, start, start)));
        return None;
    };
    let text_at = |path: &[&str]| path.iter().try_fold(&root, |node, key| node.get(key)).and_then(Node::as_text);
    if text_at(&["kind"]) != Some(KIND) || text_at(&["spec", "group"]) != Some(group) || text_at(&["spec", "names", "kind"]) != Some(kind) {
        return None;
    }
    let name = ["spec", "names", "kind"].iter().try_fold(&root, |node, key| node.get(key)).map_or(root.span, |node| node.span);
    if text_at(&["apiVersion"]) != Some("apiextensions.k8s.io/v1") {
        diagnostics.push(errors::old_definition(kind, name));
        return None;
    }
    Some((root, name))
}

/// The kinds of a group.
pub(super) fn kinds(files: &[Arc<AttachedFile>], version: &str) -> Vec<String> {
    let Some((group, _)) = version.split_once('/') else { return Vec::new() };
    let mut found = Vec::new();
    for file in files {
        let Some((id, text)) = file.plain() else { continue };
        for part in document::parts(text) {
            let names = text.get(part.clone()).is_some_and(|text| is_among(text) && text.contains(group));
            let root = names.then(|| document::document(id, text, part, &mut Diagnostics::default())).flatten();
            let spec = root.as_ref().and_then(|root| root.get("spec"));
            if spec.and_then(|spec| spec.get("group")).and_then(Node::as_text) == Some(group) {
                found.extend(spec.and_then(|spec| spec.get("names")?.get("kind")?.as_text()).map(str::to_owned));
            }
        }
    }
    found
}
