//! The index of the output directory, `platc.json`: which files are ours and which things keep data, one fact a line, sorted. It is committed, so it holds nothing that
//! two branches could disagree about, and it is read as whatever a merge made of it: the union of both sides.

use super::ATTRIBUTES;
use super::digest::Digest;
use crate::kept::Kept;
use rayon::prelude::*;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Name of the index in the output directory.
pub const INDEX: &str = "platc.json";

/// Name of what a build notes down before it touches anything; see `journal`.
pub const JOURNAL: &str = "platc.journal";

/// Version of the format that is written; 1 had digests and entities.
const VERSION: u64 = 2;

/// What an index says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Index {
    /// Files that are ours.
    pub(super) files: BTreeSet<String>,
    /// What keeps data.
    pub(super) kept: BTreeSet<Kept>,
    /// From version 1, where a build was stopped: files that are ours if they have one of these contents.
    pub(super) claims: BTreeMap<String, Vec<Digest>>,
    /// From version 1: what was written.
    pub(super) written: Vec<(String, Digest)>,
}

/// Reads an index, line by line or as a whole. It may hold the marks of a merge conflict, lines twice and in any order.
pub(super) fn read(bytes: &[u8]) -> Result<Index, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    let mut reader = IndexReader::default();
    match reader.lines(text) {
        Ok(()) => Ok(reader.finish()),
        // Somebody else's printer may have laid it out anew.
        Err(wrong) => match serde_json::from_str::<Map<String, Value>>(text) {
            Ok(document) => {
                let mut reader = IndexReader::default();
                reader.document(&document)?;
                Ok(reader.finish())
            }
            Err(_) => Err(wrong),
        },
    }
}

/// The files of an output directory that platc wrote, told from the texts of its index and of its journal; none if neither is one, so that
/// the directory is like any other. Of a build that was stopped, or still goes on, this counts what it meant to write.
#[must_use]
pub fn written(index: Option<&[u8]>, journal: Option<&[u8]>) -> Option<BTreeSet<String>> {
    let index = index.and_then(|index| read(index).ok());
    let journal = journal.and_then(|journal| super::journal::read(journal).ok().flatten());
    if index.is_none() && journal.is_none() {
        return None;
    }
    let Index { mut files, claims, .. } = index.unwrap_or_default();
    files.extend(claims.into_keys());
    files.extend(journal.into_iter().flat_map(|journal| journal.claims).map(|(path, _)| path));
    Some(files)
}

#[derive(Default)]
struct IndexReader {
    index: Index,
    version: bool,
    /// Version 1 said so of a build that was stopped.
    stopped: bool,
    /// Version 1: path, digests that it may have.
    first: Vec<(String, Vec<Digest>)>,
}

impl IndexReader {
    fn lines(&mut self, text: &str) -> Result<(), String> {
        let mut files = Vec::new();
        for (at, line) in merged(text) {
            let bare = line.strip_suffix(',').unwrap_or(line);
            // Nearly all lines are like this.
            let plain = bare.strip_prefix("{\"file\":\"").and_then(|rest| rest.strip_suffix("\"}"));
            if let Some(path) = plain.filter(|path| !path.contains(['"', '\\'])) {
                files.push(safe(path)?.to_owned());
                continue;
            }
            match bare {
                "" | "{" | "}" | "{}" | "[" | "]" => {}
                "\"facts\": [" | "\"files\": [" | "\"facts\": []" | "\"files\": []" => {}
                "\"complete\": false" => self.stopped = true,
                _ => match bare.strip_prefix("\"version\":").map(|number| number.trim().parse::<u64>()) {
                    Some(Ok(number)) => self.version(number)?,
                    Some(Err(_)) => return Err(format!("line {at}: not as platc writes it")),
                    None => {
                        let fact = serde_json::from_str(bare).map_err(|_| format!("line {at}: not as platc writes it"))?;
                        self.fact(&fact)?;
                    }
                },
            }
        }
        if !self.version {
            return Err("it has no version".to_owned());
        }
        // Sorted first, because a set is made of sorted things at once.
        files.sort_unstable();
        self.index.files.append(&mut files.into_iter().collect());
        Ok(())
    }

