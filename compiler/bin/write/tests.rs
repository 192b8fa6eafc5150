use super::index::INDEX;
use super::*;
use expect_test::{Expect, expect};
use std::fmt::Write as _;
use tempfile::TempDir;

/// A project directory with helpers to build into it.
struct Site {
    dir: TempDir,
}

impl Site {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.dir.path().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        std::fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        std::fs::write(self.path(path), text).unwrap();
    }

    /// Files as `path=text@entity`; what is said and done, then the tree.
    fn build(&self, files: &[&str]) -> String {
        self.run(files, None, write)
    }

    fn run(&self, files: &[&str], scope: Option<&[&str]>, verb: fn(&Request<'_>, &mut Diagnostics) -> Outcome) -> String {
        let files = files
            .iter()
            .map(|line| {
                let (path, rest) = line.split_once('=').unwrap();
                let (text, entity) = rest.split_once('@').unwrap_or((rest, ""));
                Outgoing { path, text: text.as_bytes(), entities: entity.split(',').filter(|entity| !entity.is_empty()).collect() }
            })
            .collect();
        let request = Request {
            root: self.dir.path(),
            prefix: "",
            output: "dist",
            files,
            scope: scope.map(|scope| scope.iter().map(|&path| path.to_owned()).collect()),
        };
        let mut diagnostics = Diagnostics::default();
        let outcome = verb(&request, &mut diagnostics);
        let mut text = String::new();
        for diagnostic in diagnostics.sorted(&platc::source::Sources::default()) {
            writeln!(text, "{}: {}", diagnostic.code.word(), diagnostic.message).unwrap();
        }
        for (word, list) in [("+", &outcome.created), ("~", &outcome.updated), ("!", &outcome.restored), ("-", &outcome.removed)] {
            for path in list {
                writeln!(text, "{word} {path}").unwrap();
            }
        }
        writeln!(text, "{} unchanged", outcome.unchanged).unwrap();
        text
    }

    /// All files below `dist` with their first line, index aside.
    fn tree(&self) -> String {
        let mut text = String::new();
        for entry in walkdir::WalkDir::new(self.path("dist")).sort_by_file_name() {
            let entry = entry.unwrap();
            let inner = entry.path().strip_prefix(self.path("dist")).unwrap().to_str().unwrap();
            if entry.file_type().is_dir() {
                if entry.depth() > 0 {
                    writeln!(text, "{inner}/").unwrap();
                }
            } else if inner != INDEX {
                writeln!(text, "{inner} {}", std::fs::read_to_string(entry.path()).unwrap().trim()).unwrap();
            }
        }
        text
    }
}

fn check_text(text: &str, expected: Expect) {
    expected.assert_eq(text);
}

