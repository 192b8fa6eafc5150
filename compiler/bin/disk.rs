//! The disk as a project: finds the project's root, lists its sources and reads them. Comes in: a directory. Leaves: a [`System`] for the
//! library. It never writes: outputs go through `folder`, files of the user's through `replace`.

pub(crate) use platc::disk::reason;

use crate::listing;
use platc::system::{Listing, System, Unreadable};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Files larger than this are not read.
pub(crate) const LIMIT: u64 = 16 * 1024 * 1024;

/// Files that make a directory a project.
pub(crate) const ROOT_FILES: [&str; 3] = ["platform.yaml", "platform.yml", "platform.toml"];

/// Where a project is, and how the user writes paths into it.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    /// The directory with `platform.yaml`.
    pub(crate) root: PathBuf,
    /// What to put before a path relative to the root so that it is relative to the working directory: ``, `../` or `some/dir/`.
    pub(crate) prefix: String,
}

impl Project {
    /// The project in a directory that the user named.
    pub(crate) fn named(directory: &Path) -> Result<Self, String> {
        if !directory.is_dir() {
            return Err(format!("`{}` is not a directory", directory.display()));
        }
        let mut prefix = directory.to_string_lossy().trim_end_matches('/').to_owned();
        while let Some(rest) = prefix.strip_prefix("./") {
            prefix = rest.to_owned();
        }
        match prefix.as_str() {
            "." => prefix.clear(),
            _ => prefix.push('/'),
        }
        Ok(Self { root: directory.to_owned(), prefix })
    }

    /// The project that the working directory lies in: the nearest directory upward with a `platform.yaml` or `platform.toml`; the
    /// working directory itself if there is none, so that the library can say what is missing.
    pub(crate) fn around(working: &Path) -> Self {
        for (depth, directory) in working.ancestors().enumerate() {
            if ROOT_FILES.iter().any(|name| directory.join(name).is_file()) {
                let prefix = "../".repeat(depth);
                let root = if depth == 0 { PathBuf::from(".") } else { PathBuf::from(&prefix) };
                return Self { root, prefix };
            }
        }
        Self { root: PathBuf::from("."), prefix: String::new() }
    }
}

impl Project {
    /// Whether there is a platform file at all.
    pub(crate) fn is_there(&self) -> bool {
        ROOT_FILES.iter().any(|name| self.root.join(name).is_file())
    }

    /// Fails where nobody has a project: what the library would say is missing is not what is wrong then.
    pub(crate) fn demand(&self) -> Result<(), String> {
        // What cannot be read is told by who reads it.
        let is_closed = std::fs::canonicalize(&self.root).is_err() || std::fs::read_dir(&self.root).is_err();
        if self.is_there() || is_closed || self.has_definitions() {
            return Ok(());
        }
        let place =
            if self.prefix.is_empty() { "here or in a directory above".to_owned() } else { format!("in `{}`", self.root.display()) };
        Err(format!("there is no project: no `platform.yaml` or `platform.toml` {place}; `-C DIR` names another directory"))
    }

    /// Whether the directory itself has anything that may be a definition.
    fn has_definitions(&self) -> bool {
        let is_one = |entry: std::fs::DirEntry| {
            let name = entry.file_name();
            let extension = Path::new(&name).extension().and_then(|extension| extension.to_str());
            extension.is_some_and(|extension| ["yaml", "yml", "toml"].contains(&extension))
        };
        std::fs::read_dir(&self.root).is_ok_and(|mut entries| entries.any(|entry| entry.is_ok_and(is_one)))
    }
}

/// A project's directory on the disk.
#[derive(Clone, Debug)]
pub(crate) struct DiskSystem {
    root: PathBuf,
}

impl DiskSystem {
    /// The system below a root.
    pub(crate) fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
}

impl System for DiskSystem {
    fn list(&self) -> Result<Listing, Unreadable> {
        listing::list(&self.root)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let limit = limit(path);
        let path = self.root.join(path);
        let metadata = std::fs::metadata(&path).map_err(|error| unreadable(&error))?;
        if !metadata.is_file() {
            return Err(Unreadable { reason: "not a regular file".to_owned() });
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(limit)).unwrap_or(0));
        let file = std::fs::File::open(&path).map_err(|error| unreadable(&error))?;
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        if bytes.len() as u64 > limit {
            return Err(Unreadable { reason: format!("larger than {} MiB", limit >> 20) });
        }
        Ok(bytes)
    }
}

/// A system that tells everybody the same, whatever happens meanwhile, and asks another one only once.
pub(crate) struct Remembered<S> {
    system: S,
    listing: OnceCell<Result<Listing, Unreadable>>,
    read: RefCell<BTreeMap<String, Result<Vec<u8>, Unreadable>>>,
}

impl<S: System> Remembered<S> {
    pub(crate) fn new(system: S) -> Self {
        Self { system, listing: OnceCell::new(), read: RefCell::default() }
    }
}

impl<S: System> System for Remembered<S> {
    fn list(&self) -> Result<Listing, Unreadable> {
        self.listing.get_or_init(|| self.system.list()).clone()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        if let Some(known) = self.read.borrow().get(path) {
            return known.clone();
        }
        let read = self.system.read(path);
        self.read.borrow_mut().insert(path.to_owned(), read.clone());
        read
    }
}

/// Bytes that a file of this path may have.
pub(crate) fn limit(path: &str) -> u64 {
    if platc::files::is_path(path) { platc::limit::FILE_BYTES as u64 } else { LIMIT }
}

/// Whether a file of this path, relative to the root, is read: a source, facts, or a file to be taken in.
pub(crate) fn is_read(path: &str) -> bool {
    is_source(Path::new(path)) || platc::facts::is_path(path) || platc::files::is_path(path)
}

pub(crate) fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml" || extension == "toml")
}

pub(crate) fn unreadable(error: &std::io::Error) -> Unreadable {
    Unreadable { reason: reason(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    #[test]
    fn refuses_large_files() {
        let dir = tempfile::tempdir().unwrap();
        let file = std::fs::File::create(dir.path().join("big.yaml")).unwrap();
        file.set_len(LIMIT + 1).unwrap();
        assert_eq!(DiskSystem::new(dir.path()).read("big.yaml").unwrap_err().reason, "larger than 16 MiB");
        file.set_len(LIMIT).unwrap();
        assert!(DiskSystem::new(dir.path()).read("big.yaml").is_ok());
        assert_eq!(DiskSystem::new(dir.path()).read("").unwrap_err().reason, "not a regular file");
    }

    #[test]
    fn what_was_read_once_stays() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "a.yaml", "one");
        let system = Remembered::new(DiskSystem::new(dir.path()));
        let all = || (system.list().unwrap().paths, system.read("a.yaml").unwrap(), system.read("b.yaml").is_ok());
        let first = all();
        write(dir.path(), "a.yaml", "two");
        write(dir.path(), "b.yaml", "");
        assert_eq!((all(), first.1.as_slice()), (first.clone(), b"one".as_slice()));
    }

    #[test]
    fn finds_the_project_upward() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "platform.toml", "");
        write(dir.path(), "a/b/x.yaml", "");
        let project = Project::around(&dir.path().join("a/b"));
        assert_eq!((project.root, project.prefix.as_str()), (PathBuf::from("../../"), "../../"));
        assert_eq!(Project::named(dir.path()).unwrap().prefix, format!("{}/", dir.path().display()));
        assert_eq!(Project::named(Path::new(".")).unwrap().prefix, "");
        assert!(Project::named(&dir.path().join("none")).is_err());
    }
}
