//! What people see.

use super::*;
use crate::render::{github, sarif};
use expect_test::expect;
use platc::path::Path;
use platc::subject::Subject;

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
        github::render(std::slice::from_ref(&diagnostic), &view);
        sarif::render(&[diagnostic], &view);
    }
}