    fn document(&mut self, document: &Map<String, Value>) -> Result<(), String> {
        let version = document.get("version").and_then(Value::as_u64).ok_or("it has no version")?;
        self.version(version)?;
        self.stopped = document.get("complete") == Some(&Value::Bool(false));
        let facts = document.get("facts").or_else(|| document.get("files")).and_then(Value::as_array).ok_or("it has no facts")?;
        facts.iter().try_for_each(|fact| self.fact(fact.as_object().ok_or("a fact is no map")?))
    }

    fn version(&mut self, number: u64) -> Result<(), String> {
        self.version = true;
        match number {
            1 | VERSION => Ok(()),
            _ => Err(format!("it has version {number}, this platc knows versions 1 and {VERSION}")),
        }
    }

    fn fact(&mut self, fact: &Map<String, Value>) -> Result<(), String> {
        let text = |key: &str| fact.get(key).and_then(Value::as_str);
        if fact.is_empty() {
            return Ok(());
        }
        if let (Some(path), 1) = (text("file"), fact.len()) {
            self.index.files.insert(safe(path)?.to_owned());
            return Ok(());
        }
        if fact.contains_key(Kept::KEY) {
            self.index.kept.insert(Kept::read(fact)?);
            return Ok(());
        }
        if let (Some(path), Some(digest)) = (text("path"), text("sha256")) {
            let digests = [Some(digest), text("was")].into_iter().flatten().filter_map(Digest::parse).collect();
            self.first.push((safe(path)?.to_owned(), digests));
            return Ok(());
        }
        // Dropping what a newer platc knows could lose what it protects.
        Err(match fact.keys().next() {
            Some(key) => format!("it has a fact `{}`, which this platc does not know", key.escape_debug()),
            None => "it has an empty fact".to_owned(),
        })
    }

    fn finish(mut self) -> Index {
        for (path, digests) in self.first {
            if self.stopped {
                self.index.claims.insert(path, digests);
            } else {
                self.index.written.extend(digests.first().map(|digest| (path.clone(), *digest)));
                self.index.files.insert(path);
            }
        }
        self.index
    }
}

/// The lines of a text that may have been merged, numbered from 1: those of both sides, without what both had before.
pub(super) fn merged(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut before = false;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).enumerate();
    lines.filter_map(move |(at, line)| {
        match line.get(..7) {
            Some("|||||||") => before = true,
            Some("=======") => before = false,
            Some("<<<<<<<" | ">>>>>>>") => {}
            _ => return (!before).then_some((at + 1, line)),
        }
        None
    })
}

fn safe(path: &str) -> Result<&str, String> {
    if is_safe(path) && !is_reserved(path) {
        return Ok(path);
    }
    Err(format!("the path `{}` is none that platc writes", path.escape_debug()))
}

/// The text of an index: a line for each file and then for each thing that keeps data, sorted. The empty fact at the end gives every other line a comma, so that none changes
/// because another one follows.
pub(super) fn print(files: &BTreeSet<String>, kept: &BTreeSet<Kept>) -> String {
    let paths: Vec<&String> = files.iter().collect();
    // A text always serializes.
    let lines: Vec<String> =
        paths.par_iter().map(|path| format!("    {{\"file\":{}}},\n", serde_json::to_string(path).unwrap_or_default())).collect();
    let kept: String = kept.iter().map(|kept| format!("    {},\n", kept.line())).collect();
    format!("{{\n  \"version\": {VERSION},\n  \"facts\": [\n{}{kept}    {{}}\n  ]\n}}\n", lines.concat())
}

/// Whether a path stays below the directory it is relative to, on every system, and out of a repository of git.
pub(super) fn is_safe(path: &str) -> bool {
    path == ATTRIBUTES || crate::filename::flaw(path).is_none()
}

/// Whether a path is one that the writer keeps for itself, on systems that do not tell cases apart too.
pub(super) fn is_reserved(path: &str) -> bool {
    path.eq_ignore_ascii_case(INDEX) || path.eq_ignore_ascii_case(JOURNAL)
}

/// The directory of a path; empty for the output directory itself.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The directories above a path, nearest first, without the output directory itself.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(parent(path)), |path| Some(parent(path))).take_while(|path| !path.is_empty())
}
