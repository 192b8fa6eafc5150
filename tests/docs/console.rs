//! Console blocks: lines that begin with `$ ` are commands, the rest is what they print. `platc` is the real program; `cat`, `ls`, `tree`
//! and `echo $?` are played here, so that they print the same on every machine.

use crate::support::{self, Project};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// The block with what its commands print now.
pub(super) fn answer(project: &Project, text: &str, place: &str, wrong: &mut String) -> String {
    let folder = unpack(project);
    let mut status = 0;
    let mut answer = String::new();
    for command in text.lines().filter_map(|line| line.strip_prefix("$ ")) {
        writeln!(answer, "$ {command}").unwrap();
        match execute(folder.path(), command, &mut status) {
            Some(output) => answer.push_str(&output),
            None => writeln!(wrong, "{place}: `{command}` is no command that a document may use").unwrap(),
        }
    }
    answer
}

/// What one command prints for a project.
pub(super) fn run(project: &Project, command: &str) -> String {
    execute(unpack(project).path(), command, &mut 0).unwrap()
}

fn unpack(project: &Project) -> tempfile::TempDir {
    let folder = support::scratch();
    project.write(folder.path());
    folder
}

fn execute(folder: &Path, command: &str, status: &mut i32) -> Option<String> {
    // What follows two blanks and a hash is a remark for the reader.
    let command = command.split("  #").next().unwrap_or("").trim();
    let words: Vec<String> = words(command);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["platc", arguments @ ..] => {
            let output = Command::new(env!("CARGO_BIN_EXE_platc"))
                .args(arguments)
                .current_dir(folder)
                .env_clear()
                .env("COLUMNS", "120")
                .env("PATH", std::env::var_os("PATH").unwrap_or_default())
                .output()
                .unwrap();
            *status = output.status.code().unwrap_or(-1);
            let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
            Some(text.replace(folder.to_str().unwrap(), "."))
        }
        ["echo", "$?"] => Some(format!("{status}\n")),
        ["cat", path] => Some(std::fs::read_to_string(folder.join(path)).unwrap_or_else(|error| format!("{path}: {error}\n"))),
        ["ls", path] => {
            let mut names: Vec<String> =
                std::fs::read_dir(folder.join(path)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            Some(names.iter().fold(String::new(), |text, name| text + name + "\n"))
        }
        ["tree", path] => {
            let mut text = format!("{path}\n");
            tree(&folder.join(path), "", usize::MAX, &mut text);
            Some(text)
        }
        ["tree", "-L", depth, path] => {
            let mut text = format!("{path}\n");
            tree(&folder.join(path), "", depth.parse().ok()?, &mut text);
            Some(text)
        }
        _ => None,
    }
}

fn tree(folder: &Path, before: &str, depth: usize, text: &mut String) {
    if depth == 0 {
        return;
    }
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    // As the program does without `-a`.
    entries.retain(|path| !path.file_name().unwrap().to_str().unwrap().starts_with('.'));
    entries.sort();
    for (at, path) in entries.iter().enumerate() {
        let last = at + 1 == entries.len();
        writeln!(text, "{before}{}{}", if last { "└── " } else { "├── " }, path.file_name().unwrap().to_str().unwrap()).unwrap();
        if path.is_dir() {
            tree(path, &format!("{before}{}", if last { "    " } else { "│   " }), depth - 1, text);
        }
    }
}

/// Splits a command at blanks outside of quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for char in command.chars() {
        match (quote, char) {
            (Some(open), _) if open == char => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(char),
            (None, '\'' | '"') => {
                word.get_or_insert_default();
                quote = Some(char);
            }
            (None, ' ') => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(char),
        }
    }
    words.extend(word);
    words
}
