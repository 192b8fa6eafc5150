//! What a change does outside, row by row: an edit of a platform, and all that is told of it, with how grave it is and where. A file in `tests/hazards/` begins
//! with `base:`, a folder with a platform; behind that stand rows apart by empty lines: comments, `source:`, where it is written that it is so, one
//! or more `edit: file => old => new`, `says:` with words that stand in a note or hint of what is told, `hides:` with words that stand in none, and then what is
//! told, nothing if nothing is. With `UPDATE_EXPECT=1` that is written anew.

use crate::support::{self, Project};
use platc::artifact::{Artifact, Artifacts};
use platc::diagnostic::Diagnostic;
use platc::level::Level;
use platc::{Compilation, Compiler, Options};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A platform, compiled, with what it emits.
struct Built {
    compilation: Compilation,
    artifacts: Artifacts,
}

fn built(compiler: &mut Compiler, project: &Project) -> Built {
    let mut compilation = compiler.compile(&project.system(), &Options::default());
    let artifacts = compiler.emit(&mut compilation);
    let said: Vec<String> = compilation.diagnostics.sorted(&compilation.sources).iter().map(|said| said.message.clone()).collect();
    assert!(!compilation.diagnostics.has_errors(), "{said:?}\n{}", project.text());
    Built { compilation, artifacts }
}

/// What is told of a change, a line each.
fn told(compiler: &Compiler, before: &mut Built, now: &mut Built) -> Vec<String> {
    told_with_words(compiler, before, now).0
}

/// What is told of a change, a line each, and all notes and hints.
fn told_with_words(compiler: &Compiler, before: &mut Built, now: &mut Built) -> (Vec<String>, Vec<String>) {
    let sides = ((&mut before.compilation, &before.artifacts), (&mut now.compilation, &now.artifacts));
    let said = compiler.outside(sides.0, sides.1, "dist", None);
    let line = |said: &Diagnostic| {
        let place = said.primary.as_ref().map_or_else(|| "-".to_owned(), |label| now.compilation.sources.place(label.span).to_string());
        let affects = if said.affects.is_empty() { String::new() } else { format!(" (+{})", said.affects.len()) };
        format!("{} {} {place} {}{affects}", said.level.map_or("-", Level::word), said.code.word(), said.message)
    };
    let sorted = said.sorted(&now.compilation.sources);
    let words = sorted.iter().flat_map(|said| said.notes.iter().chain(&said.hint)).cloned().collect();
    (sorted.iter().map(line).collect(), words)
}

