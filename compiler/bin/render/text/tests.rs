use super::*;
use expect_test::{Expect, expect};
use platc::code::Code;
use platc::path::Path;
use platc::source::{Grammar, Source, Sources};
use platc::subject::Subject;

struct World {
    sources: Sources,
}

impl World {
    fn new(files: &[(&str, &str)]) -> Self {
        let mut sources = Sources::default();
        for (path, text) in files {
            let library = path.starts_with("std/");
            sources.add(Source { path: (*path).into(), text: (*text).into(), grammar: Grammar::Yaml, library });
        }
        Self { sources }
    }

    /// The span of the first `needle` in the file of this number.
    fn span(&self, file: u32, needle: &str) -> Span {
        let file = FileId(file);
        let start = self.sources.get(file).unwrap().text.find(needle).unwrap();
        Span::new(file, start, start + needle.len())
    }

    fn check(&self, diagnostics: &[Diagnostic], expected: Expect) {
        let view = View { sources: &self.sources, prefix: "../" };
        expected.assert_eq(render(diagnostics, &view, &Renderer::plain()).text());
    }
}

fn sample() -> World {
    World::new(&[
        ("clusters/gc0.yaml", "clusters:\n  gc0:\n    class: eks\n    size:\n      maxNodes: 6\n"),
        ("std/cluster/eks.yaml", "schema:\n  size:\n    max: integer\n"),
    ])
}

