//! What writing has to say.

use super::index::INDEX;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};

pub(super) fn foreign_file(shown: &str) -> Diagnostic {
    Diagnostic::general(Code::ForeignFile, format!("`{shown}` is in the way: platc did not write it"))
        .note("nothing was written")
        .hint("move or delete the file, or choose another `platform.output`")
}

pub(super) fn appeared(shown: &str) -> Diagnostic {
    Diagnostic::general(Code::ForeignFile, format!("`{shown}` is in the way: something else made it while platc was writing"))
        .note("it was left as it is; some other files are written already")
        .hint("move or delete the file, and run `platc build` again")
}

pub(super) fn foreign_directory(shown: &str) -> Diagnostic {
    Diagnostic::general(Code::ForeignFile, format!("`{shown}` is in the way: it is a directory, a file is to be written there"))
        .note("nothing was written")
        .hint("move or delete the directory, or choose another `platform.output`")
}

pub(super) fn edited_file(shown: &str) -> Diagnostic {
    let message = format!("`{shown}` is no longer part of the output, but is not as the last build here left it");
    let mut diagnostic = Diagnostic::general(Code::EditedFile, message)
        .note("platc left it where it is and will not mention it again")
        .hint("delete it if it is not needed any more");
    diagnostic.severity = Severity::Warning;
    diagnostic
}

pub(super) fn symlink(shown: &str) -> Diagnostic {
    Diagnostic::general(Code::SymlinkInOutput, format!("`{shown}` is a symbolic link"))
        .note("platc writes below the project's root only and follows no link there; nothing was written")
        .hint("replace the link by a directory, or choose another `platform.output`")
}

pub(super) fn leaves_output(path: &str) -> Diagnostic {
    Diagnostic::general(Code::PathLeavesOutput, format!("the path `{path}` leads out of the output directory"))
        .note("nothing was written")
        .hint("use a relative path without `..`")
}

pub(super) fn reserved(path: &str) -> Diagnostic {
    Diagnostic::general(Code::PathLeavesOutput, format!("the path `{path}` is one that platc keeps for itself"))
        .note("nothing was written")
        .hint("choose another path")
}

pub(super) fn inside_file(upper: &str, path: &str) -> Diagnostic {
    Diagnostic::general(Code::OutputInsideFile, format!("the path `{path}` needs a directory where `{upper}` is a file"))
        .note("nothing was written")
        .hint("choose another path")
}

pub(super) fn foreign_index(shown: &str, reason: &str) -> Diagnostic {
    let hint = if shown.ends_with(INDEX) {
        format!("restore `{shown}` from version control, or delete it: what platc would write anyway is then adopted")
    } else {
        format!("move or delete `{shown}`")
    };
    Diagnostic::general(Code::ForeignIndex, format!("`{shown}` is not an index that platc can read: {reason}"))
        .note("the index tells which files platc may replace, so nothing was written")
        .hint(hint)
}

/// Somebody holds the lock of an output directory, or of a project: one who writes, or some who only compare and have no name.
#[must_use]
pub fn locked(shown: &str, writer: Option<&str>) -> Diagnostic {
    let what = writer.map_or_else(|| "compared by another platc".to_owned(), |writer| format!("written by {writer}"));
    Diagnostic::general(Code::OutputLocked, format!("the output in `{shown}` is being {what}"))
        .note("nothing was written")
        .hint("wait until it is done, and run this again")
}

pub(super) fn cannot_write(shown: &str, reason: &str) -> Diagnostic {
    Diagnostic::general(Code::CannotWrite, format!("cannot write `{shown}`: {reason}"))
}

pub(super) fn cannot_read(shown: &str, reason: &str) -> Diagnostic {
    Diagnostic::general(Code::CannotWrite, format!("cannot compare with `{shown}`: {reason}")).note("nothing was written")
}
