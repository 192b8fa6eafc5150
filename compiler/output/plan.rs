//! Decides what happens to every file of the output. Reads only.

use super::digest::Digest;
use super::fingerprint::Fingerprints;
use super::index::{ancestors, is_reserved, is_safe, parent};
use super::known::Known;
use super::place::OutputPlace;
use super::tree::within;
use super::{ATTRIBUTES, LIMIT, Outcome, Outgoing, Request, errors};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::disk::{Disk, FileKind, reason};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;

/// What is to be done to one file of the output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FileStep {
    Keep,
    Create,
    /// The file has other content, which platc wrote as far as it knows.
    Update,
    /// The file has its content with other line ends, as git leaves them on some machines.
    Convert,
    /// The file has content that platc did not write here, but the path is ours.
    Restore,
    /// Somebody else's file stands where ours would only be useful.
    Leave,
}

/// A file to write, with its digest and what is to be done.
pub(super) type Planned<'a> = (&'a Outgoing<'a>, Digest, FileStep);

/// Everything to be done.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// Files to write by directory.
    pub(super) directories: Vec<(&'a str, Vec<Planned<'a>>)>,
    /// Stale files to remove, with the digest of what they are.
    pub(super) remove: BTreeMap<String, Digest>,
    /// Directories of ours where a file is to be.
    pub(super) clear: BTreeSet<String>,
    /// Directories that were ours, to be removed if they are empty.
    pub(super) empty: BTreeSet<String>,
    /// The index when all is done.
    pub(super) index: BTreeSet<String>,
}

impl<'a> Plan<'a> {
    /// All files with their steps.
    pub(super) fn steps(&self) -> impl Iterator<Item = &Planned<'a>> {
        self.directories.iter().flat_map(|(_, steps)| steps)
    }

    /// The plan in lists of paths.
    pub(super) fn outcome(&self) -> Outcome {
        let mut outcome = Outcome { removed: self.remove.keys().cloned().collect(), ..Outcome::default() };
        for (file, _, step) in self.steps() {
            let path = file.path.to_owned();
            match step {
                FileStep::Keep => outcome.unchanged += 1,
                FileStep::Leave => {}
                FileStep::Create => outcome.created.push(path),
                FileStep::Update => outcome.updated.push(path),
                FileStep::Convert => {
                    outcome.updated.push(path.clone());
                    outcome.converted.push(path);
                }
                FileStep::Restore => {
                    outcome.updated.push(path.clone());
                    outcome.restored.push(path);
                }
            }
        }
        for list in [&mut outcome.created, &mut outcome.updated, &mut outcome.restored, &mut outcome.converted] {
            list.sort_unstable();
        }
        outcome
    }
}

/// Decides. With errors the plan must not be carried out.
pub(super) fn plan<'a>(request: &'a Request<'a>, eye: &Eye<'_>, diagnostics: &mut Diagnostics) -> Plan<'a> {
    let known = eye.known;
    let emitted: BTreeSet<&str> = request.files.iter().map(|file| file.path).collect();
    check_paths(&emitted, diagnostics);
    let in_scope = |path: &str| request.partial.is_none_or(|is_chosen| is_chosen(path));
    let stale: BTreeSet<&str> = known.files.iter().map(String::as_str).filter(|path| !emitted.contains(path) && in_scope(path)).collect();

    let mut plan = Plan::default();
    if request.partial.is_some() {
        plan.index = known.files.iter().filter(|path| !stale.contains(path.as_str())).cloned().collect();
    }
    plan_stale(&mut plan, eye, &stale, diagnostics);
    plan.empty = plan.remove.keys().chain(&known.gone).flat_map(|path| ancestors(path)).map(str::to_owned).collect();

    let mut grouped: BTreeMap<&str, Vec<&Outgoing<'_>>> = BTreeMap::new();
    for file in request.files.iter().filter(|file| file.chosen) {
        grouped.entry(parent(file.path)).or_default().push(file);
    }
    check_directories(eye, grouped.keys().copied(), &plan.remove, diagnostics);
    let looked: Vec<_> = grouped
        .into_par_iter()
        .map(|(directory, files)| {
            let listing = known.tree.listing(directory).unwrap_or_default();
            let look = |file| {
                let file: &Outgoing<'_> = file;
                (file, Digest::of(file.text), eye.look(file, within(listing, file.path), &plan.remove))
            };
            (directory, files.into_iter().map(look).collect::<Vec<_>>())
        })
        .collect();
    for (directory, files) in looked {
        let mut steps = Vec::with_capacity(files.len());
        for (file, digest, step) in files {
            match step {
                Ok(step) => {
                    if step == FileStep::Create && known.tree.kind(file.path) == Some(FileKind::Directory) {
                        plan.clear.extend(known.tree.below(file.path).map(str::to_owned));
                    }
                    if step != FileStep::Leave {
                        plan.index.insert(file.path.to_owned());
                    }
                    steps.push((file, digest, step));
                }
                Err(diagnostic) => diagnostics.push(*diagnostic),
            }
        }
        plan.directories.push((directory, steps));
    }
    plan
}

/// Refuses what cannot be written side by side below the output directory.
fn check_paths(emitted: &BTreeSet<&str>, diagnostics: &mut Diagnostics) {
    let mut last = "";
    for &path in emitted {
        if !is_safe(path) {
            diagnostics.push(errors::leaves_output(path));
        } else if is_reserved(path) {
            diagnostics.push(errors::reserved(path));
        } else if parent(path) != last {
            last = parent(path);
            if let Some(upper) = ancestors(path).find(|upper| emitted.contains(upper)) {
                diagnostics.push(errors::inside_file(upper, path));
            }
        }
    }
}

