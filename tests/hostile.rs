//! Projects that mean harm, or are merely broken. Each must end with the expected words and without a panic, however deep, large or
//! circular it is. No test measures time; a watchdog fails those that would not end. The worst ones run through the program as well, with
//! little memory.

use platc::Options;
use platc::code::Code;
use platc::system::MemorySystem;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

/// Longer than any of these takes in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A project of one or more files.
struct Hostile {
    name: &'static str,
    files: Vec<(&'static str, Vec<u8>)>,
    /// The codes it gives; none: it compiles.
    expected: &'static [&'static str],
}

const PLATFORM: &str =
    "platform: {name: acme, domain: infra.example.com, repository: {url: https://git.example.com/a.git}}\nenvironments: {apps: {}}\n";

/// A cluster without much in it, and a service whose class a test writes.
const CLUSTER: &str = "clusters: {c0: {class: plain, region: r1}}\nclasses:\n  cluster:\n    plain: {schema: {region: string}}\n";

/// A project in one file behind platform and environments.
fn one(name: &'static str, text: impl Into<String>, expected: &'static [&'static str]) -> Hostile {
    let text = format!("{PLATFORM}{}", text.into());
    Hostile { name, files: vec![("platform.yaml", text.into_bytes())], expected }
}

/// A project with a second file.
fn two(name: &'static str, path: &'static str, text: impl Into<Vec<u8>>, expected: &'static [&'static str]) -> Hostile {
    Hostile { name, files: vec![("platform.yaml", PLATFORM.into()), (path, text.into())], expected }
}

