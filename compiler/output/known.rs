//! What is ours: the index and, after a stopped build, its journal, against what stands on the disk. Reads only, but for [`recover`].

use super::digest::Digest;
use super::index::{self, INDEX, Index, JOURNAL, ancestors, parent};
use super::journal::{self, Journal};
use super::place::OutputPlace;
use super::plan::is_blank;
use super::tree::OutputTree;
use super::{LIMIT, errors};
use crate::diagnostic::Diagnostic;
use crate::disk::{Disk, FileKind, reason};
use crate::kept::Kept;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;

/// What is known before planning.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Files that are ours and are there.
    pub(super) files: BTreeSet<String>,
    /// Files that the index knows and that are not there.
    pub(super) gone: BTreeSet<String>,
    /// The text of the index; nothing if there is none.
    pub(super) text: Vec<u8>,
    /// The same, as it was before what a stopped build left was cleared away.
    pub(super) found: Vec<u8>,
    /// What keeps data, as the index says.
    pub(super) kept: BTreeSet<Kept>,
    /// From an index of version 1: what was written.
    pub(super) written: Vec<(String, Digest)>,
    /// Directories that a stopped build made.
    pub(super) made: BTreeSet<String>,
    /// Files that a stopped build staged; the tree does not show them.
    staged: Vec<String>,
    /// What stands there.
    pub(super) tree: OutputTree,
}

/// What index and journal say, before anything is compared.
#[derive(Clone, Debug, Default)]
struct Said {
    text: Vec<u8>,
    index: Index,
    /// There is a journal; if it is complete, with what it says.
    journal: Option<Option<Journal>>,
}

/// Finds out what is ours. With `commit`, what a stopped build left is cleared away first.
pub(super) fn load(disk: &dyn Disk, place: &OutputPlace<'_>, emitted: &[&str], commit: bool) -> Result<Known, Box<Diagnostic>> {
    let said = said(disk, place)?;
    let known = resolve(disk, place, emitted, &said)?;
    if !commit || said.journal.is_none() {
        return Ok(known);
    }
    recover(disk, place, &said, &known)?;
    let now = load(disk, place, emitted, false)?;
    Ok(Known { found: known.found, ..now })
}

/// Clears away what a stopped build left, if there is anything, as well as it goes.
pub(super) fn clear(disk: &dyn Disk, place: &OutputPlace<'_>) {
    load(disk, place, &[], true).ok();
}

/// What keeps data, as the index says.
pub(super) fn kept(disk: &dyn Disk, place: &OutputPlace<'_>) -> Result<BTreeSet<Kept>, Box<Diagnostic>> {
    said(disk, place).map(|said| said.index.kept)
}

/// The files that are ours, as the index says.
pub(super) fn files(disk: &dyn Disk, place: &OutputPlace<'_>) -> Result<BTreeSet<String>, Box<Diagnostic>> {
    said(disk, place).map(|said| said.index.files)
}

fn said(disk: &dyn Disk, place: &OutputPlace<'_>) -> Result<Said, Box<Diagnostic>> {
    if !place.exists {
        return Ok(Said::default());
    }
    let text = own(disk, place, INDEX)?;
    let index = match &text {
        Some(text) => index::read(text).map_err(|reason| Box::new(errors::foreign_index(&place.shown(INDEX), &reason)))?,
        None => Index::default(),
    };
    let journal = match own(disk, place, JOURNAL)? {
        Some(text) => Some(journal::read(&text).map_err(|reason| Box::new(errors::foreign_index(&place.shown(JOURNAL), &reason)))?),
        None => None,
    };
    Ok(Said { text: text.unwrap_or_default(), index, journal })
}

/// The bytes of one of our own files.
fn own(disk: &dyn Disk, place: &OutputPlace<'_>, name: &str) -> Result<Option<Vec<u8>>, Box<Diagnostic>> {
    let path = place.inner(name);
    let shown = place.shown(name);
    match disk.kind(&path) {
        Ok(None) => return Ok(None),
        Ok(Some(FileKind::File)) => {}
        Ok(Some(FileKind::Link)) => return Err(Box::new(errors::symlink(&shown))),
        Ok(Some(FileKind::Directory | FileKind::Other)) => return Err(Box::new(errors::foreign_index(&shown, "it is no regular file"))),
        Err(error) => return Err(Box::new(errors::cannot_read(&shown, &reason(&error)))),
    }
    match disk.read(&path, super::LARGEST_INDEX) {
        Ok(Some(bytes)) => Ok(Some(bytes)),
        Ok(None) => Err(Box::new(errors::foreign_index(&shown, "it is larger than 256 MiB"))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Box::new(errors::cannot_read(&shown, &reason(&error)))),
    }
}