#[test]
fn rows() {
    let mut wrong = String::new();
    let (mut count, mut sources) = (0, 0);
    for name in support::cases("hazards").into_iter().filter(|name| name.ends_with(".txt")) {
        let path = support::root().join("tests/hazards").join(&name);
        let text = std::fs::read_to_string(&path).unwrap();
        let (head, rows) = text.split_once("\n\n").unwrap();
        let base = head.lines().find_map(|line| line.strip_prefix("base: ")).unwrap();
        let project = Project::read(base);
        let mut compiler = Compiler::default();
        let mut before = built(&mut compiler, &project);
        let mut found = format!("{head}\n");
        for row in rows.trim_end().split("\n\n") {
            count += 1;
            let is_said = |line: &&str| ["#", "source: ", "edit: ", "says: ", "hides: "].iter().any(|start| line.starts_with(start));
            let said: Vec<&str> = row.lines().filter(is_said).collect();
            sources += usize::from(said.iter().any(|line| line.starts_with("source: ")));
            let mut edited = project.clone();
            for edit in said.iter().filter_map(|line| line.strip_prefix("edit: ")) {
                let parts: Vec<String> = edit.split(" => ").map(|part| part.replace("\\n", "\n")).collect();
                let [file, old, new] = &*parts else { panic!("{name}: {edit}") };
                let content = edited.files.get_mut(file).unwrap_or_else(|| panic!("{name}: no file {file}"));
                assert!(content.contains(old.as_str()), "{name}: {file} has no `{old}`");
                *content = content.replacen(old.as_str(), new, 1);
            }
            let mut now = built(&mut compiler, &edited);
            let (told, words) = told_with_words(&compiler, &mut before, &mut now);
            for (word, wanted) in [("says: ", true), ("hides: ", false)] {
                for text in said.iter().filter_map(|line| line.strip_prefix(word)) {
                    assert_eq!(words.iter().any(|known| known.contains(text)), wanted, "{name}: {word}{text}\n{words:#?}");
                }
            }
            found.push('\n');
            for line in said.iter().map(|line| (*line).to_owned()).chain(told) {
                writeln!(found, "{line}").unwrap();
            }
        }
        if found != text {
            if support::updating() {
                std::fs::write(&path, &found).unwrap();
            } else {
                writeln!(wrong, "{}\n{}", path.display(), support::difference(&text, &found)).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    if !support::some_only() {
        assert!(count >= 300, "there are {count} rows only");
        assert!(sources * 10 >= count * 9, "only {sources} of {count} rows say where it is written");
    }
}

/// Each argument of each resource that the starter emits, and of those of many providers, changed alone: what the tables say of it is told, and nothing else. The
/// tables are read here as the text that they are, by another reader than the compiler's.
#[test]
fn every_argument_is_told_as_its_table_has_it() {
    let table = table();
    let (mut wrong, mut counts) = (String::new(), BTreeMap::<&str, usize>::new());
    for folder in ["examples/kubestack/starter", "tests/data/providers"] {
        let project = Project::read(folder);
        let mut compiler = Compiler::default();
        let (mut before, mut now) = (built(&mut compiler, &project), built(&mut compiler, &project));
        let stacks: Vec<String> = before.artifacts.iter().map(|(path, _)| path.to_owned()).collect();
        let is_stack = |path: &&String| path.starts_with("terraform/apps/") && path.ends_with("/main.tf.json");
        for path in stacks.iter().filter(is_stack) {
            let main: Json = serde_json::from_str(&before.artifacts.get(path).unwrap().text).unwrap();
            for (type_, names) in main["resource"].as_object().unwrap() {
                // Of several of one type the first has the arguments that all have.
                let (name, body) = names.as_object().unwrap().iter().next().unwrap();
                for argument in arguments(body) {
                    let mut changed = main.clone();
                    let place = changed["resource"][type_][name].pointer_mut(&argument).unwrap();
                    *place = other(place);
                    let mut artifacts = Artifacts::default();
                    for (known, artifact) in before.artifacts.iter() {
                        let text = if known == path { changed.to_string() } else { artifact.text.clone() };
                        artifacts.add(known, Artifact::new(text, artifact.entities.clone()));
                    }
                    now.artifacts = artifacts;
                    let said = told(&compiler, &mut before, &mut now);
                    let names: Vec<&str> = argument.split('/').filter(|part| !part.is_empty() && part.parse::<usize>().is_err()).collect();
                    let Some(expected) = table.expected(type_, &names) else { continue };
                    *counts.entry(expected).or_default() += 1;
                    let own = format!("`{}` of `{type_}.{name}`", names.join("."));
                    // That a guard goes, or that less is kept, is told beside, of the argument that changes and of no other.
                    let is_beside = |line: &&String| {
                        let is_said = ["guard-removed", "kept-shorter"].iter().any(|code| line.split(' ').nth(1) == Some(code));
                        is_said && line.contains(&own)
                    };
                    let said: Vec<&String> = said.iter().filter(|line| !is_beside(line)).collect();
                    let own: Vec<&&String> = said.iter().filter(|line| line.contains(&own)).collect();
                    let level = own.first().map_or("", |line| line.split(' ').nth(1).unwrap());
                    if level != expected || (expected.is_empty() && !said.is_empty()) {
                        writeln!(wrong, "{type_}.{} is told as `{level}`, and the table says `{expected}`: {said:?}", names.join("."))
                            .unwrap();
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    let all: usize = counts.values().sum();
    assert!(all >= 320 && counts.get("replaced-resource").is_some_and(|count| *count >= 150), "{counts:?}");
}

/// The tables as text, by section.
struct Tables {
    /// Type and flags of a field, by its section and name: `resource aws_vpc.cidr_block`, `type NAME.field`.
    fields: BTreeMap<String, Vec<String>>,
    /// Arguments that conditions decide: `aws_vpc instance_tenancy`.
    conditions: BTreeSet<String>,
}

fn table() -> Tables {
    let mut fields = BTreeMap::new();
    for entry in std::fs::read_dir(support::root().join("compiler/table/data/terraform")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let (mut above, mut section): (Vec<String>, String) = Default::default();
        for line in text.lines() {
            let depth = line.len() - line.trim_start().len();
            if depth == 0 {
                line.clone_into(&mut section);
                continue;
            }
            let mut words = line.split_whitespace();
            above.truncate(depth - 1);
            above.push(words.next().unwrap().to_owned());
            fields.insert(format!("{section}.{}", above.join(".")), words.map(str::to_owned).collect());
        }
    }
    let conditions = std::fs::read_to_string(support::root().join("compiler/hazard/terraform/conditions.txt")).unwrap();
    let listed = conditions.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "));
    Tables { fields, conditions: listed.collect() }
}

impl Tables {
    /// The code that is told of a change of an argument; nothing for one that is changed in place, none for one that a condition decides. The block that it
    /// stands in comes and goes by flags of its own.
    fn expected(&self, type_: &str, names: &[&str]) -> Option<&'static str> {
        if (1..=names.len()).any(|end| self.conditions.contains(&format!("{type_} {}", names[..end].join(".")))) {
            return None;
        }
        let mut at = format!("resource {type_}");
        let mut flags: &[String] = &[];
        if !self.fields.keys().any(|key| key.starts_with(&format!("{at}."))) {
            return Some("replacement-unknown");
        }
        for name in names {
            at = format!("{at}.{name}");
            match self.fields.get(&at) {
                Some(found) => flags = found,
                // What the table takes for any value is known by what it stands in.
                None => break,
            }
            let of = flags[0].trim_start_matches(['[', ']', '{', '}']);
            if !matches!(of, "record" | "open") && of.contains('.') {
                at = format!("type {of}");
            }
        }
        let has = |flag: &str| flags.iter().any(|known| known == flag);
        Some(match (has("replaces"), has("may-replace")) {
            (true, _) => "replaced-resource",
            (false, true) => "replacement-unknown",
            (false, false) => "",
        })
    }
}

/// Pointers to all values in a body that are no maps or lists, without what belongs to the language of Terraform.
fn arguments(body: &Json) -> Vec<String> {
    fn walk(value: &Json, at: &str, found: &mut Vec<String>) {
        match value {
            Json::Object(map) => map.iter().for_each(|(key, inner)| walk(inner, &format!("{at}/{}", key.replace('/', "~1")), found)),
            Json::Array(items) => items.iter().enumerate().for_each(|(index, inner)| walk(inner, &format!("{at}/{index}"), found)),
            _ => found.push(at.to_owned()),
        }
    }
    let mut found = Vec::new();
    for (key, value) in body.as_object().unwrap() {
        if !["count", "depends_on", "for_each", "lifecycle", "provider"].contains(&key.as_str()) {
            walk(value, &format!("/{key}"), &mut found);
        }
    }
    // Keys of maps of labels and tags have slashes and dots; one of them stands for all.
    found.retain(|pointer| !pointer.contains("~1"));
    found
}

/// Another value of the same kind.
fn other(value: &Json) -> Json {
    match value {
        Json::Bool(is) => Json::Bool(!is),
        Json::Number(number) => Json::from(number.as_i64().unwrap_or_default() + 1),
        _ => Json::from("another"),
    }
}
