//! Which values each type takes.

use super::{Mode, judged};

#[track_caller]
fn takes(type_: &str, good: &[&str], bad: &[(&str, &str)]) {
    let class = format!("schema:\n  f: {type_}\n");
    for value in good {
        assert_eq!(judged(&class, "a.yaml", &format!("f: {value}\n"), Mode::Complete), "", "{value}");
    }
    for (value, code) in bad {
        let said = judged(&class, "a.yaml", &format!("f: {value}\n"), Mode::Complete);
        assert_eq!(said.split(':').next().unwrap(), *code, "{value}: {said}");
    }
}

#[test]
fn string() {
    takes(
        "string",
        &["a", "'1'", "''"],
        &[("1", "wrong-type"), ("true", "wrong-type"), ("null", "null-not-allowed"), ("[a]", "wrong-type")],
    );
}

#[test]
fn integer() {
    takes("integer", &["1", "-3", "0"], &[("1.0", "wrong-type"), ("'1'", "wrong-type"), ("{}", "wrong-type")]);
}

#[test]
fn number() {
    takes("number", &["1", "-3.5"], &[("'1'", "wrong-type"), ("true", "wrong-type")]);
}

#[test]
fn boolean() {
    takes("boolean", &["true", "false"], &[("'yes'", "wrong-type"), ("1", "wrong-type")]);
}

#[test]
fn object_and_any() {
    takes("object", &["{}", "{a: {b: [null, 1]}}"], &[("[]", "wrong-type"), ("a", "wrong-type")]);
    takes("any", &["{}", "[1, a]", "null", "3"], &[]);
}

#[test]
fn quantity() {
    takes(
        "quantity",
        &["2", "0.5", "500m", "2Gi", "1.5Gi", "-1k", "'1e3'", "'12E'", "'3E-2'", "'.5'"],
        &[
            ("2GB", "bad-format"),
            ("abc", "bad-format"),
            ("1.2.3", "bad-format"),
            ("''", "bad-format"),
            ("'1e30'", "bad-format"),
            ("true", "wrong-type"),
        ],
    );
}

#[test]
fn duration() {
    takes(
        "duration",
        &["90s", "1h30m", "1.5h", "300ms", "'0'"],
        &[
            ("90", "wrong-type"),
            ("'90'", "bad-format"),
            ("30d", "bad-format"),
            ("h", "bad-format"),
            ("''", "bad-format"),
            ("1.1.1s", "bad-format"),
        ],
    );
}

#[test]
fn cidr() {
    takes(
        "cidr",
        &["10.0.0.0/16", "0.0.0.0/0", "10.1.2.3/32", "'fd00::/8'", "'::/0'"],
        &[
            ("10.0.0.1/16", "bad-format"),
            ("10.0.0.0", "bad-format"),
            ("10.0.0.0/33", "bad-format"),
            ("10.0.0/8", "bad-format"),
            ("10.0.0.0/08", "bad-format"),
        ],
    );
}

#[test]
fn semver() {
    takes(
        "semver",
        &["1.33.0", "v1.21.1", "1.0.0-rc.1", "1.0.0+build.5", "1.0.0-a+b"],
        &[("'1.33'", "bad-format"), ("1.33", "wrong-type"), ("1.02.3", "bad-format"), ("1.2.3-", "bad-format"), ("latest", "bad-format")],
    );
}

#[test]
fn lists_and_maps() {
    takes("'[]string'", &["[]", "[a, b]"], &[("a", "wrong-type"), ("[1]", "wrong-type"), ("{}", "wrong-type")]);
    takes("[string]", &["[a]"], &[("[1]", "wrong-type")]);
    takes("'map[string]integer'", &["{}", "{a: 1}"], &[("{a: b}", "wrong-type"), ("[]", "wrong-type")]);
    takes("{string: integer}", &["{a: 1}"], &[("{a: b}", "wrong-type")]);
    takes("'[][]integer'", &["[[1], []]"], &[("[1]", "wrong-type")]);
    takes("'map[string][]integer'", &["{a: [1]}"], &[("{a: 1}", "wrong-type")]);
    takes("[{ a: integer }]", &["[{a: 1}, {}]"], &[("[{b: 1}]", "unknown-field")]);
}

#[test]
fn records() {
    takes(
        "{ min: integer, max: integer | required=true }",
        &["{max: 1}"],
        &[("{min: 1}", "missing-field"), ("{max: 1, x: 1}", "unknown-field"), ("3", "wrong-type")],
    );
}

#[test]
fn the_long_form() {
    takes("{ $type: integer, $minimum: 1, $nullable: true }", &["1", "null"], &[("0", "out-of-range")]);
    takes("{ $type: 'integer | minimum=1', $maximum: 3 }", &["1"], &[("0", "out-of-range"), ("4", "out-of-range")]);
    takes("{ $type: [string], $minItems: 1 }", &["[a]"], &[("[]", "out-of-range")]);
    takes("{ $type: ['string | enum=[a, b]'] }", &["[a]"], &[("[c]", "value-not-allowed")]);
    takes("{ $type: { string: integer } }", &["{a: 1}"], &[("{a: b}", "wrong-type")]);
    takes("{ $description: x, $nullable: true, a: integer }", &["{a: 1}", "null"], &[("{b: 1}", "unknown-field")]);
}

