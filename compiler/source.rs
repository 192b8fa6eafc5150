//! Sources: the texts of a compilation, the user's files and the standard library alike.

use crate::span::{FileId, Span};
use std::sync::Arc;

/// How a source is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grammar {
    /// YAML 1.2, core schema.
    Yaml,
    /// TOML 1.0.
    Toml,
    /// An expression, or a `path=value` of the command line.
    Argument,
}

/// One text.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path relative to the project's root with `/` between parts; `std/…` for the standard library; `<…>` for the command line.
    pub path: Arc<str>,
    /// The text, valid UTF-8, without byte order mark.
    pub text: Arc<str>,
    /// How it is written.
    pub grammar: Grammar,
    /// Whether it is part of the standard library, not of the project.
    pub library: bool,
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
}

impl Sources {
    /// Adds a text and names it.
    pub fn add(&mut self, source: Source) -> FileId {
        let id = FileId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(source);
        id
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
        let before = text.get(..start).unwrap_or("");
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before.get(line_start..).unwrap_or("").chars().count() + 1,
        }
    }

    /// `path:line:column` of a span's start.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        let position = self.position(span);
        format!("{}:{}:{}", self.path(span.file), position.line, position.column)
    }
}
