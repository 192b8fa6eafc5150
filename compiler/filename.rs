//! Paths of outputs: which can be written on every system, and which are one on some systems though they look like two. Whatever platc
//! writes is asked here first, wherever its name comes from. It knows nothing of disks.

use crate::visible::{is_hidden, visible};
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// Longest part of a path, in bytes: what file systems hold.
const PART: usize = 255;

/// Longest path, in bytes. With the way to the project before it, it has to fit into the 1,024 bytes of macOS.
const PATH: usize = 700;

/// Why a path cannot be written everywhere, as words for a label: `` `con` names a device on Windows ``. None if it can.
///
/// A path is relative, its parts are joined by `/`. Parts that begin with a dot are fine here, see [`hidden`], but not those that git
/// keeps for itself, in no case or disguise.
#[must_use]
pub(crate) fn flaw(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("is empty".to_owned());
    }
    if path.starts_with('/') {
        return Some("begins at the root of the disk".to_owned());
    }
    if path.len() > PATH {
        return Some(format!("is longer than {PATH} bytes"));
    }
    path.split('/').find_map(part_flaw)
}

/// All flaws of sorted paths, with the paths. Paths share folders with the one before them, and those are looked at once.
pub(crate) fn flaws<'a>(paths: &[&'a str]) -> Vec<(&'a str, String)> {
    let mut found = Vec::new();
    let mut before = "";
    for path in paths {
        // Of a path with a flaw nothing is known to be fine.
        let shared = path.bytes().zip(before.bytes()).take_while(|(one, other)| one == other).count();
        let known = before.as_bytes().get(..shared).and_then(|shared| shared.iter().rposition(|byte| *byte == b'/'));
        let rest = known.and_then(|slash| path.get(slash + 1..)).filter(|_| path.len() <= PATH).unwrap_or(path);
        let flaw = if rest.len() == path.len() { flaw(path) } else { rest.split('/').find_map(part_flaw) };
        before = if flaw.is_none() { path } else { "" };
        found.extend(flaw.map(|flaw| (*path, flaw)));
    }
    found
}

/// The first part of a path that begins with a dot, which hides it.
#[must_use]
pub(crate) fn hidden(path: &str) -> Option<&str> {
    path.split('/').find(|part| part.starts_with('.'))
}

/// Whether a path in somebody else's folder leads out of it.
pub(crate) fn leaves(path: &str) -> bool {
    path.split(['/', '\\']).any(|part| part == "..")
}

fn part_flaw(part: &str) -> Option<String> {
    if is_harmless(part) {
        return None;
    }
    let shown = || format!("`{}`", visible(part));
    match part {
        "" => return Some("has an empty part".to_owned()),
        "." | ".." => return Some(format!("{} leads elsewhere", shown())),
        _ => {}
    }
    if part.len() > PART {
        return Some(format!("has a part longer than {PART} bytes"));
    }
    if let Some(char) = part.chars().find(|char| is_hidden(*char)) {
        return Some(format!("{} holds the invisible character U+{:04X}", shown(), u32::from(char)));
    }
    if let Some(char) = part.chars().find(|char| FORBIDDEN.contains(char)) {
        return Some(format!("{} holds `{char}`, which Windows does not take; parts are joined by `/`", shown()));
    }
    if part.ends_with(['.', ' ']) {
        return Some(format!("{} ends with a dot or a space, which Windows drops", shown()));
    }
    let folded = fold(part);
    if folded.starts_with(".git") || is_short_git(&folded) {
        return Some(format!("{} belongs to git", shown()));
    }
    // Windows looks at what is before the first dot only.
    if is_device(folded.split('.').next().unwrap_or("").trim_end_matches(' ')) {
        return Some(format!("{} names a device on Windows", shown()));
    }
    None
}

/// Whether a part is a short word of lower-case letters, digits and `-`, with plain endings, as nearly all are: then there is nothing more to
/// look for.
fn is_harmless(part: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    part.len() <= PART
        && part.bytes().next().is_some_and(is_plain)
        && part.bytes().next_back().is_some_and(is_plain)
        && part.bytes().all(|byte| is_plain(byte) || byte == b'.' || byte == b'_')
        && !is_device(part.split('.').next().unwrap_or(""))
}

/// Whether a name is one of a device on Windows, in lower case and without ending.
fn is_device(stem: &str) -> bool {
    let is_port = |name: &str| stem.strip_prefix(name).is_some_and(|port| PORTS.contains(&port));
    DEVICES.contains(&stem) || is_port("com") || is_port("lpt")
}

/// What Windows takes in no name, with the separators of its paths and of its streams.
const FORBIDDEN: [char; 8] = ['<', '>', ':', '"', '|', '?', '*', '\\'];

/// Names of devices on Windows, in every folder and with every ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Numbers of devices `com1` and `lpt1`.
const PORTS: [&str; 13] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"];

/// Whether Windows may take a name for one of git's in its short form: `git~1`, `gitmod~1`, `gi7eba~1`.
fn is_short_git(folded: &str) -> bool {
    folded.split_once('~').is_some_and(|(start, number)| start.starts_with("gi") && number.starts_with(|char: char| char.is_ascii_digit()))
}

/// One spelling for all that a file system without cases and with one Unicode form takes for the same.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let upper: String = text.nfd().flat_map(char::to_uppercase).collect();
    upper.nfd().flat_map(char::to_lowercase).nfc().collect()
}