#[test]
fn markers() {
    takes("integer | minimum=1 maximum=3", &["1", "3"], &[("0", "out-of-range"), ("4", "out-of-range")]);
    takes("number | minimum=0.5", &["0.5", "1"], &[("0.4", "out-of-range"), ("0", "out-of-range")]);
    takes("quantity | minimum=100m maximum=1Gi", &["100m", "1", "1024Mi"], &[("99m", "out-of-range"), ("2Gi", "out-of-range")]);
    takes("duration | minimum=1m maximum=1h", &["60s", "60m"], &[("59s", "out-of-range"), ("61m", "out-of-range")]);
    takes("semver | minimum=1.30.0", &["1.30.0", "v2.0.0"], &[("1.30.0-rc.1", "out-of-range"), ("1.9.0", "out-of-range")]);
    takes("string | minLength=2 maxLength=3", &["äö", "abc"], &[("a", "out-of-range"), ("abcd", "out-of-range")]);
    takes("string | pattern=\"^a+$\"", &["aa"], &[("b", "pattern-mismatch")]);
    takes("string | enum=[a, b]", &["a"], &[("c", "value-not-allowed")]);
    takes("integer | enum=[1, 2]", &["2"], &[("3", "value-not-allowed")]);
    takes("quantity | enum=[1Gi, 2]", &["1024Mi", "2"], &[("3", "value-not-allowed")]);
    takes("string | nullable=true", &["a", "null"], &[]);
    takes("'[]string | minItems=1 maxItems=2'", &["[a]"], &[("[]", "out-of-range"), ("[a, b, c]", "out-of-range")]);
    takes("'map[string]string | minItems=1'", &["{a: b}"], &[("{}", "out-of-range")]);
    takes("'[]string | uniqueItems=true'", &["[a, b]"], &[("[a, a]", "duplicate-item")]);
    takes("'[]string | listType=set'", &["[a, b]"], &[("[a, a]", "duplicate-item")]);
    takes(
        "'[]object | listType=map listMapKey=k'",
        &["[{k: a}, {k: b}]"],
        &[("[{k: a}, {k: a}]", "duplicate-item"), ("[{}]", "missing-field")],
    );
}

#[test]
fn formats() {
    let format = |name: &str, good: &[&str], bad: &[&str]| {
        let bad: Vec<_> = bad.iter().map(|value| (*value, "bad-format")).collect();
        takes(&format!("string | format={name}"), good, &bad);
    };
    format("date", &["'2024-02-29'"], &["'2023-02-29'", "'2024-13-01'", "'2024-1-01'", "today"]);
    format("dns-label", &["a-1"], &["A", "a.b", "-a", "''", &"a".repeat(64)]);
    format("dns-name", &["a.b.c", "'*.a.b'"], &["a..b", "A.b", &format!("{}a", "a.".repeat(127))]);
    format("email", &["a@b.example"], &["a", "a@b", "'a b@c.d'"]);
    format("ip", &["10.0.0.1", "'fd00::1'"], &["10.0.0", "10.0.0.0/8"]);
    format("ipv4", &["10.0.0.1"], &["'fd00::1'"]);
    format("ipv6", &["'fd00::1'"], &["10.0.0.1"]);
    format("label-key", &["a.b/c_d", "e"], &["a/", "A_b/c", "/x"]);
    format("label-value", &["a_B.c", "''"], &["-a", "a b"]);
    format("regex", &["^a$"], &["'('"]);
    format("url", &["https://a.b/c", "oci://r"], &["a.b/c", "'https://'", "'https:///x'", "'https://a b'"]);
}

#[test]
fn names_stand_for_types() {
    let class = "\
types:
  effect: string | enum=[NoSchedule, NoExecute] description=\"What it does.\"
  taint: { key: string | required=true, effect: effect | default=NoSchedule }
  tree: { name: string, children: '[]tree' }
schema:
  taints: '[]taint'
  effect: effect | required=true
  tree: tree
";
    let good = "effect: NoExecute\ntaints: [{key: a, effect: NoExecute}]\ntree: {name: a, children: [{children: [{name: b}]}]}\n";
    assert_eq!(judged(class, "a.yaml", good, Mode::Complete), "");
    for (bad, code) in [
        ("effect: x", "value-not-allowed"),
        ("taints: []", "missing-field"),
        ("effect: NoExecute\ntree: {children: [{children: [{nam: b}]}]}", "unknown-field"),
        ("effect: NoExecute\ntaints: [{}]", "missing-field"),
    ] {
        let said = judged(class, "a.yaml", bad, Mode::Complete);
        assert_eq!(said.split(':').next().unwrap(), code, "{said}");
    }
}
