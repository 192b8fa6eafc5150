//! Which file a definition stands in, and in which order files and definitions come, has no meaning: every example and case, and a part of the
//! broken projects, is written anew, each definition in a file of its own whose name says nothing, and all of them in one file, backwards. It must
//! come to the same bytes and say the same, at other places. Of two that collide, the one that is read first is said first, so of what is broken
//! only the kinds of mistakes are compared.

use super::rename::tree::value;
use crate::support::{self, Project};
use platc::diagnostic::Diagnostics;
use platc::document::parse_one;
use platc::source::{Grammar, Source};
use platc::span::FileId;
use serde_yaml::{Mapping, Value};
use std::collections::BTreeMap;

/// A definition with the keys that lead to it: `services.web`, `classes.service.web`.
struct Piece {
    way: Vec<Value>,
    body: Value,
}

#[test]
fn the_order_of_files_and_definitions_does_not_matter() {
    let (mut shuffled, mut wrong) = (0, Vec::new());
    let mut projects: Vec<(String, Project, bool)> = vec![("the starter".to_owned(), Project::read("examples/kubestack/starter"), true)];
    for case in support::cases("cases") {
        projects.push((case.clone(), Project::read(&format!("tests/cases/{case}/project")), true));
    }
    let broken = crate::broken::projects().into_iter().enumerate();
    // What is said twice is missing once.
    let broken =
        broken.filter(|(at, (name, _))| at % 8 == 0 && !["duplicate", "twice", "folder"].iter().any(|word| name.starts_with(word)));
    projects.extend(broken.map(|(_, (name, project))| (name, project, false)));
    for (name, project, is_whole) in projects {
        let Some(Parts { root, pieces, others }) = parts(&project) else { continue };
        let (original, expected) = project.build();
        let mut said_first = None;
        for (way, mut other) in [("scattered", scattered(&root, &pieces)), ("backwards", backwards(&root, &pieces))] {
            other.files.extend(others.clone());
            let (compilation, found) = other.build();
            if compilation.diagnostics.has_errors() != original.diagnostics.has_errors() {
                wrong.push(format!("{name}, {way}, is wrong\n{}\n{}", support::said(&compilation), other.text()));
                continue;
            }
            let said = said(&compilation, is_whole);
            let first: &String = said_first.get_or_insert_with(|| said.clone());
            if said != *first {
                wrong.push(format!("{name} says\n{}\n{}", support::difference(first, &said), other.text()));
            }
            let text = |files: &BTreeMap<String, String>, path: &str| files.get(path).cloned().unwrap_or_default();
            for path in expected.keys().chain(found.keys()) {
                if expected.get(path) != found.get(path) {
                    let difference = support::difference(&text(&expected, path), &text(&found, path));
                    wrong.push(format!("{name}, {way}, {path}\n{difference}"));
                }
            }
        }
        shuffled += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(support::some_only() || shuffled > 80, "only {shuffled} projects");
}

/// What is said, without places, in an order that does not depend on them.
fn said(compilation: &platc::Compilation, is_whole: bool) -> String {
    let mut all: Vec<String> = Vec::new();
    for diagnostic in compilation.diagnostics.sorted(&compilation.sources) {
        let mut about: Vec<String> = diagnostic.subject.iter().chain(&diagnostic.affects).map(ToString::to_string).collect();
        let mut labels: Vec<&str> = diagnostic.primary.iter().chain(&diagnostic.labels).map(|label| &*label.text).collect();
        if !is_whole {
            all.push(diagnostic.code.word().to_owned());
            continue;
        }
        about.sort_unstable();
        labels.sort_unstable();
        let (code, message, hint) = (diagnostic.code.word(), &diagnostic.message, &diagnostic.hint);
        all.push(format!("{code}: {message}\n  about {}\n  {}\n  {:?} {hint:?}", about.join(" "), labels.join("\n  "), diagnostic.notes));
    }
    all.sort_unstable();
    all.join("\n")
}

/// What a project is made of.
struct Parts {
    /// What stands below `platform`.
    root: Value,
    pieces: Vec<Piece>,
    /// Files that are no sources.
    others: BTreeMap<String, String>,
}

/// The parts of a project; none if something cannot be read, which other places would say otherwise.
fn parts(project: &Project) -> Option<Parts> {
    let (mut root, mut pieces, mut others) = (None, Vec::new(), BTreeMap::new());
    for (path, text) in &project.files {
        let is_source = [".yaml", ".yml", ".toml"].iter().any(|ending| path.ends_with(ending));
        if !is_source || ["files/", "facts/", "charts/"].iter().any(|folder| path.starts_with(folder)) {
            others.insert(path.clone(), text.clone());
            continue;
        }
        let grammar = if path.ends_with(".toml") { Grammar::Toml } else { Grammar::Yaml };
        let mut diagnostics = Diagnostics::default();
        let source = Source { path: path.as_str().into(), text: text.as_str().into(), grammar, library: false };
        let document = parse_one(FileId(0), &source, &mut diagnostics);
        let Value::Mapping(map) = value(&document?.root) else { return None };
        if diagnostics.has_errors() {
            return None;
        }
        for (plural, definitions) in map {
            if plural == "platform" {
                if root.replace(definitions).is_some() {
                    return None;
                }
                continue;
            }
            let Value::Mapping(definitions) = definitions else { return None };
            for (name, body) in definitions {
                let way = vec![plural.clone(), name];
                match body {
                    Value::Mapping(classes) if plural == "classes" => {
                        pieces.extend(classes.into_iter().map(|(class, body)| Piece { way: [way.as_slice(), &[class]].concat(), body }));
                    }
                    body => pieces.push(Piece { way, body }),
                }
            }
        }
    }
    Some(Parts { root: root?, pieces, others })
}

fn nested(way: &[Value], body: &Value) -> Value {
    way.iter().rev().fold(body.clone(), |inner, key| Value::Mapping(Mapping::from_iter([(key.clone(), inner)])))
}

/// JSON is YAML without questions.
fn text(value: &Value) -> String {
    serde_json::to_string(value).unwrap()
}

/// Each definition in a file of its own, in an order that has nothing to do with what they are called.
fn scattered(root: &Value, pieces: &[Piece]) -> Project {
    let mut files = BTreeMap::from([("platform.yaml".to_owned(), text(&nested(&["platform".into()], root)))]);
    for (at, piece) in pieces.iter().enumerate() {
        files.insert(format!("{:05}/{at}.yaml", (at * 7919 + 13) % 10007), text(&nested(&piece.way, &piece.body)));
    }
    Project { files }
}

/// All in one file, the last first. What is said in two places has a file of its own.
fn backwards(root: &Value, pieces: &[Piece]) -> Project {
    let mut all = Mapping::new();
    let mut files = BTreeMap::new();
    for (at, piece) in pieces.iter().enumerate().rev() {
        let (last, around) = piece.way.split_last().unwrap();
        let map = around
            .iter()
            .fold(&mut all, |map, key| map.entry(key.clone()).or_insert_with(|| Value::Mapping(Mapping::new())).as_mapping_mut().unwrap());
        if map.contains_key(last) {
            files.insert(format!("{at}.yaml"), text(&nested(&piece.way, &piece.body)));
        } else {
            map.insert(last.clone(), piece.body.clone());
        }
    }
    all.insert("platform".into(), root.clone());
    files.insert("platform.yaml".to_owned(), text(&Value::Mapping(all)));
    Project { files }
}