/// Pairs of paths that would be one file, or go through one folder, where case or Unicode form do not count. One pair for each place
/// where they meet; the paths have to be sorted.
#[must_use]
pub(crate) fn twins<'a>(paths: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let mut twins = Vec::new();
    let mut met: BTreeSet<String> = BTreeSet::new();
    // Of beginnings that are not spelled the common way: the spelling and the path. Most paths have none, and cost nothing.
    let mut odd: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for path in paths.iter().filter(|path| !path.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())) {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for start in ends.filter_map(|end| path.get(..end)) {
            let folded = fold(start);
            if folded == start {
                continue;
            }
            let plain = first_below(paths, &folded);
            let other = odd.get(&folded).filter(|(spelling, _)| *spelling != start).map(|(_, path)| *path);
            if let Some(other) = other.or(plain) {
                if met.insert(folded) {
                    twins.push((other, *path));
                }
                break;
            }
            odd.entry(folded).or_insert((start, path));
        }
    }
    twins
}

/// The first of sorted paths that is this one, or is below it.
fn first_below<'a>(paths: &[&'a str], upper: &str) -> Option<&'a str> {
    if let Ok(at) = paths.binary_search(&upper) {
        return paths.get(at).copied();
    }
    let folder = format!("{upper}/");
    let at = paths.partition_point(|path| *path < folder.as_str());
    paths.get(at).copied().filter(|path| path.starts_with(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_are_fine() {
        for path in [
            "a",
            "a/b.yaml",
            "Übersicht/日本語.txt",
            ".hidden/..x",
            "a b",
            "-x",
            "~",
            "gift~",
            "console",
            "com10",
            "config",
            "a~1",
            "com",
            "legit",
        ] {
            assert_eq!(flaw(path), None, "{path}");
        }
    }

    #[test]
    fn flaws_of_many_paths_are_those_of_each() {
        let long = format!("a/{}", "b/".repeat(400));
        let mut paths =
            vec!["a", "a/b", "a/b/con", "a/b/con/c", "a/b/c", "a/b/cx", "a/b/é/a", "a/b/é/b", "a/b/è", "a:b", "a:b/c", "", "/a", &long];
        paths.sort_unstable();
        let each: Vec<(&str, String)> = paths.iter().filter_map(|path| Some((*path, flaw(path)?))).collect();
        assert_eq!(flaws(&paths), each);
        assert_eq!(each.len(), 7);
    }

    #[test]
    fn what_git_refuses_is_refused() {
        for part in [
            ".git",
            ".GIT",
            ".Git",
            ".git ",
            ".git.",
            ".git. .",
            ".git::$INDEX_ALLOCATION",
            ".git:x",
            "git~1",
            "GIT~2",
            "Git~10",
            ".gitmodules",
            ".gitattributes",
            ".GITIGNORE",
            "gitmod~1",
            "GI7EBA~1",
            ".g\u{200c}it",
            "\u{feff}.git",
            ".gi\u{206f}t",
            ".git\\hooks",
            ".gıT",
        ] {
            for path in [part.to_owned(), format!("{part}/config"), format!("a/{part}"), format!("a/{part}/b")] {
                assert!(flaw(&path).is_some(), "{path}");
            }
        }
    }

    #[test]
    fn what_a_system_cannot_hold_is_refused() {
        let long = "x".repeat(256);
        let deep = "x/".repeat(400) + "y";
        let many: Vec<String> =
            DEVICES.iter().map(|name| (*name).to_owned()).chain(PORTS.iter().map(|port| format!("com{port}"))).collect();
        let mut refused: Vec<String> =
            many.iter().flat_map(|name| [name.clone(), name.to_uppercase(), format!("{name}.yaml"), format!("{name} .x.y")]).collect();
        refused.extend(FORBIDDEN.map(|char| format!("a{char}b")));
        refused.extend(
            [
                "",
                "/",
                "/a",
                "a//b",
                "a/",
                "./a",
                "a/..",
                "..",
                "a.",
                "a ",
                "a\n",
                "a\u{1b}[2J",
                "a\u{85}",
                "a\u{202e}b",
                "a\u{ad}b",
                &long,
                &deep,
            ]
            .map(str::to_owned),
        );
        for path in refused {
            assert!(flaw(&path).is_some(), "{path:?}");
        }
    }

    #[test]
    fn every_invisible_character_is_refused() {
        for char in (0..=0x000f_ffff).filter_map(char::from_u32).filter(|char| is_hidden(*char)) {
            assert!(flaw(&format!("a{char}b")).is_some(), "{char:?}");
        }
        assert_eq!(flaw("a\u{ffff}b").unwrap(), "`a\\u{ffff}b` holds the invisible character U+FFFF");
        assert_eq!(flaw(".g\u{200c}it").unwrap(), "`.g\\u{200c}it` holds the invisible character U+200C");
    }

    #[test]
    fn twins_differ_in_case_or_form() {
        fn found<const N: usize>(mut paths: [&str; N]) -> Vec<(&str, &str)> {
            paths.sort_unstable();
            twins(&paths)
        }
        assert_eq!(found(["a/b", "a/c", "b"]), []);
        assert_eq!(found(["a/B", "a/b"]), [("a/b", "a/B")]);
        assert_eq!(found(["A/x", "a/y", "a/z", "A/z"]), [("a/y", "A/x")]);
        assert_eq!(found(["A", "a/y"]), [("a/y", "A")]);
        assert_eq!(found(["A/x", "a"]), [("a", "A/x")]);
        assert_eq!(found(["AB", "Ab", "aB"]), [("AB", "Ab")]);
        assert_eq!(found(["\u{fc}", "u\u{308}"]), [("\u{fc}", "u\u{308}")]);
        assert_eq!(found(["\u{dc}", "u\u{308}"]).len(), 1);
        assert_eq!(found(["straße", "STRASSE"]).len(), 1);
        assert_eq!(found(["\u{212a}", "k"]).len(), 1);
        assert_eq!(found(["a", "A/B/c", "A/b/c"]).len(), 1);
        assert_eq!(found(["x/A", "x/B", "X/C"]).len(), 1);
    }
}