/// A thing of infrastructure with these fields, each free.
fn thing(name: &'static str, fields: impl AsRef<str>, expected: &'static [&'static str]) -> Hostile {
    let fields = indented(fields.as_ref(), 4);
    one(
        name,
        format!("classes: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n  own:\n    class: thing\n{fields}"),
        expected,
    )
}

/// A service on a cluster whose class says this.
fn class(name: &'static str, sections: impl AsRef<str>, expected: &'static [&'static str]) -> Hostile {
    let sections = indented(sections.as_ref(), 6);
    one(
        name,
        format!("{CLUSTER}  service:\n    svc:\n      schema: {{f: object}}\n{sections}services: {{web: {{class: svc}}}}\n"),
        expected,
    )
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

fn numbered(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// A template below `manifests` that makes one object of this.
fn object(content: &str) -> String {
    format!("manifests:\n  a:\n    apiVersion: example.com/v1\n    kind: Thing\n    metadata: {{name: a}}\n{}", indented(content, 4))
}

fn nested() -> Vec<Hostile> {
    let deep = 100_000;
    vec![
        thing("flow lists", format!("f: {}", "[".repeat(deep)), &["too-deep"]),
        thing("flow maps", format!("f: {}", "{a: ".repeat(deep)), &["too-deep"]),
        thing("block lists", format!("f:\n  {}", "- ".repeat(deep)), &["too-deep"]),
        two("block maps", "a.yaml", numbered(1000, |at| format!("{}a:\n", " ".repeat(at))), &["too-deep"]),
        two("TOML lists", "a.toml", format!("a = {}", "[".repeat(deep)), &["too-deep"]),
        two("TOML tables", "a.toml", format!("[a{}]\n", ".a".repeat(deep)), &["too-deep"]),
        two("TOML keys", "a.toml", format!("a{} = 1\n", ".a".repeat(deep)), &["too-deep"]),
        thing("tags", format!("f: {{x: {}x}}", "!!str ".repeat(1000)), &["yaml-syntax"]),
        thing("brackets", format!("f: {{x: '${{{}'}}", "(".repeat(30_000)), &["unterminated-expression"]),
        thing("brackets that close", format!("f: {{x: '${{{}1{}}}'}}", "(".repeat(30_000), ")".repeat(30_000)), &["expression-too-costly"]),
        thing("not", format!("f: {{x: '${{{}true}}'}}", "!".repeat(60_000)), &["expression-too-costly"]),
        thing("minus", format!("f: {{x: '${{{}self}}'}}", "-".repeat(60_000)), &["expression-too-costly"]),
        thing("fields", format!("f: {{x: '${{self{}}}'}}", ".a".repeat(30_000)), &["expression-too-costly"]),
        thing("sum", format!("f: {{x: '${{1{}}}'}}", "+1".repeat(30_000)), &[]),
        thing("conditions", format!("f: {{x: '${{{}1}}'}}", "true?1:".repeat(9_000)), &["expression-too-costly"]),
        thing("long expression", format!("f: {{x: '${{1{}}}'}}", "+1".repeat(100_000)), &["expression-too-costly"]),
        thing("macros", format!("f: {{x: '${{{}1{}}}'}}", "[1].map(x,".repeat(2000), ")".repeat(2000)), &["expression-too-costly"]),
        one(
            "schema",
            format!("classes: {{service: {{svc: {{schema: {}string{}}}}}}}", "{a: ".repeat(100), "}".repeat(100)),
            &["schema-syntax"],
        ),
        one(
            "schema shorthand",
            format!("classes: {{service: {{svc: {{schema: {{a: '{}string'}}}}}}}}", "[]".repeat(20_000)),
            &["schema-syntax"],
        ),
        thing("values that grow deeper", growing("[[[[[[[[[[", "]]]]]]]]]]", 1), &["evaluation-too-deep"]),
        class("a let that grows deeper", format!("let:\n{}", indented(&growing_let("[[[[[[[[[[", "]]]]]]]]]]", 1), 2)), &[]),
    ]
}

/// A hundred fields, each of which holds the one before so many times between brackets.
fn growing(open: &str, close: &str, times: usize) -> String {
    let before = |at: usize| vec![format!("self.f.x{}", at - 1); times].join(", ");
    let line = |at: usize| if at == 0 { "  x0: [1]\n".into() } else { format!("  x{at}: '${{{open}{}{close}}}'\n", before(at)) };
    format!("f:\n{}", numbered(100, line))
}

fn growing_let(open: &str, close: &str, times: usize) -> String {
    growing(open, close, times).replace("self.f.", "let.").lines().skip(1).map(|line| format!("{}\n", line.trim_start())).collect()
}

fn exploding() -> Vec<Hostile> {
    let laughs = numbered(30, |at| {
        if at == 0 { "x0: &a0 [x, x]\n".into() } else { format!("x{at}: &a{at} [{}]\n", format!("*a{}, ", at - 1).repeat(10)) }
    });
    let types = |last: &str| numbered(40, |at| format!("t{at}: {{a: t{0}, b: t{0}}}\n", at + 1)) + &format!("t40: {last}\n");
    let typed = |types: &str| format!("classes:\n  service:\n    svc:\n      types:\n{}      schema: {{a: t0}}\n", indented(types, 8));
    let fan = numbered(10, |at| format!("f{at}: t0, "));
    vec![
        thing("aliases", format!("f:\n{}", indented(&laughs, 2)), &["alias-too-large"]),
        thing("values", growing("[", "]", 10), &["expansion-too-large"]),
        thing(
            "doubled texts",
            format!(
                "f:\n  x0: {}\n{}",
                "x".repeat(1000),
                numbered(30, |at| format!("  x{}: '${{self.f.x{at}}}${{self.f.x{at}}}'\n", at + 1))
            ),
            &["expansion-too-large"],
        ),
        thing(
            "added texts",
            format!(
                "f:\n  x0: {}\n{}",
                "x".repeat(1000),
                numbered(30, |at| format!("  x{}: '${{self.f.x{at} + self.f.x{at}}}'\n", at + 1))
            ),
            &["expansion-too-large"],
        ),
        class(
            "doubled in let",
            format!(
                "let:\n  x0: abcdefgh\n{}{}",
                numbered(30, |at| format!("  x{}: '${{let.x{at} + let.x{at}}}'\n", at + 1)),
                object("data: {a: '${let.x30}'}")
            ),
            &["expansion-too-large"],
        ),
        class(
            "late texts",
            format!(
                "let:\n  x0: '${{resource.a.b.c}}'\n{}outputs: {{o: '${{let.x30}}'}}\nterraform: {{resource: {{a: {{b: {{}}}}}}}}\n",
                numbered(30, |at| format!("  x{}: '${{let.x{at}}}${{let.x{at}}}'\n", at + 1))
            ),
            &["late-value-misplaced"],
        ),
        thing("range", "f: {x: '${lists.range(100000000)}'}", &["expression-too-costly"]),
        thing(
            "nested maps",
            "f: {x: '${lists.range(1000).map(a, lists.range(1000).map(b, lists.range(1000)))}'}",
            &["expression-too-costly"],
        ),
        thing("absorbed errors", "f: {x: '${lists.range(100000).exists(x, x.nothing == 1)}'}", &["expression-too-costly"]),
        thing(
            "indexing a long list",
            format!("f: {{x: [{}], y: '${{lists.range(3000).map(at, self.f.x[at])}}'}}", "{a: 1}, ".repeat(3000)),
            &[],
        ),
        thing(
            "walking a long list again and again",
            format!("f: {{x: [{}], y: '${{lists.range(3000).map(at, size(self.f.x))}}'}}", "{a: 1}, ".repeat(3000)),
            &["expression-too-costly"],
        ),
        thing(
            "many costly expressions",
            format!("f:\n{}", numbered(1000, |at| format!("  x{at}: '${{size(lists.range(100000).map(x, x + {at}))}}'\n"))),
            &["expression-too-costly"],
        ),
        class(
            "loops",
            object(&format!(
                "data:\n  \"${{a}}{}\":\n    $for: {{a: '${{lists.range(10)}}', {}}}\n    v: w",
                numbered(9, |at| format!("${{x{at}}}")),
                numbered(9, |at| format!("x{at}: '${{lists.range(10)}}', "))
            )),
            &["expansion-too-large"],
        ),
        class("a long loop", object("data:\n  \"k${a}\": {$for: {a: '${lists.range(1000000)}'}, v: x}"), &["expansion-too-large"]),
        class(
            "a loop of costly loops",
            object(
                "data:\n  \"k${a}-${b}\": {$for: {a: '${lists.range(10000)}', b: '${lists.range(10000).filter(x, x + a < 0)}'}, v: '${b}'}",
            ),
            &["expression-too-costly"],
        ),
        class(
            "a loop over much",
            format!(
                "{}\n  b:\n    apiVersion: example.com/v1\n    kind: Things\n    metadata: {{name: b}}\n    items:\n      - $for: {{a: '${{lists.range(50000)}}'}}\n        v: [{}]\n",
                object("data: {}"),
                "x, ".repeat(1000)
            ),
            &["expansion-too-large"],
        ),
        class(
            "a value used much",
            format!("let: {{big: [{}]}}\n{}", "x, ".repeat(1000), object(&format!("data: {{x: [{}]}}", "'${let.big}', ".repeat(2000)))),
            &["expansion-too-large"],
        ),
        class("a long map", object("data:\n  \"k${a}\": {$for: {a: '${lists.range(50000)}'}, v: x}"), &[]),
        one("types", typed(&types("string | default=x")), &["schema-syntax"]),
        one("types without defaults", typed(&types("string")), &["schema-syntax"]),
        one("a type of itself", typed(&format!("t0: {{x: integer | default=1, {fan}}}\n")), &[]),
        one("a type of itself with itself as default", typed("t0: {$type: t0, $default: {}}\n"), &["schema-syntax"]),
        one("types in a chain", typed(&numbered(1500, |at| format!("t{at}: t{}\n", at + 1)).replace("t1499: t1500", "t1499: string")), &[]),
        one("types in a circle", typed(&numbered(1500, |at| format!("t{at}: t{}\n", (at + 1) % 1500))), &["schema-syntax"]),
        one("too many types", typed(&numbered(20_000, |at| format!("t{at}: string\n"))), &["schema-syntax"]),
        one(
            "a large pattern",
            "classes: {service: {svc: {schema: {a: 'string | pattern=\"(((a{100}){100}){100}){100}\"'}}}}",
            &["schema-syntax"],
        ),
        thing("a large regex", "f: {x: '${\"a\".matches(\"(((a{100}){100}){100}){100}\")}'}", &["bad-argument"]),
        thing("nested stars", format!("f: {{x: '${{\"{}b\".matches(\"^(a*)*$\")}}'}}", "a".repeat(10_000)), &[]),
        thing("a long format", "f: {x: '${\"%.1000000f\".format([1.0])}'}", &["bad-argument"]),
        thing(
            "replacing by much",
            format!("f: {{x: '${{\"{}\".replace(\"a\", \"{}\")}}'}}", "a".repeat(20_000), "b".repeat(20_000)),
            &["expression-too-costly"],
        ),
        thing(
            "joining much",
            "f: {x: '${lists.range(100000).map(x, \"abcdefghijklmnopqrstuvwxyz\").join(\"abcdefghijklmnopqrstuvwxyz\")}'}",
            &[],
        ),
    ]
}

fn circular() -> Vec<Hostile> {
    let chain = |count: usize, closed: bool| {
        numbered(count, |at| {
            let next = if at + 1 < count {
                format!("'${{self.f.x{}}}'", at + 1)
            } else if closed {
                "'${self.f.x0}'".into()
            } else {
                "1".into()
            };
            format!("  x{at}: {next}\n")
        })
    };
    let infrastructure = |count: usize, inherits: &dyn Fn(usize) -> Option<usize>| {
        let lines = numbered(count, |at| match inherits(at) {
            Some(parent) => format!("  i{at}: {{class: thing, inherits: i{parent}}}\n"),
            None => format!("  i{at}: {{class: thing}}\n"),
        });
        format!("classes: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n{lines}")
    };
    vec![
        thing("two values", format!("f:\n{}", chain(2, true)), &["expression-cycle"]),
        thing("three values", format!("f:\n{}", chain(3, true)), &["expression-cycle"]),
        thing("a thousand values", format!("f:\n{}", chain(1000, true)), &["evaluation-too-deep"]),
        thing("a chain of values", format!("f:\n{}", chain(1000, false)), &["evaluation-too-deep"]),
        thing("a value of itself", "f: {x: '${self.f}'}", &["expression-cycle"]),
        one(
            "entities",
            format!(
                "classes: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n{}",
                numbered(1000, |at| format!("  i{at}: {{class: thing, f: {{x: '${{infrastructure.i{}.f.x}}'}}}}\n", (at + 1) % 1000))
            ),
            &["dependency-cycle", "evaluation-too-deep"],
        ),
        one(
            "two entities",
            "classes: {infrastructure: {thing: {schema: {f: object}}}}\ninfrastructure:\n  a: {class: thing, f: {x: '${infrastructure.b.f.x}'}}\n  b: {class: thing, f: {x: '${infrastructure.a.f.x}'}}\n",
            &["dependency-cycle", "expression-cycle"],
        ),
        one("a long chain of parents", infrastructure(10_000, &|at| (at > 0).then(|| at - 1)), &["inheritance-too-deep"]),
        one("the same chain the other way round", infrastructure(10_000, &|at| (at < 9_999).then_some(at + 1)), &["inheritance-too-deep"]),
        one("a circle of parents", infrastructure(10_000, &|at| Some((at + 1) % 10_000)), &["inheritance-cycle"]),
        one("its own parent", infrastructure(1, &|_| Some(0)), &["inheritance-cycle"]),
        one(
            "many parents",
            format!(
                "{}  all: {{class: thing, inherits: [{}]}}\n",
                infrastructure(5_000, &|_| None),
                numbered(5_000, |at| format!("i{at}, "))
            ),
            &["inheritance-too-deep"],
        ),
        one(
            "classes in a circle",
            format!("classes:\n  service:\n{}", numbered(3_000, |at| format!("    s{at}: {{inherits: s{}}}\n", (at + 1) % 3_000))),
            &["inheritance-cycle"],
        ),
        Hostile {
            name: "environments in a circle",
            files: vec![(
                "platform.yaml",
                format!(
                    "platform: {{name: acme, domain: infra.example.com}}\nenvironments:\n{}",
                    numbered(2_000, |at| format!("  e{at}: {{inherits: e{}}}\n", (at + 1) % 2_000))
                )
                .into_bytes(),
            )],
            expected: &["inheritance-cycle"],
        },
        one(
            "dependencies in a circle",
            format!(
                "{CLUSTER}  service: {{svc: {{schema: {{f: object}}}}}}\nservices:\n{}",
                numbered(2_000, |at| format!("  s{at}: {{class: svc, dependsOn: [s{}]}}\n", (at + 1) % 2_000))
            ),
            &["dependency-cycle"],
        ),
        one(
            "a long chain of dependencies",
            format!(
                "{CLUSTER}  service: {{svc: {{schema: {{f: object}}}}}}\nservices:\n{}  s2000: {{class: svc}}\n",
                numbered(2_000, |at| format!("  s{at}: {{class: svc, dependsOn: [s{}]}}\n", at + 1))
            ),
            &[],
        ),
    ]
}

fn large() -> Vec<Hostile> {
    let megabyte = 1 << 20;
    vec![
        thing("a large key", format!("f: {{? {} : 1}}", "k".repeat(megabyte)), &[]),
        thing("a large key without a question mark", format!("f: {{{}: 1}}", "k".repeat(megabyte)), &["yaml-syntax"]),
        thing("a large field", format!("{}: 1", "k".repeat(1000)), &["unknown-field"]),
        two("a large key of TOML", "a.toml", format!("{} = 1\n", "k".repeat(megabyte)), &["unknown-kind", "wrong-type"]),
        thing("many keys", format!("f:\n{}", numbered(100_000, |at| format!("  k{at}: {at}\n"))), &[]),
        thing("many double keys", format!("f:\n{}", numbered(100_000, |at| format!("  k{}: {at}\n", at % 50_000))), &["duplicate-key"]),
        thing("a long text", format!("f: {{x: {}}}", "x".repeat(10 * megabyte)), &[]),
        thing("a long quoted text", format!("f: {{x: \"{}\"}}", "\\n".repeat(5 * megabyte)), &[]),
        thing("a long text of lines", format!("f:\n  x: |\n{}", "    xxxxxxx\n".repeat(megabyte / 2)), &[]),
        thing("a long folded text", format!("f:\n  x: >\n{}", "    xxxxxxx\n\n".repeat(megabyte / 2)), &[]),
        thing("a long text with an expression", format!("f: {{x: \"{}${{1}}\"}}", "x".repeat(10 * megabyte)), &["expression-too-costly"]),
        thing("a long text of dollars", format!("f: {{x: \"{}\"}}", "$".repeat(10 * megabyte)), &[]),
        thing(
            "a long text of open expressions",
            format!("f: {{x: \"{}\"}}", "${".repeat(30_000)),
            &["expression-syntax", "unterminated-expression"],
        ),
        thing("many expressions", format!("f:\n{}", numbered(20_000, |at| format!("  k{at}: '${{{at} + 1}}'\n"))), &[]),
        two("a file that is too large", "a.yaml", "#".repeat(17 * megabyte), &["unreadable-file"]),
        one(
            "many definitions",
            format!(
                "classes: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n{}",
                numbered(20_000, |at| format!("  i{at}: {{class: thing}}\n"))
            ),
            &[],
        ),
        one(
            "many unknown parents",
            format!(
                "classes: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n{}",
                numbered(3_000, |at| format!("  i{at}: {{class: thing, inherits: j{at}}}\n"))
            ),
            &["unknown-parent"],
        ),
        one(
            "many unknown fields",
            format!(
                "classes: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n{}",
                numbered(3_000, |at| format!("  i{at}: {{class: thing, g{at}: 1}}\n"))
            ),
            &["unknown-field"],
        ),
        one("many unknown kinds", numbered(5_000, |at| format!("k{at}: {{}}\n")), &["unknown-kind"]),
        one("a large set", set_of(20_000, "set"), &[]),
        one("a large keyed list", keyed(20_000), &[]),
        layers(),
    ]
}

fn set_of(count: usize, type_: &str) -> String {
    let items = |from: usize| numbered(count, |at| format!("x{}, ", at + from));
    format!(
        "classes: {{infrastructure: {{thing: {{schema: {{f: '[]string | listType={type_}'}}}}}}}}\ninfrastructure:\n  base: {{class: thing, f: [{}]}}\n  own: \
         {{inherits: base, f: [{}]}}\n  less: {{inherits: own, f-: [{}]}}\n",
        items(0),
        items(count / 2),
        items(count / 4)
    )
}

fn keyed(count: usize) -> String {
    let items = |from: usize| numbered(count, |at| format!("{{name: x{}, v: {at}}}, ", at + from));
    format!(
        "classes: {{infrastructure: {{thing: {{schema: {{f: {{$type: '[]object', $listType: map, $listMapKey: name}}}}}}}}}}\ninfrastructure:\n  base: {{class: \
         thing, f: [{}]}}\n  own: {{inherits: base, f: [{}]}}\n",
        items(0),
        items(count / 2)
    )
}

/// Ancestors that each say something for each environment of a line.
fn layers() -> Hostile {
    let environments =
        numbered(100, |at| if at == 0 { "e0: {}, ".into() } else { format!("e{at}: {{inherits: e{}, abstract: {}}}, ", at - 1, at < 99) });
    let overlays = numbered(100, |at| format!("e{at}: {{f: {{x: {at}}}}}, "));
    let definitions = numbered(100, |at| {
        let parent = if at == 0 { "class: thing".into() } else { format!("inherits: i{}", at - 1) };
        format!("  i{at}: {{{parent}, abstract: {}, environments: {{{overlays}}}}}\n", at < 99)
    });
    let text = format!(
        "platform: {{name: acme, domain: infra.example.com}}\nenvironments: {{{environments}}}\nclasses: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\n\
         infrastructure:\n{definitions}"
    );
    Hostile { name: "many layers", files: vec![("platform.yaml", text.into_bytes())], expected: &["inheritance-too-deep"] }
}

fn broken() -> Vec<Hostile> {
    vec![
        two("nothing", "a.yaml", "", &[]),
        two("a byte order mark", "a.yaml", "\u{feff}infrastructure: {}\n", &[]),
        two("a second byte order mark", "a.yaml", "infrastructure: {}\n\u{feff}services: {}\n", &["yaml-syntax"]),
        two("CRLF", "a.yaml", "infrastructure: {}\r\nservices: {}\r\n", &[]),
        two("CRLF in TOML", "a.toml", "[infrastructure]\r\n[services]\r\n", &[]),
        two("lone CR", "a.yaml", "infrastructure: {}\rservices: {}\r", &[]),
        two("lone CR in TOML", "a.toml", "[infrastructure]\r[services]\r", &["toml-syntax"]),
        two("NUL", "a.yaml", "infrastructure: {}\0\n", &["control-character"]),
        two("NUL in TOML", "a.toml", "[infrastructure]\0\n", &["control-character"]),
        two("an escaped NUL in a name", "a.yaml", "infrastructure: {\"a\\0\": {class: x}}\n", &["control-character", "invalid-name"]),
        two("invalid UTF-8", "a.yaml", vec![b'a', 0xff, 0xfe, b':'], &["unreadable-file"]),
        two("UTF-16", "a.yaml", vec![0xff, 0xfe, b'a', 0, b':', 0], &["unreadable-file"]),
        two("half a character", "a.yaml", vec![b'a', b':', 0xe2, 0x82], &["unreadable-file"]),
        two("a surrogate", "a.yaml", "infrastructure: {\"a\\ud800\": {}}\n", &["yaml-syntax"]),
        two("bytes that are no text", "a.yaml", (0..=255u8).collect::<Vec<u8>>(), &["unreadable-file"]),
        two("a list", "a.yaml", "- a\n", &["source-not-map"]),
        two("documents", "a.yaml", "---\nservices: {}\n".repeat(10_000), &["several-documents"]),
        two("a directive", "a.yaml", "%YAML 1.1\n---\n", &["yaml-syntax"]),
    ]
}

fn tricky_names() -> Vec<Hostile> {
    let names = [
        "../../x",
        "/etc/passwd",
        ".",
        "..",
        "a/b",
        "a\\b",
        "C:",
        "a b",
        "é",
        "A",
        "-a",
        "a-",
        "",
        "a.b",
        "%2e%2e",
        "~",
        "$HOME",
        "aux.",
        "${1}",
    ];
    let name = |name: &str| serde_json::Value::from(name).to_string();
    let of = |kind: &str, body: &str| {
        names.iter().map(|it| format!("  {}: {body}\n", name(it))).fold(format!("{kind}:\n"), |all, line| all + &line)
    };
    let long = "a".repeat(1_000);
    let files = |path: &str| format!("files: {{{}: {{a: 1}}}}", name(path));
    let mut all = vec![
        one("infrastructure", of("infrastructure", "{class: x}"), &["invalid-name"]),
        one("clusters", of("clusters", "{class: eks}"), &["invalid-name"]),
        one("services", of("services", "{}"), &["invalid-name"]),
        one("tenants", of("tenants", "{}"), &["invalid-name"]),
        Hostile {
            name: "environments",
            files: vec![(
                "platform.yaml",
                format!("platform: {{name: acme, domain: infra.example.com}}\n{}", of("environments", "{}")).into_bytes(),
            )],
            expected: &["invalid-name", "no-environment"],
        },
        one("a long name", format!("infrastructure: {{{long}: {{class: x}}}}"), &["invalid-name"]),
        one(
            "a name of a device",
            format!(
                "{CLUSTER}  service: {{svc: {{schema: {{f: object}}, files: {{con: a}}}}}}\nservices: {{con: {{class: svc}}, nul: {{class: svc}}}}\n"
            ),
            &["object-collision"],
        ),
        one(
            "stacks",
            "classes: {infrastructure: {thing: {terraform: {locals: {a: 1}}}}}\ninfrastructure:\n  a: {class: thing, stack: ../../x}\n",
            &["invalid-stack-name"],
        ),
        one(
            "stacks of dots",
            "classes: {infrastructure: {thing: {terraform: {locals: {a: 1}}}}}\ninfrastructure:\n  a: {class: thing, stack: ..}\n",
            &["invalid-stack-name"],
        ),
        one("a class of dots", "classes: {service: {../../x: {}}}\nservices: {a: {class: ../../x}}\n", &["invalid-name", "unknown-class"]),
    ];
    for path in ["../x", "/x", "a/../../x", "a//b", "./a", "a\\..\\x", "C:/x", "", "a/", ".", &"a".repeat(300), &"a/".repeat(400)] {
        all.push(class("a file", files(path), &["unsafe-path"]));
    }
    for output in ["../..", "/tmp", "a/../..", ".", "", "a\\b", "C:\\x"] {
        let text = format!("platform: {{name: acme, domain: infra.example.com, output: {}}}\nenvironments: {{apps: {{}}}}\n", name(output));
        all.push(Hostile { name: "output", files: vec![("platform.yaml", text.into_bytes())], expected: &["unsafe-path"] });
    }
    all
}

fn all() -> Vec<Hostile> {
    [nested(), exploding(), circular(), large(), broken(), tricky_names()].into_iter().flatten().collect()
}

/// The codes of everything said, or what went wrong.
fn codes(files: &[(&'static str, Vec<u8>)]) -> Result<BTreeSet<&'static str>, String> {
    let system = files.iter().fold(MemorySystem::default(), |system, (path, text)| system.with(*path, text.clone()));
    let (sender, receiver) = mpsc::channel();
    // A thread of its own, with the stack that a program begins with: what does not end is left behind.
    let run = move || {
        let mut compilation = platc::compile(&system, &Options::default());
        let artifacts = platc::emit(&mut compilation);
        assert!(artifacts.iter().all(|(path, _)| path.split('/').all(|part| !matches!(part, "" | "." | ".."))));
        let said = compilation.diagnostics.sorted(&compilation.sources);
        let codes = said.iter().map(|diagnostic| diagnostic.code).collect::<BTreeSet<Code>>();
        drop((compilation, artifacts, said));
        sender.send(codes.into_iter().map(Code::word).collect()).ok();
    };
    let worker = std::thread::Builder::new().stack_size(8 << 20).spawn(run).unwrap();
    match receiver.recv_timeout(PATIENCE) {
        Ok(codes) => {
            worker.join().map_err(|_| "panics")?;
            Ok(codes)
        }
        Err(mpsc::RecvTimeoutError::Timeout) => Err("does not end".into()),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err("panics".into()),
    }
}

fn check(projects: Vec<Hostile>) {
    let mut wrong = String::new();
    for Hostile { name, files, expected } in projects {
        let found = codes(&files);
        if found.as_ref().is_ok_and(|found| found.iter().eq(expected.iter())) {
            continue;
        }
        writeln!(wrong, "{name}: expected {expected:?}, found {found:?}").unwrap();
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn depth_is_bounded() {
    check(nested());
}

#[test]
fn expansion_is_bounded() {
    check(exploding());
}

#[test]
fn circles_are_found() {
    check(circular());
}

#[test]
fn size_is_no_harm() {
    check(large());
}

#[test]
fn broken_text_is_refused() {
    check(broken());
}

#[test]
fn names_stay_inside() {
    check(tricky_names());
}

/// The program with 2 GiB of memory: it says what is wrong, or nothing; no signal ends it.
#[test]
fn memory_is_bounded() {
    let program = env!("CARGO_BIN_EXE_platc");
    for Hostile { name, files, expected } in all().into_iter().filter(|project| {
        [
            "aliases",
            "values",
            "doubled texts",
            "a loop over much",
            "a value used much",
            "many costly expressions",
            "types",
            "values that grow deeper",
            "a long quoted text",
            "many keys",
            "many layers",
        ]
        .contains(&project.name)
    }) {
        let folder = crate::support::scratch();
        for (path, text) in &files {
            std::fs::write(folder.path().join(path), text).unwrap();
        }
        let output = Command::new("sh")
            .args(["-c", &format!("ulimit -v 2097152; exec {program} check")])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let expected = i32::from(!expected.is_empty());
        assert_eq!(output.status.code(), Some(expected), "{name}: {said}");
    }
}
