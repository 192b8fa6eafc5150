//! Looks at the output directory and decides what happens to every file. Reads only.

use super::errors;
use super::index::{INDEX, Index, Owned, digest, is_safe};
use super::{Outcome, Outgoing, Request};
use crate::command::is_below;
use crate::disk::reason;
use platc::diagnostic::{Diagnostic, Diagnostics};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The output directory.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    request: &'a Request<'a>,
    /// The directory itself; it may not exist.
    pub(super) directory: PathBuf,
}

impl<'a> Place<'a> {
    /// The directory of a request; nothing if it leaves the project or lies behind a symbolic link.
    pub(super) fn open(request: &'a Request<'a>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let output = request.output.trim_end_matches('/');
        let output = output.strip_prefix("./").unwrap_or(output);
        if !is_safe(output) {
            diagnostics.push(errors::leaves_output(request.output));
            return None;
        }
        let mut directory = request.root.to_owned();
        let mut shown = request.prefix.to_owned();
        for part in output.split('/') {
            directory.push(part);
            shown.push_str(part);
            match std::fs::symlink_metadata(&directory) {
                Ok(metadata) if metadata.is_symlink() => {
                    diagnostics.push(errors::symlink(&shown));
                    return None;
                }
                Ok(metadata) if !metadata.is_dir() => {
                    diagnostics.push(errors::foreign_file(&shown));
                    return None;
                }
                Ok(_) | Err(_) => {}
            }
            shown.push('/');
        }
        Some(Self { request, directory })
    }

    /// A path below the directory as the user sees it.
    pub(super) fn shown(&self, path: &str) -> String {
        let output = self.request.output.trim_end_matches('/');
        format!("{}{}/{path}", self.request.prefix, output.strip_prefix("./").unwrap_or(output))
    }
}

/// What is to be done to one file of the output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    Keep,
    Create,
    /// The file has other content, which platc wrote.
    Update,
    /// The file has content that platc did not write, but the path is ours.
    Restore,
}

/// Everything to be done.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// Files to write, with what is to be done and the digest of what is there now, by directory.
    pub(super) directories: BTreeMap<&'a str, Vec<(&'a Outgoing<'a>, Step)>>,
    /// Stale files to remove, with their digest.
    pub(super) remove: BTreeMap<String, Owned>,
    /// The index when all is done.
    pub(super) index: BTreeMap<String, Owned>,
    /// Digests of owned files that will be replaced.
    pub(super) before: BTreeMap<&'a str, String>,
}

impl Plan<'_> {
    /// The plan in lists of paths.
    pub(super) fn outcome(&self) -> Outcome {
        let mut outcome = Outcome { removed: self.remove.keys().cloned().collect(), ..Outcome::default() };
        for (file, step) in self.directories.values().flatten() {
            let path = file.path.to_owned();
            match step {
                Step::Keep => outcome.unchanged += 1,
                Step::Create => outcome.created.push(path),
                Step::Update => outcome.updated.push(path),
                Step::Restore => {
                    outcome.updated.push(path.clone());
                    outcome.restored.push(path);
                }
            }
        }
        for list in [&mut outcome.created, &mut outcome.updated, &mut outcome.restored] {
            list.sort_unstable();
        }
        outcome
    }
}

