//! The writer over a directory in memory: what happens to files that are ours, and to those that are not.

mod faults;
mod merges;

use super::*;
use crate::disk::MemoryDisk;
use crate::source::Sources;
use expect_test::{Expect, expect};
use std::fmt::Write as _;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A project's directory with helpers to build into it.
#[derive(Clone, Default)]
struct Site {
    disk: MemoryDisk,
}

impl Site {
    fn put(&self, path: &str, text: &str) {
        self.disk.put(path, text.as_bytes());
    }

    fn text(&self, path: &str) -> String {
        String::from_utf8(self.disk.read(path, u64::MAX).unwrap().unwrap()).unwrap()
    }

    /// Files as `path=text`; what is said and done.
    fn build(&self, files: &[&str]) -> String {
        run(&self.disk, files, None, write)
    }

    fn check(&self, files: &[&str]) -> String {
        run(&self.disk, files, None, check)
    }

    /// What stands in the output directory, but for what every build writes.
    fn tree(&self) -> String {
        let mut text = String::new();
        for (path, bytes) in self.disk.all() {
            let Some(path) = path.strip_prefix("dist/").filter(|path| *path != index::INDEX && *path != ATTRIBUTES) else { continue };
            match bytes {
                Some(bytes) => writeln!(text, "{path} {}", String::from_utf8(bytes).unwrap()).unwrap(),
                None => writeln!(text, "{path}/").unwrap(),
            }
        }
        text
    }
}

