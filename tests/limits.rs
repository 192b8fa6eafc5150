//! The table of `docs/limits.md`: it has the numbers of the code, and each row is tried at the limit and one beyond.

use crate::support;
use platc::code::Code;
use platc::diagnostic::Diagnostics;
use platc::system::{Listing, MemorySystem, System, Unreadable};
use platc::{Options, limit};
use std::collections::{BTreeMap, BTreeSet};

/// How a row is tried.
enum Trial {
    /// A project with so much of it.
    Project(fn(usize) -> String),
    /// A project with so much of it and of what every class has of its own: tried a little below the limit too.
    About(fn(usize) -> String),
    /// Sources that are read and not compiled.
    Sources(fn(usize) -> Files),
    /// A test beside what counts: file and name.
    Unit(&'static str, &'static str),
}

/// Sources made when they are asked for.
struct Files {
    count: usize,
    /// The text of each.
    text: String,
    platform: String,
}

impl System for Files {
    fn list(&self) -> Result<Listing, Unreadable> {
        Ok((0..self.count).map(|at| format!("{at:06}.yaml")).chain(["platform.yaml".to_owned()]).collect::<Vec<_>>().into())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        Ok(if path == "platform.yaml" { self.platform.clone() } else { self.text.clone() }.into_bytes())
    }
}

const PLATFORM: &str = "platform: {name: acme, domain: infra.example.com}\nenvironments: {apps: {}}\n";

fn thing(fields: &str) -> String {
    format!(
        "{PLATFORM}classes: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n  own:\n    class: thing\n{fields}"
    )
}

fn expression(text: &str) -> String {
    thing(&format!("    f: {{x: '${{{text}}}'}}\n"))
}

