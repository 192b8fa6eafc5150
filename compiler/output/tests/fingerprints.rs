//! What fingerprints tell, and what they do not decide.

use super::*;

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
