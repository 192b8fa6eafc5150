//! `platform.folders`: who may write what. Comes in: the documents as they were read; leaves: the same without what may not stand where it
//! stands, each reported. It reads files before anything of them means something, so that no layer, alias or operator gets around it. What is
//! wrong with an entry itself is told where the platform is checked.

use super::errors::folders as errors;
use super::operator;
use crate::diagnostic::Diagnostics;
use crate::document::{Document, Node, NodeData, Pair};
use crate::name::Kind;
use crate::source::{Grammar, Sources};
use crate::span::{FileId, Span};
use crate::wildcard;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Fields with which an application reaches further than its tenant.
const FORBIDDEN: [&str; 3] = ["identity", "override", "stack"];

/// For whom a file is that `platform.folders` gives to a team. References and labels in it are judged where they are resolved.
#[derive(Clone, Debug)]
pub(crate) struct TeamFile {
    /// The name of the tenant.
    pub(crate) tenant: Arc<str>,
    /// The entry of `platform.folders`.
    pub(crate) entry: Span,
    /// Applications that others give the tenant and that it may do without, as names with stars.
    optional: Arc<[Arc<str>]>,
}

impl TeamFile {
    /// Whether the tenant may do without an application of this name.
    pub(crate) fn may_omit(&self, name: &str) -> bool {
        self.optional.iter().any(|pattern| wildcard::name(pattern, name))
    }
}

/// The files of teams.
pub(crate) type TeamFiles = BTreeMap<FileId, TeamFile>;

/// One entry of `platform.folders`: files that fit the glob say applications of the tenant and nothing else.
pub(super) struct Folder<'a> {
    /// The glob, and where it stands.
    pub(super) glob: (&'a str, Span),
    /// The name of the tenant, and where it stands.
    pub(super) tenant: (&'a str, Span),
    /// Names of applications that it may do without.
    optional: Vec<Arc<str>>,
}

/// The documents with what may stand in them, and which of them are files of teams.
pub(super) fn permitted(documents: &[Arc<Document>], sources: &Sources, diagnostics: &mut Diagnostics) -> (Vec<Arc<Document>>, TeamFiles) {
    let own: Vec<&Document> = documents.iter().map(AsRef::as_ref).filter(|document| is_own(document, sources)).collect();
    // Of several platforms, which is an error, that of the root file counts.
    let platforms = || own.iter().filter(|document| document.root.get("platform").is_some());
    let Some(platform) = platforms().rev().find(|document| is_root(document, sources)).or_else(|| platforms().next()) else {
        return (documents.to_vec(), TeamFiles::new());
    };
    let said = platform.root.get("platform").and_then(|platform| platform.get("folders")).map(pairs).unwrap_or_default();
    let mut folders: Vec<Folder<'_>> = said.iter().filter_map(folder).collect();
    if folders.is_empty() {
        return (documents.to_vec(), TeamFiles::new());
    }
    let tenants = own.iter().filter_map(|document| document.root.get(Kind::Tenant.plural())).flat_map(pairs);
    let tenants: BTreeSet<&str> = tenants.map(|tenant| &*tenant.key.text).collect();
    folders.retain(|folder| {
        let is_known = tenants.contains(folder.tenant.0);
        if !is_known {
            diagnostics.push(errors::unknown(folder, &tenants.iter().copied().collect::<Vec<_>>()));
        }
        is_known
    });
    let mut checked = Checking { folders: &folders, used: vec![false; folders.len()], contradicting: BTreeSet::new(), diagnostics };
    let mut teams = TeamFiles::new();
    let result = documents.iter().map(|document| {
        let Some(source) = sources.get(document.file).filter(|_| is_own(document, sources)) else { return Arc::clone(document) };
        let Some(folder) = checked.folder(&source.path) else { return Arc::clone(document) };
        if std::ptr::eq(&raw const **document, &raw const **platform) {
            checked.diagnostics.push(errors::platform(folder, &source.path));
            return Arc::clone(document);
        }
        let optional = folder.optional.as_slice().into();
        teams.insert(document.file, TeamFile { tenant: folder.tenant.0.into(), entry: folder.glob.1, optional });
        let root = FolderReading { folder, path: &source.path, diagnostics: checked.diagnostics }.top(&document.root);
        Arc::new(Document { root, ..(**document).clone() })
    });
    let result = result.collect();
    let unused = folders.iter().zip(checked.used).filter(|(_, used)| !used);
    unused.for_each(|(folder, _)| diagnostics.push(errors::unused(folder)));
    (result, teams)
}

fn is_own(document: &Document, sources: &Sources) -> bool {
    sources.get(document.file).is_some_and(|source| !source.library && source.grammar != Grammar::Argument)
}

fn is_root(document: &Document, sources: &Sources) -> bool {
    sources.path(document.file).starts_with("platform.")
}

/// An entry that is well formed.
fn folder(entry: &Pair) -> Option<Folder<'_>> {
    let tenant = entry.value.get("tenant")?;
    let optional = entry.value.get("optional").map(|optional| &optional.data);
    let optional = if let Some(NodeData::List(items)) = optional { items.as_slice() } else { &[] };
    let optional = optional.iter().filter_map(|item| item.as_text().map(Arc::from)).collect();
    Some(Folder { glob: (&entry.key.text, entry.key_span), tenant: (tenant.as_text()?, tenant.span), optional })
}