fn each(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

fn ancestors(count: usize) -> String {
    let heirs = each(count, |at| format!("  i{at}: {{inherits: {}}}\n", if at == 0 { "own".into() } else { format!("i{}", at - 1) }));
    thing(&format!("    f: {{x: 1}}\n{heirs}"))
}

fn layers(count: usize) -> String {
    // A hundred environments in a line; a body and 99 overlays for each ancestor, and what is left for the last one.
    let environments = each(100, |at| {
        if at == 0 { "e0: {abstract: true}, ".into() } else { format!("e{at}: {{inherits: e{}, abstract: {}}}, ", at - 1, at < 99) }
    });
    let overlays = |count: usize| each(count, |at| format!("e{at}: {{f: {{x: {at}}}}}, "));
    let line = |at: usize, overlays: &str, last: bool| {
        let parent = if at == 0 { "class: thing".into() } else { format!("inherits: i{}", at - 1) };
        format!("  i{at}: {{{parent}, abstract: {}, f: {{x: 1}}, environments: {{{overlays}}}}}\n", !last)
    };
    let full = count / 100 - 1;
    let definitions = each(full, |at| line(at, &overlays(99), false));
    let last = line(full, &overlays(count - full * 100 - 1), true);
    format!(
        "platform: {{name: acme, domain: infra.example.com}}\nenvironments: {{{environments}}}\nclasses: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n{definitions}{last}"
    )
}

fn loops(rounds: usize) -> String {
    format!(
        "{PLATFORM}clusters: {{c0: {{class: plain}}}}\nservices: {{web: {{class: svc}}}}\nclasses:\n  cluster: {{plain: {{}}}}\n  service:\n    svc:\n      files:\n        f.yaml:\n          - {{$for: {{a: '${{lists.range({rounds})}}'}}, v: x}}\n"
    )
}

fn trials() -> BTreeMap<&'static str, Trial> {
    const LEDGER: &str = "compiler/ledger.rs";
    const ALLOWANCE: &str = "compiler/model/allowance.rs";
    const BUDGET: &str = "compiler/expression/budget.rs";
    BTreeMap::from([
        ("SOURCE_BYTES", Trial::Sources(|bytes| Files { count: 1, text: "#".repeat(bytes), platform: PLATFORM.into() })),
        ("SOURCES_BYTES", Trial::Sources(|bytes| Files { count: 32, text: "#".repeat(bytes.div_ceil(32)), platform: String::new() })),
        ("SOURCES", Trial::Sources(|count| Files { count, text: String::new(), platform: PLATFORM.into() })),
        (
            "EXCLUDED",
            Trial::Sources(|count| Files {
                count: 0,
                text: String::new(),
                platform: format!("platform: {{exclude: [{}]}}", each(count, |at| format!("a{at}, "))),
            }),
        ),
        ("SOURCE_DEPTH", Trial::Project(|depth| format!("a: {}x{}\n", "[".repeat(depth - 1), "]".repeat(depth - 1)))),
        (
            "ALIAS_NODES",
            Trial::Project(|nodes| {
                format!(
                    "a: [&a [{}], {}{}]\n",
                    "x, ".repeat(999),
                    "*a, ".repeat(nodes / 1000 - 1),
                    each(nodes % 1000, |at| format!("&b{at} x, "))
                )
            }),
        ),
        ("VALUES", Trial::Unit("compiler/document/tests/trees.rs", "values_are_counted")),
        ("ENTRIES", Trial::Unit("compiler/bin/listing.rs", "entries_and_links_are_counted")),
        ("FILE_BYTES", Trial::Unit("compiler/project.rs", "files_are_counted")),
        ("FILES_BYTES", Trial::Unit("compiler/project.rs", "files_are_counted")),
        ("SYMLINKS", Trial::Unit("compiler/bin/listing.rs", "entries_and_links_are_counted")),
        ("ANCESTORS", Trial::Project(ancestors)),
        ("LAYERS", Trial::Project(layers)),
        ("MERGED", Trial::Unit(LEDGER, "merges_are_counted")),
        ("MERGED_BYTE", Trial::Unit(LEDGER, "merges_are_counted")),
        ("MERGED_THING", Trial::Unit(LEDGER, "merges_are_counted")),
        (
            "SCHEMA_FIELDS",
            Trial::About(|fields| {
                format!(
                    "{PLATFORM}classes: {{infrastructure: {{thing: {{schema: {{{}}}}}}}}}\n",
                    each(fields, |at| format!("k{at}: string, "))
                )
            }),
        ),
        ("SCHEMAS_FIELDS", Trial::Unit(LEDGER, "fields_are_counted")),
        (
            "SCHEMA_DEPTH",
            Trial::Project(|depth| {
                format!(
                    "{PLATFORM}classes: {{infrastructure: {{thing: {{schema: {}string{}}}}}}}\n",
                    "{a: ".repeat(depth - 1),
                    "}".repeat(depth - 1)
                )
            }),
        ),
        (
            "MAKERS",
            Trial::Project(|count| {
                let classes = each(count, |at| format!("    m{at}: {{entities: {{infrastructure: {{m: {{class: m{}}}}}}}}}\n", at + 1));
                format!("{PLATFORM}classes:\n  infrastructure:\n{classes}    m{count}: {{}}\ninfrastructure: {{own: {{class: m0}}}}\n")
            }),
        ),
        (
            "SCHEMA_TYPES",
            Trial::Project(|count| {
                format!(
                    "{PLATFORM}classes: {{infrastructure: {{thing: {{types: {{{}}}, schema: {{}}}}}}}}\n",
                    each(count, |at| format!("t{at}: string, "))
                )
            }),
        ),
        (
            "FRAGMENT_DEPTH",
            Trial::Project(|depth| {
                format!(
                    "{PLATFORM}classes: {{fragment: {{f0: {{schema: {{}}, template: {{a: x}}}}, {}}}}}\n",
                    each(depth - 1, |at| format!("f{}: {{schema: {{}}, template: {{$use: f{at}}}}}, ", at + 1))
                )
            }),
        ),
        (
            "USED_WEIGHT",
            Trial::Project(|weight| {
                // The list and the map around it weigh one each.
                format!(
                    "{PLATFORM}classes: {{fragment: {{f: {{schema: {{}}, template: {{a: [{}]}}}}}}, infrastructure: {{thing: {{files: {{a.yaml: {{$use: f}}}}}}}}}}\n",
                    "x, ".repeat(weight - 2)
                )
            }),
        ),
        ("PATTERN_BYTES", Trial::Unit("compiler/pattern.rs", "sizes_are_bounded")),
        ("PATTERNS_BYTES", Trial::Unit(LEDGER, "patterns_are_counted")),
        ("SUGGESTION_WORK", Trial::Unit(LEDGER, "suggestions_are_counted")),
        ("ANSWER_BYTES", Trial::Unit("compiler/query/answer.rs", "answers_are_bounded")),
        ("ANSWER_BYTES_THING", Trial::Unit("compiler/query/answer.rs", "answers_are_bounded")),
        ("EXPRESSION_BYTES", Trial::Project(|bytes| thing(&format!("    f: {{x: '${{1}}{}'}}\n", "x".repeat(bytes - 4))))),
        ("EXPRESSION_DEPTH", Trial::About(|depth| expression(&format!("{}1{}", "(".repeat(depth), ")".repeat(depth))))),
        ("LATE_BYTES", Trial::Unit("compiler/expression/tests/late.rs", "what_is_left_to_terraform_is_bounded")),
        ("LATE_DEPTH", Trial::Unit("compiler/expression/tests/late.rs", "what_is_left_to_terraform_is_bounded")),
        ("NOTATION_BYTES", Trial::Project(|bytes| expression(&format!("string(duration(\"{}s\"))", "0".repeat(bytes - 1))))),
        ("EVALUATION_STEPS", Trial::Unit(BUDGET, "steps_are_counted")),
        ("EVALUATION_BYTES", Trial::Unit(BUDGET, "bytes_are_counted")),
        (
            "VALUE_DEPTH",
            Trial::Project(|depth| {
                // Expressions nest less deep than values, so a few of them put brackets around each other.
                let bracketed = |inner: &str, depth: usize| format!("{}{inner}{}", "[".repeat(depth), "]".repeat(depth));
                let before = each(4, |at| {
                    let inner = if at == 0 { "1".to_owned() } else { format!("self.f.x{}", at - 1) };
                    format!("      x{at}: '${{{}}}'\n", bracketed(&inner, 60))
                });
                thing(&format!("    f:\n{before}      last: '${{{}}}'\n", bracketed("self.f.x3", depth - 240)))
            }),
        ),
        ("THINGS_DEPTH", Trial::Unit("compiler/model/work.rs", "things_are_kept_so_deep")),
        (
            "TEXT_BYTES",
            Trial::Project(|bytes| {
                thing(&format!(
                    "    f:\n      half: '${{lists.range(32768).map(i, \"{}\").join(\"\")}}'\n      whole: '${{self.f.half}}${{self.f.half}}{}'\n",
                    "x".repeat(bytes / 65536),
                    "${\"x\"}".repeat(bytes % 65536)
                ))
            }),
        ),
        (
            "READING_CHAIN",
            Trial::Project(|values| {
                thing(&format!(
                    "    f:\n{}      x{}: '${{1}}'\n",
                    each(values - 1, |at| format!("      x{at}: '${{self.f.x{}}}'\n", at + 1)),
                    values - 1
                ))
            }),
        ),
        ("THING_STEPS", Trial::Unit(ALLOWANCE, "things_are_bounded")),
        ("THING_WEIGHT", Trial::Unit(ALLOWANCE, "things_are_bounded")),
        ("LOOP_ENTRIES", Trial::Project(loops)),
        ("LOOP_WEIGHT", Trial::Unit("tests/hostile/deep.rs", "a loop over much")),
        ("THINGS", Trial::Unit("compiler/model/assemble/count.rs", "things_are_counted")),
        ("THINGS_BYTE", Trial::Unit("compiler/model/assemble/count.rs", "things_are_counted")),
        ("PLACEMENTS", Trial::Unit("compiler/model/assemble/count.rs", "placements_are_counted")),
        ("PLACEMENTS_BYTE", Trial::Unit("compiler/model/assemble/count.rs", "placements_are_counted")),
        ("LINKS", Trial::Unit("compiler/graph/edges.rs", "links_are_counted")),
        ("LINKS_THING", Trial::Unit("compiler/graph/edges.rs", "links_are_counted")),
        ("PLATFORM_STEPS", Trial::Unit(ALLOWANCE, "platforms_are_bounded")),
        ("PLATFORM_STEPS_BYTE", Trial::Unit(ALLOWANCE, "platforms_are_bounded")),
        ("PLATFORM_STEPS_THING", Trial::Unit(ALLOWANCE, "platforms_are_bounded")),
        ("PLATFORM_WEIGHT", Trial::Unit(ALLOWANCE, "platforms_are_bounded")),
        ("PLATFORM_WEIGHT_BYTE", Trial::Unit(ALLOWANCE, "platforms_are_bounded")),
        ("PLATFORM_WEIGHT_THING", Trial::Unit(ALLOWANCE, "platforms_are_bounded")),
    ])
}

