//! Sources: the texts of a compilation, the user's files and the standard library alike; and which files of a project are sources.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::span::{FileId, Span};
use crate::stdlib;
use crate::system::System;
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

/// Largest source, in bytes.
const LARGEST: usize = 16 << 20;

/// Loads the standard library, the sources of a project, and the `--set` of the command line as one document each.
pub fn load(system: &dyn System, set: &[String], diagnostics: &mut Diagnostics) -> Sources {
    let mut sources = Sources::default();
    for (path, text) in stdlib::FILES {
        sources.add(Source { path: (*path).into(), text: (*text).into(), grammar: Grammar::Yaml, library: true });
    }
    let mut paths = match system.list() {
        Ok(paths) => paths,
        Err(unreadable) => {
            diagnostics.push(Diagnostic::general(Code::UnreadableFile, format!("cannot read the project: {}", unreadable.reason)));
            Vec::new()
        }
    };
    paths.sort_unstable();
    paths.dedup();
    let root: Vec<Source> = paths.iter().filter(|path| is_root(path)).filter_map(|path| read(system, path, diagnostics)).collect();
    let (output, exclude) = settings(&root);
    // A directory with a platform file of its own is another project.
    let nested: Vec<String> = paths
        .iter()
        .filter_map(|path| path.rsplit_once('/').filter(|(_, name)| is_root(name)).map(|(folder, _)| format!("{folder}/")))
        .filter(|folder| *folder != "/")
        .collect();
    let output = format!("{}/", output.trim_matches('/'));
    for path in &paths {
        let outside = path.starts_with(&output)
            || nested.iter().any(|folder| path.starts_with(folder))
            || exclude.iter().any(|glob| matches(glob, path))
            || path.split('/').any(|part| part.starts_with('.'));
        if is_root(path) || outside {
            continue;
        }
        if let Some(source) = read(system, path, diagnostics) {
            sources.add(source);
        }
    }
    for source in root {
        sources.add(source);
    }
    for argument in set {
        let (path, value) = argument.split_once('=').unwrap_or((argument, ""));
        // One flow map on one line: the reader of YAML then gives the value its type, as in a definition.
        let text = format!("{}: {value}\n", serde_json::Value::from(path));
        sources.add(Source { path: "<--set>".into(), text: text.into(), grammar: Grammar::Argument, library: false });
    }
    sources
}

fn is_root(path: &str) -> bool {
    matches!(path, "platform.yaml" | "platform.yml" | "platform.toml")
}

fn read(system: &dyn System, path: &str, diagnostics: &mut Diagnostics) -> Option<Source> {
    let mut report = |reason: &str| diagnostics.push(Diagnostic::general(Code::UnreadableFile, format!("cannot read `{path}`: {reason}")));
    let bytes = match system.read(path) {
        Ok(bytes) => bytes,
        Err(unreadable) => {
            report(&unreadable.reason);
            return None;
        }
    };
    if bytes.len() > LARGEST {
        report("it is larger than 16 MiB");
        return None;
    }
    let Ok(text) = String::from_utf8(bytes) else {
        report("it is not UTF-8 text");
        return None;
    };
    let grammar = if path.ends_with(".toml") { Grammar::Toml } else { Grammar::Yaml };
    Some(Source { path: path.into(), text: text.strip_prefix('\u{feff}').unwrap_or(&text).into(), grammar, library: false })
}

/// `platform.output` and `platform.exclude`, read ahead of everything else because they decide what the sources are. What is wrong with
/// them is reported when the file is compiled.
fn settings(root: &[Source]) -> (String, Vec<String>) {
    let mut output = "dist".to_owned();
    let mut exclude = Vec::new();
    for source in root {
        let mut ignored = Diagnostics::default();
        let Some(document) = crate::document::parse_one(FileId(0), source, &mut ignored) else { continue };
        let platform = document.root.get("platform");
        if let Some(text) = platform.and_then(|platform| platform.get("output")).and_then(crate::document::Node::as_text) {
            text.clone_into(&mut output);
        }
        let globs = platform.and_then(|platform| platform.get("exclude")).map(crate::document::Node::items).unwrap_or_default();
        exclude.extend(globs.iter().filter_map(crate::document::Node::as_text).map(str::to_owned));
    }
    (output, exclude)
}

/// Whether a path matches a glob: `*` and `?` within a part, `**` across parts; a glob that names a folder matches all below it.
fn matches(glob: &str, path: &str) -> bool {
    let glob: Vec<&str> = glob.trim_start_matches("./").trim_end_matches('/').split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    parts(&glob, &path)
}

fn parts(glob: &[&str], path: &[&str]) -> bool {
    match (glob.split_first(), path.split_first()) {
        (None, _) => true,
        (Some((&"**", rest)), _) => (0..=path.len()).any(|skip| path.get(skip..).is_some_and(|path| !path.is_empty() && parts(rest, path))),
        (Some(_), None) => false,
        (Some((glob, rest)), Some((part, path))) => {
            let (glob, part): (Vec<char>, Vec<char>) = (glob.chars().collect(), part.chars().collect());
            within(&glob, &part) && parts(rest, path)
        }
    }
}

/// Greedy matching of one part with backtracking to the last star only: linear in glob times part.
fn within(glob: &[char], part: &[char]) -> bool {
    let (mut g, mut p) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while p < part.len() {
        match glob.get(g) {
            Some('*') => {
                star = Some((g, p));
                g += 1;
            }
            Some(char) if *char == '?' || part.get(p) == Some(char) => {
                g += 1;
                p += 1;
            }
            Some(_) | None => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    g = at + 1;
                    p = from + 1;
                }
                None => return false,
            },
        }
    }
    glob.get(g..).is_none_or(|rest| rest.iter().all(|char| *char == '*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_parts_and_folders() {
        for (glob, path, expected) in [
            ("drafts", "drafts/a.yaml", true),
            ("drafts/*.yaml", "drafts/a.yaml", true),
            ("*.yaml", "drafts/a.yaml", false),
            ("**/*.yaml", "drafts/b/a.yaml", true),
            ("**/*.yaml", "a.yaml", true),
            ("**/charts", "a/charts/b/values.yaml", true),
            ("a?c.toml", "abc.toml", true),
            ("a*z.toml", "abcz.tom", false),
        ] {
            assert_eq!(matches(glob, path), expected, "{glob} {path}");
        }
    }
}
