//! Bombs against commands other than `check` and `build`.

use super::*;

fn renamed(mut project: Hostile, name: &'static str, expected: &'static [&'static str]) -> Hostile {
    project.name = name;
    project.expected = expected;
    project
}

pub(super) fn bombs() -> Vec<Bomb> {
    let things = |count: usize| {
        format!(
            "classes: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n{}",
            numbered(count, |at| format!("  i{at}: {{class: thing, f: {{x: [{at}, y]}}}}\n"))
        )
    };
    let classes = format!(
        "classes:\n  service:\n{}",
        numbered(1_200, |at| format!("    c{at}: {{schema: {{a: string, b: '[]string', c: {{d: integer}}}}}}\n"))
    );
    let fleet = format!(
        "classes: {{cluster: {{k: {{}}}}, service: {{s: {{schema: {{f: object}}}}}}}}\nclusters:\n{}services:\n{}",
        numbered(1_000, |at| format!("  c{at}: {{class: k}}\n")),
        numbered(40, |at| format!("  s{at}: {{class: s, f: {{x: 1}}}}\n"))
    );
    let long = format!("f: {{x: [{}]}}", numbered(100_000, |at| format!("{at}, ")));
    let made = |name, arguments: &'static [&'static str], project: Hostile, expected| asked(renamed(project, name, expected), arguments);
    vec![
        made("schema of many classes", &["schema"], one("", classes, &[]), &[]),
        made(
            "schema of classes in a chain",
            &["schema"],
            one(
                "",
                format!(
                    "classes:\n  service:\n    c0: {{schema: {{{}}}}}\n{}",
                    numbered(300, |at| format!("k{at}: string, ")),
                    numbered(150, |at| format!("    c{}: {{inherits: c{at}}}\n", at + 1))
                ),
                &[],
            ),
            &[],
        ),
        made("list many things", &["list"], one("", things(15_000), &[]), &[]),
        made("list a fleet", &["list", "--paths"], one("", fleet.clone(), &[]), &[]),
        made("show much", &["show", "apps.infrastructure.own"], thing("", &long, &[]), &[]),
        made("explain one of many", &["explain", "apps.infrastructure.own.f.x"], thing("", &long, &[]), &[]),
        made("explain what is not there", &["explain", "apps.infrastructure.j0.f"], one("", things(15_000), &[]), &["unknown-path"]),
        made("format much", &["fmt", "--check"], one("", things(15_000), &[]), &[]),
        made("format long lists", &["fmt", "--check"], thing("", &long, &[]), &[]),
        made(
            "evaluate much",
            &["eval", "lists.range(300).map(a, lists.range(300)).map(b, lists.range(300).map(c, b))"],
            thing("", "f: {}", &[]),
            &["expansion-too-large"],
        ),
        made(
            "evaluate what is bound twice",
            &[
                "eval",
                "cel.bind(a, [1, 1], cel.bind(b, [a, a, a, a, a, a, a, a], cel.bind(c, [b, b, b, b, b, b, b, b], cel.bind(d, [c, c, c, c, c, c, c, c], cel.bind(e, [d, d, d, d, d, d, d, d], cel.bind(f, [e, e, e, e, e, e, e, e], cel.bind(g, [f, f, f, f, f, f, f, f], [g, g, g, g, g, g, g, g])))))))",
            ],
            thing("", "f: {}", &[]),
            &["expansion-too-large"],
        ),
        made(
            "set a costly value",
            &["check", "--set", "infrastructure.own.f.x=${lists.range(10000000)}"],
            thing("", "f: {}", &[]),
            &["expression-too-costly"],
        ),
        made(
            "set a deep value",
            &[
                "check",
                "--set",
                "infrastructure.own.f=[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
            ],
            thing("", "f: {}", &[]),
            &["too-deep"],
        ),
    ]
}