#[test]
fn several_files_in_one_picture() {
    let world = sample();
    let diagnostic = Diagnostic::error(Code::ForeignFile, "node pool has no field `maxNodes`", world.span(0, "maxNodes"), "not a field")
        .label(world.span(1, "size:"), "fields of `size` are declared here")
        .label(world.span(0, "eks"), "class chosen here")
        .about(Subject::definition("apps.clusters.gc0.size.maxNodes".parse().unwrap()))
        .note("inherited value 3")
        .hint("write `max`")
        .replace(world.span(0, "maxNodes"), "max");
    let mut affected = diagnostic.clone();
    affected.replacement = None;
    affected.affects = (1..=7).map(|at| Subject::definition(Path::of([format!("c{at}")]))).collect();
    affected.severity = Severity::Warning;
    world.check(
        &[diagnostic, affected],
        expect![[r#"
        error[foreign-file]: node pool has no field `maxNodes`
         --> ../clusters/gc0.yaml:5:7
          |
        3 |     class: eks
          |            --- (2) class chosen here
        4 |     size:
        5 |       maxNodes: 6
          |       ^^^^^^^^ not a field
          |
         ::: std/cluster/eks.yaml:2:3
          |
        2 |   size:
          |   ----- (1) fields of `size` are declared here
          |
          = path: apps.clusters.gc0.size.maxNodes
          = note: inherited value 3
        help: write `max`
          |
        5 -       maxNodes: 6
        5 +       max: 6
          |

        warning[foreign-file]: node pool has no field `maxNodes`
         --> ../clusters/gc0.yaml:5:7
          |
        3 |     class: eks
          |            --- (2) class chosen here
        4 |     size:
        5 |       maxNodes: 6
          |       ^^^^^^^^ not a field
          |
         ::: std/cluster/eks.yaml:2:3
          |
        2 |   size:
          |   ----- (1) fields of `size` are declared here
          |
          = path: apps.clusters.gc0.size.maxNodes
          = affects: 7 more: c1, c2, c3, c4, c5, …
          = note: inherited value 3
          = help: write `max`

        1 error, 1 warning
        for more about it, run `platc explain foreign-file`
    "#]],
    );
}

#[test]
fn without_a_place() {
    let world = sample();
    world.check(
        &[Diagnostic::general(Code::MissingPlatform, "no `platform.yaml` here").hint("write one")],
        expect![[r#"
        error[missing-platform]: no `platform.yaml` here
         |
         = help: write one

        1 error
        for more about it, run `platc explain missing-platform`
    "#]],
    );
}

#[test]
fn hostile_text_and_odd_spans() {
    let world = World::new(&[("a.yaml", "a: \"\u{1b}[31mé\u{7}\"\r\nb: 1"), ("empty.yaml", "")]);
    let file = FileId(0);
    world.check(
        &[
            Diagnostic::error(Code::ForeignFile, "escape \u{1b}[31m", Span::new(file, 3, 13), "red \u{1b}[0m").note("\u{7}bell"),
            Diagnostic::error(Code::ForeignFile, "inside a character", Span::new(file, 10, 11), ""),
            Diagnostic::error(Code::ForeignFile, "beyond the end", Span::new(file, 1000, 2000), "here"),
            Diagnostic::error(Code::ForeignFile, "at the end", Span::new(file, 20, 20), "here"),
            Diagnostic::error(Code::ForeignFile, "in an empty file", Span::new(FileId(1), 0, 0), "here"),
            Diagnostic::error(Code::ForeignFile, "in no file", Span::new(FileId(9), 0, 4), "here"),
        ],
        expect![[r#"
            error[foreign-file]: escape \u{1b}[31m
             --> ../a.yaml:1:4
              |
            1 | a: "\u{1b}[31mé\u{7}"
              |    ^^^^^^^^^^^^^^^^^^ red \u{1b}[0m
              |
              = note: \u{7}bell

            error[foreign-file]: inside a character
             --> ../a.yaml:1:15
              |
            1 | a: "\u{1b}[31mé\u{7}"
              |               ^

            error[foreign-file]: beyond the end
             --> ../a.yaml:2:5
              |
            2 | b: 1
              |     ^ here

            error[foreign-file]: at the end
             --> ../a.yaml:2:5
              |
            2 | b: 1
              |     ^ here

            error[foreign-file]: in an empty file
             --> ../empty.yaml:1:1
              |
            1 |
              | ^ here

            error[foreign-file]: in no file

            6 errors
            for more about it, run `platc explain foreign-file`
        "#]],
    );
}

#[test]
fn tall_and_wide_marks_are_cut() {
    let tall: String = (0..20).map(|at| format!("k{at}: v\n")).collect();
    let wide = format!("a: {}", "x".repeat(100_000));
    let world = World::new(&[("tall.yaml", &tall), ("wide.yaml", &wide)]);
    world.check(
        &[
            Diagnostic::error(Code::ForeignFile, "tall", Span::new(FileId(0), 6, 100), "all of it").label(world.span(0, "k19"), "its end"),
            Diagnostic::error(Code::ForeignFile, "wide", Span::new(FileId(1), 3, 50_000), "all of it"),
        ],
        expect![[r#"
            error[foreign-file]: tall
              --> ../tall.yaml:2:1
               |
             2 | k1: v
               | ^^^^^ all of it
            ...
            20 | k19: v
               | --- its end

            error[foreign-file]: wide
            --> ../wide.yaml:1:4
             = here: all of it

            2 errors
            for more about it, run `platc explain foreign-file`
        "#]],
    );
}

#[test]
fn many_are_capped() {
    let world = sample();
    let many: Vec<Diagnostic> = (0..120).map(|at| Diagnostic::general(Code::ForeignFile, format!("number {at}"))).collect();
    let view = View { sources: &world.sources, prefix: "" };
    let text = render(&many, &view, &Renderer::plain());
    assert!(
        text.text().ends_with(
            "error[foreign-file]: number 99\n\n… and 20 more\n\n120 errors\nfor more about it, run `platc explain foreign-file`\n"
        )
    );
}

#[test]
fn machines_get_the_same() {
    let world = sample();
    let view = View { sources: &world.sources, prefix: "" };
    let diagnostic = Diagnostic::error(Code::ForeignFile, "100% wrong, really: yes", world.span(0, "maxNodes"), "this")
        .label(world.span(1, "size:"), "declared")
        .hint("write `max`")
        .replace(world.span(0, "maxNodes"), "max");
    let all = [diagnostic, Diagnostic::general(Code::MissingPlatform, "nothing")];
    expect![[r#"
        ::error file=clusters/gc0.yaml,line=5,endLine=5,col=7,endColumn=15,title=foreign-file::100%25 wrong, really: yes: this%0Astd/cluster/eks.yaml:2:3: declared%0Ahelp: write `max`
        ::error title=missing-platform::nothing
    "#]].assert_eq(&super::super::github::render(&all, &view));
    expect![[r#"
        {
          "diagnostics": [
            {
              "affects": [],
              "code": "foreign-file",
              "hint": "write `max`",
              "labels": [
                {
                  "column": 3,
                  "endColumn": 8,
                  "endLine": 2,
                  "file": "std/cluster/eks.yaml",
                  "line": 2,
                  "text": "declared"
                }
              ],
              "message": "100% wrong, really: yes",
              "notes": [],
              "path": null,
              "primary": {
                "column": 7,
                "endColumn": 15,
                "endLine": 5,
                "file": "clusters/gc0.yaml",
                "line": 5,
                "text": "this"
              },
              "replacement": {
                "column": 7,
                "endColumn": 15,
                "endLine": 5,
                "file": "clusters/gc0.yaml",
                "line": 5,
                "text": "max"
              },
              "severity": "error"
            },
            {
              "affects": [],
              "code": "missing-platform",
              "hint": null,
              "labels": [],
              "message": "nothing",
              "notes": [],
              "path": null,
              "primary": null,
              "replacement": null,
              "severity": "error"
            }
          ],
          "errors": 2,
          "warnings": 0
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&super::super::json::render(&all, &view)).unwrap());
    let mut sarif = super::super::sarif::render(&all, &view);
    for rule in sarif["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        rule.as_object_mut().unwrap().remove("help");
    }
    expect![[r#"
        {
          "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
          "runs": [
            {
              "columnKind": "unicodeCodePoints",
              "results": [
                {
                  "fixes": [
                    {
                      "artifactChanges": [
                        {
                          "artifactLocation": {
                            "uri": "clusters/gc0.yaml"
                          },
                          "replacements": [
                            {
                              "deletedRegion": {
                                "endColumn": 15,
                                "endLine": 5,
                                "startColumn": 7,
                                "startLine": 5
                              },
                              "insertedContent": {
                                "text": "max"
                              }
                            }
                          ]
                        }
                      ]
                    }
                  ],
                  "level": "error",
                  "locations": [
                    {
                      "message": {
                        "text": "this"
                      },
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "clusters/gc0.yaml"
                        },
                        "region": {
                          "endColumn": 15,
                          "endLine": 5,
                          "startColumn": 7,
                          "startLine": 5
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "100% wrong, really: yes\nhelp: write `max`"
                  },
                  "relatedLocations": [
                    {
                      "message": {
                        "text": "declared"
                      },
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "std/cluster/eks.yaml"
                        },
                        "region": {
                          "endColumn": 8,
                          "endLine": 2,
                          "startColumn": 3,
                          "startLine": 2
                        }
                      }
                    }
                  ],
                  "ruleId": "foreign-file"
                },
                {
                  "level": "error",
                  "locations": [],
                  "message": {
                    "text": "nothing"
                  },
                  "ruleId": "missing-platform"
                }
              ],
              "tool": {
                "driver": {
                  "name": "platc",
                  "rules": [
                    {
                      "id": "foreign-file",
                      "shortDescription": {
                        "text": "A file is to be written where there is already a file, with other content, that platc did not write."
                      }
                    },
                    {
                      "id": "missing-platform",
                      "shortDescription": {
                        "text": "No `platform.yaml` or `platform.toml` stands at the root of the project, or neither defines `platform`."
                      }
                    }
                  ],
                  "semanticVersion": "0.1.0"
                }
              }
            }
          ],
          "version": "2.1.0"
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&sarif).unwrap());
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(2000))]

    /// No text and no spans make the drawing panic.
    #[test]
    fn draws_anything(
        texts in proptest::collection::vec("[a-z\\t\\r\\n :é漢🦀\u{1b}\u{0}\u{200d}\u{301}\u{202e}]{0,60}", 1..3),
        spans in proptest::collection::vec((0_u32..3, 0_u32..90, 0_u32..90), 1..6),
        words in "[a-z\\n\\t\u{1b}é]{0,12}",
    ) {
        let named: Vec<(String, &str)> = texts.iter().enumerate().map(|(at, text)| (format!("{at}.yaml"), text.as_str())).collect();
        let world = World::new(&named.iter().map(|(path, text)| (path.as_str(), *text)).collect::<Vec<_>>());
        let span = |at: usize| {
            let (file, start, end) = spans[at % spans.len()];
            Span { file: FileId(file), start, end }
        };
        let mut diagnostic = Diagnostic::error(Code::ForeignFile, words.clone(), span(0), words.clone()).replace(span(1), words.clone()).hint(words);
        for at in 1..spans.len() {
            diagnostic = diagnostic.label(span(at), "x");
        }
        let view = View { sources: &world.sources, prefix: "" };
        render(std::slice::from_ref(&diagnostic), &view, &Renderer::styled());
        super::super::github::render(std::slice::from_ref(&diagnostic), &view);
        super::super::sarif::render(&[diagnostic], &view);
    }
}
