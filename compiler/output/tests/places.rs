//! Directories, links, and paths that lead elsewhere.

use super::*;

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
fn an_unwritable_place_is_said() {
    let site = Site::default();
    site.put("dist", "a file");
    said(&site.build(&["x=1"]), expect!["foreign-file: `dist` is in the way: platc did not write it\n0 unchanged\n"]);
}
