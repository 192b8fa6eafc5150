//! The documentation, executed. In `README.md` and below `docs/`, what stands behind the language of a fenced block says what it is:
//!
//! | block | is |
//! |---|---|
//! | `yaml file=PATH` (or `toml`, or `json` for facts, or `text`) | a file of the document's project from here on |
//! | `yaml works`, `yaml fails`, `yaml fails=CODE` | one more file, compiled with the project; with `file=PATH`, it stays |
//! | `yaml shows PATH` | what `platc show PATH` prints for the project compiled last |
//! | `console` | commands run in a copy of the starter; `console here`, in the project compiled last |
//! | `cel` | lines `expression => result`, evaluated |
//! | `text`, `mermaid`, `sh`, `rust` | for readers only |
//!
//! All pages below `docs/language/` add to the files of `projects.md` and `layers.md` there.
//!
//! With `UPDATE_EXPECT=1` results in `shows`, `console` and `cel` are rewritten instead of compared.

mod block;
mod console;

use crate::support::{self, Project};
use block::Document;
use platc::code::Code;
use platc::diagnostic::Severity;
use platc::name::Kind;
use platc::value::{Data, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Codes whose pages have no failing example, and why.
const WITHOUT_EXAMPLE: &[(Code, &str)] = &[
    (Code::AliasTooLarge, "takes a file of half a million values"),
    (Code::AppliedByHand, "needs an output from before"),
    (Code::ArgoCdMoves, "needs a revision from before"),
    (Code::BadFlag, "comes from the command line"),
    (Code::CannotWrite, "comes from the disk"),
    (Code::DataNoMore, "needs an output from before"),
    (Code::DataWithoutWord, "needs an output from before"),
    (Code::EditedFile, "comes from the disk"),
    (Code::ElsewhereLeaves, "needs a revision from before"),
    (Code::EvaluationTooDeep, "takes 150 values"),
    (Code::ForeignFile, "comes from the disk"),
    (Code::ForeignIndex, "comes from the disk"),
    (Code::GuardRemoved, "needs a revision from before"),
    (Code::HazardousChange, "needs a revision from before"),
    (Code::InheritanceTooDeep, "takes 500 definitions"),
    (Code::InstalledStays, "needs an output from before"),
    (Code::KeptShorter, "needs a revision from before"),
    (Code::KindsStay, "needs an output from before"),
    (Code::LateValueNotExported, "a safeguard behind others"),
    (Code::MissingPlatform, "a project without its file has nothing to show"),
    (Code::NamespaceHandedOver, "needs an output from before"),
    (Code::NamespaceStays, "needs an output from before"),
    (Code::ObjectsLeave, "needs an output from before"),
    (Code::ObjectsStay, "needs an output from before"),
    (Code::OutputLocked, "takes two programs"),
    (Code::PathLeavesOutput, "a safeguard behind others"),
    (Code::PoliciesLeave, "needs an output from before"),
    (Code::RefusedChange, "needs a revision from before"),
    (Code::ReplacedByName, "needs a revision from before"),
    (Code::ReplacedResource, "needs a revision from before"),
    (Code::ReplacementUnknown, "needs a revision from before"),
    (Code::ResourcesDestroyed, "needs a revision from before"),
    (Code::ResourcesLeave, "needs an output from before"),
    (Code::RightsStay, "needs an output from before"),
    (Code::StacksStay, "needs an output from before"),
    (Code::StateMoves, "needs a revision from before"),
    (Code::SymlinkInOutput, "comes from the disk"),
    (Code::UnknownPath, "comes from the command line"),
    (Code::UnreadableFile, "comes from the disk"),
    (Code::VersionJumps, "needs a revision from before"),
];

#[test]
fn pages_of_diagnostics_fail_and_work_as_they_say() {
    let mut wrong = String::new();
    for code in Code::ALL {
        let path = format!("docs/diagnostics/{}.md", code.word());
        let mut document = Document::read(&path);
        if document.text.lines().next() != Some(&format!("# {}", code.word())) {
            writeln!(wrong, "{path}: the title must be `# {}`", code.word()).unwrap();
        }
        for word in ["\nWhy: ", "\nThe cure: "] {
            if !document.text.contains(word) {
                writeln!(wrong, "{path}: has no `{}`", word.trim()).unwrap();
            }
        }
        let fails = document.blocks.iter().filter(|block| block.is("fails")).count();
        let works = document.blocks.iter().filter(|block| block.is("works")).count();
        let excused = WITHOUT_EXAMPLE.iter().any(|(other, _)| other == code);
        if !excused && (fails == 0 || works == 0) {
            writeln!(wrong, "{path}: needs a failing and a working example").unwrap();
        }
        if excused && fails > 0 {
            writeln!(wrong, "{path}: has a failing example, so it needs no excuse").unwrap();
        }
        run(&mut document, Some(*code), &mut wrong);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn no_page_is_without_its_code() {
    let known: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{}.md", code.word())).collect();
    for entry in std::fs::read_dir(support::root().join("docs/diagnostics")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(known.contains(&name), "docs/diagnostics/{name} explains no code");
    }
}

#[test]
fn documents_are_true() {
    let mut paths = vec!["README.md".to_owned(), "CHANGELOG.md".to_owned()];
    for folder in ["docs", "docs/decisions", "docs/guide", "docs/language"] {
        for entry in std::fs::read_dir(support::root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".md") {
                paths.push(format!("{folder}/{name}"));
            }
        }
    }
    paths.sort();
    let mut wrong = String::new();
    for path in paths {
        run(&mut Document::read(&path), None, &mut wrong);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A link to a file of the checkout must lead to one.
#[test]
fn links_lead_somewhere() {
    let root = support::root();
    let mut wrong = String::new();
    let mut folders = vec![root.join("docs"), root.join("examples"), root.join("stdlib")];
    let mut files = vec![root.join("README.md")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                files.push(path);
            }
        }
    }
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for part in text.split("](").skip(1) {
            let target = part.split([')', '#', ' ']).next().unwrap_or("");
            if !target.is_empty() && !target.contains("://") && !file.parent().unwrap().join(target).exists() {
                writeln!(wrong, "{}: no such file `{target}`", file.display()).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Executes all blocks of a document, in order.
fn run(document: &mut Document, code: Option<Code>, wrong: &mut String) {
    let mut files = if document.path.starts_with("docs/language/") { base() } else { Project::default() };
    let mut current = Project::read("examples/kubestack/starter");
    let starter = current.clone();
    let mut answers: Vec<(usize, String)> = Vec::new();
    for (at, block) in document.blocks.iter().enumerate() {
        let place = format!("{}:{}", document.path, block.line);
        match &*block.language {
            "yaml" | "toml" if block.is("shows") => {
                answers.push((at, show(&current, block.argument("shows").unwrap_or(""))));
            }
            "yaml" | "toml" | "json" => {
                let mut project = files.clone();
                let name = block.value("file").map_or_else(|| format!("example.{}", block.language), str::to_owned);
                project.files.insert(name, block.text.clone());
                if block.value("file").is_some() {
                    files = project.clone();
                }
                current = project;
                let expected = block.value("fails").or(code.filter(|_| block.is("fails")).map(Code::word));
                match (block.is("works"), expected) {
                    (true, _) => works(&current, &place, wrong),
                    (false, Some(code)) => fails(&current, code, &place, wrong),
                    (false, None) if block.value("file").is_some() => {}
                    (false, None) => writeln!(wrong, "{place}: say whether this `works`, `fails=CODE` or is a `file=PATH`").unwrap(),
                }
            }
            "console" => {
                let project = if block.is("here") { &current } else { &starter };
                answers.push((at, console::answer(project, &block.text, &place, wrong)));
            }
            "cel" => answers.push((at, evaluated(&block.text))),
            "text" if block.value("file").is_some() => {
                files.files.extend(block.value("file").map(|name| (name.to_owned(), block.text.clone())));
            }
            "text" | "mermaid" | "sh" | "rust" => {}
            other => writeln!(wrong, "{place}: what is a block of `{other}`?").unwrap(),
        }
    }
    document.compare(answers, wrong);
}

/// The project that all pages of the reference add to: the files of its first pages.
fn base() -> Project {
    let mut files = Project::default();
    for block in ["projects", "layers"].into_iter().flat_map(|page| Document::read(&format!("docs/language/{page}.md")).blocks) {
        if let Some(name) = block.value("file") {
            files.files.insert(name.to_owned(), block.text.clone());
        }
    }
    files
}

fn works(project: &Project, place: &str, wrong: &mut String) {
    let (compilation, output) = project.build();
    if compilation.diagnostics.has_errors() {
        writeln!(wrong, "{place}: should work\n{}", support::said(&compilation)).unwrap();
    } else if output.is_empty() {
        // Only `platc.json` is written by the program; a project of definitions without templates has no other file.
        assert!(compilation.objects.renderings.is_empty() && compilation.objects.stacks.is_empty(), "{place}: nothing was emitted");
    }
}

fn fails(project: &Project, code: &str, place: &str, wrong: &mut String) {
    let (compilation, _) = project.build();
    let list = compilation.diagnostics.sorted(&compilation.sources);
    let of = |severity: Severity| -> BTreeSet<&str> {
        list.iter().filter(|diagnostic| diagnostic.severity == severity).map(|diagnostic| diagnostic.code.word()).collect()
    };
    let errors = of(Severity::Error);
    let found = if errors.is_empty() { of(Severity::Warning) } else { errors };
    if found != BTreeSet::from([code]) {
        writeln!(wrong, "{place}: should fail with `{code}`, said\n{}", support::said(&compilation)).unwrap();
    }
}

fn show(project: &Project, path: &str) -> String {
    console::run(project, &format!("platc show {path}"))
}

/// Evaluates `expression => result` lines in a small project; lines without `=>` are comments.
fn evaluated(text: &str) -> String {
    let expressions: Vec<&str> = text.lines().filter_map(|line| line.split_once(" => ")).map(|(expression, _)| expression.trim()).collect();
    let mut source = String::from(
        "platform: { name: acme, domain: infra.example.com }\nenvironments: { apps: {} }\n\
         classes: { infrastructure: { example: { schema: { results: object } } } }\ninfrastructure:\n",
    );
    for (at, expression) in expressions.iter().enumerate() {
        let quoted = serde_json::to_string(&format!("${{{expression}}}")).unwrap();
        writeln!(source, "  e{at}:\n    class: example\n    results: {{ is: {quoted} }}").unwrap();
    }
    let project = Project { files: BTreeMap::from([("platform.yaml".to_owned(), source)]) };
    let (compilation, _) = project.build();
    let said = compilation.diagnostics.sorted(&compilation.sources);
    let result = |at: usize| -> String {
        let path = format!("infrastructure.e{at}");
        let fault = said.iter().find(|diagnostic| {
            diagnostic
                .subject
                .as_ref()
                .map(ToString::to_string)
                .is_some_and(|found| found.ends_with(&path) || found.contains(&format!("{path}.")))
                || diagnostic
                    .primary
                    .as_ref()
                    .is_some_and(|label| compilation.sources.place(label.span).contains(&format!(":{}:", 6 + 3 * at + 1)))
        });
        if let Some(fault) = fault {
            return format!("error: {}", fault.code.word());
        }
        let entity = compilation
            .model
            .entities
            .iter()
            .find(|entity| entity.kind == Kind::Infrastructure && *entity.name == *format!("e{at}"))
            .unwrap_or_else(|| panic!("{}", support::said(&compilation)));
        entity.value.at(&["results", "is"]).map_or("nothing".to_owned(), written)
    };
    let mut at = 0;
    let mut answer = String::new();
    for line in text.lines() {
        match line.split_once(" => ") {
            Some((expression, _)) => {
                writeln!(answer, "{expression} => {}", result(at)).unwrap();
                at += 1;
            }
            None => writeln!(answer, "{line}").unwrap(),
        }
    }
    answer
}

/// A value as CEL would write it.
fn written(value: &Value) -> String {
    match &value.data {
        Data::Null => "null".to_owned(),
        Data::Bool(bool) => bool.to_string(),
        Data::Int(int) => int.to_string(),
        Data::Float(float) => format!("{float:?}"),
        Data::String(text) => serde_json::to_string(&**text).unwrap(),
        Data::List(list) => format!("[{}]", list.items().iter().map(written).collect::<Vec<_>>().join(", ")),
        Data::Map(map) => {
            let entries =
                map.entries().iter().map(|entry| format!("{}: {}", serde_json::to_string(&*entry.key).unwrap(), written(&entry.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Data::Template(_) | Data::Pending(_) | Data::Late(_) | Data::Broken => value.describe().to_owned(),
    }
}

/// Each dependency has its reason in decision 2.
#[test]
fn dependencies_have_their_reasons() {
    let manifest = std::fs::read_to_string(support::root().join("Cargo.toml")).unwrap();
    let decision = std::fs::read_to_string(support::root().join("docs/decisions/0002-packages.md")).unwrap();
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if let Some((name, _)) = line.split_once(" = ")
            && inside
        {
            assert!(decision.contains(&format!("`{name}`")), "docs/decisions/0002-packages.md does not say what `{name}` is for");
        }
    }
}

/// The map of the house shows every room.
#[test]
fn the_map_shows_every_room() {
    let library = std::fs::read_to_string(support::root().join("compiler/lib.rs")).unwrap();
    let map = std::fs::read_to_string(support::root().join("docs/architecture.md")).unwrap();
    for room in library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
        let shown = [format!("`{room}`"), format!("`{room}/`"), format!("`{room}.rs`")].iter().any(|name| map.contains(name));
        assert!(shown, "docs/architecture.md does not show `{room}`");
    }
}
