//! Fingerprints of what was written, `.platc/fingerprints`: a line with digest and path for each content that platc gave a file here. They
//! only tell what was changed by hand from what was not; without them every file of the index is as platc left it.
//!
//! Lines are added before files change and are never taken back, so a stopped build leaves nothing false; a file that has grown too long
//! is written anew.

use super::digest::Digest;
use super::home::{HOME, home};
use super::place::OutputPlace;
use crate::disk::{Disk, FileKind};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A file larger than this is none that platc made.
const LIMIT: u64 = 256 << 20;

/// More lines than this beyond two for each file, and the file is written anew.
const SLACK: usize = 1000;

fn path() -> String {
    format!("{HOME}/fingerprints")
}

/// Where they are staged when they are written anew.
fn staged() -> String {
    format!("{HOME}/fingerprints.staged")
}

fn head(place: &OutputPlace<'_>) -> String {
    format!("platc fingerprints 1 {}", place.output)
}

/// The text of the fingerprints of a place; empty if there are none, or none that could be added to: those would soon be out of date.
pub(super) fn text(disk: &dyn Disk, place: &OutputPlace<'_>) -> String {
    let path = path();
    if !home(disk, false) || !disk.kind(&path).is_ok_and(|kind| kind == Some(FileKind::File)) || disk.append(&path, b"").is_err() {
        return String::new();
    }
    let bytes = disk.read(&path, LIMIT).ok().flatten().unwrap_or_default();
    let text = String::from_utf8(bytes).unwrap_or_default();
    if text.lines().next() == Some(head(place).as_str()) { text } else { String::new() }
}

/// Contents by path.
#[derive(Clone, Debug, Default)]
pub(super) struct Fingerprints<'a> {
    sorted: Vec<(&'a str, Digest)>,
    lines: usize,
}

impl<'a> Fingerprints<'a> {
    /// Reads them. Lines that were cut off or are no fingerprints count for nothing.
    pub(super) fn read(text: &'a str, more: &'a [(String, Digest)]) -> Self {
        let line = |line: &'a str| -> Option<(&'a str, Digest)> {
            let (digest, path) = line.split_once(' ')?;
            (digest.len() == 32).then(|| Digest::parse(digest)).flatten().map(|digest| (path, digest))
        };
        let mut sorted: Vec<_> = text.lines().filter_map(line).collect();
        let lines = sorted.len();
        if lines == 0 {
            sorted = more.iter().map(|(path, digest)| (path.as_str(), *digest)).collect();
        }
        // Stable, so that the last content of a path is the newest.
        sorted.sort_by_key(|(path, _)| *path);
        sorted.dedup();
        Self { sorted, lines }
    }

    /// All contents that a path had.
    fn of(&self, path: &str) -> &[(&'a str, Digest)] {
        let start = self.sorted.partition_point(|(known, _)| *known < path);
        let rest = self.sorted.get(start..).unwrap_or_default();
        // There are one or two.
        let count = rest.iter().take_while(|(known, _)| *known == path).count();
        rest.get(..count).unwrap_or_default()
    }

    /// Whether anything is known about a path.
    pub(super) fn knows(&self, path: &str) -> bool {
        !self.of(path).is_empty()
    }

    /// Whether a path had a content.
    pub(super) fn has(&self, path: &str, digest: Digest) -> bool {
        self.of(path).iter().any(|(_, known)| *known == digest)
    }
}

/// Adds what is about to be written, or is there already; `index` has all files that will be ours. That it cannot be kept is no reason to
/// stop.
pub(super) fn add(disk: &dyn Disk, place: &OutputPlace<'_>, known: &Fingerprints<'_>, files: &[(&str, Digest)], index: &BTreeSet<String>) {
    let staged = staged();
    // A build that was killed left it: builds of a project take turns.
    if home(disk, false) && disk.kind(&staged).is_ok_and(|kind| kind == Some(FileKind::File)) {
        disk.remove_file(&staged).ok();
    }
    let new: Vec<&(&str, Digest)> = files.par_iter().filter(|(path, digest)| !known.has(path, *digest)).collect();
    if new.is_empty() || !home(disk, true) {
        return;
    }
    if known.lines > 0 && known.lines + new.len() <= 2 * index.len() + SLACK {
        // Begins with a line break, because the last line may have been cut off.
        if disk.append(&path(), format!("\n{}", lines(new.into_iter())).as_bytes()).is_err() {
            // None are better than false ones.
            disk.remove_file(&path()).ok();
        }
        return;
    }
    // What the files have now must not be forgotten, because the build may be stopped before it has changed them.
    let old = index.iter().filter_map(|path| known.of(path).last());
    let text = format!("{}\n{}{}", head(place), lines(old), lines(new.into_iter()));
    if disk.create(&staged, text.as_bytes()).and_then(|()| disk.replace(&staged, &path())).is_err() {
        disk.remove_file(&staged).ok();
        disk.remove_file(&path()).ok();
    }
}

fn lines<'b>(files: impl Iterator<Item = &'b (&'b str, Digest)>) -> String {
    files.filter(|(path, _)| !path.contains(['\n', '\r'])).fold(String::new(), |mut text, (path, digest)| {
        writeln!(text, "{digest} {path}").ok();
        text
    })
}
