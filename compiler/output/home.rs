//! The directory `.platc/` beside `platform.yaml`: what makes the next build quick or its words better, and is never needed. Git ignores
//! it, anybody may delete it, and what another machine or an enemy left in it decides about no file that is not ours.

use crate::disk::{Disk, FileKind};

/// Name of the directory.
pub const HOME: &str = ".platc";

/// Whether the directory can be used: it is there and no link, or could be made. With `make` it is made.
pub fn home(disk: &dyn Disk, make: bool) -> bool {
    let ignore = format!("{HOME}/.gitignore");
    let there = match disk.kind(HOME) {
        Ok(Some(FileKind::Directory)) => true,
        Ok(None) => make && disk.create_directory(HOME).is_ok(),
        Ok(Some(FileKind::File | FileKind::Link | FileKind::Other)) | Err(_) => false,
    };
    if there && make && disk.kind(&ignore).is_ok_and(|kind| kind.is_none()) {
        disk.create(&ignore, b"*\n").ok();
    }
    there
}
