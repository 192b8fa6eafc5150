//! Sources: the texts of a compilation, the user's files and the standard library alike; and beside them the files that definitions take in.

use crate::span::{FileId, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The name of a source that says what is taken as though nobody had written it.
pub(crate) const UNSET: &str = "<--unset>";

/// How a source is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grammar {
    /// YAML 1.2, core schema.
    Yaml,
    /// TOML 1.0.
    Toml,
    /// JSON, which only facts are written in.
    Json,
    /// A file to be taken in, in whatever form. It defines nothing.
    Plain,
    /// An expression, or a `path=value` of the command line.
    Argument,
}

/// One text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Path relative to the project's root with `/` between parts; `std/…` for the standard library; `<…>` for the command line.
    pub path: Arc<str>,
    /// The text, valid UTF-8, without byte order mark unless it is plain.
    pub text: Arc<str>,
    /// How it is written.
    pub grammar: Grammar,
    /// Whether it is part of the standard library, not of the project.
    pub library: bool,
}

/// What a file holds that definitions may take in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FileBody {
    /// Text, which is a source.
    Text(FileId),
    /// Bytes that are no text.
    Bytes(Arc<[u8]>),
    /// Nothing, because it cannot be read: why. That is told where somebody names it.
    Unreadable(Arc<str>),
}

/// A place as people count: both from 1, columns in characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// All texts of a compilation.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    list: Vec<Source>,
    /// Marks of each source, see [`marks`].
    marks: Vec<Vec<Mark>>,
    /// Whether a source could not be had.
    cut: bool,
    /// Directories that are projects of their own.
    others: Vec<Arc<str>>,
    /// What definitions may take in, by path.
    files: BTreeMap<Arc<str>, FileBody>,
}

/// A place whose line and column are known.
#[derive(Clone, Copy, Debug)]
struct Mark {
    offset: usize,
    position: Position,
}

/// Marks lie no further apart than this.
const APART: usize = 4096;

/// Marks of a text, one about every [`APART`] bytes, so that finding a position need not count from the beginning.
fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(text.len() / APART + 1);
    let mut mark = Mark { offset: 0, position: Position { line: 1, column: 1 } };
    marks.push(mark);
    while text.len() - mark.offset > APART {
        let mut next = mark.offset + APART;
        while !text.is_char_boundary(next) {
            next -= 1;
        }
        mark = Mark { offset: next, position: mark.position.after(text.get(mark.offset..next).unwrap_or("")) };
        marks.push(mark);
    }
    marks
}

impl Position {
    /// The position behind a text that begins here.
    fn after(self, text: &str) -> Self {
        match text.rfind('\n') {
            Some(at) => Position {
                line: self.line + text.bytes().filter(|byte| *byte == b'\n').count(),
                column: text.get(at + 1..).unwrap_or("").chars().count() + 1,
            },
            None => Position { line: self.line, column: self.column + text.chars().count() },
        }
    }
}

impl Sources {
    /// Bytes of the project's own sources, without the files that they take in.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.list.iter().filter(|source| !source.library && source.grammar != Grammar::Plain).map(|source| source.text.len()).sum()
    }

    /// Adds a text and names it.
    pub fn add(&mut self, source: Source) -> FileId {
        let id = FileId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.marks.push(marks(&source.text));
        self.list.push(source);
        id
    }

    /// Adds a file to be taken in.
    pub fn add_file(&mut self, path: &str, body: Result<Vec<u8>, String>) {
        let path: Arc<str> = path.into();
        let body = match body.map(String::from_utf8) {
            Ok(Ok(text)) => {
                let source = Source { path: Arc::clone(&path), text: text.into(), grammar: Grammar::Plain, library: false };
                FileBody::Text(self.add(source))
            }
            Ok(Err(bytes)) => FileBody::Bytes(bytes.into_bytes().into()),
            Err(reason) => FileBody::Unreadable(reason.into()),
        };
        self.files.insert(path, body);
    }

    /// The files to be taken in, by path.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<Arc<str>, FileBody> {
        &self.files
    }

    /// Takes note that a source could not be had, which is told.
    pub fn miss(&mut self) {
        self.cut = true;
    }

    /// Whether every source could be had.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.cut
    }

    /// Takes note of a directory whose files are no sources, because it is a project of its own.
    pub(crate) fn pass_by(&mut self, directory: &str) {
        self.others.push(directory.into());
    }

    /// The directories that are projects of their own.
    #[must_use]
    pub fn other_projects(&self) -> &[Arc<str>] {
        &self.others
    }

    /// Gives a source another text of the same length and lines.
    pub(crate) fn replace_text(&mut self, file: FileId, text: Arc<str>) {
        if let Some(source) = self.list.get_mut(file.0 as usize) {
            source.text = text;
        }
    }

    /// The source of an id.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.list.get(file.0 as usize)
    }

    /// All sources with their ids, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.list.iter().enumerate().map(|(at, source)| (FileId(u32::try_from(at).unwrap_or(u32::MAX)), source))
    }

    /// The path of a file; empty for an unknown id.
    #[must_use]
    pub fn path(&self, file: FileId) -> &str {
        self.get(file).map_or("", |source| &source.path)
    }

    /// Whether a span lies in the standard library.
    #[must_use]
    pub fn is_library(&self, span: Span) -> bool {
        self.get(span.file).is_some_and(|source| source.library)
    }

    /// The text of a span; empty if it does not lie within its source on character boundaries.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).and_then(|source| source.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }

    /// Line and column of a span's start.
    #[must_use]
    pub fn position(&self, span: Span) -> Position {
        let text = self.get(span.file).map_or("", |source| &source.text);
        let mut start = (span.start as usize).min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let marks = self.marks.get(span.file.0 as usize).map_or(&[][..], Vec::as_slice);
        let nearest = marks.get(marks.partition_point(|mark| mark.offset <= start).saturating_sub(1));
        let nearest = nearest.copied().unwrap_or(Mark { offset: 0, position: Position { line: 1, column: 1 } });
        nearest.position.after(text.get(nearest.offset..start).unwrap_or(""))
    }

    /// `path:line:column` of a span's start.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        let position = self.position(span);
        format!("{}:{}:{}", self.path(span.file), position.line, position.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_one_would_count() {
        let text: String = (0..3000).map(|line| format!("{}é\n", "x".repeat(line % 40))).collect::<String>() + &"ü".repeat(10_000);
        let mut sources = Sources::default();
        let file = sources.add(Source { path: "a.yaml".into(), text: text.as_str().into(), grammar: Grammar::Yaml, library: false });
        let mut counted = Position { line: 1, column: 1 };
        for (at, char) in text.char_indices() {
            assert_eq!(sources.position(Span::new(file, at, at)), counted, "{at}");
            counted = if char == '\n' {
                Position { line: counted.line + 1, column: 1 }
            } else {
                Position { column: counted.column + 1, ..counted }
            };
        }
        assert_eq!(sources.position(Span::new(file, usize::MAX, usize::MAX)), counted);
        assert_eq!(sources.position(Span::new(FileId(9), 5, 5)), Position { line: 1, column: 1 });
    }
}
