//! The disk as the writer sees it: what it needs to bring a directory up to date, and nothing more. The program implements it below a
//! project's root, tests in memory, where every operation can be made to fail. Paths are relative to that root, with `/` between parts.

use std::any::Any;
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Result};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What stands at a path; a symbolic link is one, wherever it leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A pipe, a socket, a device.
    Other,
}

/// Held until dropped.
pub type Lock = Box<dyn Any + Send>;

/// A directory that can be written. No operation follows a symbolic link in the last part of a path.
///
/// # Errors
/// Each operation fails with the error of the system; callers act on `NotFound`, `AlreadyExists`,
/// `DirectoryNotEmpty`, `WouldBlock` and `ResourceBusy` only.
#[allow(clippy::missing_errors_doc, reason = "said once for all")]
pub trait Disk: Sync {
    /// What stands at a path; nothing if there is nothing.
    fn kind(&self, path: &str) -> Result<Option<FileKind>>;

    /// What is in a directory, in any order. A name that is not UTF-8 is given with replacements, and leads nowhere.
    fn list(&self, directory: &str) -> Result<Vec<(String, FileKind)>>;

    /// The bytes of a regular file; nothing if there are more than `limit`.
    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>>;

    /// Makes a file that was not there.
    fn create(&self, path: &str, bytes: &[u8]) -> Result<()>;

    /// Writes at the end of a file that is there.
    fn append(&self, path: &str, bytes: &[u8]) -> Result<()>;

    /// Waits until a file's content would survive a loss of power.
    fn sync(&self, path: &str) -> Result<()>;

    /// Gives a file another name, at once, in the place of a file that may be there.
    fn replace(&self, from: &str, to: &str) -> Result<()>;

    /// Gives a file another name, at once, if nothing has that name.
    fn place(&self, from: &str, to: &str) -> Result<()>;

    /// Makes a directory; the one above it must be there.
    fn create_directory(&self, path: &str) -> Result<()>;

    /// Removes a file.
    fn remove_file(&self, path: &str) -> Result<()>;

    /// Removes a directory that is empty.
    fn remove_directory(&self, path: &str) -> Result<()>;

    /// Keeps other programs from locking a file or directory until the lock is dropped or the program ends, however it ends; waits a
    /// moment for one that holds it. Those that only read may share it. `WouldBlock` if it is held, `ResourceBusy` if those who hold it
    /// only read; other errors if there are no locks here.
    fn lock(&self, path: &str, shared: bool) -> Result<Lock>;
}