/// Decides. With errors the plan must not be carried out.
pub(super) fn plan<'a>(request: &'a Request<'a>, place: &Place<'_>, old: &Index, diagnostics: &mut Diagnostics) -> Plan<'a> {
    for file in request.files.iter().filter(|file| !is_safe(file.path) || file.path == INDEX) {
        diagnostics.push(errors::leaves_output(file.path));
    }
    let emitted: BTreeSet<&str> = request.files.iter().map(|file| file.path).collect();
    let in_scope = |entity: &str| request.scope.as_ref().is_none_or(|scope| scope.iter().any(|path| is_below(entity, path)));
    let chosen = request.files.iter().filter(|file| file.entities.is_empty() || file.entities.iter().any(|entity| in_scope(entity)));
    let stale: Vec<(&String, &Owned)> = old
        .files
        .iter()
        .filter(|(path, owned)| {
            !emitted.contains(path.as_str())
                && (request.scope.is_none() || (!owned.entities.is_empty() && owned.entities.iter().all(|entity| in_scope(entity))))
        })
        .collect();

    let mut plan = Plan::default();
    if request.scope.is_some() {
        plan.index = old.files.clone();
    }
    let mut grouped: BTreeMap<&str, Vec<&Outgoing<'_>>> = BTreeMap::new();
    for file in chosen {
        grouped.entry(parent(file.path)).or_default().push(file);
    }
    let stale_paths: BTreeSet<&str> = stale.iter().map(|(path, _)| path.as_str()).collect();
    let directories = grouped.keys().copied().chain(stale.iter().map(|(path, _)| parent(path)));
    let exist = existing(place, directories, &stale_paths, diagnostics);

    plan_stale(&mut plan, place, &exist, &stale, diagnostics);
    let eye = Eye { place, old, stale: &stale_paths };
    let looked: Vec<_> = grouped
        .into_par_iter()
        .map(|(directory, files)| {
            let exists = exist.contains(directory);
            (directory, files.into_iter().map(|file| (file, eye.look(file, exists))).collect::<Vec<_>>())
        })
        .collect();
    for (directory, files) in looked {
        let steps = plan.directories.entry(directory).or_default();
        for (file, seen) in files {
            plan.index.insert(
                file.path.to_owned(),
                Owned { sha256: seen.sha256, was: None, entities: file.entities.iter().map(|&entity| entity.to_owned()).collect() },
            );
            match seen.step {
                Ok(step) => steps.push((file, step)),
                Err(diagnostic) => diagnostics.push(*diagnostic),
            }
            if let Some(before) = seen.before {
                plan.before.insert(file.path, before);
            }
        }
    }
    plan
}

/// Decides about files that are not emitted any more.
fn plan_stale(
    plan: &mut Plan<'_>,
    place: &Place<'_>,
    exist: &BTreeSet<String>,
    stale: &[(&String, &Owned)],
    diagnostics: &mut Diagnostics,
) {
    let digests: Vec<Option<std::io::Result<String>>> = stale
        .par_iter()
        .map(|(path, _)| {
            let full = place.directory.join(path);
            let metadata = std::fs::symlink_metadata(&full).ok().filter(|_| exist.contains(parent(path)))?;
            // What is a link or a directory by now is somebody else's work.
            Some(if metadata.is_file() { std::fs::read(&full).map(|bytes| digest(&bytes)) } else { Ok(String::new()) })
        })
        .collect();
    for ((path, owned), found) in stale.iter().zip(digests) {
        plan.index.remove(path.as_str());
        match found {
            None => {}
            Some(Ok(found)) if found == owned.sha256 || owned.was.as_ref() == Some(&found) => {
                plan.remove.insert((*path).clone(), Owned { sha256: found, ..Owned::clone(owned) });
            }
            Some(Ok(_)) => diagnostics.push(errors::edited_file(&place.shown(path))),
            Some(Err(error)) => diagnostics.push(errors::cannot_read(&place.shown(path), &reason(&error))),
        }
    }
}

