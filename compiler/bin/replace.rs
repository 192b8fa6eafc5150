//! One file of the user's, replaced as a whole: staged, and renamed to its place, so that it is always old or new. What a killed program
//! had staged lies in `.platc/` until the next one clears it away: `.platc/staged` has its name, and whoever stages holds that file's lock.

use crate::disk::Project;
use crate::folder::{Folder, directory_of};
use crate::turn::token;
use platc::output::{HOME, home};
use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result, Seek, Write};
use std::path::{Path, PathBuf};

/// How names of files begin that are staged in `.platc/`.
const STAGED: &str = "staged-";

/// Where files are staged.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    /// The root of a project, whose `.platc/` it is; without one, or on another file system, a file is staged beside its place.
    root: Option<PathBuf>,
}

impl Stage {
    /// The stage of a project, after clearing away what a killed program left there.
    pub(crate) fn of(project: &Project) -> Self {
        let root = project.is_there().then(|| project.root.clone());
        if let Some(root) = &root {
            Record::take(root, false);
        }
        Self { root }
    }

    /// Gives a file new content. A symbolic link stays one, the file it leads to is replaced; permissions stay.
    pub(crate) fn replace(&self, path: &Path, text: &[u8]) -> Result<()> {
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let permissions = std::fs::metadata(&target).map(|metadata| metadata.permissions()).ok();
        if permissions.as_ref().is_some_and(std::fs::Permissions::readonly) {
            return Err(Error::from(ErrorKind::PermissionDenied));
        }
        let put = |staged: &Path| -> Result<()> {
            let outcome = write(staged, text, permissions.clone()).and_then(|_held| std::fs::rename(staged, &target));
            if outcome.is_err() {
                std::fs::remove_file(staged).ok();
            }
            outcome
        };
        let staged = self.root.as_ref().and_then(|root| Record::take(root, true)).map(|mut record| {
            let outcome = record.name().and_then(|staged| put(&staged));
            record.file.set_len(0).ok();
            outcome
        });
        match staged {
            Some(Ok(())) => Ok(()),
            // Another file system, or another program that stages.
            Some(Err(_)) | None => {
                let staged = beside(&target);
                clear(&staged);
                put(&staged)
            }
        }
    }
}

/// The name of what is staged in `.platc/`, written down before it is made. Locked as long as anything is staged there.
#[derive(Debug)]
struct Record {
    home: PathBuf,
    file: File,
}

impl Record {
    /// Takes the record, after clearing away what it names; nothing if another holds it, or there can be none. With `make` it is made.
    fn take(root: &Path, make: bool) -> Option<Self> {
        if !home(&Folder::new(root), make) {
            return None;
        }
        let home = root.join(HOME);
        let path = home.join("staged");
        match std::fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_file() => {}
            Err(error) if error.kind() == ErrorKind::NotFound && make => {}
            // Nothing was staged, or somebody put a link there, which might lead anywhere.
            Ok(_) | Err(_) => return None,
        }
        let mut file = OpenOptions::new().read(true).write(true).create(make).truncate(false).open(path).ok()?;
        file.try_lock().ok()?;
        let mut name = Vec::new();
        Read::by_ref(&mut file).take(100).read_to_end(&mut name).ok()?;
        if let Some(name) = str::from_utf8(&name).ok().filter(|name| is_staged(name)) {
            clear(&home.join(name));
        }
        file.set_len(0).and_then(|()| file.rewind()).ok()?;
        Some(Self { home, file })
    }

    /// A new name, written down.
    fn name(&mut self) -> Result<PathBuf> {
        let name = format!("{STAGED}{}", token());
        self.file.write_all(name.as_bytes())?;
        Ok(self.home.join(name))
    }
}

/// Whether a name is one that is given to staged files: the record may be anybody's.
fn is_staged(name: &str) -> bool {
    let token = name.strip_prefix(STAGED).unwrap_or_default();
    token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The one name that a file is staged under beside its place, so that the next who replaces it finds what the last one left.
fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    directory_of(target).join(format!(".{name}.platc-staged"))
}

