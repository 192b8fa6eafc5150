//! What the output holds: files that platc wrote, read again for what waits. Reads only, and nothing behind a link.

use super::known;
use super::place::OutputPlace;
use super::{LIMIT, Request};
use crate::artifact::HeldOutput;
use crate::disk::Disk;
use std::collections::BTreeSet;

/// The files that are ours below some folders of the output. Where it cannot be read there are none, which whoever writes there will tell.
#[must_use]
pub fn held(disk: &dyn Disk, output: &str, folders: &[String]) -> HeldOutput {
    let request = Request { prefix: "", output, files: Vec::new(), kept: &BTreeSet::new(), partial: None, token: "", by: "" };
    let Ok(place) = OutputPlace::open(disk, &request) else { return HeldOutput::default() };
    let Ok(known) = known::load(disk, &place, &[], false) else { return HeldOutput::default() };
    let is_wanted = |path: &str| folders.iter().any(|folder| path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/')));
    let files = known.files.into_iter().filter(|path| is_wanted(path));
    let read = |path: String| {
        let bytes = disk.read(&place.inner(&path), LIMIT).ok().flatten()?;
        Some((path, String::from_utf8(bytes).ok()?))
    };
    HeldOutput::new(files.filter_map(read).collect())
}
