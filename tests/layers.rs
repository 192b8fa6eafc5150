//! Who may know whom: the ground floor, the rooms above it, and the backends, which know nobody of their own kind.

use crate::support;
use crate::tidy::{code, files, is_test};

/// The ground floor: what knows no platform. Each knows those before it.
const GROUND: &[&str] = &[
    "code",
    "digits",
    "disk",
    "variants",
    "level",
    "limit",
    "order",
    "path",
    "span",
    "stdlib",
    "system",
    "threads",
    "unit",
    "scalar",
    "visible",
    "wildcard",
    "filename",
    "ledger",
    "origin",
    "pattern",
    "source",
    "name",
    "kept",
    "subject",
    "value",
    "json",
    "diagnostic",
    "report",
    "secret",
    "syncing",
];

/// The rooms, in the order data enters them: each knows the ground floor and the rooms before it.
const ROOMS: &[&[&str]] = &[
    &["table"],
    &["print"],
    &["facts"],
    &["expression"],
    &["schema"],
    &["inheritance"],
    &["document"],
    &["files"],
    &["custom"],
    &["project"],
    &["definition"],
    &["model"],
    &["object"],
    &["keeping"],
    &["graph"],
    &["policy"],
    &["floor"],
    &["delivery"],
    &["artifact"],
    &["hazard"],
    &["output"],
    &["query"],
    // All of it, in order.
    &["compiler"],
];

/// Upward looks that are meant: file, what it names, why.
const UPWARD: &[(&str, &str, &str)] =
    &[("value.rs", "expression", "a value may be a template or late; both are plain data of the expression room")];

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
    // As many steps up as the file is deep lead out of its room.
    let parts: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    let out = "super::".repeat(parts.len() - usize::from(parts.last() == Some(&"mod")));
    names.extend(text.split(out.as_str()).skip(1).filter(|rest| !rest.starts_with("super::")).map(word));
    names.sort();
    names.dedup();
    let own = path.split(['/', '.']).next().unwrap();
    names.retain(|name| name != own);
    names
}

/// Height of a module of the library; those of the ground floor stand one above the other, then the rooms.
fn floor(module: &str) -> Option<usize> {
    let ground = GROUND.iter().position(|known| *known == module);
    ground.or_else(|| ROOMS.iter().position(|rooms| rooms.contains(&module)).map(|at| GROUND.len() + at))
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
            room => floor(room).unwrap_or_else(|| panic!("{path}: `{room}` is on no floor; list it in tests/layers.rs")),
        };
        for name in named(&path, &text) {
            if name == "bin" {
                wrong.push(format!("{path} names the program"));
            }
            let Some(other) = floor(&name) else { continue };
            if other < own {
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
        assert!(floor(room).is_some(), "`{room}` is on no floor; list it in tests/layers.rs");
    }
}

/// The backends: whatever stands beside `artifact/mod.rs` and is not for all of them.
fn backends() -> Vec<String> {
    let shared = ["mod", "errors", "fixture", "held", "partial", "staying", "waiting"];
    let names = files("compiler/artifact", "rs").into_keys().map(|path| path.split(['/', '.']).next().unwrap().to_owned());
    let mut names: Vec<String> = names.filter(|name| !shared.contains(&name.as_str())).collect();
    names.dedup();
    names
}

#[test]
fn backends_are_listed_in_one_place_and_do_not_know_each_other() {
    let backends = backends();
    assert!(["argocd", "file", "kustomize", "terraform"].iter().all(|name| backends.iter().any(|known| known == name)), "{backends:?}");
    let list = std::fs::read_to_string(support::root().join("compiler/artifact/mod.rs")).unwrap();
    for backend in &backends {
        assert!(code(&list).contains(&format!("{backend}::emit")), "compiler/artifact/mod.rs does not call `{backend}`");
    }
    let names = |text: &str, backend: &str| {
        let paths = text.split("artifact::").skip(1).map(|rest| rest.split(';').next().unwrap().to_owned());
        let steps = text.split("super::").skip(1).map(|rest| rest.split(';').next().unwrap().to_owned());
        let begins = |path: String| path.split(['{', ',', '}']).any(|part| part.trim().split("::").next() == Some(backend));
        paths.chain(steps).any(begins)
    };
    assert!(names("use crate::artifact::{Input, argocd};", "argocd") && !names("use super::source;", "argocd"));
    for (path, text) in files("compiler", "rs") {
        let own = path.strip_prefix("artifact/").map(|path| path.split(['/', '.']).next().unwrap());
        if own == Some("mod") {
            continue;
        }
        for other in backends.iter().filter(|other| Some(other.as_str()) != own) {
            // A backend has modules of its own, which may be called like another backend.
            let is_own = own.is_some_and(|own| support::root().join(format!("compiler/artifact/{own}/{other}.rs")).is_file());
            assert!(is_own || !names(&code(&text), other), "compiler/{path} names the backend `{other}`");
        }
    }
}

/// What installs things, and what lays them out: known to backends only. What else has these words are fields of the language.
#[test]
fn no_room_before_the_backends_knows_a_tool() {
    let fields = [
        "platform.kustomize.layout",
        "platform.argocd.hub",
        "[\"kustomize\", \"layout\"]",
        "[\"argocd\", \"hub\"]",
        "`argocd`",
        "\"argocd\"",
    ];
    for room in ["model", "object", "graph", "delivery"] {
        for (path, text) in files(&format!("compiler/{room}"), "rs").into_iter().filter(|(path, _)| path != "tests.rs") {
            let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
            let text = fields.iter().fold(text, |text, field| text.replace(field, "")).replace("Code::InvalidArgocd", "");
            for tool in ["kustomiz", "argo", "flux"] {
                assert!(!text.to_lowercase().contains(tool), "compiler/{room}/{path} names `{tool}`");
            }
        }
    }
}

#[test]
fn paths_of_the_output_are_made_in_one_place() {
    for (path, text) in files("compiler", "rs") {
        if path == "floor.rs" || is_test(&path) {
            continue;
        }
        for wing in ["kustomize", "terraform", "argocd", "flux", "files"] {
            let start = format!("\"{wing}/");
            assert!(!code(&text).contains(&start), "compiler/{path} writes {start}…\" by itself; `floor` has the paths");
        }
    }
}