/// Makes a file that was not there, and gives it locked.
fn write(path: &Path, text: &[u8], permissions: Option<std::fs::Permissions>) -> Result<File> {
    let mut file = OpenOptions::new().read(true).write(true).create_new(true).open(path)?;
    // Where there are no locks, nothing is cleared away either.
    file.try_lock().ok();
    file.write_all(text)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    // What is replaced is the user's own work, which no loss of power may take.
    file.sync_all()?;
    Ok(file)
}

/// Removes a staged file that nobody holds.
fn clear(path: &Path) {
    let is_file = std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    if is_file && File::open(path).is_ok_and(|file| file.try_lock().is_ok()) {
        std::fs::remove_file(path).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[cfg(unix)]
    #[test]
    fn keeps_links_and_permissions() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = tempfile::tempdir().unwrap();
        let stage = Stage { root: None };
        let (file, link) = (dir.path().join("a.yaml"), dir.path().join("b.yaml"));
        std::fs::write(&file, "old").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a.yaml", &link).unwrap();
        stage.replace(&link, b"new").unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o440)).unwrap();
        assert!(stage.replace(&file, b"newer").is_err());
        assert_eq!(names(dir.path()), ["a.yaml", "b.yaml"]);
    }

    #[test]
    fn clears_away_what_was_left_and_nothing_that_is_held() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("platform.yaml"), "old").unwrap();
        let project = Project::named(dir.path()).unwrap();
        let home = dir.path().join(HOME);
        Stage::of(&project);
        assert!(!home.exists());
        Stage::of(&project).replace(&dir.path().join("platform.yaml"), b"old").unwrap();
        // What somebody made there stays, whatever its name; what is recorded goes.
        let (left, other) = (format!("{STAGED}{}", token()), format!("{STAGED}{}", token()));
        for name in [&left, &other, "staged-notes", "mine"] {
            std::fs::write(home.join(name), "half").unwrap();
        }
        let mut kept = [".gitignore", "mine", "staged", "staged-notes", &other];
        kept.sort_unstable();
        for recorded in ["staged-notes", "mine", "../platform.yaml", "", &left] {
            assert!(home.join(&left).exists());
            std::fs::write(home.join("staged"), recorded).unwrap();
            Stage::of(&project);
        }
        assert_eq!(names(&home), kept);
        let stage = Stage::of(&project);
        stage.replace(&dir.path().join("platform.yaml"), b"new").unwrap();
        assert_eq!(std::fs::read_to_string(dir.path().join("platform.yaml")).unwrap(), "new");
        assert_eq!(names(&home), kept);
        // While another stages, what he staged stays, and this one stages beside the place.
        let mut held = Record::take(dir.path(), true).unwrap();
        let name = held.name().unwrap();
        std::fs::write(&name, "half").unwrap();
        Stage::of(&project).replace(&dir.path().join("platform.yaml"), b"newer").unwrap();
        assert!(name.exists());
        // Killed, he is cleared up after.
        drop(held);
        Stage::of(&project);
        assert_eq!(names(&home), kept);
        assert_eq!(names(dir.path()), [".platc", "platform.yaml"]);
        // Without a project the next who replaces the same file clears away what the last one left beside it.
        let stage = Stage { root: None };
        std::fs::write(beside(&dir.path().join("platform.yaml")), "half").unwrap();
        stage.replace(&dir.path().join("platform.yaml"), b"newest").unwrap();
        assert_eq!(names(dir.path()), [".platc", "platform.yaml"]);
        let held = write(&beside(&dir.path().join("platform.yaml")), b"half", None).unwrap();
        assert_eq!(stage.replace(&dir.path().join("platform.yaml"), b"x").unwrap_err().kind(), ErrorKind::AlreadyExists);
        drop(held);
    }
}
