//! The outside world as the library sees it: a list of files and their bytes. The program implements it on the disk, the editor over
//! unsaved buffers, tests in memory. Nothing in the library reaches outside in any other way.

use std::collections::BTreeMap;

/// A failed read, in words for the user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// What went wrong: `permission denied`.
    pub reason: String,
}

/// What a project's directory offers.
pub trait System {
    /// Paths of all files named `*.yaml`, `*.yml` or `*.toml` below the root, relative to it, with `/` between parts, in any order.
    /// Hidden directories are left out; symbolic links that lead out of the root are not followed.
    ///
    /// # Errors
    /// If the root itself cannot be read; the path of a directory below it that cannot be read stands in the reason.
    fn list(&self) -> Result<Vec<String>, Unreadable>;

    /// The bytes of one listed file.
    ///
    /// # Errors
    /// If the file cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable>;
}

/// A project in memory: path to bytes.
#[derive(Clone, Debug, Default)]
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
    fn list(&self) -> Result<Vec<String>, Unreadable> {
        Ok(self.files.keys().cloned().collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        self.files.get(path).cloned().ok_or_else(|| Unreadable { reason: "no such file".to_owned() })
    }
}
