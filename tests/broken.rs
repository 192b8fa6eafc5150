//! Broken projects: each file in `tests/broken/` changes the starter in one way and says what the compiler answers.
//!
//! ```text
//! # what is wrong
//! causes: 1                              (reports expected: more would be cascades)
//! at: gc0.toml:3                         (where each report points, in their order; `-` for one that has no place)
//! project: tests/data/starter-toml       (the starter if left out)
//! file: gc0.toml
//! -lines that stand there once
//! +lines in their place                  (without `-`: appended, or a new file)
//! expect:
//! the diagnostics as plain text
//! ```

use crate::support::{self, Project};
use platc::diagnostic::Diagnostics;
use platc::source::{Grammar, Source};
use std::fmt::Write as _;

pub(crate) struct Case {
    head: String,
    pub(crate) project: Project,
    expected: String,
    causes: usize,
    places: Vec<String>,
}

fn parse(name: &str, text: &str) -> Case {
    let (head, expected) = text.split_once("\nexpect:\n").unwrap_or_else(|| panic!("{name} has no `expect:`"));
    let mut folder = "examples/kubestack/starter";
    let mut causes = 0;
    let mut places = Vec::new();
    let mut hunks: Vec<(&str, Vec<&str>, Vec<&str>)> = Vec::new();
    for line in head.lines() {
        if let Some(path) = line.strip_prefix("project: ") {
            folder = path;
        } else if let Some(count) = line.strip_prefix("causes: ") {
            causes = count.parse().unwrap_or_else(|_| panic!("{name}: how many are `{count}`?"));
        } else if let Some(place) = line.strip_prefix("at: ") {
            places.push(place.to_owned());
        } else if let Some(path) = line.strip_prefix("file: ") {
            hunks.push((path, Vec::new(), Vec::new()));
        } else if let Some(line) = line.strip_prefix('-') {
            hunks.last_mut().unwrap().1.push(line);
        } else if let Some(line) = line.strip_prefix('+') {
            hunks.last_mut().unwrap().2.push(line);
        } else {
            assert!(line.starts_with('#'), "{name}: what is `{line}`?");
        }
    }
    let mut project = Project::read(folder);
    for (path, old, new) in hunks {
        let text = project.files.entry(path.to_owned()).or_default();
        let joined = |lines: &[&str]| lines.iter().fold(String::new(), |text, line| text + line + "\n");
        if old.is_empty() {
            text.push_str(&joined(&new));
        } else {
            let old = joined(&old);
            assert_eq!(text.matches(&old).count(), 1, "{name}: what it replaces in {path} must stand there once");
            *text = text.replacen(&old, &joined(&new), 1);
        }
    }
    Case { head: head.to_owned(), project, expected: expected.to_owned(), causes, places }
}

/// All of them, by name.
pub(crate) fn projects() -> Vec<(String, Project)> {
    let folder = support::root().join("tests/broken");
    let read = |name: String| {
        let case = parse(&name, &std::fs::read_to_string(folder.join(&name)).unwrap());
        (name, case.project)
    };
    support::cases("broken").into_iter().map(read).collect()
}

/// File and line of each report in the order they are shown.
fn places(compilation: &platc::Compilation) -> Vec<String> {
    let sources = &compilation.sources;
    let line = |span| sources.place(span).rsplit_once(':').unwrap().0.to_owned();
    let sorted = compilation.diagnostics.sorted(sources);
    sorted.iter().map(|diagnostic| diagnostic.primary.as_ref().map_or("-".to_owned(), |label| line(label.span))).collect()
}

/// What is suggested and could not be read if it were written: edits, and fields with values in hints, in the language of the file at hand.
fn unreadable(compilation: &platc::Compilation) -> Vec<String> {
    let sources = &compilation.sources;
    let faults = |file, text: &str, grammar| {
        let mut said = Diagnostics::default();
        let source = Source { path: "a".into(), text: text.into(), grammar, library: false };
        let document = platc::document::parse_one(file, &source, &mut said);
        said.len() + usize::from(document.is_none())
    };
    let mut wrong = Vec::new();
    for diagnostic in compilation.diagnostics.sorted(sources) {
        let Some((span, source)) = diagnostic.primary.as_ref().and_then(|label| Some((label.span, sources.get(label.span.file)?))) else {
            continue;
        };
        if let Some(edit) = &diagnostic.replacement
            && edit.span.file == span.file
        {
            let mut text = source.text.to_string();
            let before = faults(span.file, &text, source.grammar);
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            if faults(span.file, &text, source.grammar) > before {
                wrong.push(format!("the edit `{}` cannot be read", edit.text));
            }
        }
        let hint = diagnostic.hint.as_deref().unwrap_or("");
        for fragment in hint.split('`').skip(1).step_by(2) {
            let is_key = |key: &str| !key.is_empty() && key.chars().all(|char| char.is_alphanumeric() || "$_-.\"".contains(char));
            let is_yaml = fragment.split_once(": ").is_some_and(|(key, _)| is_key(key)) || fragment.ends_with("-:");
            let is_toml = fragment.split_once(" = ").is_some_and(|(key, _)| is_key(key));
            let readable = match source.grammar {
                Grammar::Toml => !is_yaml && (!is_toml || faults(span.file, fragment, Grammar::Toml) == 0),
                Grammar::Yaml | Grammar::Json | Grammar::Plain | Grammar::Argument => {
                    !is_yaml || faults(span.file, fragment, Grammar::Yaml) == 0
                }
            };
            if !readable {
                wrong.push(format!("`{fragment}` cannot be read"));
            }
        }
    }
    wrong
}

#[test]
fn broken_projects_are_explained() {
    let folder = support::root().join("tests/broken");
    let names = support::cases("broken");
    let mut wrong = String::new();
    for name in &names {
        let path = folder.join(name);
        let case = parse(name, &std::fs::read_to_string(&path).unwrap());
        let (compilation, _) = case.project.build();
        let found = support::said(&compilation);
        // These two are facts about the project: `UPDATE_EXPECT` never changes them.
        let at = places(&compilation);
        if at.len() != case.causes {
            writeln!(wrong, "--- {name}: {} causes, {} reports\n{found}", case.causes, at.len()).unwrap();
        }
        if at != case.places {
            writeln!(wrong, "--- {name}: to be mended at {:?}, reported at {at:?}\n", case.places).unwrap();
        }
        wrong.extend(unreadable(&compilation).into_iter().map(|fault| format!("--- {name}: {fault}\n")));
        if found.is_empty() {
            writeln!(wrong, "--- {name}: nothing was said\n").unwrap();
        } else if found != case.expected {
            if support::updating() {
                std::fs::write(&path, format!("{}\nexpect:\n{found}", case.head)).unwrap();
            } else {
                writeln!(wrong, "--- {name}\n{}", support::difference(&case.expected, &found)).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(names.len() >= 150 || support::some_only(), "{} broken projects", names.len());
}

#[test]
fn diagnostics_do_not_depend_on_the_order_of_files() {
    let folder = support::root().join("tests/broken");
    let names = support::cases("broken");
    // A part of them, because each is built twice; what meets in several files is among them in any case.
    let always = ["many-causes.txt", "duplicate-definition.txt", "collision-tenants.txt", "cycle-three-toml.txt", "twice-class.txt"];
    for (_, name) in names.iter().enumerate().filter(|(at, name)| at % 5 == 0 || always.contains(&name.as_str())) {
        let project = parse(name, &std::fs::read_to_string(folder.join(name)).unwrap()).project;
        assert_eq!(support::said(&project.build().0), support::said(&project.build_backwards().0), "{name}");
    }
}