fn resolve(disk: &dyn Disk, place: &OutputPlace<'_>, emitted: &[&str], said: &Said) -> Result<Known, Box<Diagnostic>> {
    let journal = said.journal.as_ref().and_then(Option::as_ref);
    let mut claims: BTreeMap<&str, Vec<Digest>> = BTreeMap::new();
    for (path, digests) in &said.index.claims {
        claims.entry(path).or_default().extend(digests);
    }
    for (path, digest) in journal.iter().flat_map(|journal| &journal.claims) {
        claims.entry(path).or_default().push(*digest);
    }
    let mut wanted: BTreeSet<&str> = BTreeSet::from([""]);
    let known = said.index.files.iter().map(String::as_str);
    let mut last = "";
    for path in emitted.iter().copied().chain(known).chain(claims.keys().copied()) {
        if parent(path) != last {
            last = parent(path);
            ancestors(path).take_while(|directory| wanted.insert(directory)).for_each(drop);
        }
    }
    for path in journal.iter().flat_map(|journal| &journal.directories) {
        wanted.insert(path);
        wanted.extend(ancestors(path));
    }
    let mut tree = OutputTree::look(disk, place, &wanted)
        .map_err(|(path, error)| Box::new(errors::cannot_read(&place.shown(&path), &reason(&error))))?;
    let staged = journal.map(|journal| tree.take(|name| journal.has_staged(name))).unwrap_or_default();

    // What a stopped build claimed is decided by the disk, whatever the index says.
    let is_claimed = |path: &str| !claims.is_empty() && claims.contains_key(path);
    let mut files: BTreeSet<String> = tree.files(said.index.files.iter()).into_iter().filter(|path| !is_claimed(path)).cloned().collect();
    let claims: Vec<(&str, Vec<Digest>)> = claims.into_iter().collect();
    let ours: Vec<String> = claims
        .par_iter()
        .filter(|(path, digests)| tree.kind(path) == Some(FileKind::File) && is_as_claimed(disk, &place.inner(path), digests))
        .map(|(path, _)| (*path).to_owned())
        .collect();
    files.extend(ours);
    let gone = said.index.files.difference(&files).cloned().collect();
    let made = journal.iter().flat_map(|journal| journal.directories.iter().cloned()).collect();
    let Index { kept, written, .. } = said.index.clone();
    Ok(Known { files, gone, text: said.text.clone(), found: said.text.clone(), kept, written, made, staged, tree })
}

/// Whether a file has a claimed content, or none.
fn is_as_claimed(disk: &dyn Disk, path: &str, digests: &[Digest]) -> bool {
    let Ok(Some(bytes)) = disk.read(path, LIMIT) else { return false };
    digests.contains(&Digest::of(&bytes)) || is_blank(&bytes)
}

/// Clears away what a stopped build left: staged files, directories that it made or emptied; then the index tells what is there, and the
/// journal goes. Stopped itself, it starts over.
fn recover(disk: &dyn Disk, place: &OutputPlace<'_>, said: &Said, known: &Known) -> Result<(), Box<Diagnostic>> {
    let failed = |path: &str, error: &std::io::Error| Box::new(errors::cannot_write(&place.shown(path), &reason(error)));
    if let Some(Some(journal)) = &said.journal {
        for path in &known.staged {
            remove_file(disk, &place.inner(path)).map_err(|error| failed(path, &error))?;
        }
        let mut directories: BTreeSet<&str> = known.made.iter().map(String::as_str).collect();
        directories.extend(known.gone.iter().flat_map(|path| ancestors(path)));
        // Sorted backwards, so that a directory comes after those below it. One that is not empty refuses, which is right.
        for path in directories.into_iter().rev().filter(|path| known.tree.listing(path).is_some()) {
            disk.remove_directory(&place.inner(path)).ok();
        }
        if let Some(token) = journal.tokens.first() {
            let staged = place.inner(&Journal::staged(token, "index"));
            let text = index::print(&known.files, &known.kept);
            disk.create(&staged, text.as_bytes())
                .and_then(|()| disk.sync(&staged))
                .and_then(|()| disk.replace(&staged, &place.inner(INDEX)))
                .map_err(|error| failed(INDEX, &error))?;
        }
    }
    remove_file(disk, &place.inner(JOURNAL)).map_err(|error| failed(JOURNAL, &error))
}

/// Removes a file; one that is gone already is fine.
pub(super) fn remove_file(disk: &dyn Disk, path: &str) -> std::io::Result<()> {
    match disk.remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
