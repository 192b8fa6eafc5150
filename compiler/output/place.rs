//! Where the output is: the directory that a request names, after checking that it lies below the root and behind no link.

use super::Request;
use super::errors;
use super::index::is_safe;
use crate::diagnostic::Diagnostic;
use crate::disk::{Disk, FileKind, reason};
use std::io::ErrorKind;

/// The output directory.
#[derive(Clone, Debug)]
pub(super) struct OutputPlace<'a> {
    prefix: &'a str,
    /// Its path, without a slash at the end.
    pub(super) output: &'a str,
    /// Whether it is there.
    pub(super) exists: bool,
}

impl<'a> OutputPlace<'a> {
    /// The directory of a request; an error if it leaves the project, lies behind a symbolic link or is a file.
    pub(super) fn open(disk: &dyn Disk, request: &Request<'a>) -> Result<Self, Box<Diagnostic>> {
        let output = request.output.trim_end_matches('/');
        let output = output.strip_prefix("./").unwrap_or(output);
        if !is_safe(output) {
            return Err(Box::new(errors::leaves_output(request.output)));
        }
        let mut place = Self { prefix: request.prefix, output, exists: false };
        for path in down(output) {
            let shown = format!("{}{path}", request.prefix);
            match disk.kind(path) {
                Ok(Some(FileKind::Directory)) => place.exists = path == output,
                Ok(None) => break,
                Ok(Some(FileKind::Link)) => return Err(Box::new(errors::symlink(&shown))),
                Ok(Some(FileKind::File | FileKind::Other)) => return Err(Box::new(errors::foreign_file(&shown))),
                Err(error) => return Err(Box::new(errors::cannot_read(&shown, &reason(&error)))),
            }
        }
        Ok(place)
    }

    /// Makes the directory, with those above it.
    pub(super) fn make(&mut self, disk: &dyn Disk) -> Result<(), Box<Diagnostic>> {
        for path in down(self.output) {
            match disk.create_directory(path) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Box::new(errors::cannot_write(&format!("{}{path}", self.prefix), &reason(&error)))),
            }
        }
        self.exists = true;
        Ok(())
    }

    /// A path below the directory, relative to the root.
    pub(super) fn inner(&self, path: &str) -> String {
        if path.is_empty() { self.output.to_owned() } else { format!("{}/{path}", self.output) }
    }

    /// A path below the directory as the user sees it.
    pub(super) fn shown(&self, path: &str) -> String {
        format!("{}{}", self.prefix, self.inner(path))
    }
}

/// The directories on the way to a directory, and itself.
fn down(output: &str) -> impl Iterator<Item = &str> {
    let ends = output.match_indices('/').map(|(at, _)| at).chain([output.len()]);
    ends.filter_map(move |end| output.get(..end))
}
