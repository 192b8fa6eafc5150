//! The house in order: file sizes, pages of codes, the table of the standard library, words.

use crate::support;
use platc::code::Code;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Files over 400 lines, with the reason.
const LONG: &[(&str, &str)] = &[];

/// Most lines of a file, the tests at its end included.
const LINES: usize = 400;

/// Names of types that stand in more than one file of the library, with the reason.
const HOMONYMS: &[(&str, &str)] = &[];

/// All files of a folder below the checkout with this ending, by path relative to the folder.
pub(crate) fn files(folder: &str, ending: &str) -> BTreeMap<String, String> {
    let root = support::root().join(folder);
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == ending) {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

/// Whether a file of the compiler holds tests and nothing else.
pub(crate) fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

/// A source without its tests and without comments.
pub(crate) fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = text.lines().map(|line| line.split("//").next().unwrap());
    lines.fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn wording_stays_in_its_room() {
    for (path, text) in files("compiler", "rs") {
        for part in code(&text).split("crate::").skip(1) {
            let path_in_crate: String = part.chars().take_while(|char| char.is_alphanumeric() || matches!(char, ':' | '_')).collect();
            assert!(!path_in_crate.split("::").any(|step| step == "errors"), "compiler/{path} words with errors of another room");
        }
    }
}

#[test]
fn the_library_touches_nothing_outside() {
    let banned = [
        "println!",
        "eprintln!",
        "print!",
        "eprint!",
        "dbg!",
        "std::fs",
        "fs_err",
        "std::env",
        "TcpStream",
        "std::process",
        "SystemTime",
        "Instant::now",
        "clap::",
        "anstream",
    ];
    for (path, text) in files("compiler", "rs") {
        if path.starts_with("bin/") || is_test(&path) {
            continue;
        }
        let text = code(&text);
        for word in banned {
            let found = text.match_indices(word).any(|(at, _)| !text[..at].ends_with(|char: char| char.is_alphanumeric() || char == '_'));
            assert!(!found, "compiler/{path} uses `{word}`");
        }
    }
}

#[test]
fn files_stay_short() {
    let mut wrong = Vec::new();
    for folder in ["compiler", "tests", "benches"] {
        if !support::root().join(folder).is_dir() {
            continue;
        }
        for (path, text) in files(folder, "rs") {
            let path = format!("{folder}/{path}");
            let lines = text.lines().count();
            let listed = LONG.iter().any(|(long, _)| *long == path);
            if lines > LINES && !listed {
                wrong.push(format!("{path} has {lines} lines, more than {LINES}: cut it, or list it with a reason"));
            }
            if lines <= LINES && listed {
                wrong.push(format!("{path} is short again: take it off the list"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A decision is known by its number: its heading has that of its file, and no other file has it.
#[test]
fn decisions_have_the_numbers_of_their_files() {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (path, text) in files("docs/decisions", "md") {
        let (number, _) = path.split_once('-').unwrap();
        assert!(
            text.starts_with(&format!("# {number} ")),
            "docs/decisions/{path} does not begin with `# {number} `, but with `{text:.20}`"
        );
        let other = known.insert(number.to_owned(), path.clone());
        assert_eq!(other, None, "docs/decisions/{path} has the number of another");
    }
    assert!(known.len() > 60, "{}", known.len());
}

/// The types that a source declares.
fn types(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let shown = line.trim_start();
        let shown = shown.strip_prefix("pub").map_or(shown, |rest| rest.split_once(' ').map_or("", |(_, rest)| rest));
        let (keyword, rest) = shown.split_once(' ')?;
        // What is indented behind `type` belongs to a trait, whose word it is.
        let declares = matches!(keyword, "struct" | "enum" | "trait" | "union") || keyword == "type" && !line.starts_with(' ');
        let name = rest.split(|char: char| !char.is_alphanumeric()).next()?;
        (declares && name.starts_with(char::is_uppercase)).then_some(name)
    })
}

#[test]
fn a_type_tells_its_file() {
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in files("compiler", "rs") {
        if path.starts_with("bin/") || is_test(&path) {
            continue;
        }
        for name in types(&code(&text)) {
            places.entry(name.to_owned()).or_default().insert(path.clone());
        }
    }
    assert!(places["Kind"].contains("name.rs") && places["Host"].contains("expression/mod.rs"), "types are no longer found");
    let mut wrong = Vec::new();
    for (name, paths) in &places {
        let listed = HOMONYMS.iter().any(|(homonym, _)| homonym == name);
        if paths.len() > 1 && !listed {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            wrong.push(format!(
                "`{name}` stands in {}: name all but one after what they are there, or list it with a reason",
                paths.join(", ")
            ));
        }
        if paths.len() == 1 && listed {
            wrong.push(format!("`{name}` stands in one file: take it off the list"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_file_is_a_drawer() {
    for folder in ["compiler", "tests"] {
        for path in files(folder, "rs").keys() {
            for part in path.trim_end_matches(".rs").split('/') {
                let drawer = ["util", "utils", "helper", "helpers", "common", "misc"].contains(&part);
                assert!(!drawer, "{folder}/{path}: name it after what it does");
            }
        }
    }
}

#[test]
fn every_module_says_what_it_is() {
    for (path, text) in files("compiler", "rs") {
        assert!(
            is_test(&path) || text.starts_with("//! "),
            "compiler/{path} does not begin with a comment on what comes in and what leaves"
        );
    }
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let mut pages: Vec<String> = files("docs/diagnostics", "md").into_keys().filter(|name| name != "README.md").collect();
    let mut poor = Vec::new();
    for code in Code::ALL {
        let page = code.page();
        let title = format!("# {}\n", code.word());
        if !page.starts_with(&title) || page.len() < title.len() + 200 || !page.contains("Why:") {
            poor.push(code.word());
        }
        pages.retain(|name| *name != format!("{}.md", code.word()));
    }
    assert!(pages.is_empty(), "pages of no code: {pages:?}");
    assert!(poor.is_empty(), "pages that explain nothing: {poor:?}");
    let words: Vec<&str> = Code::ALL.iter().map(|code| code.word()).collect();
    assert!(words.is_sorted(), "the list in compiler/code.rs is not sorted");
}

#[test]
fn every_code_is_said_somewhere() {
    let text = files("compiler", "rs").into_iter().filter(|(path, _)| path != "code.rs").fold(String::new(), |all, (_, text)| all + &text);
    for code in Code::ALL {
        assert!(text.contains(&format!("Code::{code:?}")), "nothing says `{}`: remove it or say it", code.word());
    }
}

#[test]
fn the_standard_library_is_embedded_whole() {
    let on_disk = files("stdlib", "yaml");
    for (name, text) in &on_disk {
        let embedded = platc::stdlib::FILES.iter().find(|(path, _)| *path == format!("std/{name}"));
        let Some((_, found)) = embedded else { panic!("stdlib/{name} is no row of compiler/stdlib.rs") };
        assert_eq!(found, text, "stdlib/{name}");
    }
    assert_eq!(platc::stdlib::FILES.len(), on_disk.len());
}

/// A checkout on Windows would otherwise embed other bytes, and compare expectations with them.
#[test]
fn lines_end_alike_everywhere() {
    let attributes = std::fs::read_to_string(support::root().join(".gitattributes")).unwrap();
    assert!(attributes.lines().any(|line| line == "* text=auto eol=lf"));
    for (folder, ending) in [("compiler", "rs"), ("compiler", "txt"), ("stdlib", "yaml"), ("docs", "md"), ("tests", "txt")] {
        for (path, text) in files(folder, ending) {
            assert!(!text.contains("\r\n"), "{folder}/{path} has carriage returns");
        }
    }
}

/// The example in the documentation of the library is a test, and the gate runs it: `cargo test` does, unless it is told which targets to run.
#[test]
fn the_example_of_the_library_is_run() {
    let read = |path: &str| std::fs::read_to_string(support::root().join(path)).unwrap();
    assert!(read("compiler/lib.rs").contains("\n//! ```\n//! use platc::"));
    assert!(!read("Cargo.toml").contains("doctest = false"));
    assert!(read(".ci/run").lines().any(|line| line.starts_with("cargo test 2>&1 |")));
}

/// What rewrites expectations and sees whether they change does so in all tests that have some.
#[test]
fn all_expectations_are_updated() {
    let gate = std::fs::read_to_string(support::root().join(".ci/long.d/goldens")).unwrap();
    let updates = gate.lines().find_map(|line| line.strip_prefix("UPDATE_EXPECT=1 cargo test --test suite -- ")).unwrap();
    let listed: BTreeSet<&str> = updates.split(' ').map(|module| module.trim_end_matches("::")).collect();
    let has_some = |text: &str| [concat!("updat", "ing()"), concat!("expect", "![")].iter().any(|word| text.contains(word));
    let found =
        files("tests", "rs").into_iter().filter(|(path, text)| !["support.rs", "suite.rs"].contains(&path.as_str()) && has_some(text));
    let modules: BTreeSet<String> = found.map(|(path, _)| path.split(['/', '.']).next().unwrap().to_owned()).collect();
    assert_eq!(modules.iter().map(String::as_str).collect::<BTreeSet<_>>(), listed);
}

#[test]
fn nothing_is_left_to_do() {
    for folder in ["compiler", "tests", "stdlib"] {
        for ending in ["rs", "yaml"] {
            for (path, text) in files(folder, ending) {
                for word in [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!("), concat!("unimplemented", "!(")] {
                    assert!(!text.contains(word), "{folder}/{path} has `{word}`");
                }
            }
        }
    }
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("LICENSE").is_file());
}