/// What went wrong, in lower-case words without the number of the operating system.
#[must_use]
pub fn reason(error: &Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// A directory in memory.
#[derive(Debug, Default)]
pub struct MemoryDisk {
    nodes: Mutex<BTreeMap<String, StoredNode>>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum StoredNode {
    File { bytes: Vec<u8>, synced: bool },
    Directory,
    Link,
}

impl Clone for MemoryDisk {
    fn clone(&self) -> Self {
        Self { nodes: Mutex::new(self.nodes().clone()) }
    }
}

impl MemoryDisk {
    fn nodes(&self) -> MutexGuard<'_, BTreeMap<String, StoredNode>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds or replaces a file, with the directories above it.
    pub fn put(&self, path: &str, bytes: &[u8]) {
        if let Some((above, _)) = path.rsplit_once('/') {
            self.make(above);
        }
        self.nodes().insert(path.to_owned(), StoredNode::File { bytes: bytes.to_vec(), synced: true });
    }

    /// Adds a directory, with those above it.
    pub fn make(&self, path: &str) {
        let mut nodes = self.nodes();
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for end in ends {
            nodes.entry(path.get(..end).unwrap_or(path).to_owned()).or_insert(StoredNode::Directory);
        }
    }

    /// Adds a symbolic link.
    pub fn link(&self, path: &str) {
        self.nodes().insert(path.to_owned(), StoredNode::Link);
    }

    /// Takes away whatever is at a path and below it.
    pub fn take(&self, path: &str) {
        let below = format!("{path}/");
        self.nodes().retain(|name, _| name != path && !name.starts_with(&below));
    }

    /// What a loss of power leaves at worst: names are as they are, content that nobody waited for is gone.
    pub fn lose_power(&self) {
        for node in self.nodes().values_mut() {
            if let StoredNode::File { bytes, synced: false } = node {
                bytes.clear();
            }
        }
    }

    /// All paths with what stands there: the bytes of a file, nothing for a directory.
    #[must_use]
    pub fn all(&self) -> BTreeMap<String, Option<Vec<u8>>> {
        let bytes = |node: &StoredNode| match node {
            StoredNode::File { bytes, .. } => Some(bytes.clone()),
            StoredNode::Directory | StoredNode::Link => None,
        };
        self.nodes().iter().map(|(path, node)| (path.clone(), bytes(node))).collect()
    }
}

fn no<T>(kind: ErrorKind) -> Result<T> {
    Err(Error::from(kind))
}

/// Fails unless the directory above a path is there.
fn above(nodes: &BTreeMap<String, StoredNode>, path: &str) -> Result<()> {
    match path.rsplit_once('/').map(|(above, _)| nodes.get(above)) {
        None | Some(Some(StoredNode::Directory)) => Ok(()),
        Some(None) => no(ErrorKind::NotFound),
        Some(Some(StoredNode::File { .. } | StoredNode::Link)) => no(ErrorKind::NotADirectory),
    }
}

impl Disk for MemoryDisk {
    fn kind(&self, path: &str) -> Result<Option<FileKind>> {
        Ok(self.nodes().get(path).map(kind))
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, FileKind)>> {
        let nodes = self.nodes();
        match nodes.get(directory) {
            Some(StoredNode::Directory) => {}
            Some(StoredNode::File { .. } | StoredNode::Link) => return no(ErrorKind::NotADirectory),
            None => return no(ErrorKind::NotFound),
        }
        let start = format!("{directory}/");
        let below = nodes.range(start.clone()..).map_while(|(path, node)| Some((path.strip_prefix(&start)?, node)));
        Ok(below.filter(|(name, _)| !name.contains('/')).map(|(name, node)| (name.to_owned(), kind(node))).collect())
    }

    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        match self.nodes().get(path) {
            Some(StoredNode::File { bytes, .. }) => Ok((bytes.len() as u64 <= limit).then(|| bytes.clone())),
            Some(StoredNode::Directory | StoredNode::Link) => no(ErrorKind::InvalidInput),
            None => no(ErrorKind::NotFound),
        }
    }

    fn create(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let mut nodes = self.nodes();
        above(&nodes, path)?;
        if nodes.contains_key(path) {
            return no(ErrorKind::AlreadyExists);
        }
        nodes.insert(path.to_owned(), StoredNode::File { bytes: bytes.to_vec(), synced: false });
        Ok(())
    }

    fn append(&self, path: &str, more: &[u8]) -> Result<()> {
        match self.nodes().get_mut(path) {
            Some(StoredNode::File { bytes, .. }) => {
                bytes.extend_from_slice(more);
                Ok(())
            }
            Some(StoredNode::Directory | StoredNode::Link) => no(ErrorKind::InvalidInput),
            None => no(ErrorKind::NotFound),
        }
    }

    fn sync(&self, path: &str) -> Result<()> {
        match self.nodes().get_mut(path) {
            Some(StoredNode::File { synced, .. }) => {
                *synced = true;
                Ok(())
            }
            Some(StoredNode::Directory | StoredNode::Link) => no(ErrorKind::InvalidInput),
            None => no(ErrorKind::NotFound),
        }
    }

    fn replace(&self, from: &str, to: &str) -> Result<()> {
        let mut nodes = self.nodes();
        above(&nodes, to)?;
        if nodes.get(to) == Some(&StoredNode::Directory) {
            return no(ErrorKind::IsADirectory);
        }
        let Some(node) = nodes.remove(from) else { return no(ErrorKind::NotFound) };
        nodes.insert(to.to_owned(), node);
        Ok(())
    }

    fn place(&self, from: &str, to: &str) -> Result<()> {
        if self.nodes().contains_key(to) { no(ErrorKind::AlreadyExists) } else { self.replace(from, to) }
    }

    fn create_directory(&self, path: &str) -> Result<()> {
        let mut nodes = self.nodes();
        above(&nodes, path)?;
        if nodes.contains_key(path) {
            return no(ErrorKind::AlreadyExists);
        }
        nodes.insert(path.to_owned(), StoredNode::Directory);
        Ok(())
    }

    fn remove_file(&self, path: &str) -> Result<()> {
        let mut nodes = self.nodes();
        match nodes.get(path) {
            Some(StoredNode::File { .. } | StoredNode::Link) => {
                nodes.remove(path);
                Ok(())
            }
            Some(StoredNode::Directory) => no(ErrorKind::IsADirectory),
            None => no(ErrorKind::NotFound),
        }
    }

    fn remove_directory(&self, path: &str) -> Result<()> {
        let mut nodes = self.nodes();
        match nodes.get(path) {
            Some(StoredNode::Directory) => {}
            Some(StoredNode::File { .. } | StoredNode::Link) => return no(ErrorKind::NotADirectory),
            None => return no(ErrorKind::NotFound),
        }
        let start = format!("{path}/");
        if nodes.range(start.clone()..).next().is_some_and(|(path, _)| path.starts_with(&start)) {
            return no(ErrorKind::DirectoryNotEmpty);
        }
        nodes.remove(path);
        Ok(())
    }

    fn lock(&self, _path: &str, _shared: bool) -> Result<Lock> {
        Ok(Box::new(()))
    }
}

fn kind(node: &StoredNode) -> FileKind {
    match node {
        StoredNode::File { .. } => FileKind::File,
        StoredNode::Directory => FileKind::Directory,
        StoredNode::Link => FileKind::Link,
    }
}