/// All folders while files are looked at.
struct Checking<'c, 'a> {
    folders: &'c [Folder<'a>],
    /// Which of them fit a file.
    used: Vec<bool>,
    /// Those of which it was told that another is for the same file.
    contradicting: BTreeSet<Span>,
    diagnostics: &'c mut Diagnostics,
}

impl<'c, 'a> Checking<'c, 'a> {
    /// The folder that a file is in.
    fn folder(&mut self, path: &str) -> Option<&'c Folder<'a>> {
        let mut found: Option<&Folder<'_>> = None;
        for (folder, used) in self.folders.iter().zip(&mut self.used).filter(|(folder, _)| wildcard::path(folder.glob.0, path)) {
            *used = true;
            match found {
                None => found = Some(folder),
                Some(first) if first.tenant.0 != folder.tenant.0 && self.contradicting.insert(folder.glob.1) => {
                    self.diagnostics.push(errors::contradicting(first, folder, path));
                }
                Some(_) => {}
            }
        }
        found
    }
}

/// A file of a folder while it is read.
struct FolderReading<'r, 'a> {
    folder: &'r Folder<'a>,
    path: &'r str,
    diagnostics: &'r mut Diagnostics,
}

impl FolderReading<'_, '_> {
    fn top(&mut self, root: &Node) -> Node {
        self.kept(root, |reading, kind| {
            if &*kind.key.text != Kind::Tenant.plural() {
                return reading.refuse(kind, &kind.key.text);
            }
            Some(reading.kept(&kind.value, Self::tenant))
        })
    }

    fn tenant(&mut self, tenant: &Pair) -> Option<Node> {
        if *tenant.key.text != *self.folder.tenant.0 {
            return self.refuse(tenant, &format!("tenants.{}", tenant.key.text));
        }
        // Whoever says all of the tenant again makes one mistake.
        let mut refused: Vec<(Arc<str>, Span)> = Vec::new();
        let fields = self.kept(&tenant.value, |reading, field| {
            if &*field.key.text != Kind::Application.plural() {
                refused.push((Arc::clone(&field.key.text), field.key_span));
                return None;
            }
            Some(reading.kept(&field.value, |reading, application| Some(reading.body(&application.value))))
        });
        if let Some(((first, span), others)) = refused.split_first() {
            self.diagnostics.push(errors::of_tenant((first, *span), others, self.folder, self.path));
            // What is left would only be told as a second definition of it.
            if pairs(&fields).is_empty() {
                return None;
            }
        }
        Some(fields)
    }

    /// What an application says, in its body or in an overlay.
    fn body(&mut self, body: &Node) -> Node {
        self.kept(body, |reading, field| {
            let (word, _) = operator::split(&field.key.text);
            match word.as_str() {
                word if FORBIDDEN.contains(&word) => {
                    reading.diagnostics.push(errors::forbidden(word, field.key_span, reading.folder, reading.path));
                    None
                }
                "environments" | "clusters" => Some(reading.kept(&field.value, |reading, overlay| Some(reading.body(&overlay.value)))),
                _ => Some(field.value.clone()),
            }
        })
    }

    /// A map with what is left of its pairs; other nodes as they are.
    fn kept(&mut self, node: &Node, mut of: impl FnMut(&mut Self, &Pair) -> Option<Node>) -> Node {
        let NodeData::Map(pairs) = &node.data else { return node.clone() };
        let kept = pairs.iter().filter_map(|pair| Some(Pair { value: of(self, pair)?, ..pair.clone() }));
        Node { data: NodeData::Map(kept.collect()), span: node.span }
    }

    fn refuse(&mut self, pair: &Pair, what: &str) -> Option<Node> {
        self.diagnostics.push(errors::outside(what, pair.key_span, self.folder, self.path));
        None
    }
}

fn pairs(node: &Node) -> &[Pair] {
    if let NodeData::Map(pairs) = &node.data { pairs } else { &[] }
}
