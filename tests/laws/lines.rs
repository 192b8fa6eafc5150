//! A line of an output knows where it came from. Asking changes nothing; what stands in a line is found there by readers that are not ours;
//! and where a plain value is said to come from, its text stands.

use crate::support::{self, Project};
use platc::name::Kind;
use platc::print::{Form, Passage, Tree, passage};
use platc::query::show::json;
use platc::{Compilation, Compiler, Options};
use serde_json::Value;

/// So many files of a project are asked about.
const FILES: usize = 48;

/// The plain values whose sources were looked at, and what is wrong with them.
fn check(project: &Project, wrong: &mut Vec<String>) -> usize {
    let mut compiler = Compiler::default();
    let mut compilation = compiler.compile(&project.system(), &Options::default());
    let plain = compiler.emit_shown(&mut compilation, None);
    let paths: Vec<String> = plain.iter().map(|(path, _)| path.to_owned()).collect();
    let mut compared = 0;
    for path in paths.iter().step_by(1 + paths.len() / FILES) {
        let traced = compiler.emit_shown(&mut compilation, Some(path));
        assert!(traced.iter().map(|(path, file)| (path, &file.text)).eq(plain.iter().map(|(path, file)| (path, &file.text))), "{path}");
        let artifact = traced.get(path).unwrap();
        let Some(passages) = &artifact.passages else {
            assert!(path.ends_with("kustomization.yaml") || path.ends_with("order.json"), "{path}");
            continue;
        };
        let read: Value = match path.rsplit_once('.') {
            Some((_, "json")) => serde_json::from_str(&artifact.text).unwrap(),
            Some((_, "yaml")) => serde_yaml::from_str(&artifact.text).unwrap(),
            _ => continue,
        };
        let lines: Vec<&str> = artifact.text.lines().collect();
        for number in 1..=lines.len() {
            let found = passage(passages, number);
            assert!(found.is_some_and(|found| (found.first..=found.last).contains(&number)) || lines[number - 1] == "{", "{path}:{number}");
        }
        for passage in passages.iter().filter(|passage| !passage.opens) {
            let there = passage.path.steps().iter().fold(&read, |value, step| match step {
                platc::path::Step::Key(key) => &value[&**key],
                platc::path::Step::Item(at) => &value[*at],
            });
            assert_eq!(*there, json(&passage.tree), "{path}:{} {}", passage.first, passage.path);
            if let Some(platc::path::Step::Key(key)) = passage.path.steps().last() {
                let first = key.split(['"', '\\']).next().unwrap();
                assert!(lines[passage.first - 1].contains(first), "{path}:{}: {} has no {key}", passage.first, lines[passage.first - 1]);
            }
            // A text from a file comes from the line that names the file.
            let is_taken = |written: &str| project.files.contains_key(&format!("files/{written}"));
            compared += usize::from(stands_there(passage, &compilation, (path, &is_taken), wrong));
        }
    }
    compared
}

/// Whether the text of a value is where it is said to come from; only a plain one tells.
fn stands_there(
    passage: &Passage,
    compilation: &Compilation,
    (path, is_taken): (&str, &dyn Fn(&str) -> bool),
    wrong: &mut Vec<String>,
) -> bool {
    let Some(origin) = passage.tree.origin else { return false };
    let written = compilation.sources.text(origin.span).trim_matches(['"', '\'']);
    if is_taken(written) || !passage.tree.history.is_plain() || written.contains(['$', '\n', '\\', '\'', '{', '[']) {
        return false;
    }
    let Some(text) = text(&passage.tree) else { return false };
    // Flux reads names as regular expressions.
    let text = text.replace("\\.", ".").replace(".*", "*");
    // An alias is the end of its key, and a name that of an address.
    let is_end =
        |start: &str| passage.path.to_string().ends_with(".alias") || Kind::ALL.iter().any(|kind| start.starts_with(kind.plural()));
    let end = written.rsplit_once('.').filter(|(start, _)| is_end(start)).map(|(_, end)| end);
    let same = text == written || end == Some(&text) || text.parse::<f64>().is_ok_and(|number| written.parse() == Ok(number));
    if !same {
        wrong.push(format!("{path}:{}: `{text}` is said to come from `{written}`", passage.first));
    }
    same
}

fn text(tree: &Tree) -> Option<String> {
    match &tree.form {
        Form::Bool(bool) => Some(bool.to_string()),
        Form::Int(int) => Some(int.to_string()),
        Form::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

#[test]
fn a_line_knows_where_it_came_from() {
    let mut wrong = Vec::new();
    let mut compared = check(&Project::read("examples/kubestack/starter"), &mut wrong);
    for name in support::cases("cases") {
        compared += check(&Project::read(&format!("tests/cases/{name}/project")), &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(support::some_only() || compared > 600, "{compared}");
}
