//! The index: what it says, what is wrong with one, and former versions.

use super::*;

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
fn a_bad_index_is_an_error() {
    for (text, reason) in [
        ("", "it has no version"),
        ("{\"version\": 3}", "it has version 3, this platc knows versions 1 and 2"),
        ("{\n\"version\": 2,\n\"facts\": [\n{\"moon\": \"x\"},\n{}\n]\n}", "it has a fact `moon`, which this platc does not know"),
        ("{\n\"version\": 2,\n{\"data\": \"x\"}", "it has a fact about data of `x`, which are no kind"),
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

#[test]
fn what_keeps_data_is_remembered() {
    let kept = |identity: &str, addresses: &[&str]| Kept {
        place: crate::kept::KeptPlace {
            environment: "ops".to_owned(),
            kind: crate::name::Kind::Infrastructure,
            cluster: None,
            tenant: None,
            identity: identity.to_owned(),
        },
        maker: None,
        stack: (!addresses.is_empty()).then(|| "db".to_owned()),
        addresses: addresses.iter().map(|address| (*address).to_owned()).collect(),
        namespaces: Vec::new(),
        objects: Vec::new(),
    };
    let site = Site::default();
    let build = |kept: &BTreeSet<Kept>| {
        let files = vec![Outgoing { path: "x", text: b"1", chosen: true, first: false }];
        let request = Request { prefix: "", output: "dist", files, kept, partial: None, token: TOKEN, by: "a test" };
        let mut diagnostics = Diagnostics::default();
        let outcome = write(&site.disk, &request, &mut diagnostics);
        assert!(!diagnostics.has_errors());
        outcome
    };
    let remembered = || super::super::kept(&site.disk, "", "dist").unwrap();
    assert_eq!(remembered(), BTreeSet::new());
    let both = BTreeSet::from([kept("b", &["x.y", "x.z"]), kept("a", &[])]);
    build(&both);
    said(
        &site.text("dist/platc.json"),
        expect![[r#"
            {
              "version": 2,
              "facts": [
                {"file":".gitattributes"},
                {"file":"x"},
                {"data":"infrastructure","environment":"ops","identity":"a"},
                {"data":"infrastructure","environment":"ops","identity":"b","stack":"db","terraform":["x.y","x.z"]},
                {}
              ]
            }
        "#]],
    );
    assert!(build(&both).is_current());
    assert_eq!(remembered(), both);
    // What leaves changes the index and nothing else.
    let one = BTreeSet::from([kept("a", &[])]);
    assert_eq!(build(&one).updated, ["platc.json"]);
    assert_eq!(remembered(), one);
    // Two branches: what either knows is remembered.
    let theirs = kept("c", &["x.y"]);
    let conflict = format!(
        "<<<<<<< ours\n    {},\n||||||| base\n    {},\n=======\n    {},\n>>>>>>> theirs\n    {{}}",
        kept("a", &[]).line(),
        kept("z", &[]).line(),
        theirs.line()
    );
    site.put("dist/platc.json", &site.text("dist/platc.json").replace(&format!("    {},\n    {{}}", kept("a", &[]).line()), &conflict));
    assert_eq!(remembered(), BTreeSet::from([kept("a", &[]), theirs]));
}
