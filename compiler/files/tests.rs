use super::*;
use crate::origin::LayerId;
use expect_test::{Expect, expect};
use std::fmt::Write as _;

fn files(all: &[(&str, &[u8])]) -> (Sources, Files) {
    let mut sources = Sources::default();
    for (path, bytes) in all {
        sources.add_file(&format!("{FOLDER}/{path}"), Ok(bytes.to_vec()));
    }
    let files = Files::of(&sources, &Files::default());
    (sources, files)
}

fn check(all: &[(&str, &[u8])], path: &str, form: FileForm, expected: &Expect) {
    let (sources, files) = files(all);
    let mut said = Diagnostics::default();
    let at = Span::new(FileId(99), 0, 0);
    let value = files.content(path, form, at, LayerId::COMPUTED, &mut said);
    let mut text = value.map(|value| format!("{} {:?}\n", value.describe(), value.as_str())).unwrap_or_default();
    for diagnostic in said.sorted(&sources) {
        let place = diagnostic.primary.as_ref().map(|label| sources.place(label.span)).unwrap_or_default();
        writeln!(text, "{}: {} ({place})", diagnostic.code.word(), diagnostic.message).unwrap();
    }
    expected.assert_eq(&text);
}

#[test]
fn texts_are_taken_in_as_they_are() {
    check(
        &[("a.txt", b"a: ${b}\n")],
        "a.txt",
        FileForm::Text,
        &expect![[r#"
        a string Some("a: ${b}\n")
    "#]],
    );
    check(
        &[("a.bin", &[0xff, 0])],
        "a.bin",
        FileForm::Base64,
        &expect![[r#"
        a string Some("/wA=")
    "#]],
    );
    check(
        &[("a.bin", &[0xff, 0])],
        "a.bin",
        FileForm::Text,
        &expect![[r#"
        unfit-file: `files/a.bin` is not UTF-8 text (:1:1)
    "#]],
    );
    check(
        &[("a", b"\xef\xbb\xbfa")],
        "a",
        FileForm::Text,
        &expect![[r#"
        unfit-file: `files/a` begins with a byte order mark (files/a:1:1)
    "#]],
    );
    check(
        &[("a", b"a\r\n")],
        "a",
        FileForm::Text,
        &expect![[r#"
        unfit-file: lines of `files/a` end as on Windows (files/a:1:2)
    "#]],
    );
}

#[test]
fn documents_know_their_places() {
    check(
        &[("a.json", br#"{"a": "\ud83d\ude00"}"#)],
        "a.json",
        FileForm::Json,
        &expect![[r#"
        a map None
    "#]],
    );
    check(
        &[("a.json", b"{\n a: 1}")],
        "a.json",
        FileForm::Json,
        &expect![[r#"
        unfit-file: a file that is taken in as JSON is none (files/a.json:2:2)
    "#]],
    );
    check(
        &[("a.yaml", b"a: 1\n---\nb: 2\n")],
        "a.yaml",
        FileForm::Yaml,
        &expect![[r#"
        unfit-file: `files/a.yaml` holds several documents (files/a.yaml:3:1)
    "#]],
    );
    check(
        &[("a.yaml", b"# nothing\n")],
        "a.yaml",
        FileForm::Yaml,
        &expect![[r#"
        unfit-file: there is nothing in `files/a.yaml` (:1:1)
    "#]],
    );
    check(
        &[("a.yaml", b"a: 1\n---\nb: [\n")],
        "a.yaml",
        FileForm::Yaml,
        &expect![[r#"
        yaml-syntax: `[` is never closed (files/a.yaml:3:4)
    "#]],
    );
    check(
        &[("a.yaml", b"- 1\n")],
        "a.yaml",
        FileForm::Yaml,
        &expect![[r#"
        a list None
    "#]],
    );
}

#[test]
fn no_path_leads_out() {
    for path in ["../a", "a/../../b", "/a", "", ".", "a\\..\\b", "A.txt", "con"] {
        let (_, files) = files(&[("a.txt", b"a"), ("con", b"a")]);
        let mut said = Diagnostics::default();
        let at = Span::new(FileId(99), 0, 0);
        assert!(files.content(path, FileForm::Text, at, LayerId::COMPUTED, &mut said).is_none(), "{path}");
        assert_eq!(said.len(), 1, "{path}");
    }
}
