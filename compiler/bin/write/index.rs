//! The index of the output directory, `platc.json`: every file that platc wrote, its digest, and the entities it came from.

use super::errors;
use super::plan::Place;
use crate::disk::reason;
use platc::diagnostic::Diagnostics;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Name of the index in the output directory.
pub(crate) const INDEX: &str = "platc.json";

/// Version of the format.
const VERSION: u32 = 1;

/// What the index knows, by path.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// False if a build was stopped before it was done.
    pub(super) complete: bool,
    pub(super) files: BTreeMap<String, Owned>,
}

/// A file that platc wrote, or was about to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Owned {
    /// Digest of what platc wrote.
    pub(super) sha256: String,
    /// While a build is running: the digest before it, if the file existed and was ours.
    pub(super) was: Option<String>,
    pub(super) entities: Vec<String>,
}

/// A file as it is printed.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    sha256: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<&'a str>,
    entities: &'a [String],
}

/// A file as it is read; the entities, most of the text, only where they are needed.
#[derive(Deserialize)]
struct Read<'a, E> {
    #[serde(borrow)]
    path: Cow<'a, str>,
    #[serde(borrow)]
    sha256: Cow<'a, str>,
    was: Option<String>,
    #[serde(default)]
    entities: E,
}

#[derive(Deserialize)]
struct Document<'a, E: Default> {
    #[serde(default = "yes")]
    complete: bool,
    #[serde(borrow, bound(deserialize = "E: Deserialize<'de>"))]
    files: Vec<Read<'a, E>>,
}

/// Entities that nobody asks for.
#[derive(Default)]
struct Unread;

impl<'de> Deserialize<'de> for Unread {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

impl From<Unread> for Vec<String> {
    fn from(_: Unread) -> Self {
        Vec::new()
    }
}

fn yes() -> bool {
    true
}

/// Reads the index of a place and its text, with or without the entities of files; an empty one if there is none. Nothing after an error.
pub(super) fn load(place: &Place<'_>, entities: bool, diagnostics: &mut Diagnostics) -> Option<(Index, Vec<u8>)> {
    let path = place.directory.join(INDEX);
    let shown = place.shown(INDEX);
    match std::fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_symlink() => {
            diagnostics.push(errors::symlink(&shown));
            return None;
        }
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Some((Index { complete: true, ..Index::default() }, Vec::new()));
        }
        Err(error) => {
            diagnostics.push(errors::cannot_read(&shown, &reason(&error)));
            return None;
        }
    }
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            diagnostics.push(errors::cannot_read(&shown, &reason(&error)));
            return None;
        }
    };
    match if entities { read::<Vec<String>>(&bytes) } else { read::<Unread>(&bytes) } {
        Ok(index) => Some((index, bytes)),
        Err(reason) => {
            diagnostics.push(errors::foreign_index(&shown, &reason));
            None
        }
    }
}

fn read<'a, E: Default + Deserialize<'a> + Into<Vec<String>>>(bytes: &'a [u8]) -> Result<Index, String> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let broken = |error: serde_json::Error| format!("line {}, column {}: not as platc writes it", error.line(), error.column());
    let Version { version } = serde_json::from_slice(bytes).map_err(broken)?;
    if version != VERSION {
        return Err(format!("it has version {version}, this platc knows version {VERSION}"));
    }
    let document: Document<'_, E> = serde_json::from_slice(bytes).map_err(broken)?;
    let mut files = BTreeMap::new();
    for file in document.files {
        if !is_safe(&file.path) {
            return Err(format!("the path `{}` leads out of the output directory", file.path.escape_debug()));
        }
        let owned = Owned { sha256: file.sha256.into_owned(), was: file.was, entities: file.entities.into() };
        files.insert(file.path.into_owned(), owned);
    }
    Ok(Index { complete: document.complete, files })
}

/// The text of an index: a line per file, sorted by path.
pub(super) fn print(files: &BTreeMap<String, Owned>, complete: bool) -> String {
    let lines: Vec<String> = files
        .par_iter()
        .map(|(path, owned)| {
            let line = Line { path, sha256: &owned.sha256, was: owned.was.as_deref(), entities: &owned.entities };
            // A struct of texts always serializes.
            serde_json::to_string(&line).unwrap_or_default()
        })
        .collect();
    let complete = if complete { "" } else { "\n  \"complete\": false," };
    if lines.is_empty() {
        return format!("{{\n  \"version\": {VERSION},{complete}\n  \"files\": []\n}}\n");
    }
    format!("{{\n  \"version\": {VERSION},{complete}\n  \"files\": [\n    {}\n  ]\n}}\n", lines.join(",\n    "))
}

/// The digest of some bytes, in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

/// Whether a path stays below the directory it is relative to, on every system.
pub(super) fn is_safe(path: &str) -> bool {
    platc::filename::flaw(path).is_none()
}
