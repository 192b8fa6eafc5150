//! What both readers make of texts.

use super::*;

#[test]
fn yaml_gives_the_tree() {
    yaml(
        "# comment\r\nplatform:\r\n  name: acme # why\r\n  zones: [a, 'b', \"c\"]\r\n  n: ~\r\n  empty:\r\nq: {x: 1, y: 2.5, n: true}\r\ntext: |\r\n  a\r\n   b\r\nlist:\r\n- 1\r\n-\r\n- - x\r\n  - {}\r\n\"${k}\": >-\r\n  one\r\n  two\r\n",
        expect![[r#"
            map
            platform: map
              name: "acme"
              zones: list
                - "a"
                - "b"
                - "c"
              n: null
              empty: null
            q: map
              x: 1
              y: 2.5
              n: true
            text: "a\n b\n"
            list: list
              - 1
              - null
              - list
                - "x"
                - map
            ${k}: "one two"
        "#]],
    );
}

#[test]
fn a_last_line_ends_as_it_is_written() {
    // As kubectl reads them.
    for (text, expected) in [
        ("a: |\n  x", "x"),
        ("a: |\n  x\n", "x\n"),
        ("a: |\n  x\n\n", "x\n"),
        ("a: |\n  x\n  ", "x\n"),
        ("a: |\n  x\n    ", "x\n  "),
        ("a: |+\n  x", "x"),
        ("a: |-\n  x", "x"),
        ("a: >\n  x\n  y", "x y"),
        ("a: |\r\n  x\r\n  y", "x\ny"),
        ("a: |\n  x\n# end", "x\n"),
        ("a: |2\n    x\n  y", "  x\ny"),
        ("- |\n  x", ""),
    ] {
        let (_, document, _) = read(text, Grammar::Yaml);
        let found = document.as_ref().and_then(|document| document.root.get("a")).and_then(Node::as_text).unwrap_or_default();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn line_ends_of_windows_are_line_ends() {
    for (text, expected) in [
        ("a = \"\"\"\r\nx\r\ny\\r\\n\\\r\n   z\r\n\"\"\"\r\n", "x\ny\r\nz\n"),
        ("a = '''\r\nx\r\ny'''\r\n", "x\ny"),
        ("a = \"x\\r\\ny\"\r\n", "x\r\ny"),
    ] {
        let (_, document, diagnostics) = read(text, Grammar::Toml);
        assert_eq!(diagnostics, []);
        assert_eq!(document.unwrap().root.get("a").and_then(Node::as_text), Some(expected), "{text:?}");
    }
}

#[test]
fn empty_sources_are_empty_maps() {
    for text in ["", "# only a comment", "---\n", "--- # x\n...\n", "\n\n"] {
        yaml(text, expect!["map\n"]);
    }
    toml("", expect!["map\n"]);
    toml("# x\n", expect!["map\n"]);
}

#[test]
fn toml_gives_the_same_tree() {
    let toml_text = "[platform]\nname = 'acme'\nzones = ['z', \"a\"]\n[platform.terraform.backend]\ns3.bucket = \"b\"\n[[list]]\nz = 1\na = 2.5\n[[list]]\non = true\nwhen = 2020-01-01\n";
    let yaml_text = "platform:\n  name: acme\n  zones: [z, a]\n  terraform: {backend: {s3: {bucket: b}}}\nlist:\n- {z: 1, a: 2.5}\n- on: true\n  when: 2020-01-01\n";
    let trees: Vec<String> = [(toml_text, Grammar::Toml), (yaml_text, Grammar::Yaml)]
        .into_iter()
        .map(|(text, grammar)| {
            let (_, document, diagnostics) = read(text, grammar);
            assert_eq!(diagnostics, []);
            let mut out = String::new();
            dump(&document.unwrap().root, &mut out, 0);
            out
        })
        .collect();
    assert_eq!(trees[0], trees[1]);
}

#[test]
fn aliases_are_copies() {
    yaml(
        "a: &a {x: &x [1, 2]}\nb: *a\nc: [*x, *a]\n&k k: *k\n",
        expect![[r#"
        map
        a: map
          x: list
            - 1
            - 2
        b: map
          x: list
            - 1
            - 2
        c: list
          - list
            - 1
            - 2
          - map
            x: list
              - 1
              - 2
        k: "k"
    "#]],
    );
}

#[test]
fn values_are_counted() {
    let text = format!("a: [&a [{}], {}]\n", "x, ".repeat(999), "*a, ".repeat(449));
    for (files, expected) in [(4, 0), (5, 1), (6, 1)] {
        let mut sources = Sources::default();
        for at in 0..files {
            sources.add(Source { path: format!("{at}.yaml").into(), text: text.as_str().into(), grammar: Grammar::Yaml, library: false });
        }
        let mut diagnostics = Diagnostics::default();
        let documents = super::parse(&sources, |_, _| true, &mut super::DocumentMemory::default(), &mut diagnostics);
        assert_eq!(documents.iter().filter(|document| !document.lost.is_empty()).count(), files - 4);
        let said: Vec<String> = diagnostics.sorted(&sources).iter().map(|fault| fault.message.clone()).collect();
        assert_eq!(said.len(), expected, "{said:?}");
        assert!(said.iter().all(|said| said == "the sources of this project hold more than 2000000 values"), "{said:?}");
    }
}
