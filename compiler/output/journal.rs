//! The journal, `platc.journal`: what a build is about to do, written before it does anything and gone when it is done. Whoever finds one
//! knows that a build was stopped, what may have become of each file, and which staged files and directories it left.

use super::digest::Digest;
use super::index::{is_reserved, is_safe, merged};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// How a journal begins.
const START: &str = "{\"journal\":1,";

/// What a build was about to do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Journal {
    /// What staged files are named after; random, so that nobody else's file has the name. Several after a merge.
    pub(super) tokens: Vec<String>,
    /// Files that are ours if they have this content, and nobody's business if not.
    pub(super) claims: Vec<(String, Digest)>,
    /// Directories that were not there.
    pub(super) directories: Vec<String>,
}

impl Journal {
    /// The name of a staged file, unique by `number` in its directory.
    pub(super) fn staged(token: &str, number: &str) -> String {
        format!(".platc-{token}-{number}")
    }

    /// Whether the build that wrote this staged a file of this name.
    pub(super) fn has_staged(&self, name: &str) -> bool {
        let rest = name.strip_prefix(".platc-");
        rest.is_some_and(|rest| self.tokens.iter().any(|token| rest.strip_prefix(token.as_str()).is_some_and(|rest| rest.starts_with('-'))))
    }
}

/// Reads a journal; none if its build was stopped before the journal was complete, and so before anything was done.
pub(super) fn read(bytes: &[u8]) -> Result<Option<Journal>, String> {
    let text = String::from_utf8_lossy(bytes);
    let mut journal = Journal::default();
    let mut complete = false;
    let start = merged(&text).map(|(_, line)| line).find(|line| !line.is_empty()).unwrap_or("");
    if !START.starts_with(start) && !start.starts_with(START) && bytes.iter().any(|byte| *byte != 0) {
        return Err("line 1: not as platc writes it".to_owned());
    }
    for (_, line) in merged(&text) {
        // A line that was cut off is the last one, and then nothing was done.
        let Ok(line) = serde_json::from_str::<Map<String, Value>>(line) else { continue };
        let text = |key: &str| line.get(key).and_then(Value::as_str);
        let path = |path: &&str| is_safe(path) && !is_reserved(path);
        if let Some(token) = text("token").filter(|token| token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            journal.tokens.push(token.to_owned());
        } else if let (Some(path), Some(digest)) = (text("claim").filter(path), text("digest").and_then(Digest::parse)) {
            journal.claims.push((path.to_owned(), digest));
        } else if let Some(path) = text("directory").filter(path) {
            journal.directories.push(path.to_owned());
        } else if line.contains_key("end") {
            complete = true;
        }
    }
    Ok((complete && !journal.tokens.is_empty()).then_some(journal))
}

/// Who writes a journal, as far as that can be told.
pub(super) fn by(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let line: Map<String, Value> = serde_json::from_str(text.lines().next()?).ok()?;
    let by = line.get("by").and_then(Value::as_str)?;
    Some(by.chars().filter(|char| !char.is_control()).take(200).collect())
}

/// The text of a journal; `by` names who writes it.
pub(super) fn print(journal: &Journal, by: &str) -> String {
    let mut text = String::new();
    for token in &journal.tokens {
        // Writing to a string cannot fail.
        writeln!(text, "{START}\"token\":\"{token}\",\"by\":{}}}", json!(by)).ok();
    }
    for (path, digest) in &journal.claims {
        writeln!(text, "{{\"claim\":{},\"digest\":\"{digest}\"}}", json!(path)).ok();
    }
    for path in &journal.directories {
        writeln!(text, "{{\"directory\":{}}}", json!(path)).ok();
    }
    text.push_str("{\"end\":true}\n");
    text
}
