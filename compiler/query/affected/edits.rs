//! Which lines of the sources differ. In come the texts of a project before and now, out go edits: stretches of lines, each of which can be taken back
//! while the others stay. It knows no more of what stands in a line than where its key ends.

use crate::source::{FileBody, Grammar, Sources};
use crate::span::{FileId, Span};
use crate::system::{Listing, System, Unreadable};
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Numbers of edits.
pub type EditNumbers = BTreeSet<usize>;

/// A stretch of lines that differs.
#[derive(Clone, Debug)]
pub(super) struct SourceEdit {
    /// The file.
    pub(super) path: String,
    /// Its lines before, if there were any.
    pub(super) before: Option<Span>,
    /// Its lines now, if there are any.
    pub(super) now: Option<Span>,
    /// The bytes before and now.
    bytes: (Range<usize>, Range<usize>),
}

/// Both texts of a file that differs; none where there is no such file.
#[derive(Clone, Debug)]
struct EditedFile {
    before: Option<Vec<u8>>,
    now: Option<Vec<u8>>,
}

/// All that differs in what is written.
#[derive(Clone, Debug, Default)]
pub struct SourceEdits {
    list: Vec<SourceEdit>,
    files: BTreeMap<String, EditedFile>,
}

/// What a project was compiled from: its texts as they may be shown, and who has read them.
pub type ReadSources<'a> = (&'a Sources, &'a dyn System);

impl SourceEdits {
    /// What differs between two versions of a project.
    #[must_use]
    pub fn of(before: ReadSources<'_>, now: ReadSources<'_>) -> Self {
        let mut edits = Self::default();
        let (old, new) = (paths(before.0), paths(now.0));
        for path in old.keys().chain(new.keys().filter(|path| !old.contains_key(*path))) {
            // Texts that may be shown are the same where only secrets differ.
            let read = |(_, system): ReadSources<'_>, known: &BTreeMap<String, Option<FileId>>| {
                known.get(path).and_then(|file| Some((*file, text(path, system.read(path).ok()?))))
            };
            let (first, second) = (read(before, &old), read(now, &new));
            let bytes = |side: &Option<(Option<FileId>, Vec<u8>)>| side.as_ref().map(|(_, bytes)| bytes.clone());
            let file = EditedFile { before: bytes(&first), now: bytes(&second) };
            if file.before == file.now {
                continue;
            }
            let ids = (first.and_then(|(id, _)| id), second.and_then(|(id, _)| id));
            for bytes in file.edits() {
                let (before, now) = (lines(&file.before, ids.0, &bytes.0), lines(&file.now, ids.1, &bytes.1));
                edits.list.push(SourceEdit { path: path.clone(), before, now, bytes });
            }
            edits.files.insert(path.clone(), file);
        }
        edits
    }

    /// All of them by their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &SourceEdit)> {
        self.list.iter().enumerate()
    }

    pub(super) fn get(&self, at: usize) -> Option<&SourceEdit> {
        self.list.get(at)
    }

    /// All numbers.
    #[must_use]
    pub fn all(&self) -> EditNumbers {
        (0..self.list.len()).collect()
    }

    /// Whether there is no more than one line that something can follow from: then nobody need know what the lines of outputs were made of.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let is_line = |text: Option<&Option<Vec<u8>>>, bytes: &Range<usize>| {
            let written = text.and_then(|text| text.as_ref()?.get(bytes.clone())).unwrap_or_default();
            !written.trim_ascii_end().contains(&b'\n')
        };
        let is_one = |edit: &SourceEdit| {
            let file = self.files.get(&edit.path);
            is_line(file.map(|file| &file.before), &edit.bytes.0) && is_line(file.map(|file| &file.now), &edit.bytes.1)
        };
        self.list.len() < 2 && self.list.iter().all(is_one)
    }

    /// Those that a place of the sources of before, or of now, lies in.
    pub(super) fn at(&self, place: Span, is_new: bool) -> impl Iterator<Item = usize> + '_ {
        let lines = move |edit: &SourceEdit| if is_new { edit.now } else { edit.before };
        let lies_in = move |(_, edit): &(usize, &SourceEdit)| lines(edit).is_some_and(|lines| lines.overlaps(place));
        self.iter().filter(lies_in).map(|(at, _)| at)
    }

    /// The project as it is now, but for some edits.
    #[must_use]
    pub fn without<'a>(&self, taken: &EditNumbers, now: &'a dyn System) -> TakenBack<'a> {
        let mut files = BTreeMap::new();
        for (path, file) in &self.files {
            let edits: Vec<&SourceEdit> =
                self.iter().filter(|(at, edit)| edit.path == *path && taken.contains(at)).map(|(_, edit)| edit).collect();
            if edits.is_empty() {
                continue;
            }
            let text = match (&file.before, &file.now) {
                (Some(before), Some(now)) => {
                    let mut text = now.clone();
                    for edit in edits.iter().rev() {
                        let old = before.get(edit.bytes.0.clone()).unwrap_or_default().to_vec();
                        text.splice(edit.bytes.1.clone(), old);
                    }
                    Some(text)
                }
                (before, _) => before.clone(),
            };
            files.insert(path.clone(), text);
        }
        TakenBack { now, files }
    }
}