/// Name, number and codes of each row.
fn table() -> Vec<(String, u64, Vec<String>)> {
    let text = std::fs::read_to_string(support::root().join("docs/limits.md")).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let name = cells.first()?.strip_prefix('`')?.strip_suffix('`')?.to_owned();
        let codes = cells.get(2)?.split(", ").filter_map(|code| code.strip_prefix('`')?.strip_suffix('`')).map(str::to_owned).collect();
        Some((name, cells.get(1)?.parse().ok()?, codes))
    };
    text.lines().filter(|line| line.starts_with('|')).filter_map(row).collect()
}

#[test]
fn the_table_has_every_limit() {
    let table: Vec<(String, u64)> = table().into_iter().map(|(name, number, _)| (name, number)).collect();
    let code: Vec<(String, u64)> = limit::ALL.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect();
    assert_eq!(table.iter().collect::<BTreeSet<_>>(), code.iter().collect::<BTreeSet<_>>());
    let known: BTreeSet<&str> = Code::ALL.iter().map(|code| code.word()).collect();
    for (name, _, codes) in self::table() {
        assert!(codes.iter().all(|code| known.contains(code.as_str())), "{name}: {codes:?}");
        assert!(trials().contains_key(name.as_str()), "{name} is not tried");
    }
}

/// Limits that stand beside what they bound have the numbers that the documentation says.
#[test]
fn other_limits_are_as_documented() {
    let text = std::fs::read_to_string(support::root().join("docs/limits.md")).unwrap();
    let rows: Vec<Vec<&str>> =
        text.lines().map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect()).collect();
    let mut compared = 0;
    for row in rows.iter().filter(|row| row.len() == 5 && row[0].ends_with(".rs")) {
        let source = std::fs::read_to_string(support::root().join("compiler").join(row[0])).unwrap();
        let start = format!("const {}: ", row[1]);
        let value = source.lines().find_map(|line| line.split_once(&start)?.1.split_once(" = ")?.1.strip_suffix(';')).unwrap();
        assert_eq!(number(value), row[2].parse::<u64>().unwrap(), "{} of {}", row[1], row[0]);
        compared += 1;
    }
    assert!(compared > 10, "the second table of docs/limits.md is not where this test looks for it");
}

