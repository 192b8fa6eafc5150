//! A line of an output knows where it came from. Asking changes nothing; what stands in a line is found there by readers that are not ours;
//! and where a plain value is said to come from, its text stands.

use crate::support::{self, Project};
use platc::artifact::Artifacts;
use platc::name::Kind;
use platc::print::{Form, Passage, Tree, passage};
use platc::query::show::json;
use platc::span::Span;
use platc::value::Data;
use platc::{Compilation, Compiler, Options};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// So many files of a project are asked about.
const FILES: usize = 48;

/// The plain values whose sources were looked at, and what is wrong with them.
fn check(project: &Project, wrong: &mut Vec<String>) -> usize {
    let mut compiler = Compiler::default();
    let mut compilation = compiler.compile(&project.system(), &Options::default());
    let plain = compiler.emit_shown(&mut compilation, None, None);
    let paths: Vec<String> = plain.iter().map(|(path, _)| path.to_owned()).collect();
    let mut compared = 0;
    for path in paths.iter().step_by(1 + paths.len() / FILES) {
        let traced = compiler.emit_shown(&mut compilation, Some(path), None);
        assert!(traced.iter().map(|(path, file)| (path, &file.text)).eq(plain.iter().map(|(path, file)| (path, &file.text))), "{path}");
        let artifact = traced.get(path).unwrap();
        let Some(passages) = &artifact.passages else {
            assert!(path.ends_with("order.json"), "{path}");
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
    let written = compilation.sources.text(origin.span);
    let written = ['"', '\''].into_iter().find_map(|quote| written.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(written);
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

/// Whoever asks about a line gets an answer that names a line of the sources: where it comes from, where what is around it does, or where the thing is defined that the file is
/// made for. Only the list of stacks is nobody's.
#[test]
fn every_line_of_every_output_has_an_answer() {
    let (mut own, mut told) = (0, 0);
    for folder in ["examples/kubestack/starter", "examples/customers", "examples/facts", "examples/shared-environment"] {
        let mut compiler = Compiler::default();
        let mut compilation = compiler.compile(&Project::read(folder).system(), &Options::default());
        let paths = compiler.emit(&mut compilation).iter().map(|(path, _)| path.to_owned()).collect();
        for (path, artifact) in compiler.emit_lines(&mut compilation, &paths, None).iter().filter(|(path, _)| !path.ends_with("order.json"))
        {
            let passages = artifact.passages.as_deref().unwrap_or_else(|| panic!("{folder}: nobody knows the lines of {path}"));
            for number in 1..=artifact.text.lines().count() {
                let Some(found) = passage(passages, number) else { continue };
                let is_around = |upper: &&Passage| found.path.is_within(&upper.path) && upper.tree.origin.is_some();
                if passages.iter().any(|upper| is_around(&upper)) {
                    told += 1;
                } else {
                    own += 1;
                    assert!(!artifact.entities.is_empty(), "{folder}: {path}:{number}");
                }
            }
            let is_list = path.ends_with("kustomization.yaml");
            let of_objects = |passage: &&Passage| {
                passage.path.to_string().starts_with("resources[") && !json(&passage.tree).as_str().unwrap().contains("..")
            };
            for passage in passages.iter().filter(|_| is_list && !path.contains("/bootstrap/")).filter(of_objects) {
                assert!(passage.tree.origin.is_some(), "{folder}: {path}: {}", json(&passage.tree));
            }
            for passage in passages.iter().filter(|passage| passage.path.to_string().starts_with("spec.sourceRepos[")) {
                assert!(passage.tree.origin.is_some(), "{folder}: {path}: {}", json(&passage.tree));
            }
        }
    }
    assert!(told > 2 * own, "{own} lines are platc's own, of {told} the source is known");
}

/// What stands where in all files: by file and path.
type Leaves = BTreeMap<(String, String), Passage>;

fn leaves(compilation: &mut Compilation, compiler: &mut Compiler) -> Leaves {
    let paths = compiler.emit(compilation).iter().map(|(path, _)| path.to_owned()).collect();
    let artifacts: Artifacts = compiler.emit_lines(compilation, &paths, None);
    let of = |(path, artifact): (&str, &platc::artifact::Artifact)| {
        let leaves = artifact.passages.iter().flat_map(|passages| passages.iter()).filter(|passage| !passage.opens);
        leaves.map(|passage| ((path.to_owned(), passage.path.to_string()), passage.clone())).collect::<Vec<_>>()
    };
    artifacts.iter().flat_map(of).collect()
}

/// Where a value is written and decided, and all that it was made of.
fn named(value: &platc::value::Value, depth: usize, found: &mut BTreeSet<Span>) {
    found.extend([value.origin.span, value.decided().span]);
    if depth > 0 {
        value.made().iter().for_each(|cause| named(&cause.value, depth - 1, found));
        match &value.data {
            Data::List(list) => list.items().iter().for_each(|item| named(item, depth - 1, found)),
            Data::Map(map) => map.entries().iter().for_each(|entry| named(&entry.value, depth - 1, found)),
            _ => {}
        }
    }
}

/// Numbers of a real project are changed line by line. A line of an output that says something else then names the edited line, and one that is written there says something else.
#[test]
fn what_a_line_names_decides_it_and_nothing_else() {
    let (mut wrong, mut changed, mut decided) = (Vec::new(), 0, 0);
    for folder in ["examples/kubestack/starter", "examples/customers"] {
        let project = Project::read(folder);
        let mut compiler = Compiler::default();
        let mut old = compiler.compile(&project.system(), &Options::default());
        let before = leaves(&mut old, &mut compiler);
        for (path, text) in &project.files {
            for (at, line) in text.lines().enumerate().step_by(2) {
                let code = line.split(" #").next().unwrap();
                // As long as before, so that places stay where they are.
                let other: String = code
                    .chars()
                    .map(|char| if char.is_ascii_digit() { char::from(b'0' + (char as u8 - b'0' + 1) % 10) } else { char })
                    .collect();
                if other == code || code.trim_start().starts_with('#') {
                    continue;
                }
                let start: usize = text.split_inclusive('\n').take(at).map(str::len).sum();
                let mut now = project.clone();
                now.files.get_mut(path).unwrap().replace_range(start..start + code.len(), &other);
                let mut new = compiler.compile(&now.system(), &Options::default());
                if new.diagnostics.has_errors() {
                    continue;
                }
                let after = leaves(&mut new, &mut compiler);
                let is_there = |compilation: &Compilation, span: &Span| {
                    let (from, to) = (start as u32, (start + code.len()) as u32);
                    span.start < to && from < span.end.max(span.start + 1) && compilation.sources.path(span.file) == path
                };
                let names = |compilation: &Compilation, passage: &Passage| {
                    let mut found = BTreeSet::new();
                    passage.tree.to_value().iter().for_each(|value| named(value, 24, &mut found));
                    found.iter().any(|span| is_there(compilation, span))
                };
                for (key, passage) in &before {
                    let Some(other) = after.get(key) else { continue };
                    let differs = passage.tree != other.tree;
                    // Of a list of operations another one stands at the same place.
                    if differs && !key.0.ends_with(".patch.yaml") {
                        changed += 1;
                        if passage.tree.origin.is_some() && !names(&old, passage) && !names(&new, other) {
                            wrong.push(format!(
                                "{key:?} goes from {} to {} by {path}:{} and does not name it",
                                json(&passage.tree),
                                json(&other.tree),
                                at + 1
                            ));
                        }
                    }
                    let Some(origin) = passage.tree.origin.filter(|origin| is_there(&old, &origin.span)) else { continue };
                    let is_other = old.sources.text(origin.span) != new.sources.text(origin.span);
                    if passage.tree.history.is_plain() && is_other {
                        decided += 1;
                        if !differs {
                            wrong.push(format!("{key:?} is said to be written at {path}:{}, and stays {}", at + 1, json(&passage.tree)));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {changed}\n{}", wrong.len(), wrong.join("\n"));
    assert!(changed > 40 && decided > 8, "{changed} {decided}");
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
