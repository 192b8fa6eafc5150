use super::*;
use crate::source::Source;
use expect_test::{Expect, expect};

fn read_one(path: &str, text: &str) -> (Facts, Vec<String>) {
    let mut sources = Sources::default();
    sources.add(Source { path: path.into(), text: text.into(), grammar: Grammar::Json, library: false });
    let mut diagnostics = Diagnostics::default();
    let facts = read(&sources, &mut diagnostics);
    let said = diagnostics.sorted(&sources);
    let line = |diagnostic: &crate::diagnostic::Diagnostic| {
        let label = diagnostic.primary.as_ref().unwrap();
        format!("{} {} `{}`: {}", sources.place(label.span), diagnostic.code.word(), sources.text(label.span), label.text)
    };
    (facts, said.iter().map(line).collect())
}

fn wrong(text: &str, expected: Expect) {
    let (facts, said) = read_one("facts/ops/gc0.json", text);
    assert!(facts.of("ops", "gc0").is_none());
    expected.assert_eq(&said.join("\n"));
}

#[test]
fn an_output_knows_its_line() {
    let text = "{\n  \"endpoint\": \"https://a\",\n  \"zones\": [1, 2.5, true, null, {\"é\": \"\\u00e9\\ud83d\\ude00\\/\"}]\n}\n";
    let (facts, said) = read_one("facts/ops/gc0.json", text);
    assert_eq!(said, Vec::<String>::new());
    let endpoint = facts.output("ops", "gc0", "endpoint").unwrap();
    assert_eq!(
        (endpoint.as_str(), text.get(endpoint.origin.span.start as usize..endpoint.origin.span.end as usize)),
        (Some("https://a"), Some("\"https://a\""))
    );
    let zones = facts.output("ops", "gc0", "zones").unwrap().as_list().unwrap();
    assert_eq!((zones[0].as_int(), zones[2].as_bool(), zones.len()), (Some(1), Some(true), 5));
    assert_eq!(zones[4].get("é").and_then(Value::as_str), Some("é😀/"));
    assert!(facts.output("ops", "gc1", "endpoint").is_none());
    assert!(facts.output("apps", "gc0", "endpoint").is_none());
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    wrong(
        "",
        expect![
            "facts/ops/gc0.json:1:1 broken-facts ``: expected a value: text in double quotes, a number, `true`, `false`, `null`, `[…]` or `{…}`"
        ],
    );
    wrong("[1]", expect!["facts/ops/gc0.json:1:1 broken-facts `[1]`: expected `{ \"endpoint\": … }`"]);
    wrong("{\"a\": 1,\n \"b\": 2,\n \"a\": 3}", expect!["facts/ops/gc0.json:3:2 broken-facts `\"a\"`: the same key stands here twice"]);
    wrong(
        "{\"a\": 18446744073709551615}",
        expect!["facts/ops/gc0.json:1:7 broken-facts `18446744073709551615`: an integer of more than 64 bits, which would lose digits"],
    );
    wrong("{\"a\": 1e999}", expect!["facts/ops/gc0.json:1:7 broken-facts `1e999`: a number that is too large"]);
    wrong("{\"a\": \"\\ud83d\"}", expect![[r#"facts/ops/gc0.json:1:8 broken-facts `\ud83d`: half a pair of surrogates"#]]);
    wrong(
        "{\"a\": \"x\ny\"}",
        expect![[r#"
        facts/ops/gc0.json:1:9 broken-facts `
        `: a line break, a tab or another control character must be escaped in text"#]],
    );
    wrong(
        "<<<<<<< HEAD\n{}",
        expect![
            "facts/ops/gc0.json:1:1 broken-facts `<`: expected a value: text in double quotes, a number, `true`, `false`, `null`, `[…]` or `{…}`"
        ],
    );
    wrong("{a: 1}", expect!["facts/ops/gc0.json:1:2 broken-facts `a`: expected a key in double quotes"]);
    wrong("{} {}", expect!["facts/ops/gc0.json:1:4 broken-facts `{`: nothing may follow the value"]);
    wrong("{\"a\": 01}", expect!["facts/ops/gc0.json:1:7 broken-facts `01`: not a number of JSON"]);
    let deep = format!("{{\"a\": {}", "[".repeat(100_000));
    wrong(&deep, expect!["facts/ops/gc0.json:1:134 broken-facts `[`: lists and maps nest more than 128 deep"]);
}

#[test]
fn what_terraform_prints_is_kept_without_secrets_and_comes_back() {
    let text = r#"{"b": {"sensitive": false, "type": "string", "value": "x"}, "a": {"sensitive": false, "type": ["map", "string"],
        "value": {"z": "1", "y": [1, 2]}}, "p": {"sensitive": true, "type": "string", "value": "hunter2"}}"#;
    let told = outputs(text).unwrap();
    let open: Recorded =
        told.iter().filter(|(_, output)| !output.sensitive).map(|(name, output)| (Arc::clone(name), output.value.clone())).collect();
    let printed = print(&open);
    expect![[r#"
        {
          "a": {
            "y": [
              1,
              2
            ],
            "z": "1"
          },
          "b": "x"
        }
    "#]]
    .assert_eq(&printed);
    let again = kept(&printed).unwrap();
    assert!(compare(&again, &open).is_empty());
    assert_eq!(print(&again), printed);
    let changed = kept(&printed.replace("\"x\"", "\"w\"")).unwrap();
    assert_eq!(compare(&changed, &open).iter().map(|(name, ..)| *name).collect::<Vec<_>>(), ["b"]);
    assert_eq!(compare(&Recorded::new(), &open).len(), 2);
}

#[test]
fn what_is_no_output_of_terraform_is_told() {
    for (text, expected) in [
        ("", "standard input is empty"),
        ("  \n", "standard input is empty"),
        ("[]", "standard input must hold a map of outputs, found a list"),
        ("{\"a\": 1}", "`a` has no `sensitive` and `value`, which each output has"),
        ("{\"a\": {\"value\": 1}}", "`a` has no `sensitive` and `value`, which each output has"),
        (
            "Error: no",
            "standard input is no JSON: line 1, column 1: expected a value: text in double quotes, a number, `true`, `false`, `null`, `[…]` or `{…}`",
        ),
    ] {
        assert_eq!(outputs(text).unwrap_err(), expected, "{text}");
    }
    assert!(outputs("{}").unwrap().is_empty());
}
