//! Two sets of files as a unified diff.

use super::diff::Detail;
use super::lines::Lines;
use super::markdown::{Page, Rank, code_of};
use super::table;
use annotate_snippets::renderer::{AnsiColor, Style};
use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long one file may take to compare; behind that the difference is correct, but not the shortest.
const PATIENCE: Duration = Duration::from_secs(2);

/// Files by path.
pub(crate) type Files<'a> = BTreeMap<String, std::borrow::Cow<'a, str>>;

/// How far files are compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Depth {
    /// Only which of them differ.
    Names,
    /// Line by line.
    Lines,
}

/// How two sets of files differ.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patch {
    /// Path, and the difference as unified text, if lines were compared.
    pub(crate) files: Vec<(String, String)>,
    pub(crate) added: usize,
    pub(crate) removed: usize,
    pub(crate) changed: usize,
}

impl Patch {
    /// Compares two sets of files.
    pub(crate) fn new(first: &Files<'_>, second: &Files<'_>, depth: Depth) -> Self {
        let mut patch = Self::default();
        for path in first.keys().chain(second.keys().filter(|path| !first.contains_key(*path))) {
            let (old, new) = (first.get(path), second.get(path));
            if old == new {
                continue;
            }
            match (old, new) {
                (None, _) => patch.added += 1,
                (_, None) => patch.removed += 1,
                (Some(_), Some(_)) => patch.changed += 1,
            }
            let text = match depth {
                Depth::Names => String::new(),
                Depth::Lines => unified(path, old.map(|text| &**text), new.map(|text| &**text)),
            };
            patch.files.push((path.clone(), text));
        }
        patch.files.sort();
        patch
    }

    /// Adds the files that are the same as they are shown, and differ as they are.
    pub(crate) fn differ_in_secrets(&mut self, real: &Self) {
        let known: BTreeSet<String> = self.files.iter().map(|(path, _)| path.clone()).collect();
        for (path, _) in &real.files {
            if !known.contains(path) {
                self.files.push((path.clone(), format!("--- a/{path}\n+++ b/{path}\n what differs is not shown: it holds secrets\n")));
                self.changed += 1;
            }
        }
        self.files.sort();
    }

    /// Each file with how many lines come and go.
    fn counts(&self) -> impl Iterator<Item = (&str, String)> {
        let lines = |text: &str, sign: char, head: &str| {
            let own = text.lines().filter(|line| line.starts_with(sign) && !line.starts_with(head));
            own.count()
        };
        self.files.iter().map(move |(path, text)| (path.as_str(), format!("+{} -{}", lines(text, '+', "+++ "), lines(text, '-', "--- "))))
    }

    /// All differences for a comment.
    pub(crate) fn comment(&self, detail: Detail, page: &mut Page) {
        match detail {
            Detail::Values | Detail::All => self.files.iter().for_each(|(path, text)| page.diff(path, text)),
            Detail::Counts => page.list(Rank::Detail, self.counts().map(|(path, count)| format!("{} {count}", code_of(path))), "file"),
            Detail::Names => page.list(Rank::Detail, self.files.iter().map(|(path, _)| code_of(path)), "file"),
        }
    }

    /// All differences, coloured; or which files differ, and in how many lines.
    pub(crate) fn text(&self, detail: Detail) -> Lines {
        let mut lines = Lines::default();
        match detail {
            Detail::Values | Detail::All => {}
            Detail::Counts => {
                let rows: Vec<Vec<String>> = self.counts().map(|(path, count)| vec![path.to_owned(), count]).collect();
                return table::render(&rows, "  ");
            }
            Detail::Names => {
                self.files.iter().for_each(|(path, _)| lines.line(path));
                return lines;
            }
        }
        for line in self.files.iter().flat_map(|(_, text)| text.split_terminator('\n')) {
            let plain = Style::new();
            let style = match line.get(..1) {
                _ if line.starts_with("--- ") || line.starts_with("+++ ") => plain.bold(),
                Some("+") => AnsiColor::Green.on_default(),
                Some("-") => AnsiColor::Red.on_default(),
                Some("@") => AnsiColor::Cyan.on_default(),
                Some(_) | None => plain,
            };
            lines.styled(&[(style, line)]);
        }
        lines
    }

    /// `3 files change, 1 is new`.
    pub(crate) fn summary(&self) -> String {
        let counts = [(self.changed, "changed"), (self.added, "added"), (self.removed, "removed")];
        let counts: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        if counts.is_empty() { "no file differs".to_owned() } else { format!("files: {}", counts.join(", ")) }
    }
}

/// How a file differs.
fn unified(path: &str, old: Option<&str>, new: Option<&str>) -> String {
    let name = |side: &str, there: bool| if there { format!("{side}/{path}") } else { "/dev/null".to_owned() };
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old.unwrap_or(""), new.unwrap_or(""));
    diff.unified_diff().context_radius(3).header(&name("a", old.is_some()), &name("b", new.is_some())).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn compares_files() {
        let files = |list: &[(&'static str, &'static str)]| -> Files<'static> {
            list.iter().map(|(path, text)| ((*path).to_owned(), (*text).into())).collect()
        };
        let first = files(&[("a", "1\n2\n3\n"), ("gone", "x\n"), ("same", "s\n")]);
        let second = files(&[("a", "1\n9\n3\n"), ("new", "y\n"), ("same", "s\n")]);
        let patch = Patch::new(&first, &second, Depth::Lines);
        let text: String = patch.files.iter().map(|(_, text)| text.as_str()).collect();
        expect![[r#"
            --- a/a
            +++ b/a
            @@ -1,3 +1,3 @@
             1
            -2
            +9
             3
            --- a/gone
            +++ /dev/null
            @@ -1 +0,0 @@
            -x
            --- /dev/null
            +++ b/new
            @@ -0,0 +1 @@
            +y
        "#]]
        .assert_eq(&text);
        assert_eq!(patch.summary(), "files: 1 changed, 1 added, 1 removed");
        let named = Patch::new(&first, &second, Depth::Names);
        let paths = |patch: &Patch| patch.files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
        assert_eq!((named.summary(), paths(&named)), (patch.summary(), paths(&patch)));
    }
}
