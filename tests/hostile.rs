//! Projects that mean harm, or are merely broken. Each must end with the expected words and without a panic, however deep, large or
//! circular it is. No test measures time; a watchdog fails those that would not end. The worst ones run through the program as well, with
//! little memory.

mod bombs;
mod broken;
mod deep;
mod large;

use broken::{broken, tricky_names};
use deep::{exploding, nested};
use large::{circular, large};
use platc::Options;
use platc::code::Code;
use platc::system::MemorySystem;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

/// Longer than any of these takes in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A project of one or more files.
#[derive(Clone)]
struct Hostile {
    name: &'static str,
    files: Vec<(&'static str, Vec<u8>)>,
    /// The codes it gives; none: it compiles.
    expected: &'static [&'static str],
}

const PLATFORM: &str =
    "platform: {name: acme, domain: infra.example.com, repository: {url: https://git.example.com/a.git}}\nenvironments: {apps: {}}\n";

/// A cluster without much in it, and a service whose class a test writes.
const CLUSTER: &str = "clusters: {c0: {class: plain, region: r1}}\nclasses:\n  cluster:\n    plain: {schema: {region: string}}\n";

/// A project in one file behind platform and environments.
fn one(name: &'static str, text: impl Into<String>, expected: &'static [&'static str]) -> Hostile {
    let text = format!("{PLATFORM}{}", text.into());
    Hostile { name, files: vec![("platform.yaml", text.into_bytes())], expected }
}

/// A project with a second file.
fn two(name: &'static str, path: &'static str, text: impl Into<Vec<u8>>, expected: &'static [&'static str]) -> Hostile {
    Hostile { name, files: vec![("platform.yaml", PLATFORM.into()), (path, text.into())], expected }
}