#[test]
fn writes_updates_and_removes_its_own_files_only() {
    let site = Site::new();
    site.put("dist/mine.txt", "kept");
    check_text(
        &site.build(&["a/x.yaml=1@apps.clusters.gc0", "a/y.yaml=2", "b/c/z.yaml=3"]),
        expect![[r#"
            + a/x.yaml
            + a/y.yaml
            + b/c/z.yaml
            0 unchanged
        "#]],
    );
    check_text(
        &std::fs::read_to_string(site.path("dist/platc.json")).unwrap(),
        expect![[r#"
            {
              "version": 1,
              "files": [
                {"path":"a/x.yaml","sha256":"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b","entities":["apps.clusters.gc0"]},
                {"path":"a/y.yaml","sha256":"d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35","entities":[]},
                {"path":"b/c/z.yaml","sha256":"4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce","entities":[]}
              ]
            }
        "#]],
    );
    check_text(
        &site.build(&["a/x.yaml=1", "a/y.yaml=9"]),
        expect![[r#"
            ~ a/y.yaml
            - b/c/z.yaml
            1 unchanged
        "#]],
    );
    check_text(
        &site.tree(),
        expect![[r#"
            a/
            a/x.yaml 1
            a/y.yaml 9
            mine.txt kept
        "#]],
    );
}

#[test]
fn nothing_changes_when_nothing_changed() {
    let site = Site::new();
    site.build(&["a/x.yaml=1"]);
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1000);
    for path in ["dist/a/x.yaml", "dist/platc.json"] {
        std::fs::File::options().append(true).open(site.path(path)).unwrap().set_modified(old).unwrap();
    }
    check_text(&site.build(&["a/x.yaml=1"]), expect!["1 unchanged\n"]);
    for path in ["dist/a/x.yaml", "dist/platc.json"] {
        assert_eq!(std::fs::metadata(site.path(path)).unwrap().modified().unwrap(), old, "{path}");
    }
}

#[test]
fn check_writes_nothing() {
    let site = Site::new();
    check_text(
        &site.run(&["a/x.yaml=1"], None, check),
        expect![[r#"
            + a/x.yaml
            0 unchanged
        "#]],
    );
    assert!(!site.path("dist").exists());
}

#[test]
fn foreign_files_stop_everything_and_equal_ones_are_adopted() {
    let site = Site::new();
    site.put("dist/a/x.yaml", "other");
    site.put("dist/a/y.yaml", "2");
    check_text(
        &site.build(&["a/x.yaml=1", "a/y.yaml=2", "n.yaml=3"]),
        expect![[r#"
            foreign-file: `dist/a/x.yaml` is in the way: platc did not write it
            0 unchanged
        "#]],
    );
    check_text(
        &site.tree(),
        expect![[r#"
            a/
            a/x.yaml other
            a/y.yaml 2
        "#]],
    );
    assert!(!site.path("dist/platc.json").exists());
    std::fs::remove_file(site.path("dist/a/x.yaml")).unwrap();
    check_text(
        &site.build(&["a/x.yaml=1", "a/y.yaml=2"]),
        expect![[r#"
            + a/x.yaml
            1 unchanged
        "#]],
    );
    check_text(
        &site.build(&["a/x.yaml=1"]),
        expect![[r#"
            - a/y.yaml
            1 unchanged
        "#]],
    );
}

#[test]
fn edited_files_are_restored_but_never_removed() {
    let site = Site::new();
    site.build(&["x.yaml=1", "y.yaml=2"]);
    site.put("dist/x.yaml", "by hand");
    site.put("dist/y.yaml", "by hand");
    check_text(
        &site.build(&["x.yaml=1"]),
        expect![[r#"
            edited-file: `dist/y.yaml` is no longer part of the output, but was edited by hand
            ~ x.yaml
            ! x.yaml
            0 unchanged
        "#]],
    );
    check_text(&site.build(&["x.yaml=1"]), expect!["1 unchanged\n"]);
    check_text(
        &site.tree(),
        expect![[r#"
            x.yaml 1
            y.yaml by hand
        "#]],
    );
}

#[test]
fn files_and_directories_change_places() {
    let site = Site::new();
    site.build(&["a=1", "b/c/d=2", "b/e=3"]);
    check_text(
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
    check_text(
        &site.tree(),
        expect![[r#"
            a/
            a/x 1
            b 2
        "#]],
    );
    site.put("dist/a/foreign", "");
    check_text(
        &site.build(&["a=1"]),
        expect![[r#"
            foreign-file: `dist/a` is in the way: it is a directory, a file is to be written there
            0 unchanged
        "#]],
    );
}

#[test]
fn partial_builds_leave_the_rest_alone() {
    let site = Site::new();
    let all = [
        "base=1@apps.clusters.gc0,ops.clusters.gc0",
        "apps=1@apps.clusters.gc0",
        "ops=1@ops.clusters.gc0",
        "gone=1@ops.clusters.gc0.services.x",
    ];
    site.build(&all);
    check_text(
        &site.run(
            &["base=2@apps.clusters.gc0,ops.clusters.gc0", "apps=2@apps.clusters.gc0", "ops=2@ops.clusters.gc0"],
            Some(&["ops"]),
            write,
        ),
        expect![[r#"
            ~ base
            ~ ops
            - gone
            0 unchanged
        "#]],
    );
    check_text(
        &site.build(&["base=2", "ops=2"]),
        expect![[r#"
            - apps
            2 unchanged
        "#]],
    );
}

#[test]
fn paths_cannot_leave() {
    let site = Site::new();
    check_text(
        &site.build(&["../x=1", "/etc/x=1", "a/../../x=1", "platc.json=1", "c:x=1", "ok=1"]),
        expect![[r#"
            path-leaves-output: the path `../x` leads out of the output directory
            path-leaves-output: the path `/etc/x` leads out of the output directory
            path-leaves-output: the path `a/../../x` leads out of the output directory
            path-leaves-output: the path `c:x` leads out of the output directory
            path-leaves-output: the path `platc.json` leads out of the output directory
            0 unchanged
        "#]],
    );
    assert!(!site.path("dist").exists());
}

#[cfg(unix)]
#[test]
fn links_are_refused() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    let site = Site::new();
    site.build(&["a/x=1", "b/y=1"]);
    std::fs::remove_dir_all(site.path("dist/a")).unwrap();
    symlink(outside.path(), site.path("dist/a")).unwrap();
    check_text(&site.build(&["a/x=1", "b/y=1"]), expect!["symlink-in-output: `dist/a` is a symbolic link\n0 unchanged\n"]);
    check_text(&site.build(&["b/y=1"]), expect!["symlink-in-output: `dist/a` is a symbolic link\n0 unchanged\n"]);
    std::fs::remove_file(site.path("dist/a")).unwrap();
    std::fs::remove_file(site.path("dist/b/y")).unwrap();
    symlink(outside.path().join("z"), site.path("dist/b/y")).unwrap();
    check_text(&site.build(&["b/y=1"]), expect!["symlink-in-output: `dist/b/y` is a symbolic link\n0 unchanged\n"]);
    std::fs::remove_dir_all(site.path("dist")).unwrap();
    symlink(outside.path(), site.path("dist")).unwrap();
    check_text(&site.build(&["b/y=1"]), expect!["symlink-in-output: `dist` is a symbolic link\n0 unchanged\n"]);
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn a_bad_index_is_an_error() {
    for (text, reason) in [
        ("", "line 1, column 0: not as platc writes it"),
        ("{\"version\": 2}", "it has version 2, this platc knows version 1"),
        ("{\"version\": 1, \"files\": 3}", "line 1, column 25: not as platc writes it"),
        ("{\"version\": 1, \"files\": [{\"path\":\"../../x\",\"sha256\":\"\"}]}", "the path `../../x` leads out of the output directory"),
    ] {
        let site = Site::new();
        site.put("dist/platc.json", text);
        assert_eq!(
            site.build(&["x=1"]),
            format!("foreign-index: `dist/platc.json` is not an index that platc can read: {reason}\n0 unchanged\n")
        );
        assert_eq!(std::fs::read_to_string(site.path("dist/platc.json")).unwrap(), text);
    }
}

#[test]
fn a_killed_build_is_finished_by_the_next() {
    // The index as a killed build leaves it: `x` was to change, `new` was claimed but never written, `stale` was to go.
    let site = Site::new();
    site.build(&["stale=1", "x=1"]);
    let one = index::digest(b"1");
    let two = index::digest(b"2");
    let interim = format!(
        "{{\"version\":1,\"complete\":false,\"files\":[{{\"path\":\"new\",\"sha256\":\"{two}\"}},{{\"path\":\"stale\",\"sha256\":\"{one}\",\"was\":\"{one}\"}},{{\"path\":\"x\",\"sha256\":\"{two}\",\"was\":\"{one}\"}}]}}"
    );
    site.put("dist/platc.json", &interim);
    site.put("dist/.platc-abc.tmp", "half");
    site.put("dist/new", "somebody else's");
    check_text(&site.build(&["new=2", "x=2"]), expect!["foreign-file: `dist/new` is in the way: platc did not write it\n0 unchanged\n"]);
    std::fs::remove_file(site.path("dist/new")).unwrap();
    check_text(
        &site.build(&["new=2", "x=3"]),
        expect![[r#"
            + new
            ~ x
            - stale
            0 unchanged
        "#]],
    );
    check_text(
        &site.tree(),
        expect![[r#"
            new 2
            x 3
        "#]],
    );
}

#[test]
fn an_unwritable_place_is_said() {
    let site = Site::new();
    site.put("dist", "a file");
    check_text(&site.build(&["x=1"]), expect!["foreign-file: `dist` is in the way: platc did not write it\n0 unchanged\n"]);
}
