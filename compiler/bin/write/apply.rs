//! Carries out a plan: index of what was and will be, files by rename, stale files, index of what is.

use super::errors;
use super::index::{INDEX, Index, Owned, print};
use super::plan::{Place, Plan, Step, parent};
use crate::disk::reason;
use platc::diagnostic::{Diagnostic, Diagnostics};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

/// How staged files begin and end; what a killed build left behind is recognised by it.
const STAGED: (&str, &str) = (".platc-", ".tmp");

/// Carries out `plan`; `text` is the index when all is done.
pub(super) fn apply(place: &Place<'_>, plan: &Plan<'_>, old: &Index, text: &str, diagnostics: &mut Diagnostics) {
    if let Err(diagnostic) = steps(place, plan, old, text) {
        diagnostics.push(*diagnostic);
    }
}

fn steps(place: &Place<'_>, plan: &Plan<'_>, old: &Index, text: &str) -> Result<(), Box<Diagnostic>> {
    let failed = |path: &str| {
        let shown = place.shown(path);
        move |error: std::io::Error| Box::new(errors::cannot_write(&shown, &reason(&error)))
    };
    std::fs::create_dir_all(&place.directory).map_err(failed(""))?;
    if !old.complete {
        sweep(&place.directory);
    }
    let work = !plan.remove.is_empty() || plan.directories.values().flatten().any(|(_, step)| *step != Step::Keep);
    if work {
        stage(&place.directory, INDEX, print(&interim(plan, old), false).as_bytes()).map_err(failed(INDEX))?;
    }

    // A stale file may stand where a directory is needed, or the other way round; those go first, all others last, so that a reader
    // never finds less than he had.
    let (first, last): (Vec<&str>, Vec<&str>) = plan.remove.keys().map(String::as_str).partition(|path| in_the_way(plan, path));
    remove(place, &first)?;
    plan.directories.par_iter().try_for_each(|(directory, files)| -> Result<(), Box<Diagnostic>> {
        let mut made = false;
        for (file, step) in files {
            match step {
                Step::Keep => continue,
                Step::Create | Step::Update | Step::Restore => {}
            }
            if !made {
                std::fs::create_dir_all(place.directory.join(directory)).map_err(failed(directory))?;
                made = true;
            }
            stage(&place.directory, file.path, file.text).map_err(failed(file.path))?;
        }
        Ok(())
    })?;
    remove(place, &last)?;
    stage(&place.directory, INDEX, text.as_bytes()).map_err(failed(INDEX))
}

/// The index while files change: it owns what was and what will be, with the digests of both.
fn interim(plan: &Plan<'_>, old: &Index) -> BTreeMap<String, Owned> {
    let mut files = plan.index.clone();
    for (path, owned) in &mut files {
        owned.was = old.files.get(path).filter(|known| old.complete || known.was.is_some()).map(|known| known.sha256.clone());
    }
    for (path, before) in &plan.before {
        if let Some(owned) = files.get_mut(*path) {
            owned.was = Some(before.clone());
        }
    }
    for (path, owned) in &plan.remove {
        files.insert(path.clone(), Owned { was: Some(owned.sha256.clone()), ..owned.clone() });
    }
    files
}

fn in_the_way(plan: &Plan<'_>, stale: &str) -> bool {
    let below = |upper: &str, lower: &str| lower.strip_prefix(upper).is_some_and(|rest| rest.starts_with('/'));
    // Either a file will stand at one of the directories above it …
    let mut above = parent(stale);
    while !above.is_empty() {
        if plan.index.contains_key(above) {
            return true;
        }
        above = parent(above);
    }
    // … or it stands itself where a directory is needed.
    plan.index.range(format!("{stale}/")..).next().is_some_and(|(path, _)| below(stale, path))
}

/// Removes files, and directories that have become empty.
fn remove(place: &Place<'_>, paths: &[&str]) -> Result<(), Box<Diagnostic>> {
    paths.par_iter().try_for_each(|path| match std::fs::remove_file(place.directory.join(path)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Box::new(errors::cannot_write(&place.shown(path), &reason(&error))))
        }
        Ok(()) | Err(_) => Ok(()),
    })?;
    let mut emptied: BTreeSet<&str> = BTreeSet::new();
    for path in paths {
        let mut directory = parent(path);
        while !directory.is_empty() && emptied.insert(directory) {
            directory = parent(directory);
        }
    }
    // Sorted backwards, so that a directory comes after those below it. One that is not empty refuses, which is right.
    for directory in emptied.into_iter().rev() {
        std::fs::remove_dir(place.directory.join(directory)).ok();
    }
    Ok(())
}

/// Writes a file beside its place and renames it there.
fn stage(directory: &Path, path: &str, bytes: &[u8]) -> std::io::Result<()> {
    let target = directory.join(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(STAGED.0).suffix(STAGED.1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Narrowed by the user's mask, as for any file that is created.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(target.parent().unwrap_or(directory))?;
    file.write_all(bytes)?;
    file.persist(&target).map(drop).map_err(|error| error.error)
}

/// Removes what a killed build had staged.
fn sweep(directory: &Path) {
    for entry in walkdir::WalkDir::new(directory).into_iter().flatten() {
        let name = entry.file_name().to_string_lossy();
        if entry.file_type().is_file() && name.starts_with(STAGED.0) && name.ends_with(STAGED.1) {
            std::fs::remove_file(entry.path()).ok();
        }
    }
}
