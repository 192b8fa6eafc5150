//! The outside world as the library sees it: a list of files and their bytes. The program implements it on the disk, the editor over
//! unsaved buffers, tests in memory. Nothing in the library reaches outside in any other way.

use std::collections::BTreeMap;

/// A failed read, in words for the user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// What went wrong: `permission denied`.
    pub reason: String,
}

/// What a project's directory holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Listing {
    /// Paths of all sources.
    pub paths: Vec<String>,
    /// What may hold sources and could not be listed.
    pub missed: Vec<Missed>,
}

/// A file or directory that could not be listed. That is an error, but for what `platform.exclude` names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Missed {
    /// Where it is, relative to the root.
    pub path: String,
    /// What went wrong: `permission denied`.
    pub reason: String,
    /// What can be done, if that is not plain.
    pub hint: Option<String>,
}

impl From<Vec<String>> for Listing {
    fn from(paths: Vec<String>) -> Self {
        Self { paths, missed: Vec::new() }
    }
}

/// What a project's directory offers.
pub trait System {
    /// Paths of all files named `*.yaml`, `*.yml` or `*.toml` below the root, of those named `*.json` below `facts/` there, and of all below
    /// `files/`, relative to the root, with `/` between parts, in any order.
    /// Hidden directories and what platc wrote are left out; symbolic links that lead out of the root are not followed.
    ///
    /// # Errors
    /// If the root itself cannot be read; what cannot be read below it is missed.
    fn list(&self) -> Result<Listing, Unreadable>;

    /// The bytes of one listed file.
    ///
    /// # Errors
    /// If the file cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable>;
}

/// A project in memory: path to bytes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MemorySystem {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemorySystem {
    /// Adds or replaces a file.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), text.into());
        self
    }
}

impl System for MemorySystem {
    fn list(&self) -> Result<Listing, Unreadable> {
        Ok(self.files.keys().cloned().collect::<Vec<_>>().into())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        self.files.get(path).cloned().ok_or_else(|| Unreadable { reason: "no such file".to_owned() })
    }
}
