//! Carries out a plan: the journal of what will be, files by rename, stale files, the index of what is, no journal. Every file is staged
//! beside its place under a name that the journal knows, so whenever this stops, each file is old or new and the next build knows which.

use super::digest::Digest;
use super::fingerprint::{self, Fingerprints};
use super::index::{INDEX, JOURNAL, ancestors, parent};
use super::journal::{self, Journal};
use super::known::{Known, remove_file};
use super::place::OutputPlace;
use super::plan::{FileStep, Plan, Planned};
use super::{Request, errors};
use crate::diagnostic::Diagnostic;
use crate::disk::{Disk, reason};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io::{Error, ErrorKind};

type Done = Result<(), Box<Diagnostic>>;

/// Carries out plans.
pub(super) struct Hand<'a> {
    pub(super) disk: &'a dyn Disk,
    pub(super) place: &'a OutputPlace<'a>,
    pub(super) known: &'a Known,
    pub(super) prints: &'a Fingerprints<'a>,
    pub(super) request: &'a Request<'a>,
}

impl Hand<'_> {
    /// Carries out `plan`; `index` is the text of the index when all is done.
    pub(super) fn apply(&self, plan: &Plan<'_>, index: &str) -> Done {
        let Self { disk, place, request, .. } = self;
        let journal = journal::print(&self.journal(plan), request.by);
        let at = place.inner(JOURNAL);
        disk.create(&at, journal.as_bytes()).and_then(|()| disk.sync(&at)).map_err(|error| self.failed(JOURNAL, &error))?;
        // The index is made now, because waiting for the disk is cheap as long as nothing else is on its way there.
        let staged = place.inner(&Journal::staged(request.token, "index"));
        disk.create(&staged, index.as_bytes()).and_then(|()| disk.sync(&staged)).map_err(|error| self.failed(INDEX, &error))?;
        self.remember(plan);

        // A stale file may stand where a directory is needed, or the other way round; those go first, all others last, so that a reader
        // never finds less than he had.
        let (first, last): (Vec<&str>, Vec<&str>) = plan.remove.keys().map(String::as_str).partition(|path| in_the_way(plan, path));
        self.remove(&first)?;
        for path in plan.clear.iter().rev() {
            disk.remove_directory(&place.inner(path)).map_err(|error| self.failed(path, &error))?;
        }
        let comes_first = |steps: &[Planned<'_>]| steps.iter().any(|(file, ..)| file.first);
        // Sorted backwards, so that what is below a directory is there before a file in it names it.
        for (directory, steps) in plan.directories.iter().rev().filter(|(_, steps)| comes_first(steps)) {
            self.write(directory, steps)?;
        }
        let others = plan.directories.par_iter().filter(|(_, steps)| !comes_first(steps));
        others.try_for_each(|(directory, steps)| self.write(directory, steps))?;
        self.remove(&last)?;
        // Sorted backwards, so that a directory comes after those below it. One that is not empty refuses, which is right.
        for path in plan.empty.iter().rev() {
            match disk.remove_directory(&place.inner(path)) {
                Err(error) if !matches!(error.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                    return Err(self.failed(path, &error));
                }
                Ok(()) | Err(_) => {}
            }
        }
        disk.replace(&staged, &place.inner(INDEX)).map_err(|error| self.failed(INDEX, &error))?;
        remove_file(*disk, &at).map_err(|error| self.failed(JOURNAL, &error))
    }

    /// Keeps fingerprints of what will be there, or is.
    pub(super) fn remember(&self, plan: &Plan<'_>) {
        let ours = plan.steps().filter(|(_, _, step)| *step != FileStep::Leave);
        let written: Vec<(&str, Digest)> = ours.map(|(file, digest, _)| (file.path, *digest)).collect();
        fingerprint::add(self.disk, self.place, self.prints, &written, &plan.index);
    }

    fn journal(&self, plan: &Plan<'_>) -> Journal {
        let created =
            plan.steps().filter(|(_, _, step)| *step == FileStep::Create).map(|(file, digest, _)| (file.path.to_owned(), *digest));
        let removed = plan.remove.iter().map(|(path, digest)| (path.clone(), *digest));
        let mut directories: BTreeSet<&str> = BTreeSet::new();
        for (directory, steps) in &plan.directories {
            if !directory.is_empty() && steps.iter().any(|(_, _, step)| *step == FileStep::Create) {
                for path in std::iter::once(*directory).chain(ancestors(directory)) {
                    if self.known.tree.listing(path).is_some() || !directories.insert(path) {
                        break;
                    }
                }
            }
        }
        Journal {
            tokens: vec![self.request.token.to_owned()],
            claims: created.chain(removed).collect(),
            directories: directories.into_iter().map(str::to_owned).collect(),
        }
    }

    /// Writes the files of one directory.
    fn write(&self, directory: &str, steps: &[Planned<'_>]) -> Done {
        let mut made = false;
        for (number, (file, _, step)) in steps.iter().enumerate() {
            let is_new = match step {
                FileStep::Keep | FileStep::Leave => continue,
                FileStep::Create => true,
                FileStep::Update | FileStep::Convert | FileStep::Restore => false,
            };
            if is_new && !made {
                self.make(directory).map_err(|error| self.failed(directory, &error))?;
                made = true;
            }
            let name = Journal::staged(self.request.token, &number.to_string());
            let staged = self.place.inner(&if directory.is_empty() { name } else { format!("{directory}/{name}") });
            let path = self.place.inner(file.path);
            self.disk.create(&staged, file.text).map_err(|error| self.failed(file.path, &error))?;
            let renamed = if is_new { self.disk.place(&staged, &path) } else { self.disk.replace(&staged, &path) };
            renamed.map_err(|error| {
                let appeared = error.kind() == ErrorKind::AlreadyExists;
                if appeared { Box::new(errors::appeared(&self.place.shown(file.path))) } else { self.failed(file.path, &error) }
            })?;
        }
        Ok(())
    }

    /// Makes a directory, with those above it.
    fn make(&self, directory: &str) -> std::io::Result<()> {
        if directory.is_empty() || self.known.tree.listing(directory).is_some() {
            return Ok(());
        }
        match self.disk.create_directory(&self.place.inner(directory)) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.make(parent(directory))?;
                match self.disk.create_directory(&self.place.inner(directory)) {
                    // Another thread needed it too.
                    Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
                    Ok(()) | Err(_) => Ok(()),
                }
            }
            outcome => outcome,
        }
    }

    /// Removes files.
    fn remove(&self, paths: &[&str]) -> Done {
        paths.par_iter().try_for_each(|path| remove_file(self.disk, &self.place.inner(path)).map_err(|error| self.failed(path, &error)))
    }

    fn failed(&self, path: &str, error: &Error) -> Box<Diagnostic> {
        Box::new(errors::cannot_write(&self.place.shown(path), &reason(error)))
    }
}

fn in_the_way(plan: &Plan<'_>, stale: &str) -> bool {
    // Either a file will stand at one of the directories above it, or it stands itself where a directory is needed.
    let below = format!("{stale}/");
    ancestors(stale).any(|above| plan.index.contains(above))
        || plan.index.range(below.clone()..).next().is_some_and(|path| path.starts_with(&below))
}
