//! Cases: each folder in `tests/cases/` is a small project and what it must come to. Adding a case is adding a folder.
//!
//! ```text
//! <case>/project/         sources; the comment at the top of `platform.yaml` says what the case shows
//! <case>/set.txt          values set on the command line, a line each
//! <case>/values.txt       `path = value` for each path that matters; `-` for a path that leads nowhere
//! <case>/expected/        for each top folder that is there, exactly the files that are emitted below it
//! <case>/said.txt         diagnostics; without it nothing may be said
//! ```
//!
//! `UPDATE_EXPECT=1` rewrites values, diagnostics, and the folders that are there.

use crate::support::{self, Project};
use platc::Compilation;
use platc::query::path::PathSubject;
use platc::query::{path, show};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

#[test]
fn cases_come_to_what_is_expected() {
    let folder = support::root().join("tests/cases");
    let mut wrong = String::new();
    for name in support::cases("cases") {
        let found = case(&folder.join(&name), &format!("tests/cases/{name}"));
        if !found.is_empty() {
            writeln!(wrong, "--- {name}\n{found}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What is not as expected.
fn case(folder: &Path, name: &str) -> String {
    let set: Vec<String> = read(&folder.join("set.txt")).lines().map(str::to_owned).collect();
    let project = Project::read(&format!("{name}/project"));
    let first = project.files.iter().find(|(path, _)| path.starts_with("platform.")).map(|(_, text)| text.as_str());
    assert!(first.is_some_and(|text| text.starts_with("# ")), "{name}: the root file must begin with a comment on what the case shows");
    let (compilation, output) = project.build_with(&set);
    let mut wrong = compare(&folder.join("said.txt"), &support::said(&compilation), true);
    let values = folder.join("values.txt");
    let expected = read(&values);
    wrong.push_str(&compare(&values, &looked_up(&compilation, &expected), false));
    let tree = folder.join("expected");
    if tree.is_dir() {
        wrong.push_str(&compare_tree(&tree, &output));
    }
    assert!(values.exists() || tree.exists() || folder.join("said.txt").exists(), "{name} expects nothing");
    wrong
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// Compares a text with a file, or writes it there.
fn compare(path: &Path, found: &str, remove: bool) -> String {
    let expected = read(path);
    if expected == found {
        return String::new();
    }
    if support::updating() {
        if remove && found.is_empty() {
            std::fs::remove_file(path).unwrap();
        } else {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, found).unwrap();
        }
        return String::new();
    }
    format!("{}\n{}", path.file_name().unwrap().to_str().unwrap(), support::difference(&expected, found))
}

/// The lines of `values.txt` with the values that are there; comments and empty lines stay.
fn looked_up(compilation: &Compilation, lines: &str) -> String {
    let mut text = String::new();
    for line in lines.lines() {
        match line.split_once(" =") {
            Some((path, _)) if !line.starts_with('#') => {
                writeln!(text, "{path} = {}", value(compilation, path)).unwrap();
            }
            _ => writeln!(text, "{line}").unwrap(),
        }
    }
    text
}

fn value(compilation: &Compilation, path: &str) -> String {
    match path::find(&compilation.model, path).map(|found| found.subject) {
        Ok(PathSubject::Value(value, _)) => show::inline(value, &platc::secret::Secrets::default()),
        Ok(PathSubject::Entity(_)) => "an entity".to_owned(),
        Ok(PathSubject::Model | PathSubject::Environment(_) | PathSubject::Kind(_)) => "many".to_owned(),
        Err(_) => "-".to_owned(),
    }
}

/// Compares the emitted files below each folder that is expected.
fn compare_tree(tree: &Path, output: &BTreeMap<String, String>) -> String {
    let mut wrong = String::new();
    for entry in std::fs::read_dir(tree).unwrap() {
        let entry = entry.unwrap();
        let top = format!("{}/", entry.file_name().into_string().unwrap());
        let expected = files(&entry.path(), &top);
        let found: BTreeMap<&str, &str> =
            output.iter().filter(|(path, _)| path.starts_with(&top)).map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let paths: BTreeSet<&str> = expected.iter().map(String::as_str).chain(found.keys().copied()).collect();
        for path in paths {
            match found.get(path) {
                Some(text) => wrong.push_str(&compare(&tree.join(path), text, false)),
                None if support::updating() => std::fs::remove_file(tree.join(path)).unwrap(),
                None => writeln!(wrong, "{path} is not emitted").unwrap(),
            }
        }
    }
    wrong
}

fn files(folder: &Path, prefix: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().into_string().unwrap());
        if entry.path().is_dir() {
            found.extend(files(&entry.path(), &format!("{name}/")));
        } else {
            found.push(name);
        }
    }
    found
}
