//! Files that are ours, foreign ones, and ours that were edited.

use super::*;

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