impl EditedFile {
    /// Bytes that differ, from the first to the last.
    fn edits(&self) -> Vec<(Range<usize>, Range<usize>)> {
        let whole = |bytes: &Option<Vec<u8>>| 0..bytes.as_ref().map_or(0, Vec::len);
        let text = |bytes: &'_ Option<Vec<u8>>| bytes.as_ref().and_then(|bytes| std::str::from_utf8(bytes).ok()).map(str::to_owned);
        let (Some(before), Some(now)) = (text(&self.before), text(&self.now)) else {
            return vec![(whole(&self.before), whole(&self.now))];
        };
        let (old, new): (Vec<&str>, Vec<&str>) = (before.split_inclusive('\n').collect(), now.split_inclusive('\n').collect());
        let starts = |lines: &[&str]| -> Vec<usize> {
            lines.iter().scan(0, |next, line| Some(std::mem::replace(next, *next + line.len()))).collect()
        };
        let starts = (starts(&old), starts(&new));
        let bytes = |starts: &[usize], text: &str, range: Range<usize>| {
            let at = |line: usize| starts.get(line).copied().unwrap_or(text.len());
            at(range.start)..at(range.end)
        };
        let mut found = Vec::new();
        for operation in capture_diff_slices(Algorithm::Myers, &old, &new) {
            let (tag, was, is) = operation.as_tag_tuple();
            if tag == DiffTag::Equal {
                continue;
            }
            let pairs = || was.clone().zip(is.clone());
            let is_alike = |(one, other): (usize, usize)| {
                old.get(one).zip(new.get(other)).is_some_and(|(one, other)| key(one).is_some_and(|known| Some(known) == key(other)))
            };
            if was.len() == is.len() && pairs().all(is_alike) {
                found.extend(
                    pairs().map(|(one, other)| (bytes(&starts.0, &before, one..one + 1), bytes(&starts.1, &now, other..other + 1))),
                );
            } else {
                found.push((bytes(&starts.0, &before, was), bytes(&starts.1, &now, is)));
            }
        }
        found
    }
}

/// What stands in some bytes of a text, without what is blank around it; none if nothing does.
fn lines(text: &Option<Vec<u8>>, file: Option<FileId>, bytes: &Range<usize>) -> Option<Span> {
    let written = text.as_ref()?.get(bytes.clone())?;
    let start = bytes.start + (written.len() - written.trim_ascii_start().len());
    let length = written.trim_ascii().len();
    file.filter(|_| length > 0).map(|file| Span::new(file, start, start + length))
}

/// What stands in front of the value of a line: lines that differ only behind it are two values of one field.
fn key(line: &str) -> Option<&str> {
    line.split_once(": ").or_else(|| line.split_once(" = ")).map(|(key, _)| key).filter(|key| !key.trim_start().is_empty())
}

/// What is compiled of a project, with the sources that are texts.
fn paths(sources: &Sources) -> BTreeMap<String, Option<FileId>> {
    let own = sources.iter().filter(|(_, source)| !source.library && source.grammar != Grammar::Argument);
    let mut paths: BTreeMap<String, Option<FileId>> = own.map(|(file, source)| (source.path.to_string(), Some(file))).collect();
    for (path, body) in sources.files() {
        match body {
            FileBody::Text(_) | FileBody::Unreadable(_) => {}
            FileBody::Bytes(_) => _ = paths.insert(path.to_string(), None),
        }
    }
    paths
}

/// Bytes as spans count them.
fn text(path: &str, mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(MARK) && !crate::files::is_path(path) {
        bytes.drain(..MARK.len());
    }
    bytes
}

/// What Windows puts in front of a text.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// A project in which some edits were not made.
pub struct TakenBack<'a> {
    now: &'a dyn System,
    /// What files hold instead; none: there is no such file.
    files: BTreeMap<String, Option<Vec<u8>>>,
}

impl System for TakenBack<'_> {
    fn list(&self) -> Result<Listing, Unreadable> {
        let mut listing = self.now.list()?;
        listing.paths.retain(|path| self.files.get(path).is_none_or(Option::is_some));
        let back = self.files.iter().filter(|(path, text)| text.is_some() && !listing.paths.contains(path));
        let back: Vec<String> = back.map(|(path, _)| path.clone()).collect();
        listing.paths.extend(back);
        Ok(listing)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        match self.files.get(path) {
            Some(Some(text)) => Ok(text.clone()),
            Some(None) => Err(Unreadable { reason: "no such file".to_owned() }),
            None => self.now.read(path),
        }
    }
}
