//! Projects with circles, and large ones.

use super::*;

pub(super) fn circular() -> Vec<Hostile> {
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
            &["evaluation-too-deep"],
        ),
        one(
            "two entities",
            "classes: {infrastructure: {thing: {schema: {f: object}}}}\ninfrastructure:\n  a: {class: thing, f: {x: '${infrastructure.b.f.x}'}}\n  b: {class: thing, f: {x: '${infrastructure.a.f.x}'}}\n",
            &["expression-cycle"],
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

pub(super) fn large() -> Vec<Hostile> {
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
        one(
            "a large object for many things",
            format!(
                "{CLUSTER}  service:\n    svc:\n      manifests: {{a: {{apiVersion: example.com/v1, kind: Thing, metadata: {{name: '${{self.name}}'}}, l: \
                 [{}]}}}}\nservices:\n{}",
                "x, ".repeat(100_000),
                numbered(1_100, |at| format!("  s{at}: {{class: svc}}\n"))
            ),
            &["expansion-too-large"],
        ),
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
