//! Wording of what can be wrong with files that definitions take in.

use super::FOLDER;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::JsonFault;
use crate::name::{by_similarity, listed, nearest};
use crate::span::{FileId, Span};

pub(super) fn unknown(path: &str, at: Span, known: &[&str]) -> Diagnostic {
    let message = format!("there is no file `{path}` in `{FOLDER}/`");
    let diagnostic = Diagnostic::error(Code::UnknownFile, message, at, "no such file").lacking(path);
    let inner = path
        .strip_prefix(FOLDER)
        .and_then(|rest| rest.strip_prefix('/'))
        .or_else(|| path.strip_prefix("./"))
        .filter(|inner| known.contains(inner));
    let folded = path.to_lowercase();
    let same = known.iter().copied().find(|known| known.to_lowercase() == folded);
    if let Some(inner) = inner {
        return diagnostic.hint(format!("paths begin below `{FOLDER}/`: `{inner}`")).replace(at, inner);
    }
    if let Some(near) = same.or_else(|| nearest(path, known.iter().copied())) {
        return diagnostic.hint(format!("did you mean `{near}`?")).replace(at, near);
    }
    if known.is_empty() {
        return diagnostic.hint(format!("put it into the folder `{FOLDER}/` beside `platform.yaml`, in which there is nothing to take in"));
    }
    let known = listed(by_similarity(path, known.iter().copied()));
    diagnostic.hint(format!("`{FOLDER}/` holds {known}; hidden files and links that lead out of it are not looked at"))
}

pub(super) fn leaves(path: &str, at: Span) -> Diagnostic {
    Diagnostic::error(Code::UnknownFile, format!("the path `{path}` leads out of `{FOLDER}/`"), at, "not below it")
        .hint(format!("only files below `{FOLDER}/` beside `platform.yaml` can be taken in: move or copy it there"))
}

pub(super) fn unreadable(path: &str, reason: &str, at: Span) -> Diagnostic {
    Diagnostic::error(Code::UnfitFile, format!("cannot read `{FOLDER}/{path}`: {reason}"), at, "taken in here")
}

pub(super) fn flawed(path: &str, flaw: &str, at: Span) -> Diagnostic {
    let message = format!("the path `{FOLDER}/{path}` cannot be on every system");
    Diagnostic::error(Code::UnfitFile, message, at, flaw.to_owned()).hint("give the file another name")
}

pub(super) fn twins(path: &str, twin: &str, at: Span) -> Diagnostic {
    let message = format!("`{FOLDER}/{path}` and `{twin}` are one file, or in one folder, on some systems");
    Diagnostic::error(Code::UnfitFile, message, at, "they differ in nothing that all systems see").hint("give one of the two another name")
}

pub(super) fn not_text(path: &str, at: Span) -> Diagnostic {
    Diagnostic::error(Code::UnfitFile, format!("`{FOLDER}/{path}` is not UTF-8 text"), at, "taken in as text here")
        .hint("save it as UTF-8; bytes that are no text are taken in with `$as: base64`")
}

pub(super) fn byte_order_mark(path: &str, mark: Span, at: Span) -> Diagnostic {
    Diagnostic::error(
        Code::UnfitFile,
        format!("`{FOLDER}/{path}` begins with a byte order mark"),
        mark,
        "who reads it meets three bytes here",
    )
    .label(at, "taken in here")
    .hint("save it as UTF-8 without such a mark, or take it in with `$as: base64`")
}

pub(super) fn carriage_return(path: &str, place: Span, at: Span) -> Diagnostic {
    let message = format!("lines of `{FOLDER}/{path}` end as on Windows");
    Diagnostic::error(Code::UnfitFile, message, place, "a carriage return")
        .label(at, "taken in as text here")
        .hint("git may have put them there, so that the output would depend on the machine: say `files/** -text` in `.gitattributes` and save it with plain line ends; `$as: base64` takes it in as it is")
}

pub(super) fn several(path: &str, second: Span, at: Span) -> Diagnostic {
    Diagnostic::error(Code::UnfitFile, format!("`{FOLDER}/{path}` holds several documents"), second, "a second one begins here")
        .label(at, "taken in as one value here")
        .hint("take objects in with `manifests: { $objects: […] }`, or put each document into a file of its own")
}

pub(super) fn empty(path: &str, at: Span) -> Diagnostic {
    Diagnostic::error(Code::UnfitFile, format!("there is nothing in `{FOLDER}/{path}`"), at, "taken in here")
}

pub(super) fn broken(fault: &JsonFault, file: FileId) -> Diagnostic {
    let span = Span::new(file, fault.start, fault.end);
    let diagnostic = Diagnostic::error(Code::UnfitFile, "a file that is taken in as JSON is none", span, fault.what.clone());
    match fault.first {
        Some(first) => diagnostic.label(first, "first here"),
        None => diagnostic,
    }
}
