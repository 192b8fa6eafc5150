//! The disk below a directory, as the library's writer sees it. Nothing here decides anything.

use platc::disk::{Disk, FileKind, Lock};
use std::fs::{File, FileType, OpenOptions, TryLockError};
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long to wait for a lock that somebody holds.
const PATIENCE: Duration = Duration::from_secs(5);

/// A directory on the disk.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The disk below a root.
    pub(crate) fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// A regular file, opened. Anything else is refused before it is opened, because opening a pipe waits for somebody at its other end.
    fn open(&self, path: &str, options: &OpenOptions) -> Result<File> {
        let path = self.path(path);
        if !std::fs::symlink_metadata(&path)?.is_file() {
            return Err(Error::new(ErrorKind::InvalidInput, "not a regular file"));
        }
        options.open(path)
    }
}

impl Disk for Folder {
    fn kind(&self, path: &str) -> Result<Option<FileKind>> {
        match std::fs::symlink_metadata(self.path(path)) {
            Ok(metadata) => Ok(Some(kind(metadata.file_type()))),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, FileKind)>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(self.path(directory))? {
            let entry = entry?;
            found.push((entry.file_name().to_string_lossy().into_owned(), kind(entry.file_type()?)));
        }
        Ok(found)
    }

    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        let file = self.open(path, OpenOptions::new().read(true))?;
        let size = file.metadata()?.len();
        if size > limit {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 <= limit).then_some(bytes))
    }

    fn create(&self, path: &str, bytes: &[u8]) -> Result<()> {
        OpenOptions::new().write(true).create_new(true).open(self.path(path))?.write_all(bytes)
    }

    fn append(&self, path: &str, bytes: &[u8]) -> Result<()> {
        self.open(path, OpenOptions::new().append(true))?.write_all(bytes)
    }

    fn sync(&self, path: &str) -> Result<()> {
        // For reading and writing, because Windows flushes no file that is open for reading only.
        self.open(path, OpenOptions::new().read(true).write(true))?.sync_all()
    }

    fn replace(&self, from: &str, to: &str) -> Result<()> {
        std::fs::rename(self.path(from), self.path(to))
    }

    fn place(&self, from: &str, to: &str) -> Result<()> {
        // The standard library has no rename that refuses; on failure this removes what was staged.
        let staged = tempfile::TempPath::try_from_path(self.path(from))?;
        staged.persist_noclobber(self.path(to)).map_err(|error| error.error)
    }

    fn create_directory(&self, path: &str) -> Result<()> {
        std::fs::create_dir(self.path(path))
    }

    fn remove_file(&self, path: &str) -> Result<()> {
        std::fs::remove_file(self.path(path))
    }

    fn remove_directory(&self, path: &str) -> Result<()> {
        std::fs::remove_dir(self.path(path))
    }

    fn lock(&self, path: &str, shared: bool) -> Result<Lock> {
        // A directory can be locked on Unix, and nowhere else; there the lock of the project does alone.
        let file = File::open(self.path(path)).map_err(|_| Error::from(ErrorKind::Unsupported))?;
        match wait(&file, shared)? {
            Wait::Done => Ok(Box::new(file)),
            Wait::Written => Err(Error::from(ErrorKind::WouldBlock)),
            Wait::Compared => Err(Error::from(ErrorKind::ResourceBusy)),
        }
    }
}

/// How waiting for a lock ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wait {
    /// It is held now.
    Done,
    /// Somebody who writes holds it, and went on holding it.
    Written,
    /// Some who only compare hold it, and went on holding it.
    Compared,
}

/// Locks an open file. Errors mean that there are no locks here.
pub(crate) fn wait(file: &File, shared: bool) -> Result<Wait> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(5);
    loop {
        match if shared { file.try_lock_shared() } else { file.try_lock() } {
            Ok(()) => return Ok(Wait::Done),
            Err(TryLockError::Error(_)) => return Err(Error::from(ErrorKind::Unsupported)),
            Err(TryLockError::WouldBlock) if start.elapsed() > PATIENCE => {
                // Only those who compare can hold it together with others.
                let compared = !shared && file.try_lock_shared().is_ok();
                return Ok(if compared { Wait::Compared } else { Wait::Written });
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(pause),
        }
        pause = (pause * 2).min(Duration::from_millis(100));
    }
}

fn kind(file: FileType) -> FileKind {
    if file.is_symlink() {
        FileKind::Link
    } else if file.is_dir() {
        FileKind::Directory
    } else if file.is_file() {
        FileKind::File
    } else {
        FileKind::Other
    }
}

/// The directory of a file, as a path that can be opened.
pub(crate) fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