/// A number as limits are written: `64 << 20`, `16 * 1024 * 1024`, `Duration::from_secs(5)`.
fn number(value: &str) -> u64 {
    let value = value.trim_start_matches("Duration::from_secs(").trim_end_matches(')').replace('_', "");
    match value.split_once(" << ") {
        Some((base, by)) => base.parse::<u64>().unwrap() << by.parse::<u32>().unwrap(),
        None => value.split(" * ").map(|factor| factor.parse::<u64>().unwrap()).product(),
    }
}

fn compiled(text: &str) -> BTreeSet<&'static str> {
    let compilation = platc::compile(&MemorySystem::default().with("platform.yaml", text), &Options::default());
    compilation.diagnostics.sorted(&compilation.sources).iter().map(|diagnostic| diagnostic.code.word()).collect()
}

fn loaded(files: &Files) -> BTreeSet<&'static str> {
    let mut diagnostics = Diagnostics::default();
    let sources = platc::project::load(files, (&[], &[]), &mut diagnostics);
    diagnostics.sorted(&sources).iter().map(|diagnostic| diagnostic.code.word()).collect()
}

#[test]
fn each_row_is_tried_at_the_limit_and_beyond() {
    let mut wrong = Vec::new();
    for (name, number, codes) in table() {
        let limit = usize::try_from(number).unwrap();
        let said = |found: &BTreeSet<&str>| codes.iter().any(|code| found.contains(code.as_str()));
        let (at, beyond, below) = match trials().remove(name.as_str()).unwrap() {
            Trial::Project(project) => (compiled(&project(limit)), compiled(&project(limit + 1)), None),
            Trial::About(project) => (BTreeSet::new(), compiled(&project(limit + 1)), Some(compiled(&project(limit - 100)))),
            Trial::Sources(files) => (loaded(&files(limit)), loaded(&files(limit + 1)), None),
            Trial::Unit(file, test) => {
                let text = std::fs::read_to_string(support::root().join(file)).unwrap();
                assert!(text.contains(&format!("fn {test}()")) || text.contains(&format!("\"{test}\"")), "{name}: {file} has no {test}");
                continue;
            }
        };
        if said(&at) || !said(&beyond) || below.as_ref().is_some_and(said) {
            wrong.push(format!("{name}: {at:?} at the limit, {beyond:?} beyond, {below:?} below"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
