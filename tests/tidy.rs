//! The house in order: who may know whom, file sizes, pages of codes, the table of the standard library, words.

use crate::support;
use platc::code::Code;
use std::collections::BTreeMap;
use std::path::Path;

/// Files that know no platform; they know each other.
const GROUND: &[&str] = &[
    "code",
    "diagnostic",
    "disk",
    "filename",
    "ledger",
    "limit",
    "name",
    "order",
    "threads",
    "origin",
    "path",
    "pattern",
    "report",
    "secret",
    "source",
    "span",
    "stdlib",
    "subject",
    "system",
    "unit",
    "value",
    "variants",
    "visible",
    "wildcard",
];

/// The rooms, in the order data enters them: each knows the ground floor and the rooms before it.
const ROOMS: &[&[&str]] = &[
    &["expression", "schema", "table", "inheritance", "print"],
    &["document"],
    &["project"],
    &["definition"],
    &["model"],
    &["object"],
    &["graph"],
    &["policy"],
    &["artifact"],
    &["output"],
    &["query"],
    // All of it, in order.
    &["compiler"],
];

/// Upward looks that are meant: file, what it names, why.
const UPWARD: &[(&str, &str, &str)] =
    &[("value.rs", "expression", "a value may be a template or late; both are plain data of the expression room")];

/// Files over 400 lines, with the reason.
const LONG: &[(&str, &str)] = &[];

/// Most lines of a file, its tests not counted.
const LINES: usize = 400;

/// All files of a folder below the checkout with this ending, by path relative to the folder.
fn files(folder: &str, ending: &str) -> BTreeMap<String, String> {
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
fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

/// A source without its tests and without comments.
fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = text.lines().map(|line| line.split("//").next().unwrap());
    lines.fold(String::new(), |text, line| text + line + "\n")
}

/// The top-level modules of the library that a file names, by `crate::` or by `super` steps out of its room.
fn named(path: &str, text: &str) -> Vec<String> {
    let text = code(text);
    let word = |text: &str| text.chars().take_while(|char| char.is_alphanumeric() || *char == '_').collect::<String>();
    let mut names: Vec<String> = Vec::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(group) => {
                let group = group.split("};").next().unwrap();
                let mut depth = 0;
                let mut start = true;
                for (at, char) in group.char_indices() {
                    if start && depth == 0 && char.is_alphabetic() {
                        names.push(word(&group[at..]));
                        start = false;
                    }
                    depth += i32::from(char == '{') - i32::from(char == '}');
                    start |= char == ',' && depth == 0;
                }
            }
            None => names.push(word(rest)),
        }
    }
    names.sort();
    names.dedup();
    let own = path.split(['/', '.']).next().unwrap();
    names.retain(|name| name != own);
    names
}

/// Height of a module of the library: 0 is the ground floor.
fn floor(module: &str) -> Option<usize> {
    if GROUND.contains(&module) {
        return Some(0);
    }
    ROOMS.iter().position(|rooms| rooms.contains(&module)).map(|at| at + 1)
}

#[test]
fn rooms_know_only_rooms_before_them() {
    let mut wrong = Vec::new();
    let mut used = Vec::new();
    for (path, text) in files("compiler", "rs").into_iter().filter(|(path, _)| !is_test(path)) {
        let room = path.split(['/', '.']).next().unwrap();
        let own = match room {
            "lib" => continue,
            "bin" => {
                // The program sees the library from outside.
                continue;
            }
            room => floor(room).unwrap_or_else(|| panic!("{path}: `{room}` is on no floor; list it in tests/tidy.rs")),
        };
        for name in named(&path, &text) {
            if name == "bin" {
                wrong.push(format!("{path} names the program"));
            }
            let Some(other) = floor(&name) else { continue };
            let beside = other == own && own > 1;
            if other <= own && !beside {
                continue;
            }
            match UPWARD.iter().position(|(file, module, _)| *file == path && *module == name) {
                Some(at) => used.push(at),
                None => wrong.push(format!("{path} names `{name}`, which comes after it")),
            }
        }
    }
    for (at, (file, module, _)) in UPWARD.iter().enumerate() {
        if !used.contains(&at) {
            wrong.push(format!("{file} no longer names `{module}`; take it off the list"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn lib_lists_every_room() {
    let lib = std::fs::read_to_string(support::root().join("compiler/lib.rs")).unwrap();
    let rooms = lib.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ").and_then(|line| line.strip_suffix(';')));
    for room in rooms {
        assert!(floor(room).is_some(), "`{room}` is on no floor; list it in tests/tidy.rs");
    }
}

#[test]
fn backends_do_not_know_each_other() {
    let backends = ["kustomize", "terraform", "argocd"];
    for (path, text) in files("compiler/artifact", "rs") {
        let own = path.split('/').next().unwrap();
        if !backends.contains(&own) {
            continue;
        }
        let text = code(&text);
        for other in backends.iter().filter(|other| **other != own) {
            for name in [format!("artifact::{other}"), format!("super::{other}::")] {
                assert!(!text.contains(&name), "compiler/artifact/{path} names `{name}`");
            }
        }
    }
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
            // Tests of a room in a file of their own are tables of cases.
            if is_test(&path) {
                continue;
            }
            let lines = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap().lines().count();
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