type Verb = fn(&dyn Disk, &Request<'_>, &mut Diagnostics) -> Outcome;

fn run(disk: &dyn Disk, files: &[&str], part: Option<&str>, verb: Verb) -> String {
    let is_chosen = |path: &str| part.is_none_or(|part| path.starts_with(part));
    let files = files.iter().map(|line| line.split_once('=').unwrap());
    let request = Request {
        prefix: "",
        output: "dist",
        files: files.map(|(path, text)| Outgoing { path, text: text.as_bytes(), chosen: is_chosen(path) }).collect(),
        partial: if part.is_some() { Some(&is_chosen) } else { None },
        token: TOKEN,
        by: "a test",
    };
    let mut diagnostics = Diagnostics::default();
    let outcome = verb(disk, &request, &mut diagnostics);
    let mut text = String::new();
    for diagnostic in diagnostics.sorted(&Sources::default()) {
        writeln!(text, "{}: {}", diagnostic.code.word(), diagnostic.message).unwrap();
    }
    let lists =
        [("+", &outcome.created), ("~", &outcome.updated), ("!", &outcome.restored), ("r", &outcome.converted), ("-", &outcome.removed)];
    for (word, list) in lists {
        for path in list.iter().filter(|path| *path != ATTRIBUTES) {
            writeln!(text, "{word} {path}").unwrap();
        }
    }
    let attributes = [&outcome.created, &outcome.updated].iter().all(|list| !list.iter().any(|path| path == ATTRIBUTES));
    writeln!(text, "{} unchanged", outcome.unchanged.saturating_sub(usize::from(attributes))).unwrap();
    text
}

fn said(text: &str, expected: Expect) {
    expected.assert_eq(text);
}

#[test]
fn writes_updates_and_removes_its_own_files_only() {
    let site = Site::default();
    site.put("dist/mine.txt", "kept");
    said(
        &site.build(&["a/x.yaml=1", "a/y.yaml=2", "b/c/z.yaml=3"]),
        expect![[r#"
            + a/x.yaml
            + a/y.yaml
            + b/c/z.yaml
            0 unchanged
        "#]],
    );
    said(
        &site.text("dist/platc.json"),
        expect![[r#"
            {
              "version": 2,
              "facts": [
                {"file":".gitattributes"},
                {"file":"a/x.yaml"},
                {"file":"a/y.yaml"},
                {"file":"b/c/z.yaml"},
                {}
              ]
            }
        "#]],
    );
    said(
        &site.build(&["a/x.yaml=1", "a/y.yaml=9"]),
        expect![[r#"
            ~ a/y.yaml
            - b/c/z.yaml
            1 unchanged
        "#]],
    );
    said(
        &site.tree(),
        expect![[r#"
            a/
            a/x.yaml 1
            a/y.yaml 9
            mine.txt kept
        "#]],
    );
    said(&site.build(&["a/x.yaml=1", "a/y.yaml=9"]), expect!["2 unchanged\n"]);
}

#[test]
fn check_writes_nothing() {
    let site = Site::default();
    said(
        &site.check(&["a/x.yaml=1"]),
        expect![[r#"
            + a/x.yaml
            0 unchanged
        "#]],
    );
    assert!(site.disk.all().is_empty());
}

#[test]
fn foreign_files_stop_everything_and_equal_ones_are_adopted() {
    let site = Site::default();
    site.put("dist/a/x.yaml", "other");
    site.put("dist/a/y.yaml", "2");
    said(
        &site.build(&["a/x.yaml=1", "a/y.yaml=2", "n.yaml=3"]),
        expect![[r#"
            foreign-file: `dist/a/x.yaml` is in the way: platc did not write it
            0 unchanged
        "#]],
    );
    said(
        &site.tree(),
        expect![[r#"
            a/
            a/x.yaml other
            a/y.yaml 2
        "#]],
    );
    site.disk.take("dist/a/x.yaml");
    site.build(&["a/x.yaml=1", "a/y.yaml=2"]);
    said(
        &site.build(&["a/x.yaml=1"]),
        expect![[r#"
            - a/y.yaml
            1 unchanged
        "#]],
    );
}

#[test]
fn edited_files_are_restored_but_never_removed() {
    let site = Site::default();
    site.build(&["x.yaml=1", "y.yaml=2"]);
    site.put("dist/x.yaml", "by hand");
    site.put("dist/y.yaml", "by hand");
    said(
        &site.build(&["x.yaml=1"]),
        expect![[r#"
            edited-file: `dist/y.yaml` is no longer part of the output, but is not as the last build here left it
            ~ x.yaml
            ! x.yaml
            0 unchanged
        "#]],
    );
    said(&site.build(&["x.yaml=1"]), expect!["1 unchanged\n"]);
    said(
        &site.tree(),
        expect![[r#"
            x.yaml 1
            y.yaml by hand
        "#]],
    );
}

#[test]
fn without_fingerprints_what_the_index_knows_is_ours() {
    let site = Site::default();
    site.build(&["x.yaml=1", "y.yaml=2"]);
    site.put("dist/x.yaml", "another machine's");
    site.put("dist/y.yaml", "another machine's");
    site.disk.take(".platc");
    said(
        &site.build(&["x.yaml=1"]),
        expect![[r#"
            ~ x.yaml
            - y.yaml
            0 unchanged
        "#]],
    );
}

#[test]
fn hostile_fingerprints_decide_about_nothing_foreign() {
    for hostile in
        ["platc fingerprints 1 dist\n00000000000000000000000000000000 mine\n6b86b273ff34fce19d6b804eff5a3f57 mine\n", "\0\0", "x"]
    {
        let site = Site::default();
        site.put("dist/mine", "1");
        site.put(".platc/fingerprints", hostile);
        said(
            &site.build(&["x=1", "mine=2"]),
            expect![[r#"
                foreign-file: `dist/mine` is in the way: platc did not write it
                0 unchanged
            "#]],
        );
        site.build(&["x=1"]);
        assert_eq!(site.text("dist/mine"), "1");
    }
    let site = Site::default();
    site.put("elsewhere/fingerprints", "secret");
    site.disk.link(".platc");
    site.build(&["x=1"]);
    site.disk.take(".platc");
    site.disk.make(".platc");
    site.disk.link(".platc/fingerprints");
    site.build(&["x=2"]);
    assert_eq!(site.text("elsewhere/fingerprints"), "secret");
}

#[test]
fn fingerprints_grow_and_are_written_anew() {
    let site = Site::default();
    let mut longest = 0;
    for round in 0..1200 {
        let files = [format!("x={round}"), "y=1".to_owned()];
        site.build(&[&files[0], &files[1]]);
        longest = longest.max(site.text(".platc/fingerprints").len());
    }
    assert!(longest < 60_000, "{longest}");
    site.put("dist/y", "by hand");
    said(
        &site.build(&["x=1199", "y=1"]),
        expect![[r#"
            ~ y
            ! y
            1 unchanged
        "#]],
    );
}

#[test]
fn only_staged_fingerprints_are_cleared_away() {
    let site = Site::default();
    site.put(".platc/fingerprints.staged", "half");
    site.put(".platc/staged-notes", "mine");
    for _ in 0..2 {
        site.build(&["x=1"]);
        assert_eq!(site.disk.kind(".platc/fingerprints.staged").unwrap(), None);
        assert_eq!(site.text(".platc/staged-notes"), "mine");
        // The second build has no new fingerprints, and clears it away too.
        site.put(".platc/fingerprints.staged", "half");
    }
}

#[test]
fn windows_line_ends_are_no_edit() {
    let site = Site::default();
    site.build(&["x.yaml=a\nb\n", "y.yaml=c\n"]);
    site.put("dist/x.yaml", "a\r\nb\r\n");
    site.put("dist/y.yaml", "c\r\n");
    let index = site.text("dist/platc.json").replace('\n', "\r\n");
    site.put("dist/platc.json", &index);
    said(
        &site.build(&["x.yaml=a\nb\n"]),
        expect![[r#"
            ~ x.yaml
            r x.yaml
            - y.yaml
            0 unchanged
        "#]],
    );
    assert!(!site.text("dist/platc.json").contains('\r'));
}

#[test]
fn line_ends_of_others_stay() {
    let site = Site::default();
    site.build(&["y.yaml=1"]);
    site.put("dist/x.yaml", "a\r\nb\r\n");
    let said = site.build(&["x.yaml=a\nb\n", "y.yaml=1"]);
    assert!(said.starts_with("foreign-file: `dist/x.yaml` is in the way"), "{said}");
    assert_eq!(site.text("dist/x.yaml"), "a\r\nb\r\n");
}

#[test]
fn attributes_of_others_stay() {
    let site = Site::default();
    site.put("dist/.gitattributes", "* text\n");
    site.build(&["x=1"]);
    site.build(&["x=2"]);
    assert_eq!(site.text("dist/.gitattributes"), "* text\n");
    assert!(!site.text("dist/platc.json").contains("gitattributes"));
}

#[test]
fn files_and_directories_change_places() {
    let site = Site::default();
    site.build(&["a=1", "b/c/d=2", "b/e=3"]);
    said(
        &site.build(&["a/x=1", "b=2"]),
        expect![[r#"
            + a/x
            + b
            - a
            - b/c/d
            - b/e
            0 unchanged
        "#]],
    );
    said(
        &site.tree(),
        expect![[r#"
            a/
            a/x 1
            b 2
        "#]],
    );
    site.put("dist/a/foreign", "");
    said(
        &site.build(&["a=1"]),
        expect![[r#"
            foreign-file: `dist/a` is in the way: it is a directory, a file is to be written there
            0 unchanged
        "#]],
    );
}

#[test]
fn empty_directories_go_if_they_were_ours() {
    let site = Site::default();
    site.build(&["a/b/x=1", "keep=1"]);
    site.disk.make("dist/mine/deep");
    site.disk.make("dist/f");
    // Somebody removed the file, as `git checkout` may.
    site.disk.take("dist/a/b/x");
    site.build(&["keep=1"]);
    said(
        &site.tree(),
        expect![[r#"
            f/
            keep 1
            mine/
            mine/deep/
        "#]],
    );
    said(
        &site.build(&["f=1"]),
        expect![[r#"
            foreign-file: `dist/f` is in the way: it is a directory, a file is to be written there
            0 unchanged
        "#]],
    );
}

#[test]
fn partial_builds_leave_the_rest_alone() {
    let site = Site::default();
    site.build(&["apps/a=1", "ops/a=1", "ops/gone=1"]);
    said(
        &run(&site.disk, &["apps/a=2", "apps/new=2", "ops/a=2"], Some("ops/"), write),
        expect![[r#"
            ~ ops/a
            - ops/gone
            0 unchanged
        "#]],
    );
    said(
        &site.tree(),
        expect![[r#"
            apps/
            apps/a 1
            ops/
            ops/a 2
        "#]],
    );
    assert!(!site.text("dist/platc.json").contains("apps/new"));
}

#[test]
fn an_index_never_says_more_than_is_there() {
    let site = Site::default();
    site.build(&["apps/a=1", "apps/b=1", "ops/a=1"]);
    site.disk.take("dist/apps/b");
    run(&site.disk, &["apps/a=1", "apps/b=1", "ops/a=1"], Some("ops/"), write);
    assert!(!site.text("dist/platc.json").contains("apps/b"));
    site.put("dist/apps/b", "somebody's");
    said(
        &site.build(&["apps/a=1", "apps/b=1", "ops/a=1"]),
        expect![[r#"
            foreign-file: `dist/apps/b` is in the way: platc did not write it
            0 unchanged
        "#]],
    );
}

#[test]
fn paths_cannot_leave() {
    let site = Site::default();
    said(
        &site.build(&["../x=1", "/etc/x=1", "a/../../x=1", "platc.json=1", "PLATC.Journal=1", "c:x=1", "a/.GIT/x=1", "ok=1", "ok/x=1"]),
        expect![[r#"
            output-inside-file: the path `ok/x` needs a directory where `ok` is a file
            path-leaves-output: the path `../x` leads out of the output directory
            path-leaves-output: the path `/etc/x` leads out of the output directory
            path-leaves-output: the path `PLATC.Journal` is one that platc keeps for itself
            path-leaves-output: the path `a/../../x` leads out of the output directory
            path-leaves-output: the path `a/.GIT/x` leads out of the output directory
            path-leaves-output: the path `c:x` leads out of the output directory
            path-leaves-output: the path `platc.json` is one that platc keeps for itself
            0 unchanged
        "#]],
    );
    assert!(site.disk.all().is_empty());
}

#[test]
fn links_are_refused() {
    let site = Site::default();
    site.build(&["a/x=1", "b/y=1"]);
    site.disk.take("dist/a");
    site.disk.link("dist/a");
    said(&site.build(&["a/x=1", "b/y=1"]), expect!["symlink-in-output: `dist/a` is a symbolic link\n0 unchanged\n"]);
    // What is behind the link is not ours any more.
    said(&site.build(&["b/y=1"]), expect!["~ platc.json\n1 unchanged\n"]);
    site.disk.take("dist/b/y");
    site.disk.link("dist/b/y");
    said(&site.build(&["b/y=1"]), expect!["symlink-in-output: `dist/b/y` is a symbolic link\n0 unchanged\n"]);
    site.disk.take("dist");
    site.disk.link("dist");
    said(&site.build(&["b/y=1"]), expect!["symlink-in-output: `dist` is a symbolic link\n0 unchanged\n"]);
}

#[test]
fn a_bad_index_is_an_error() {
    for (text, reason) in [
        ("", "it has no version"),
        ("{\"version\": 3}", "it has version 3, this platc knows versions 1 and 2"),
        ("{\n\"version\": 2,\n\"facts\": [\n{\"data\": \"x\"},\n{}\n]\n}", "it has a fact `data`, which this platc does not know"),
        ("{\"version\": 1, \"files\": 3}", "it has no facts"),
        ("{\n\"version\": 2,\nsomething\n", "line 3: not as platc writes it"),
        ("{\"version\": 1, \"files\": [{\"path\":\"../../x\",\"sha256\":\"\"}]}", "the path `../../x` is none that platc writes"),
        ("{\n\"version\": 2,\n{\"file\":\"a/.git/hooks/x\"}", "the path `a/.git/hooks/x` is none that platc writes"),
        ("{\n\"version\": 2,\n{\"file\":\"platc.json\"}", "the path `platc.json` is none that platc writes"),
        ("{\n\"version\": 2,\n{\"file\":\"Platc.JSON\"}", "the path `Platc.JSON` is none that platc writes"),
    ] {
        let site = Site::default();
        site.put("dist/platc.json", text);
        assert_eq!(
            site.build(&["x=1"]),
            format!("foreign-index: `dist/platc.json` is not an index that platc can read: {reason}\n0 unchanged\n")
        );
        assert_eq!(site.text("dist/platc.json"), text);
    }
    let site = Site::default();
    site.put("dist/platc.journal", "my notes");
    said(
        &site.build(&["x=1"]),
        expect!["foreign-index: `dist/platc.journal` is not an index that platc can read: line 1: not as platc writes it\n0 unchanged\n"],
    );
    assert_eq!(site.text("dist/platc.journal"), "my notes");
}

#[test]
fn an_unwritable_place_is_said() {
    let site = Site::default();
    site.put("dist", "a file");
    said(&site.build(&["x=1"]), expect!["foreign-file: `dist` is in the way: platc did not write it\n0 unchanged\n"]);
}

#[test]
fn an_index_of_version_1_is_read_once() {
    let digest = |text: &str| format!("{}{}", digest::Digest::of(text.as_bytes()), "0".repeat(32));
    let site = Site::default();
    site.put("dist/edited", "by hand");
    site.put("dist/stale", "1");
    site.put("dist/x", "1");
    let line = |path: &str, more: &str| format!("    {{\"path\":\"{path}\",\"sha256\":\"{}\"{more},\"entities\":[\"a\"]}},\n", digest("1"));
    let files = ["edited", "stale", "x"].map(|path| line(path, "")).concat();
    site.put("dist/platc.json", &format!("{{\n  \"version\": 1,\n  \"files\": [\n{}\n  ]\n}}\n", files.trim_end_matches(",\n")));
    said(
        &site.build(&["x=2"]),
        expect![[r#"
            edited-file: `dist/edited` is no longer part of the output, but is not as the last build here left it
            ~ x
            - stale
            0 unchanged
        "#]],
    );
    said(
        &site.text("dist/platc.json"),
        expect![[r#"
            {
              "version": 2,
              "facts": [
                {"file":".gitattributes"},
                {"file":"x"},
                {}
              ]
            }
        "#]],
    );
    // A build of that version was stopped: `x` was to change, `new` was claimed but never written, `stale` was to go.
    let site = Site::default();
    site.put("dist/stale", "1");
    site.put("dist/x", "1");
    site.put("dist/new", "somebody's");
    let was = format!(",\"was\":\"{}\"", digest("1"));
    let files = [line("new", ""), line("stale", &was), line("x", &was)].concat();
    site.put("dist/platc.json", &format!("{{\n  \"version\": 1,\n  \"complete\": false,\n  \"files\": [\n{files}  ]\n}}\n"));
    said(&site.build(&["new=2", "x=2"]), expect!["foreign-file: `dist/new` is in the way: platc did not write it\n0 unchanged\n"]);
    said(
        &site.build(&["x=2"]),
        expect![[r#"
            ~ x
            - stale
            0 unchanged
        "#]],
    );
    assert_eq!(site.text("dist/new"), "somebody's");
}
