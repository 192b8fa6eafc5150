//! The writer over a directory in memory: what happens to files that are ours, and to those that are not.

mod faults;
mod fingerprints;
mod indexes;
mod line_ends;
mod merges;
mod owned;
mod places;

use super::*;
use crate::disk::MemoryDisk;
use crate::source::Sources;
use expect_test::{Expect, expect};
use std::fmt::Write as _;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A project's directory with helpers to build into it.
#[derive(Clone, Default)]
struct Site {
    disk: MemoryDisk,
}

impl Site {
    fn put(&self, path: &str, text: &str) {
        self.disk.put(path, text.as_bytes());
    }

    fn text(&self, path: &str) -> String {
        String::from_utf8(self.disk.read(path, u64::MAX).unwrap().unwrap()).unwrap()
    }

    /// Files as `path=text`; what is said and done.
    fn build(&self, files: &[&str]) -> String {
        run(&self.disk, files, None, write)
    }

    fn check(&self, files: &[&str]) -> String {
        run(&self.disk, files, None, check)
    }

    /// What stands in the output directory, but for what every build writes.
    fn tree(&self) -> String {
        let mut text = String::new();
        for (path, bytes) in self.disk.all() {
            let Some(path) = path.strip_prefix("dist/").filter(|path| *path != index::INDEX && *path != ATTRIBUTES) else { continue };
            match bytes {
                Some(bytes) => writeln!(text, "{path} {}", String::from_utf8(bytes).unwrap()).unwrap(),
                None => writeln!(text, "{path}/").unwrap(),
            }
        }
        text
    }
}

type Verb = fn(&dyn Disk, &Request<'_>, &mut Diagnostics) -> Outcome;

fn run(disk: &dyn Disk, files: &[&str], part: Option<&str>, verb: Verb) -> String {
    let is_chosen = |path: &str| part.is_none_or(|part| path.starts_with(part));
    let files = files.iter().map(|line| line.split_once('=').unwrap());
    let request = Request {
        prefix: "",
        output: "dist",
        files: files
            .map(|(path, text)| Outgoing { path, text: text.as_bytes(), chosen: is_chosen(path), first: path.contains("/kept/") })
            .collect(),
        kept: &BTreeSet::new(),
        partial: if part.is_some() { Some(&is_chosen) } else { None },
        token: TOKEN,
        by: "a test",
    };
    let mut diagnostics = Diagnostics::default();
    let outcome = verb(disk, &request, &mut diagnostics);
    let mut text = String::new();
    for diagnostic in diagnostics.sorted(&Sources::default()) {
        writeln!(text, "{}: {}", diagnostic.code.word(), diagnostic.message).unwrap();
    }
    let lists =
        [("+", &outcome.created), ("~", &outcome.updated), ("!", &outcome.restored), ("r", &outcome.converted), ("-", &outcome.removed)];
    for (word, list) in lists {
        for path in list.iter().filter(|path| *path != ATTRIBUTES) {
            writeln!(text, "{word} {path}").unwrap();
        }
    }
    let attributes = [&outcome.created, &outcome.updated].iter().all(|list| !list.iter().any(|path| path == ATTRIBUTES));
    writeln!(text, "{} unchanged", outcome.unchanged.saturating_sub(usize::from(attributes))).unwrap();
    text
}

fn said(text: &str, expected: Expect) {
    expected.assert_eq(text);
}
