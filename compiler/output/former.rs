//! What the output was before a build, for whoever compares: the paths of the files that are ours, and the text of one of them. Reads only, and
//! nothing behind a link.

use super::index::ancestors;
use super::place::OutputPlace;
use super::{LIMIT, Request, known};
use crate::disk::{Disk, FileKind};
use crate::kept::Kept;
use std::collections::BTreeSet;

/// Paths of the files that are ours, relative to the output directory. Where it cannot be read there are none, which whoever writes there will tell.
#[must_use]
pub fn former(disk: &dyn Disk, output: &str) -> BTreeSet<String> {
    place(disk, output).and_then(|place| known::files(disk, &place).ok()).unwrap_or_default()
}

/// The text of one of them, if it is there.
#[must_use]
pub fn former_text(disk: &dyn Disk, output: &str, path: &str) -> Option<String> {
    let place = place(disk, output)?;
    let is_directory = |folder: &str| matches!(disk.kind(&place.inner(folder)), Ok(Some(FileKind::Directory)));
    if !ancestors(path).all(is_directory) {
        return None;
    }
    String::from_utf8(disk.read(&place.inner(path), LIMIT).ok().flatten()?).ok()
}

fn place<'a>(disk: &dyn Disk, output: &'a str) -> Option<OutputPlace<'a>> {
    static NOTHING: BTreeSet<Kept> = BTreeSet::new();
    let request = Request { prefix: "", output, files: Vec::new(), kept: &NOTHING, partial: None, token: "", by: "" };
    OutputPlace::open(disk, &request).ok()
}
