//! An index as merges make it: the next build works and writes a clean one.

use super::*;

#[test]
fn a_merged_index_is_the_union_of_both_sides() {
    for merged in [
        // With conflict marks, lines twice, in any order, without what both had.
        "{\n  \"version\": 2,\n  \"facts\": [\n<<<<<<< HEAD\n    {\"file\":\"b\"},\n    {\"file\":\"a\"},\n||||||| base\n    {\"file\":\"mine\"},\n=======\n    {\"file\":\"c\"},\n    {\"file\":\"a\"}\n>>>>>>> other\n    {}\n  ]\n}\n",
        // Without marks, as `merge=union` leaves it; one side was of version 1.
        "{\n  \"version\": 2,\n  \"version\": 1,\n  \"facts\": [\n  \"files\": [\n    {\"file\":\"b\"},\n    {\"path\":\"c\",\"sha256\":\"6b86b273ff34fce19d6b804eff5a3f57\",\"entities\":[]}\n    {\"file\":\"a\"},\n    {}\n  ]\n}\n",
        // Laid out by another program.
        "{\"version\": 2, \"facts\": [{\"file\": \"c\"}, {\"file\": \"b\"},\n {\"file\": \"a\"}]}",
    ] {
        let site = Site::default();
        for (path, text) in [("a", "1"), ("b", "1"), ("c", "1"), ("mine", "kept")] {
            site.put(&format!("dist/{path}"), text);
        }
        site.put("dist/platc.json", merged);
        site.disk.take(".platc");
        said(
            &site.build(&["a=1", "b=2"]),
            expect![[r#"
                ~ b
                - c
                1 unchanged
            "#]],
        );
        said(
            &site.text("dist/platc.json"),
            expect![[r#"
                {
                  "version": 2,
                  "facts": [
                    {"file":".gitattributes"},
                    {"file":"a"},
                    {"file":"b"},
                    {}
                  ]
                }
            "#]],
        );
        assert_eq!(site.text("dist/mine"), "kept");
    }
}

#[test]
fn a_fact_that_a_merge_brought_back_is_void() {
    let site = Site::default();
    site.build(&["a=1"]);
    let index = site.text("dist/platc.json");
    site.put("dist/platc.json", &index.replace("    {}\n", "    {\"file\":\"back/x\"},\n    {}\n"));
    // Nothing but the index differs, so it is what is named.
    assert_eq!(site.check(&["a=1"]), "~ platc.json\n1 unchanged\n");
    assert_eq!(site.build(&["a=1"]), "~ platc.json\n1 unchanged\n");
    assert_eq!(site.check(&["a=1"]), "1 unchanged\n");
    assert_eq!(site.text("dist/platc.json"), index);
    site.disk.take("dist/platc.json");
    assert_eq!(site.check(&["a=1"]), "+ platc.json\n1 unchanged\n");
    assert_eq!(site.build(&["a=1"]), "+ platc.json\n1 unchanged\n");
    assert_eq!(site.text("dist/platc.json"), index);
    site.put("dist/back/x", "somebody's");
    site.build(&["a=1"]);
    assert_eq!(site.text("dist/back/x"), "somebody's");
}

#[test]
fn every_line_of_an_index_stands_alone() {
    let all = ["a", "a.b", "a/b", "a-b", "é", "with, commas", "z z"].map(str::to_owned);
    for number in 0..1 << all.len() {
        let files = || all.iter().enumerate().filter(|(at, _)| number >> at & 1 == 1).map(|(_, path)| path.clone()).collect();
        let text = index::print(&files(), &BTreeSet::new());
        assert_eq!(index::read(text.as_bytes()).unwrap().files, files());
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["facts"].as_array().unwrap().len(), files().len() + 1);
        assert!(files().is_empty() || text.lines().filter(|line| line.contains("file")).all(|line| line.ends_with(',')));
    }
}