/// Decides about files that are not emitted any more.
fn plan_stale(plan: &mut Plan<'_>, eye: &Eye<'_>, stale: &BTreeSet<&str>, diagnostics: &mut Diagnostics) {
    let paths: Vec<&str> = stale.iter().copied().collect();
    let found: Vec<_> = paths.par_iter().map(|path| eye.disk.read(&eye.place.inner(path), LIMIT)).collect();
    for (path, found) in paths.into_iter().zip(found) {
        let shown = eye.place.shown(path);
        match found {
            // An empty one is no loss, and what a loss of power leaves.
            Ok(Some(bytes)) if is_blank(&bytes) || !eye.is_edited(path, &bytes) => {
                plan.remove.insert(path.to_owned(), Digest::of(&bytes));
            }
            Ok(_) => diagnostics.push(errors::edited_file(&shown)),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => diagnostics.push(errors::cannot_read(&shown, &reason(&error))),
        }
    }
}

/// Refuses directories to write into that are links or somebody's files. A file that is removed will be gone by the time the directory is
/// made.
fn check_directories<'b>(
    eye: &Eye<'_>,
    directories: impl Iterator<Item = &'b str>,
    removed: &BTreeMap<String, Digest>,
    diagnostics: &mut Diagnostics,
) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for directory in directories.filter(|directory| !directory.is_empty()) {
        for path in std::iter::once(directory).chain(ancestors(directory)).take_while(|path| seen.insert(path)) {
            match eye.known.tree.kind(path) {
                None | Some(FileKind::Directory) => {}
                Some(FileKind::Link) => diagnostics.push(errors::symlink(&eye.place.shown(path))),
                Some(FileKind::File) if removed.contains_key(path) => {}
                Some(FileKind::File | FileKind::Other) => diagnostics.push(errors::foreign_file(&eye.place.shown(path))),
            }
        }
    }
}

/// What decisions are made by.
pub(super) struct Eye<'a> {
    pub(super) disk: &'a dyn Disk,
    pub(super) place: &'a OutputPlace<'a>,
    pub(super) known: &'a Known,
    pub(super) prints: &'a Fingerprints<'a>,
}

impl Eye<'_> {
    fn look(&self, file: &Outgoing<'_>, kind: Option<FileKind>, removed: &BTreeMap<String, Digest>) -> Result<FileStep, Box<Diagnostic>> {
        let shown = || self.place.shown(file.path);
        match kind {
            None => return Ok(FileStep::Create),
            Some(_) if file.path == ATTRIBUTES && !self.known.files.contains(file.path) => {
                let same = self.disk.read(&self.place.inner(file.path), LIMIT).is_ok_and(|bytes| bytes.as_deref() == Some(file.text));
                return Ok(if same { FileStep::Keep } else { FileStep::Leave });
            }
            Some(FileKind::Link) => return Err(Box::new(errors::symlink(&shown()))),
            Some(FileKind::Directory) if self.is_cleared(file.path, removed) => return Ok(FileStep::Create),
            Some(FileKind::Directory) => return Err(Box::new(errors::foreign_directory(&shown()))),
            Some(FileKind::Other) => return Err(Box::new(errors::foreign_file(&shown()))),
            Some(FileKind::File) => {}
        }
        let bytes = match self.disk.read(&self.place.inner(file.path), LIMIT.max(file.text.len() as u64)) {
            Ok(bytes) => bytes.unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(FileStep::Create),
            Err(error) => return Err(Box::new(errors::cannot_read(&shown(), &reason(&error)))),
        };
        if bytes == file.text {
            return Ok(FileStep::Keep);
        }
        if !self.known.files.contains(file.path) {
            return Err(Box::new(errors::foreign_file(&shown())));
        }
        if unix(&bytes).is_some_and(|bytes| bytes == file.text) {
            return Ok(FileStep::Convert);
        }
        Ok(if self.is_edited(file.path, &bytes) { FileStep::Restore } else { FileStep::Update })
    }

    /// Whether a file of ours has content that platc did not give it here. What is not known is not edited.
    fn is_edited(&self, path: &str, bytes: &[u8]) -> bool {
        let written = |bytes: &[u8]| self.prints.has(path, Digest::of(bytes));
        self.prints.knows(path) && !written(bytes) && !unix(bytes).is_some_and(|bytes| written(&bytes))
    }

    /// Whether a directory is ours and holds nothing but files that will be removed, so that a file can take its place.
    fn is_cleared(&self, directory: &str, removed: &BTreeMap<String, Digest>) -> bool {
        let Known { files, gone, made, tree, .. } = self.known;
        tree.below(directory).all(|inner| {
            let below = format!("{inner}/");
            let leads = |files: &BTreeSet<String>| files.range(below.clone()..).next().is_some_and(|path| path.starts_with(&below));
            let listing = tree.listing(inner).unwrap_or_default();
            let entries = listing.iter().all(|(name, kind)| match kind {
                FileKind::File => removed.contains_key(&format!("{inner}/{name}")),
                FileKind::Directory => tree.listing(&format!("{inner}/{name}")).is_some(),
                FileKind::Link | FileKind::Other => false,
            });
            entries && (made.contains(inner) || leads(files) || leads(gone))
        }) && tree.listing(directory).is_some()
    }
}

/// Whether a file has no content, or lost it when power was lost: names can survive what they were given to.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}

/// Bytes with the line ends of Unix, if they have those of Windows.
fn unix(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"\r\n") {
        let (line, more) = rest.split_at(at);
        text.extend_from_slice(line);
        rest = more.get(1..).unwrap_or_default();
    }
    text.extend_from_slice(rest);
    (text.len() < bytes.len()).then_some(text)
}
