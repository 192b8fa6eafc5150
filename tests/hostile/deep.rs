//! Projects that are deep, or that grow when they are expanded.

use super::*;

pub(super) fn nested() -> Vec<Hostile> {
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

pub(super) fn exploding() -> Vec<Hostile> {
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
            &["expression-too-costly"],
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
