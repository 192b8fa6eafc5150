//! What stands in the output directory, as far as it matters: a listing of every directory that a known path leads through. Other
//! directories are somebody else's, and are not looked into.

use super::index::parent;
use super::place::OutputPlace;
use crate::disk::{Disk, FileKind};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Listings by directory; the output directory itself is the empty path.
#[derive(Clone, Debug, Default)]
pub(super) struct OutputTree {
    directories: BTreeMap<String, Vec<(String, FileKind)>>,
}

impl OutputTree {
    /// Lists those of the directories that exist, level by level, because below one that does not there is nothing to look at. Fails with
    /// the path of a directory that cannot be read.
    pub(super) fn look(disk: &dyn Disk, place: &OutputPlace<'_>, wanted: &BTreeSet<&str>) -> Result<Self, (String, std::io::Error)> {
        let mut levels: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for directory in wanted {
            let depth = if directory.is_empty() { 0 } else { directory.matches('/').count() + 1 };
            levels.entry(depth).or_default().push(directory);
        }
        let mut tree = Self::default();
        for level in levels.into_values() {
            let listed: Vec<_> = level
                .into_par_iter()
                .filter(|directory| place.exists && (directory.is_empty() || tree.kind(directory) == Some(FileKind::Directory)))
                .map(|directory| match disk.list(&place.inner(directory)) {
                    Ok(mut listing) => {
                        listing.sort_unstable_by(|a, b| a.0.cmp(&b.0));
                        Ok((directory.to_owned(), listing))
                    }
                    Err(error) => Err((directory.to_owned(), error)),
                })
                .collect::<Result<_, _>>()?;
            tree.directories.extend(listed);
        }
        Ok(tree)
    }

    /// What is in a directory; nothing if it does not exist or is none that matters.
    pub(super) fn listing(&self, directory: &str) -> Option<&[(String, FileKind)]> {
        self.directories.get(directory).map(Vec::as_slice)
    }

    /// What stands at a path.
    pub(super) fn kind(&self, path: &str) -> Option<FileKind> {
        within(self.listing(parent(path))?, path)
    }

    /// Those of some sorted paths that are regular files.
    pub(super) fn files<'a>(&self, paths: impl Iterator<Item = &'a String>) -> Vec<&'a String> {
        // Neighbours stand in one directory.
        let mut last: (&str, Option<&[(String, FileKind)]>) = ("", self.listing(""));
        let mut found = Vec::new();
        for path in paths {
            let directory = parent(path);
            if last.0 != directory {
                last = (directory, self.listing(directory));
            }
            if last.1.and_then(|listing| within(listing, path)) == Some(FileKind::File) {
                found.push(path);
            }
        }
        found
    }

    /// A directory and the listed ones below it, sorted.
    pub(super) fn below(&self, directory: &str) -> impl Iterator<Item = &str> {
        let start = format!("{directory}/");
        let own = self.directories.get_key_value(directory).map(|(path, _)| path.as_str());
        let inner = self.directories.range(start.clone()..).map(|(path, _)| path.as_str());
        own.into_iter().chain(inner.take_while(move |path| path.starts_with(&start)))
    }

    /// Takes out all files with a name like that, and gives their paths.
    pub(super) fn take(&mut self, like: impl Fn(&str) -> bool) -> Vec<String> {
        let mut taken = Vec::new();
        for (directory, listing) in &mut self.directories {
            listing.retain(|(name, kind)| {
                let is_like = *kind == FileKind::File && like(name);
                if is_like {
                    taken.push(if directory.is_empty() { name.clone() } else { format!("{directory}/{name}") });
                }
                !is_like
            });
        }
        taken
    }
}

/// What has the last part of a path as its name.
pub(super) fn within(listing: &[(String, FileKind)], path: &str) -> Option<FileKind> {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let at = listing.binary_search_by(|entry| entry.0.as_str().cmp(name)).ok()?;
    listing.get(at).map(|(_, kind)| *kind)
}
