//! Bombs against commands other than `check` and `build`.

use super::*;

fn renamed(mut project: Hostile, name: &'static str, expected: &'static [&'static str]) -> Hostile {
    project.name = name;
    project.expected = expected;
    project
}

/// An answer that would be too large has no code.
const REFUSED: &[&str] = &["no-answer"];

/// Files that `fmt` would write otherwise have none either.
const WOULD_CHANGE: &[&str] = &["would-change"];

pub(super) fn bombs() -> Vec<Bomb> {
    let things = |count: usize| {
        format!(
            "classes: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n{}",
            numbered(count, |at| format!("  i{at}: {{class: thing, f: {{x: [{at}, z]}}}}\n"))
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
        made(
            "show a text for each heir",
            &["show", "--format", "json"],
            Hostile { name: "", files: vec![("platform.yaml", heirs(3_000).into_bytes())], expected: &[] },
            REFUSED,
        ),
        made(
            "diff a text for each heir",
            &["diff", "apps", "ops", "--format", "json"],
            Hostile { name: "", files: vec![("platform.yaml", heirs(1_500).into_bytes())], expected: &[] },
            REFUSED,
        ),
        made("list many things", &["list"], one("", things(15_000), &[]), &[]),
        made("list a fleet", &["list", "--paths"], one("", fleet.clone(), &[]), &[]),
        made("show much", &["show", "apps.infrastructure.own"], thing("", &long, &[]), &[]),
        made("explain one of many", &["explain", "apps.infrastructure.own.f.x"], thing("", &long, &[]), &[]),
        made("explain what is not there", &["explain", "apps.infrastructure.j0.f"], one("", things(15_000), &[]), &["unknown-path"]),
        made("format much", &["fmt", "--check"], one("", things(15_000), &[]), WOULD_CHANGE),
        made("format long lists", &["fmt", "--check"], thing("", &long, &[]), WOULD_CHANGE),
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
                "infrastructure.own.f=[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
            ],
            thing("", "f: {}", &[]),
            &["too-deep"],
        ),
    ]
}

fn compiled(text: String) -> platc::Compilation {
    let compilation = platc::compile(&MemorySystem::default().with("platform.yaml", text), &Options::default());
    assert!(!compilation.diagnostics.has_errors());
    compilation
}

/// Many heirs of a long text, which differ from one environment to the other.
fn heirs(count: usize) -> String {
    let long = |letter: &str| letter.repeat(100_000);
    format!(
        "platform: {{name: acme, domain: infra.example.com}}\nenvironments: {{apps: {{}}, ops: {{}}}}\nclasses: {{infrastructure: {{thing: {{schema: {{f: string}}}}}}}}\ninfrastructure:\n  own: {{class: thing, f: {}, environments: {{ops: {{f: {}}}}}}}\n{}",
        long("x"),
        long("y"),
        numbered(count, |at| format!("  i{at}: {{inherits: own}}\n"))
    )
}

#[test]
fn answers_that_are_too_large_are_refused() {
    use platc::model::EnvironmentId;
    use platc::query::{diff, parity::Parity, show};
    let compilation = compiled(heirs(1_000));
    let side = |at| diff::Side {
        model: &compilation.model,
        definitions: &compilation.definitions,
        sources: &compilation.sources,
        environment: EnvironmentId(at),
    };
    for (path, what) in [("", "everything"), ("ops", "`ops`"), ("ops.infrastructure", "`ops.infrastructure`")] {
        let lost = show::show(&compilation.model, path).unwrap_err();
        assert_eq!(lost.message, format!("{what} would take more than 64 MiB"));
        assert!(lost.hint.is_some());
    }
    assert!(show::show(&compilation.model, "ops.infrastructure.i7").is_ok());
    let lost = diff::diff(side(0), side(1), &Parity::default()).unwrap_err();
    assert_eq!(lost.message, "how `apps` and `ops` differ would take more than 64 MiB");
    assert!(diff::diff(side(0), side(0), &Parity::default()).unwrap().is_empty());
}

#[test]
fn explanations_that_are_too_large_are_refused() {
    let doubled = numbered(11, |at| format!("    x{}: &x{} [*x{at}, *x{at}]\n", at + 1, at + 1));
    let text = format!(
        "{PLATFORM}classes: {{infrastructure: {{thing: {{schema: {{f: object}}}}}}}}\ninfrastructure:\n  own:\n    class: thing\n    f:\n{}",
        indented(&format!("    x0: &x0 {}\n{doubled}", "y".repeat(60_000)), 4)
    );
    let compilation = platc::compile(&MemorySystem::default().with("platform.yaml", text), &Options::default());
    let explain = |path| platc::query::explain::explain(&compilation.model, path);
    assert_eq!(
        explain("apps.infrastructure.own").unwrap_err().message,
        "what `apps.infrastructure.own` holds and overrides would take more than 64 MiB"
    );
    assert!(explain("apps.infrastructure.own.f.x0").is_ok());
}

#[test]
fn schemas_do_not_multiply_classes() {
    let schema = |count: usize| {
        let classes = numbered(count, |at| format!("    c{at}: {{}}\n"));
        platc::query::schema::schema(&compiled(format!("{PLATFORM}classes:\n  service:\n{classes}")).definitions)
            .map(|document| serde_json::to_string(&document).unwrap().len())
    };
    let (few, many) = (schema(20).unwrap(), schema(200).unwrap());
    // What stands there for each class does not grow with the number of classes.
    let each = many.saturating_sub(few) / 180;
    assert!(schema(400).unwrap() < many + 220 * each, "{few} {many}");
    let classes = numbered(2_000, |at| format!("    c{at}: {{schema: {{f: {{$type: string, $description: *d}}}}}}\n"));
    let text = format!(
        "{PLATFORM}classes:\n  service:\n    c: {{schema: {{f: {{$type: string, $description: &d {}}}}}}}\n{classes}",
        "x".repeat(100_000)
    );
    let lost = platc::query::schema::schema(&compiled(text).definitions).unwrap_err();
    assert_eq!(lost.message, "the schema of all classes would take more than 64 MiB");
}