/// Which of these directories exist, after checking that neither they nor those above are links or files. A stale file in the place
/// of a directory will be gone by the time the directory is made.
fn existing<'b>(
    place: &Place<'_>,
    directories: impl Iterator<Item = &'b str>,
    stale: &BTreeSet<&str>,
    diagnostics: &mut Diagnostics,
) -> BTreeSet<String> {
    let mut all: BTreeSet<&str> = BTreeSet::new();
    for mut directory in directories {
        while all.insert(directory) && !directory.is_empty() {
            directory = parent(directory);
        }
    }
    // Level by level, because below a directory that does not exist there is nothing to look at.
    let mut levels: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for directory in all {
        let depth = if directory.is_empty() { 0 } else { directory.matches('/').count() + 1 };
        levels.entry(depth).or_default().push(directory);
    }
    let mut exist = BTreeSet::new();
    for level in levels.into_values() {
        let looked: Vec<_> = level
            .into_par_iter()
            .filter(|directory| directory.is_empty() || exist.contains(parent(directory)))
            .map(|directory| (directory, std::fs::symlink_metadata(place.directory.join(directory))))
            .collect();
        for (directory, metadata) in looked {
            match metadata {
                Ok(metadata) if metadata.is_dir() => {
                    exist.insert(directory.to_owned());
                }
                Ok(metadata) if metadata.is_symlink() => diagnostics.push(errors::symlink(&place.shown(directory))),
                Ok(_) if stale.contains(directory) => {}
                Ok(_) => diagnostics.push(errors::foreign_file(&place.shown(directory))),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => diagnostics.push(errors::cannot_read(&place.shown(directory), &reason(&error))),
            }
        }
    }
    exist
}

/// What stands at the place of a file to write.
struct Seen {
    sha256: String,
    before: Option<String>,
    step: Result<Step, Box<Diagnostic>>,
}

struct Eye<'a> {
    place: &'a Place<'a>,
    old: &'a Index,
    stale: &'a BTreeSet<&'a str>,
}

impl Eye<'_> {
    fn look(&self, file: &Outgoing<'_>, directory_exists: bool) -> Seen {
        let sha256 = digest(file.text);
        let mut before = None;
        let step = if directory_exists { self.compare(file, &sha256, &mut before) } else { Ok(Step::Create) };
        Seen { sha256, before, step }
    }

    fn compare(&self, file: &Outgoing<'_>, sha256: &str, before: &mut Option<String>) -> Result<Step, Box<Diagnostic>> {
        let path = self.place.directory.join(file.path);
        let shown = || self.place.shown(file.path);
        let metadata = match std::fs::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Step::Create),
            Err(error) => return Err(Box::new(errors::cannot_read(&shown(), &reason(&error)))),
        };
        if metadata.is_symlink() {
            return Err(Box::new(errors::symlink(&shown())));
        }
        if metadata.is_dir() {
            return if self.only_stale(&path, file.path) { Ok(Step::Create) } else { Err(Box::new(errors::foreign_directory(&shown()))) };
        }
        if !metadata.is_file() {
            return Err(Box::new(errors::foreign_file(&shown())));
        }
        let bytes = std::fs::read(&path).map_err(|error| Box::new(errors::cannot_read(&shown(), &reason(&error))))?;
        if bytes == file.text {
            *before = Some(sha256.to_owned());
            return Ok(Step::Keep);
        }
        let found = digest(&bytes);
        let Some(owned) = self.old.files.get(file.path) else { return Err(Box::new(errors::foreign_file(&shown()))) };
        let written = owned.sha256 == found || owned.was.as_ref() == Some(&found);
        // A stopped build may have claimed a path that it never came to write.
        if !written && !self.old.complete && owned.was.is_none() {
            return Err(Box::new(errors::foreign_file(&shown())));
        }
        *before = Some(found);
        Ok(if written { Step::Update } else { Step::Restore })
    }

    /// Whether a directory holds nothing but stale files, so that a file can take its place.
    fn only_stale(&self, directory: &Path, path: &str) -> bool {
        walkdir::WalkDir::new(directory).into_iter().all(|entry| {
            entry.is_ok_and(|entry| {
                let inner = entry.path().strip_prefix(directory).ok().and_then(Path::to_str);
                entry.file_type().is_dir() || inner.is_some_and(|inner| self.stale.contains(format!("{path}/{inner}").as_str()))
            })
        })
    }
}

/// The directory of a path; empty for the output directory itself.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}
