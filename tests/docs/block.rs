//! Fenced blocks of Markdown: what stands behind their language, their text, and how answers get back into the file.

use crate::support;
use std::fmt::Write as _;

/// One fenced block.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) language: String,
    words: Vec<String>,
    /// The line of its first fence, counted from 1.
    pub(super) line: usize,
    pub(super) text: String,
}

impl Block {
    /// Whether this word stands behind the language, alone or with a value.
    pub(super) fn is(&self, word: &str) -> bool {
        self.words.iter().any(|other| other == word || other.strip_prefix(word).is_some_and(|rest| rest.starts_with('=')))
    }

    /// The value of `word=value`.
    pub(super) fn value(&self, word: &str) -> Option<&str> {
        self.words.iter().find_map(|other| other.strip_prefix(word)?.strip_prefix('='))
    }

    /// The word behind this one.
    pub(super) fn argument(&self, word: &str) -> Option<&str> {
        let at = self.words.iter().position(|other| other == word)?;
        self.words.get(at + 1).map(String::as_str)
    }
}

/// A Markdown file.
pub(super) struct Document {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) blocks: Vec<Block>,
}

impl Document {
    pub(super) fn read(path: &str) -> Self {
        let text = std::fs::read_to_string(support::root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut blocks: Vec<Block> = Vec::new();
        let mut open = false;
        for (at, line) in text.lines().enumerate() {
            match line.strip_prefix("```") {
                Some(info) if !open => {
                    let mut words = info.split_whitespace().map(str::to_owned);
                    let language = words.next().unwrap_or_default();
                    blocks.push(Block { language, words: words.collect(), line: at + 1, text: String::new() });
                    open = true;
                }
                Some(_) => open = false,
                None if open => {
                    let block = blocks.last_mut().unwrap();
                    block.text.push_str(line);
                    block.text.push('\n');
                }
                None => {}
            }
        }
        assert!(!open, "{path}: a block is never closed");
        Self { path: path.to_owned(), text, blocks }
    }

    /// Compares answers with what the blocks say, or writes them into the file.
    pub(super) fn compare(&mut self, answers: Vec<(usize, String)>, wrong: &mut String) {
        let mut lines: Vec<String> = self.text.lines().map(str::to_owned).collect();
        let mut changed = false;
        // From the last to the first, so that lines before an answer stay where they are.
        for (at, answer) in answers.into_iter().rev() {
            let block = &self.blocks[at];
            let agreed = agreed(&block.text, &answer);
            if support::updating() {
                // What agrees but for places of the standard library gets those of now; a line `…` stays.
                let text = agreed.unwrap_or(answer);
                let length = block.text.lines().count();
                changed |= text != block.text;
                lines.splice(block.line..block.line + length, text.lines().map(str::to_owned));
            } else if agreed.is_none() {
                writeln!(wrong, "{}:{}\n{}", self.path, block.line, support::difference(&block.text, &answer)).unwrap();
            }
        }
        if changed {
            std::fs::write(support::root().join(&self.path), lines.join("\n") + "\n").unwrap();
        }
    }
}

/// A text as it was expected, with the lines that were found, if they are the same; a line `…` there stands for any lines. Lines of the standard
/// library, which move with it, may be others, and so may the blanks beside them.
fn agreed(expected: &str, found: &str) -> Option<String> {
    let place = regex::Regex::new(r"(std/[\w./-]+):\d+:\d+").unwrap();
    let blanks = regex::Regex::new(r"(\S) {2,}").unwrap();
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(|line| blanks.replace_all(&place.replace_all(line, "$1"), "$1  ").trim_end().to_owned()).collect()
    };
    let expected = lines(expected);
    let parts: Vec<Vec<String>> = expected.split(|line| line.trim() == "…").map(<[String]>::to_vec).collect();
    let (shown, found) = (found, lines(found));
    let shown: Vec<&str> = shown.lines().map(str::trim_end).collect();
    let mut from = 0;
    let mut text = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        let place = if at == 0 {
            found.starts_with(part).then_some(0)
        } else if last {
            found.len().checked_sub(part.len()).filter(|start| *start >= from && found[*start..] == **part)
        } else {
            (from..=found.len().saturating_sub(part.len())).find(|start| found[*start..].starts_with(part))
        };
        let place = place?;
        text.extend((at > 0).then_some("…"));
        text.extend(&shown[place..place + part.len()]);
        from = place + part.len();
        if last && from != found.len() {
            return None;
        }
    }
    Some(text.iter().fold(String::new(), |text, line| text + line + "\n"))
}

#[test]
fn places_of_the_library_are_refreshed() {
    let expected = "a\n  std/x.yaml:1:2  b\n…\nc std/y.yaml:3:4\n";
    let found = "a\n  std/x.yaml:10:2   b\nmore\n\nc std/y.yaml:5:6\n";
    assert_eq!(agreed(expected, found).unwrap(), "a\n  std/x.yaml:10:2   b\n…\nc std/y.yaml:5:6\n");
    assert_eq!(agreed(expected, expected).unwrap(), expected);
    assert_eq!(agreed(expected, &found.replace("std/y", "std/z")), None);
}