/// A thing of infrastructure with these fields, each free.
fn thing(name: &'static str, fields: impl AsRef<str>, expected: &'static [&'static str]) -> Hostile {
    let fields = indented(fields.as_ref(), 4);
    one(
        name,
        format!("classes: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n  own:\n    class: thing\n{fields}"),
        expected,
    )
}

/// A service on a cluster whose class says this.
fn class(name: &'static str, sections: impl AsRef<str>, expected: &'static [&'static str]) -> Hostile {
    let sections = indented(sections.as_ref(), 6);
    one(
        name,
        format!("{CLUSTER}  service:\n    svc:\n      schema: {{f: object}}\n{sections}services: {{web: {{class: svc}}}}\n"),
        expected,
    )
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

fn numbered(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// A template below `manifests` that makes one object of this.
fn object(content: &str) -> String {
    format!("manifests:\n  a:\n    apiVersion: example.com/v1\n    kind: Thing\n    metadata: {{name: a}}\n{}", indented(content, 4))
}
fn all() -> Vec<Hostile> {
    [nested(), exploding(), circular(), large(), broken(), tricky_names()].into_iter().flatten().collect()
}

/// The codes of everything said, or what went wrong.
fn codes(files: &[(&'static str, Vec<u8>)]) -> Result<BTreeSet<&'static str>, String> {
    let system = files.iter().fold(MemorySystem::default(), |system, (path, text)| system.with(*path, text.clone()));
    let (sender, receiver) = mpsc::channel();
    // A thread of its own, with the stack that a program begins with: what does not end is left behind.
    let run = move || {
        let mut compilation = platc::compile(&system, &Options::default());
        let artifacts = platc::emit(&mut compilation);
        assert!(artifacts.iter().all(|(path, _)| path.split('/').all(|part| !matches!(part, "" | "." | ".."))));
        let said = compilation.diagnostics.sorted(&compilation.sources);
        let codes = said.iter().map(|diagnostic| diagnostic.code).collect::<BTreeSet<Code>>();
        drop((compilation, artifacts, said));
        sender.send(codes.into_iter().map(Code::word).collect()).ok();
    };
    let worker = std::thread::Builder::new().stack_size(8 << 20).spawn(run).unwrap();
    match receiver.recv_timeout(PATIENCE) {
        Ok(codes) => {
            worker.join().map_err(|_| "panics")?;
            Ok(codes)
        }
        Err(mpsc::RecvTimeoutError::Timeout) => Err("does not end".into()),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err("panics".into()),
    }
}

fn check(projects: Vec<Hostile>) {
    let mut wrong = String::new();
    for Hostile { name, files, expected } in projects {
        let found = codes(&files);
        if found.as_ref().is_ok_and(|found| found.iter().eq(expected.iter())) {
            continue;
        }
        writeln!(wrong, "{name}: expected {expected:?}, found {found:?}").unwrap();
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn depth_is_bounded() {
    check(nested());
}

#[test]
fn expansion_is_bounded() {
    check(exploding());
}

#[test]
fn circles_are_found() {
    check(circular());
}

#[test]
fn size_is_no_harm() {
    check(large());
}

#[test]
fn broken_text_is_refused() {
    check(broken());
}

#[test]
fn names_stay_inside() {
    check(tricky_names());
}

/// The program with 2 GiB of memory: it says what is wrong, or nothing; no signal ends it.
#[test]
fn memory_is_bounded() {
    let program = env!("CARGO_BIN_EXE_platc");
    for Hostile { name, files, expected } in all().into_iter().filter(|project| {
        [
            "aliases",
            "values",
            "doubled texts",
            "a loop over much",
            "a value used much",
            "many costly expressions",
            "types",
            "values that grow deeper",
            "a long quoted text",
            "many keys",
            "many layers",
        ]
        .contains(&project.name)
    }) {
        let folder = crate::support::scratch();
        for (path, text) in &files {
            std::fs::write(folder.path().join(path), text).unwrap();
        }
        let output = Command::new("sh")
            .args(["-c", &format!("ulimit -v 2097152; exec {program} check")])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let expected = i32::from(!expected.is_empty());
        assert_eq!(output.status.code(), Some(expected), "{name}: {said}");
    }
}

/// What is named like a source and is none: pipes that would block, directories, links in circles and out of the project.
#[test]
#[cfg(unix)]
fn files_that_are_none() {
    use std::os::unix::fs::symlink;
    let folder = crate::support::scratch();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("platform.yaml"), PLATFORM).unwrap();
    std::fs::create_dir(at("directory.yaml")).unwrap();
    assert!(Command::new("mkfifo").arg(at("pipe.yaml")).status().unwrap().success());
    for (target, link) in [("pipe.yaml", "linked.yaml"), ("/dev/zero", "endless.yaml"), ("..", "above"), (".", "again"), ("/", "all")] {
        symlink(target, at(link)).unwrap();
    }
    let run = || Command::new("timeout").args(["60", env!("CARGO_BIN_EXE_platc"), "check"]).current_dir(folder.path()).output().unwrap();
    let output = run();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    symlink("one.yaml", at("other.yaml")).unwrap();
    symlink("other.yaml", at("one.yaml")).unwrap();
    let output = run();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), said.matches("error[unreadable-file]").count()), (Some(1), 2), "{said}");
}

/// What a parent, its child and the child's overlay say, with every operator and every way in which lists merge.
const MERGED: &str = "\
platform: {name: acme, domain: infra.example.com}
environments: {apps: {}, ops: {inherits: apps}}
classes:
  infrastructure:
    thing:
      types: {tree: {name: string, size: integer | default=1, below: 'map[string]tree'}}
      schema:
        a: object
        b: '[]string | listType=set'
        c: {$type: '[]tree', $listType: map, $listMapKey: name}
        d: 'map[string]tree'
infrastructure:
  base:
    class: thing
    abstract: true
    a: {x: 1, y: {z: [1, 2]}}
    b: [p, q]
    c: [{name: x, size: 2, below: {k: {name: z}}}]
    d!: {k: {name: l}}
  own:
    inherits: base
    a+: {v: '${self.b[0]}'}
    b-: [p]
    c: [{name: x, size: 3, below: {k-: }}, {name: w}]
    environments:
      ops: {a: {y=: {}}, b+: [r], c-: [w]}
";

/// A class with every directive.
const EXPANDED: &str = "\
platform: {name: acme, domain: infra.example.com, repository: {url: https://git.example.com/a.git}}
environments: {apps: {}}
clusters: {c0: {class: plain, region: r1}}
services: {web: {class: svc, zones: [a, b], open: {x: '1'}}}
classes:
  cluster:
    plain: {schema: {region: string}}
  service:
    svc:
      schema: {zones: '[]string', open: object}
      let: {n: '${size(self.zones)}', m: '${self.zones.map(z, z + string(let.n))}'}
      manifests:
        one:
          apiVersion: example.com/v1
          kind: Thing
          metadata: {name: '${self.name}', labels: {$spread: '${self.open}', $if: '${let.n > 1}'}}
          spec: [{$for: {a: '${let.m}', b: '${lists.range(index.a)}'}, v: '${a}${string(b)}'}, {$verbatim: {w: '${x}'}}]
        'two-${zone}':
          $for: {zone: '${self.zones}'}
          apiVersion: example.com/v1
          kind: Thing
          metadata: {name: 'two-${zone}'}
      terraform:
        resource: {null_resource: {'a-${self.name}': {triggers: {b: '${resource.null_resource.b.id}'}}, b: {}}}
      outputs: {o: '${resource.null_resource.b.id}'}
";

const PIECES: &[&str] = &[
    "+",
    "-",
    "=",
    "!",
    ": ",
    ":",
    ", ",
    "{",
    "}",
    "[",
    "]",
    "\n",
    "  ",
    "'",
    "\"",
    "${",
    "}",
    "$${",
    "$for: ",
    "$if: ",
    "$spread: ",
    "$verbatim: ",
    "null",
    "true",
    "1",
    "x",
    "self",
    "let.n",
    "index",
    "&a ",
    "*a",
    "!!",
    "|",
    "~",
    "environments: ",
    "clusters: ",
    "inherits: ",
    "class: ",
    "base",
    "own",
    "size(",
    ")",
    ".map(",
    "self.zones",
    "resource.",
    "abstract: ",
    "enabled: false",
    "é",
    "\u{0}",
];

fn mutated(text: &'static str) -> impl Strategy<Value = String> {
    let edit = (0..text.len(), 0..8_usize, proptest::sample::select(PIECES));
    proptest::collection::vec(edit, 1..5).prop_map(move |edits| {
        let mut out = text.to_owned();
        for (at, remove, insert) in edits {
            let boundary = |mut at: usize| {
                at = at.min(out.len());
                while !out.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let (start, end) = (boundary(at), boundary(at + remove));
            out.replace_range(start..end, insert);
        }
        out
    })
}

/// Builds a project; every place that is spoken of lies in its source.
fn survive(text: &str) {
    let mut compilation = platc::compile(&MemorySystem::default().with("platform.yaml", text), &Options::default());
    let artifacts = platc::emit(&mut compilation);
    assert!(artifacts.iter().all(|(path, _)| path.split('/').all(|part| !matches!(part, "" | "." | ".."))));
    for diagnostic in compilation.diagnostics.sorted(&compilation.sources) {
        for label in diagnostic.primary.iter().chain(&diagnostic.labels) {
            let source = compilation.sources.get(label.span.file).unwrap();
            assert!(source.text.get(label.span.start as usize..label.span.end as usize).is_some(), "{diagnostic:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_layers_survive(text in mutated(MERGED)) {
        survive(&text);
    }

    #[test]
    fn mutated_templates_survive(text in mutated(EXPANDED)) {
        survive(&text);
    }
}

#[test]
fn what_is_mutated_is_fine() {
    for text in [MERGED, EXPANDED] {
        let compilation = platc::compile(&MemorySystem::default().with("platform.yaml", text), &Options::default());
        assert!(!compilation.diagnostics.has_errors(), "{}", crate::support::said(&compilation));
    }
}
